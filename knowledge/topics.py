"""The controlled vocabulary of topics, from `topics.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

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
    listed = yaml.safe_load(files("knowledge").joinpath("topics.yaml").read_text(encoding="utf-8"))
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
