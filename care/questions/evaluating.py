"""The whole decision, measured on gold questions: what an edition would say to each, and how often that is right.

Reads and counts; nothing is kept. What a report looks like is told by `app.cli`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from care.editions.bundles import OpenEdition
from care.questions.considering import Considered, Found, consider
from care.questions.gold import GoldQuestion, Sort
from care.questions.models import Outcome
from care.safety.models import Level
from care.safety.screening import screen
from index import intervals
from index.estimates import Bin, Estimate


@dataclass(frozen=True, slots=True)
class Asked:
    """One gold question and what would be said to it."""

    question: GoldQuestion
    considered: Considered

    @property
    def answered(self) -> bool:
        return self.considered.outcome is Outcome.ANSWER

    @property
    def alarmed(self) -> bool:
        return self.considered.screened.level is not Level.NORMAL

    @property
    def chooses(self) -> bool:
        return self.considered.outcome is Outcome.CHOOSE

    @property
    def choice_holds(self) -> bool:
        """One of the titles offered is right."""
        return any(self._fits(one) for one in self.considered.found if one.held.content.slug in self.considered.choices)

    @property
    def misled(self) -> bool:
        """Answered, with a passage that does not answer it."""
        return self.answered and not self.right()

    def right(self, first: int = 1) -> bool:
        """Among the first so many passages is one that carries a topic of the question."""
        return any(self._fits(one) for one in self.considered.found[:first])

    @property
    def right_main(self) -> bool:
        """The first passage has a topic of the question as its own main one."""
        return any(one.held.content.topics[0] in self.question.topics for one in self.considered.found[:1])

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
    said = screen(question.text, age_months=question.age_months)
    return Asked(question, consider(said, edition, lang=question.lang, age_months=question.age_months))


def figures(asked: Sequence[Asked]) -> Figures:
    ours, near, off = (of_sort(asked, sort) for sort in Sort)
    return Figures(
        right_among_answered=share([one for one in ours if one.answered], Asked.right),
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
        helped=share(ours, lambda one: (one.answered and one.right()) or (one.chooses and one.choice_holds)),
        relayed=share(ours, lambda one: one.considered.outcome is Outcome.RELAY and not one.alarmed),
        declined=share(ours, lambda one: one.considered.outcome is Outcome.DECLINE),
        alarmed=share(ours, lambda one: one.alarmed),
        off_declined=share(off, lambda one: one.considered.outcome is Outcome.DECLINE),
        auroc=intervals.auroc([one.considered.confidence for one in asked], [one.question.sort is Sort.OURS for one in asked]),
    )


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
            right_among_answered=share([one for one in part if one.answered], Asked.right),
        )


def worst(asked: Sequence[Asked]) -> list[Asked]:
    """Answered wrongly or not to be answered, surest first: what would have misled a parent."""
    return sorted((one for one in asked if one.misled), key=lambda one: -one.considered.confidence)


def lost(asked: Sequence[Asked]) -> list[Asked]:
    """Questions of parents whose right passage is not among the first five."""
    return [one for one in of_sort(asked, Sort.OURS) if not one.right(5)]


def _confidences(asked: Sequence[Asked]) -> tuple[list[float], list[bool]]:
    told = [one for one in asked if one.question.sort is not Sort.OFF]
    return [one.considered.confidence for one in told], [one.right() for one in told]
