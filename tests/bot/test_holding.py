"""A danger that somebody holds: silent for ten minutes she is reminded, then it climbs on; and what becomes of it when she leaves."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.console.alarm import alarm_for
from app.workers import tick
from care.cases import actions as cases
from care.cases.models import Case, CaseState
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor, staff_row
from tests.fixtures.talk import Talker

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=clock.CHINA)
MINUTE = timedelta(minutes=1)
ATE_POISON = "娃儿把老鼠药吃了"


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with clock.frozen(TEN):
        yield


@pytest.fixture
def two(services: Services) -> tuple[Talker, Talker, Talker]:
    """Wang holds the danger of a mother, Li is there as well."""
    wang, li = (
        instructor(services, login, name=name, address=address)
        for login, name, address in (("wang", "王芳", "900"), ("li", "李梅", "901"))
    )
    mother = Talker(services, "m").says(ATE_POISON)
    li.looks()
    wang.looks().presses("我来答")
    return wang, li, mother


def pass_minutes(services: Services, minutes: int) -> None:
    for _ in range(minutes):
        clock.advance(MINUTE)
        tick.look(services)


def case_of(session: Session) -> Case:
    return session.exec(select(Case)).one()


def test_a_silent_holder_is_reminded_and_then_everybody_is_called(services: Services, two: tuple[Talker, ...]) -> None:
    wang, li, _ = two
    pass_minutes(services, 9)
    assert wang.looks().kinds == []
    pass_minutes(services, 2)
    assert wang.looks().kinds == ["danger_unwritten"]
    assert li.looks().kinds == []
    bar = alarm_for(services, staff_row(services, "wang"))
    assert bar
    assert (bar.silent, bar.rings) == (1, True)
    pass_minutes(services, 5)
    assert li.looks().kinds == ["danger_card"]
    li.presses("我来答")
    assert li.kinds == ["taken"]


def test_saying_so_and_writing_keep_it_until_the_parent_waits_again(services: Services, two: tuple[Talker, ...]) -> None:
    wang, li, mother = two
    pass_minutes(services, 10)
    wang.looks().presses("正在联系家长")
    assert "十分钟里不叫别人" in wang.text
    pass_minutes(services, 9)
    assert li.looks().kinds == []
    with services.database.transaction() as session:
        cases.answer(session, case_of(session), by=staff_row(services, "wang"), text="120 到了没有？", key="r")
    pass_minutes(services, 12)
    mother.says("还在吐，人没得精神")
    pass_minutes(services, 9)
    assert "danger_unwritten" not in wang.looks().kinds  # her new words wait for nine minutes only
    pass_minutes(services, 2)
    assert wang.looks().kinds == ["danger_unwritten"]


def test_going_off_duty_with_it_asks_first_and_then_calls_whoever_is_there(services: Services, two: tuple[Talker, ...]) -> None:
    wang, li, _ = two
    wang.commands("off")
    assert wang.kinds == ["off_with_danger"]
    assert "没有别的同事" not in wang.text
    wang.presses("照样休息")
    assert wang.kinds == ["off_duty"]
    assert "叫值班的人来接" in wang.text
    assert li.looks().kinds == ["danger_card"]
    with services.database.transaction() as session:
        assert case_of(session).state is CaseState.OPEN


def test_the_last_one_to_leave_is_told_that_nobody_is_there(services: Services) -> None:
    wang = instructor(services, "wang", name="王芳", address="900")
    Talker(services, "m").says(ATE_POISON)
    wang.looks().presses("我来答")
    assert "没有别的同事值班" in wang.commands("off").text
    assert "没有人值班" in wang.presses("照样休息").text
    assert wang.commands("on").kinds[0] == "on_duty"
    tick.look(services)
    assert wang.looks().kinds == ["danger_card"]
