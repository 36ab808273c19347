"""Verbs on staff that touch families: assign to a place, go off duty and back, leave for good."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.cases import actions as cases
from care.cases.hours import DutyHours
from care.cases.models import OPEN_STATES, Case
from care.duty import actions as duty
from care.messages import actions as messages
from care.people.models import Absence, Assignment
from care.places.models import Place
from kit import audit, clock
from kit.accounts import actions as accounts
from kit.accounts.models import Staff


def assign(session: Session, staff: Staff, *, place: Place, by: int) -> None:
    session.merge(Assignment(staff_id=staff.key, place_id=place.key))
    audit.record(session, "assign", thing="staff", thing_id=staff.key, staff_id=by, place=place.code)


def unassign(session: Session, staff: Staff, *, place: Place, by: int) -> None:
    session.execute(sa.delete(Assignment).where(col(Assignment.staff_id) == staff.key, col(Assignment.place_id) == place.key))
    audit.record(session, "unassign", thing="staff", thing_id=staff.key, staff_id=by, place=place.code)


def go_off_duty(session: Session, staff: Staff) -> None:
    session.merge(Absence(staff_id=staff.key, since=clock.now()))
    audit.record(session, "off_duty", thing="staff", thing_id=staff.key, staff_id=staff.key)


def come_on_duty(session: Session, staff: Staff) -> None:
    session.execute(sa.delete(Absence).where(col(Absence.staff_id) == staff.key))
    audit.record(session, "on_duty", thing="staff", thing_id=staff.key, staff_id=staff.key)


def revoke(session: Session, staff: Staff, *, by: int, hours: DutyHours, addresses: int = 0, last: bool = False) -> int:
    """End the account, put every case it held back and offer each anew; returns how many. No card that waits for her goes out any
    more, and she is told. `addresses` and `last` are the operator's, for danger (care.duty.actions.page). Raises LastAdministrator.
    """
    messages.withhold(session, staff)
    messages.tell_staff(session, staff, kind="staff_revoked", key=f"staff-revoked:{staff.key}")
    accounts.revoke(session, staff, by=by)
    held = session.exec(select(Case).where(Case.owner_id == staff.key, col(Case.state).in_(OPEN_STATES))).all()
    for case in held:
        cases.put_back(session, case, by=by)
        duty.offer_again(session, case, hours=hours, addresses=addresses, last=last)
    return len(held)
