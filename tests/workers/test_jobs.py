"""Durable jobs: a build that is asked for in a transaction, done in a process of its own, and survives the server's end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.workers import loops
from app.workers.jobs import JobWorker, make_app, request_build
from app.workers.loops import Bell
from care.services import Services
from kit.settings import Settings
from knowledge.editions.freezing import freeze
from knowledge.editions.models import BuildState, Edition


@pytest.fixture
def frozen(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A frozen edition, and an environment in which `peiban editions build` finds it."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", services.database.url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with services.database.transaction() as session:
        return freeze(session).key


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[None]:
    step = JobWorker(services.database.url).step
    task = asyncio.create_task(loops.repeat(step, name="jobs", every=0.1, bell=Bell(), end=asyncio.Event()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def state(services: Services, number: int) -> BuildState:
    with services.database.transaction() as session:
        return session.get_one(Edition, number).state


def jobs(services: Services) -> list[str]:
    with services.database.transaction() as session:
        query = "select status::text from procrastinate_jobs where task_name = 'build_edition' order by id"
        return list(session.execute(sa.text(query)).scalars())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.05)


def ask(services: Services, number: int) -> None:
    with services.database.transaction() as session:
        request_build(session, make_app(services.database.url), number=number)


@pytest.mark.slow
async def test_a_build_is_done_beside_the_server(services: Services, frozen: int) -> None:
    async with working(services):
        await asyncio.to_thread(ask, services, frozen)
        await until(lambda: state(services, frozen) is BuildState.BUILT)
        await until(lambda: jobs(services) == [])


@pytest.mark.slow
async def test_a_build_in_the_middle_of_which_the_server_ends_is_done_by_the_next(
    services: Services, frozen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.workers.jobs.FINISH_WITHIN_S", 0.5)
    await asyncio.to_thread(ask, services, frozen)
    with services.database.transaction() as holding:
        holding.get_one(Edition, frozen, with_for_update=True)  # the build waits at its first write: the server ends first
        async with working(services):
            await until(lambda: jobs(services) == ["doing"])
    assert state(services, frozen) is not BuildState.BUILT
    assert jobs(services) == ["todo"]
    async with working(services):
        await until(lambda: state(services, frozen) is BuildState.BUILT)


def test_a_build_is_asked_for_with_the_commit_and_once(services: Services, frozen: int) -> None:
    with services.database.transaction() as session:
        request_build(session, make_app(services.database.url), number=frozen)
        session.rollback()
    assert jobs(services) == []
    ask(services, frozen)
    ask(services, frozen)
    assert jobs(services) == ["todo"]
