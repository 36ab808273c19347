"""Reads on protected cases: who is named for them, who has lately said why she reads one, and the log of looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from care.cases.models import Case
from care.safeguarding.models import Look, LookKind, NamedStaff
from kit import clock
from kit.accounts.models import Role, Staff

LOOK_LASTS = timedelta(minutes=30)
"""So long a reason opens one case to whoever gave it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look into a protected case, for its page and for its report."""

    at: datetime
    name: str
    kind: LookKind
    reason: str


def named(session: Session) -> Sequence[Staff]:
    """Everybody named who still works here."""
    query = select(Staff).join(NamedStaff, col(NamedStaff.staff_id) == col(Staff.id)).where(col(Staff.revoked_at).is_(None))
    return session.exec(query.order_by(col(Staff.id))).all()


def is_named(session: Session, staff: Staff) -> bool:
    """Where nobody has been named yet the administrators count as named: somebody must be able to."""
    if staff.revoked_at is not None:
        return False
    if session.get(NamedStaff, staff.key):
        return True
    return staff.role is Role.ADMINISTRATOR and not named(session)


def readable(session: Session, case: Case, *, by: Staff) -> bool:
    """True for a case that needs no protection, and while a reason of hers stands. Whether she may see it is access's matter."""
    if not case.protected:
        return True
    query = select(Look.id).where(Look.case_id == case.key, Look.staff_id == by.key, col(Look.at) > clock.now() - LOOK_LASTS)
    return session.exec(query.limit(1)).first() is not None


def looks(session: Session, case: Case) -> tuple[Seen, ...]:
    """Every look, oldest first."""
    query = select(Look, Staff.name).join(Staff, col(Staff.id) == col(Look.staff_id)).where(Look.case_id == case.key)
    return tuple(Seen(look.at, name, look.kind, look.reason) for look, name in session.exec(query.order_by(col(Look.id))))
