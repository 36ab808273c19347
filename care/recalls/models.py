"""Tables of recalls: the passage that was wrong with its correction, and who is told of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from kit import db

SHORTEST, LONGEST = 10, 400
LONGEST_REASON = 500


class Recall(SQLModel, table=True):
    """A passage found to be wrong, with all its revisions up to `number`; a better one written later is no part of it.

    `zh` and `en` are the correction as parents read it; `reason` is for colleagues. Everybody who received the passage from `since`
    on is told. `swept_at` is when the last of them were looked for, `told_at` when everybody was told who may be.
    """

    __table_args__ = (sa.UniqueConstraint("passage_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    passage_id: int = Field(foreign_key="passage.id", sa_type=sa.BigInteger, index=True)
    number: int
    reason: str = Field(max_length=LONGEST_REASON)
    zh: str = Field(max_length=LONGEST)
    en: str = Field(default="", max_length=LONGEST)
    since: datetime = Field(sa_type=db.AwareDateTime)
    staff_id: int = Field(sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=db.AwareDateTime)
    swept_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    told_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class RecallNotice(SQLModel, table=True):
    """Somebody who received a recalled passage. Settled without a message: she must not be told."""

    __tablename__ = "recall_notice"
    __table_args__ = (sa.UniqueConstraint("recall_id", "caregiver_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    recall_id: int = Field(foreign_key="recall.id", sa_type=sa.BigInteger)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    message_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=db.AwareDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
