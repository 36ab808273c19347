"""Reads on cases, for the console and for cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from care.cases.models import OPEN_STATES, Case, CaseEntry, CaseKind, CaseState, EntryKind
from care.families.models import Caregiver, Child
from care.places import queries as places
from care.places.models import Place
from care.text import HIDDEN_NUMBER, without_numbers
from kit import clock
from kit.accounts.models import Staff

Row = TypeVar("Row", Caregiver, Child, Place, Staff)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as staff see it: the family by alias, the child by age."""

    case: Case
    alias: str
    lang: str
    child_age: int | None
    place: str
    owner: str
    entries: tuple[CaseEntry, ...]

    @property
    def question(self) -> str:
        """The parent's newest words; a telephone number in them is opened on the page of the case alone, where that is logged."""
        newest = next((entry.text for entry in reversed(self.entries) if entry.kind == "parent"), "")
        return without_numbers(newest, instead=HIDDEN_NUMBER)

    @property
    def replied(self) -> bool:
        return any(entry.kind is EntryKind.REPLY and entry.undone_at is None for entry in self.entries)

    @property
    def unanswered(self) -> tuple[CaseEntry, ...]:
        return since_last_reply(self.entries)


def since_last_reply(entries: Sequence[CaseEntry]) -> tuple[CaseEntry, ...]:
    """What the parent said that no reply followed; a reply taken back is none. `entries` in the order of their ids."""
    replies = (at for at, entry in enumerate(entries) if entry.kind is EntryKind.REPLY and entry.undone_at is None)
    return tuple(entry for entry in entries[max(replies, default=-1) + 1 :] if entry.kind is EntryKind.PARENT)


def unanswered(session: Session, case: Case) -> tuple[CaseEntry, ...]:
    return since_last_reply(
        session.exec(select(CaseEntry).where(CaseEntry.case_id == case.key).order_by(col(CaseEntry.id))).all()
    )


def view(session: Session, case: Case) -> CaseView:
    return views(session, [case])[0]


def views(session: Session, cases: Sequence[Case]) -> list[CaseView]:
    """Each case as staff see it, in a handful of queries for all of them together."""
    whos = _by_id(session, Caregiver, {case.caregiver_id for case in cases})
    children = _by_id(session, Child, {case.child_id for case in cases})
    owners = _by_id(session, Staff, {case.owner_id for case in cases})
    chains = {
        key: places.chain(session, place) for key, place in _by_id(session, Place, {case.place_id for case in cases}).items()
    }
    entries: dict[int, list[CaseEntry]] = {case.key: [] for case in cases}
    for entry in session.exec(select(CaseEntry).where(col(CaseEntry.case_id).in_(entries)).order_by(col(CaseEntry.id))):
        entries[entry.case_id].append(entry)
    today = clock.today()
    return [
        CaseView(
            case=case,
            alias=whos[case.caregiver_id].alias,
            lang=whos[case.caregiver_id].lang,
            child_age=children[case.child_id].age_months(today) if case.child_id else None,
            place=chains[case.place_id] if case.place_id else "",
            owner=owners[case.owner_id].name if case.owner_id else "",
            entries=tuple(entries[case.key]),
        )
        for case in cases
    ]


def _by_id(session: Session, table: type[Row], keys: set[int | None]) -> dict[int, Row]:
    return {row.key: row for row in session.exec(select(table).where(col(table.id).in_(keys - {None})))}


def listed(
    session: Session, seen: sa.ColumnElement[bool], *, states: Sequence[CaseState] = OPEN_STATES, limit: int = 50, offset: int = 0
) -> Sequence[Case]:
    """Cases that `seen` (from access.visible_to) lets through: danger first, then by due time."""
    first = sa.case((col(Case.kind) == CaseKind.DANGER, 0), (col(Case.kind) == CaseKind.URGENT, 1), else_=2)
    query = select(Case).where(seen, col(Case.state).in_(states)).order_by(first, col(Case.due_at), col(Case.id))
    return session.exec(query.limit(limit).offset(offset)).all()


def count(session: Session, seen: sa.ColumnElement[bool], *, states: Sequence[CaseState] = OPEN_STATES) -> int:
    return session.exec(select(func.count()).select_from(Case).where(seen, col(Case.state).in_(states))).one()


def untaken_danger(session: Session, seen: sa.ColumnElement[bool]) -> Sequence[Case]:
    """Danger that nobody has taken yet, the longest waiting first."""
    query = select(Case).where(seen, Case.kind == CaseKind.DANGER, Case.state == CaseState.OPEN)
    return session.exec(query.order_by(col(Case.opened_at), col(Case.id)).limit(20)).all()


def held_by(session: Session, staff: Staff) -> Sequence[Case]:
    """Cases this staff member holds and has not closed, the most recently opened first."""
    query = select(Case).where(Case.owner_id == staff.key, col(Case.state).in_(OPEN_STATES))
    return session.exec(query.order_by(col(Case.id).desc())).all()


def last_said(session: Session, case: Case) -> datetime:
    """When the parent or staff last said something in it."""
    query = select(func.max(CaseEntry.at)).where(CaseEntry.case_id == case.key, col(CaseEntry.kind) != EntryKind.EVENT)
    return session.exec(query).one() or case.opened_at


def open_of(session: Session, who: Caregiver) -> Sequence[Case]:
    query = select(Case).where(Case.caregiver_id == who.key, col(Case.state).in_(OPEN_STATES))
    return session.exec(query.order_by(col(Case.id).desc())).all()
