"""Verbs on recalls: take a wrong passage back, and tell whoever received it. They take a Session and never commit."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from care.families.models import Caregiver
from care.messages import actions as messages
from care.privacy import queries as consents
from care.privacy.models import ConsentPurpose
from care.recalls import queries
from care.recalls.errors import AlreadyRecalled, CorrectionMissing, NoSuchSince
from care.recalls.models import LONGEST, LONGEST_REASON, SHORTEST, Recall, RecallNotice
from kit import audit, clock
from kit.accounts.models import Staff
from knowledge import drafts, reviewing
from knowledge.errors import NotNewest, ReasonMissing
from knowledge.models import ReviewState
from knowledge.writing import locked

SETTLES = timedelta(seconds=2)
"""Each process has heard of a recall a second after it; who received the passage in that second is found by looking once more."""
AT_A_TIME = 100
LOOKS_BACK = timedelta(days=365)
"""So long messages are kept."""


def recall(
    session: Session, passage_id: int, *, number: int, by: Staff, reason: str, zh: str, en: str = "", since: date
) -> Recall:
    """Retire the passage as wrong, whose newest revision is `number`: it answers nobody any more, and who received it will be told.

    One that is retired already can still be recalled. The same form sent twice is one recall; of two people one wins.
    Raises UnknownPassage, NotNewest, AlreadyRecalled, ReasonMissing, CorrectionMissing, NoSuchSince, WrongState.
    """
    passage, newest = locked(session, passage_id)
    reason, zh, en = (drafts.clean(words) for words in (reason, zh, en))
    known = queries.of_passage(session, passage_id)
    if known and known.number >= newest.number:
        if (known.staff_id, known.zh, known.en) == (by.key, zh, en):
            return known
        raise AlreadyRecalled(name=session.get_one(Staff, known.staff_id).name)
    if newest.number != number:
        raise NotNewest
    if not reason:
        raise ReasonMissing
    if not SHORTEST <= len(zh) <= LONGEST or len(en) > LONGEST:
        raise CorrectionMissing(shortest=SHORTEST, longest=LONGEST)
    if since > clock.today():
        raise NoSuchSince
    if newest.state is not ReviewState.RETIRED:
        reviewing.retire(session, passage_id, number=number, by=by.key, words=reason)
    made = Recall(
        passage_id=passage.key,
        number=newest.number,
        reason=reason[:LONGEST_REASON],
        zh=zh,
        en=en,
        since=day_begins(since),
        staff_id=by.key,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    found = _gather(session, made)
    facts = {"number": newest.number, "since": since.isoformat(), "received": found}
    audit.record(session, "recall", thing="passage", thing_id=passage_id, staff_id=by.key, **facts)
    return made


def day_begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.CHINA)


def due(session: Session) -> None:
    """Tell the next of those who are to be told; a few a second, so that answers to others need not wait behind them."""
    query = select(Recall).where(col(Recall.told_at).is_(None), col(Recall.at) <= clock.now() - SETTLES)
    for one in session.exec(query.order_by(col(Recall.id)).limit(5).with_for_update(skip_locked=True)).all():
        if one.swept_at is None:
            _gather(session, one)
            one.swept_at = clock.now()
        if _tell_some(session, one) < AT_A_TIME:
            one.told_at = clock.now()
            audit.record(session, "recall_told", thing="passage", thing_id=one.passage_id)
        session.add(one)


def _gather(session: Session, one: Recall) -> int:
    """Note everybody who received it and is not noted yet."""
    found = queries.receivers(one.passage_id, since=one.since).subquery()
    rows = sa.select(sa.literal(one.key), found.c.caregiver_id, sa.literal(clock.now()))
    statement = insert(RecallNotice).from_select(["recall_id", "caregiver_id", "at"], rows).on_conflict_do_nothing()
    return len(session.execute(statement.returning(col(RecallNotice.id))).all())


def _tell_some(session: Session, one: Recall) -> int:
    query = select(RecallNotice).where(RecallNotice.recall_id == one.key, col(RecallNotice.settled_at).is_(None))
    rows = session.exec(query.order_by(col(RecallNotice.id)).limit(AT_A_TIME)).all()
    for row in rows:
        who = session.get_one(Caregiver, row.caregiver_id)
        if not _must_not_be_told(session, who):
            key, facts = f"recall:{one.key}:{who.key}", {"recall_id": one.key}
            told = messages.tell(session, who, kind="correction", key=key, facts=facts)
            row.message_id = told.number if told else None
        row.settled_at = clock.now()
        session.add(row)
    return len(rows)


def _must_not_be_told(session: Session, who: Caregiver) -> bool:
    """She had everything erased and has not come back since, or has said that her talk be not kept."""
    forgotten = who.forgotten_at is not None and who.seen_at <= who.forgotten_at
    return forgotten or consents.refuses(session, who, ConsentPurpose.ANSWERING)
