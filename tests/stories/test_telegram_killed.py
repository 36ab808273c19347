"""`peiban serve` itself, killed without warning between the commit of a reply and its sending. The reply still comes."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.inbox.models import InboxUpdate, UpdateState
from care.messages.models import Message, MessageState
from tests.stories.town import HONEY, HONEY_ANSWERED, Town
from tests.telegram.conftest import until

ROOT = Path(__file__).parents[2]
AN_HOUR = timedelta(hours=1)

pytestmark = pytest.mark.slow


@asynccontextmanager
async def served(town: Town) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command on the story's database; left behind, it is killed."""
    port, polled = _free_port(), len(town.server.calls.of("getUpdates"))
    settings = town.services.settings
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DATABASE_URL": town.services.database.url,
        "DATA_DIR": str(settings.data_dir),
        "TELEGRAM_BOT_TOKEN": town.server.token,
        "TELEGRAM_API_URL": town.server.url,
    }
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    log = (settings.data_dir / f"serve-{port}.log").open("w")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        await until(lambda: len(town.server.calls.of("getUpdates")) > polled, within=60)
        yield process
    except BaseException:
        log.flush()
        sys.stderr.write(Path(log.name).read_text())
        raise
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        log.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _an_hour_passes(town: Town) -> None:
    """What the killed process had taken up is old: instead of waiting for that."""
    with town.services.database.transaction() as session:
        for row in session.exec(select(Message).where(Message.state == MessageState.SENDING)):
            assert row.claimed_at is not None
            row.claimed_at -= AN_HOUR
            session.add(row)
        for update in session.exec(select(InboxUpdate).where(InboxUpdate.state == UpdateState.WORKING)):
            assert update.claimed_at is not None
            update.claimed_at -= AN_HOUR
            session.add(update)


def _sending(town: Town) -> bool:
    with town.services.database.transaction() as session:
        return session.exec(select(Message).where(Message.state == MessageState.SENDING)).first() is not None


@pytest.mark.parametrize(("fault", "times"), [("timeout_before", 1), ("timeout_after", 2)])
async def test_a_reply_survives_the_end_of_its_process(town: Town, fault: str, times: int) -> None:
    """At least once: when Telegram had taken it already and could not say so, it comes a second time, never a third."""
    mother = town.mother()
    town.server.fail_next("sendMessage", kind=fault)
    async with served(town) as process:
        await mother.says(HONEY)
        await town.server.wait_for_call("sendMessage", within=20)
        assert await asyncio.to_thread(_sending, town)
        process.kill()
        await process.wait()
    await asyncio.to_thread(_an_hour_passes, town)
    async with served(town) as process:
        await until(lambda: sum(HONEY_ANSWERED in message.text for message in mother.received) == times, within=20)
        await asyncio.sleep(1)
        process.terminate()
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    answers = [message for message in mother.received if HONEY_ANSWERED in message.text]
    assert len(answers) == times


async def test_an_update_that_was_stored_but_not_answered_is_answered(town: Town) -> None:
    """Killed at any moment after Telegram was told that we have it."""
    mother = town.mother()
    async with served(town) as process:
        await mother.says(HONEY)
        await until(lambda: not town.server.updates.pending, within=20)
        process.kill()
        await process.wait()
    await asyncio.to_thread(_an_hour_passes, town)
    async with served(town):
        await mother.expects(HONEY_ANSWERED, ever=True, within=20)
    assert sum(HONEY_ANSWERED in message.text for message in mother.received) <= 2
