"""How well a bundle answers questions whose right documents are known. Measures retrieval alone, of any corpus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import ndcg_score, precision_recall_curve  # type: ignore[import-untyped]

from index import intervals
from index.corpus import lang_field, read_lines, text_field
from index.estimates import Bin, Estimate
from index.search import Result, Searcher
from index.text import Lang
from kit.errors import Invalid

PRECISION = 0.95
_FIRST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`relevant` holds the keys of the right documents; none means that the corpus has no answer."""

    text: str
    relevant: frozenset[str]
    lang: Lang | None = None
    age_months: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Shares 0..1 of the answerable queries, but `auroc`: how well confidence tells answerable from unanswerable queries
    (None without both), and `calibration_error`, over all queries: by how much confidence differs from the share whose first
    hit is right. `coverage` is the share answered rightly when `precision` of the answers given must be right.

    `intervals` holds 95% of a bootstrap, by the name of a figure; coverage, which is a choice of threshold, has none.
    """

    queries: int
    answerable: int
    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    mrr: float
    ndcg_at_10: float
    auroc: float | None
    precision: float
    coverage: float
    calibration_error: float
    bins: tuple[Bin, ...]
    intervals: Mapping[str, tuple[float, float]]


def read_queries(path: Path) -> list[Query]:
    """JSONL lines `{"text","relevant":[...],"lang"?,"age_months"?}`. Raises kit.errors.Invalid naming the first bad line."""
    queries = []
    for row, where in read_lines(path):
        relevant = row.get("relevant")
        if not isinstance(relevant, list):
            raise Invalid(f'{where}: "relevant" must be a list of ids', where=where)
        text, lang = text_field(row, "text", where), lang_field(row, where)
        queries.append(Query(text=text, relevant=frozenset(map(str, relevant)), lang=lang, age_months=row.get("age_months")))
    return queries


def evaluate(searcher: Searcher, queries: Sequence[Query], *, precision: float = PRECISION) -> Report:
    """Raises kit.errors.Invalid when no query is answerable."""
    if not any(query.relevant for query in queries):
        raise Invalid("no query has a right document")
    results = [searcher.search(query.text, lang=query.lang, age_months=query.age_months, top=_FIRST) for query in queries]
    ranks = np.array([_rank(query, result) for query, result in zip(queries, results, strict=True)])
    confidences = [result.confidence for result in results]
    answerable = [bool(query.relevant) for query in queries]
    found = _found(queries, results, ranks[answerable])
    auroc = intervals.auroc(confidences, answerable)
    error = intervals.calibration_error(confidences, ranks == 1)
    spans = {**found, "calibration_error": error, **({"auroc": auroc} if auroc else {})}
    return Report(
        queries=len(queries),
        answerable=sum(answerable),
        **{name: one.value for name, one in found.items()},
        auroc=auroc.value if auroc else None,
        precision=precision,
        coverage=_coverage(np.array(confidences), ranks == 1, precision) / float(np.mean(answerable)),
        calibration_error=error.value,
        bins=intervals.bins(confidences, ranks == 1),
        intervals={name: (one.low, one.high) for name, one in spans.items()},
    )


def _found(queries: Sequence[Query], results: Sequence[Result], ranks: npt.NDArray[np.float64]) -> dict[str, Estimate]:
    """The figures of the answerable queries; `ranks` are theirs."""
    gains = [_gain(query, result) for query, result in zip(queries, results, strict=True) if query.relevant]
    return {
        "recall_at_1": intervals.mean(ranks <= 1),
        "recall_at_3": intervals.mean(ranks <= 3),
        "recall_at_5": intervals.mean(ranks <= 5),
        "mrr": intervals.mean(1.0 / ranks),
        "ndcg_at_10": intervals.mean(gains),
    }


def _rank(query: Query, result: Result) -> float:
    places = (place for place, hit in enumerate(result.hits, start=1) if hit.key in query.relevant)
    return next(places, float("inf"))


def _gain(query: Query, result: Result) -> float:
    """nDCG@10. What is right and was not found stands below ten places, so that it counts in the ideal order alone."""
    hits = [hit.key in query.relevant for hit in result.hits[:_FIRST]]
    worth = [*hits, *[False] * (_FIRST - len(hits)), *[True] * (len(query.relevant) - sum(hits))]
    return float(ndcg_score([worth], [range(len(worth), 0, -1)], k=_FIRST))


def _coverage(confidences: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], precision: float) -> float:
    """The share of all queries answered rightly at the lowest confidence that still keeps the promised precision."""
    if not right.any():
        return 0.0
    precisions, recalls, _ = precision_recall_curve(right, confidences)
    kept = recalls[:-1][precisions[:-1] >= precision]  # the last point is the curve's end, and no threshold
    return float(kept.max(initial=0.0) * right.mean())
