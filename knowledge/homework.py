"""Homework tasks: small things to do with a child, each a Markdown file in `tasks/`. Which family does which is care's."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import StringConstraints, ValidationError, model_validator

from kit import yaml_text
from knowledge.content import Frozen, Lang, Line, Review, Slug
from knowledge.errors import BadBatch, BadLine

_HEADING = re.compile(r"# (zh|en): *(.+)")
_PART = re.compile(r"## (send|why|hint)")
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=700)]


class TaskWording(Frozen):
    """`do` is what to do, `send` what to hand in, `why` it matters, `hint` what the trainer looks for."""

    title: Line
    do: Said
    send: Said
    why: Said
    hint: Said


class Task(Frozen):
    """`age_months` is (from, to), corrected age: from inclusive, to exclusive. Where `photos` is "none" no picture is taken in."""

    slug: Slug
    age_months: tuple[int, int]
    photos: Literal["welcome", "none"]
    review: Review
    zh: TaskWording
    en: TaskWording

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        low, high = self.age_months
        if not 0 <= low < high <= 72:
            raise ValueError("age_months must be [from, to] with 0 <= from < to <= 72")
        return self

    def wording(self, lang: Lang) -> TaskWording:
        return self.zh if lang == "zh" else self.en

    @property
    def fingerprint(self) -> str:
        """Of all its words: what a family was really given, should the task be rewritten later."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def fits(self, months: int) -> bool:
        low, high = self.age_months
        return low <= months < high


@cache
def tasks() -> dict[str, Task]:
    """Every task by slug, the youngest first. Raises BadBatch with the findings of all files."""
    return parse_folder(files("knowledge").joinpath("tasks"))


def parse_folder(folder: Traversable) -> dict[str, Task]:
    found: list[Task] = []
    findings: list[BadLine] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".md"):
            continue
        try:
            found.append(parse(file.read_text(encoding="utf-8"), name=file.name))
        except BadBatch as bad:
            findings += bad.findings
        except UnicodeDecodeError:
            findings.append(BadLine(file.name, 1, "the file is not UTF-8 text"))
    if findings:
        raise BadBatch(tuple(findings))
    return {task.slug: task for task in sorted(found, key=lambda task: (task.age_months, task.slug))}


def parse(text: str, *, name: str) -> Task:
    """One file; `name` is used in findings and must be `<slug>.md`. Raises BadBatch."""
    lines = text.replace("\r\n", "\n").split("\n")
    front, start = _front(lines, name)
    body = _body(lines[start:], start, name)
    try:
        task = Task.model_validate({**front, **{lang: part.words() for lang, part in body.items()}})
    except ValidationError as error:
        findings = (_finding(problem["loc"], str(problem["msg"]), body, lines, name) for problem in error.errors())
        raise BadBatch(tuple(findings)) from error
    if name != f"{task.slug}.md":
        raise BadBatch((BadLine(name, _line_of(lines, "slug"), f"the slug '{task.slug}' must be the file's name"),))
    return task


def _front(lines: list[str], name: str) -> tuple[dict[str, Any], int]:
    marks = [number for number, line in enumerate(lines) if line.strip() == "---"]
    if len(marks) < 2 or marks[0] != 0:
        raise BadBatch((BadLine(name, 1, "the file must begin with front matter between two lines '---'"),))
    try:
        front = yaml_text.read("\n".join(lines[1 : marks[1]]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadBatch((BadLine(name, mark.line + 2 if mark else 2, "the front matter is not valid YAML"),)) from error
    if not isinstance(front, dict) or set(front) & {"zh", "en"}:
        raise BadBatch((BadLine(name, 2, "the front matter must be a list of 'key: value' lines"),))
    return front, marks[1] + 1


@dataclass(slots=True)
class _Part:
    """One language of a file: its words by part, and the line at which each begins."""

    title: str
    texts: dict[str, list[str]]
    lines: dict[str, int]

    def words(self) -> dict[str, str]:
        return {"title": self.title, **{part: "\n".join(text).strip() for part, text in self.texts.items()}}


def _body(lines: list[str], offset: int, name: str) -> dict[str, _Part]:
    found: dict[str, _Part] = {}
    here: _Part | None = None
    part = "do"
    for number, line in enumerate(lines, start=offset + 1):
        if opening := _HEADING.fullmatch(line.strip()):
            part, here = "do", _Part(opening[2], {"do": []}, {"title": number, "do": number})
            found[opening[1]] = here
        elif here is None:
            if line.strip():
                raise BadBatch((BadLine(name, number, "text stands before the first heading '# zh: …' or '# en: …'"),))
        elif heading := _PART.fullmatch(line.strip()):
            part = heading[1]
            here.texts[part], here.lines[part] = [], number
        else:
            here.texts[part].append(line)
    return found


def _finding(loc: tuple[int | str, ...], problem: str, body: dict[str, _Part], lines: list[str], name: str) -> BadLine:
    at = [str(step) for step in loc]
    if at and at[0] in body:
        here = body[at[0]].lines
        line = here.get(at[-1], here["title"])
    else:
        line = _line_of(lines, at[0]) if at else 1
    return BadLine(name, line, f"{'.'.join(at) or 'task'}: {problem}")


def _line_of(lines: list[str], key: str) -> int:
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(f"{key}:")), 1)
