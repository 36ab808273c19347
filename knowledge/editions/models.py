"""Tables of editions: what was frozen, how its build stands, and which one is published (the newest row of Publication)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from kit import db


class BuildState(StrEnum):
    FROZEN = "frozen"
    BUILDING = "building"
    BUILT = "built"
    FAILED = "failed"


class Edition(SQLModel, table=True):
    """`progress` is 0 to 100. The bundle is a file in the blob store, named and checked by its SHA-256. `checked` is what the
    gate found when it was compared with the edition that was live then, empty before.
    """

    number: int | None = Field(default=None, primary_key=True)
    state: BuildState = Field(sa_type=db.choice(BuildState, "state"))
    progress: int = 0
    failure: str = Field(default="", max_length=1000)
    passages: int = 0
    unreviewed: int = 0
    bundle_key: str = Field(default="", max_length=120)
    bundle_sha256: str = Field(default="", max_length=64)
    manifest: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    checked: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_by: int | None = None
    created_at: datetime = Field(sa_type=db.AwareDateTime)
    built_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.number is None:
            raise ValueError("not stored yet")
        return self.number


class EditionEntry(SQLModel, table=True):
    __tablename__ = "edition_entry"

    edition_number: int = Field(foreign_key="edition.number", primary_key=True)
    revision_id: int = Field(foreign_key="revision.id", primary_key=True, sa_type=sa.BigInteger)


class Publication(SQLModel, table=True):
    """One row each time an edition goes live, rolling back included."""

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    edition_number: int = Field(foreign_key="edition.number")
    staff_id: int | None = None
    at: datetime = Field(sa_type=db.AwareDateTime)
