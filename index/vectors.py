"""Vectors in FAISS: exact up to a size, a graph above it. One index a language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from index.encoders import Vectors

# Exact search takes 17 ms at 100,000 vectors of 512 dimensions and grows in step; a graph takes 1 ms and finds 97 of 100.
EXACT_UP_TO = 100_000
_LINKS = 32
_BREADTH = 128  # of the walk through the graph, while building and while searching

# A second thread costs more than it brings for a single question, and makes the building of a graph depend on timing.
faiss.omp_set_num_threads(1)

Numbers = npt.NDArray[np.int64]


class VectorIndex:
    """Rows are the entries of one language, in their order."""

    def __init__(self, raw: faiss.Index) -> None:
        self._raw = raw

    @classmethod
    def build(cls, vectors: Vectors, *, exact_up_to: int = EXACT_UP_TO) -> Self:
        raw = faiss.IndexFlatIP(vectors.shape[1]) if len(vectors) <= exact_up_to else _graph(vectors.shape[1])
        raw.add(vectors)
        return cls(raw)

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        faiss.write_index(self._raw, str(path))

    @property
    def kind(self) -> str:
        return type(self._raw).__name__

    def nearest(self, vector: Vectors, top: int) -> tuple[Numbers, Vectors]:
        """Up to `top` row numbers, nearest first, and their cosines. `vector` has shape (1, dimensions)."""
        cosines, rows = self._raw.search(vector, min(top, self._raw.ntotal))
        found = rows[0] >= 0
        return rows[0][found], cosines[0][found]

    @property
    def size(self) -> int:
        return int(self._raw.ntotal)

    def vectors(self, rows: Sequence[int] | Numbers) -> Vectors:
        """The stored vectors of these rows, shape (len(rows), dimensions)."""
        stored: Vectors = self._raw.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return stored


def _graph(dimensions: int) -> faiss.Index:
    graph = faiss.IndexHNSWFlat(dimensions, _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _BREADTH
    graph.hnsw.efSearch = _BREADTH
    return graph
