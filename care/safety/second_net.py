"""The second net under the rules: a small network over the default encoder's vector and the marks of a piece.

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
from scipy.special import logit, softmax  # type: ignore[import-untyped]

from care.safety.errors import BrokenRules
from care.safety.models import Category, Level
from care.safety.pieces import LONGEST, SHORTEST, marks, pieces, weight
from index.encoders import Encoder, open_encoder

Floats = npt.NDArray[np.float32]

MOST_EMBEDDED = 3
LONGEST_EMBEDDED = 2 * LONGEST
"""Pieces, and their weight together, that get a vector: those whose marks look worst. A vector is dear, marks are cheap."""
CATEGORIES = (
    Category.MEDICAL, Category.CHOKING, Category.POISON, Category.FIRE, Category.SELF_HARM, Category.VIOLENCE, Category.ABUSE,
    Category.MISSING, Category.GUARDIANSHIP,
)  # fmt: skip
"""What it can tell apart."""
ALWAYS_NOW = frozenset({Category.FIRE, Category.MISSING})
"""Dangers that are never a matter for later in the day."""
_CERTAIN_OF_CLASS = 0.5
_LEAST = np.float32(1e-7)
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


@dataclass(frozen=True, slots=True)
class Readings:
    """Of every piece, of shape (pieces,) and (pieces, CATEGORIES)."""

    danger: Floats
    emergency: Floats
    """Log-odds made honest on rows that the network had not seen."""
    categories: Floats
    """How likely each class is, if it is danger."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondNet:
    vector_weights: Floats
    """Of shape (dimensions, hidden)."""
    mark_weights: Floats
    """Of shape (BUCKETS, hidden)."""
    hidden_intercepts: Floats
    out_weights: Floats
    """Of shape (hidden, labels)."""
    out_intercepts: Floats
    labels: tuple[str, ...]
    """`normal`, or a class and a level: `fire|emergency`."""
    calibration: tuple[tuple[float, float], tuple[float, float]]
    """Slope and shift of the log-odds of danger and of emergency."""
    bars: Bars
    encoder: Encoder

    def opinion(self, plain_text: str, *, age_months: float | None = None) -> Opinion:
        """What the worst piece of the message says."""
        parts = pieces(plain_text)
        if not parts:
            return CALM
        if weight(plain_text) < SHORTEST:
            age_months = None  # beside two signs the age on record would decide alone: the name of a place rang at eight months
        read = self.read(parts, age_months=age_months)
        danger = read.danger >= self.bars.danger
        if not danger.any():
            return CALM
        emergency = danger & (read.emergency >= self.bars.emergency)
        level = Level.EMERGENCY if emergency.any() else Level.URGENT
        worst = int(np.argmax(np.where(emergency if emergency.any() else danger, read.danger, -np.inf)))
        return _opinion(level, float(read.emergency[worst]), read.categories[worst])

    def read(self, parts: tuple[str, ...], *, age_months: float | None = None) -> Readings:
        """Of the pieces whose marks look worst where there are many."""
        marked = np.stack([self._by_marks(part, age_months) for part in parts])
        worst = _affordable(parts, np.argsort(-self._judged(marked).danger, kind="stable"))
        vectors = self.encoder.encode(tuple(parts[place] for place in worst))
        return self._judged(marked[worst] + vectors @ self.vector_weights)

    def _by_marks(self, part: str, age_months: float | None) -> Floats:
        places = marks(part, age_months=age_months)
        if not places:
            return self.hidden_intercepts
        score: Floats = self.hidden_intercepts + self.mark_weights[places].sum(axis=0) / np.float32(np.sqrt(len(places)))
        return score

    def _judged(self, hidden: Floats) -> Readings:
        likely = softmax(np.maximum(hidden, 0) @ self.out_weights + self.out_intercepts, axis=1)
        of_danger = [place for place, label in enumerate(self.labels) if label != Level.NORMAL]
        of_emergency = [place for place in of_danger if self.labels[place].endswith(f"|{Level.EMERGENCY}")]
        of_class = [[at for at in of_danger if self.labels[at].startswith(f"{category}|")] for category in CATEGORIES]
        danger, emergency = likely[:, of_danger].sum(axis=1), likely[:, of_emergency].sum(axis=1)
        classes = np.stack([likely[:, places].sum(axis=1) for places in of_class], axis=1)
        return Readings(self._honest(danger, 0), self._honest(emergency, 1), classes / np.maximum(danger, _LEAST)[:, None])

    def _honest(self, likely: Floats, head: int) -> Floats:
        slope, shift = self.calibration[head]
        odds: Floats = logit(np.clip(likely, _LEAST, 1 - _LEAST)) * slope + shift
        return odds


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
            hidden_intercepts=weights["hidden"],
            out_weights=weights["out"],
            out_intercepts=weights["intercepts"],
            labels=tuple(card["labels"]),
            calibration=(tuple(card["calibration"][0]), tuple(card["calibration"][1])),
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


def _opinion(level: Level, emergency: float, classes: Floats) -> Opinion:
    best = int(np.argmax(classes))
    certain = bool(classes[best] >= _CERTAIN_OF_CLASS)
    now = Level.EMERGENCY if certain and CATEGORIES[best] in ALWAYS_NOW else level
    return Opinion(now, CATEGORIES[best], certain, sure=emergency >= _SURE)
