"""The one table of who may do what, and the filter of whose cases a staff member sees."""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.cases.models import Case
from care.duty.models import Page
from care.homework.models import Homework
from care.people.models import Assignment
from care.places.models import Place
from care.safeguarding.models import protected
from care.safeguarding.queries import is_named
from kit.accounts.models import Role, Staff
from kit.errors import NotAllowed, NotFound


class Verb(StrEnum):
    SEE_CASES = "see_cases"
    ANSWER_CASES = "answer_cases"
    SEE_HOMEWORK = "see_homework"
    COMMENT_HOMEWORK = "comment_homework"
    KEEP_HELD_PICTURES = "keep_held_pictures"
    SEE_PASSAGES = "see_passages"
    WRITE_PASSAGES = "write_passages"
    REVIEW_PASSAGES = "review_passages"
    RECALL_PASSAGES = "recall_passages"
    SEE_EDITIONS = "see_editions"
    BUILD_EDITIONS = "build_editions"
    PUBLISH_EDITIONS = "publish_editions"
    PUBLISH_DESPITE_GATE = "publish_despite_gate"
    MANAGE_STAFF = "manage_staff"
    MANAGE_ROSTER = "manage_roster"


_MAY: dict[Role, frozenset[Verb]] = {
    Role.ADMINISTRATOR: frozenset(Verb),
    Role.EDITOR: frozenset(
        {Verb.SEE_PASSAGES, Verb.WRITE_PASSAGES, Verb.REVIEW_PASSAGES, Verb.RECALL_PASSAGES}
        | {Verb.SEE_EDITIONS, Verb.BUILD_EDITIONS, Verb.PUBLISH_EDITIONS}
    ),
    Role.INSTRUCTOR: frozenset({Verb.SEE_CASES, Verb.ANSWER_CASES, Verb.SEE_HOMEWORK, Verb.COMMENT_HOMEWORK}),
}


def may(staff: Staff, verb: Verb) -> bool:
    return staff.revoked_at is None and verb in _MAY[staff.role]


def require(staff: Staff, verb: Verb) -> None:
    """Raises NotAllowed."""
    if not may(staff, verb):
        raise NotAllowed(f"{staff.role} may not {verb}")


def visible_to(session: Session, staff: Staff) -> sa.ColumnElement[bool]:
    """A condition on Case: cases of her places and below, cases whose place nobody knows, the ones she holds, and any danger she
    was called to: whoever is paged can come. Of protected ones only named staff see more than those last two.
    """
    if not may(staff, Verb.SEE_CASES):
        return sa.false()
    called = select(Page.case_id).where(Page.staff_id == staff.key)
    hers = sa.or_(col(Case.id).in_(called), col(Case.owner_id).is_not_distinct_from(staff.key))
    inside = _inside(session, staff, Case)
    return sa.or_(hers, inside if is_named(session, staff) else sa.and_(inside, sa.not_(protected())))


def hidden_from(session: Session, staff: Staff) -> sa.ColumnElement[bool]:
    """Protected cases of her places of which she may know no more than that there are some."""
    there = sa.and_(_inside(session, staff, Case), protected()) if may(staff, Verb.SEE_CASES) else sa.false()
    return sa.and_(there, sa.not_(visible_to(session, staff)))


def visible_homework(session: Session, staff: Staff) -> sa.ColumnElement[bool]:
    """The same condition on Homework. Seeing it in the list is not yet opening its pictures: `may_open_pictures`."""
    return _inside(session, staff, Homework) if may(staff, Verb.SEE_HOMEWORK) else sa.false()


def _inside(session: Session, staff: Staff, table: type[Case] | type[Homework]) -> sa.ColumnElement[bool]:
    paths = session.exec(
        select(Place.path).join(Assignment, col(Assignment.place_id) == col(Place.id)).where(Assignment.staff_id == staff.key)
    ).all()
    if not paths:
        return sa.true()
    inside = select(Place.id).where(sa.or_(*(col(Place.path).startswith(path, autoescape=True) for path in paths)))
    return sa.or_(col(table.place_id).in_(inside), col(table.place_id).is_(None), col(table.owner_id) == staff.key)


def homework_for(session: Session, staff: Staff, homework_id: int, *, lock: bool = False) -> Homework:
    """The homework, if this staff member may see it; raises NotFound either way it is missing."""
    query = select(Homework).where(Homework.id == homework_id, visible_homework(session, staff))
    found = session.exec(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("no such homework for this person")
    return found


def may_open_pictures(staff: Staff, homework: Homework) -> bool:
    """Its own trainer, and administrators; a colleague takes the homework over first."""
    return may(staff, Verb.COMMENT_HOMEWORK) and (homework.owner_id == staff.key or staff.role is Role.ADMINISTRATOR)


def case_for(session: Session, staff: Staff, case_id: int, *, lock: bool = False) -> Case:
    """The case, if this staff member may see it; raises NotFound either way it is missing."""
    query = select(Case).where(Case.id == case_id, visible_to(session, staff))
    case = session.exec(query.with_for_update() if lock else query).one_or_none()
    if case is None:
        raise NotFound("no such case for this person")
    return case
