"""The table of messages, which is outbox, ledger and the talk shown on the chat page at once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from care.families.models import Channel
from kit import db


class MessageState(StrEnum):
    SAID = "said"  # a person's own words, kept to show the talk; never sent
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    BLOCKED = "blocked"  # the person cannot be reached on this channel any more
    FAILED = "failed"  # refused for good
    UNKNOWN = "unknown"  # a doubtful send that must not be repeated; an operator decides
    UNDONE = "undone"


class Promise(StrEnum):
    """What a doubtful send means: repeat it, or leave it to an operator."""

    AT_LEAST_ONCE = "at_least_once"
    AT_MOST_ONCE = "at_most_once"


class Message(SQLModel, table=True):
    """To a caregiver or to a staff member, never both. `kind` and `facts` are worded at the edge in the reader's language.

    `key` makes the row unique: whoever queues the same thing twice queues it once. Rows of one `address` are sent in order of
    id. On the web nothing is pushed: a row is sent when the page shows it. `cleared_at` is when she took it off the screen,
    `removed_at` when the channel took it away too, or could not any more.
    """

    __table_args__ = (
        sa.Index("ix_message_waiting", "channel", "address", "id", postgresql_where=sa.text("state IN ('queued', 'sending')")),
        sa.Index(
            "ix_message_cleared", "channel", "id", postgresql_where=sa.text("cleared_at IS NOT NULL AND removed_at IS NULL")
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    key: str = Field(max_length=160, unique=True)
    caregiver_id: int | None = Field(default=None, foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger, index=True)
    channel: Channel = Field(sa_type=db.choice(Channel, "channel"))
    address: str = Field(max_length=64)
    kind: str = Field(max_length=40)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    case_id: int | None = Field(default=None, sa_type=sa.BigInteger, index=True)
    promise: Promise = Field(default=Promise.AT_LEAST_ONCE, sa_type=db.choice(Promise, "promise"))
    state: MessageState = Field(sa_type=db.choice(MessageState, "state"))
    attempts: int = 0
    due_at: datetime = Field(sa_type=db.AwareDateTime)
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    read_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    remote_id: str = Field(default="", max_length=40, index=True)
    error: str = Field(default="", max_length=200)
    cleared_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def number(self) -> int:
        """The id of a stored row."""
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id
