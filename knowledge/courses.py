"""Courses of the Parents' Classroom: paths of scenes that parents know, each with passages, a tool to keep, tasks, and the plan
of an offline class. Who signs up for a class is care's, how a card is printed bot's.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from knowledge.content import AgeBand, Audience, Frozen, Lang, Line, Named, Review, Slug, Source
from knowledge.yaml_folder import read_folder

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=500)]
CLASS_MINUTES = 60
HELP_NUMBERS = ("120", "110", "119", "12356", "12338")
"""Those that a card may print large, the most urgent first."""


class Scene(Frozen):
    """A moment at home by the name that parents give it, and two or three sentences that open it."""

    title: Line
    text: Said


class Tool(Frozen):
    """A checklist or card to keep on the fridge."""

    title: Line
    lines: tuple[Line, ...] = Field(min_length=3, max_length=10)


class Step(Frozen):
    minutes: int = Field(ge=2, le=30)
    text: Said


class ClassPlan(Frozen):
    """A class of 60 minutes as an instructor holds it: `bring` is what she needs, `home` what families take home to try."""

    aim: Said
    bring: Line
    steps: tuple[Step, ...] = Field(min_length=4, max_length=8)
    home: Said


class CourseWording(Frozen):
    title: Line
    intro: Said
    scenes: tuple[Scene, ...] = Field(min_length=3, max_length=7)
    tool: Tool
    plan: ClassPlan

    @model_validator(mode="after")
    def _one_hour(self) -> Self:
        total = sum(step.minutes for step in self.plan.steps)
        if total != CLASS_MINUTES:
            raise ValueError(f"plan: the steps take {total} minutes, they must take {CLASS_MINUTES}")
        return self


class Course(Named):
    """`passages` holds for each scene the slugs of its passages, in both languages alike; `tasks` are slugs of homework."""

    age_months: AgeBand
    audiences: tuple[Audience, ...] = Field(min_length=1)
    review: Review
    passages: tuple[tuple[Slug, ...], ...]
    tasks: tuple[Slug, ...] = Field(min_length=1, max_length=6)
    sources: tuple[Source, ...] = Field(min_length=1)
    zh: CourseWording
    en: CourseWording

    @model_validator(mode="after")
    def _in_step(self) -> Self:
        if not len(self.zh.scenes) == len(self.en.scenes) == len(self.passages):
            raise ValueError("scenes: zh, en and passages must list the same scenes in the same order")
        if not all(self.passages):
            raise ValueError("passages: every scene needs at least one passage")
        if [step.minutes for step in self.zh.plan.steps] != [step.minutes for step in self.en.plan.steps]:
            raise ValueError("plan: the steps of zh and en must take the same minutes")
        return self

    def wording(self, lang: Lang) -> CourseWording:
        return self.zh if lang == "zh" else self.en

    def numbers(self, lang: Lang) -> tuple[str, ...]:
        """Numbers of help that its texts hold; no other is printed on its card."""
        held = set(re.findall(r"\d+", self.wording(lang).model_dump_json()))
        return tuple(number for number in HELP_NUMBERS if number in held)

    @property
    def mark(self) -> str:
        """Eight signs that change whenever a word of it does, so that an old sheet can be told from a new one."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]


@cache
def courses() -> tuple[Course, ...]:
    """Every course, the youngest age first. Raises knowledge.errors.BadBatch with the findings of all files."""
    found = read_folder(files("knowledge").joinpath("courses"), Course)
    return tuple(sorted(found, key=lambda course: (course.age_months, course.slug)))


def course(slug: str) -> Course | None:
    return next((one for one in courses() if one.slug == slug), None)
