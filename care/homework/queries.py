"""Reads on homework, for the conversation and for the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from care.families.models import Caregiver, CareOf, Child
from care.homework.models import (
    OPEN_STATES,
    WAITING_FOR_HER,
    HandingIn,
    Homework,
    HomeworkComment,
    HomeworkItem,
    HomeworkState,
    ItemState,
)
from care.places import queries as places
from care.places.models import Place
from kit import clock
from kit.accounts.models import Role, Staff
from knowledge.homework import Task, tasks

Row = TypeVar("Row", HomeworkItem, HomeworkComment)


def of_child(session: Session, child: Child) -> Sequence[Homework]:
    return session.exec(select(Homework).where(Homework.child_id == child.key).order_by(col(Homework.id))).all()


def under_way(session: Session, child: Child) -> Homework | None:
    """What waits for the family: one to be tried again before one that was only given."""
    query = select(Homework).where(Homework.child_id == child.key, col(Homework.state).in_(WAITING_FOR_HER))
    again = sa.case((col(Homework.state) == HomeworkState.AGAIN, 0), else_=1)
    return session.exec(query.order_by(again, col(Homework.given_at).desc())).first()


def handed_in(session: Session, child: Child) -> Sequence[Homework]:
    """What waits for the trainer, the newest first."""
    query = select(Homework).where(Homework.child_id == child.key, Homework.state == HomeworkState.HANDED_IN)
    return session.exec(query.order_by(col(Homework.handed_in_at).desc())).all()


def handing_in(session: Session, who: Caregiver) -> tuple[HandingIn, Homework] | None:
    """What she is handing in now, while it is open and the child is hers."""
    query = select(HandingIn, Homework).join(Homework, col(Homework.id) == col(HandingIn.homework_id))
    query = query.join(CareOf, col(CareOf.child_id) == col(Homework.child_id))
    query = query.where(HandingIn.caregiver_id == who.key, CareOf.caregiver_id == who.key)
    return session.exec(query.where(col(HandingIn.until) > clock.now(), col(Homework.state).in_(OPEN_STATES))).one_or_none()


def own(session: Session, who: Caregiver, homework_id: int, *, lock: bool = False) -> Homework | None:
    """The homework of a child of hers, whichever of its caregivers took it."""
    query = select(Homework).join(CareOf, col(CareOf.child_id) == col(Homework.child_id))
    query = query.where(Homework.id == homework_id, CareOf.caregiver_id == who.key)
    return session.exec(query.with_for_update(of=Homework) if lock else query).one_or_none()


def by_update(session: Session, update_key: str) -> HomeworkItem | None:
    return session.exec(select(HomeworkItem).where(HomeworkItem.update_key == update_key)).first()


def by_file_id(session: Session, homework: Homework, file_id: str) -> HomeworkItem | None:
    query = select(HomeworkItem).where(HomeworkItem.homework_id == homework.key, HomeworkItem.file_id == file_id)
    return session.exec(query).first()


def count_items(session: Session, homework: Homework) -> int:
    return session.exec(select(func.count()).select_from(HomeworkItem).where(HomeworkItem.homework_id == homework.key)).one()


def has_items(session: Session, homework: Homework) -> bool:
    return count_items(session, homework) > 0


def unsettled(session: Session, homework: Homework) -> Sequence[HomeworkItem]:
    """In the order in which they came."""
    query = select(HomeworkItem).where(HomeworkItem.homework_id == homework.key, col(HomeworkItem.settled_at).is_(None))
    return session.exec(query.order_by(col(HomeworkItem.id))).all()


def senders(session: Session, homework: Homework) -> Sequence[Caregiver]:
    """Whoever handed something in and still looks after the child."""
    sent = select(HomeworkItem.caregiver_id).where(HomeworkItem.homework_id == homework.key)
    cares = select(CareOf.caregiver_id).where(CareOf.child_id == homework.child_id)
    query = select(Caregiver).where(col(Caregiver.id).in_(sent), col(Caregiver.id).in_(cares))
    return session.exec(query.order_by(col(Caregiver.id))).all()


def comments(session: Session, homework: Homework) -> Sequence[HomeworkComment]:
    query = select(HomeworkComment).where(HomeworkComment.homework_id == homework.key)
    return session.exec(query.order_by(col(HomeworkComment.id))).all()


def task_of(homework: Homework) -> Task | None:
    """None for a task that is no longer in the collection."""
    return tasks().get(homework.task)


def keeper(session: Session, *, login: str) -> Staff | None:
    """The one person who sees held-back pictures: the administrator with this login, else the one who has served longest."""
    query = select(Staff).where(Staff.role == Role.ADMINISTRATOR, col(Staff.revoked_at).is_(None)).order_by(col(Staff.id))
    administrators = session.exec(query).all()
    named = next((one for one in administrators if login and one.login == login), None)
    return named or (administrators[0] if administrators else None)


def held(session: Session) -> Sequence[HomeworkItem]:
    """Held-back pictures, the oldest first."""
    return session.exec(select(HomeworkItem).where(HomeworkItem.state == ItemState.HELD).order_by(col(HomeworkItem.id))).all()


@dataclass(frozen=True, slots=True)
class HomeworkView:
    """Homework as staff see it: the family by alias, the child by age."""

    homework: Homework
    task: Task | None
    aliases: tuple[str, ...]
    lang: str
    child_age: int | None
    place: str
    owner: str
    items: tuple[HomeworkItem, ...]
    comments: tuple[HomeworkComment, ...]

    @property
    def shown(self) -> tuple[HomeworkItem, ...]:
        """What the trainer may look at."""
        return tuple(item for item in self.items if item.state is ItemState.KEPT)

    @property
    def held(self) -> int:
        return sum(item.state is ItemState.HELD for item in self.items)


def view(session: Session, homework: Homework) -> HomeworkView:
    return views(session, [homework])[0]


def views(session: Session, rows: Sequence[Homework]) -> list[HomeworkView]:
    keys = [row.key for row in rows]
    items = _grouped(session, HomeworkItem, keys)
    said = _grouped(session, HomeworkComment, keys)
    whos = {one.key: one for one in session.exec(select(Caregiver).where(col(Caregiver.id).in_(_senders_of(items))))}
    children = {
        child.key: child for child in session.exec(select(Child).where(col(Child.id).in_([row.child_id for row in rows])))
    }
    owners = {one.key: one.name for one in session.exec(select(Staff).where(col(Staff.id).in_([row.owner_id for row in rows])))}
    chains = {
        place.key: places.chain(session, place)
        for place in session.exec(select(Place).where(col(Place.id).in_([row.place_id for row in rows])))
    }
    made = []
    for row in rows:
        families = sorted({item.caregiver_id for item in items[row.key]} & whos.keys())
        made.append(
            HomeworkView(
                homework=row,
                task=task_of(row),
                aliases=tuple(whos[key].alias for key in families),
                lang=whos[families[0]].lang if families else "zh",
                child_age=children[row.child_id].corrected_months(clock.today()),
                place=chains.get(row.place_id or 0, ""),
                owner=owners.get(row.owner_id or 0, ""),
                items=tuple(item for item in items[row.key] if item.settled_at),
                comments=tuple(said[row.key]),
            )
        )
    return made


def _senders_of(items: dict[int, list[HomeworkItem]]) -> set[int]:
    return {item.caregiver_id for group in items.values() for item in group}


def _grouped(session: Session, table: type[Row], keys: list[int]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = {key: [] for key in keys}
    for row in session.exec(select(table).where(col(table.homework_id).in_(keys)).order_by(col(table.id))):
        grouped[row.homework_id].append(row)
    return grouped


def listed(
    session: Session, seen: sa.ColumnElement[bool], *, states: Sequence[HomeworkState], limit: int = 30, offset: int = 0
) -> Sequence[Homework]:
    """What `seen` (from access.visible_homework) lets through: what is due first, and of what is over the newest first."""
    query = select(Homework).where(seen, col(Homework.state).in_(states))
    over = HomeworkState.DONE in states
    order = (col(Homework.ended_at).desc(),) if over else (col(Homework.due_at).asc().nulls_last(),)
    return session.exec(query.order_by(*order, col(Homework.id)).limit(limit).offset(offset)).all()


def count(session: Session, seen: sa.ColumnElement[bool], *, states: Sequence[HomeworkState]) -> int:
    return session.exec(select(func.count()).select_from(Homework).where(seen, col(Homework.state).in_(states))).one()
