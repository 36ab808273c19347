"""Reads on the roster, and the answer to «whom does a danger call now?»: the roster, else the duty hours with whoever is present."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlmodel import Session, col, select

from care.cases.hours import DutyHours
from care.people import queries as people
from care.people.models import Absence
from care.places.models import Place
from care.roster.models import Leave, Shift
from care.roster.standing import Roster, Standing, nearest, people_of
from kit import clock
from kit.accounts.models import Role, Staff

ON_DUTY = (Role.INSTRUCTOR, Role.ADMINISTRATOR)


class Called(StrEnum):
    """Whether a danger of now calls her in Telegram, and why not. The same for every page that tells her."""

    AWAY = "away"
    NOT_LINKED = "not_linked"
    FIRST = "first"
    """She stands in the roster."""
    PRESENT = "present"
    """Nobody does, the hours are open and she is there."""
    LATER = "later"
    """Others stand first; she is called where nobody answers."""
    OUTSIDE = "outside"


def read(session: Session) -> Roster:
    """The whole roster as it is now: a few hundred rows at the most."""
    shifts = session.exec(select(Shift).order_by(col(Shift.id))).all()
    leaves = session.exec(
        select(Leave).where(Leave.last_day >= clock.today()).order_by(col(Leave.first_day), col(Leave.id))
    ).all()
    places = session.exec(select(Place).where(col(Place.id).in_({shift.place_id for shift in shifts}))).all()
    staff = candidates(session)
    return Roster(tuple(shifts), tuple(leaves), {one.key: one for one in staff}, {place.key: place for place in places})


def candidates(session: Session) -> Sequence[Staff]:
    """Everybody who can stand on duty."""
    query = select(Staff).where(col(Staff.revoked_at).is_(None), col(Staff.role).in_(ON_DUTY))
    return session.exec(query.order_by(col(Staff.name), col(Staff.id))).all()


def standing_now(session: Session) -> tuple[Standing, ...]:
    """Without those who have switched themselves off."""
    away = set(session.exec(select(Absence.staff_id)))
    return read(session).standing(clock.now(), away=away)


def near(session: Session, place_id: int | None, *, hours: DutyHours) -> Sequence[Staff]:
    """Whom a danger at this place calls first, of those whom a card can reach: who stands for the area, else for the one around it;
    where nobody does, whoever is present in the duty hours; outside them who stands for any other area.
    """
    standing = [one for one in standing_now(session) if one.staff.telegram_address]
    place = session.get(Place, place_id) if place_id else None
    local = nearest(standing, place)
    if local or not hours.open_at(clock.now()):
        return local or people_of(standing)
    return people.reachable_for(session, place_id) or people_of(standing)


def everybody(session: Session, *, hours: DutyHours) -> Sequence[Staff]:
    """Whom a card can reach of all who stand on duty anywhere, and in the duty hours of all who are present."""
    present = people.reachable_for(session, None) if hours.open_at(clock.now()) else []
    standing = (one.staff for one in standing_now(session))
    return _once([*(one for one in standing if one.telegram_address), *present])


def called_now(session: Session, staff: Staff, *, hours: DutyHours) -> Called:
    """Of no place in particular: who is called first for one family may come second for another."""
    if people.absent(session, staff):
        return Called.AWAY
    if not staff.telegram_address:
        return Called.NOT_LINKED
    standing = {one.staff.key for one in standing_now(session) if one.staff.telegram_address}
    if staff.key in standing:
        return Called.FIRST
    if not hours.open_at(clock.now()):
        return Called.OUTSIDE
    return Called.LATER if standing else Called.PRESENT


def _once(staff: Iterable[Staff]) -> list[Staff]:
    return sorted({one.key: one for one in staff}.values(), key=lambda one: one.key)
