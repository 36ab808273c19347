"""Who did what to which thing, written in the transaction that did it. Facts hold ids and counts, never words of a family."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel

from kit import clock, db


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=db.AwareDateTime, index=True)
    staff_id: int | None = Field(default=None, index=True)
    verb: str = Field(max_length=60)
    thing: str = Field(max_length=40)
    thing_id: str = Field(default="", max_length=80)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


def record(
    session: Session, verb: str, *, thing: str, thing_id: object = "", staff_id: int | None = None, **facts: object
) -> None:
    """`staff_id` is None when the system or a parent acted."""
    session.add(AuditEntry(at=clock.now(), staff_id=staff_id, verb=verb, thing=thing, thing_id=str(thing_id), facts=dict(facts)))
