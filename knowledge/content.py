"""What a passage says: the one shape in which passages are imported, stored, frozen, exported and shown."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Lang = Literal["zh", "en"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


def _in_order(band: tuple[int, int]) -> tuple[int, int]:
    low, high = band
    if not -10 <= low < high <= 216:
        raise ValueError("age_months must be [from, to] with -10 <= from < to <= 216 (negative: before birth)")
    return band


AgeBand = Annotated[tuple[int, int], AfterValidator(_in_order)]
"""Months, from inclusive, to exclusive."""


class Audience(StrEnum):
    NEW_PARENTS = "new_parents"
    ORDINARY_FAMILIES = "ordinary_families"
    SPECIAL_NEEDS = "special_needs"
    GUARDIANSHIP_RISK = "guardianship_risk"


class Frozen(BaseModel):
    """What every part of the curriculum is made of: unchangeable, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Frozen):
    """Something with a file of its own, named like its slug; short enough for a button's 64 bytes."""

    slug: Annotated[Slug, StringConstraints(max_length=48)]


class Review(Frozen):
    """Whether a local expert has read it; until then it says so wherever it is shown."""

    state: Literal["reviewed", "unreviewed"]
    by: str = ""


class Source(Frozen):
    organisation: Line
    title: Line
    year: int = Field(ge=1950, le=2100)


class Wording(Frozen):
    """A passage in one language. `text` is the core shown at once, `more` unfolds."""

    title: Line
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=1200)]
    more: Annotated[str, StringConstraints(strip_whitespace=True, max_length=3000)] = ""
    questions: tuple[Line, ...] = Field(min_length=3)
    danger_signs: tuple[Line, ...] = ()


class PassageContent(Frozen):
    """`age_months` is (from, to): from inclusive, to exclusive; (0, 72) means every age we serve."""

    slug: Slug
    topics: tuple[str, ...] = Field(min_length=1, max_length=3)
    age_months: AgeBand
    audiences: tuple[Audience, ...] = Field(min_length=1)
    zh: Wording
    en: Wording
    sources: tuple[Source, ...] = Field(min_length=1)

    def wording(self, lang: Lang) -> Wording:
        return self.zh if lang == "zh" else self.en
