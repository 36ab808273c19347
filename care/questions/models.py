"""Tables of questions and of what parents said of the answers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from kit import db


class Outcome(StrEnum):
    ASKED = "asked"
    ANSWER = "answer"
    CHOOSE = "choose"
    RELAY = "relay"
    DECLINE = "decline"
    EMERGENCY = "emergency"


class Question(SQLModel, table=True):
    """`shown` lists the passages offered, best first: {"slug", "revision_id", "score"}. `update_key` makes asking idempotent."""

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    update_key: str = Field(max_length=80, unique=True)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    child_id: int | None = Field(default=None, foreign_key="child.id", sa_type=sa.BigInteger)
    text: str
    lang: str = Field(max_length=2)
    age_months: int | None = None
    level: str = Field(max_length=20)
    category: str = Field(max_length=20)
    outcome: Outcome = Field(default=Outcome.ASKED, sa_type=db.choice(Outcome, "outcome"))
    confidence: float = 0.0
    edition_number: int | None = Field(default=None, foreign_key="edition.number")
    shown: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    asked_at: datetime = Field(sa_type=db.AwareDateTime, index=True)
    settled_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class Why(StrEnum):
    NOT_MY_QUESTION = "not_my_question"
    WRONG_AGE = "wrong_age"
    HARD_TO_DO = "hard_to_do"
    HARD_TO_UNDERSTAND = "hard_to_understand"
    OTHER = "other"


class Feedback(SQLModel, table=True):
    """What a parent said of one passage revision she was shown; a second press changes the first. Without a question she browsed."""

    __table_args__ = (sa.UniqueConstraint("caregiver_id", "question_id", "revision_id", postgresql_nulls_not_distinct=True),)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    question_id: int | None = Field(default=None, foreign_key="question.id", sa_type=sa.BigInteger, index=True)
    revision_id: int = Field(foreign_key="revision.id", sa_type=sa.BigInteger, index=True)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    helped: bool
    why: Why | None = Field(default=None, sa_type=db.choice(Why, "why"))
    words: str = Field(default="", max_length=500)
    at: datetime = Field(sa_type=db.AwareDateTime)
