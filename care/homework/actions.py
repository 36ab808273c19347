"""Verbs on homework. They take a Session and never commit: permission is checked by the caller with care.people.access."""

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from care.cases.actions import Media
from care.families import queries as families
from care.families.models import Caregiver, Child
from care.homework import queries
from care.homework.errors import MoveNotOpen, NoMoreTasks
from care.homework.models import (
    MOVES,
    SETTLES_AFTER,
    WAITING_FOR_HER,
    HandingIn,
    Homework,
    HomeworkItem,
    HomeworkState,
    ItemState,
)
from care.safety.models import Screened
from kit import audit, clock
from knowledge.homework import Task, tasks

FIRST_THING_WITHIN = timedelta(hours=2)
LATE_THINGS_WITHIN = timedelta(minutes=10)
MOST_ITEMS = 60


def give(session: Session, child: Child) -> Homework:
    """The task under way, or the next one that suits the child's corrected age and was not done before. Raises NoMoreTasks."""
    _lock(session, child)
    under_way = queries.under_way(session, child)
    return under_way or _next(session, child)


def give_another(session: Session, homework: Homework, child: Child) -> Homework:
    """Put this task aside for another one; it may come back when all others are done. Raises NoMoreTasks, MoveNotOpen."""
    _lock(session, child)
    if homework.state is not HomeworkState.GIVEN or queries.has_items(session, homework):
        raise MoveNotOpen
    other = _next(session, child)
    move(session, homework, to=HomeworkState.DROPPED)
    session.execute(sa.delete(HandingIn).where(col(HandingIn.homework_id) == homework.key))
    return other


def _lock(session: Session, child: Child) -> None:
    """Two caregivers who press at once get one task."""
    session.execute(sa.select(col(Child.id)).where(col(Child.id) == child.key).with_for_update())


def _next(session: Session, child: Child) -> Homework:
    months = child.corrected_months(clock.today())
    fitting = [task for task in tasks().values() if months is not None and task.fits(months)]
    had = {row.task: row for row in queries.of_child(session, child)}
    fresh = next((task for task in fitting if task.slug not in had), None)
    if fresh:
        return _given(session, child, fresh)
    dropped = [had[task.slug] for task in fitting if had[task.slug].state is HomeworkState.DROPPED]
    if not dropped:
        raise NoMoreTasks
    oldest = min(dropped, key=lambda row: row.given_at)
    oldest.given_at = clock.now()
    move(session, oldest, to=HomeworkState.GIVEN)
    return oldest


def _given(session: Session, child: Child, task: Task) -> Homework:
    made = Homework(child_id=child.key, task=task.slug, fingerprint=task.fingerprint, given_at=clock.now())
    session.add(made)
    session.flush()
    audit.record(session, "give", thing="homework", thing_id=made.key, task=task.slug)
    return made


def move(session: Session, homework: Homework, *, to: HomeworkState, staff_id: int | None = None) -> None:
    """Raises MoveNotOpen."""
    if to not in MOVES[homework.state]:
        raise MoveNotOpen(f"homework cannot go from {homework.state} to {to}")
    homework.state = to
    session.add(homework)
    audit.record(session, to.value, thing="homework", thing_id=homework.key, staff_id=staff_id)
    session.flush()


def begin_handing_in(session: Session, who: Caregiver, homework: Homework) -> None:
    """From now on what she sends belongs to this homework. Raises MoveNotOpen when it is over."""
    if homework.state not in (*WAITING_FOR_HER, HomeworkState.HANDED_IN):
        raise MoveNotOpen
    until = clock.now() + FIRST_THING_WITHIN
    session.merge(HandingIn(caregiver_id=who.key, homework_id=homework.key, words=True, until=until))
    session.flush()


def end_handing_in(session: Session, who: Caregiver) -> None:
    session.execute(sa.delete(HandingIn).where(col(HandingIn.caregiver_id) == who.key))
    session.expire_all()


def hand_in_words(session: Session, homework: Homework, who: Caregiver, *, said: Screened, update_key: str) -> None:
    _add(session, homework, who, kind="text", text=said.text, state=ItemState.KEPT, update_key=update_key)


def hand_in(session: Session, homework: Homework, who: Caregiver, *, media: Media, said: Screened, update_key: str) -> bool:
    """A picture, recording or film with its caption. False when it is here already or there are too many: its file is not needed."""
    if media.file_id and queries.by_file_id(session, homework, media.file_id):
        _add(session, homework, who, kind=media.kind, text=said.text, state=ItemState.DOUBLE, update_key=update_key)
        return False
    if queries.count_items(session, homework) >= MOST_ITEMS:
        hand_in_failed(session, homework, who, kind=media.kind, update_key=update_key)
        return False
    _add(
        session, homework, who, kind=media.kind, text=said.text, state=ItemState.NEW, update_key=update_key,
        media_key=media.key, file_id=media.file_id,
    )  # fmt: skip
    return True


def hand_in_failed(session: Session, homework: Homework, who: Caregiver, *, kind: str, update_key: str) -> None:
    """Something came and could not be taken in; she is told which one when the others are settled."""
    _add(session, homework, who, kind=kind, state=ItemState.FAILED, update_key=update_key)


def _add(
    session: Session,
    homework: Homework,
    who: Caregiver,
    *,
    kind: str,
    state: ItemState,
    update_key: str,
    text: str = "",
    media_key: str = "",
    file_id: str = "",
) -> None:
    """`update_key` makes a repeated delivery harmless. The last thing that comes decides when all are settled."""
    now = clock.now()
    if queries.by_update(session, update_key):
        return
    session.add(
        HomeworkItem(
            homework_id=homework.key, caregiver_id=who.key, kind=kind, text=text, media_key=media_key, file_id=file_id,
            state=state, update_key=update_key, at=now,
        )
    )  # fmt: skip
    homework.settle_at = now + SETTLES_AFTER
    homework.place_id = homework.place_id or who.place_id
    session.add(homework)
    handing = session.get(HandingIn, who.key)
    if handing and handing.homework_id == homework.key:
        handing.until = max(handing.until, now + LATE_THINGS_WITHIN)
        session.add(handing)
    session.flush()


def is_of(session: Session, child_id: int, who: Caregiver) -> bool:
    return any(child.key == child_id for child in families.children(session, who))
