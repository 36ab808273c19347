"""Does each passage answer its own questions? Each question is taken out of the index before it is asked."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from index.build import build
from index.corpus import Document, from_passages
from index.encoders import Encoder
from index.search import Searcher
from index.text import Lang
from knowledge.content import PassageContent

TWIN = 0.95
"""The cosine over which two passages of one language say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A listed question that does not find its passage among the first three; `found` came instead, best first."""

    slug: str
    lang: Lang
    question: str
    found: tuple[str, ...]


def misses(passages: Sequence[PassageContent], encoder: Encoder) -> tuple[list[Miss], int]:
    """The misses, and how many questions were asked. The age asked with is the middle of the passage's band.

    In round n the nth question of every document is out of the index, and every vector is taken from one full build.
    """
    documents = from_passages(passages)
    found: list[Miss] = []
    asked = 0
    with tempfile.TemporaryDirectory(prefix="self-") as place:
        whole = Path(place) / "whole"
        build(documents, whole, encoder=encoder)
        for number in range(max(len(document.questions) for document in documents)):
            out = Path(place) / str(number)
            build([_without(document, number) for document in documents], out, encoder=encoder, previous=whole)
            searcher = Searcher.open(out, encoder)
            for document in documents:
                if number < len(document.questions):
                    asked += 1
                    found += _ask(searcher, document, number)
    return found, asked


def _without(document: Document, number: int) -> Document:
    return replace(document, questions=(*document.questions[:number], *document.questions[number + 1 :]))


def _ask(searcher: Searcher, document: Document, number: int) -> list[Miss]:
    question = document.questions[number]
    ages = document.age_months
    hits = searcher.search(question, lang=document.lang, age_months=(ages[0] + ages[1]) / 2 if ages else None, top=3).hits
    first = tuple(hit.key for hit in hits)
    return [] if document.key in first else [Miss(slug=document.key, lang=document.lang, question=question, found=first)]


def twins(passages: Sequence[PassageContent], encoder: Encoder) -> list[tuple[str, str, float]]:
    """Pairs of passages whose Chinese texts mean nearly the same, with their cosine."""
    vectors = encoder.encode([f"{passage.zh.title}\n{passage.zh.text}" for passage in passages])
    alike = np.asarray(vectors @ vectors.T)
    pairs = combinations(range(len(passages)), 2)
    return [(passages[a].slug, passages[b].slug, float(alike[a, b])) for a, b in pairs if alike[a, b] > TWIN]
