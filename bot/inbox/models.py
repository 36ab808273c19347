"""The table of raw updates."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from care.families.models import Channel
from kit import db


class UpdateState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    DEAD = "dead"


class InboxUpdate(SQLModel, table=True):
    """`update_id` is the channel's own id, so a redelivered update is the same row. Rows of one `lane` are worked in order of id."""

    __tablename__ = "inbox_update"
    __table_args__ = (
        sa.UniqueConstraint("channel", "update_id"),
        sa.Index("ix_inbox_open", "lane", "id", postgresql_where=sa.text("state IN ('waiting', 'working')")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    channel: Channel = Field(sa_type=db.choice(Channel, "channel"))
    update_id: str = Field(max_length=64)
    lane: str = Field(max_length=80)
    address: str = Field(default="", max_length=64, index=True)
    payload: dict[str, Any] = Field(sa_type=JSONB)
    state: UpdateState = Field(default=UpdateState.WAITING, sa_type=db.choice(UpdateState, "state"))
    attempts: int = 0
    received_at: datetime = Field(sa_type=db.AwareDateTime)
    due_at: datetime = Field(sa_type=db.AwareDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    done_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    error: str = Field(default="", max_length=200)

    @property
    def key(self) -> str:
        """Names this update wherever it must be used once."""
        return f"{self.channel.value}:{self.update_id}"
