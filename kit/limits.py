"""Counted attempts in a window, shared by all processes: sign-ins, return codes. Keys are hashed."""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, func, select

from kit import clock, db
from kit.errors import NotAllowed


class TooManyAttempts(NotAllowed):
    """The limit of attempts in the window is used up."""


class Attempt(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    kind: str = Field(max_length=30)
    key_hash: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=db.AwareDateTime, index=True)


def attempt(session: Session, kind: str, *, key: str, most: int, within: timedelta) -> None:
    """Count one attempt; raise TooManyAttempts, with `minutes` until the window is over, when `most` were made already."""
    key_hash = hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()
    since = clock.now() - within
    made = session.exec(
        select(func.count()).select_from(Attempt).where(Attempt.key_hash == key_hash, col(Attempt.at) > since)
    ).one()
    if made >= most:
        raise TooManyAttempts(minutes=max(1, round(within.total_seconds() / 60)))
    session.add(Attempt(kind=kind, key_hash=key_hash, at=clock.now()))


def forget_attempts(session: Session, *, before: datetime) -> None:
    session.execute(sa.delete(Attempt).where(col(Attempt.at) < before))
