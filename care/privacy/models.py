"""Tables of consent and of who was forgotten. What each purpose means in plain words is bot.wording's."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from kit import db

VERSION = 1
"""Of the words in which consent is asked. Raise it when their meaning changes: then everybody counts as not asked yet."""


class ConsentPurpose(StrEnum):
    """Each can be refused without losing any other."""

    ANSWERING = "answering"
    """Keeping what she asks and what she is told, so that one can go on from it."""
    PHOTOS = "photos"
    """Her photos and recordings shown to the trainer of her child."""
    IMPROVING = "improving"
    """What she says of an answer read by the people who write them."""
    RESEARCH = "research"


class Standing(StrEnum):
    """What she last said to one purpose."""

    UNASKED = "unasked"
    GIVEN = "given"
    REFUSED = "refused"


class Consent(SQLModel, table=True):
    """One thing she said to one purpose; the newest row of the present version counts, the older ones prove what was allowed when.

    Refused from the beginning: `given_at` is None and `withdrawn_at` is when she said no.
    """

    __table_args__ = (sa.Index("ix_consent_caregiver_purpose", "caregiver_id", "purpose"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger)
    purpose: ConsentPurpose = Field(sa_type=db.choice(ConsentPurpose, "purpose"))
    version: int
    given_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def standing(self) -> Standing:
        return Standing.GIVEN if self.given_at and not self.withdrawn_at else Standing.REFUSED


class Forgotten(SQLModel, table=True):
    """One forgetting. `digests` name her contacts, her alias or a child so that only who knows them can find them again.

    `number` is on the receipt she was shown. `counts` says how many rows of which table were erased.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    number: str = Field(max_length=20, unique=True)
    digests: list[str] = Field(default_factory=list, sa_type=JSONB)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    at: datetime = Field(sa_type=db.AwareDateTime, index=True)
