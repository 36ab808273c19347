"""`peiban editions check` and `publish` at the gate: what a refusal says, and what it takes to override it."""

import pytest

from care.services import Services
from knowledge.editions.freezing import freeze
from tests.cli.conftest import Peiban
from tests.fixtures.editions import built_without_two, live


@pytest.fixture
def poorer(services: Services) -> int:
    return built_without_two(services)


def test_a_refused_edition_is_told_question_by_question(peiban: Peiban, services: Services, poorer: int) -> None:
    for command in ("check", "publish"):
        ran = peiban("editions", command, poorer)
        assert ran.code == 1
        assert "不是碰巧" in ran.err
        assert "「八个月的娃儿可以吃蜂蜜不」原来是《一岁前，蜂蜜一口都不要给》（这一篇没有了）" in ran.err
        assert "Traceback" not in ran.err
    assert f"第 {poorer} 版没有发布" in ran.err
    assert live(services) == 1


def test_a_reason_publishes_it_all_the_same(peiban: Peiban, services: Services, poorer: int) -> None:
    assert peiban("editions", "publish", poorer, "--despite-gate", " ").code == 2
    assert live(services) == 1
    ran = peiban("editions", "publish", poorer, "--despite-gate", "两篇要撤下")
    assert ran.code == 0, ran.err
    assert live(services) == poorer


def test_an_edition_as_good_may_be_published(peiban: Peiban, services: Services) -> None:
    with services.database.transaction() as session:
        number = freeze(session).key
    assert peiban("editions", "build", number).code == 0
    ran = peiban("editions", "check", number)
    assert (ran.code, live(services)) == (0, 1)
    assert "答坏了 0 个" in ran.err
