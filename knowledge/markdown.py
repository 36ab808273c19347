"""Passages as Markdown files with front matter: parse with findings that name file and line, and write the same form back."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kit import yaml_text
from knowledge import topics
from knowledge.content import PassageContent
from knowledge.errors import BadBatch, BadLine

_LANGUAGE = re.compile(r"# (zh|en): *(.+)")
_KEYS = {"slug", "topics", "age_months", "audiences", "questions", "danger_signs", "sources", "review"}


@dataclass(frozen=True, slots=True)
class Parsed:
    content: PassageContent
    reviewed: bool
    reviewed_by: str


def parse_folder(folder: Path) -> tuple[Parsed, ...]:
    """Every `*.md` under `folder`; raises BadBatch with all findings of all files."""
    parsed: list[Parsed] = []
    findings: list[BadLine] = []
    paths = sorted(folder.rglob("*.md"))
    if not paths:
        raise BadBatch((BadLine(str(folder), 1, "no passage files (*.md) here"),))
    for path in paths:
        try:
            parsed.append(parse(path.read_text(encoding="utf-8"), name=path.relative_to(folder).as_posix()))
        except BadBatch as bad:
            findings += bad.findings
        except UnicodeDecodeError:
            findings.append(BadLine(path.name, 1, "the file is not UTF-8 text"))
    findings += _doubles(parsed)
    if findings:
        raise BadBatch(tuple(findings))
    return tuple(parsed)


def parse(text: str, *, name: str) -> Parsed:
    """One file; `name` is used in findings and must end in `<slug>.md`. Raises BadBatch."""
    lines = text.replace("\r\n", "\n").split("\n")
    front, start = _front_matter(lines, name)
    body = _body(lines[start:], start, name)
    content = _content(front, body, lines, name)
    review = front.get("review") or {}
    if review.get("state") == "reviewed" and not str(review.get("by") or "").strip():
        raise BadBatch(
            (BadLine(name, _line_of(lines, "review"), "review: who was it? write {state: reviewed, by: name and title}"),)
        )
    return Parsed(content, reviewed=review.get("state") == "reviewed", reviewed_by=str(review.get("by", "")))


def _front_matter(lines: list[str], name: str) -> tuple[dict[str, Any], int]:
    if lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        raise BadBatch((BadLine(name, 1, "the file must begin with front matter between two lines '---'"),))
    end = next(n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    try:
        front = yaml_text.read("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = mark.line + 2 if mark else 2
        raise BadBatch(
            (BadLine(name, where, f"the front matter is not valid YAML: {getattr(error, 'problem', error)}"),)
        ) from error
    if not isinstance(front, dict):
        raise BadBatch((BadLine(name, 2, "the front matter must be a list of 'key: value' lines"),))
    unknown = set(front) - _KEYS
    if unknown:
        raise BadBatch(
            tuple(BadLine(name, _line_of(lines, str(key)), f"unknown key '{key}'") for key in sorted(map(str, unknown)))
        )
    return front, end + 1


def _body(lines: list[str], offset: int, name: str) -> dict[str, dict[str, Any]]:
    """{"zh": {"title", "text", "more", "line"}, "en": …} from the part below the front matter."""
    found: dict[str, dict[str, Any]] = {}
    here: dict[str, Any] = {}
    part = "text"
    for number, line in enumerate(lines, start=offset + 1):
        if opening := _LANGUAGE.fullmatch(line.strip()):
            here, part = {"title": opening[2], "text": [], "more": [], "line": number}, "text"
            found[opening[1]] = here
        elif line.strip() == "## more" and here:
            part = "more"
        elif here:
            here[part].append(line)
        elif line.strip():
            raise BadBatch((BadLine(name, number, "text stands before the first heading '# zh: …' or '# en: …'"),))
    missing = [lang for lang in ("zh", "en") if lang not in found]
    if missing:
        last = len(lines) + offset
        raise BadBatch(tuple(BadLine(name, last, f"the heading '# {lang}: …' is missing") for lang in missing))
    for language in found.values():
        language["text"] = "\n".join(language["text"]).strip()
        language["more"] = "\n".join(language["more"]).strip()
    return found


def _content(front: dict[str, Any], body: dict[str, dict[str, Any]], lines: list[str], name: str) -> PassageContent:
    raw: dict[str, Any] = {key: front.get(key) for key in ("slug", "topics", "age_months", "audiences", "sources")}
    for lang in ("zh", "en"):
        raw[lang] = {key: body[lang][key] for key in ("title", "text", "more")}
        raw[lang]["questions"] = _listed(front, "questions", lang)
        raw[lang]["danger_signs"] = _listed(front, "danger_signs", lang)
    findings: list[BadLine] = []
    try:
        content = PassageContent.model_validate(raw)
    except ValidationError as error:
        for problem in error.errors():
            at = [str(part) for part in problem["loc"]]
            line = body[at[0]]["line"] if at and at[0] in body and "questions" not in at else _line_of(lines, *reversed(at))
            findings.append(BadLine(name, line, f"{'.'.join(at) or 'passage'}: {problem['msg']}"))
        raise BadBatch(tuple(findings)) from error
    unknown = [topic for topic in content.topics if topic not in topics.by_slug()]
    findings += [BadLine(name, _line_of(lines, "topics"), f"unknown topic '{topic}'") for topic in unknown]
    if Path(name).stem != content.slug:
        findings.append(BadLine(name, _line_of(lines, "slug"), f"the slug '{content.slug}' must be the file's name"))
    if findings:
        raise BadBatch(tuple(findings))
    return content


def _listed(front: dict[str, Any], key: str, lang: str) -> Any:
    given = front.get(key) or {}
    return given.get(lang) or () if isinstance(given, dict) else given


def _line_of(lines: list[str], *keys: str) -> int:
    """The line where the first of `keys` that occurs as a key stands; 1 when none does."""
    for key in keys:
        for number, line in enumerate(lines, start=1):
            if line.lstrip().startswith(f"{key}:"):
                return number
    return 1


def _doubles(parsed: list[Parsed]) -> list[BadLine]:
    seen: set[str] = set()
    doubles = []
    for one in parsed:
        if one.content.slug in seen:
            doubles.append(BadLine(f"{one.content.slug}.md", 1, f"two passages have the slug '{one.content.slug}'"))
        seen.add(one.content.slug)
    return doubles


def write(parsed: Parsed) -> str:
    """The file that `parse` reads back to the same value."""
    content = parsed.content
    front: dict[str, Any] = {
        "slug": content.slug,
        "topics": list(content.topics),
        "age_months": list(content.age_months),
        "audiences": [audience.value for audience in content.audiences],
        "questions": {"zh": list(content.zh.questions), "en": list(content.en.questions)},
    }
    if content.zh.danger_signs or content.en.danger_signs:
        front["danger_signs"] = {"zh": list(content.zh.danger_signs), "en": list(content.en.danger_signs)}
    front["sources"] = [source.model_dump() for source in content.sources]
    front["review"] = {"state": "reviewed", "by": parsed.reviewed_by} if parsed.reviewed else {"state": "unreviewed"}
    parts = ["---", yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=120).strip(), "---"]
    for lang, wording in (("zh", content.zh), ("en", content.en)):
        parts += [f"# {lang}: {wording.title}", wording.text, ""]
        if wording.more:
            parts += ["## more", wording.more, ""]
    return "\n".join(parts)
