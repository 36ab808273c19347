"""Two seconds after the last thing came, what came is one submission: with a trainer, a due time, and words to who sent it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from care.cases.hours import DutyHours
from care.families.models import Caregiver
from care.homework import actions, queries
from care.homework.models import KEPT_WITHOUT_REVIEW, HandingIn, Homework, HomeworkItem, HomeworkState, ItemState, comment_due
from care.messages import actions as messages
from care.people import queries as people
from care.people.access import Verb, may
from kit import audit, clock
from kit.accounts.models import Role, Staff

USABLE = (ItemState.KEPT, ItemState.HELD)
MOST_A_STEP = 50


def due(session: Session, *, hours: DutyHours, keeper_login: str = "") -> None:
    """For the tick: settle what is complete, and find a trainer for whatever lost its own."""
    ready = select(Homework).where(col(Homework.settle_at) <= clock.now(), ~_being_looked_at())
    for homework in session.exec(ready.limit(MOST_A_STEP).with_for_update(skip_locked=True)).all():
        settle(session, homework, hours=hours, keeper_login=keeper_login)
    gone = select(Staff.id).where(col(Staff.revoked_at).is_not(None))
    unowned = sa.or_(col(Homework.owner_id).is_(None), col(Homework.owner_id).in_(gone))
    query = select(Homework).where(Homework.state == HomeworkState.HANDED_IN, unowned).limit(MOST_A_STEP)
    for homework in session.exec(query.with_for_update(skip_locked=True)).all():
        _find_trainer(session, homework, hours=hours)


def _being_looked_at() -> sa.ColumnElement[bool]:
    new = select(HomeworkItem.id).where(col(HomeworkItem.homework_id) == col(Homework.id), HomeworkItem.state == ItemState.NEW)
    return new.exists()


def settle(session: Session, homework: Homework, *, hours: DutyHours, keeper_login: str = "") -> None:
    """Everything that came since the last time. Words end here; late pictures join for a while."""
    now = clock.now()
    came = queries.unsettled(session, homework)
    late = homework.state is HomeworkState.HANDED_IN
    for item in came:
        item.settled_at, item.keep_until = now, now + KEPT_WITHOUT_REVIEW
        session.add(item)
    homework.settle_at = None
    closing = sa.update(HandingIn).where(col(HandingIn.homework_id) == homework.key)
    session.execute(closing.values(words=False, until=now + actions.LATE_THINGS_WITHIN))
    if any(item.state in USABLE for item in came):
        _hand_in(session, homework, hours=hours, late=late, at=now)
    _tell_senders(session, homework, came, late=late, at=now)
    held = [item for item in came if item.state is ItemState.HELD]
    if held:
        _tell_keeper(session, held, hours=hours, login=keeper_login)
    session.flush()


def _hand_in(session: Session, homework: Homework, *, hours: DutyHours, late: bool, at: datetime) -> None:
    if not late:
        homework.handed_in_at, homework.due_at = at, comment_due(at, hours)
    actions.move(session, homework, to=HomeworkState.HANDED_IN)
    _find_trainer(session, homework, hours=hours)


def _find_trainer(session: Session, homework: Homework, *, hours: DutyHours) -> None:
    """Her own of before where there is one and she is there, else whoever of the place has least to do."""
    there = [one for one in people.present_for(session, homework.place_id) if may(one, Verb.COMMENT_HOMEWORK)]
    if not there:
        return
    keys = {one.key for one in there}
    if homework.owner_id not in keys:
        before = _owner_before(session, homework)
        waiting = _waiting(session)
        homework.owner_id = before if before in keys else min(there, key=lambda one: _burden(one, waiting)).key
        session.add(homework)
        audit.record(session, "assign", thing="homework", thing_id=homework.key, to=homework.owner_id)
    tell_trainer(session, homework, hours=hours)


def _burden(one: Staff, waiting: Counter[int]) -> tuple[bool, int, int]:
    """Administrators only where nobody else is there."""
    return one.role is Role.ADMINISTRATOR, waiting[one.key], one.key


def _owner_before(session: Session, homework: Homework) -> int | None:
    query = select(Homework.owner_id).where(Homework.child_id == homework.child_id, col(Homework.owner_id).is_not(None))
    return session.exec(query.order_by(col(Homework.handed_in_at).desc())).first()


def _waiting(session: Session) -> Counter[int]:
    query = sa.select(col(Homework.owner_id), func.count()).where(col(Homework.state) == HomeworkState.HANDED_IN)
    rows = session.execute(query.where(col(Homework.owner_id).is_not(None)).group_by(col(Homework.owner_id))).all()
    return Counter({int(owner): int(number) for owner, number in rows})


def tell_trainer(session: Session, homework: Homework, *, hours: DutyHours) -> None:
    """A card without a picture, in her hours; one for each time something came."""
    owner = session.get_one(Staff, homework.owner_id)
    key = f"homework-card:{homework.key}:{owner.key}:{clock.now().timestamp():.0f}"
    opening = hours.next_open(clock.now())
    messages.tell_staff(session, owner, kind="homework_card", key=key, facts={"homework_id": homework.key}, due_at=opening)


def _tell_keeper(session: Session, held: Sequence[HomeworkItem], *, hours: DutyHours, login: str) -> None:
    keeper = queries.keeper(session, login=login)
    if keeper:
        key, opening = f"held:{held[0].key}", hours.next_open(clock.now())
        messages.tell_staff(session, keeper, kind="picture_held", key=key, facts={"count": len(held)}, due_at=opening)


def _tell_senders(session: Session, homework: Homework, came: Sequence[HomeworkItem], *, late: bool, at: datetime) -> None:
    for caregiver_id in sorted({item.caregiver_id for item in came}):
        hers = [item for item in came if item.caregiver_id == caregiver_id]
        who = session.get_one(Caregiver, caregiver_id)
        key = f"homework-received:{hers[-1].key}"
        facts = {"homework_id": homework.key, "late": late, "at": at.isoformat(), **_counted(hers)}
        messages.tell(session, who, kind="homework_received", key=key, facts=facts)


def _counted(hers: Sequence[HomeworkItem]) -> dict[str, Any]:
    """How many of each kind came in, and which of them, counted in the order in which they came, did not."""
    usable = Counter(item.kind for item in hers if item.state in USABLE)
    return {
        "photos": usable["photo"],
        "voices": usable["voice"],
        "films": usable["file"],
        "texts": usable["text"],
        "held": sum(item.state is ItemState.HELD for item in hers),
        "doubles": sum(item.state is ItemState.DOUBLE for item in hers),
        "failed": [number for number, item in enumerate(hers, start=1) if item.state is ItemState.FAILED],
        "came": len(hers),
    }
