"""Synthetic training messages out of `tests/golden/danger/tuning/phrases.yaml`: the same ones at every run."""

import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from care.safety.evaluating import Row
from care.safety.models import Level

SEED = 11
DRAWN = 30
"""Messages drawn from one line of danger; of an ordinary line four times as many, because there are fewer of them."""
NOTES = 700
"""Messages that get a sentence about homework before them."""

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*)\)")


def synthetic(path: Path) -> list[Row]:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    chance = random.Random(SEED)
    rows = [*_dangers(written, chance), *_ordinary(written, chance)]
    noted = [row for row in chance.sample(rows, NOTES) if row.lang == "zh"]
    return rows + [_with_note(row, written["slots"]["HW"], chance) for row in noted]


def _dangers(written: Mapping[str, Mapping[str, list[str]]], chance: random.Random) -> Iterator[Row]:
    slots = written["slots"]
    for heading, lines in written["danger"].items():
        level, category, lang = heading.split()
        for line in lines:
            for text in _drawn(line, slots, DRAWN, chance):
                yield Row(text=text, level=Level(level), category=category, lang=lang, voice="")


def _ordinary(written: Mapping[str, Mapping[str, list[str]]], chance: random.Random) -> Iterator[Row]:
    for lang, lines in written["normal"].items():
        for line in lines:
            for text in _drawn(line, written["slots"], 4 * DRAWN, chance):
                yield Row(text=text, level=Level.NORMAL, lang=lang, voice="")


def _drawn(line: str, slots: Mapping[str, list[str]], count: int, chance: random.Random) -> list[str]:
    return sorted({_one(line, slots, chance) for _ in range(count)})


def _one(line: str, slots: Mapping[str, list[str]], chance: random.Random) -> str:
    before = ""
    while before != line:
        before = line
        line = _SLOT.sub(lambda found: str(chance.choice(slots[found[1]])), line)
        line = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), line)
    return " ".join(line.split())


def _with_note(row: Row, notes: list[str], chance: random.Random) -> Row:
    text = chance.choice(notes) + chance.choice([" ", "，", "。对了 "]) + row.text
    return Row(text=text, level=row.level, category=row.category, lang=row.lang, voice="")
