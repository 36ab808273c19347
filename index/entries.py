"""The rows of a bundle: each document stands in the index under its text and under each of its questions."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from index.corpus import Document
from index.text import Lang, regular


class EntryKind(StrEnum):
    TEXT = "text"
    QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`document` is the number of its document in the bundle; `text` is regular and left out of the stored row."""

    document: int
    kind: EntryKind
    lang: Lang
    text_hash: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a bundle keeps of a document: enough to name, filter and show a hit, never its text."""

    doc_id: str
    key: str
    title: str
    lang: Lang
    age_months: tuple[int, int] | None
    topics: tuple[str, ...]


def entries_of(documents: Sequence[Document]) -> list[Entry]:
    """All entries, in the order of the documents; a question listed twice under one document counts once."""
    return [entry for number, document in enumerate(documents) for entry in _entries(number, document)]


def listings_of(documents: Iterable[Document]) -> list[Listing]:
    return [
        Listing(
            doc_id=document.doc_id,
            key=document.key,
            title=document.title,
            lang=document.lang,
            age_months=document.age_months,
            topics=document.topics,
        )
        for document in documents
    ]


def words_text(document: Document) -> str:
    """All words of a document, regular: its questions count with its text, which ranks better than each alone."""
    return regular("\n".join((document.title, document.text, document.more, *document.questions)))


def write_rows(path: Path, rows: Iterable[Entry | Listing]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            fields = {name: value for name, value in asdict(row).items() if name != "text"}
            out.write(json.dumps(fields, ensure_ascii=False, sort_keys=True) + "\n")


def read_entries(path: Path) -> list[Entry]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Entry(document=row["document"], kind=EntryKind(row["kind"]), lang=row["lang"], text_hash=row["text_hash"]) for row in rows
    ]


def read_listings(path: Path) -> list[Listing]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Listing(
            doc_id=row["doc_id"],
            key=row["key"],
            title=row["title"],
            lang=row["lang"],
            age_months=tuple(row["age_months"]) if row["age_months"] else None,
            topics=tuple(row["topics"]),
        )
        for row in rows
    ]


def _entries(number: int, document: Document) -> list[Entry]:
    body = f"{document.title}\n{document.text}" if document.title else document.text
    texts = [(EntryKind.TEXT, regular(body))]
    texts += [(EntryKind.QUESTION, question) for question in dict.fromkeys(map(regular, document.questions))]
    return [
        Entry(document=number, kind=kind, lang=document.lang, text=text, text_hash=hashlib.sha256(text.encode()).hexdigest())
        for kind, text in texts
    ]
