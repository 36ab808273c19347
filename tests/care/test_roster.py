"""The duty roster: who stands when, over midnight, on leave, switched off; gaps and doubles; and whom a danger calls."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from care.cases.hours import DutyHours
from care.people import actions as people
from care.places.actions import seed_divisions
from care.places.models import Place
from care.roster import actions, queries
from care.roster.errors import DayIsPast, NoTime, NotOnDuty, OwnSubstitute, StandsAlready
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff

HOURS = DutyHours.parse("08:30-20:00")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=clock.CHINA)
NIGHT = (time(22), time(6))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.CHINA)


@pytest.fixture
def city(session: Session) -> Place:
    seed_divisions(session)
    return place(session, "500000")


@pytest.fixture
def rongchang(session: Session, city: Place) -> Place:
    assert city.key
    return place(session, "500153")


def place(session: Session, code: str) -> Place:
    return session.exec(select(Place).where(Place.code == code)).one()


def hire(session: Session, login: str, role: Role = Role.INSTRUCTOR, *, chat: bool = True) -> Staff:
    made = accounts.create_staff(session, login, name=login, role=role)
    made.telegram_address = f"9-{login}" if chat else None
    return made


def put(
    session: Session,
    staff: Staff,
    area: Place,
    *,
    days: Sequence[int] = (),
    times: tuple[time, time] = NIGHT,
    substitute: Staff | None = None,
    day: date | None = None,
) -> None:
    begins, ends = times
    actions.put_on_duty(
        session, staff, place=area, begins=begins, ends=ends, weekdays=days, day=day, substitute=substitute, by=staff.key
    )


def called(session: Session, area: Place | None, moment: datetime) -> list[str]:
    with clock.frozen(moment):
        return [one.login for one in queries.near(session, area.key if area else None, hours=HOURS)]


@pytest.mark.parametrize(
    ("moment", "stands"),
    [
        (at(29, 21, 59), False),  # a Sunday
        (at(29, 22), True),
        (at(30, 5, 59), True),
        (at(30, 6), False),
        (at(30, 22), False),  # a Monday
        (at(29, 22).astimezone(UTC), True),
    ],
)
def test_a_night_of_a_sunday_ends_on_monday_morning(session: Session, city: Place, moment: datetime, *, stands: bool) -> None:
    wang = hire(session, "wang")
    with clock.frozen(MONDAY):
        put(session, wang, city, days=[6])
        assert bool(queries.read(session).standing(moment)) is stands


def test_one_date_stands_once(session: Session, city: Place) -> None:
    wang = hire(session, "wang")
    with clock.frozen(MONDAY):
        put(session, wang, city, day=date(2026, 11, 25), times=(time(8), time(8)))
        roster = queries.read(session)
    hours = [moment for moment in (at(25, 7), at(25, 8), at(26, 7), at(26, 8), at(27, 8)) if roster.standing(moment)]
    assert hours == [at(25, 8), at(26, 7)]


def test_at_night_the_family_s_area_is_called_first_then_the_wider_one(session: Session, city: Place, rongchang: Place) -> None:
    near, wide, elsewhere = (hire(session, login) for login in ("near", "wide", "elsewhere"))
    with clock.frozen(MONDAY):
        put(session, wide, city, days=[6])
        assert called(session, rongchang, at(30, 3)) == ["wide"]
        put(session, near, rongchang, days=[6])
        put(session, elsewhere, place(session, "500101"), days=[6])
    assert called(session, rongchang, at(30, 3)) == ["near"]
    assert set(called(session, None, at(30, 3))) == {"near", "wide", "elsewhere"}
    with clock.frozen(at(30, 3)):
        assert {one.login for one in queries.everybody(session, hours=HOURS)} == {"near", "wide", "elsewhere"}


def test_where_the_roster_is_empty_the_hours_and_the_switch_hold_as_before(session: Session, rongchang: Place) -> None:
    wang, li = hire(session, "wang"), hire(session, "li")
    with clock.frozen(MONDAY):
        put(session, li, rongchang, days=[6])
    assert called(session, rongchang, at(24, 10)) == ["wang", "li"]
    people.go_off_duty(session, wang)
    session.flush()
    assert called(session, rongchang, at(24, 10)) == ["li"]
    assert called(session, rongchang, at(24, 23)) == []


def test_by_day_too_who_stands_in_the_roster_is_called_first(session: Session, rongchang: Place) -> None:
    hire(session, "li")
    with clock.frozen(MONDAY):
        put(session, hire(session, "wang"), rongchang, days=[1], times=(time(8), time(12)))
    assert called(session, rongchang, at(24, 10)) == ["wang"]
    assert called(session, rongchang, at(24, 13)) == ["li", "wang"]
    with clock.frozen(at(24, 10)):
        assert {one.login for one in queries.everybody(session, hours=HOURS)} == {"li", "wang"}


def test_on_leave_and_switched_off_the_substitute_stands(session: Session, city: Place) -> None:
    wang, li, zhao = (hire(session, login) for login in ("wang", "li", "zhao"))
    with clock.frozen(MONDAY):
        put(session, wang, city, days=[6], substitute=li)
        [stands] = queries.read(session).standing(at(29, 23))
        assert (stands.staff.login, stands.instead_of) == ("wang", None)
        actions.give_leave(session, wang, first_day=date(2026, 11, 30), last_day=date(2026, 12, 2), substitute=zhao, by=1)
        roster = queries.read(session)
    assert [one.staff.login for one in roster.standing(at(29, 23))] == ["wang"]
    [stands] = roster.standing(at(30, 3))  # her leave has begun at midnight, in the middle of the shift
    assert (stands.staff.login, stands.instead_of) == ("zhao", wang)
    people.go_off_duty(session, wang)
    session.flush()
    assert called(session, city, at(29, 23)) == ["li"]


def test_a_substitute_who_is_away_herself_stands_for_nobody(session: Session, city: Place) -> None:
    wang, li = hire(session, "wang"), hire(session, "li")
    with clock.frozen(MONDAY):
        put(session, wang, city, days=[6], substitute=li)
        for one in (wang, li):
            actions.give_leave(session, one, first_day=date(2026, 11, 29), last_day=date(2026, 11, 30), by=1)
        roster = queries.read(session)
        assert roster.standing(at(29, 23)) == ()
        assert roster.turns(at(29, 0), at(30, 0))[0].stands is None


def test_whoever_has_no_chat_or_no_account_is_passed_over(session: Session, city: Place) -> None:
    mute, gone, wang = hire(session, "mute", chat=False), hire(session, "gone"), hire(session, "wang")
    with clock.frozen(MONDAY):
        for one in (mute, gone):
            put(session, one, city, days=[0, 1, 2, 3, 4, 5, 6])
        gone.revoked_at = clock.now()
        session.flush()
    assert called(session, city, at(24, 23)) == []
    assert called(session, city, at(24, 10)) == [wang.login]


def test_gaps_are_told_apart_by_the_duty_hours(session: Session, city: Place, rongchang: Place) -> None:
    wang = hire(session, "wang")
    with clock.frozen(MONDAY):
        put(session, wang, city, days=[0], times=(time(20), time(2)))
        put(session, wang, rongchang, days=[1], times=(time(6), time(9)))
        roster = queries.read(session)
    since, until = at(23, 19), at(24, 12)
    assert [(gap.begins, gap.ends, gap.in_hours) for gap in roster.gaps(rongchang, since, until, hours=HOURS)] == [
        (at(23, 19), at(23, 20), True),
        (at(24, 2), at(24, 6), False),
        (at(24, 9), at(24, 12), True),
    ]
    assert roster.gaps(city, at(24, 2), at(24, 8), hours=HOURS)[0].ends == at(24, 8)


def test_two_at_once_are_told(session: Session, city: Place) -> None:
    wang, li = hire(session, "wang"), hire(session, "li")
    with clock.frozen(MONDAY):
        put(session, wang, city, days=[0], times=(time(20), time(2)))
        put(session, li, city, days=[0], times=(time(23), time(6)))
        [double] = queries.read(session).overlaps(city, at(23, 0), at(30, 0))
    assert (double.begins, double.ends) == (at(23, 23), at(24, 2))
    assert {one.login for one in double.staff} == {"wang", "li"}


def test_what_makes_no_sense_is_refused(session: Session, city: Place) -> None:
    wang, editor = hire(session, "wang"), hire(session, "ed", Role.EDITOR)
    with clock.frozen(MONDAY):
        with pytest.raises(NoTime):
            put(session, wang, city)
        with pytest.raises(NoTime):
            put(session, wang, city, days=[7])
        with pytest.raises(DayIsPast):
            put(session, wang, city, day=date(2026, 11, 22))
        with pytest.raises(NotOnDuty):
            put(session, editor, city, days=[0])
        with pytest.raises(OwnSubstitute):
            put(session, wang, city, days=[0], substitute=wang)
        put(session, wang, city, days=[6])
        with pytest.raises(StandsAlready):
            put(session, wang, city, day=date(2026, 11, 30), times=(time(5), time(6)))
        with pytest.raises(DayIsPast):
            actions.give_leave(session, wang, first_day=date(2026, 11, 25), last_day=date(2026, 11, 24), by=1)


def test_a_week_lists_every_turn_in_order(session: Session, city: Place) -> None:
    wang = hire(session, "wang")
    with clock.frozen(MONDAY):
        put(session, wang, city, days=[6, 0])
        turns = queries.read(session).turns(at(23, 0), at(23, 0) + timedelta(days=7))
    assert [turn.begins for turn in turns] == [at(22, 22), at(23, 22), at(29, 22)]
