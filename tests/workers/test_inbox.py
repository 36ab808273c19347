"""The inbox worker: in order within one person, side by side between persons, and honest when it fails."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from app.workers import loops
from app.workers.inbox import InboxWorker, Reader
from app.workers.loops import Bell, Threads
from bot.dialogue.events import Incoming
from bot.inbox import actions as inbox
from bot.inbox.actions import MOST_ATTEMPTS
from bot.inbox.models import InboxUpdate, UpdateState
from care.families import actions as families
from care.families.models import Channel
from care.messages.models import Message
from care.services import Services
from kit import clock


def store(services: Services, update_id: str, *, lane: str, text: str = "你好") -> None:
    with services.database.transaction() as session:
        inbox.store(session, Channel.WEB, update_id=update_id, lane=lane, address=lane, payload={"text": text})


def states(services: Services) -> list[UpdateState]:
    with services.database.transaction() as session:
        return [UpdateState(state) for state in session.exec(select(InboxUpdate.state).order_by(col(InboxUpdate.id)))]


def kinds(services: Services) -> list[str]:
    with services.database.transaction() as session:
        return list(session.exec(select(Message.kind).order_by(col(Message.id))))


async def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.02)


@asynccontextmanager
async def working(services: Services, read: Reader, *, threads: int = 4) -> AsyncIterator[InboxWorker]:
    pool, bell, end = Threads(threads, name="test"), Bell(), asyncio.Event()
    readers: Mapping[Channel, Reader] = {Channel.WEB: read}
    worker = InboxWorker(services, readers, threads=pool, bell=bell)
    task = asyncio.create_task(loops.repeat(worker.step, name="inbox", every=0.05, bell=bell, end=end))
    try:
        yield worker
    finally:
        end.set()
        bell.ring()
        await task
        await worker.drain()
        pool.close()


async def plainly(row: InboxUpdate) -> Incoming:
    return Incoming(update=row.id or 0, key=row.key, channel=row.channel, address=row.address, text=row.payload["text"])


async def test_a_person_is_answered_in_order_and_nobody_waits_for_another(services: Services) -> None:
    for number in range(3):
        store(services, f"slow-{number}", lane="slow")
    store(services, "quick", lane="quick")
    gate, begun = asyncio.Event(), []

    async def read(row: InboxUpdate) -> Incoming:
        begun.append(row.update_id)
        if row.update_id == "slow-0":
            await gate.wait()
        return await plainly(row)

    async with working(services, read):
        await until(lambda: states(services)[3] is UpdateState.DONE)
        assert sorted(begun) == ["quick", "slow-0"]
        gate.set()
        await until(lambda: set(states(services)) == {UpdateState.DONE})
    assert [name for name in begun if name.startswith("slow")] == ["slow-0", "slow-1", "slow-2"]
    assert kinds(services).count("said") == 4


async def test_what_is_not_for_us_is_finished(services: Services) -> None:
    store(services, "sticker", lane="a")

    async def read(_: InboxUpdate) -> None:
        return None

    async with working(services, read):
        await until(lambda: states(services) == [UpdateState.DONE])
    assert kinds(services) == []


async def test_a_failure_is_tried_again_and_leaves_no_word_in_the_log(services: Services) -> None:
    store(services, "one", lane="a", text="秘密的话")
    failed: list[str] = []

    async def read(row: InboxUpdate) -> Incoming:
        if not failed:
            failed.append(row.update_id)
            raise RuntimeError(row.payload["text"])
        return await plainly(row)

    with capture_logs() as logs:
        async with working(services, read):
            await until(lambda: states(services) == [UpdateState.WAITING])
            clock.advance(timedelta(seconds=10))
            try:
                await until(lambda: states(services) == [UpdateState.DONE])
            finally:
                clock.advance(timedelta(seconds=-10))
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["update_failed"]
    assert "秘密" not in str(logs)


async def test_after_the_last_attempt_the_parent_is_told_once(services: Services) -> None:
    with services.database.transaction() as session:
        families.meet(session, Channel.WEB, address="a")
    store(services, "one", lane="a")

    async def read(_: InboxUpdate) -> Incoming:
        raise RuntimeError

    moved = timedelta(0)
    with capture_logs():
        async with working(services, read):
            try:
                for _ in range(MOST_ATTEMPTS):
                    await asyncio.sleep(0.2)
                    clock.advance(timedelta(minutes=1))
                    moved += timedelta(minutes=1)
                await until(lambda: states(services) == [UpdateState.DEAD])
                await asyncio.sleep(0.2)
            finally:
                clock.advance(-moved)
    assert kinds(services) == ["something_failed"]


@pytest.mark.parametrize("threads", [1, 3])
async def test_no_more_at_once_than_there_are_threads(services: Services, threads: int) -> None:
    for number in range(6):
        store(services, str(number), lane=str(number))
    now: list[int] = []
    most: list[int] = []

    async def read(row: InboxUpdate) -> Incoming:
        now.append(1)
        most.append(len(now))
        await asyncio.sleep(0.05)
        now.pop()
        return await plainly(row)

    async with working(services, read, threads=threads):
        await until(lambda: set(states(services)) == {UpdateState.DONE})
    assert max(most) == threads
