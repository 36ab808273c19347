"""Reads on staff accounts."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from kit import clock, tokens
from kit.accounts.models import Role, Staff, StaffSession


def by_session(session: Session, token: str) -> Staff | None:
    query = select(Staff).join(StaffSession, col(StaffSession.staff_id) == col(Staff.id))
    query = query.where(
        StaffSession.digest == tokens.digest(token),
        col(StaffSession.ended_at).is_(None),
        col(StaffSession.expires_at) > clock.now(),
        col(Staff.revoked_at).is_(None),
    )
    return session.exec(query).one_or_none()


def by_telegram(session: Session, address: str) -> Staff | None:
    query = select(Staff).where(Staff.telegram_address == address, col(Staff.revoked_at).is_(None))
    return session.exec(query).one_or_none()


def by_login(session: Session, login: str) -> Staff | None:
    return session.exec(select(Staff).where(Staff.login == login.strip().lower())).one_or_none()


def everybody(session: Session, *, active_only: bool = False) -> Sequence[Staff]:
    query = select(Staff).order_by(col(Staff.revoked_at).is_not(None), col(Staff.name))
    return session.exec(query.where(col(Staff.revoked_at).is_(None)) if active_only else query).all()


def open_invitations(session: Session) -> Sequence[tokens.OneTimeToken]:
    """Those that somebody can still accept, the newest first."""
    query = select(tokens.OneTimeToken).where(tokens.OneTimeToken.purpose == tokens.TokenPurpose.INVITATION)
    query = query.where(col(tokens.OneTimeToken.used_at).is_(None), col(tokens.OneTimeToken.expires_at) > clock.now())
    return session.exec(query.order_by(col(tokens.OneTimeToken.id).desc())).all()


def first_password_open(session: Session) -> bool:
    """True until some administrator has a password that she chose herself: until then the server binds to loopback."""
    query = select(func.count()).select_from(Staff)
    query = query.where(
        Staff.role == Role.ADMINISTRATOR, col(Staff.password_hash).is_not(None), col(Staff.must_change_password).is_(False)
    )
    return session.exec(query).one() == 0
