"""The ledger of pages: one row for each channel that was tried for a case."""

from datetime import datetime
from enum import IntEnum, StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from kit import db


class PageState(StrEnum):
    WAITING = "waiting"
    REACHED = "reached"
    FAILED = "failed"


class Rung(IntEnum):
    """How far up a page has climbed."""

    FIRST = 0
    EVERYBODY = 1
    LAST = 2


LAST_ADDRESS = -1
"""Stands in `Page.address_number` for the one address of `DUTY_LAST`."""


class Page(SQLModel, table=True):
    """`staff_id` for a card in Telegram, else one Apprise address, named by its position in `DUTY_NOTIFY` or as `LAST_ADDRESS`."""

    __tablename__ = "duty_page"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    case_id: int = Field(foreign_key="case.id", sa_type=sa.BigInteger, index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger)
    address_number: int | None = None
    rung: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    message_id: int | None = Field(default=None, sa_type=sa.BigInteger, index=True)
    state: PageState = Field(default=PageState.WAITING, sa_type=db.choice(PageState, "state"))
    at: datetime = Field(sa_type=db.AwareDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)


class CallNumber(SQLModel, table=True):
    """Where a parent in danger wants to be called, sealed by `kit.sealing`. One a case; it goes when the case goes."""

    __tablename__ = "call_number"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    case_id: int = Field(foreign_key="case.id", sa_type=sa.BigInteger, unique=True)
    sealed: str = Field(max_length=400)
    left_at: datetime = Field(sa_type=db.AwareDateTime)


class FollowUp(SQLModel, table=True):
    """A neutral word on the morning after a danger, for whoever agreed to it. One a case; the times say how far it has come.

    `ask_at` is when she is asked, `due_at` when the word is due once she has agreed. `dropped_at`: it would have been wrong to.
    """

    __tablename__ = "follow_up"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    case_id: int = Field(foreign_key="case.id", sa_type=sa.BigInteger, unique=True)
    ask_at: datetime = Field(sa_type=db.AwareDateTime, index=True)
    asked_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    agreed_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    refused_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    due_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
