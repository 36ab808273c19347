"""The controlled vocabulary of topics, from `topics.yaml`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kit import yaml_text
from knowledge.content import Lang


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    zh: str
    en: str

    def name(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class TopicGroup:
    slug: str
    zh: str
    en: str
    topics: tuple[Topic, ...]

    def name(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


@cache
def groups() -> tuple[TopicGroup, ...]:
    """The groups in the order of the menu."""
    listed = yaml_text.read(files("knowledge").joinpath("topics.yaml").read_text(encoding="utf-8"))
    return tuple(
        TopicGroup(row["group"], row["zh"], row["en"], tuple(Topic(t["slug"], t["zh"], t["en"]) for t in row["topics"]))
        for row in listed
    )


@cache
def by_slug() -> dict[str, Topic]:
    return {topic.slug: topic for group in groups() for topic in group.topics}


@cache
def group_of() -> dict[str, TopicGroup]:
    """Topic slug to its group."""
    return {topic.slug: group for group in groups() for topic in group.topics}


_CAREFUL_GROUPS = frozenset({"health", "safety"})
_CAREFUL = frozenset(
    {"safe_sleep", "honey_under_1", "food_allergy", "food_hygiene", "physical_punishment", "caregiver_anger", "left_behind"}
    | {"postpartum_mood"}
)


def needs_care(chosen: Iterable[str]) -> bool:
    """Whether one of these topics is of health, of safety, or of protecting a child or a mother: two people review those."""
    groups = group_of()
    return any(slug in _CAREFUL or (slug in groups and groups[slug].slug in _CAREFUL_GROUPS) for slug in chosen)
