"""The first line of a reply to danger: one number, one act. The words stand in `first_lines.yaml`, where reviewers sign them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from care.safety.models import Category, Level, Screened
from kit import yaml_text

Written = str | bool | list[str]
"""A field of an entry as YAML gives it."""


@dataclass(frozen=True, slots=True)
class FirstLine:
    """What to say first in one kind of danger. `None` in a condition means that it does not matter."""

    act: str
    """Key of this line, the only one of its kind: what a stored message keeps of it."""
    number: str
    """The number to call, as dialled; empty where none is asked for."""
    level: Level
    category: Category
    infant: bool | None
    child_writing: bool | None
    about_another: bool | None
    rules: frozenset[str]
    """Names of the only rules it is meant for; empty for any rule of its level and category."""
    zh: str
    en: str

    def fits(self, screened: Screened) -> bool:
        return (
            (screened.level, screened.category) == (self.level, self.category)
            and self.infant in (None, screened.infant)
            and self.child_writing in (None, screened.child_writing)
            and self.about_another in (None, screened.about_another)
            and (not self.rules or screened.rule in self.rules)
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
    written = yaml_text.read(files("care.safety").joinpath("first_lines.yaml").read_text(encoding="utf-8"))
    return tuple(_line(entry) for entry in written)


def _line(entry: Mapping[str, Written]) -> FirstLine:
    return FirstLine(
        act=str(entry["act"]),
        number=str(entry.get("number", "")),
        level=Level(str(entry["level"])),
        category=Category(str(entry["category"])),
        infant=_condition(entry, "infant"),
        child_writing=_condition(entry, "child_writing"),
        about_another=_condition(entry, "about_another"),
        rules=_rules(entry),
        zh=str(entry["zh"]),
        en=str(entry["en"]),
    )


def _rules(entry: Mapping[str, Written]) -> frozenset[str]:
    names = entry.get("rules", [])
    return frozenset(names) if isinstance(names, list) else frozenset()


def _condition(entry: Mapping[str, Written], key: str) -> bool | None:
    return bool(entry[key]) if key in entry else None
