"""Tables of the curriculum: a passage and its revisions. What a revision says has the shape of `knowledge.content`."""

from datetime import date, datetime
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


class Step(StrEnum):
    """What a person does to a revision. A comment moves nothing."""

    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RETIRE = "retire"
    COMMENT = "comment"


# From where a revision may move to where, and by which step. `approved` carries `reviewed`: a starter passage is approved for a
# trial, unreviewed.
MOVES: dict[ReviewState, dict[ReviewState, Step]] = {
    ReviewState.DRAFT: {ReviewState.IN_REVIEW: Step.SUBMIT, ReviewState.RETIRED: Step.RETIRE},
    ReviewState.IN_REVIEW: {
        ReviewState.DRAFT: Step.SEND_BACK,
        ReviewState.APPROVED: Step.APPROVE,
        ReviewState.RETIRED: Step.RETIRE,
    },
    ReviewState.APPROVED: {ReviewState.RETIRED: Step.RETIRE},
    ReviewState.RETIRED: {},
}


SETTLED = (ReviewState.APPROVED, ReviewState.RETIRED)
"""The newest revision in one of these says what a passage is to parents; drafts above it do not show."""


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
    """One wording of a passage, never changed once approved. `reviewed` is False until a local expert has looked at it.

    `review_by` is the day from which it has to be looked at again (`knowledge.looking_again`); `warnings` is what was found when
    it was saved that takes the whole curriculum to see, as `knowledge.lint.Finding`s.
    """

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
    review_by: date | None = Field(default=None, index=True)
    warnings: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id

    def says(self) -> PassageContent:
        """Whole for what was ever submitted; a draft may have holes, which only `knowledge.drafts` can read."""
        return PassageContent.model_validate(self.content)


class ReviewEntry(SQLModel, table=True):
    """Somebody took a step with a revision, or said something about it. Approvals are counted from here.

    `expert` is the name and title of whoever really judged it, where a colleague entered it for her in one sitting.
    """

    __tablename__ = "review_entry"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    revision_id: int = Field(foreign_key="revision.id", sa_type=sa.BigInteger, index=True)
    staff_id: int = Field(sa_type=sa.BigInteger)
    step: Step = Field(sa_type=db.choice(Step, "step"))
    words: str = Field(default="", max_length=1000)
    expert: str = Field(default="", max_length=80)
    at: datetime = Field(sa_type=db.AwareDateTime)


class Proposal(SQLModel, table=True):
    """An instructor's answer that could become a passage. The question is the instructor's wording of it, without the family."""

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    question: str
    answer: str
    topics: list[str] = Field(default_factory=list, sa_type=JSONB)
    staff_id: int
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
