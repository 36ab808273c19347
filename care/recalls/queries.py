"""Reads on recalls: what may not answer any more, who received it, who was reached."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.families.models import Channel
from care.messages.models import Message, MessageState
from care.recalls.models import Recall, RecallNotice
from knowledge.models import SETTLED, Revision

_RECEIVED = ("answer", "read_on")
"""The notices that show a passage, however she came to it: asked, chosen, browsed, or led there by a course."""


@dataclass(frozen=True, slots=True)
class Reached:
    """People, counted. `waiting_page` will read it when they come back to the chat page, `waiting` is on its way or in the queue,
    `unreachable` blocked us or could not be told, `left_out` must not be told: forgotten, or keeping of her talk refused.
    """

    received: int
    sent: int
    waiting: int
    waiting_page: int
    unreachable: int
    left_out: int


def withheld(session: Session) -> frozenset[int]:
    """The revisions that no edition may answer from, whichever is live."""
    query = select(Revision.id).join(Recall, col(Recall.passage_id) == col(Revision.passage_id))
    return frozenset(key for key in session.exec(query.where(col(Revision.number) <= col(Recall.number))) if key is not None)


def of_revision(session: Session, revision: Revision) -> Recall | None:
    """The recall that this revision fell under, the newest first."""
    query = select(Recall).where(Recall.passage_id == revision.passage_id, col(Recall.number) >= revision.number)
    return session.exec(query.order_by(col(Recall.number).desc()).limit(1)).first()


def of_passage(session: Session, passage_id: int) -> Recall | None:
    """The newest one."""
    query = select(Recall).where(Recall.passage_id == passage_id)
    return session.exec(query.order_by(col(Recall.number).desc()).limit(1)).first()


def revision_of(session: Session, recall: Recall) -> Revision:
    """The newest that parents can have had: its title is the one they know."""
    query = select(Revision).where(Revision.passage_id == recall.passage_id, col(Revision.number) <= recall.number)
    settled = query.where(col(Revision.state).in_(SETTLED)).order_by(col(Revision.number).desc())
    return session.exec(settled).first() or session.exec(query.order_by(col(Revision.number).desc())).one()


def received(session: Session, passage_id: int, *, since: datetime) -> int:
    """How many people were shown any revision of the passage from then on."""
    found = receivers(passage_id, since=since).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(found)).scalar_one())


def receivers(passage_id: int, *, since: datetime) -> sa.Select[int | None]:
    """The ids of caregivers. What she has cleared from her screen is not brought up again: somebody may look over it."""
    revisions = sa.select(sa.cast(col(Revision.id), sa.Text)).where(col(Revision.passage_id) == passage_id)
    shown = sa.select(col(Message.caregiver_id)).where(
        col(Message.kind).in_(_RECEIVED),
        col(Message.caregiver_id).is_not(None),
        col(Message.created_at) >= since,
        col(Message.cleared_at).is_(None),
        col(Message.state) != MessageState.UNDONE,
        col(Message.facts)["revision_id"].astext.in_(revisions),
    )
    return shown.distinct()


def reached(session: Session, recall: Recall) -> Reached:
    """By what became of each message; one that is no longer kept was sent."""
    parts = (
        col(RecallNotice.settled_at).is_(None),
        col(RecallNotice.message_id).is_(None),
        col(Message.channel),
        col(Message.state),
    )
    query = sa.select(*parts, sa.func.count()).join(Message, col(Message.id) == col(RecallNotice.message_id), isouter=True)
    rows = session.execute(query.where(col(RecallNotice.recall_id) == recall.key).group_by(*parts)).all()
    counts: Counter[str] = Counter()
    for unsettled, untold, channel, state, number in rows:
        counts[_sort("" if unsettled else "left_out" if untold else "told", channel, state)] += number
    return Reached(received=counts.total(), **{name: counts[name] for name in _SORTS})


_SORTS = ("sent", "waiting", "waiting_page", "unreachable", "left_out")


def _sort(stage: str, channel: Channel | None, state: MessageState | None) -> str:
    if stage == "left_out":
        return "left_out"
    if stage == "" or state is MessageState.SENDING:
        return "waiting"
    if state is MessageState.QUEUED:
        return "waiting_page" if channel is Channel.WEB else "waiting"
    return "sent" if state in (MessageState.SENT, None) else "unreachable"
