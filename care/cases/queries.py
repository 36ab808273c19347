"""Reads on cases, for the console and for cards."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.cases.models import OPEN_STATES, Case, CaseEntry, CaseKind, CaseState
from care.families.models import Caregiver, Child
from care.places import queries as places
from care.places.models import Place
from kit import clock
from kit.accounts.models import Staff


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
        """The parent's newest words."""
        return next((entry.text for entry in reversed(self.entries) if entry.kind == "parent"), "")


def view(session: Session, case: Case) -> CaseView:
    who = session.get_one(Caregiver, case.caregiver_id)
    child = session.get(Child, case.child_id) if case.child_id else None
    place = session.get(Place, case.place_id) if case.place_id else None
    owner = session.get(Staff, case.owner_id) if case.owner_id else None
    entries = session.exec(select(CaseEntry).where(CaseEntry.case_id == case.key).order_by(col(CaseEntry.id))).all()
    return CaseView(
        case=case,
        alias=who.alias,
        lang=who.lang,
        child_age=child.age_months(clock.today()) if child else None,
        place=places.chain(session, place) if place else "",
        owner=owner.name if owner else "",
        entries=tuple(entries),
    )


def listed(
    session: Session, seen: sa.ColumnElement[bool], *, states: Sequence[CaseState] = OPEN_STATES, limit: int = 50, offset: int = 0
) -> Sequence[Case]:
    """Cases that `seen` (from access.visible_to) lets through: danger first, then by due time."""
    first = sa.case((col(Case.kind) == CaseKind.DANGER, 0), (col(Case.kind) == CaseKind.URGENT, 1), else_=2)
    query = select(Case).where(seen, col(Case.state).in_(states)).order_by(first, col(Case.due_at), col(Case.id))
    return session.exec(query.limit(limit).offset(offset)).all()


def held_by(session: Session, staff: Staff) -> Sequence[Case]:
    """Cases this staff member holds and has not closed, the most recently opened first."""
    query = select(Case).where(Case.owner_id == staff.key, col(Case.state).in_(OPEN_STATES))
    return session.exec(query.order_by(col(Case.id).desc())).all()


def open_of(session: Session, who: Caregiver) -> Sequence[Case]:
    query = select(Case).where(Case.caregiver_id == who.key, col(Case.state).in_(OPEN_STATES))
    return session.exec(query.order_by(col(Case.id).desc())).all()
