"""A parent says that it was no emergency, or that she asks something else now. It is noted; nothing that went out is called off.

Whoever holds the phone may not be the one who wrote, so neither the page nor its climbing looks at this.
"""

from sqlmodel import Session, col, func, select

from care.cases.models import Case, CaseEntry, EntryKind
from care.duty.models import Page
from care.messages import actions as messages
from kit import audit, clock
from kit.accounts.models import Staff

NOT_EMERGENCY = "not_emergency"
ASKS_OTHER = "asks_other"
"""She goes on to other things while the case stays as open as it was: nobody is told that it is less."""


def note(session: Session, case: Case, *, key: str) -> None:
    """`key` makes a repeated delivery of the press harmless; pressed again before she says more, it is noted once."""
    if stands(session, case):
        return
    session.add(CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=NOT_EMERGENCY, at=clock.now()))
    audit.record(session, "not_emergency", thing="case", thing_id=case.key)
    for one in called(session, case):
        messages.tell_staff(
            session, one, kind="not_emergency", key=f"{key}:calm:{one.key}", facts={"case_id": case.key}, case_id=case.key
        )
    session.flush()


def note_other(session: Session, case: Case) -> None:
    """Pressed again before she says more in the case, it is noted once."""
    if not stands(session, case):
        session.add(CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=ASKS_OTHER, at=clock.now()))
        session.flush()


def stands(session: Session, case: Case) -> bool:
    """She said one or the other, and has said nothing in the case since."""
    newest = select(func.max(CaseEntry.id)).where(CaseEntry.case_id == case.key)
    calm = session.exec(
        newest.where(CaseEntry.kind == EntryKind.EVENT, col(CaseEntry.text).in_([NOT_EMERGENCY, ASKS_OTHER]))
    ).one()
    words = session.exec(newest.where(CaseEntry.kind == EntryKind.PARENT)).one()
    return calm is not None and calm > (words or 0)


def called(session: Session, case: Case) -> list[Staff]:
    """Who holds the case, else everybody who was paged."""
    if case.owner_id:
        return [session.get_one(Staff, case.owner_id)]
    paged = select(Page.staff_id).where(Page.case_id == case.key, col(Page.staff_id).is_not(None))
    return list(session.exec(select(Staff).where(col(Staff.id).in_(paged)).order_by(col(Staff.id))))
