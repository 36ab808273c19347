"""Tables of the duty roster, and when a shift or a leave of them stands. Wall time is China's."""

from collections.abc import Iterator
from datetime import date, datetime, time

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, WEEKLY, rrule
from sqlmodel import Field, SQLModel

from kit import clock, db


class Shift(SQLModel, table=True):
    """Every week on `weekday` (0 is Monday) or on the one `day`. One that ends no later than it begins ends on the day after."""

    __tablename__ = "duty_shift"
    __table_args__ = (
        sa.CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name="weekday_or_day"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    staff_id: int = Field(foreign_key="staff.id", sa_type=sa.BigInteger, index=True)
    substitute_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger)
    place_id: int = Field(foreign_key="place.id", sa_type=sa.BigInteger)
    weekday: int | None = None
    day: date | None = None
    begins: time
    ends: time
    added_at: datetime = Field(sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id

    @property
    def over_midnight(self) -> bool:
        return self.ends <= self.begins

    def times(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Each time it stands between two moments: from when, to when; one that began before `since` too."""
        for begins in self._beginnings(since, until):
            over = relativedelta(days=1) if self.over_midnight else relativedelta()
            ends = begins + over + relativedelta(hour=self.ends.hour, minute=self.ends.minute)
            if begins < until and ends > since:
                yield begins, ends

    def _beginnings(self, since: datetime, until: datetime) -> Iterator[datetime]:
        if self.day is not None:
            return iter(rrule(DAILY, count=1, dtstart=datetime.combine(self.day, self.begins, clock.CHINA)))
        first = since.astimezone(clock.CHINA).date() + relativedelta(days=-1)
        start = datetime.combine(first, self.begins, clock.CHINA)
        return iter(rrule(WEEKLY, byweekday=self.weekday, dtstart=start, until=until.astimezone(clock.CHINA)))


class Leave(SQLModel, table=True):
    """She does not stand on duty from the first day to the last, both whole. The substitute stands in all her shifts of that time."""

    __tablename__ = "duty_leave"

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    staff_id: int = Field(foreign_key="staff.id", sa_type=sa.BigInteger, index=True)
    substitute_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger)
    first_day: date
    last_day: date
    added_at: datetime = Field(sa_type=db.AwareDateTime)

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id

    def covers(self, moment: datetime) -> bool:
        return self.first_day <= moment.astimezone(clock.CHINA).date() <= self.last_day

    def edges(self) -> tuple[datetime, datetime]:
        """The midnights at which it begins and is over."""
        begins = datetime.combine(self.first_day, time(), clock.CHINA)
        return begins, datetime.combine(self.last_day, time(), clock.CHINA) + relativedelta(days=1)
