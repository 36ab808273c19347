"""Danger, and urgent cases of somebody to protect, that nobody was there to hear: noted at the time, told to whoever comes on duty.

What is noted stands in the history of the case, so «who was called» says also that nobody was.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from care.cases.models import Case, CaseEntry, CaseKind, CaseState, EntryKind
from kit import audit, clock

NOBODY = "nobody_on_duty"
CAME = "somebody_came"


def note_nobody(session: Session, case: Case) -> None:
    """Once, until somebody comes."""
    if not stands(session, case):
        session.add(CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=NOBODY, at=clock.now()))
        audit.record(session, NOBODY, thing="case", thing_id=case.key)
        session.flush()


def note_came(session: Session, case: Case) -> None:
    session.add(CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=CAME, at=clock.now()))
    session.flush()


def stands(session: Session, case: Case) -> bool:
    """Nobody was there, and nobody has come since."""
    return session.exec(select(Case.id).where(Case.id == case.key, _stands())).first() is not None


def cases(session: Session) -> list[Case]:
    """Open ones that nobody holds and nobody was there for, the longest waiting first."""
    kinds = col(Case.kind).in_([CaseKind.DANGER, CaseKind.URGENT])
    query = select(Case).where(Case.state == CaseState.OPEN, kinds, _stands())
    return list(session.exec(query.order_by(col(Case.id)).limit(50)))


def _stands() -> sa.ColumnElement[bool]:
    """As a condition on Case: the last time that nobody was there is later than the last time that somebody came."""

    def newest(text: str) -> sa.ScalarSelect[int]:
        entries = sa.select(sa.func.max(col(CaseEntry.id))).where(
            col(CaseEntry.case_id) == col(Case.id), col(CaseEntry.kind) == EntryKind.EVENT, col(CaseEntry.text) == text
        )
        return entries.correlate(Case).scalar_subquery()

    return newest(NOBODY) > sa.func.coalesce(newest(CAME), 0)


def fresh_since(session: Session, case: Case) -> datetime:
    """From when the rounds of paging count: the last time that somebody came, or that the case was put back."""
    query = select(func.max(CaseEntry.at)).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.EVENT)
    newest = session.exec(query.where(sa.or_(col(CaseEntry.text) == CAME, col(CaseEntry.text) == CaseState.OPEN.value))).one()
    return newest or case.opened_at


def nobody_at(session: Session, case_id: int) -> list[datetime]:
    """Each time that no colleague was there."""
    query = select(CaseEntry.at).where(CaseEntry.case_id == case_id, CaseEntry.kind == EntryKind.EVENT, CaseEntry.text == NOBODY)
    return list(session.exec(query.order_by(col(CaseEntry.id))))
