"""Fits the numbers of the search on the tuning half of tests/golden/questions and prints them. The other half is not opened.

    scripts/tune_search

First the weights by a seeded random search, then how sure a first hit is, then what tells our subject from others. A person copies
what wins clearly into `Weights`, `Calibration` and `Signals`, where the numbers stand with their meaning.
"""

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from app.serving import CURRICULUM
from care.questions.gold import GoldQuestion, Half, Sort, read_gold
from index import subject
from index.ages import age_fit, age_in
from index.build import build
from index.confidence import Calibration
from index.corpus import from_passages
from index.encoders import Encoder, Vectors, open_encoder
from index.search import Hit, Searcher, Weights
from index.subject import Signals
from index.text import guess_lang, regular
from knowledge.markdown import parse_folder

Bools = npt.NDArray[np.bool_]

TRIES = 400
SEED = 20261122
RANGES = {"question": (0.3, 1.3), "text": (0.1, 0.9), "twin": (0.2, 1.1), "age": (0.15, 0.5)}


def found(searcher: Searcher, rows: Sequence[GoldQuestion], vectors: Vectors, weights: Weights) -> list[list[Hit]]:
    searcher._weights = weights
    hits = []
    for row, vector in zip(rows, vectors, strict=True):
        asked = regular(row.text)
        written = age_in(asked)
        age = row.age_months if written is None else written
        hits.append(searcher._hits(asked, vector[None], own=guess_lang(asked), age=age))
    return hits


@dataclass(frozen=True, slots=True)
class Field:
    """One question and every document that was found for it: columns lexical, question, text and twin; how its age fits; whether
    any of its topics, and whether its main topic, is one of the question's."""

    columns: Vectors
    fit: Vectors
    right: Bools
    main: Bools


def fields(searcher: Searcher, rows: Sequence[GoldQuestion], vectors: Vectors) -> list[Field]:
    return [_field(searcher, row, vector[None]) for row, vector in zip(rows, vectors, strict=True)]


def _field(searcher: Searcher, row: GoldQuestion, vector: Vectors) -> Field:
    asked = regular(row.text)
    own = guess_lang(asked)
    written = age_in(asked)
    across = searcher._across("en" if own == "zh" else "zh", vector)
    matches = searcher._rooms[own].match(asked, vector)
    listings = [searcher._listings[match.document] for match in matches]
    twins = [across[one.key].dense if one.key in across else 0.0 for one in listings]
    columns = [(match.lexical, match.question, match.text, twin) for match, twin in zip(matches, twins, strict=True)]
    age = row.age_months if written is None else written
    topics = set(row.topics)
    return Field(
        columns=np.array(columns, dtype=np.float32),
        fit=np.array([age_fit(age, one.age_months) for one in listings], dtype=np.float32),
        right=np.array([bool(topics & set(one.topics)) for one in listings]),
        main=np.array([one.topics[0] in topics for one in listings]),
    )


def worth(asked: Sequence[Field], weights: Weights) -> float:
    """The main topic first counts most, a topic of the passage less, being among the first three a little."""
    total = 0.0
    for one in asked:
        scores = one.columns @ np.array([1.0, weights.question, weights.text, weights.twin], dtype=np.float32)
        scores = np.where(one.fit > 0, scores * (1 - weights.age * (1 - one.fit)), -1.0)
        first = np.argsort(-scores, kind="stable")[:3]
        total += bool(one.right[first[0]]) + 0.5 * bool(one.main[first[0]]) + 0.5 * bool(one.right[first].any())
    return total / (2 * len(asked))


def search_weights(asked: Sequence[Field]) -> Weights:
    chance = random.Random(SEED)
    best, best_worth = Weights(), worth(asked, Weights())
    print(f"defaults: {best_worth:.4f}", flush=True)
    for _ in range(TRIES):
        tried = Weights(**{name: round(chance.uniform(*span), 2) for name, span in RANGES.items()})
        reached = worth(asked, tried)
        if reached > best_worth:
            best, best_worth = tried, reached
            print(f"{best_worth:.4f} {tried}", flush=True)
    return best


def fit_confidence(real: Sequence[GoldQuestion], hits: Sequence[list[Hit]], near: Sequence[list[Hit]]) -> Calibration:
    """Right is a first hit that carries a topic of the question; the first hit of a near miss never is."""
    features, right = [], []
    answers = [(one, bool(set(row.topics) & set(one[0].topics))) for row, one in zip(real, hits, strict=True) if one]
    for one, is_right in [*answers, *((one, False) for one in near if one)]:
        second = one[1].score if len(one) > 1 else 0.0
        features.append([one[0].score, one[0].score - second])
        right.append(is_right)
    fitted = LogisticRegression(C=10.0).fit(np.array(features), right)
    score, lead = fitted.coef_[0]
    return Calibration(score=round(float(score), 2), lead=round(float(lead), 2), offset=round(float(fitted.intercept_[0]), 2))


def fit_subject(encoder: Encoder, ours: Sequence[tuple[str, float]], others: Sequence[tuple[str, float]]) -> Signals:
    """Each with its nearest cosine to what is held. Examples of outside.txt are measured with themselves left out."""
    outside_texts = [regular(line) for line in subject._lines(subject._OUTSIDE)]
    outside = encoder.encode(outside_texts)
    texts = [regular(text) for text, _ in (*ours, *others)]
    vectors = np.concatenate([encoder.encode(texts[start : start + 64]) for start in range(0, len(texts), 64)])
    features = []
    for text, vector, (_, held) in zip(texts, vectors, (*ours, *others), strict=True):
        cosines = [float(cosine) for cosine, line in zip(outside @ vector, outside_texts, strict=True) if line != text]
        inside = bool(subject._inside().search(text))
        features.append([held, max(cosines), float(inside), float(age_in(text) is not None)])
    labels = [True] * len(ours) + [False] * len(others)
    fitted = LogisticRegression(C=10.0).fit(np.array(features), labels)
    held, away, word, age = (round(float(value), 2) for value in fitted.coef_[0])
    return Signals(held=held, outside=away, word=word, age=age, offset=round(float(fitted.intercept_[0]), 2))


def main() -> None:
    encoder = open_encoder("")
    passages = [parsed.content for parsed in parse_folder(CURRICULUM)]
    with tempfile.TemporaryDirectory() as place:
        build(from_passages(passages), Path(place) / "bundle", encoder=encoder)
        searcher = Searcher.open(Path(place) / "bundle", encoder)
    questions = read_gold(half=Half.TUNING)
    real = [one for one in questions if one.sort is Sort.OURS and not one.previous]
    near, off = ([one for one in questions if one.sort is sort] for sort in (Sort.NEAR, Sort.OFF))
    outside = [GoldQuestion(name="", text=line, lang=guess_lang(line)) for line in subject._lines(subject._OUTSIDE)]
    vectors = {id(rows): _vectors(encoder, rows) for rows in (real, near, off, outside)}
    weights = search_weights(fields(searcher, real, vectors[id(real)]))
    hits = {id(rows): found(searcher, rows, vectors[id(rows)], weights) for rows in (real, near, off, outside)}
    calibration = fit_confidence(real, hits[id(real)], hits[id(near)])
    signals = fit_subject(
        encoder,
        _held([*real, *near], [*hits[id(real)], *hits[id(near)]]),
        _held([*off, *outside], [*hits[id(off)], *hits[id(outside)]]),
    )
    print(weights, calibration, signals, sep="\n")


def _vectors(encoder: Encoder, rows: Sequence[GoldQuestion]) -> Vectors:
    texts = [regular(row.text) for row in rows]
    return np.concatenate([encoder.encode(texts[start : start + 64]) for start in range(0, len(texts), 64)])


def _held(rows: Sequence[GoldQuestion], hits: Sequence[list[Hit]]) -> list[tuple[str, float]]:
    return [(row.text, max((hit.dense for hit in one), default=0.0)) for row, one in zip(rows, hits, strict=True)]


if __name__ == "__main__":
    main()
