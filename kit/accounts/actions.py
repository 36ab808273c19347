"""Verbs on staff accounts. They take a Session and never commit; each is audited."""

import re
import secrets
from datetime import timedelta
from functools import cache
from typing import cast

import sqlalchemy as sa
from pwdlib import PasswordHash
from sqlmodel import Session, col, func, select

from kit import audit, clock, limits, tokens
from kit.accounts.errors import LastAdministrator, LoginTaken, SignInRefused, WeakPassword
from kit.accounts.models import Role, Staff, StaffSession
from kit.errors import Invalid

SESSION_LASTS = timedelta(hours=12)
ONE_TIME_PASSWORD_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)

_hasher = PasswordHash.recommended()
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


@cache
def _nobody_hash() -> str:
    """Compared with where there is no account, so that the answer takes as long as for a wrong password."""
    return _hasher.hash(secrets.token_urlsafe(16))


def create_staff(session: Session, login: str, *, name: str, role: Role, by: int | None = None) -> Staff:
    """An account without a password yet. Raises LoginTaken, Invalid."""
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login) or not name.strip():
        raise Invalid("a login is 2 to 40 of a-z, 0-9, dot, dash; a name is needed")
    if session.exec(select(Staff).where(Staff.login == login)).first():
        raise LoginTaken(login=login)
    staff = Staff(login=login, name=name.strip()[:60], role=role, created_at=clock.now())
    session.add(staff)
    session.flush()
    audit.record(session, "create", thing="staff", thing_id=staff.key, staff_id=by, role=role.value)
    return staff


def give_one_time_password(session: Session, staff: Staff, *, by: int | None = None) -> str:
    """A password shown once, good for 24 hours, to be changed at first sign-in. Ends every session of the account."""
    password = secrets.token_urlsafe(12)
    staff.password_hash = _hasher.hash(password)
    staff.password_expires_at = clock.now() + ONE_TIME_PASSWORD_LASTS
    staff.must_change_password = True
    session.add(staff)
    end_sessions(session, staff)
    audit.record(session, "reset_password", thing="staff", thing_id=staff.key, staff_id=by)
    return password


def set_password(session: Session, staff: Staff, *, password: str) -> None:
    if len(password) < 10 or password.lower() == staff.login:
        raise WeakPassword
    staff.password_hash = _hasher.hash(password)
    staff.password_expires_at = None
    staff.must_change_password = False
    session.add(staff)
    end_sessions(session, staff)
    audit.record(session, "set_password", thing="staff", thing_id=staff.key, staff_id=staff.key)


def check_password(staff: Staff, *, password: str) -> None:
    """Raises SignInRefused. Count the attempt before, as for a sign-in."""
    if not _hasher.verify(password, staff.password_hash or _nobody_hash()):
        raise SignInRefused


def set_lang(session: Session, staff: Staff, *, lang: str) -> None:
    staff.lang = "en" if lang == "en" else "zh"
    session.add(staff)


def sign_in(session: Session, login: str, *, password: str) -> tuple[Staff, str]:
    """The account and a new session token. Raises SignInRefused. Count the attempt before, in a transaction of its own."""
    staff = session.exec(select(Staff).where(Staff.login == login.strip().lower())).one_or_none()
    known = staff.password_hash if staff and staff.password_hash else _nobody_hash()
    right = _hasher.verify(password, known)
    expired = bool(staff and staff.password_expires_at and staff.password_expires_at < clock.now())
    if staff is None or not right or staff.password_hash is None or staff.revoked_at or expired:
        raise SignInRefused
    audit.record(session, "sign_in", thing="staff", thing_id=staff.key, staff_id=staff.key)
    return staff, start_session(session, staff)


def count_sign_in(session: Session, *, login: str, address: str) -> None:
    """In a quarter of an hour ten attempts at one account from one address, fifty from one address, a hundred at one account
    from anywhere: guessing ends, and yet nobody can lock a colleague out by typing nonsense. Raises limits.TooManyAttempts.
    """
    account = login.strip().lower()
    limits.attempt(session, "sign_in", key=f"{account} {address}", most=10, within=timedelta(minutes=15))
    limits.attempt(session, "sign_in_all", key=account, most=100, within=timedelta(minutes=15))
    limits.attempt(session, "sign_in_from", key=address, most=50, within=timedelta(minutes=15))


def start_session(session: Session, staff: Staff) -> str:
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(StaffSession(staff_id=staff.key, digest=tokens.digest(token), created_at=now, expires_at=now + SESSION_LASTS))
    return token


def end_session(session: Session, token: str) -> None:
    session.execute(sa.update(StaffSession).where(col(StaffSession.digest) == tokens.digest(token)).values(ended_at=clock.now()))


def end_sessions(session: Session, staff: Staff) -> None:
    session.execute(
        sa.update(StaffSession)
        .where(col(StaffSession.staff_id) == staff.key, col(StaffSession.ended_at).is_(None))
        .values(ended_at=clock.now())
    )


def invite(session: Session, *, name: str, role: Role, by: int) -> str:
    """An invitation token; whoever opens its link chooses a login and a password."""
    if not name.strip():
        raise Invalid("a name is needed")
    facts: dict[str, object] = {"name": name.strip()[:60], "role": role.value, "by": by}
    token = tokens.issue(session, tokens.TokenPurpose.INVITATION, subject_id=None, lasts=INVITATION_LASTS, facts=facts)
    audit.record(session, "invite", thing="staff", staff_id=by, role=role.value)
    return token


def withdraw_invitation(session: Session, number: int, *, by: int) -> tokens.OneTimeToken:
    """Its link opens no more. Raises tokens.TokenInvalid for one that was accepted, withdrawn or has run out."""
    found = session.get(tokens.OneTimeToken, number, with_for_update=True)
    open_still = found and found.used_at is None and found.expires_at > clock.now()
    if found is None or found.purpose is not tokens.TokenPurpose.INVITATION or not open_still:
        raise tokens.TokenInvalid
    found.expires_at = clock.now()
    session.add(found)
    audit.record(session, "uninvite", thing="staff", staff_id=by, invitation=number)
    return found


def renew_invitation(session: Session, number: int, *, by: int) -> tuple[str, str]:
    """A new token for the same person, and her name: of a link only a digest is kept, so the old one cannot be shown again and
    opens no more. Raises tokens.TokenInvalid.
    """
    old = withdraw_invitation(session, number, by=by)
    name = str(old.facts["name"])
    return invite(session, name=name, role=Role(old.facts["role"]), by=by), name


def accept_invitation(session: Session, token: str, *, login: str, password: str) -> Staff:
    """Raises tokens.TokenInvalid, LoginTaken, WeakPassword, Invalid."""
    invitation = tokens.redeem(session, tokens.TokenPurpose.INVITATION, token=token)
    facts = invitation.facts
    staff = create_staff(session, login, name=str(facts["name"]), role=Role(facts["role"]), by=cast(int, facts["by"]))
    set_password(session, staff, password=password)
    return staff


def link_telegram(session: Session, token: str, *, address: str) -> Staff:
    """Bind the chat `address` to the staff member who made the token. Raises tokens.TokenInvalid."""
    found = tokens.redeem(session, tokens.TokenPurpose.STAFF_TELEGRAM, token=token)
    session.execute(sa.update(Staff).where(col(Staff.telegram_address) == address).values(telegram_address=None))
    staff = session.get_one(Staff, found.subject_id)
    if staff.revoked_at:
        raise tokens.TokenInvalid
    staff.telegram_address = address
    session.add(staff)
    audit.record(session, "link_telegram", thing="staff", thing_id=staff.key, staff_id=staff.key)
    return staff


def revoke(session: Session, staff: Staff, *, by: int) -> None:
    """End the account. Who takes over its cases is decided in care.people. Raises LastAdministrator."""
    if staff.role is Role.ADMINISTRATOR:
        query = select(func.count()).select_from(Staff)
        query = query.where(Staff.role == Role.ADMINISTRATOR, col(Staff.revoked_at).is_(None), col(Staff.id) != staff.id)
        if session.exec(query).one() == 0:
            raise LastAdministrator
    staff.revoked_at = clock.now()
    staff.telegram_address = None
    session.add(staff)
    end_sessions(session, staff)
    audit.record(session, "revoke", thing="staff", thing_id=staff.key, staff_id=by)
