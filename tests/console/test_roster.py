"""The page of the duty roster: seen by everybody on it, changed by administrators, with its gaps told in sentences."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import select

from care.cases.hours import DutyHours
from care.people import actions as people
from care.places.models import Place
from care.roster.models import Leave, Shift
from care.services import Services
from kit import clock
from kit.accounts.models import Role, Staff
from tests.console.conftest import Hire

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=clock.CHINA)


@pytest.fixture(autouse=True)
def monday() -> object:
    with clock.frozen(MONDAY):
        yield


def city(services: Services) -> str:
    with services.database.transaction() as session:
        return str(session.exec(select(Place.id).where(Place.code == "500000")).one())


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, hours=DutyHours.parse("08:30-20:00"))


def empty(page: str) -> list[str]:
    return re.findall(r'<li class="late">([^<]+)</li>', page)


def test_shifts_are_put_on_shown_with_their_gaps_and_taken_off(services: Services, hire: Hire) -> None:
    boss, wang = hire("boss", Role.ADMINISTRATOR), hire("wang")
    boss.browser.get("/console/duty")
    assert "表上还没有人" in boss.browser.page
    whole = {"staff": str(wang.key), "place": city(services), "substitute": str(boss.key)}
    boss.browser.submit("/console/duty/shifts", **whole, day="2026-11-29", begins="06:00", ends="06:00")
    page = boss.browser.submit("/console/duty/shifts", **whole, weekdays="0", begins="20:00", ends="08:30").text
    assert "排上了" in page
    assert "每周一 20:00–第二天 08:30" in page
    assert "替班：boss老师" in page
    assert empty(page) == [
        "周二、周三、周四、周五 20:00–第二天 08:30 没有人值班",
        "周六 20:00–周日 06:00 没有人值班",
    ]
    assert "表上没有人，叫的是在岗的同事" in page
    page = boss.browser.submit("/console/duty/shifts", **whole, day="2026-11-28", begins="20:00", ends="02:00").text
    assert "周日 02:00–06:00 没有人值班" in empty(page)
    with services.database.transaction() as session:
        number = session.exec(select(Shift.id).where(Shift.weekday == 0)).one()
    page = boss.browser.submit(f"/console/duty/shifts/{number}/remove").text
    assert "这个班去掉了" in page
    assert "每周一" not in page


def test_a_wrong_shift_is_told_and_nothing_typed_is_lost(services: Services, hire: Hire) -> None:
    boss, wang = hire("boss", Role.ADMINISTRATOR), hire("wang")
    boss.browser.get("/console/duty")
    typed = {"staff": str(wang.key), "place": city(services), "begins": "22:00", "ends": "06:00"}
    refused = boss.browser.submit("/console/duty/shifts", **typed)
    assert refused.status_code == 422
    assert "请选每周哪几天" in refused.text
    assert f'<option value="{wang.key}" selected>' in refused.text
    assert 'value="22:00"' in refused.text
    for wrong in ({"day": "soon"}, {"weekdays": "9"}, {"weekdays": "0", "begins": "x"}, {"weekdays": "0", "staff": "9" * 30}):
        assert boss.browser.submit("/console/duty/shifts", **{**typed, **wrong}).status_code == 422
    assert boss.browser.submit("/console/duty/leaves", who=str(wang.key), first_day="2026-11-20").status_code == 422
    assert boss.browser.submit("/console/duty/shifts/99/remove").status_code == 404


def test_leave_is_noted_and_the_substitute_stands_in_the_week(services: Services, hire: Hire) -> None:
    boss, wang, li = hire("boss", Role.ADMINISTRATOR), hire("wang"), hire("li")
    boss.browser.get("/console/duty")
    boss.browser.submit(
        "/console/duty/shifts", staff=str(wang.key), place=city(services), weekdays="2", begins="08:00", ends="20:00"
    )
    page = boss.browser.submit("/console/duty/leaves", who=str(wang.key), first_day="2026-11-25", stands_in=str(li.key)).text
    assert "请假记下了" in page
    assert '<b>li老师</b> <span class="soft small">替 wang老师</span>' in page
    with services.database.transaction() as session:
        number = session.exec(select(Leave.id)).one()
    assert "请假去掉了" in boss.browser.submit(f"/console/duty/leaves/{number}/remove").text


def test_an_instructor_sees_her_own_and_changes_nothing(services: Services, hire: Hire) -> None:
    boss, wang, li = hire("boss", Role.ADMINISTRATOR), hire("wang"), hire("li")
    boss.browser.get("/console/duty")
    for who in (wang, li):
        boss.browser.submit(
            "/console/duty/shifts", staff=str(who.key), place=city(services), weekdays="0", begins="08:00", ends="20:00"
        )
    page = wang.browser.get("/console/duty").text
    assert "还没有关联 Telegram" in page  # nothing claims that she is called
    with services.database.transaction() as session:
        session.get_one(Staff, wang.key).telegram_address = "555"
    page = wang.browser.get("/console/duty").text
    assert "现在是您值班" in page
    assert "现在是您值班" in wang.browser.get("/console/me").text
    assert "li老师" not in page
    assert "/console/duty/shifts" not in page
    assert wang.browser.submit("/console/duty/shifts", staff=str(wang.key)).status_code == 403
    assert hire("ed", Role.EDITOR).browser.get("/console/duty").status_code == 403


def test_whoever_should_stand_and_is_switched_off_is_named(services: Services, hire: Hire) -> None:
    boss, wang = hire("boss", Role.ADMINISTRATOR), hire("wang")
    boss.browser.get("/console/duty")
    boss.browser.submit(
        "/console/duty/shifts", staff=str(wang.key), place=city(services), weekdays="0", begins="08:00", ends="20:00"
    )
    assert "wang老师 没有连 Telegram" in boss.browser.page
    with services.database.transaction() as session:
        people.go_off_duty(session, session.get_one(Staff, wang.key))
    assert "可是按了「不在岗」" in boss.browser.get("/console/duty").text
