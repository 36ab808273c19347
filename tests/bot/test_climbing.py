"""A page that nobody answers, minute by minute: who is near, then everybody on duty, then the last address; and one tap holds it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlmodel import Session, col, select

from care.cases.hours import DutyHours
from care.cases.models import CaseEntry
from care.duty import actions as duty
from care.duty import climbing, queries
from care.duty.models import LAST_ADDRESS, Page, PageState, Rung
from care.families.models import Caregiver
from care.people import actions as people
from care.places.models import Place
from care.services import Services
from kit import clock
from tests.conftest import GivenSettings
from tests.fixtures.people import instructor, staff_row
from tests.fixtures.talk import Talker

NOT_WAKING = "宝宝喊不醒 嘴巴乌了"
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=clock.CHINA)
THREE_AT_NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=clock.CHINA)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(services: Services) -> Services:
    """With a last address, and hours by day."""
    settings = GivenSettings(**{**services.settings.model_dump(), "duty_last": SecretStr("json://127.0.0.1:9/")})
    hours = DutyHours.parse("08:30-20:00")
    return Services(settings, services.database, services.blobs, services.library, hours, services.signing_key)


@pytest.fixture
def ticks(town: Services) -> Callable[[], None]:
    def tick() -> None:
        with town.database.transaction() as session:
            climbing.climb(session, hours=town.hours, addresses=0, last=True)

    return tick


def near_and_far(services: Services) -> tuple[Talker, Talker]:
    """Two on duty: one of the place of all families of today, one of another place."""
    wang = instructor(services, "wang", name="王芳", address="900")
    li = instructor(services, "li", name="李梅", address="901")
    with services.database.transaction() as session:
        for login, code in (("wang", "500153"), ("li", "500101")):
            place = session.exec(select(Place).where(Place.code == code)).one()
            people.assign(session, staff_row(services, login), place=place, by=1)
    return wang, li


def mother_of_rongchang(services: Services) -> Talker:
    mother = Talker(services, "m").says("你好")
    with services.database.transaction() as session:
        who = session.get_one(Caregiver, mother.caregiver_id)
        who.place_id = session.exec(select(Place.id).where(Place.code == "500153")).one()
    return mother.says(NOT_WAKING)


def steps(session: Session) -> list[tuple[int, str]]:
    """Rung and whom, in order."""
    return [
        (call.rung, call.name or ("last" if call.place is None else f"address {call.place}"))
        for call in queries.calls(session, 1)
    ]


def logged(services: Services) -> list[tuple[int, str]]:
    with services.database.transaction() as session:
        return steps(session)


def test_it_climbs_every_five_minutes_to_the_last_address(town: Services, ticks: Callable[[], None]) -> None:
    with clock.frozen(TEN):
        wang, li = near_and_far(town)
        mother_of_rongchang(town)
        assert (wang.looks().kinds, li.looks().kinds) == (["danger_card"], [])
        clock.advance(4 * MINUTE)
        ticks()
        assert logged(town) == [(Rung.FIRST, "王芳")]
        clock.advance(MINUTE)
        ticks()
        ticks()
        assert li.looks().presses("看到了").kinds == ["acknowledged"]  # it is of another place, but she was called
        clock.advance(5 * MINUTE)
        assert logged(town)[1:] == [(Rung.EVERYBODY, "王芳"), (Rung.EVERYBODY, "李梅")]
        clock.advance(5 * MINUTE)
        ticks()
        assert logged(town)[3:] == [(Rung.LAST, "王芳"), (Rung.LAST, "李梅"), (Rung.LAST, "last")]
        with town.database.transaction() as session:
            times = [call.at for call in queries.calls(session, 1)]
        assert times[0] == TEN
        assert times[1] == TEN + 5 * MINUTE
        assert times[-1] == TEN + 15 * MINUTE
        assert li.looks().presses_data("take:1").kinds == ["taken"]


def test_where_nobody_else_is_on_duty_the_last_address_comes_after_five(town: Services, ticks: Callable[[], None]) -> None:
    with clock.frozen(TEN):
        instructor(town, "wang", name="王芳", address="900")
        Talker(town, "m").says(NOT_WAKING)
        clock.advance(5 * MINUTE)
        ticks()
        assert logged(town)[1:] == [(Rung.LAST, "王芳"), (Rung.LAST, "last")]


def test_at_night_with_nobody_on_duty_the_last_address_is_paged_at_once(town: Services) -> None:
    with clock.frozen(THREE_AT_NIGHT):
        instructor(town, "wang", name="王芳", address="900")
        mother = Talker(town, "m").says(NOT_WAKING)
        assert "没有人值班" not in mother.text  # there is one; whether it is reached is told when it is known
        assert "已经通知" not in mother.text
        with town.database.transaction() as session:
            assert session.exec(select(Page.address_number)).one() == LAST_ADDRESS


def test_one_tap_holds_it_for_ten_minutes_and_is_logged(town: Services, ticks: Callable[[], None]) -> None:
    with clock.frozen(TEN):
        wang, li = near_and_far(town)
        mother_of_rongchang(town)
        clock.advance(2 * MINUTE)
        wang.looks().presses("看到了").presses_data("seen:1")
        assert wang.kinds == ["acknowledged"]
        clock.advance(5 * MINUTE)
        ticks()
        assert li.looks().kinds == []
        with town.database.transaction() as session:
            seen = session.exec(select(CaseEntry).where(CaseEntry.text == climbing.ACKNOWLEDGED)).one()
            assert (seen.at, seen.staff_id) == (TEN + 2 * MINUTE, staff_row(town, "wang").key)
        clock.advance(5 * MINUTE)  # seen ten minutes ago, and still nobody took it
        ticks()
        assert li.looks().kinds == ["danger_card"]


def test_once_taken_it_climbs_no_more(town: Services, ticks: Callable[[], None]) -> None:
    with clock.frozen(TEN):
        wang, li = near_and_far(town)
        mother_of_rongchang(town)
        wang.looks().presses("我来答")
        clock.advance(30 * MINUTE)
        ticks()
        assert len(logged(town)) == 1
        assert li.looks().presses_data("seen:1").kinds == ["staff_stale"]  # a case of another place, and held


def test_it_ends_after_six_rounds(town: Services, ticks: Callable[[], None]) -> None:
    with clock.frozen(TEN):
        instructor(town, "wang", name="王芳", address="900")
        Talker(town, "m").says(NOT_WAKING)
        for _ in range(9):
            clock.advance(5 * MINUTE)
            ticks()
        with town.database.transaction() as session:
            assert len(session.exec(select(Page.at).distinct()).all()) == climbing.MOST_ROUNDS


def test_two_families_at_once_climb_each_on_its_own(town: Services, ticks: Callable[[], None]) -> None:
    with clock.frozen(TEN):
        wang = instructor(town, "wang", name="王芳", address="900")
        Talker(town, "m").says(NOT_WAKING)
        clock.advance(2 * MINUTE)
        Talker(town, "n").says("孩子抽筋了 叫不应")
        wang.looks().presses_data("take:1")
        clock.advance(5 * MINUTE)
        ticks()
        with town.database.transaction() as session:
            paged = session.exec(select(Page.case_id, Page.rung).where(col(Page.rung) > 0)).all()
            assert {case for case, _ in paged} == {2}


def test_how_a_page_ended_is_logged_with_its_time(town: Services) -> None:
    with clock.frozen(TEN):
        instructor(town, "wang", name="王芳", address="900")
        Talker(town, "m").says(NOT_WAKING)
        clock.advance(timedelta(seconds=3))
        with town.database.transaction() as session:
            page = session.exec(select(Page)).one()
            duty.settle(session, page, reached=True)
            [call] = queries.calls(session, 1)
            assert (call.state, call.settled_at) == (PageState.REACHED, TEN + timedelta(seconds=3))


def test_a_joined_message_neither_pages_again_nor_starts_the_climb_anew(town: Services, ticks: Callable[[], None]) -> None:
    with clock.frozen(TEN):
        wang = instructor(town, "wang", name="王芳", address="900")
        mother = Talker(town, "m").says(NOT_WAKING)
        clock.advance(3 * MINUTE)
        mother.says("还是喊不醒，脸都青了")
        assert mother.kinds == ["emergency"]
        assert wang.looks().kinds.count("danger_card") == 1
        clock.advance(2 * MINUTE)
        ticks()
        assert logged(town)[1:] == [(Rung.LAST, "王芳"), (Rung.LAST, "last")]
