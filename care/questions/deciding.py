"""What to do with a question, given what the search found: answer, offer a choice, hand it to a person, or decline kindly.

Pure rules. Danger is screened before and elsewhere; wording and cases are elsewhere too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.search import Hit, Result

_CHOICES = 4  # titles that fit a phone screen as buttons


class DecisionKind(StrEnum):
    ANSWER = "answer"  # sure
    CHOOSE = "choose"  # ours, and one of a few titles is likely meant
    RELAY = "relay"  # ours, but no checked answer
    DECLINE = "decline"  # not about raising a child


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Calibrated on the tuning half of tests/golden/questions over the starter passages; `scripts/bench/retrieval` prints the
    figures of the other half. Few of our own questions fall below `subject`: one declined in error ends there, while one kept
    in error only reaches a person.
    """

    subject: float = 0.4
    subject_when_sure: float = 0.2  # a clear match may lack every word of childhood ("where do I send the photos")
    answer: float = 0.8
    choose: float = 0.35
    close: float = 0.7  # a title is offered when its score is at least this share of the best one


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`keys` best first: the titles to offer for a choice; all that was found for an answer (the first is the answer), a relay
    or a decline. `confidence` is 0..1 that the first key answers the question.
    """

    kind: DecisionKind
    confidence: float
    keys: tuple[str, ...]


def decide(result: Result, *, thresholds: Thresholds = THRESHOLDS) -> Decision:
    """One of four, from what the search found; the same result always gives the same decision."""
    kind = _kind(result, thresholds)
    hits = _close(result.hits, thresholds) if kind is DecisionKind.CHOOSE else result.hits
    return Decision(kind=kind, confidence=result.confidence, keys=tuple(hit.key for hit in hits))


def _kind(result: Result, thresholds: Thresholds) -> DecisionKind:
    sure = bool(result.hits) and result.confidence >= thresholds.answer
    if result.subject < (thresholds.subject_when_sure if sure else thresholds.subject):
        return DecisionKind.DECLINE
    if sure:
        return DecisionKind.ANSWER
    if len(result.hits) > 1 and result.confidence >= thresholds.choose:
        return DecisionKind.CHOOSE
    return DecisionKind.RELAY


def _close(hits: Sequence[Hit], thresholds: Thresholds) -> Sequence[Hit]:
    """Two to four hits: the second always, because a choice needs one, the others when they come close to the first."""
    floor = thresholds.close * hits[0].score
    return [hit for place, hit in enumerate(hits[:_CHOICES]) if place < 2 or hit.score >= floor]
