"""Where each parent is in a flow; in the database, so that a restart in the middle resumes at the same step."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from kit import db


class Dialog(SQLModel, table=True):
    """One open flow a caregiver. `version` is the inbox id of the event that led to the step; other steps' buttons differ in it."""

    caregiver_id: int = Field(foreign_key="caregiver.id", primary_key=True, sa_type=sa.BigInteger)
    flow: str = Field(max_length=20)
    step: str = Field(max_length=20)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    version: int = Field(default=0, sa_type=sa.BigInteger)
    changed_at: datetime = Field(sa_type=db.AwareDateTime)
