"""Danger in Telegram: the number at once, and only the truth about who was told."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from care.duty.models import Page, PageState
from kit import clock
from tests.stories.town import NOT_WAKING, Town

BY_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=clock.CHINA)
THREE_AT_NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=clock.CHINA)
HOURS = "08:30-20:00"
TOLD = "已经通知"


async def test_by_day_a_page_reaches_who_is_on_duty_and_then_it_is_said(town: Town) -> None:
    town = town.with_hours(HOURS)
    mother = town.mother()
    with clock.frozen(BY_DAY):
        async with town.open():
            teacher = await town.teacher("chen", "陈老师")
            await mother.says(NOT_WAKING)
            first = await mother.expects("120")
            assert "120" in first.text[:15]
            assert TOLD not in first.text
            card = await teacher.expects("紧急求助")
            assert NOT_WAKING in card.text
            await mother.expects(TOLD)
            await teacher.replies(card, "我马上打给您，先打120")
            await teacher.expects("已发出")
            await mother.expects("我马上打给您")  # when a life hangs on it no tap stands before the words
    with town.services.database.transaction() as session:
        assert session.exec(select(Page.state)).all() == [PageState.REACHED]


async def test_at_three_at_night_with_nobody_on_duty_nobody_is_said_to_be_told(town: Town) -> None:
    town = town.with_hours(HOURS)
    mother = town.mother()
    with clock.frozen(THREE_AT_NIGHT):
        async with town.open():
            teacher = await town.teacher("chen", "陈老师")
            await mother.says(NOT_WAKING)
            first = await mother.expects("没有人值班")
            assert "120" in first.text[:15]
            clock.advance(timedelta(minutes=2))
            await mother.expects_nothing(TOLD, within=2)
            assert not any("紧急求助" in message.text for message in teacher.received)


@pytest.mark.parametrize("fault", ["403", pytest.param("timeout_before", marks=pytest.mark.slow)])
async def test_a_page_that_does_not_arrive_is_not_said_to_have_arrived(town: Town, fault: str) -> None:
    town = town.with_hours(HOURS)
    mother = town.mother()
    with clock.frozen(BY_DAY):
        async with town.open():
            teacher = await town.teacher("chen", "陈老师")
            town.server.fail_next("sendMessage", kind=fault, person=teacher, times=9)
            await mother.says(NOT_WAKING)
            await mother.expects("120")
            clock.advance(timedelta(seconds=31))
            await mother.expects("还没联系上")
    assert not any(TOLD in message.text for message in mother.received)


async def test_danger_interrupts_a_flow_and_english_is_answered_in_english(town: Town) -> None:
    mother = town.mother("Jane", language_code="en")
    async with town.open():
        await mother.says("/child")
        await mother.expects("year")
        await mother.says("My baby is not waking up and her lips are blue")
        first = await mother.expects("120")
        assert first.text.startswith("🚨")
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in first.text)


async def test_an_edited_message_that_now_tells_of_danger_is_heard(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        said = await mother.says("你好")
        await mother.expects("电脑程序")
        await mother.edits(said, NOT_WAKING)
        assert "120" in (await mother.expects("120")).text[:15]
