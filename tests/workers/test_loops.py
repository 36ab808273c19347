"""Workers live on through outages and wake when there is something to do."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from app.workers import loops
from app.workers.loops import Bell, Threads, where
from app.workers.waking import Waking
from bot.inbox import actions as inbox
from bot.inbox.models import InboxUpdate
from care.families.models import Channel
from kit.db import Database


async def run(step: Callable[[], Awaitable[bool]], *, seconds: float, every: float = 0.01) -> None:
    end, bell = asyncio.Event(), Bell()
    task = asyncio.create_task(loops.repeat(step, name="test", every=every, bell=bell, end=end))
    await asyncio.sleep(seconds)
    end.set()
    bell.ring()
    await asyncio.wait_for(task, 5)


async def test_an_outage_is_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    calls = 0

    async def step() -> bool:
        nonlocal calls
        calls += 1
        if calls in (2, 3, 4):
            raise ConnectionError("宝宝发烧")
        return False

    with capture_logs() as logs:
        await run(step, seconds=1.6)
    assert calls > 6
    assert [(line["event"], line["log_level"]) for line in logs] == [
        ("worker_is_held_up", "error"),
        ("worker_works_again", "warning"),
    ]
    assert "发烧" not in str(logs)


async def test_the_end_comes_in_the_middle_of_an_outage() -> None:
    async def step() -> bool:
        raise ConnectionError

    with capture_logs():
        await run(step, seconds=0.3)


async def test_a_step_with_more_to_do_does_not_wait() -> None:
    calls = 0

    async def step() -> bool:
        nonlocal calls
        calls += 1
        return calls < 50

    await run(step, seconds=0.3, every=60)
    assert calls == 50


async def test_a_bell_that_rings_before_the_wait_is_heard() -> None:
    bell = Bell()
    bell.ring()
    await asyncio.sleep(0)
    before = time.monotonic()
    await bell.wait(5)
    assert time.monotonic() - before < 1


async def test_a_commit_of_work_wakes_and_a_rollback_does_not(database: Database) -> None:
    bell = Bell()

    def store(*, fail: bool) -> None:
        with database.transaction() as session:
            inbox.store(session, Channel.WEB, update_id=str(fail), lane="a", address="a", payload={})
            if fail:
                raise ValueError

    def look() -> None:
        with database.transaction() as session:
            session.exec(select(InboxUpdate).order_by(col(InboxUpdate.id))).all()

    async def woken() -> bool:
        before = time.monotonic()
        await bell.wait(0.4)
        return time.monotonic() - before < 0.3

    with Waking({"inbox_update": bell}):
        await asyncio.to_thread(look)
        with pytest.raises(ValueError, match=r"^$"):
            await asyncio.to_thread(store, fail=True)
        assert not await woken()
        await asyncio.to_thread(store, fail=False)
        assert await woken()
    await asyncio.to_thread(store, fail=False)
    assert not await woken()


async def test_threads_finish_what_runs() -> None:
    threads, done = Threads(1, name="t"), []

    def work() -> None:
        time.sleep(0.1)
        done.append(1)

    task = asyncio.create_task(threads.run(work))
    await asyncio.sleep(0.02)
    await asyncio.to_thread(threads.close)
    await task
    assert done == [1]


def test_an_error_is_told_by_class_and_place_alone() -> None:
    try:
        raise ValueError("她说的话")
    except ValueError as error:
        told = where(error)
    assert told.startswith("ValueError at test_loops.py:")
    assert "她" not in told
