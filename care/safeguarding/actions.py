"""Verbs on protected cases: name who may read them, and say why one looks. Each is audited."""

import sqlalchemy as sa
from sqlmodel import Session, col

from care.cases.models import Case
from care.safeguarding.errors import ReasonMissing, ReasonNeeded
from care.safeguarding.models import Look, LookKind, NamedStaff
from care.safeguarding.queries import readable
from kit import audit, clock
from kit.accounts.models import Staff

LONGEST_REASON = 200


def name(session: Session, staff: Staff, *, by: int) -> None:
    session.merge(NamedStaff(staff_id=staff.key, since=clock.now()))
    audit.record(session, "name_for_protected", thing="staff", thing_id=staff.key, staff_id=by)
    session.flush()


def unname(session: Session, staff: Staff, *, by: int) -> None:
    session.execute(sa.delete(NamedStaff).where(col(NamedStaff.staff_id) == staff.key))
    audit.record(session, "unname_for_protected", thing="staff", thing_id=staff.key, staff_id=by)


def look(session: Session, case: Case, *, by: Staff, reason: str, kind: LookKind = LookKind.READ) -> None:
    """Raises ReasonMissing."""
    reason = " ".join(reason.split())
    if not 2 <= len(reason) <= LONGEST_REASON:
        raise ReasonMissing
    session.add(Look(case_id=case.key, staff_id=by.key, kind=kind, reason=reason, at=clock.now()))
    audit.record(session, f"look:{kind}", thing="case", thing_id=case.key, staff_id=by.key)
    session.flush()


def open_page(session: Session, case: Case, *, by: Staff) -> None:
    """Every time its words are put before her, for the audit. Raises ReasonNeeded."""
    if not readable(session, case, by=by):
        raise ReasonNeeded
    if case.protected:
        audit.record(session, "view", thing="case", thing_id=case.key, staff_id=by.key)
