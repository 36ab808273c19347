"""Verbs on caregivers and children. They take a Session and never commit."""

import hashlib
import hmac
import secrets
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.families.errors import UnknownReturnCode
from care.families.models import Caregiver, CareOf, Channel, Child, Contact, ReturnCode
from care.places import queries as places
from kit import audit, clock, limits, tokens

RETURN_CODE_LASTS = timedelta(days=60)
TELEGRAM_LINK_LASTS = timedelta(minutes=30)
_ALIAS_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"


def meet(session: Session, channel: Channel, *, address: str, lang: str = "zh", site_code: str = "") -> Caregiver:
    """The caregiver reached at this address, made on first sight. A site's code sets the place while none is known."""
    query = select(Caregiver).join(Contact, col(Contact.caregiver_id) == col(Caregiver.id))
    found = session.exec(query.where(Contact.channel == channel, Contact.address == address)).one_or_none()
    caregiver = found or _new_caregiver(session, channel, address=address, lang=lang)
    _reached_again(session, channel, address=address)
    caregiver.seen_at = clock.now()
    site = places.site(session, site_code) if site_code and caregiver.place_id is None else None
    if site:
        caregiver.place_id = site.place_id
    session.add(caregiver)
    return caregiver


def _reached_again(session: Session, channel: Channel, *, address: str) -> None:
    """Whoever writes to us can be written to, whatever happened before."""
    here = sa.update(Contact).where(col(Contact.channel) == channel, col(Contact.address) == address)
    session.execute(here.where(col(Contact.unreachable_at).is_not(None)).values(unreachable_at=None))


def _new_caregiver(session: Session, channel: Channel, *, address: str, lang: str) -> Caregiver:
    now = clock.now()
    caregiver = Caregiver(alias=new_alias(), lang="en" if lang == "en" else "zh", created_at=now, seen_at=now)
    session.add(caregiver)
    session.flush()
    session.add(Contact(caregiver_id=caregiver.key, channel=channel, address=address, created_at=now))
    session.flush()
    return caregiver


def new_alias() -> str:
    """What staff call a family whose name they do not know."""
    return "".join(secrets.choice(_ALIAS_LETTERS) for _ in range(6))


def add_child(
    session: Session,
    caregiver: Caregiver,
    *,
    birth_month: date | None,
    expected: bool = False,
    nickname: str = "",
    weeks_early: int = 0,
) -> Child:
    """A new child of this caregiver, which becomes the one she asks about."""
    child = Child(
        nickname=nickname.strip()[:20],
        birth_month=birth_month.replace(day=1) if birth_month else None,
        expected=expected,
        weeks_early=weeks_early,
        created_at=clock.now(),
    )
    session.add(child)
    session.flush()
    session.add(CareOf(caregiver_id=caregiver.key, child_id=child.key, since=clock.now()))
    caregiver.current_child_id = child.key
    session.add(caregiver)
    session.flush()
    return child


def return_code(session: Session, caregiver: Caregiver, *, signing_key: str) -> str:
    """A fresh six-digit code; earlier ones that she may have copied down work on until they are out of date."""
    old = sa.delete(ReturnCode).where(col(ReturnCode.caregiver_id) == caregiver.key)
    session.execute(old.where(col(ReturnCode.expires_at) < clock.now()))
    for _ in range(20):
        code = f"{secrets.randbelow(1_000_000):06d}"
        digest = _code_digest(code, signing_key)
        if session.exec(select(ReturnCode).where(ReturnCode.digest == digest)).first() is None:
            break
    session.add(ReturnCode(caregiver_id=caregiver.key, digest=digest, expires_at=clock.now() + RETURN_CODE_LASTS))
    session.flush()
    return code


def has_return_code(session: Session, caregiver: Caregiver) -> bool:
    query = select(ReturnCode).where(ReturnCode.caregiver_id == caregiver.key, col(ReturnCode.expires_at) > clock.now())
    return session.exec(query).first() is not None


def count_return_code(session: Session, *, address: str) -> None:
    """Five tries an address in a quarter of an hour, and two hundred in all. Raises limits.TooManyAttempts.

    Call it in a transaction of its own, so that a refused code still counts.
    """
    limits.attempt(session, "return_code", key=address, most=5, within=timedelta(minutes=15))
    limits.attempt(session, "return_code_all", key="all", most=200, within=timedelta(minutes=15))


def come_back(session: Session, code: str, *, signing_key: str, address: str) -> Caregiver:
    """Tie this browser's `address` to the caregiver who got `code`. Raises UnknownReturnCode."""
    query = select(ReturnCode).where(ReturnCode.digest == _code_digest(code.strip(), signing_key))
    found = session.exec(query.where(col(ReturnCode.expires_at) > clock.now())).one_or_none()
    if found is None:
        raise UnknownReturnCode
    caregiver = session.get_one(Caregiver, found.caregiver_id)
    _point(session, Channel.WEB, address=address, to=caregiver)
    return caregiver


def _code_digest(code: str, signing_key: str) -> str:
    return hmac.new(signing_key.encode(), f"return:{code}".encode(), hashlib.sha256).hexdigest()


def _point(session: Session, channel: Channel, *, address: str, to: Caregiver) -> None:
    query = select(Contact).where(Contact.channel == channel, Contact.address == address)
    contact = session.exec(query).one_or_none() or Contact(
        caregiver_id=to.key, channel=channel, address=address, created_at=clock.now()
    )
    contact.caregiver_id = to.key
    contact.created_at = clock.now()  # a code was shown just now: this browser counts as freshly signed in
    session.add(contact)
    session.flush()


def leave(session: Session, channel: Channel, *, address: str) -> None:
    """This browser is nobody's any more. Her talk stays hers and opens with her return code."""
    session.execute(sa.delete(Contact).where(col(Contact.channel) == channel, col(Contact.address) == address))


def leave_child(session: Session, caregiver: Caregiver, child: Child) -> int:
    """She looks after this child no more; 0 when she did not. What anybody said about it stays theirs."""
    pair = sa.delete(CareOf).where(col(CareOf.caregiver_id) == caregiver.key, col(CareOf.child_id) == child.key)
    gone = session.execute(pair.returning(col(CareOf.child_id))).all()
    if caregiver.current_child_id == child.key:
        caregiver.current_child_id = None
        session.add(caregiver)
    session.flush()
    return len(gone)


def telegram_link(session: Session, caregiver: Caregiver) -> str:
    """A token for `t.me/<bot>?start=f_<token>` that moves her talk to Telegram."""
    return tokens.issue(session, tokens.TokenPurpose.FAMILY_TELEGRAM, subject_id=caregiver.key, lasts=TELEGRAM_LINK_LASTS)


def set_place(session: Session, caregiver: Caregiver, *, place_id: int) -> None:
    caregiver.place_id = place_id
    session.add(caregiver)
    audit.record(session, "set_place", thing="caregiver", thing_id=caregiver.key)
