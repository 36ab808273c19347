"""A page that nobody answers climbs: first who is near, then everybody on duty, then the operator's last address.

Acknowledging by one tap holds it for a while; taking the case ends it, as long as its holder does something (holding.py). Where
nobody was there, whoever comes on duty is called. Every step is a row: `duty_page`, and the history.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from care.cases.errors import AlreadyTaken, MoveNotOpen
from care.cases.hours import DutyHours
from care.cases.models import Case, CaseEntry, CaseKind, CaseState, EntryKind
from care.duty import actions as duty
from care.duty import waiting
from care.duty.models import Page, Rung
from care.roster import queries as roster
from kit import audit, clock
from kit.accounts.models import Staff

UNANSWERED_FOR = timedelta(minutes=5)
ACKNOWLEDGED_FOR = timedelta(minutes=10)
"""Whoever has seen it takes it within this time, or the page climbs on."""
MOST_ROUNDS = 6
ACKNOWLEDGED = "acknowledged"


def acknowledge(session: Session, case: Case, *, by: Staff) -> None:
    """`by` has seen the page, or is at it where she holds the case. `case` must be read with a row lock.

    Raises AlreadyTaken, MoveNotOpen.
    """
    if case.kind is not CaseKind.DANGER or case.state is CaseState.CLOSED:
        raise MoveNotOpen("no danger, or it is over")
    if case.owner_id is not None and case.owner_id != by.key:
        raise AlreadyTaken(name=session.get_one(Staff, case.owner_id).name)
    if by.key in _seen_lately(session, case):
        return
    entry = CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=ACKNOWLEDGED, staff_id=by.key, at=clock.now())
    session.add(entry)
    audit.record(session, "acknowledge", thing="case", thing_id=case.key, staff_id=by.key)
    session.flush()


def acknowledged(session: Session, case: Case) -> bool:
    """Somebody has seen it and is expected to take it."""
    return bool(_seen_lately(session, case))


def _seen_lately(session: Session, case: Case) -> set[int | None]:
    """Who said within `ACKNOWLEDGED_FOR` to have seen the page."""
    seen = select(CaseEntry.staff_id).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.EVENT)
    since = clock.now() - ACKNOWLEDGED_FOR
    return set(session.exec(seen.where(CaseEntry.text == ACKNOWLEDGED, col(CaseEntry.at) > since)))


def climb(session: Session, *, hours: DutyHours, addresses: int, last: bool = False) -> None:
    """Each danger that nobody has taken or acknowledged five minutes after its newest page is paged one rung higher; from the
    last rung again and again, `MOST_ROUNDS` in all.
    """
    for case_id, newest in _unanswered(session):
        case = session.get_one(Case, case_id, with_for_update=True, populate_existing=True)
        rounds = session.exec(select(Page.at).where(Page.case_id == case_id).distinct()).all()
        stale = case.state is not CaseState.OPEN or max(rounds) > newest  # another process was here first
        since = waiting.fresh_since(session, case)
        if stale or sum(at >= since for at in rounds) >= MOST_ROUNDS or _seen_lately(session, case):
            continue
        rung = _next_rung(session, case, hours=hours, since=since)
        again = f"round-{len(rounds) + 1}"
        duty.page(session, case, hours=hours, addresses=addresses, again=again, last=last, rung=rung)


def _unanswered(session: Session) -> list[tuple[int, datetime]]:
    newest = sa.select(col(Page.case_id), func.max(Page.at)).group_by(col(Page.case_id))
    untaken = newest.join(Case, col(Case.id) == col(Page.case_id)).where(
        col(Case.kind) == CaseKind.DANGER, col(Case.state) == CaseState.OPEN
    )
    late = untaken.having(func.max(Page.at) <= clock.now() - UNANSWERED_FOR)
    return [(case_id, at) for case_id, at in session.execute(late).all()]


def _next_rung(session: Session, case: Case, *, hours: DutyHours, since: datetime) -> Rung:
    """Everybody else on duty, unless there is nobody else: then the last at once."""
    pages = session.exec(select(Page).where(Page.case_id == case.key, col(Page.at) >= since)).all()
    if max((page.rung for page in pages), default=Rung.FIRST) >= Rung.EVERYBODY:
        return Rung.LAST
    on_duty = roster.everybody(session, hours=hours)
    return Rung.EVERYBODY if {one.key for one in on_duty} - {page.staff_id for page in pages} else Rung.LAST


def call_who_came(session: Session, *, hours: DutyHours) -> None:
    """Each case that nobody was there for goes to whoever stands on duty by now: danger as a page, which then climbs."""
    for waits in waiting.cases(session):
        case = session.get_one(Case, waits.key, with_for_update=True, populate_existing=True)
        if case.state is not CaseState.OPEN or not roster.near(session, case.place_id, hours=hours):
            continue
        waiting.note_came(session, case)
        again = f"came-{clock.now().timestamp():.3f}"
        if case.kind is CaseKind.DANGER:
            duty.page(session, case, hours=hours, addresses=0, again=again)
        else:
            duty.offer(session, case, hours=hours, again=again)
