"""Who may do what, and whose cases a staff member sees."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from care.cases import actions as cases
from care.cases.errors import AlreadyTaken, EmptyReply, MoveNotOpen, NotHeld
from care.cases.hours import DutyHours, working_day
from care.cases.models import MOVES, Case, CaseKind, CaseState
from care.families import actions as families
from care.families.models import Channel
from care.people import access
from care.people import actions as people
from care.people import queries as presence
from care.places.actions import seed_divisions
from care.places.models import Place
from care.safety.screening import screen
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.errors import NotAllowed, NotFound

ALL_DAY = DutyHours.parse("00:00-23:59")


def staff(session: Session, login: str, role: Role = Role.INSTRUCTOR) -> Staff:
    return accounts.create_staff(session, login, name=login, role=role)


def place(session: Session, code: str) -> Place:
    seed_divisions(session)
    return session.exec(select(Place).where(Place.code == code)).one()


def a_case(session: Session, address: str = "m", *, at: Place | None = None) -> Case:
    who = families.meet(session, Channel.WEB, address=address)
    who.place_id = at.key if at else None
    return cases.open_case(session, who, kind=CaseKind.ASKED_FOR_PERSON, said=screen("想找老师"), hours=ALL_DAY)[0]


def sees(session: Session, one: Staff, case: Case) -> bool:
    return session.exec(select(Case).where(Case.id == case.id, access.visible_to(session, one))).first() is not None


def test_an_instructor_sees_her_districts_cases_and_no_others(session: Session) -> None:
    here, there = place(session, "500153"), place(session, "500101")
    teacher = staff(session, "wang")
    people.assign(session, teacher, place=here, by=teacher.key)
    assert sees(session, teacher, a_case(session, "a", at=here))
    assert not sees(session, teacher, a_case(session, "b", at=there))
    assert sees(session, teacher, a_case(session, "c"))


def test_whoever_is_assigned_to_the_city_sees_all(session: Session) -> None:
    city, there = place(session, "500000"), place(session, "500101")
    lead = staff(session, "lead")
    people.assign(session, lead, place=city, by=lead.key)
    assert sees(session, lead, a_case(session, at=there))


def test_an_editor_sees_no_family(session: Session) -> None:
    editor = staff(session, "ed", Role.EDITOR)
    case = a_case(session)
    assert not sees(session, editor, case)
    with pytest.raises(NotFound):
        access.case_for(session, editor, case.key)
    with pytest.raises(NotAllowed):
        access.require(editor, access.Verb.ANSWER_CASES)


@pytest.mark.parametrize("verb", list(access.Verb))
@pytest.mark.parametrize("role", list(Role))
def test_a_revoked_account_may_nothing(session: Session, role: Role, verb: access.Verb) -> None:
    one = staff(session, "xu", role)
    one.revoked_at = clock.now()
    assert not access.may(one, verb)


def test_cards_go_to_the_local_staff_first(session: Session) -> None:
    here = place(session, "500153")
    local, everywhere = staff(session, "local"), staff(session, "all")
    people.assign(session, local, place=here, by=local.key)
    assert [one.login for one in presence.present_for(session, here.key)] == ["local"]
    people.go_off_duty(session, local)
    session.flush()
    assert [one.login for one in presence.present_for(session, here.key)] == [everywhere.login]
    people.come_on_duty(session, local)
    session.flush()
    assert {one.login for one in presence.present_for(session, None)} == {"local", "all"}


def test_only_the_holder_answers(session: Session) -> None:
    case, one, two = a_case(session), staff(session, "one"), staff(session, "two")
    cases.take(session, case, by=one)
    with pytest.raises(AlreadyTaken):
        cases.take(session, case, by=two)
    with pytest.raises(NotHeld):
        cases.answer(session, case, by=two, text="我来", key="k1")
    with pytest.raises(EmptyReply):
        cases.answer(session, case, by=one, text="  ", key="k2")
    assert cases.answer(session, case, by=one, text="好的", key="k3")
    assert cases.answer(session, case, by=one, text="好的", key="k3") is None


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("target", list(CaseState))
def test_a_case_moves_only_along_the_table(session: Session, state: CaseState, target: CaseState) -> None:
    case = a_case(session)
    case.state = state
    session.add(case)
    if target in MOVES[state]:
        cases._move(session, case, to=target, by=None)
        assert case.state is target
    else:
        with pytest.raises(MoveNotOpen):
            cases._move(session, case, to=target, by=None)


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ("2026-11-23T10:00", "2026-11-23T14:00"),  # a Monday morning
        ("2026-11-23T18:00", "2026-11-24T09:30"),  # too late for today
        ("2026-11-21T10:00", "2026-11-23T12:30"),  # a Saturday
        ("2026-10-02T10:00", "2026-10-08T12:30"),  # the National Day week
        ("2026-11-24T03:00", "2026-11-24T12:30"),  # at night
    ],
)
def test_by_when_a_person_answers(asked: str, by: str) -> None:
    hours = DutyHours.parse("08:30-20:00")
    promised = hours.promised(datetime.fromisoformat(asked).replace(tzinfo=clock.CHINA))
    assert promised.astimezone(clock.CHINA) == datetime.fromisoformat(by).replace(tzinfo=clock.CHINA)


def test_years_the_calendar_does_not_hold_count_by_weekday() -> None:
    assert working_day(datetime(2035, 1, 3, tzinfo=UTC).date())
    assert not working_day(datetime(2035, 1, 6, tzinfo=UTC).date())


@given(moment=st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_promise_lies_in_the_hours_and_ahead(moment: datetime) -> None:
    hours = DutyHours(time(8, 30), time(20, 0))
    promised = hours.promised(moment)
    assert promised > moment
    assert hours.open_at(promised)
    assert hours.open_at(hours.next_open(moment))
