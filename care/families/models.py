"""Tables of caregivers, contacts and children."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlmodel import Field, SQLModel

from kit import db

OLDEST_CORRECTED = 24
"""Months up to which development is read by the corrected age."""


class Channel(StrEnum):
    TELEGRAM = "telegram"
    WEB = "web"


class Caregiver(SQLModel, table=True):
    """`alias` is all that staff see of her. `place_id` is None until she or the QR code of a site told it.

    `forgotten_at` is when she had everything erased; the row lives on for as long as her receipt or an open case needs it.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    alias: str = Field(max_length=20, unique=True)
    lang: str = Field(default="zh", max_length=2)
    place_id: int | None = Field(default=None, foreign_key="place.id", sa_type=sa.BigInteger, index=True)
    current_child_id: int | None = Field(default=None, foreign_key="child.id", sa_type=sa.BigInteger)
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    seen_at: datetime = Field(sa_type=db.AwareDateTime)
    forgotten_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class Contact(SQLModel, table=True):
    """Where a caregiver is reached: a Telegram chat id, or the digest of a browser's cookie."""

    __table_args__ = (sa.UniqueConstraint("channel", "address"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    channel: Channel = Field(sa_type=db.choice(Channel, "channel"))
    address: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    unreachable_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)


class Child(SQLModel, table=True):
    """`birth_month` is the first of the month of birth, or of the expected birth while `expected`. `weeks_early` counts from 40."""

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    nickname: str = Field(default="", max_length=20)
    birth_month: date | None = None
    expected: bool = False
    weeks_early: int = 0
    created_at: datetime = Field(sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id

    def age_months(self, today: date) -> int | None:
        """Whole months since birth, negative before it; None when the month is not known."""
        if self.birth_month is None:
            return None
        between = relativedelta(today, self.birth_month)
        return between.years * 12 + between.months - (1 if today < self.birth_month and between.days else 0)

    def corrected_months(self, today: date) -> int | None:
        """Age for development, corrected for prematurity until two years."""
        age = self.age_months(today)
        if age is None or self.weeks_early < 3 or age >= OLDEST_CORRECTED:
            return age
        return max(0, age - round(self.weeks_early / 4.345)) if age >= 0 else age


class CareOf(SQLModel, table=True):
    """Which caregivers look after which child."""

    __tablename__ = "care_of"

    caregiver_id: int = Field(foreign_key="caregiver.id", primary_key=True, sa_type=sa.BigInteger)
    child_id: int = Field(foreign_key="child.id", primary_key=True, sa_type=sa.BigInteger)
    since: datetime = Field(sa_type=db.AwareDateTime)


class ReturnCode(SQLModel, table=True):
    """Six digits with which a parent without an account finds her talk again from another browser."""

    __tablename__ = "return_code"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=db.AwareDateTime)


class ShareCode(SQLModel, table=True):
    """Six letters and digits with which one other caregiver joins a child, once and within a day."""

    __tablename__ = "share_code"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    child_id: int = Field(foreign_key="child.id", sa_type=sa.BigInteger, index=True)
    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=db.AwareDateTime)
