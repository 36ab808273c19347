"""Table of the questions that a passage is being written from."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from kit import db


class GapQuestion(SQLModel, table=True):
    """A question that had no good answer, and the passage that was begun from it. It belongs to one passage alone.

    `settled_at` is when its family was told that there is an answer now, or when it was seen that they need not be.
    """

    __tablename__ = "gap_question"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    passage_id: int = Field(foreign_key="passage.id", ondelete="CASCADE", sa_type=sa.BigInteger, index=True)
    question_id: int = Field(foreign_key="question.id", sa_type=sa.BigInteger, unique=True)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    at: datetime = Field(sa_type=db.AwareDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
