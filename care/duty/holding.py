"""A danger that somebody holds and in which nothing happens: she is reminded, then it goes back and climbs like one nobody took.

And what she still holds when she goes off duty.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from care.cases import actions as cases
from care.cases.hours import DutyHours
from care.cases.models import OPEN_STATES, Case, CaseEntry, CaseKind, CaseState, EntryKind
from care.duty import actions as duty
from care.duty.calling import NUMBER_SEEN
from care.duty.climbing import ACKNOWLEDGED, UNANSWERED_FOR, acknowledged
from care.duty.models import Rung
from care.messages import actions as messages
from care.roster import queries as roster
from kit import audit, clock
from kit.accounts.models import Staff

WRITES_WITHIN = timedelta(minutes=10)
"""So long a holder may take until she writes, or opens the number to call."""
REMINDED = "holder_reminded"
TAKEN_BACK = "taken_back"


def due(session: Session, *, hours: DutyHours, addresses: int, last: bool = False) -> None:
    """Remind those who hold a danger silently; `UNANSWERED_FOR` after that, unless they said that they are at it, page everybody."""
    held = select(Case.id).where(Case.kind == CaseKind.DANGER, Case.state == CaseState.TAKEN).order_by(col(Case.id))
    for case_id in session.exec(held).all():
        if _late(session, session.get_one(Case, case_id)):
            case = session.get_one(Case, case_id, with_for_update=True, populate_existing=True)
            if case.state is CaseState.TAKEN and (since := _late(session, case)):
                _remind_or_take_back(session, case, since=since, hours=hours, addresses=addresses, last=last)


def reminded(session: Session, staff: Staff) -> list[Case]:
    """Dangers she holds and has been reminded of, while nothing has happened since."""
    held = select(Case).where(Case.owner_id == staff.key, Case.kind == CaseKind.DANGER, Case.state == CaseState.TAKEN)
    found = session.exec(held.order_by(col(Case.id))).all()
    return [case for case in found if (since := _late(session, case)) and _newest(session, case, REMINDED, since=since)]


def busy(session: Session, case: Case) -> bool:
    """Somebody holds it and took it, wrote or called within `WRITES_WITHIN`."""
    query = select(func.max(CaseEntry.at)).where(CaseEntry.case_id == case.key, CaseEntry.staff_id == case.owner_id)
    newest = session.exec(query).one() if case.owner_id else None
    return newest is not None and clock.now() - newest < WRITES_WITHIN


def _late(session: Session, case: Case) -> datetime | None:
    """Since when she is silent, where that is too long and she has not said that she is at it."""
    since = _silent_since(session, case)
    late = since is not None and clock.now() - since >= WRITES_WITHIN
    return since if late and not acknowledged(session, case) else None


def _silent_since(session: Session, case: Case) -> datetime | None:
    """Since she took it, or since the parent's first word after the last thing that was done; None where nothing waits for her."""
    of_case = CaseEntry.case_id == case.key
    event = CaseEntry.kind == EntryKind.EVENT
    newest = select(func.max(CaseEntry.at)).where(of_case)
    taken = session.exec(newest.where(event, CaseEntry.text == CaseState.TAKEN.value)).one() or case.opened_at
    replied = session.exec(newest.where(CaseEntry.kind == EntryKind.REPLY, col(CaseEntry.undone_at).is_(None))).one()
    called = session.exec(newest.where(event, CaseEntry.text == NUMBER_SEEN)).one()
    done = max((at for at in (replied, called) if at), default=None)
    if done is None:
        return taken
    asked = select(func.min(CaseEntry.at)).where(of_case, CaseEntry.kind == EntryKind.PARENT, col(CaseEntry.at) > done)
    again = session.exec(asked).one()
    if taken > done:
        return taken
    return again


def _newest(session: Session, case: Case, text: str, *, since: datetime) -> datetime | None:
    query = select(func.max(CaseEntry.at)).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.EVENT)
    return session.exec(query.where(CaseEntry.text == text, col(CaseEntry.at) >= since)).one()


def _remind_or_take_back(session: Session, case: Case, *, since: datetime, hours: DutyHours, addresses: int, last: bool) -> None:
    told = _newest(session, case, REMINDED, since=since)
    seen = _newest(session, case, ACKNOWLEDGED, since=since)
    if told is None:
        _remind(session, case)
    elif clock.now() - max(at for at in (told, seen) if at) >= UNANSWERED_FOR:
        _note(session, case, TAKEN_BACK)
        cases.put_back(session, case, by=None)
        again = f"silent-{clock.now().timestamp():.3f}"
        duty.page(session, case, hours=hours, addresses=addresses, last=last, again=again, rung=Rung.EVERYBODY)


def _remind(session: Session, case: Case) -> None:
    _note(session, case, REMINDED)
    owner = session.get_one(Staff, case.owner_id)
    key = f"unwritten:{case.key}:{clock.now().timestamp():.3f}"
    messages.tell_staff(session, owner, kind="danger_unwritten", key=key, facts={"case_id": case.key}, case_id=case.key)


def _note(session: Session, case: Case, text: str) -> None:
    session.add(CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=text, staff_id=case.owner_id, at=clock.now()))
    audit.record(session, text, thing="case", thing_id=case.key, staff_id=case.owner_id)
    session.flush()


def held(session: Session, staff: Staff) -> Sequence[Case]:
    """Dangers in her hands that are not closed."""
    query = select(Case).where(Case.owner_id == staff.key, Case.kind == CaseKind.DANGER, col(Case.state).in_(OPEN_STATES))
    return session.exec(query.order_by(col(Case.id))).all()


def others_there(session: Session, staff: Staff, *, hours: DutyHours) -> bool:
    """Somebody besides her is on duty and can be called."""
    return any(one.key != staff.key for one in roster.everybody(session, hours=hours))


def leave(session: Session, staff: Staff, *, hours: DutyHours, addresses: int, last: bool = False) -> int:
    """She goes off duty, which is noted already: her dangers go to whoever is on duty now. How many colleagues and addresses were
    paged for the one for which the fewest were; -1 where she holds none.
    """
    paged = []
    for found in held(session, staff):
        case = session.get_one(Case, found.key, with_for_update=True, populate_existing=True)
        cases.put_back(session, case, by=staff.key)
        paged.append(duty.offer_again(session, case, hours=hours, addresses=addresses, last=last))
    return min(paged, default=-1)
