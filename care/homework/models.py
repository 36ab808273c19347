"""Tables of homework, and the one table of moves between its states."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from care.cases.hours import DutyHours, working_day
from kit import clock, db


class HomeworkState(StrEnum):
    GIVEN = "given"
    HANDED_IN = "handed_in"
    AGAIN = "again"  # the trainer asks for another try
    DONE = "done"
    DROPPED = "dropped"  # she took another task instead


WAITING_FOR_HER = (HomeworkState.GIVEN, HomeworkState.AGAIN)
OPEN_STATES = (*WAITING_FOR_HER, HomeworkState.HANDED_IN)

MOVES: dict[HomeworkState, frozenset[HomeworkState]] = {
    HomeworkState.GIVEN: frozenset({HomeworkState.HANDED_IN, HomeworkState.DROPPED}),
    HomeworkState.HANDED_IN: frozenset({HomeworkState.HANDED_IN, HomeworkState.GIVEN, HomeworkState.AGAIN, HomeworkState.DONE}),
    HomeworkState.AGAIN: frozenset({HomeworkState.HANDED_IN}),
    HomeworkState.DONE: frozenset(),
    HomeworkState.DROPPED: frozenset({HomeworkState.GIVEN}),
}


class Homework(SQLModel, table=True):
    """One task of one child. `fingerprint` is that of the task's words as they were given.

    `settle_at` is set while things are coming in; when it has passed they are one submission. `owner_id` is the trainer: besides
    her only administrators open the pictures.
    """

    __table_args__ = (sa.UniqueConstraint("child_id", "task"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    child_id: int = Field(foreign_key="child.id", sa_type=sa.BigInteger, index=True)
    place_id: int | None = Field(default=None, foreign_key="place.id", sa_type=sa.BigInteger, index=True)
    task: str = Field(max_length=80)
    fingerprint: str = Field(max_length=16)
    state: HomeworkState = Field(default=HomeworkState.GIVEN, sa_type=db.choice(HomeworkState, "state"), index=True)
    owner_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger, index=True)
    given_at: datetime = Field(sa_type=db.AwareDateTime)
    settle_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime, index=True)
    handed_in_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    due_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class ItemState(StrEnum):
    NEW = "new"  # nothing has looked at it yet
    KEPT = "kept"
    DOUBLE = "double"  # the same was handed in before; its file is gone
    HELD = "held"  # likely nudity: for one named person only
    FAILED = "failed"  # it came and could not be taken in
    REMOVED = "removed"  # the named person, or she herself, took it out; its file is gone


class HomeworkItem(SQLModel, table=True):
    """One thing handed in: `kind` is photo, voice, file (a film) or text. `settled_at` is when it became part of the submission.

    `file_hash` and `file_id` find the same thing sent twice. Row and file go at `keep_until`.
    """

    __tablename__ = "homework_item"
    __table_args__ = (
        sa.Index("uq_homework_item_hash", "homework_id", "file_hash", unique=True, postgresql_where=sa.text("file_hash <> ''")),
        sa.Index("uq_homework_item_file", "homework_id", "file_id", unique=True, postgresql_where=sa.text("file_id <> ''")),
        sa.Index("ix_homework_item_new", "id", postgresql_where=sa.text("state = 'new'")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    homework_id: int = Field(foreign_key="homework.id", sa_type=sa.BigInteger, index=True)
    caregiver_id: int = Field(foreign_key="caregiver.id", sa_type=sa.BigInteger, index=True)
    kind: str = Field(max_length=10)
    text: str = ""
    media_key: str = Field(default="", max_length=120)
    file_id: str = Field(default="", max_length=120)
    file_hash: str = Field(default="", max_length=64)
    nudity: float | None = None
    state: ItemState = Field(sa_type=db.choice(ItemState, "state"))
    update_key: str = Field(max_length=160, unique=True)
    at: datetime = Field(sa_type=db.AwareDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=db.AwareDateTime)
    keep_until: datetime | None = Field(default=None, sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


class HandingIn(SQLModel, table=True):
    """A caregiver is handing in: what she sends until `until` belongs to this homework, and words too while `words`."""

    __tablename__ = "handing_in"

    caregiver_id: int = Field(foreign_key="caregiver.id", primary_key=True, sa_type=sa.BigInteger)
    homework_id: int = Field(foreign_key="homework.id", sa_type=sa.BigInteger)
    words: bool = True
    until: datetime = Field(sa_type=db.AwareDateTime)


class Verdict(StrEnum):
    DONE = "done"
    AGAIN = "again"


class HomeworkComment(SQLModel, table=True):
    """What a trainer said, in the four parts that work: what I saw, what the child did, why it matters, one small step."""

    __tablename__ = "homework_comment"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    homework_id: int = Field(foreign_key="homework.id", sa_type=sa.BigInteger, index=True)
    child_id: int = Field(foreign_key="child.id", sa_type=sa.BigInteger, index=True)
    staff_id: int = Field(foreign_key="staff.id", sa_type=sa.BigInteger)
    key: str = Field(max_length=120, unique=True)
    saw: str = ""
    did: str = ""
    why: str = ""
    step: str = ""
    voice_key: str = Field(default="", max_length=120)
    verdict: Verdict = Field(sa_type=db.choice(Verdict, "verdict"))
    at: datetime = Field(sa_type=db.AwareDateTime)

    @property
    def number(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id


KEPT_AFTER_REVIEW = timedelta(days=90)  # FACTS part 3
KEPT_WITHOUT_REVIEW = timedelta(days=180)
SETTLES_AFTER = timedelta(seconds=2)
WORKING_DAYS = 2


def comment_due(moment: datetime, hours: DutyHours) -> datetime:
    """48 hours that count on working days only: the same time of day two working days on, within the duty hours."""
    due = hours.next_open(moment)
    while not working_day(due.astimezone(clock.CHINA).date()):
        due = hours.next_open(_midnight_after(due))
    left = WORKING_DAYS
    while left:
        due += timedelta(days=1)
        left -= working_day(due.astimezone(clock.CHINA).date())
    return due


def _midnight_after(moment: datetime) -> datetime:
    local = moment.astimezone(clock.CHINA) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(moment.tzinfo)
