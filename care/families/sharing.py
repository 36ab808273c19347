"""Caregivers of one child: another joins by a short code and shares the child; what each of them says and asks stays her own."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.families import actions as families
from care.families.errors import NotHerChild, UnknownShareCode
from care.families.models import Caregiver, CareOf, Child, ShareCode
from kit import audit, clock, limits

LASTS = timedelta(days=1)
LENGTH = 6
_LETTERS = "ACDEFGHJKMNPQRTUVWXY"
_DIGITS = "34679"


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who looks after the child: nothing of hers but since when."""

    caregiver_id: int
    since: datetime


def share(session: Session, who: Caregiver, child: Child, *, signing_key: str) -> str:
    """A fresh code for this child; an earlier one of hers stops working. Raises NotHerChild."""
    _own(session, who, child)
    mine = sa.and_(col(ShareCode.caregiver_id) == who.key, col(ShareCode.child_id) == child.key)
    session.execute(sa.delete(ShareCode).where(mine))
    code = _new_code()
    expires_at = clock.now() + LASTS
    session.add(
        ShareCode(caregiver_id=who.key, child_id=child.key, digest=_digest(code, signing_key), expires_at=expires_at)
    )  # fmt: skip
    audit.record(session, "share", thing="child", thing_id=child.key)
    session.flush()
    return code


def _new_code() -> str:
    """Three digits among three letters: no word of any language looks like it, so that it can simply be sent to us."""
    signs = [secrets.choice(_LETTERS) for _ in range(3)] + [secrets.choice(_DIGITS) for _ in range(3)]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)


def looks_like_code(text: str) -> str:
    """The code that these words are, in one form; empty when they are something else."""
    bare = "".join(text.split()).upper()
    signs = set(bare) <= set(_LETTERS + _DIGITS)
    return bare if signs and len(bare) == LENGTH and sum(sign in _DIGITS for sign in bare) == 3 else ""


def count_try(session: Session, *, address: str) -> None:
    """Five tries an address in a quarter of an hour, and two hundred in all. Raises limits.TooManyAttempts."""
    limits.attempt(session, "share_code", key=address, most=5, within=timedelta(minutes=15))
    limits.attempt(session, "share_code_all", key="all", most=200, within=timedelta(minutes=15))


def join(session: Session, who: Caregiver, code: str, *, signing_key: str) -> Child:
    """She looks after the child too from now on; the code is used up. Raises UnknownShareCode."""
    query = select(ShareCode).where(ShareCode.digest == _digest(code, signing_key), col(ShareCode.expires_at) > clock.now())
    found = session.exec(query.with_for_update()).one_or_none()
    if found is None or found.caregiver_id == who.key:
        raise UnknownShareCode
    child = session.get_one(Child, found.child_id)
    session.delete(found)
    if session.get(CareOf, (who.key, child.key)) is None:
        session.add(CareOf(caregiver_id=who.key, child_id=child.key, since=clock.now()))
    who.current_child_id = child.key
    session.add(who)
    audit.record(session, "join", thing="child", thing_id=child.key)
    session.flush()
    return child


def others(session: Session, who: Caregiver, child: Child) -> Sequence[Other]:
    """Who else looks after the child, the longest first. Raises NotHerChild."""
    _own(session, who, child)
    query = select(CareOf).where(CareOf.child_id == child.key, CareOf.caregiver_id != who.key).order_by(col(CareOf.since))
    return [Other(one.caregiver_id, one.since) for one in session.exec(query)]


def may_remove(session: Session, who: Caregiver, child: Child) -> bool:
    """Only whoever has looked after the child longest, so that nobody who was let in puts her out."""
    query = select(CareOf).where(CareOf.child_id == child.key).order_by(col(CareOf.since), col(CareOf.caregiver_id))
    first = session.exec(query.limit(1)).first()
    return first is not None and first.caregiver_id == who.key


def remove(session: Session, who: Caregiver, child: Child, *, other_id: int) -> None:
    """The other does not see the child any more and is not told. Raises NotHerChild, also for one who may not."""
    other = session.get(Caregiver, other_id)
    if other is None or not may_remove(session, who, child) or not families.leave_child(session, other, child):
        raise NotHerChild
    session.execute(
        sa.delete(ShareCode).where(col(ShareCode.child_id) == child.key, col(ShareCode.caregiver_id) == other_id)
    )  # fmt: skip
    audit.record(session, "unshare", thing="child", thing_id=child.key)


def _own(session: Session, who: Caregiver, child: Child) -> None:
    if session.get(CareOf, (who.key, child.key)) is None:
        raise NotHerChild


def _digest(code: str, signing_key: str) -> str:
    return hmac.new(signing_key.encode(), f"share:{code}".encode(), hashlib.sha256).hexdigest()
