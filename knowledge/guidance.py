"""Guidance packages: for each age a few short messages of what to play, say, guard against and watch. Whom they reach is care's."""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from knowledge.content import AgeBand, Frozen, Lang, Named, Review, Slug, Source
from knowledge.yaml_folder import read_folder

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=400)]


class GuideKind(StrEnum):
    PLAY = "play"
    TALK = "talk"
    SAFETY = "safety"
    WATCH = "watch"
    SEE = "see"


class Guide(Frozen):
    """One short message. `passage` is the slug of the passage where more stands; it counts only while parents can be shown it."""

    kind: GuideKind
    zh: Said
    en: Said
    passage: Slug | None = None

    def wording(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class Package(Named):
    """`age_months` is (from, to): from inclusive, to exclusive, negative before birth. A kind stands in it once at most."""

    age_months: AgeBand
    review: Review
    guides: tuple[Guide, ...] = Field(min_length=3, max_length=5)
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_of_a_kind(self) -> Self:
        kinds = [guide.kind for guide in self.guides]
        if len(kinds) != len(set(kinds)):
            raise ValueError("guides: each kind (play, talk, safety, watch, see) may stand once")
        if not {GuideKind.PLAY, GuideKind.SAFETY} & set(kinds):
            raise ValueError("guides: a package needs something to play or something of safety")
        return self

    def fits(self, months: int) -> bool:
        low, high = self.age_months
        return low <= months < high


@cache
def packages() -> tuple[Package, ...]:
    """Every package, the youngest age first. Raises knowledge.errors.BadBatch with the findings of all files."""
    found = read_folder(files("knowledge").joinpath("guidance"), Package)
    return tuple(sorted(found, key=lambda package: package.age_months))


def package_for(months: int) -> Package | None:
    """The narrowest that fits an age in months, negative before birth."""
    fitting = [package for package in packages() if package.fits(months)]
    return min(fitting, key=lambda package: package.age_months[1] - package.age_months[0], default=None)


def package(slug: str) -> Package | None:
    return next((one for one in packages() if one.slug == slug), None)
