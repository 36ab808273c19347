"""Danger, and despair or blows that wait for a person, while nobody of ours is on duty: what she is told, and who hears of it when."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from app.workers import tick
from care.cases.hours import DutyHours
from care.duty import queries
from care.duty.models import Page
from care.duty.queries import Call
from care.families.models import Channel
from care.services import Services
from kit import clock
from kit.accounts.models import Role
from tests.conftest import GivenSettings
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

DESPAIR = "我不想活了，娃儿我也带不动了"
NOT_WAKING = "宝宝喊不醒 嘴巴乌了"
THREE_AT_NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=clock.CHINA)
EARLY = datetime(2026, 11, 23, 8, 30, 1, tzinfo=clock.CHINA)


@pytest.fixture
def town(services: Services) -> Services:
    """With hours by day and one address that is manned at night."""
    settings = GivenSettings(**{**services.settings.model_dump(), "duty_notify": "json://127.0.0.1:9/"})
    hours = DutyHours.parse("08:30-20:00")
    return Services(settings, services.database, services.blobs, services.library, hours, services.signing_key)


def tried(services: Services) -> tuple[Call, ...]:
    with services.database.transaction() as session:
        return queries.calls(session, 1)


@pytest.mark.parametrize(("words", "number"), [(DESPAIR, "12356"), ("老公喝了酒就打我", "110")])
def test_despair_and_blows_with_nobody_on_duty_are_told_so_and_whoever_comes_gets_the_card(
    town: Services, words: str, number: str
) -> None:
    teacher = instructor(town, "wang", name="王芳", address="900", role=Role.ADMINISTRATOR).commands("off")
    mother = Talker(town, "m").says(words)
    assert mother.kinds == ["urgent"]
    assert "没有人值班" in mother.text
    assert "有人联系您" not in mother.text
    assert number in mother.text
    assert mother.presses("留个电话").says("13812345678").kinds == ["phone_kept"]
    assert [call.nobody for call in tried(town)] == [True, False]  # and the address was paged
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        tick.look(town)
        assert teacher.looks().kinds == []
        teacher.commands("on")
        tick.look(town)
        tick.look(town)
        assert teacher.looks().kinds == ["case_card"]


def test_with_somebody_on_duty_she_is_told_by_when(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900", role=Role.ADMINISTRATOR)
    mother = Talker(services, "m").says(DESPAIR)
    assert "有人联系您" in mother.text
    assert "要当天联系" in teacher.looks().text


def test_at_night_her_second_message_rings_nobody_and_it_is_told_who_was_tried(town: Services) -> None:
    with clock.frozen(THREE_AT_NIGHT):
        teacher = instructor(town, "wang", name="王芳", address="900")
        mother = Talker(town, "m").says(NOT_WAKING)
        assert [(call.nobody, call.place) for call in tried(town)] == [(True, None), (False, 1)]
        mother.says("我住昌元街道12号")
        assert mother.kinds == ["heard"]
        assert teacher.looks().kinds == []
        with town.database.transaction() as session:
            assert len(session.exec(select(Page)).all()) == 1
    with clock.frozen(EARLY):
        tick.look(town)
        assert teacher.looks().kinds == ["danger_card"]
        assert "昌元街道" in teacher.text


def test_with_nobody_and_no_address_more_words_are_not_said_to_be_seen(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900").commands("off")
    mother = Talker(services, "m").says(NOT_WAKING)
    assert "请老师打过来" not in "".join(mother.labels)
    mother.says("我住昌元街道12号")
    assert "接手的人看得到" not in mother.text
    assert "没有人值班" in mother.text
    assert [call.nobody for call in tried(services)] == [True]


def test_whoever_was_paged_hears_what_she_adds(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m", channel=Channel.WEB).says(NOT_WAKING)
    teacher.looks()
    mother.says("我住昌元街道12号")
    assert teacher.looks().kinds == ["case_more"]
