"""Tables of cases, and the one table of moves between their states."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from care.safety.models import Category
from kit import db


class CaseKind(StrEnum):
    NO_ANSWER = "no_answer"
    ASKED_FOR_PERSON = "asked_for_person"
    UNREADABLE = "unreadable"
    URGENT = "urgent"
    DANGER = "danger"


class CaseState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a danger ended. One of these and a sentence stand in the history before such a case can be closed."""

    SAFE = "safe"
    IN_CARE = "in_care"
    REPORTED = "reported"
    NOT_REACHED = "not_reached"
    NO_DANGER = "no_danger"


SAFEGUARDING = frozenset(
    {Category.ABUSE, Category.VIOLENCE, Category.SELF_HARM, Category.MISSING, Category.GUARDIANSHIP}
)  # fmt: skip
"""Where somebody may have to be protected from a person: kept by law, and never closed without an outcome."""

OPEN_STATES = (CaseState.OPEN, CaseState.TAKEN, CaseState.ANSWERED)

MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.TAKEN, CaseState.CLOSED}),
    CaseState.TAKEN: frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.ANSWERED: frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.OPEN, CaseState.TAKEN}),
}


class Case(SQLModel, table=True):
    """`topic` is a topic of the curriculum, empty where none is known, or names a danger: `danger:medical`, `urgent:violence`.

    `nearest` are passage slugs for the instructor's help. `rating` is what the parent said of the help, 1 to 3.
    """

    __table_args__ = (
        sa.Index("uq_case_open_topic", "caregiver_id", "topic", unique=True, postgresql_where=sa.text("state <> 'closed'")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    child_id: int | None = Field(default=None, foreign_key="child.id", sa_type=sa.BigInteger)
    place_id: int | None = Field(default=None, foreign_key="place.id", sa_type=sa.BigInteger, index=True)
    kind: CaseKind = Field(sa_type=db.choice(CaseKind, "kind"))
    topic: str = Field(default="", max_length=40)
    category: str = Field(default="", max_length=20)
    nearest: list[str] = Field(default_factory=list, sa_type=JSONB)
    state: CaseState = Field(default=CaseState.OPEN, sa_type=db.choice(CaseState, "state"), index=True)
    owner_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger, index=True)
    opened_at: datetime = Field(sa_type=db.AwareDateTime)
    due_at: datetime = Field(sa_type=db.AwareDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    rating: int | None = None
    outcome: Outcome | None = Field(default=None, sa_type=db.choice(Outcome, "outcome"))

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id

    @property
    def first(self) -> bool:
        """Danger and urgent cases stand before all others."""
        return self.kind in (CaseKind.DANGER, CaseKind.URGENT)

    @property
    def needs_outcome(self) -> bool:
        """It is not closed before somebody has said how it ended."""
        return self.kind is CaseKind.DANGER or self.protected

    @property
    def protected(self) -> bool:
        """Somebody in it may have to be protected from a person: only named staff read it."""
        return self.first and self.category in SAFEGUARDING


class EntryKind(StrEnum):
    PARENT = "parent"
    REPLY = "reply"
    EVENT = "event"


class CaseEntry(SQLModel, table=True):
    """One thing in the history of a case. Media lie in the blob store under `media_key`; `media_kind` is photo, voice or file."""

    __tablename__ = "case_entry"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    case_id: int = Field(foreign_key="case.id", sa_type=sa.BigInteger, index=True)
    kind: EntryKind = Field(sa_type=db.choice(EntryKind, "kind"))
    text: str = ""
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger)
    media_key: str = Field(default="", max_length=120)
    media_kind: str = Field(default="", max_length=10)
    message_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    at: datetime = Field(sa_type=db.AwareDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
