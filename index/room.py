"""All documents of one language in an open bundle, and how well each matches a question by words and by vectors."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Self

import numpy as np

from index.encoders import Vectors
from index.entries import Entry, EntryKind
from index.lexical import Lexical
from index.text import Lang
from index.vectors import Numbers, VectorIndex

_CANDIDATES = 100  # documents that each of the two legs proposes
_ENTRIES_A_DOCUMENT = 3  # nearest entries asked for to find one document, as several of its questions may lie near


@dataclass(frozen=True, slots=True)
class Match:
    """`document` is its number in the bundle. `lexical` is the share 0..1 of the question's words; `text` and `question` are
    the cosines with its text and with the nearest of its listed questions (0 where it lists none).
    """

    document: int
    lexical: float
    text: float
    question: float

    @property
    def dense(self) -> float:
        return max(self.text, self.question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Document n of the room has the number `documents[n]` in the bundle; its vectors begin at row `starts[n]`, text first."""

    documents: Numbers
    starts: Numbers
    dense: VectorIndex
    lexical: Lexical | None

    @classmethod
    def load(cls, entries: list[Entry], *, vectors: Path, lexical: Path, lang: Lang) -> Self:
        """`entries` are those of one language, document by document, each document's text first."""
        documents = [number for number, _ in groupby(entry.document for entry in entries)]
        starts = [row for row, entry in enumerate(entries) if entry.kind is EntryKind.TEXT]
        return cls(
            documents=np.array(documents, dtype=np.int64),
            starts=np.array([*starts, len(entries)], dtype=np.int64),
            dense=VectorIndex.load(vectors),
            lexical=Lexical.load(lexical, lang=lang) if lexical.is_dir() else None,
        )

    def match(self, asked: str | None, vector: Vectors) -> list[Match]:
        """Documents that either leg proposes, exactly scored by both; by meaning alone when `asked` is None.

        `asked` is regular text, `vector` has shape (1, dimensions).
        """
        worded = self.lexical.scores(asked) if self.lexical and asked else np.zeros(len(self.documents), dtype=np.float32)
        found = np.union1d(self._near(vector), _highest(worded, _CANDIDATES))
        text, question = self._cosines(found, vector)
        columns = (self.documents[found], worded[found], text, question)
        return [Match(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def _near(self, vector: Vectors) -> Numbers:
        rows, _ = self.dense.nearest(vector, _CANDIDATES * _ENTRIES_A_DOCUMENT)
        return np.searchsorted(self.starts, rows, side="right") - 1

    def _cosines(self, found: Numbers, vector: Vectors) -> tuple[Vectors, Vectors]:
        """With the text and with the nearest question of each of these documents, each of shape (len(found),)."""
        rows = [np.arange(self.starts[at], self.starts[at + 1]) for at in found]
        firsts = np.cumsum([0, *(len(row) for row in rows)])
        cosines = np.einsum(
            "ij,j->i", self.dense.vectors(np.concatenate(rows)), vector[0]
        )  # BLAS would wake threads for this little
        text = cosines[firsts[:-1]].copy()
        cosines[firsts[:-1]] = 0.0  # what is left are the questions; a document without one keeps this 0
        return text, np.maximum.reduceat(cosines, firsts[:-1])


def _highest(scores: Vectors, top: int) -> Numbers:
    worded = np.flatnonzero(scores)
    if len(worded) <= top:
        return worded
    return worded[np.argpartition(-scores[worded], top)[:top]]
