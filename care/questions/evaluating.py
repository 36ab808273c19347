"""The whole decision, measured on gold questions: what an edition would say to each, and how often that is right.

Reads and counts; nothing is kept. What a report looks like is told by `app.cli`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from care.editions.bundles import OpenEdition
from care.questions.considering import Considered, Found
from care.questions.gold import GoldQuestion, Sort
from care.questions.models import Outcome
from care.questions.understanding import Before, screen_message, understand
from care.safety.models import Level
from index import intervals
from index.estimates import Bin, Estimate


@dataclass(frozen=True, slots=True)
class Asked:
    """One gold question and what would be said to it: to each question of a message that asks several."""

    question: GoldQuestion
    parts: tuple[Considered, ...]

    @property
    def surest(self) -> Considered:
        """The part that what is told of confidence is about."""
        return max(self.parts, key=lambda one: one.confidence)

    @property
    def answered(self) -> bool:
        return any(one.outcome is Outcome.ANSWER for one in self.parts)

    @property
    def alarmed(self) -> bool:
        return any(one.screened.level is not Level.NORMAL for one in self.parts)

    @property
    def chooses(self) -> bool:
        return not self.answered and any(one.outcome is Outcome.CHOOSE for one in self.parts)

    @property
    def choice_holds(self) -> bool:
        """One of the titles offered is right."""
        return any(self._fits(found) for one in self.parts for found in one.found if found.slug in one.choices)

    @property
    def misled(self) -> bool:
        """Answered, in any part, with a passage that does not answer it."""
        return any(one.outcome is Outcome.ANSWER and not self._fits(one.best) for one in self.parts)

    def right(self, first: int = 1) -> bool:
        """Among the first so many passages, of any part, is one that carries a topic of the question."""
        return any(self._fits(found) for one in self.parts for found in one.found[:first])

    @property
    def right_first(self) -> Found | None:
        return next((one.best for one in self.parts if one.found and self._fits(one.best)), None)

    @property
    def right_main(self) -> bool:
        """A first passage has a topic of the question as its own main one."""
        return any(found.topic in self.question.topics for one in self.parts for found in one.found[:1])

    def sure_and_right(self) -> bool:
        return bool(self.surest.found) and self._fits(self.surest.best)

    def _fits(self, found: Found) -> bool:
        return not set(self.question.topics).isdisjoint(found.held.content.topics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares with their intervals. Without another word: of the questions of parents that the edition can answer."""

    right_among_answered: Estimate
    in_three: Estimate
    in_five: Estimate
    answered: Estimate
    off_answered: Estimate
    """Of the questions off the subject."""
    near_answered: Estimate
    """Of the near misses."""
    calibration_error: Estimate
    """Of the confidence that the first passage is right, over parents' questions and near misses."""
    right_first: Estimate
    main_topic_first: Estimate
    misled: Estimate
    """Answered, and wrongly."""
    chosen: Estimate
    choice_holds: Estimate
    """Of the choices offered."""
    helped: Estimate
    """Answered rightly, or offered a choice that holds it."""
    relayed: Estimate
    declined: Estimate
    alarmed: Estimate
    """Taken for danger."""
    off_declined: Estimate
    auroc: Estimate | None
    """How well confidence parts what can be answered from what cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The figures of one language, age, topic or style."""

    name: str
    right_first: Estimate
    in_three: Estimate
    answered: Estimate
    right_among_answered: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One look at an edition. `asked` are the questions of parents that it can answer, then near misses, then the rest."""

    edition: int
    passages: int
    model: str
    asked: tuple[Asked, ...]
    not_held: int
    """Questions of parents on topics that no passage of the edition carries; they are in no figure."""
    figures: Figures
    bins: tuple[Bin, ...]


Progress = Callable[[int, int], None]


def measure(edition: OpenEdition, questions: Sequence[GoldQuestion], *, progress: Progress | None = None) -> Measured:
    held = held_topics(edition)
    kept = [one for one in questions if one.sort is not Sort.OURS or not held.isdisjoint(one.topics)]
    asked = []
    for done, one in enumerate(sorted(kept, key=lambda one: list(Sort).index(one.sort)), start=1):
        asked.append(ask(edition, one))
        if progress:
            progress(done, len(kept))
    return Measured(
        edition=edition.number,
        passages=len(edition.passages),
        model=edition.searcher.manifest.model,
        asked=tuple(asked),
        not_held=len(questions) - len(kept),
        figures=figures(asked),
        bins=intervals.bins(*_confidences(asked)),
    )


def held_topics(edition: OpenEdition) -> frozenset[str]:
    return frozenset(topic for held in edition.passages.values() for topic in held.content.topics)


def ask(edition: OpenEdition, question: GoldQuestion) -> Asked:
    before = _before(edition, question)
    said = screen_message(question.text, age_months=question.age_months, before=before)
    understood = understand(said, edition, lang=question.lang, age_months=question.age_months, before=before)
    return Asked(question, understood.questions)


def _before(edition: OpenEdition, question: GoldQuestion) -> Before | None:
    """The message before, as it was answered."""
    if not question.previous:
        return None
    said = screen_message(question.previous, age_months=question.age_months)
    first = understand(said, edition, lang=question.lang, age_months=question.age_months).first
    shown = first.best.slug if first.outcome in (Outcome.ANSWER, Outcome.CHOOSE) and first.found else ""
    return Before(question.previous, shown)


def figures(asked: Sequence[Asked]) -> Figures:
    ours, near, off = (of_sort(asked, sort) for sort in Sort)
    return Figures(
        right_among_answered=share([one for one in ours if one.answered], lambda one: not one.misled),
        in_three=share(ours, lambda one: one.right(3)),
        in_five=share(ours, lambda one: one.right(5)),
        answered=share(ours, lambda one: one.answered),
        off_answered=share(off, lambda one: one.answered),
        near_answered=share(near, lambda one: one.answered),
        calibration_error=intervals.calibration_error(*_confidences(asked)),
        right_first=share(ours, Asked.right),
        main_topic_first=share(ours, lambda one: one.right_main),
        misled=share(ours, lambda one: one.misled),
        chosen=share(ours, lambda one: one.chooses),
        choice_holds=share([one for one in ours if one.chooses], lambda one: one.choice_holds),
        helped=share(ours, lambda one: (one.answered and not one.misled) or (one.chooses and one.choice_holds)),
        relayed=share(ours, lambda one: not one.alarmed and _all(one, Outcome.RELAY)),
        declined=share(ours, lambda one: _all(one, Outcome.DECLINE)),
        alarmed=share(ours, lambda one: one.alarmed),
        off_declined=share(off, lambda one: _all(one, Outcome.DECLINE)),
        auroc=intervals.auroc([one.surest.confidence for one in asked], [one.question.sort is Sort.OURS for one in asked]),
    )


def _all(asked: Asked, outcome: Outcome) -> bool:
    return all(one.outcome is outcome for one in asked.parts)


def of_sort(asked: Sequence[Asked], sort: Sort) -> list[Asked]:
    return [one for one in asked if one.question.sort is sort]


def share(asked: Sequence[Asked], holds: Callable[[Asked], bool]) -> Estimate:
    return intervals.mean([holds(one) for one in asked])


def parted(asked: Sequence[Asked], by: Callable[[GoldQuestion], str]) -> Iterator[Part]:
    """The questions of parents, parted; parts in the order of their names."""
    ours = of_sort(asked, Sort.OURS)
    for name in sorted({by(one.question) for one in ours}):
        part = [one for one in ours if by(one.question) == name]
        yield Part(
            name=name,
            right_first=share(part, Asked.right),
            in_three=share(part, lambda one: one.right(3)),
            answered=share(part, lambda one: one.answered),
            right_among_answered=share([one for one in part if one.answered], lambda one: not one.misled),
        )


def worst(asked: Sequence[Asked]) -> list[Asked]:
    """Answered wrongly or not to be answered, surest first: what would have misled a parent."""
    return sorted((one for one in asked if one.misled), key=lambda one: -one.surest.confidence)


def lost(asked: Sequence[Asked]) -> list[Asked]:
    """Questions of parents whose right passage is not among the first five."""
    return [one for one in of_sort(asked, Sort.OURS) if not one.right(5)]


def _confidences(asked: Sequence[Asked]) -> tuple[list[float], list[bool]]:
    told = [one for one in asked if one.question.sort is not Sort.OFF]
    return [one.surest.confidence for one in told], [one.sure_and_right() for one in told]
