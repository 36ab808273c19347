"""The only clock. Everything that needs the time calls `now()`, so that a rehearsal or a test can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

_offset = timedelta(0)
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return (_frozen or datetime.now(UTC)) + _offset


def today() -> date:
    """The calendar day in China."""
    return now().astimezone(CHINA).date()


def advance(by: timedelta) -> None:
    """Move the clock of this process. For rehearsals and tests only."""
    global _offset  # noqa: PLW0603 - the one piece of process-wide state: every reader must see the same time
    _offset += by


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware); `advance` still moves it from there."""
    global _offset, _frozen
    before = (_offset, _frozen)
    _offset, _frozen = timedelta(0), at.astimezone(UTC)
    try:
        yield
    finally:
        _offset, _frozen = before
