"""What would be said to a question: screened, searched, decided. Writes nothing and needs no database."""

from dataclasses import dataclass

from care.editions.bundles import Held, OpenEdition
from care.questions.deciding import Decision, decide
from care.questions.doses import asks_for_dose
from care.questions.models import Outcome
from care.safety.models import Level, Screened
from knowledge.content import Lang


@dataclass(frozen=True, slots=True)
class Found:
    held: Held
    score: float


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


def consider(screened: Screened, edition: OpenEdition, *, lang: Lang, age_months: int | None = None) -> Considered:
    """`age_months` is the age on record; one told in the words beats it. Danger decides before the search does."""
    result = edition.searcher.search(screened.text, lang=lang, age_months=age_months, top=10)
    decision = decide(result)
    found = tuple(Found(edition.passages[hit.key], hit.score) for hit in result.hits if hit.key in edition.passages)
    choices = tuple(key for key in decision.keys if key in edition.passages)
    return Considered(screened, _outcome(screened, decision), decision.confidence, found, choices, edition.number)


def _outcome(screened: Screened, decision: Decision) -> Outcome:
    if screened.level is Level.EMERGENCY:
        return Outcome.EMERGENCY
    if screened.level is Level.URGENT:
        return Outcome.RELAY
    if asks_for_dose(screened.text):
        return Outcome.RELAY
    return Outcome(decision.kind.value)
