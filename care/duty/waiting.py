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
    newest = select(func.max(CaseEntry.id)).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.EVENT)
    nobody = session.exec(newest.where(CaseEntry.text == NOBODY)).one()
    came = session.exec(newest.where(CaseEntry.text == CAME)).one()
    return nobody is not None and nobody > (came or 0)


def cases(session: Session) -> list[Case]:
    """Open ones that nobody holds and nobody was there for, the longest waiting first."""
    noted = select(CaseEntry.case_id).where(CaseEntry.kind == EntryKind.EVENT, CaseEntry.text == NOBODY)
    query = select(Case).where(
        Case.state == CaseState.OPEN, col(Case.kind).in_([CaseKind.DANGER, CaseKind.URGENT]), col(Case.id).in_(noted)
    )
    return [case for case in session.exec(query.order_by(col(Case.id)).limit(50)) if stands(session, case)]


def fresh_since(session: Session, case: Case) -> datetime:
    """From when the rounds of paging count: the last time that somebody came, or that the case was put back."""
    query = select(func.max(CaseEntry.at)).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.EVENT)
    newest = session.exec(query.where(sa.or_(col(CaseEntry.text) == CAME, col(CaseEntry.text) == CaseState.OPEN.value))).one()
    return newest or case.opened_at


def nobody_at(session: Session, case_id: int) -> list[datetime]:
    """Each time that no colleague was there."""
    query = select(CaseEntry.at).where(CaseEntry.case_id == case_id, CaseEntry.kind == EntryKind.EVENT, CaseEntry.text == NOBODY)
    return list(session.exec(query.order_by(col(CaseEntry.id))))
