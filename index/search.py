"""A bundle opened for questions: words and vectors fused by absolute scores, fitted to the child's age.

Says how well each document matches. Whether that is enough to answer a parent is decided elsewhere.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Self, get_args

from index.ages import age_fit, age_in
from index.build import DOCUMENTS, ENTRIES, lexical_folder, vectors_file
from index.confidence import confidence
from index.encoders import Encoder, Vectors
from index.entries import EntryKind, Listing, read_entries, read_listings
from index.manifest import Manifest, read_manifest, verify
from index.room import Match, Room
from index.subject import Subject
from index.text import TOKENIZER, Lang, guess_lang, regular
from kit.errors import Invalid, WrongState


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What is added to the share of words (0..1), each times a cosine.

    Tuned on the tuning half of tests/golden/questions and on the starter passages' own listed questions, a fifth of them left
    out of the index at a time; `text` also on open sets whose questions were written for a text. Results are flat for
    `question` 0.3 to 0.6, `text` 0.2 to 0.45, `twin` 0.4 to 0.6. With `scripts/bench/retrieval` look again.
    """

    question: float = 0.45
    text: float = 0.35
    twin: float = 0.5  # the same passage in the other language is a second view of it
    stranger: float = 0.8  # a document that only the other language has
    stranger_below: float = 0.45  # own score under which such documents may come in
    age: float = 0.3  # the share of a score that a hopeless age takes away


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`lexical` is a share 0..1 of the question's words, `dense` the best cosine, `age_fit` 0..1; `score` has no unit."""

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


class Searcher:
    """Safe to share between threads: nothing is written after opening."""

    def __init__(self, *, manifest: Manifest, encoder: Encoder, listings: Sequence[Listing], rooms: dict[Lang, Room]) -> None:
        self.manifest = manifest
        self._withdrawn: frozenset[str] = frozenset()
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
        listings = read_listings(bundle / DOCUMENTS)
        return cls(manifest=manifest, encoder=encoder, listings=listings, rooms=_open_rooms(bundle))

    def without(self, keys: Iterable[str]) -> Self:
        """The same bundle as if it did not hold these keys; nothing is built or loaded again. For measuring what is then said."""
        other = copy(self)
        other._withdrawn = self._withdrawn.union(keys)
        return other

    def search(self, text: str, *, lang: str | None = None, age_months: float | None = None, top: int = 10) -> Result:
        """The `top` best keys for a question. Its own script tells its language; `lang` settles a text without letters.

        An age in months written in the question beats `age_months`. Raises kit.errors.Invalid for an empty question.
        """
        asked = regular(text)
        if not asked:
            raise Invalid("the question is empty")
        written = age_in(asked)
        age = age_months if written is None else written
        vector = self._encoder.encode([asked])
        hits = self._hits(asked, vector, own=_language(asked, lang), age=age)
        return Result(
            hits=tuple(hits[:top]),
            confidence=confidence([hit.score for hit in hits[:2]]),
            subject=self._subject.share(asked, vector, nearest=max((hit.dense for hit in hits), default=0.0)),
            age_months=age,
        )

    def _hits(self, asked: str, vector: Vectors, *, own: Lang, age: float | None) -> list[Hit]:
        across = self._across("en" if own == "zh" else "zh", vector)
        matches = self._matches(own, asked, vector)
        hits = [
            self._hit(match, self._score(match, across.get(self._listings[match.document].key)), age=age) for match in matches
        ]
        if max((hit.score for hit in hits), default=0.0) < self._weights.stranger_below:
            hits += [self._hit(match, self._weights.stranger * match.dense, age=age) for match in across.values()]
        return _best_of_each_key(hit for hit in hits if hit.age_fit > 0)

    def _across(self, other: Lang, vector: Vectors) -> dict[str, Match]:
        """By key, the nearest document in the other language: by meaning alone, as the words differ."""
        matches = self._matches(other, None, vector)
        return {self._listings[match.document].key: match for match in sorted(matches, key=lambda match: match.dense)}

    def _matches(self, lang: Lang, asked: str | None, vector: Vectors) -> list[Match]:
        found = self._rooms[lang].match(asked, vector) if lang in self._rooms else []
        return [one for one in found if self._listings[one.document].key not in self._withdrawn] if self._withdrawn else found

    def _score(self, match: Match, twin: Match | None) -> float:
        weights = self._weights
        own = match.lexical + weights.question * match.question + weights.text * match.text
        return own + weights.twin * twin.dense if twin else own

    def _hit(self, match: Match, score: float, *, age: float | None) -> Hit:
        listing = self._listings[match.document]
        fit = age_fit(age, listing.age_months)
        return Hit(
            key=listing.key,
            score=score * (1.0 - self._weights.age * (1.0 - fit)),
            dense=match.dense,
            lexical=match.lexical,
            age_fit=fit,
            matched=EntryKind.QUESTION if match.question > match.text else EntryKind.TEXT,
            title=listing.title,
            lang=listing.lang,
            topics=listing.topics,
        )


def _open_rooms(bundle: Path) -> dict[Lang, Room]:
    entries = read_entries(bundle / ENTRIES)
    rooms: dict[Lang, Room] = {}
    for lang in get_args(Lang):
        own = [entry for entry in entries if entry.lang == lang]
        if own:
            rooms[lang] = Room.load(own, vectors=vectors_file(bundle, lang), lexical=lexical_folder(bundle, lang), lang=lang)
    return rooms


def _language(asked: str, lang: str | None) -> Lang:
    if any(character.isalpha() for character in asked):
        return guess_lang(asked)
    return "en" if lang == "en" else "zh"


def _best_of_each_key(hits: Iterable[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=_rank):
        best.setdefault(hit.key, hit)
    return list(best.values())


def _rank(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.key  # the name decides between equals, so that a search is the same twice
