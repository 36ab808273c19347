"""From documents to a bundle: an immutable folder, the same byte for byte when built again from the same input."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np

from index.corpus import Document
from index.encoders import Encoder, Vectors
from index.entries import Entry, entries_of, listings_of, read_entries, words_text, write_rows
from index.lexical import Lexical, has_words
from index.manifest import JSON, Manifest, checksums, read_manifest, verify
from index.text import TOKENIZER, Lang, lexicon_checksum
from index.vectors import EXACT_UP_TO, VectorIndex
from kit.errors import Invalid, PeibanError, WrongState

ENTRIES = "entries.jsonl"
DOCUMENTS = "documents.jsonl"

_BATCH = 64

Progress = Callable[[int, int], None]


def build(
    documents: Sequence[Document],
    out: Path,
    *,
    encoder: Encoder,
    previous: Path | None = None,
    meta: Mapping[str, JSON] | None = None,
    progress: Progress | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> Manifest:
    """Write a bundle to the new folder `out` and return its manifest. The folder appears whole or not at all.

    Vectors of texts that the bundle `previous` holds under the same encoder are taken from there.
    `progress` is called with (texts embedded, texts to embed). Raises kit.errors.Invalid for documents that cannot
    be indexed and kit.errors.WrongState when `out` exists.
    """
    _check(documents)
    entries = entries_of(documents)
    vectors = _embed(entries, encoder, known=_known_vectors(previous, encoder), progress=progress or _silent)
    with _new_folder(out) as folder:
        write_rows(folder / DOCUMENTS, listings_of(documents))
        write_rows(folder / ENTRIES, entries)
        kinds: dict[str, str] = {}
        for lang in _langs(entries):
            _write_words(folder, documents, lang=lang)
            kinds[lang] = _write_vectors(folder, entries, vectors, lang=lang, exact_up_to=exact_up_to)
        manifest = Manifest(
            model=encoder.name,
            fingerprint=encoder.fingerprint,
            dimensions=encoder.dimensions,
            tokenizer=TOKENIZER,
            lexicon=lexicon_checksum(),
            documents=len(documents),
            entries=len(entries),
            vectors=kinds,
            meta=dict(meta or {}),
        )
        manifest = replace(manifest, files=checksums(folder))
        manifest.write(folder)
    return manifest


def vectors_file(folder: Path, lang: Lang) -> Path:
    return folder / f"vectors-{lang}.faiss"


def lexical_folder(folder: Path, lang: Lang) -> Path:
    return folder / f"lexical-{lang}"


def _check(documents: Sequence[Document]) -> None:
    if not documents:
        raise Invalid("nothing to index: there is no document")
    twice = len(documents) - len({document.doc_id for document in documents})
    if twice:
        raise Invalid(f"{twice} documents share their id with another", count=twice)


def _langs(entries: Sequence[Entry]) -> list[Lang]:
    present = {entry.lang for entry in entries}
    return [lang for lang in get_args(Lang) if lang in present]


def _write_words(folder: Path, documents: Sequence[Document], *, lang: Lang) -> None:
    texts = [words_text(document) for document in documents if document.lang == lang]
    if has_words(texts, lang):
        Lexical.build(texts, lang=lang).save(lexical_folder(folder, lang))


def _write_vectors(folder: Path, entries: Sequence[Entry], vectors: Vectors, *, lang: Lang, exact_up_to: int) -> str:
    rows = [number for number, entry in enumerate(entries) if entry.lang == lang]
    dense = VectorIndex.build(vectors[rows], exact_up_to=exact_up_to)
    dense.save(vectors_file(folder, lang))
    return dense.kind


def _embed(entries: Sequence[Entry], encoder: Encoder, *, known: dict[str, Vectors], progress: Progress) -> Vectors:
    fresh = {entry.text_hash: entry.text for entry in entries if entry.text_hash not in known}
    by_hash = dict(known)
    hashes = list(fresh)
    for start in range(0, len(hashes), _BATCH):
        batch = hashes[start : start + _BATCH]
        by_hash.update(zip(batch, encoder.encode([fresh[text_hash] for text_hash in batch]), strict=True))
        progress(start + len(batch), len(hashes))
    return np.stack([by_hash[entry.text_hash] for entry in entries])


def _known_vectors(previous: Path | None, encoder: Encoder) -> dict[str, Vectors]:
    if previous is None:
        return {}
    try:
        manifest = read_manifest(previous)
        verify(previous, manifest)
    except PeibanError:
        return {}  # an old or broken bundle only costs time
    return _stored_vectors(previous) if manifest.fingerprint == encoder.fingerprint else {}


def _stored_vectors(folder: Path) -> dict[str, Vectors]:
    entries = read_entries(folder / ENTRIES)
    found: dict[str, Vectors] = {}
    for lang in _langs(entries):
        hashes = [entry.text_hash for entry in entries if entry.lang == lang]
        stored = VectorIndex.load(vectors_file(folder, lang)).vectors(range(len(hashes)))
        found.update(zip(hashes, stored, strict=True))
    return found


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    if out.exists():
        raise WrongState(f"{out} exists already; a bundle is never changed", folder=str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
        folder.chmod(0o755)
        folder.rename(out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _silent(done: int, total: int) -> None:
    """Nobody watches this build."""
