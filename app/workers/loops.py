"""How every worker lives: a step again and again, woken or by the clock, through outages of the database, until the end is rung."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_when_event_set, wait_exponential

P = ParamSpec("P")
T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Bell:
    """Wakes a loop of this process from any thread. A ring that nobody waits for is heard at the next wait."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """Harmless after the loop has ended."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return
        finally:
            self._event.clear()


class Threads:
    """The one bridge from the loops to plain functions: a bounded number of threads."""

    def __init__(self, count: int, *, name: str) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(function, *args, **kwargs))

    def close(self) -> None:
        """What runs is finished, what waits is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)


async def repeat(step: Callable[[], Awaitable[bool]], *, name: str, every: float, bell: Bell, end: asyncio.Event) -> None:
    """Call `step` until `end` is set; at once again when it returns True, else when the bell rings or `every` seconds are over.

    A failing step is tried again, slower and slower; the log has one line when that begins and one when it works again.
    """

    async def pause(seconds: float) -> None:
        try:
            await asyncio.wait_for(end.wait(), seconds)
        except TimeoutError:
            return

    while not end.is_set():
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Exception),
            wait=wait_exponential(multiplier=0.2, max=5),
            stop=stop_when_event_set(end),  # type: ignore[arg-type]  # only asks is_set(), which both kinds of event have
            before_sleep=partial(_tell_once, name),
            sleep=pause,
            reraise=True,
        )
        more = False
        try:
            more = await retrying(step)
        except Exception:
            return  # ended in the middle of an outage, which the log has already
        if retrying.statistics.get("attempt_number", 1) > 1:
            _log.warning("worker_works_again", worker=name)
        if not more and not end.is_set():
            await bell.wait(every)


def where(error: BaseException) -> str:
    """Class and place of an error. Never its message, which may carry what a parent wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    at = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))
    return f"{type(error).__name__} at {at}"


def _tell_once(name: str, state: RetryCallState) -> None:
    if state.attempt_number == 1 and state.outcome is not None and (error := state.outcome.exception()) is not None:
        _log.error("worker_is_held_up", worker=name, error=where(error))
