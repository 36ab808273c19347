"""Tables of places and sites. Codes are the official division codes; zones without one carry a code of ours."""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from kit import db


class Level(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    COMMUNITY = "community"


class Place(SQLModel, table=True):
    """`path` is the chain of ids from the city down, `/1/5/`, so that a subtree is a prefix."""

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    code: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=60, index=True)
    level: Level = Field(sa_type=db.choice(Level, "level"))
    parent_id: int | None = Field(default=None, foreign_key="place.id", sa_type=sa.BigInteger)
    path: str = Field(default="", max_length=120, index=True)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class Site(SQLModel, table=True):
    """A place people come to: a guidance centre, a kindergarten. Its code stands in the QR code of its poster."""

    code: str = Field(max_length=20, primary_key=True)
    name: str = Field(max_length=80)
    place_id: int = Field(foreign_key="place.id", sa_type=sa.BigInteger)
