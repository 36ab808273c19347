"""What would be said to a question, before anything is written down."""

import pytest

from care.questions.considering import consider
from care.questions.doses import asks_for_dose
from care.questions.models import Outcome
from care.safety.models import Level
from care.safety.screening import screen
from care.services import Services


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
