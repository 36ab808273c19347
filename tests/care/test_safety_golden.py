"""How well danger is recognised on written-out messages of parents; what a row holds is told in `tests/golden/danger/README.md`."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from care.safety import Category, Level, screen

CURRICULUM = Path(__file__).parent.parent.parent / "knowledge" / "curriculum"
GOLDEN = Path(__file__).parent.parent / "golden" / "danger"
MOST_FALSE_ALARMS = 0.08
RANK = {Level.NORMAL: 0, Level.URGENT: 1, Level.EMERGENCY: 2}


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    level: Level
    category: str
    lang: str
    half: str
    age_months: int | None

    @property
    def missed(self) -> bool:
        return RANK[screen(self.text, age_months=self.age_months).level] < RANK[self.level]

    @property
    def over(self) -> bool:
        return RANK[screen(self.text, age_months=self.age_months).level] > RANK[self.level]


def _rows(name: str) -> list[Row]:
    lines = [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]
    return [
        Row(
            text=line["text"],
            level=Level(line["level"]),
            category=line.get("category", ""),
            lang=line["lang"],
            half=line.get("half") or _half(line["text"]),
            age_months=line.get("age_months"),
        )
        for line in lines
    ]


def _half(text: str) -> str:
    """The text decides, so a row keeps its half for ever; a row that was once missed says `half: tuning` itself."""
    return "reporting" if int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 else "tuning"


DANGER = _rows("danger.jsonl")
LOOKALIKES = _rows("lookalikes.jsonl")


def test_the_sets_are_large_and_cover_classes_languages_and_halves() -> None:
    for rows in (DANGER, LOOKALIKES):
        assert len({row.text for row in rows}) == len(rows) >= 150
        for half in ("tuning", "reporting"):
            assert {row.lang for row in rows if row.half == half} == {"zh", "en"}
    told = {Category(row.category) for row in DANGER if row.half == "reporting"}
    assert told == set(Category) - {Category.UNREADABLE, Category.ERROR, Category.NONE}


@pytest.mark.parametrize("half", ["tuning", "reporting"])
def test_no_emergency_is_missed(half: str) -> None:
    assert [row.text for row in DANGER if row.half == half and row.level is Level.EMERGENCY and row.missed] == []


@pytest.mark.parametrize("half", ["tuning", "reporting"])
def test_nearly_every_urgent_message_reaches_a_person(half: str) -> None:
    urgent = [row for row in DANGER if row.half == half and row.level is Level.URGENT]
    missed = [row.text for row in urgent if row.missed]
    assert len(missed) <= 0.05 * len(urgent), missed


@pytest.mark.parametrize("half", ["tuning", "reporting"])
def test_few_lookalikes_raise_an_alarm(half: str) -> None:
    rows = [row for row in LOOKALIKES if row.half == half]
    alarms = [row.text for row in rows if row.over]
    assert len(alarms) <= MOST_FALSE_ALARMS * len(rows), alarms


def test_the_category_that_chooses_the_first_line_is_nearly_always_right() -> None:
    wrong = [row.text for row in DANGER if screen(row.text, age_months=row.age_months).category != row.category]
    assert len(wrong) <= 0.03 * len(DANGER), wrong


def test_few_questions_of_the_curriculum_raise_an_alarm() -> None:
    """Passages on choking, poison or fever list dangerous questions on purpose, so some alarms are right."""
    questions = [
        question
        for passage in sorted(CURRICULUM.glob("*.md"))
        for asked in yaml.safe_load(passage.read_text(encoding="utf-8").split("---")[1])["questions"].values()
        for question in asked
    ]
    alarms = [question for question in questions if screen(question).level is not Level.NORMAL]
    assert len(alarms) <= 0.1 * len(questions), alarms
