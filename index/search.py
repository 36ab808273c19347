"""A bundle opened for questions: words and vectors fused by absolute scores, fitted to the child's age.

Says how well each text matches. Whether that is enough to answer a parent is decided elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from index.ages import age_fit, age_in
from index.build import DOCUMENTS, ENTRIES, lexical_folder, vectors_file
from index.encoders import Encoder, Vectors
from index.entries import EntryKind, Listing, read_entries, read_listings
from index.lexical import Lexical
from index.manifest import Manifest, read_manifest, verify
from index.subject import Subject
from index.text import TOKENIZER, Lang, guess_lang, regular
from index.vectors import VectorIndex
from kit.errors import Invalid, WrongState

_CANDIDATES = 256  # entries that each of the two legs proposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How the parts of a score are added. Tuned on the tuning half of tests/golden/questions; flat around these values."""

    dense: float = 0.6
    age: float = 0.3  # the share of a score that a hopeless age takes away
    other_language_below: float = 0.45  # own score under which the other language is asked too
    other_language: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`lexical` is a share 0..1 of the question's words, `dense` a cosine -1..1, `age_fit` 0..1; `score` has no unit."""

    key: str
    score: float
    dense: float
    lexical: float
    age_fit: float
    matched: EntryKind
    title: str
    lang: Lang
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`hits` best first, one a key. `confidence` 0..1 that the first hit is right; `subject` 0..1 that the question is ours.

    `age_months` is the age that was used: the one written in the question, else the one given.
    """

    hits: tuple[Hit, ...]
    confidence: float
    subject: float
    age_months: float | None


@dataclass(frozen=True, slots=True)
class _Room:
    """All entries of one language; row n of both legs belongs to the document `documents[n]`."""

    documents: npt.NDArray[np.int64]
    kinds: Sequence[EntryKind]
    dense: VectorIndex
    lexical: Lexical | None


@dataclass(frozen=True, slots=True)
class _Match:
    document: int
    score: float
    dense: float
    lexical: float
    kind: EntryKind


class Searcher:
    """Safe to share between threads: nothing is written after opening."""

    def __init__(self, *, manifest: Manifest, encoder: Encoder, listings: Sequence[Listing], rooms: dict[Lang, _Room]) -> None:
        self.manifest = manifest
        self._encoder = encoder
        self._listings = listings
        self._rooms = rooms
        self._weights = Weights()
        self._subject = Subject(encoder)

    @classmethod
    def open(cls, bundle: Path, encoder: Encoder) -> Self:
        """Raises kit.errors.NotFound, Invalid (damaged or foreign files) or WrongState (built by another encoder)."""
        manifest = read_manifest(bundle)
        verify(bundle, manifest)
        if manifest.fingerprint != encoder.fingerprint:
            raise WrongState(f"{bundle} was built by {manifest.model}, not {encoder.name}", folder=str(bundle))
        if manifest.tokenizer != TOKENIZER:
            raise Invalid(f"{bundle} was cut by {manifest.tokenizer}: build it again", folder=str(bundle))
        return cls(
            manifest=manifest, encoder=encoder, listings=read_listings(bundle / DOCUMENTS), rooms=_open_rooms(bundle)
        )

    def search(self, text: str, *, lang: str | None = None, age_months: float | None = None, top: int = 10) -> Result:
        """The `top` best keys for a question. Its own script tells its language; `lang` settles a text without letters.

        An age in months written in the question beats `age_months`. Raises kit.errors.Invalid for an empty question.
        """
        asked = regular(text)
        if not asked:
            raise Invalid("the question is empty")
        own = _language(asked, lang)
        age = age_in(asked)
        age = age_months if age is None else age
        vector = self._encoder.encode([asked])
        hits = self._hits(asked, vector, own=own, age=age)
        return Result(
            hits=tuple(hits[:top]),
            confidence=_confidence(hits),
            subject=self._subject.share(asked, vector, hits),
            age_months=age,
        )

    def _hits(self, asked: str, vector: Vectors, *, own: Lang, age: float | None) -> list[Hit]:
        other: Lang = "en" if own == "zh" else "zh"
        hits = self._fitted(self._matches(own, asked, vector), age)
        if not hits or hits[0].score < self._weights.other_language_below:
            hits += self._fitted(self._matches_across(other, vector), age)
        return _best_a_key(hits)

    def _matches(self, lang: Lang, asked: str, vector: Vectors) -> list[_Match]:
        room = self._rooms.get(lang)
        if room is None:
            return []
        words = room.lexical.scores(asked) if room.lexical else np.zeros(len(room.documents), dtype=np.float32)
        rows, cosines = _candidates(room, words, vector)
        return _best_a_document(room, rows, words[rows], cosines, weight=self._weights.dense)

    def _matches_across(self, lang: Lang, vector: Vectors) -> list[_Match]:
        room = self._rooms.get(lang)
        if room is None:
            return []
        rows, cosines = room.dense.nearest(vector, _CANDIDATES)
        return _best_a_document(room, rows, np.zeros_like(cosines), cosines, weight=self._weights.other_language)

    def _fitted(self, matches: Iterable[_Match], age: float | None) -> list[Hit]:
        hits = [self._hit(match, age_fit(age, self._listings[match.document].age_months)) for match in matches]
        return sorted((hit for hit in hits if hit.age_fit > 0), key=_rank)

    def _hit(self, match: _Match, fit: float) -> Hit:
        listing = self._listings[match.document]
        return Hit(
            key=listing.key,
            score=match.score * (1.0 - self._weights.age * (1.0 - fit)),
            dense=match.dense,
            lexical=match.lexical,
            age_fit=fit,
            matched=match.kind,
            title=listing.title,
            lang=listing.lang,
            topics=listing.topics,
        )


def _open_rooms(bundle: Path) -> dict[Lang, _Room]:
    entries = read_entries(bundle / ENTRIES)
    rooms: dict[Lang, _Room] = {}
    for lang in ("zh", "en"):
        own = [entry for entry in entries if entry.lang == lang]
        if own:
            folder = lexical_folder(bundle, lang)
            rooms[lang] = _Room(
                np.array([entry.document for entry in own], dtype=np.int64),
                [entry.kind for entry in own],
                VectorIndex.load(vectors_file(bundle, lang)),
                Lexical.load(folder, lang=lang) if folder.is_dir() else None,
            )
    return rooms


def _language(asked: str, lang: str | None) -> Lang:
    if any(character.isalpha() for character in asked):
        return guess_lang(asked)
    return "en" if lang == "en" else "zh"


def _candidates(room: _Room, words: Vectors, vector: Vectors) -> tuple[npt.NDArray[np.int64], Vectors]:
    """Rows that either leg proposes, with their cosines."""
    near, _ = room.dense.nearest(vector, _CANDIDATES)
    worded = np.flatnonzero(words)
    if len(worded) > _CANDIDATES:
        worded = worded[np.argpartition(-words[worded], _CANDIDATES)[:_CANDIDATES]]
    rows = np.union1d(near, worded)
    return rows, room.dense.vectors(rows) @ vector[0]


def _best_a_document(
    room: _Room, rows: npt.NDArray[np.int64], words: Vectors, cosines: Vectors, *, weight: float
) -> list[_Match]:
    best: dict[int, _Match] = {}
    for row, lexical, dense in zip(rows.tolist(), words.tolist(), cosines.tolist(), strict=True):
        document = int(room.documents[row])
        score = lexical + weight * dense
        if document not in best or score > best[document].score:
            best[document] = _Match(document, score, dense, lexical, room.kinds[row])
    return list(best.values())


def _best_a_key(hits: Iterable[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=_rank):
        best.setdefault(hit.key, hit)
    return list(best.values())


def _rank(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.key  # the name decides between equals, so that a search is the same twice


def _confidence(hits: Sequence[Hit]) -> float:
    return float(1.0 / (1.0 + np.exp(-6.0 * (hits[0].score - 0.6)))) if hits else 0.0
