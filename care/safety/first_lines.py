"""The first line of a reply to danger: one number, one act. The words stand in `first_lines.yaml`, where reviewers sign them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from care.safety.models import Category, Level, Screened


@dataclass(frozen=True, slots=True)
class FirstLine:
    """What to say first in one kind of danger. `None` in a condition means that it does not matter."""

    act: str
    """Catalogue key of the one act asked for."""
    number: str
    """The number to call, as dialled; empty where none is asked for."""
    level: Level
    category: Category
    infant: bool | None
    child_writing: bool | None
    zh: str
    en: str

    def fits(self, screened: Screened) -> bool:
        return (
            (screened.level, screened.category) == (self.level, self.category)
            and self.infant in (None, screened.infant)
            and self.child_writing in (None, screened.child_writing)
        )


def first_line(screened: Screened, lang: Literal["zh", "en"]) -> str:
    """The words that stand before everything else in the reply; empty for a message without danger."""
    chosen = chosen_line(screened)
    if chosen is None:
        return ""
    return chosen.zh if lang == "zh" else chosen.en


def chosen_line(screened: Screened) -> FirstLine | None:
    """The first line written for this danger; the more special ones stand above the plain ones. None for a message without danger."""
    if screened.level is Level.NORMAL:
        return None
    return next(line for line in first_lines() if line.fits(screened))


@cache
def first_lines() -> tuple[FirstLine, ...]:
    """All first lines, the more special before the plain."""
    written = yaml.safe_load(files("care.safety").joinpath("first_lines.yaml").read_text(encoding="utf-8"))
    return tuple(_line(entry) for entry in written)


def _line(entry: Mapping[str, str | bool]) -> FirstLine:
    return FirstLine(
        act=str(entry["act"]),
        number=str(entry.get("number", "")),
        level=Level(str(entry["level"])),
        category=Category(str(entry["category"])),
        infant=_condition(entry, "infant"),
        child_writing=_condition(entry, "child_writing"),
        zh=str(entry["zh"]),
        en=str(entry["en"]),
    )


def _condition(entry: Mapping[str, str | bool], key: str) -> bool | None:
    return bool(entry[key]) if key in entry else None
