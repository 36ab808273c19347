"""How surely the first hit of a search is right, from the two best scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Logistic regression on the tuning half of tests/golden/questions (real questions and near misses) over the starter
    passages: right is a first hit that carries a topic of the question. Fitted for the offline encoder; with another one
    the order of questions holds, the figure itself is a guess.
    """

    score: float = 6.6
    lead: float = 2.5
    offset: float = -4.8


def confidence(scores: Sequence[float], *, calibration: Calibration = Calibration()) -> float:
    """0..1 from scores, best first. A high score counts, and a clear lead over the second key counts more."""
    if not scores:
        return 0.0
    lead = scores[0] - scores[1] if len(scores) > 1 else scores[0]
    return logistic(calibration.score * scores[0] + calibration.lead * lead + calibration.offset)


def logistic(x: float) -> float:
    """0..1, and 0.5 at 0."""
    return 1.0 / (1.0 + exp(-x))
