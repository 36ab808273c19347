"""What can be indexed: documents, read from a JSONL corpus or taken from passages."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from index.text import Lang, guess_lang
from kit.errors import Invalid, NotFound
from knowledge.content import PassageContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text in one language. Documents that say the same in two languages share a `group`.

    `more` is what unfolds below the text: searched by its words, not by its meaning, so that it cannot blur the core.
    `age_months` is (from, to): from inclusive, to exclusive; None means every age.
    """

    doc_id: str
    text: str
    lang: Lang
    title: str = ""
    more: str = ""
    questions: tuple[str, ...] = ()
    age_months: tuple[int, int] | None = None
    topics: tuple[str, ...] = ()
    group: str = ""

    @property
    def key(self) -> str:
        """What a search hit is named by: the slug of a passage, or the document's own id."""
        return self.group or self.doc_id


def from_passages(passages: Iterable[PassageContent]) -> list[Document]:
    """Two documents a passage, zh first, both under the passage's slug."""
    return [_in_language(passage, lang) for passage in passages for lang in get_args(Lang)]


def read_corpus(path: Path) -> list[Document]:
    """Documents of a JSONL file with lines `{"id","text","title"?,"lang"?}`; other keys are ignored.

    Raises kit.errors.NotFound without the file and kit.errors.Invalid naming the first bad line.
    """
    documents = [_document(row, where) for row, where in read_lines(path)]
    seen: set[str] = set()
    for document in documents:
        if document.doc_id in seen:
            raise Invalid(f"{path.name}: the id {document.doc_id!r} stands there twice", file=path.name)
        seen.add(document.doc_id)
    return documents


def read_lines(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a JSONL file, each with `file:line` for messages; empty lines are passed over."""
    if not path.is_file():
        raise NotFound(f"there is no file {path}", file=str(path))
    with path.open(encoding="utf-8") as lines:
        try:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _object(line, f"{path.name}:{number}"), f"{path.name}:{number}"
        except UnicodeDecodeError as error:
            raise Invalid(f"{path.name} is not UTF-8 text", file=path.name) from error


def text_field(row: dict[str, Any], name: str, where: str) -> str:
    """The text under `name`, not empty. Raises kit.errors.Invalid naming the line."""
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f'{where}: "{name}" must be a text that is not empty', where=where)
    return value


def lang_field(row: dict[str, Any], where: str) -> Lang | None:
    """The language named in the line, or None. Raises kit.errors.Invalid for one that we do not speak."""
    value = row.get("lang")
    if value is None or value in get_args(Lang):
        return value
    raise Invalid(f'{where}: "lang" must be zh or en', where=where)


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise Invalid(f"{where}: not JSON ({error.msg})", where=where) from error
    if not isinstance(row, dict):
        raise Invalid(f"{where}: expected an object", where=where)
    return row


def _document(row: dict[str, Any], where: str) -> Document:
    text = text_field(row, "text", where)
    title = row.get("title") or ""
    if not isinstance(title, str):
        raise Invalid(f'{where}: "title" must be a text', where=where)
    return Document(doc_id=text_field(row, "id", where), text=text, title=title, lang=lang_field(row, where) or guess_lang(text))


def _in_language(passage: PassageContent, lang: Lang) -> Document:
    wording = passage.wording(lang)
    return Document(
        doc_id=f"{passage.slug}:{lang}",
        text=wording.text,
        lang=lang,
        title=wording.title,
        more=wording.more,
        questions=wording.questions,
        age_months=passage.age_months,
        topics=passage.topics,
        group=passage.slug,
    )
