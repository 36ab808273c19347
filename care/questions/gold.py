"""Gold questions: what parents would ask, with what counts as right, and the two halves of them. Nothing is asked here."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from index.corpus import lang_field, read_lines, text_field
from kit.errors import Invalid
from knowledge.content import Lang

FOLDER = Path(__file__).parents[2] / "tests" / "golden" / "questions"
"""Of a checkout, which is how Peiban is installed; another folder is named by `--sets` or by GOLD_DIR."""


class Half(StrEnum):
    TUNING = "tuning"  # for fitting, and for the gate, which asks it again with every edition
    REPORTING = "reporting"  # for reports alone; each look is logged in the README beside the questions


class Sort(StrEnum):
    OURS = "ours"
    NEAR = "near"  # near our subject, and no passage answers it
    OFF = "off"  # not about raising a child


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """`topics` are the main topics that count as right, the likeliest first. `previous` is the message before a follow-up."""

    name: str
    text: str
    lang: Lang
    sort: Sort = Sort.OURS
    age_months: int | None = None
    topics: tuple[str, ...] = ()
    style: str = ""
    previous: str = ""


def half_of(name: str) -> Half:
    """An odd checksum of its id keeps a question for reports."""
    odd = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 1
    return Half.REPORTING if odd else Half.TUNING


def read_gold(folder: Path = FOLDER, *, half: Half) -> list[GoldQuestion]:
    """All files of the folder, by name. Raises kit.errors.NotFound without one, and kit.errors.Invalid naming the first bad line."""
    paths = sorted(folder.glob("*.jsonl")) or [folder / "zh.jsonl"]  # which is then told to be missing
    found = [_question(row, where) for path in paths for row, where in read_lines(path)]
    return [one for one in found if half_of(one.name) is half]


def _question(row: dict[str, object], where: str) -> GoldQuestion:
    sort = row.get("kind", Sort.OURS)
    if sort not in list(Sort):
        raise Invalid(f'{where}: "kind" must be near, off or left out', where=where)
    age, topics = row.get("age_months"), row.get("topics", [])
    if not isinstance(topics, list) or (sort == Sort.OURS and not topics):
        raise Invalid(f'{where}: "topics" must list what counts as right', where=where)
    return GoldQuestion(
        name=text_field(row, "id", where),
        text=text_field(row, "text", where),
        lang=lang_field(row, where) or "zh",
        sort=Sort(str(sort)),
        age_months=int(age) if isinstance(age, int | float) else None,
        topics=tuple(map(str, topics)),
        style=str(row.get("style", "")),
        previous=str(row.get("previous", "")),
    )
