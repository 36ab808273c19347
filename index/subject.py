"""Is a question about raising a child at all? Told from what is held, from what surely is not ours, and from plain words."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from index.encoders import Encoder, Vectors


class _Near(Protocol):
    @property
    def dense(self) -> float: ...


class Subject:
    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def share(self, asked: str, vector: Vectors, hits: Sequence[_Near]) -> float:
        """0..1: how surely the question is ours."""
        return float(np.clip(max((hit.dense for hit in hits), default=0.0) * 1.5, 0, 1))
