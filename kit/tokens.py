"""One-time tokens: invitations, links between a person and a Telegram account, console links. Only a digest is stored."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col, select

from kit import clock, db
from kit.errors import NotFound


class TokenPurpose(StrEnum):
    INVITATION = "invitation"
    STAFF_TELEGRAM = "staff_telegram"
    CONSOLE_LINK = "console_link"
    FAMILY_TELEGRAM = "family_telegram"


class TokenInvalid(NotFound):
    """The token is unknown, used already, or out of date."""


class OneTimeToken(SQLModel, table=True):
    __tablename__ = "one_time_token"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    purpose: TokenPurpose = Field(sa_type=db.choice(TokenPurpose, "purpose"))
    digest: str = Field(max_length=64, unique=True)
    subject_id: int | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    expires_at: datetime = Field(sa_type=db.AwareDateTime)
    used_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(
    session: Session, purpose: TokenPurpose, *, subject_id: int | None, lasts: timedelta, facts: dict[str, Any] | None = None
) -> str:
    """The token itself, to be shown once; url-safe and short enough for a Telegram /start parameter."""
    token = secrets.token_urlsafe(24)
    session.add(
        OneTimeToken(
            purpose=purpose, digest=digest(token), subject_id=subject_id, facts=facts or {}, expires_at=clock.now() + lasts
        )
    )
    return token


def look(session: Session, purpose: TokenPurpose, *, token: str, lock: bool = False) -> OneTimeToken:
    """The live token's row; raises TokenInvalid."""
    query = select(OneTimeToken).where(OneTimeToken.purpose == purpose, OneTimeToken.digest == digest(token))
    query = query.where(col(OneTimeToken.used_at).is_(None), col(OneTimeToken.expires_at) > clock.now())
    found = session.exec(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise TokenInvalid
    return found


def redeem(session: Session, purpose: TokenPurpose, *, token: str) -> OneTimeToken:
    """Use the token up; of two at once only one succeeds. Raises TokenInvalid."""
    found = look(session, purpose, token=token, lock=True)
    found.used_at = clock.now()
    session.add(found)
    return found
