"""Tables of who is named for protected cases and of every look into one, and which cases these are."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from care.cases.models import SAFEGUARDING, Case, CaseKind
from kit import db


class NamedStaff(SQLModel, table=True):
    """While a row stands this member of staff may read protected cases. Given by an administrator."""

    __tablename__ = "safeguarding_staff"

    staff_id: int = Field(foreign_key="staff.id", primary_key=True, sa_type=sa.BigInteger)
    since: datetime = Field(sa_type=db.AwareDateTime)


class LookKind(StrEnum):
    READ = "read"
    REPORT = "report"
    REPORT_NAMED = "report_named"
    """With who told us, since she agreed to that."""


class Look(SQLModel, table=True):
    """One look into a protected case: who, when, and why in her own words."""

    __tablename__ = "case_look"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    case_id: int = Field(foreign_key="case.id", sa_type=sa.BigInteger, index=True)
    staff_id: int = Field(foreign_key="staff.id", sa_type=sa.BigInteger)
    kind: LookKind = Field(default=LookKind.READ, sa_type=db.choice(LookKind, "kind"))
    reason: str = Field(max_length=200)
    at: datetime = Field(sa_type=db.AwareDateTime)


def protected() -> sa.ColumnElement[bool]:
    """`Case.protected` as a condition."""
    grave = col(Case.kind).in_([CaseKind.DANGER, CaseKind.URGENT])
    return sa.and_(grave, col(Case.category).in_(sorted(SAFEGUARDING)))
