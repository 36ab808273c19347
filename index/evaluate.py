"""How well a bundle answers questions whose right documents are known. Measures retrieval alone, of any corpus."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

from index.corpus import lang_field, read_lines, text_field
from index.search import Result, Searcher
from index.text import Lang
from kit.errors import Invalid

_PRECISION = 0.95


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
    (None without both). `coverage` is the share answered rightly when at least 95 in 100 given answers must be right.
    """

    queries: int
    answerable: int
    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    mrr: float
    auroc: float | None
    coverage: float


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


def evaluate(searcher: Searcher, queries: Sequence[Query]) -> Report:
    """Raises kit.errors.Invalid when no query is answerable."""
    results = [searcher.search(query.text, lang=query.lang, age_months=query.age_months) for query in queries]
    ranks = np.array([_rank(query, result) for query, result in zip(queries, results, strict=True)])
    answerable = np.array([bool(query.relevant) for query in queries], dtype=bool)
    if not answerable.any():
        raise Invalid("no query has a right document")
    confidences = np.array([result.confidence for result in results])
    found = ranks[answerable]
    return Report(
        queries=len(queries),
        answerable=int(answerable.sum()),
        recall_at_1=float((found <= 1).mean()),
        recall_at_3=float((found <= 3).mean()),
        recall_at_5=float((found <= 5).mean()),
        mrr=float((1.0 / found).mean()),
        auroc=None if answerable.all() else float(roc_auc_score(answerable, confidences)),
        coverage=_coverage(confidences, ranks == 1) / float(answerable.mean()),
    )


def _rank(query: Query, result: Result) -> float:
    places = (place for place, hit in enumerate(result.hits, start=1) if hit.key in query.relevant)
    return next(places, float("inf"))


def _coverage(confidences: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """The share of all queries answered rightly at the lowest confidence that still keeps the promised precision."""
    surest_first = np.cumsum(right[np.argsort(-confidences, kind="stable")])
    answered = np.arange(1, len(right) + 1)
    kept = surest_first[surest_first / answered >= _PRECISION]
    return float(kept[-1] / len(right)) if len(kept) else 0.0
