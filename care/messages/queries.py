"""Reads on messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from care.families.models import Caregiver, Channel
from care.messages.models import Message, MessageState
from kit import clock

_HIDDEN = [MessageState.UNDONE]


def talk(session: Session, who: Caregiver, *, after: int = 0, limit: int = 60) -> Sequence[Message]:
    """The newest messages of her talk on any channel, oldest first; those held back for a while are not due and not shown."""
    query = select(Message).where(Message.caregiver_id == who.key, col(Message.id) > after, col(Message.due_at) <= clock.now())
    query = (
        query.where(col(Message.state).not_in(_HIDDEN), col(Message.cleared_at).is_(None))
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    return list(reversed(session.exec(query).all()))


def unread_replies(session: Session, who: Caregiver) -> Sequence[Message]:
    """What a person wrote to her that no page or chat has shown yet, oldest first."""
    query = select(Message).where(Message.caregiver_id == who.key, Message.kind == "case_reply", col(Message.read_at).is_(None))
    query = query.where(Message.channel == Channel.WEB, Message.state == MessageState.QUEUED, col(Message.due_at) <= clock.now())
    return session.exec(query.where(col(Message.cleared_at).is_(None)).order_by(col(Message.id))).all()


def about_case(session: Session, case_id: int) -> dict[int, Message]:
    """Everything said to the parent about a case, by id: what of it has reached her."""
    query = select(Message).where(Message.case_id == case_id, col(Message.caregiver_id).is_not(None))
    return {message.number: message for message in session.exec(query)}


def by_remote(session: Session, *, address: str, remote_id: str) -> Message | None:
    """The message that stands in a Telegram chat under this message id."""
    query = select(Message).where(Message.address == address, Message.remote_id == remote_id)
    return session.exec(query.where(Message.channel == Channel.TELEGRAM)).first()


def said_before(session: Session, who: Caregiver, *, text: str, remote_id: str, but: str) -> bool:
    """Whether she said just this in that message of hers. `but` is the key of the words that are compared."""
    query = select(Message.id).where(Message.caregiver_id == who.key, Message.remote_id == remote_id, Message.key != but)
    return session.exec(query.where(col(Message.facts)["text"].astext == text).limit(1)).first() is not None


def words_since(session: Session, who: Caregiver, *, since: datetime) -> Sequence[str]:
    """What she wrote herself since then, newest first."""
    query = select(col(Message.facts)["text"].astext).where(Message.caregiver_id == who.key, Message.state == MessageState.SAID)
    query = query.where(col(Message.created_at) > since, col(Message.cleared_at).is_(None)).order_by(col(Message.id).desc())
    return [text for text in session.exec(query.limit(20)) if text]


def facts_since(session: Session, who: Caregiver, *, kind: str, since: datetime) -> Sequence[dict[str, Any]]:
    """What was said to her in notices of this kind since then, newest first."""
    query = select(Message.facts).where(Message.caregiver_id == who.key, Message.kind == kind)
    return [dict(facts) for facts in session.exec(query.where(col(Message.created_at) > since).order_by(col(Message.id).desc()))]


def about_cases_since(session: Session, who: Caregiver, *, since: datetime) -> frozenset[str]:
    """The kinds of what was said to her about cases of hers since then: danger, handing over, a person's reply."""
    query = select(Message.kind).where(Message.caregiver_id == who.key, col(Message.case_id).is_not(None))
    return frozenset(session.exec(query.where(col(Message.created_at) > since).distinct()))


def queued(session: Session, key: str) -> bool:
    """Whether a notice with this key was ever queued."""
    return session.exec(select(Message.id).where(Message.key == key)).first() is not None
