"""Verbs on messages: queue a notice, claim what is due, and settle how a send ended. They take a Session and never commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from care.families import queries as families
from care.families.models import Caregiver, Channel, Contact
from care.messages.models import Message, MessageState, Promise
from kit import clock
from kit.accounts.models import Staff

CLAIM_LASTS = timedelta(seconds=60)
GIVES_UP_AFTER = timedelta(hours=24)
MOST_DOUBTS = 12  # two, four, eight seconds … a quarter of an hour: about an hour of doubt, then an operator decides
REMOVED_WITHIN = timedelta(hours=48)
"""Telegram deletes nothing older (Bot API, deleteMessage)."""
OVERTAKES = ("emergency", "danger_card")
"""The answer to a danger, and the call to staff. Whatever hangs before them would hold them up for a minute."""


def tell(
    session: Session,
    to: Caregiver,
    *,
    kind: str,
    key: str,
    facts: dict[str, Any] | None = None,
    channel: Channel | None = None,
    case_id: int | None = None,
    due_at: datetime | None = None,
    promise: Promise = Promise.AT_LEAST_ONCE,
) -> Message | None:
    """Queue one notice to a caregiver; None when `key` was queued before.

    Without a `channel` it goes to Telegram where she can be reached there, else it waits for her on the page.
    """
    contact = families.contact(session, to, channel or Channel.TELEGRAM)
    chosen = Channel.TELEGRAM if contact and contact.channel is Channel.TELEGRAM else Channel.WEB
    contact = contact or families.contact(session, to, chosen)
    row = Message(
        key=key,
        caregiver_id=to.key,
        channel=chosen,
        address=contact.address if contact else "",
        kind=kind,
        facts=facts or {},
        case_id=case_id,
        promise=promise,
        state=MessageState.QUEUED,
        due_at=due_at or clock.now(),
        created_at=clock.now(),
    )
    return _store(session, row)


def tell_staff(
    session: Session,
    to: Staff,
    *,
    kind: str,
    key: str,
    facts: dict[str, Any] | None = None,
    case_id: int | None = None,
    due_at: datetime | None = None,
) -> Message | None:
    """Queue one notice to a staff member's linked Telegram; None when she has none, or `key` was queued before."""
    if to.telegram_address is None or to.revoked_at:
        return None
    row = Message(
        key=key,
        staff_id=to.key,
        channel=Channel.TELEGRAM,
        address=to.telegram_address,
        kind=kind,
        facts=facts or {},
        case_id=case_id,
        state=MessageState.QUEUED,
        due_at=due_at or clock.now(),
        created_at=clock.now(),
    )
    return _store(session, row)


def keep_words(
    session: Session, who: Caregiver, *, channel: Channel, key: str, facts: dict[str, Any], address: str = "", remote_id: str = ""
) -> None:
    """Keep what she said herself, so that the page can show the talk. `remote_id` is the channel's own id of her message."""
    now = clock.now()
    row = Message(
        key=key, caregiver_id=who.key, channel=channel, address=address, kind="said", facts=facts, state=MessageState.SAID,
        due_at=now, created_at=now, read_at=now, remote_id=remote_id,
    )  # fmt: skip
    _store(session, row)


def blank_words(session: Session, *, key: str) -> None:
    """Words of hers that must not stand in the talk, such as a telephone number: that she said something stays."""
    said = sa.update(Message).where(col(Message.key) == key, col(Message.state) == MessageState.SAID)
    session.execute(said.values(facts={"text": "☎", "media": ""}))


def _store(session: Session, row: Message) -> Message | None:
    values = row.model_dump(exclude={"id"})
    statement = insert(Message).values(**values).on_conflict_do_nothing(index_elements=["key"]).returning(col(Message.id))
    stored = session.execute(statement).scalar_one_or_none()
    return session.get_one(Message, stored) if stored is not None else None


def clear(session: Session, who: Caregiver, these: sa.ColumnElement[bool]) -> int:
    """Take messages of hers off her screen; the ledger keeps them. Where the channel can take them away too, `removals` has them."""
    now = clock.now()
    mine = sa.update(Message).where(col(Message.caregiver_id) == who.key, col(Message.cleared_at).is_(None), these)
    within_reach = sa.and_(
        col(Message.channel) == Channel.TELEGRAM, col(Message.remote_id) != "", col(Message.created_at) > now - REMOVED_WITHIN
    )
    removed = sa.case((within_reach, sa.null()), else_=now)
    return len(session.execute(mine.values(cleared_at=now, removed_at=removed).returning(col(Message.id))).all())


def removals(session: Session, channel: Channel, *, limit: int = 20) -> Sequence[Message]:
    """Cleared messages that still stand in a chat, locked for this sender: have the channel delete each, then call `removed`.

    Deleting twice does no harm, so a killed sender just begins again.
    """
    query = select(Message).where(
        Message.channel == channel, col(Message.cleared_at).is_not(None), col(Message.removed_at).is_(None)
    )
    return session.exec(query.order_by(col(Message.id)).limit(limit).with_for_update(skip_locked=True)).all()


def removed(session: Session, message_id: int) -> None:
    """The channel deleted it, or said that it never will."""
    _settle(session, message_id, removed_at=clock.now())


def undo(session: Session, message_id: int) -> bool:
    """Take back a message that has not begun to be sent; False when it is too late."""
    statement = sa.update(Message).where(col(Message.id) == message_id, col(Message.state) == MessageState.QUEUED)
    done = session.execute(statement.values(state=MessageState.UNDONE).returning(col(Message.id)))
    return done.scalar_one_or_none() is not None


def withhold(session: Session, staff: Staff) -> None:
    """Nothing that still waits for this member of staff is sent."""
    waiting = sa.update(Message).where(col(Message.staff_id) == staff.key, col(Message.state) == MessageState.QUEUED)
    session.execute(waiting.values(state=MessageState.UNDONE))


def claim(session: Session, channel: Channel, *, limit: int = 20) -> Sequence[Message]:
    """Mark due messages as being sent, at most one an address and never one before an earlier one of its address; but what
    `OVERTAKES` waits for none of the others.

    Commit before sending. Also sorts out what a killed sender left: a claim older than `CLAIM_LASTS` is repeated or becomes
    `unknown`, as its promise says.
    """
    now = clock.now()
    _release_old_claims(session, channel, older_than=now - CLAIM_LASTS)
    earlier = aliased(Message)
    open_states = [MessageState.QUEUED, MessageState.SENDING]
    before = (
        select(earlier.id)
        .where(
            col(earlier.channel) == channel,
            col(earlier.address) == col(Message.address),
            col(earlier.id) < col(Message.id),
            col(earlier.state).in_(open_states),
            sa.or_(col(Message.kind).not_in(OVERTAKES), col(earlier.kind).in_(OVERTAKES)),
            sa.or_(col(earlier.due_at) <= now, col(earlier.attempts) > 0),  # what waits for its next try keeps its place
        )
        .exists()
    )
    query = select(Message).where(
        Message.channel == channel,
        Message.state == MessageState.QUEUED,
        col(Message.due_at) <= now,
        ~before,
    )
    rows = session.exec(query.order_by(col(Message.id)).limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.state, row.claimed_at, row.attempts = MessageState.SENDING, now, row.attempts + 1
        session.add(row)
    session.flush()
    return rows


def _release_old_claims(session: Session, channel: Channel, *, older_than: datetime) -> None:
    stale = sa.update(Message).where(
        col(Message.channel) == channel, col(Message.state) == MessageState.SENDING, col(Message.claimed_at) < older_than
    )
    session.execute(stale.where(col(Message.promise) == Promise.AT_LEAST_ONCE).values(state=MessageState.QUEUED))
    session.execute(stale.where(col(Message.promise) == Promise.AT_MOST_ONCE).values(state=MessageState.UNKNOWN))


def sent(session: Session, message_id: int, *, remote_id: str) -> None:
    _settle(session, message_id, state=MessageState.SENT, remote_id=remote_id, sent_at=clock.now())


def doubtful(session: Session, message_id: int, *, error: str) -> None:
    """The send may or may not have happened: repeat, ever more slowly, or leave, as promised."""
    row = session.get_one(Message, message_id)
    if row.promise is Promise.AT_MOST_ONCE or row.attempts >= MOST_DOUBTS:
        _settle(session, message_id, state=MessageState.UNKNOWN, error=error)
    else:
        later(session, message_id, after=timedelta(seconds=min(2**row.attempts, 900)), error=error)


def later(session: Session, message_id: int, *, after: timedelta, error: str) -> None:
    """It certainly was not sent: try again after a while, until it is a day old."""
    row = session.get_one(Message, message_id)
    if row.created_at < clock.now() - GIVES_UP_AFTER:
        _settle(session, message_id, state=MessageState.FAILED, error=error)
    else:
        _settle(session, message_id, state=MessageState.QUEUED, due_at=clock.now() + after, error=error)


def refused(session: Session, message_id: int, *, error: str) -> None:
    """The server will never take this message."""
    _settle(session, message_id, state=MessageState.FAILED, error=error)


def unreachable(session: Session, message_id: int, *, error: str) -> None:
    """The person blocked us or is gone: this and what waits for the address rests, and later notices wait on the page."""
    row = session.get_one(Message, message_id)
    _settle(session, message_id, state=MessageState.BLOCKED, error=error)
    contact = select(Contact).where(Contact.channel == row.channel, Contact.address == row.address)
    for found in session.exec(contact):
        found.unreachable_at = clock.now()
        session.add(found)


def _settle(session: Session, message_id: int, **values: object) -> None:
    session.execute(sa.update(Message).where(col(Message.id) == message_id).values(**values))


def mark_read(session: Session, who: Caregiver, *, up_to: int) -> None:
    """The page has shown everything up to this message; what waited on the web counts as sent."""
    mine = sa.update(Message).where(col(Message.caregiver_id) == who.key, col(Message.id) <= up_to)
    now = clock.now()
    session.execute(mine.where(col(Message.read_at).is_(None)).values(read_at=now))
    waiting = mine.where(col(Message.channel) == Channel.WEB, col(Message.state) == MessageState.QUEUED)
    session.execute(waiting.where(col(Message.due_at) <= now).values(state=MessageState.SENT, sent_at=now))
