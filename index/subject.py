"""Is a question about raising a child at all? Told from what is held, from examples that surely are not ours, and from words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.ages import age_in
from index.confidence import logistic
from index.encoders import Encoder, Vectors
from index.text import regular

_OUTSIDE = Path(__file__).with_name("outside.txt")
_INSIDE_WORDS = Path(__file__).with_name("inside_words.txt")
_encoded: dict[str, Vectors] = {}
"""The vectors of outside.txt by the fingerprint of the encoder; two threads that come first both write the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Logistic regression on the tuning half of tests/golden/questions against its questions off the subject and outside.txt,
    each example measured with itself left out. Fitted for the offline encoder.
    """

    held: float = 13.0  # times the cosine with the nearest entry of the bundle
    outside: float = -16.6  # times the cosine with the nearest example in outside.txt
    word: float = 1.9  # a word of inside_words.txt stands there
    age: float = 3.3  # an age stands there
    offset: float = 0.5


class Subject:
    """Safe to share between threads."""

    def __init__(self, encoder: Encoder, *, signals: Signals = Signals()) -> None:
        self._signals = signals
        self._encoder = encoder

    def share(self, asked: str, vector: Vectors, *, nearest: float) -> float:
        """0..1 that a question is ours. `asked` is regular text, `vector` of shape (1, dimensions), `nearest` the best cosine
        with anything that the bundle holds.
        """
        signals = self._signals
        outside = float(np.einsum("ij,j->i", _outside(self._encoder), vector[0]).max())
        told = signals.word * bool(_inside().search(asked)) + signals.age * (age_in(asked) is not None)
        return logistic(signals.held * nearest + signals.outside * outside + told + signals.offset)


def _outside(encoder: Encoder) -> Vectors:
    """Encoded with the first question and kept: half a second that neither a start nor a second open bundle pays."""
    if encoder.fingerprint not in _encoded:
        _encoded[encoder.fingerprint] = encoder.encode([regular(line) for line in _lines(_OUTSIDE)])
    return _encoded[encoder.fingerprint]


@lru_cache(maxsize=1)
def _inside() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(word)}" if word.isascii() else re.escape(word) for word in _lines(_INSIDE_WORDS)))


def _lines(path: Path) -> Iterable[str]:
    lines = map(str.strip, path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
