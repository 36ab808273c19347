"""The second net under the rules: a linear classifier over the default encoder's vector and the marks of a piece.

It only says how likely danger is; what that may change is decided in `screening`. Trained by `scripts/train_danger`; its card
`second_net.json` names the checksums of weights, rows and encoder, and why the thresholds are what they are.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from care.safety.errors import BrokenRules
from care.safety.models import Category, Level
from care.safety.pieces import LONGEST, marks, pieces, weight
from index.encoders import Encoder, open_encoder

Floats = npt.NDArray[np.float32]

MOST_EMBEDDED = 3
LONGEST_EMBEDDED = 2 * LONGEST
"""Pieces, and their weight together, that get a vector: those whose marks look worst. A vector is dear, marks are cheap."""
DANGER, EMERGENCY = 0, 1
"""Places of the two heads that decide the level; after them one for each of `CATEGORIES`."""
CATEGORIES = (
    Category.MEDICAL, Category.CHOKING, Category.POISON, Category.FIRE, Category.SELF_HARM, Category.VIOLENCE, Category.ABUSE,
    Category.MISSING, Category.GUARDIANSHIP,
)  # fmt: skip
ALWAYS_NOW = frozenset({Category.FIRE, Category.MISSING})
"""Dangers that are never a matter for later in the day."""
_CERTAIN_OF_CLASS = 0.5
_SURE = 2.2
"""Log-odds of nine in ten: from here the net also overrules a rule that asks for a person today."""


@dataclass(frozen=True, slots=True)
class Opinion:
    level: Level
    category: Category
    certain_of_class: bool
    """Whether the class is likely enough that its own first line may be said."""
    sure: bool
    """An emergency beyond doubt, also where a rule found less."""


CALM = Opinion(Level.NORMAL, Category.NONE, certain_of_class=False, sure=False)


@dataclass(frozen=True, slots=True)
class Bars:
    """Log-odds from which a piece counts."""

    danger: float
    emergency: float


@dataclass(frozen=True, slots=True, eq=False)
class SecondNet:
    vector_weights: Floats
    """Of shape (dimensions, heads)."""
    mark_weights: Floats
    """Of shape (BUCKETS, heads)."""
    intercepts: Floats
    bars: Bars
    encoder: Encoder

    def opinion(self, plain_text: str, *, age_months: float | None = None) -> Opinion:
        """What the worst piece of the message says."""
        parts = pieces(plain_text)
        if not parts:
            return CALM
        scores = self.scores(parts, age_months=age_months)
        danger = scores[:, DANGER] >= self.bars.danger
        if not danger.any():
            return CALM
        emergency = danger & (scores[:, EMERGENCY] >= self.bars.emergency)
        level = Level.EMERGENCY if emergency.any() else Level.URGENT
        worst = int(np.argmax(np.where(emergency if emergency.any() else danger, scores[:, DANGER], -np.inf)))
        return _opinion(level, scores[worst])

    def scores(self, parts: tuple[str, ...], *, age_months: float | None = None) -> Floats:
        """Log-odds of shape (pieces, heads), of the pieces whose marks look worst where there are many."""
        lexical = np.stack([self._by_marks(part, age_months) for part in parts])
        worst = _affordable(parts, np.argsort(-lexical[:, DANGER], kind="stable"))
        lexical, parts = lexical[worst], tuple(parts[place] for place in worst)
        scores: Floats = lexical + self.encoder.encode(parts) @ self.vector_weights + self.intercepts
        return scores

    def _by_marks(self, part: str, age_months: float | None) -> Floats:
        places = marks(part, age_months=age_months)
        if not places:
            return np.zeros_like(self.intercepts)
        score: Floats = self.mark_weights[places].sum(axis=0) / np.float32(np.sqrt(len(places)))
        return score


@cache
def second_net() -> SecondNet:
    """The net of this release. Raises BrokenRules when weights, card or encoder do not belong together."""
    folder = files("care.safety")
    card = json.loads(folder.joinpath("second_net.json").read_text(encoding="utf-8"))
    packed = folder.joinpath("second_net.npz").read_bytes()
    if hashlib.sha256(packed).hexdigest() != card["weights_sha256"]:
        raise BrokenRules("care/safety/second_net.npz has not the checksum of second_net.json: run scripts/train_danger")
    encoder = open_encoder("")
    if encoder.fingerprint != card["encoder"]:
        raise BrokenRules("the second net was trained for another encoder: run scripts/train_danger")
    with np.load(BytesIO(packed), allow_pickle=False) as weights:
        return SecondNet(
            vector_weights=weights["vector"].astype(np.float32),
            mark_weights=weights["marks"].astype(np.float32),
            intercepts=weights["intercepts"].astype(np.float32),
            bars=Bars(danger=card["bars"]["danger"], emergency=card["bars"]["emergency"]),
            encoder=encoder,
        )


def _affordable(parts: tuple[str, ...], worst_first: npt.NDArray[np.int64]) -> list[int]:
    """The worst parts that may have a vector, in their order; always one."""
    kept: list[int] = []
    room = LONGEST_EMBEDDED
    for place in worst_first[:MOST_EMBEDDED]:
        room -= weight(parts[place])
        if kept and room < 0:
            break
        kept.append(int(place))
    return sorted(kept)


def _opinion(level: Level, scores: Floats) -> Opinion:
    classes = scores[EMERGENCY + 1 :]
    likely = np.exp(classes - classes.max())
    likely /= likely.sum()
    best = int(np.argmax(likely))
    certain = bool(likely[best] >= _CERTAIN_OF_CLASS)
    now = Level.EMERGENCY if certain and CATEGORIES[best] in ALWAYS_NOW else level
    return Opinion(now, CATEGORIES[best], certain, sure=bool(scores[EMERGENCY] >= _SURE))
