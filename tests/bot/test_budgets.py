"""How much one family and one internet address may send, on both channels: generous, said kindly, and never for danger."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.web.application import create_app
from app.workers.jobs import make_app
from bot.inbox import budgets
from bot.inbox.budgets import DAY, OverBudget
from bot.webchat.receiving import Post, receive
from care.services import Services
from kit import clock
from kit.settings import Settings
from tests.chat.test_plain_form import DANGER, HONEY, say, seen


def few(settings: Settings) -> Settings:
    return settings.model_copy(update={"texts_an_hour": 3, "files_a_day": 2, "megabytes_a_day": 1, "families_an_address": 2})


@pytest.fixture
def sparing(services: Services) -> Services:
    object.__setattr__(services, "settings", few(services.settings))
    return services


def spend(services: Services, family: str, *, place: str = "", files: int = 0, size: int = 0) -> None:
    with services.database.transaction() as session:
        budgets.spend(session, services.settings, family=family, place=place, files=files, size=size)


def test_a_family_has_its_share_and_is_told_when_it_comes_back(sparing: Services) -> None:
    with clock.frozen(clock.now()):
        began = clock.now()
        for _ in range(3):
            spend(sparing, "li")
            clock.advance(timedelta(minutes=10))
        with pytest.raises(OverBudget) as refused:
            spend(sparing, "li")
        assert refused.value.until == began + timedelta(hours=1)
        spend(sparing, "wang")
        clock.advance(timedelta(minutes=30, seconds=1))
        spend(sparing, "li")


def test_files_and_bytes_have_their_own(sparing: Services) -> None:
    spend(sparing, "li", files=1, size=900_000)
    with pytest.raises(OverBudget):
        spend(sparing, "li", files=1, size=200_000)
    spend(sparing, "li", files=1, size=1)
    with pytest.raises(OverBudget):
        spend(sparing, "li", files=1, size=1)
    spend(sparing, "li")
    with pytest.raises(OverBudget) as refused:
        spend(sparing, "zhao", files=1, size=2**30)
    assert refused.value.until > clock.now() + DAY - timedelta(minutes=1)


def test_a_village_behind_one_address_has_the_share_of_many(sparing: Services) -> None:
    for number in range(6):
        spend(sparing, f"family {number}", place="203.0.113.7")
    with pytest.raises(OverBudget):
        spend(sparing, "one more", place="203.0.113.7")
    spend(sparing, "one more", place="203.0.113.8")


def test_on_the_page_the_words_come_back_and_danger_is_answered(sparing: Services) -> None:
    visitor = TestClient(create_app(sparing, jobs=make_app(sparing.database.url)), headers={"accept-language": "zh-CN"})
    for number in range(3):
        say(visitor, f"第{number}句")
    page = say(visitor, HONEY)
    assert page.status_code == 429
    assert "以后才收得下" in seen(page)
    assert f">{HONEY}</textarea>" in page.text
    visitor.headers["accept-language"] = "en"
    assert "we can take more" in seen(say(visitor, HONEY))
    assert say(visitor, DANGER).status_code == 200


def test_what_is_sent_twice_counts_once(sparing: Services) -> None:
    for _ in range(9):
        receive(sparing, Post(address="a" * 64, form_key="one", text="你好", place="203.0.113.7"))
    receive(sparing, Post(address="a" * 64, form_key="two", text="谢谢", place="203.0.113.7"))
