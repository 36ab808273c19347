"""Verbs on raw updates: store, claim in order of each lane, finish, retry. They take a Session and never commit."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.inbox.models import InboxUpdate, UpdateState
from care.families.models import Channel
from kit import clock

CLAIM_LASTS = timedelta(seconds=90)
MOST_ATTEMPTS = 5
KEPT = timedelta(days=3)


def store(session: Session, channel: Channel, *, update_id: str, lane: str, address: str, payload: dict[str, Any]) -> bool:
    """Keep an update; False when it was kept before. Acknowledge to the channel only after the commit."""
    now = clock.now()
    row = InboxUpdate(
        channel=channel, update_id=update_id, lane=lane, address=address, payload=payload, received_at=now, due_at=now
    )
    statement = insert(InboxUpdate).values(**row.model_dump(exclude={"id"}))
    statement = statement.on_conflict_do_nothing(index_elements=["channel", "update_id"])
    return session.execute(statement.returning(col(InboxUpdate.id))).scalar_one_or_none() is not None


def claim(session: Session, *, limit: int = 20) -> Sequence[InboxUpdate]:
    """The oldest open update of each free lane, marked as worked on; one left by a killed worker is taken up again."""
    now = clock.now()
    stale = sa.update(InboxUpdate).where(
        col(InboxUpdate.state) == UpdateState.WORKING, col(InboxUpdate.claimed_at) < now - CLAIM_LASTS
    )
    session.execute(stale.values(state=UpdateState.WAITING))
    earlier = aliased(InboxUpdate)
    before = select(earlier.id).where(
        col(earlier.lane) == col(InboxUpdate.lane),
        col(earlier.id) < col(InboxUpdate.id),
        col(earlier.state).in_([UpdateState.WAITING, UpdateState.WORKING]),
    )
    query = select(InboxUpdate).where(InboxUpdate.state == UpdateState.WAITING, col(InboxUpdate.due_at) <= now, ~before.exists())
    rows = session.exec(query.order_by(col(InboxUpdate.id)).limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.state, row.claimed_at, row.attempts = UpdateState.WORKING, now, row.attempts + 1
        session.add(row)
    session.flush()
    return rows


def finish(session: Session, update: int) -> None:
    """Commit it together with what the update caused."""
    done = sa.update(InboxUpdate).where(col(InboxUpdate.id) == update)
    session.execute(done.values(state=UpdateState.DONE, done_at=clock.now(), error=""))


def blank(session: Session, update: int) -> None:
    """Empty what it brought, at once: it held something that is kept nowhere else in the open."""
    session.execute(sa.update(InboxUpdate).where(col(InboxUpdate.id) == update).values(payload={}))


def retry(session: Session, update: InboxUpdate, *, error: str) -> bool:
    """Put it back for a while; False when it has had all its attempts and is dead."""
    dead = update.attempts >= MOST_ATTEMPTS
    values = {
        "state": UpdateState.DEAD if dead else UpdateState.WAITING,
        "due_at": clock.now() + timedelta(seconds=2**update.attempts),
        "error": error[:200],
    }
    session.execute(sa.update(InboxUpdate).where(col(InboxUpdate.id) == update.id).values(**values))
    return not dead


def drop_old(session: Session) -> None:
    done = sa.delete(InboxUpdate).where(col(InboxUpdate.state) == UpdateState.DONE)
    session.execute(done.where(col(InboxUpdate.received_at) < clock.now() - KEPT))
