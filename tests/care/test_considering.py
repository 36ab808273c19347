"""What would be said to a question, before anything is written down."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from care.editions.bundles import OpenEdition
from care.questions.considering import Found, _choices_of_this_age, _same_at_other_ages, consider
from care.questions.doses import asks_for_dose
from care.questions.models import Outcome
from care.safety.models import Level
from care.safety.screening import screen
from care.services import Services
from knowledge.markdown import parse_folder


@pytest.mark.parametrize(
    "text",
    [
        "给娃吃多少毫升布洛芬",
        "美林一次喝几毫升",
        "一岁发烧退烧药吃好多",
        "头孢一天吃几次",
        "How much paracetamol for a 10 month old?",
        "what dose of ibuprofen should I give",
    ],
)
def test_a_dose_is_never_answered_but_by_a_person(services: Services, text: str) -> None:
    considered = consider(screen(text), services.library.current(), lang="zh")
    assert considered.outcome in (Outcome.RELAY, Outcome.EMERGENCY)


@pytest.mark.parametrize(
    "text", ["发烧要不要吃退烧药", "一天喝多少奶", "维生素D吃多少", "how much sleep does a 2 year old need", "娃儿不肯吃药怎么办"]
)
def test_other_amounts_are_ordinary_questions(text: str) -> None:
    assert not asks_for_dose(text)


def test_danger_decides_before_the_search_does(services: Services) -> None:
    considered = consider(screen("宝宝喊不醒 嘴巴乌了 可以吃蜂蜜吗"), services.library.current(), lang="zh")
    assert considered.outcome is Outcome.EMERGENCY
    assert considered.found


@pytest.mark.parametrize("text", ["婴儿三个月不到 38度", "还差十天满三个月 烧到38度"])
def test_not_quite_three_months_is_under_three_months(text: str) -> None:
    assert screen(text).level is Level.EMERGENCY


@pytest.fixture(scope="module")
def fevers() -> dict[str, Any]:
    """Everything that the curriculum says of fever, as an edition holds it."""
    passages = [one.content for one in parse_folder(Path("knowledge/curriculum"))]
    return {one.slug: SimpleNamespace(content=one) for one in passages if one.topics[0] == "fever_care"}


@pytest.mark.parametrize("nearest", ["taking-the-temperature", "fever-at-night-in-the-village", "fever-under-3-months"])
def test_a_fever_without_an_age_offers_every_age(fevers: dict[str, Any], nearest: str) -> None:
    offered = _same_at_other_ages((Found(fevers[nearest], 1.0),), cast(OpenEdition, SimpleNamespace(passages=fevers)))
    assert [fevers[slug].content.age_months[0] for slug in offered] == [0, 3, 6]
    assert offered[:2] == ("fever-under-3-months", "fever-3-to-6-months")


def test_an_age_that_was_told_offers_no_other(fevers: dict[str, Any]) -> None:
    found = tuple(Found(fevers[slug], 1.0) for slug in ("fever-after-6-months", "fever-3-to-6-months", "fever-medicine-safely"))
    edition = cast(OpenEdition, SimpleNamespace(passages=fevers))
    choices = _choices_of_this_age(("fever-3-to-6-months", "fever-after-6-months"), found, edition, age=19)
    assert choices == ("fever-after-6-months", "fever-medicine-safely")
