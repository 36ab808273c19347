"""What time takes: words kept without consent, rows past the time the register gives them, photos of closed cases, the forgotten."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.families.models import Caregiver, Contact, ReturnCode
from care.privacy import ledger
from care.privacy.erasing import (
    Condition,
    Counts,
    Whose,
    drop,
    erase_case_words,
    erase_media,
    erase_remarks,
    erase_stray,
    erase_words,
)
from care.privacy.forgetting import finish, forget_caregiver, what_stays
from care.privacy.models import ConsentPurpose
from care.privacy.queries import who_allow
from care.privacy.register import PERSONAL, YEAR, Personal, table_of
from kit.blobs import Blobs

WITHOUT_CONSENT = timedelta(days=1)
"""How long her words stay without her consent; long enough that she can still ask a person about the answer."""
MEDIA_KEPT = timedelta(days=90)
"""After a case was closed (FACTS part 3: homework video 90 days after review, ours for all media)."""
OUT_OF_REACH = timedelta(days=60)
"""After this long no return code leads back to a talk that no browser and no chat is tied to."""
AWAY = 3 * YEAR


def due(session: Session, blobs: Blobs, now: datetime, *, signing_key: str) -> Counts:
    """Everything whose time has come, how much of what; running it again at once does nothing. Hourly is often enough."""
    counts = _without_consent(session, now=now)
    counts["files"] += erase_media(session, blobs, _everybody, closed_before=now - MEDIA_KEPT)
    for entry in PERSONAL:
        counts += _past_its_time(session, blobs, entry, now=now)
    counts += finish(session, blobs, now=now)
    counts["gone families"] += _forget_those_gone(session, blobs, now=now, signing_key=signing_key)
    ledger.drop_old(blobs, before=now - 2 * YEAR)
    return +counts


def _everybody(column: sa.SQLColumnExpression[int | None]) -> Condition:
    return column.is_not(None)


def _without(purpose: ConsentPurpose) -> Whose:
    return lambda column: column.not_in(who_allow(purpose))


def _without_consent(session: Session, *, now: datetime) -> Counts:
    before = now - WITHOUT_CONSENT
    silent = _without(ConsentPurpose.ANSWERING)
    erase_case_words(session, silent, closed_before=before)
    counts = erase_words(session, silent, before=before)
    counts["feedback"] += erase_remarks(session, _without(ConsentPurpose.IMPROVING), before=before)
    counts["inbox_update"] += erase_stray(session, before=before)
    return counts


def _past_its_time(session: Session, blobs: Blobs, entry: Personal, *, now: datetime) -> Counts:
    table = table_of(entry)
    if entry.keep is None or not (entry.since or entry.ends):
        return Counts()
    over = table.c[entry.ends] < now if entry.ends else table.c[entry.since] < now - entry.keep
    if entry.table == "inbox_update":
        over = sa.and_(over, table.c.state.in_(["done", "dead"]))
    return drop(session, blobs, table, over)


def _forget_those_gone(session: Session, blobs: Blobs, *, now: datetime, signing_key: str) -> int:
    """A talk that nobody can open any more is not kept; nor one whose family has not been seen for three years."""
    contact = select(Contact.id).where(Contact.caregiver_id == Caregiver.id).exists()
    code = select(ReturnCode.id).where(ReturnCode.caregiver_id == Caregiver.id, col(ReturnCode.expires_at) > now).exists()
    lost = sa.and_(~contact, ~code, col(Caregiver.seen_at) < now - OUT_OF_REACH)
    query = select(Caregiver).where(sa.or_(lost, col(Caregiver.seen_at) < now - AWAY), col(Caregiver.forgotten_at).is_(None))
    gone = [who for who in session.exec(query).all() if not what_stays(session, who)]
    for who in gone:
        forget_caregiver(session, blobs, who, signing_key=signing_key)
    return len(gone)
