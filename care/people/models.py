"""Tables that tie staff to territory and to duty."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from kit import db


class Assignment(SQLModel, table=True):
    """A staff member works for this place and everything below it. Without one she works for the whole installation."""

    staff_id: int = Field(foreign_key="staff.id", primary_key=True, sa_type=sa.BigInteger)
    place_id: int = Field(foreign_key="place.id", primary_key=True, sa_type=sa.BigInteger)


class Absence(SQLModel, table=True):
    """While a row stands the staff member is off duty: nothing is offered to her and no page reaches her."""

    staff_id: int = Field(foreign_key="staff.id", primary_key=True, sa_type=sa.BigInteger)
    since: datetime = Field(sa_type=db.AwareDateTime)
