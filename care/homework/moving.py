"""What came by the wrong door: a photo that was homework after all, or homework that was meant for a person."""

from sqlmodel import Session, col, select

from care.cases import actions as cases
from care.cases.actions import Media
from care.cases.hours import DutyHours
from care.cases.models import Case, CaseEntry, CaseKind, CaseState, EntryKind
from care.families.models import Caregiver
from care.homework import actions, queries
from care.homework.errors import MoveNotOpen
from care.homework.models import Homework, HomeworkItem, HomeworkState, ItemState
from care.safety.screening import screen, unreadable


def into_homework(session: Session, case: Case, homework: Homework, *, who: Caregiver) -> int:
    """Everything she sent to this case since it was last answered, pictures and recordings, goes into the homework; how many.

    The case is closed when nothing of hers is left in it and nobody has begun to answer. `who` must be its parent.
    """
    if case.caregiver_id != who.key or case.state is CaseState.CLOSED or case.first:
        raise MoveNotOpen
    entries = _since_last_reply(session, case)
    moved = [entry for entry in entries if entry.media_key]
    for entry in moved:
        media = Media(key=entry.media_key, kind=entry.media_kind)
        actions.hand_in(session, homework, who, media=media, said=screen(entry.text), update_key=f"case-entry:{entry.id}")
        session.delete(entry)
    if case.state is CaseState.OPEN and len(moved) == len(entries) and not _answered(session, case):
        cases.close(session, case, by=None)
    session.flush()
    return len(moved)


def _since_last_reply(session: Session, case: Case) -> list[CaseEntry]:
    entries = session.exec(select(CaseEntry).where(CaseEntry.case_id == case.key).order_by(col(CaseEntry.id))).all()
    last = max((entry.id or 0 for entry in entries if entry.kind is EntryKind.REPLY), default=0)
    return [entry for entry in entries if entry.kind is EntryKind.PARENT and (entry.id or 0) > last]


def _answered(session: Session, case: Case) -> bool:
    return (
        session.exec(select(CaseEntry).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.REPLY)).first()
        is not None
    )


def out_of_homework(session: Session, homework: Homework, *, who: Caregiver, hours: DutyHours) -> tuple[Case, bool] | None:
    """What she handed in last was meant for a person: it goes into a case. None when there is nothing of hers, or it is commented.

    The second value is True when it joined a case of hers that was open.
    """
    items = _last_of_hers(session, homework, who)
    if not items or homework.state in (HomeworkState.DONE, HomeworkState.DROPPED):
        return None
    opened: tuple[Case, bool] | None = None
    for item in items:
        said = screen(item.text) if item.kind == "text" else unreadable(item.text)
        kind = CaseKind.ASKED_FOR_PERSON if item.kind == "text" else CaseKind.UNREADABLE
        media = Media(key=item.media_key, kind=item.kind) if item.media_key else None
        case, joined = cases.open_case(session, who, kind=kind, said=said, hours=hours, media=media)
        opened = opened or (case, joined)
        session.delete(item)
    session.flush()
    _reopen_if_empty(session, homework)
    return opened


def _last_of_hers(session: Session, homework: Homework, who: Caregiver) -> list[HomeworkItem]:
    """Those still coming in, else the last ones settled together. Held-back pictures stay with their keeper."""
    query = select(HomeworkItem).where(HomeworkItem.homework_id == homework.key, HomeworkItem.caregiver_id == who.key)
    usable = (ItemState.KEPT, ItemState.NEW)
    items = [item for item in session.exec(query.order_by(col(HomeworkItem.id))) if item.state in usable]
    coming = [item for item in items if item.settled_at is None]
    settled = [item.settled_at for item in items if item.settled_at]
    return coming or [item for item in items if settled and item.settled_at == max(settled)]


def _reopen_if_empty(session: Session, homework: Homework) -> None:
    if homework.state is HomeworkState.HANDED_IN and not queries.has_items(session, homework):
        homework.handed_in_at = homework.due_at = homework.settle_at = None
        actions.move(session, homework, to=HomeworkState.GIVEN)
