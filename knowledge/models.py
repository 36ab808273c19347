"""Tables of the curriculum: a passage and its revisions. What a revision says has the shape of `knowledge.content`."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from kit import db
from knowledge.content import PassageContent


class ReviewState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETIRED = "retired"


# From where a revision may move to where. `approved` carries `reviewed`: a starter passage is approved for a trial, unreviewed.
MOVES: dict[ReviewState, frozenset[ReviewState]] = {
    ReviewState.DRAFT: frozenset({ReviewState.IN_REVIEW, ReviewState.RETIRED}),
    ReviewState.IN_REVIEW: frozenset({ReviewState.DRAFT, ReviewState.APPROVED, ReviewState.RETIRED}),
    ReviewState.APPROVED: frozenset({ReviewState.RETIRED}),
    ReviewState.RETIRED: frozenset(),
}


class Passage(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    slug: str = Field(max_length=80, unique=True)
    created_at: datetime = Field(sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class Revision(SQLModel, table=True):
    """One wording of a passage, never changed once approved. `reviewed` is False until a local expert has looked at it."""

    __table_args__ = (sa.UniqueConstraint("passage_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    passage_id: int = Field(foreign_key="passage.id", sa_type=sa.BigInteger, index=True)
    number: int
    state: ReviewState = Field(sa_type=db.choice(ReviewState, "state"))
    reviewed: bool = False
    reviewed_by: str = Field(default="", max_length=120)
    content: dict[str, Any] = Field(sa_type=JSONB)
    fingerprint: str = Field(max_length=64)
    author_id: int | None = None
    note: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id

    def says(self) -> PassageContent:
        return PassageContent.model_validate(self.content)


class Proposal(SQLModel, table=True):
    """An instructor's answer that could become a passage. The question is the instructor's wording of it, without the family."""

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    question: str
    answer: str
    topics: list[str] = Field(default_factory=list, sa_type=JSONB)
    staff_id: int
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
