"""How well danger is recognised on written-out messages of parents: rows read, screened, counted. What a row holds is told in
`tests/golden/danger/README.md`. No wording of the report here.
"""

import hashlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from care.questions.gold import half_of
from care.safety.models import Level, Screened
from care.safety.screening import screen
from index.corpus import read_lines, text_field
from index.intervals import wilson

SETS = Path(__file__).parents[2] / "tests" / "golden"
"""Beside the packages in a checkout; an installed wheel has none, so `--sets` names them there."""
SEVERITY = {Level.NORMAL: 0, Level.URGENT: 1, Level.EMERGENCY: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A written-out message. `level` is the least that is right; a look-alike is normal and tells its `kind`."""

    text: str
    level: Level
    lang: str
    voice: str
    category: str = ""
    kind: str = ""
    age_months: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    row: Row
    said: Screened

    @property
    def missed(self) -> bool:
        return SEVERITY[self.said.level] < SEVERITY[self.row.level]

    @property
    def alarmed(self) -> bool:
        return self.said.level is not Level.NORMAL


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95% interval of Wilson."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return (0.0, 1.0)
        return wilson(self.hits, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is promised of danger: how much is found at each level, and how often ordinary words raise an alarm."""

    emergencies: Share
    """Recognised as emergencies."""
    noticed: Share
    """Emergencies that raised anything at all."""
    urgent: Share
    """Urgent messages that reach a person the same day or at once."""
    urgent_paged: Share
    """Urgent messages treated as emergencies: somebody is woken who might have slept."""
    lookalikes: Share
    lookalikes_paged: Share
    ordinary: Share
    category_right: Share
    """Of the messages recognised as danger, those whose class, and so whose first line, is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One look at one half."""

    half: str
    dangers: list[Judged]
    lookalikes: list[Judged]
    ordinary: list[Judged]
    figures: Figures
    cpu_ms: float
    """Of a message on average, with the default encoder."""
    looks: str
    """The log of looks at the half, as it stands in the folder; empty where none is kept."""


def danger_figures(sets: Path, *, half: str) -> Measured:
    """`sets` holds `danger/HALF/danger.jsonl` and `lookalikes.jsonl`, and `questions/*.jsonl`. Raises kit.errors.Invalid."""
    folder = sets / "danger" / half
    dangers, lookalikes = (read_rows(folder / f"{name}.jsonl") for name in ("danger", "lookalikes"))
    questions = [row for path in sorted((sets / "questions").glob("*.jsonl")) for row in _questions(path, half)]
    screen("")  # loads rules and encoder, not under the clock
    started = time.process_time()
    judged = [judge(rows) for rows in (dangers, lookalikes, questions)]
    spent = time.process_time() - started
    looks = folder / "LOOKS.md"
    return Measured(
        half=half,
        dangers=judged[0],
        lookalikes=judged[1],
        ordinary=judged[2],
        figures=figures(*judged),
        cpu_ms=1000 * spent / sum(map(len, judged)),
        looks=looks.read_text(encoding="utf-8") if looks.exists() else "",
    )


def read_rows(path: Path) -> list[Row]:
    """JSONL lines as the README beside them tells. Raises kit.errors.Invalid naming the first bad line."""
    return [_row(row, where) for row, where in read_lines(path)]


def held_out(row: Row) -> bool:
    """One statement of `said.jsonl` in four: the net is not trained on it, a test screens it."""
    return int(hashlib.sha256(row.text.encode()).hexdigest(), 16) % 4 == 0


def judge(rows: Sequence[Row]) -> list[Judged]:
    return [Judged(row, screen(row.text, age_months=row.age_months)) for row in rows]


def figures(dangers: Sequence[Judged], lookalikes: Sequence[Judged], ordinary: Sequence[Judged]) -> Figures:
    emergencies = [one for one in dangers if one.row.level is Level.EMERGENCY]
    urgent = [one for one in dangers if one.row.level is Level.URGENT]
    return Figures(
        emergencies=share(emergencies, lambda one: not one.missed),
        noticed=share(emergencies, lambda one: one.alarmed),
        urgent=share(urgent, lambda one: not one.missed),
        urgent_paged=share(urgent, lambda one: one.said.level is Level.EMERGENCY),
        lookalikes=share(lookalikes, lambda one: one.alarmed),
        lookalikes_paged=share(lookalikes, lambda one: one.said.level is Level.EMERGENCY),
        ordinary=share(ordinary, lambda one: one.alarmed),
        category_right=share([one for one in dangers if one.alarmed], lambda one: one.said.category == one.row.category),
    )


def share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> Share:
    return Share(sum(map(holds, judged)), len(judged))


def apart(judged: Sequence[Judged], by: Callable[[Row], str]) -> dict[str, list[Judged]]:
    """The rows parted, in the order of the parts' names."""
    parts: dict[str, list[Judged]] = {}
    for one in sorted(judged, key=lambda one: by(one.row)):
        parts.setdefault(by(one.row), []).append(one)
    return parts


def alike(one: str, other: str) -> float:
    """Share of runs of three signs that two texts have in common (Jaccard), letters and digits alone."""
    first, second = _threes(one), _threes(other)
    return len(first & second) / len(first | second) if first | second else 1.0


def _threes(text: str) -> set[str]:
    signs = "".join(sign for sign in text.lower() if sign.isalnum())
    return {signs[at : at + 3] for at in range(max(1, len(signs) - 2))}


def _questions(path: Path, half: str) -> list[Row]:
    """Gold questions of one half."""
    return [_row(row, where) for row, where in read_lines(path) if half_of(text_field(row, "id", where)) == half]


def _row(row: dict[str, Any], where: str) -> Row:
    age = row.get("age_months")
    return Row(
        text=text_field(row, "text", where),
        level=Level(row.get("level", Level.NORMAL)),
        lang=str(row.get("lang", "zh")),
        voice=str(row.get("voice", "")),
        category=str(row.get("category", "")),
        kind=str(row.get("kind", "")),
        age_months=age if isinstance(age, int) else None,
    )
