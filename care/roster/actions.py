"""Verbs on the roster: put somebody on duty, take a shift away, note a leave. Each is audited; permission is the caller's."""

from collections.abc import Sequence
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from care.places.models import Place
from care.roster.errors import DayIsPast, NoTime, NotOnDuty, OwnSubstitute, StandsAlready
from care.roster.models import Leave, Shift
from care.roster.queries import ON_DUTY
from kit import audit, clock
from kit.accounts.models import Staff


def put_on_duty(
    session: Session,
    staff: Staff,
    *,
    place: Place,
    begins: time,
    ends: time,
    weekdays: Sequence[int] = (),
    day: date | None = None,
    substitute: Staff | None = None,
    by: int,
) -> list[Shift]:
    """Every week on these weekdays, 0 is Monday, or on one day. The same time for `begins` and `ends` means a whole day.

    Raises NoTime, DayIsPast, NotOnDuty, OwnSubstitute, StandsAlready.
    """
    if bool(weekdays) == (day is not None) or not set(weekdays) <= set(range(7)):
        raise NoTime
    if day is not None and day < clock.today():
        raise DayIsPast
    _check(staff, substitute)
    weekly: list[int | None] = [*sorted(set(weekdays))]
    shifts = [
        Shift(
            staff_id=staff.key,
            substitute_id=substitute.key if substitute else None,
            place_id=place.key,
            weekday=weekday,
            day=day,
            begins=begins,
            ends=ends,
            added_at=clock.now(),
        )
        for weekday in weekly or [None]
    ]
    for shift in shifts:
        _refuse_doubles(session, shift, name=staff.name)
        session.add(shift)
    session.flush()
    for shift in shifts:
        audit.record(session, "put_on_duty", thing="shift", thing_id=shift.key, staff_id=by, who=staff.key, place=place.code)
    return shifts


def _check(staff: Staff, substitute: Staff | None) -> None:
    for one in (staff, substitute):
        if one is not None and (one.revoked_at or one.role not in ON_DUTY):
            raise NotOnDuty
    if substitute is not None and substitute.key == staff.key:
        raise OwnSubstitute


def _refuse_doubles(session: Session, shift: Shift, *, name: str) -> None:
    """In the four weeks from now, or from its one day: a weekly pattern shows itself in one."""
    query = select(Shift).where(Shift.staff_id == shift.staff_id, Shift.place_id == shift.place_id)
    begins = datetime.combine(shift.day, time(), clock.CHINA) if shift.day else clock.now()
    until = begins + relativedelta(weeks=4)
    mine = list(shift.times(begins, until))
    for other in session.exec(query.order_by(col(Shift.id))).all():
        if any(a < d and c < b for a, b in mine for c, d in other.times(begins, until)):
            raise StandsAlready(name=name)


def take_off_duty(session: Session, shift: Shift, *, by: int) -> None:
    audit.record(session, "take_off_duty", thing="shift", thing_id=shift.key, staff_id=by, who=shift.staff_id)
    session.delete(shift)
    session.flush()


def give_leave(
    session: Session, staff: Staff, *, first_day: date, last_day: date, substitute: Staff | None = None, by: int
) -> Leave:
    """Raises DayIsPast, NotOnDuty, OwnSubstitute."""
    if last_day < first_day or last_day < clock.today():
        raise DayIsPast
    _check(staff, substitute)
    leave = Leave(
        staff_id=staff.key,
        substitute_id=substitute.key if substitute else None,
        first_day=first_day,
        last_day=last_day,
        added_at=clock.now(),
    )
    session.add(leave)
    session.flush()
    audit.record(session, "give_leave", thing="leave", thing_id=leave.key, staff_id=by, who=staff.key)
    return leave


def end_leave(session: Session, leave: Leave, *, by: int) -> None:
    audit.record(session, "end_leave", thing="leave", thing_id=leave.key, staff_id=by, who=leave.staff_id)
    session.delete(leave)
    session.flush()
