"""What is counted in a window, shared by all processes: sign-ins, return codes, what a family sends. Keys are hashed."""

import hashlib
from dataclasses import dataclass
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
    amount: int = Field(default=1, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "1"})


def attempt(session: Session, kind: str, *, key: str, most: int, within: timedelta) -> None:
    """Count one attempt; raise TooManyAttempts, with `minutes` until the window is over, when `most` were made already."""
    key_hash = _hashed(kind, key)
    since = clock.now() - within
    made = session.exec(
        select(func.count()).select_from(Attempt).where(Attempt.key_hash == key_hash, col(Attempt.at) > since)
    ).one()
    if made >= most:
        raise TooManyAttempts(minutes=max(1, round(within.total_seconds() / 60)))
    session.add(Attempt(kind=kind, key_hash=key_hash, at=clock.now()))


@dataclass(frozen=True, slots=True)
class Budget:
    """So much of a kind within a window."""

    kind: str
    most: int
    within: timedelta


def free_at(session: Session, budget: Budget, *, key: str, amount: int) -> datetime | None:
    """When `amount` more will fit into the budget; None when it fits now."""
    since = clock.now() - budget.within
    mine = sa.and_(col(Attempt.key_hash) == _hashed(budget.kind, key), col(Attempt.at) > since)
    spent = session.exec(select(func.coalesce(func.sum(Attempt.amount), 0)).where(mine)).one()
    over = spent + amount - budget.most
    if over <= 0:
        return None
    for at, freed in session.exec(select(Attempt.at, Attempt.amount).where(mine).order_by(col(Attempt.at))):
        over -= freed
        if over <= 0:
            return at + budget.within
    return clock.now() + budget.within  # more than the whole budget at once


def spend(session: Session, budget: Budget, *, key: str, amount: int) -> None:
    session.add(Attempt(kind=budget.kind, key_hash=_hashed(budget.kind, key), at=clock.now(), amount=amount))


def _hashed(kind: str, key: str) -> str:
    return hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()


def forget_attempts(session: Session, *, before: datetime) -> None:
    session.execute(sa.delete(Attempt).where(col(Attempt.at) < before))
