"""Tables of staff accounts and their sessions."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from kit import db


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    INSTRUCTOR = "instructor"


class Staff(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    login: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=60)
    role: Role = Field(sa_type=db.choice(Role, "role"))
    lang: str = Field(default="zh", max_length=2)
    password_hash: str | None = Field(default=None, max_length=200)
    password_expires_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    must_change_password: bool = False
    telegram_address: str | None = Field(default=None, max_length=40, unique=True)
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        """The id of a stored row."""
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class StaffSession(SQLModel, table=True):
    __tablename__ = "staff_session"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    staff_id: int = Field(foreign_key="staff.id", index=True, sa_type=sa.BigInteger)
    digest: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    expires_at: datetime = Field(sa_type=db.AwareDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
