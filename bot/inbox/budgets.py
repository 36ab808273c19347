"""How much one family, and one internet address, may send. Asked after screening: words of danger neither count nor are refused."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from kit import limits
from kit.errors import NotAllowed
from kit.limits import Budget
from kit.settings import Settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEGABYTE = 1024 * 1024


class OverBudget(NotAllowed):
    """More than its share. The fact `until` is the moment from which on it will be taken again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until=until)
        self.until = until


def spend(session: Session, settings: Settings, *, family: str, place: str = "", files: int = 0, size: int = 0) -> None:
    """One message with so many files of `size` bytes together. `place` is the internet address it came from, where there is one: a
    village often shares one, so it has the share of many families. Raises OverBudget, and then nothing is counted.
    """
    wanted = [
        (budget, key, amount)
        for key, times in (("family:" + family, 1), *((("place:" + place, settings.families_an_address),) if place else ()))
        for budget, amount in _budgets(settings, times=times, files=files, size=size)
        if amount
    ]
    waits = [until for budget, key, amount in wanted if (until := limits.free_at(session, budget, key=key, amount=amount))]
    if waits:
        raise OverBudget(max(waits))
    for budget, key, amount in wanted:
        limits.spend(session, budget, key=key, amount=amount)


def _budgets(settings: Settings, *, times: int, files: int, size: int) -> Iterator[tuple[Budget, int]]:
    yield Budget("texts", settings.texts_an_hour * times, HOUR), 0 if files else 1
    yield Budget("files", settings.files_a_day * times, DAY), files
    yield Budget("bytes", settings.megabytes_a_day * times * MEGABYTE, DAY), size
