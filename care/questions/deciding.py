"""What to do with a question, given what the search found: answer, offer a choice, hand it to a person, or decline kindly.

Pure rules. Danger is screened before and elsewhere.
"""

from dataclasses import dataclass
from enum import StrEnum

from index.search import Result


class DecisionKind(StrEnum):
    ANSWER = "answer"
    CHOOSE = "choose"
    RELAY = "relay"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    answer: float = 0.5
    choose: float = 0.3
    subject: float = 0.5


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`keys` best first: the one to show for an answer, two to four titles for a choice, else the nearest for an instructor."""

    kind: DecisionKind
    confidence: float
    keys: tuple[str, ...]


def decide(result: Result, *, thresholds: Thresholds = THRESHOLDS) -> Decision:
    """Confidence is 0..1: that the first key answers the question."""
    keys = tuple(hit.key for hit in result.hits)
    if result.subject < thresholds.subject:
        return Decision(kind=DecisionKind.DECLINE, confidence=result.confidence, keys=keys)
    if result.confidence >= thresholds.answer:
        return Decision(kind=DecisionKind.ANSWER, confidence=result.confidence, keys=keys)
    if result.confidence >= thresholds.choose and len(keys) > 1:
        return Decision(kind=DecisionKind.CHOOSE, confidence=result.confidence, keys=keys[:4])
    return Decision(kind=DecisionKind.RELAY, confidence=result.confidence, keys=keys)
