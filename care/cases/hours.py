"""When people work: the installation's duty hours on every day, and working days of China's calendar for promises."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar

from kit import clock


@dataclass(frozen=True, slots=True)
class DutyHours:
    """Opening hours of a day in China's time, from the setting `DUTY_HOURS`."""

    opens: time
    closes: time

    @classmethod
    def parse(cls, setting: str) -> "DutyHours":
        opens, closes = setting.split("-")
        return cls(time.fromisoformat(opens), time.fromisoformat(closes))

    def open_at(self, moment: datetime) -> bool:
        """Hours that end before they begin run over midnight."""
        local = moment.astimezone(clock.CHINA).time()
        if self.opens <= self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself when it lies in the hours."""
        if self.open_at(moment):
            return moment
        local = moment.astimezone(clock.CHINA)
        opening = local.replace(hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0)
        return (opening if local < opening else opening + timedelta(days=1)).astimezone(moment.tzinfo)

    def promised(self, moment: datetime) -> datetime:
        """By when a person will answer: four hours into the hours of a working day."""
        start = self.next_open(moment)
        while not working_day(start.astimezone(clock.CHINA).date()):
            local = start.astimezone(clock.CHINA) + timedelta(days=1)
            start = local.replace(hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0)
        due = start + timedelta(hours=4)
        return due if self.open_at(due) else self.next_open(due) + timedelta(hours=1)


def working_day(day: date) -> bool:
    """By China's calendar with its make-up workdays; Monday to Friday for years it does not hold yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
