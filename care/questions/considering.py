"""What would be said to a question: screened, searched, decided. Writes nothing and needs no database."""

from dataclasses import dataclass

from care.editions.bundles import Held, OpenEdition
from care.questions.deciding import Decision, decide
from care.questions.doses import asks_for_dose
from care.questions.models import Outcome
from care.safety.models import Level, Screened
from knowledge.content import Lang

AGE_DECIDES = frozenset({"fever_care"})
"""Topics on which the right advice for one age is the wrong one for another."""


@dataclass(frozen=True, slots=True)
class Found:
    held: Held
    score: float

    @property
    def slug(self) -> str:
        return self.held.content.slug

    @property
    def topic(self) -> str:
        """The main one."""
        return self.held.content.topics[0]


@dataclass(frozen=True, slots=True)
class Considered:
    """`found` is best first, up to ten, also when the outcome is no answer; `choices` are the slugs to choose between."""

    screened: Screened
    outcome: Outcome
    confidence: float
    found: tuple[Found, ...]
    choices: tuple[str, ...]
    edition: int

    @property
    def best(self) -> Found:
        return self.found[0]

    @property
    def answer(self) -> str:
        """The slug of the passage that is the answer; empty where there is none."""
        return self.best.slug if self.outcome is Outcome.ANSWER else ""


def consider(screened: Screened, edition: OpenEdition, *, lang: Lang, age_months: int | None = None) -> Considered:
    """`age_months` is the age on record; one told in the words beats it. Danger decides before the search does."""
    result = edition.searcher.search(screened.text, lang=lang, age_months=age_months, top=10)
    decision = decide(result)
    found = tuple(Found(edition.passages[hit.key], hit.score) for hit in result.hits if hit.key in edition.passages)
    if result.age_months is not None:
        found = _of_this_age(found, edition, age=result.age_months)
    choices = tuple(key for key in decision.keys if key in edition.passages)
    outcome = _outcome(screened, decision)
    if result.age_months is not None:
        choices = _choices_of_this_age(choices, found, edition, age=result.age_months)
    asks_age = outcome is Outcome.ANSWER or (outcome is Outcome.CHOOSE and _turns_on_age(choices, edition))
    by_age = _same_at_other_ages(found, edition) if asks_age and result.age_months is None else ()
    if by_age:
        known = {one.held.content.slug for one in found}
        others = tuple(Found(edition.passages[slug], 0.0) for slug in by_age if slug not in known)
        found = (*found[: 10 - len(others)], *others)
        return Considered(screened, Outcome.CHOOSE, decision.confidence, found, by_age, edition.number)
    return Considered(screened, outcome, decision.confidence, found, choices, edition.number)


def _of_this_age(found: tuple[Found, ...], edition: OpenEdition, *, age: float) -> tuple[Found, ...]:
    """Where the advice turns on the age, a passage for another age never stands first, however near its words are."""
    if not found or found[0].topic not in AGE_DECIDES or _fits(found[0].held, age):
        return found
    topic = found[0].topic
    narrowest = sorted(edition.passages.values(), key=lambda held: held.content.age_months[1] - held.content.age_months[0])
    others = (Found(held, found[0].score) for held in narrowest if held.content.topics[0] == topic)
    fitting = next((one for one in (*found, *others) if one.topic == topic and _fits(one.held, age)), None)
    if fitting is None:
        return found
    return (fitting, *(one for one in found if one.slug != fitting.slug))[:10]


def _fits(held: Held, age: float) -> bool:
    low, high = held.content.age_months
    return low <= age <= high


def _same_at_other_ages(found: tuple[Found, ...], edition: OpenEdition) -> tuple[str, ...]:
    """Where the advice turns on the age and the age is not known, the slugs of every age, youngest first: she chooses."""
    topic = found[0].held.content.topics[0]
    if topic not in AGE_DECIDES:
        return ()
    near = {one.slug: rank for rank, one in enumerate(found)}
    held = [one.content for one in edition.passages.values() if one.content.topics[0] == topic]
    held.sort(key=lambda content: (content.age_months, near.get(content.slug, len(near)), content.slug))
    bands, reached = list[str](), -1
    for content in held:  # of all that begin at an age the shortest: it was written for that age
        low, high = content.age_months
        if low >= reached and (not bands or low > 0):
            bands.append(content.slug)
            reached = high
    return tuple(bands[:4]) if len(bands) > 1 else ()


def _turns_on_age(choices: tuple[str, ...], edition: OpenEdition) -> bool:
    """All that would be offered is of one such topic."""
    return bool(choices) and all(edition.passages[slug].content.topics[0] in AGE_DECIDES for slug in choices[:2])


def _choices_of_this_age(
    choices: tuple[str, ...], found: tuple[Found, ...], edition: OpenEdition, *, age: float
) -> tuple[str, ...]:
    """Where the advice turns on the age, no title for another age is offered as long as two others are left."""
    if not found or found[0].topic not in AGE_DECIDES:
        return choices
    near = (*choices, *(one.slug for one in found))
    fitting = tuple(dict.fromkeys(slug for slug in near if _fits(edition.passages[slug], age)))
    return fitting[: max(2, len(choices))] if len(fitting) > 1 else choices


def _outcome(screened: Screened, decision: Decision) -> Outcome:
    if screened.level is Level.EMERGENCY:
        return Outcome.EMERGENCY
    if screened.level is Level.URGENT:
        return Outcome.RELAY
    if asks_for_dose(screened.text):
        return Outcome.RELAY
    return Outcome(decision.kind.value)
