"""Texts put together by what they mean, from their vectors. Whose texts they are is nobody's business here."""

from collections.abc import Sequence

import numpy as np

from index.encoders import Vectors

FARTHEST = 0.45
"""Mean cosine distance up to which two groups become one: with the default encoder, questions on one matter lie within it."""


def grouped(vectors: Vectors, *, farthest: float = FARTHEST) -> list[tuple[int, ...]]:
    """Places of the rows that belong together, the biggest group first; each row is in one. Its first is the nearest to the middle.

    Takes memory by the square of the rows: a thousand are fine, a hundred thousand are not.
    """
    if len(vectors) < 2:
        return [(place,) for place in range(len(vectors))]
    # Imported here alone: it costs a second, and a server whose editors look at no groups must not pay it.
    from sklearn.cluster import AgglomerativeClustering  # type: ignore[import-untyped]  # noqa: PLC0415

    clustering = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=farthest)
    found: dict[int, list[int]] = {}
    for place, name in enumerate(clustering.fit_predict(vectors)):
        found.setdefault(int(name), []).append(place)
    return sorted((_from_the_middle(vectors, places) for places in found.values()), key=lambda one: (-len(one), min(one)))


def _from_the_middle(vectors: Vectors, places: Sequence[int]) -> tuple[int, ...]:
    rows = vectors[list(places)]
    near = rows @ rows.mean(axis=0)
    return tuple(places[int(one)] for one in np.argsort(-near, kind="stable"))
