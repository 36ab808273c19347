import pytest

from care.questions.deciding import DecisionKind, decide
from index.entries import EntryKind
from index.search import Hit, Result


def _result(*scores: float, confidence: float = 0.9, subject: float = 0.9) -> Result:
    hits = tuple(
        Hit(
            key=f"k{place}", score=score, dense=0.8, lexical=0.4, age_fit=1.0, matched=EntryKind.QUESTION, title="t", lang="zh",
            topics=(),
        )
        for place, score in enumerate(scores)
    )  # fmt: skip
    return Result(hits=hits, confidence=confidence, subject=subject, age_months=None)


@pytest.mark.parametrize(
    ("confidence", "subject", "kind"),
    [
        (0.9, 0.9, DecisionKind.ANSWER),
        (0.9, 0.3, DecisionKind.ANSWER),
        (0.9, 0.1, DecisionKind.DECLINE),
        (0.6, 0.3, DecisionKind.DECLINE),
        (0.6, 0.9, DecisionKind.CHOOSE),
        (0.2, 0.9, DecisionKind.RELAY),
        (0.2, 0.1, DecisionKind.DECLINE),
    ],
)
def test_the_four_decisions(confidence: float, subject: float, kind: DecisionKind) -> None:
    decision = decide(_result(1.0, 0.9, confidence=confidence, subject=subject))
    assert decision.kind is kind
    assert decision.confidence == confidence


@pytest.mark.parametrize(
    ("scores", "offered"),
    [((1.0, 0.9, 0.8, 0.75, 0.74), 4), ((1.0, 0.9, 0.5, 0.4), 2), ((1.0, 0.3), 2), ((1.0, 0.9, 0.8), 3)],
)
def test_a_choice_is_two_to_four_close_titles(scores: tuple[float, ...], offered: int) -> None:
    decision = decide(_result(*scores, confidence=0.5))
    assert decision.kind is DecisionKind.CHOOSE
    assert decision.keys == tuple(f"k{place}" for place in range(offered))


def test_one_hit_is_no_choice_and_no_hit_is_no_answer() -> None:
    assert decide(_result(1.0, confidence=0.5)).kind is DecisionKind.RELAY
    assert decide(_result(confidence=0.9)).kind is DecisionKind.RELAY
    assert decide(_result(confidence=0.0, subject=0.0)).kind is DecisionKind.DECLINE


def test_keys_of_an_answer_stay_in_order() -> None:
    assert decide(_result(1.0, 0.9, 0.1)).keys == ("k0", "k1", "k2")
