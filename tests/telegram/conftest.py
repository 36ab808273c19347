"""The stand-in server, the channel that talks to it, and what has arrived in the inbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pydantic import SecretStr
from sqlmodel import col, select

from app.rehearsal.telegram_server import TelegramServer
from bot.dialogue.events import Incoming
from bot.inbox import actions as inbox
from bot.inbox.models import InboxUpdate
from bot.telegram.channel import Telegram
from care.services import Services
from kit.settings import Settings
from tests.conftest import GivenSettings

GPS = {0: b"\x02\x03\x00\x00", 1: "N", 2: (29.0, 33.0, 0.0)}


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(backoff=0.02) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: TelegramServer) -> Settings:
    return settings_for(server, tmp_path)


def settings_for(server: TelegramServer, folder: Path, **more: object) -> Settings:
    return GivenSettings(
        data_dir=folder,
        secret_key=SecretStr("a key for tests only, longer than thirty-two"),
        duty_hours="00:00-23:59",
        telegram_bot_token=SecretStr(server.token),
        telegram_api_url=server.url,
        **more,  # type: ignore[arg-type]
    )


@dataclass
class Line:
    """The channel with its inbox; `telegram.run` goes on while `open()` lasts. Nobody answers by itself."""

    services: Services
    telegram: Telegram

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.telegram.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def rows(self) -> list[InboxUpdate]:
        with self.services.database.transaction() as session:
            return list(session.exec(select(InboxUpdate).order_by(col(InboxUpdate.id))))

    async def has(self, count: int) -> list[InboxUpdate]:
        """The rows, once there are that many."""
        await until(lambda: len(self.rows()) >= count)
        return self.rows()

    async def events(self, count: int) -> list[Incoming | None]:
        """What the next `count` updates are, each finished as a worker would."""
        found: list[Incoming | None] = []
        async with asyncio.timeout(10):
            while len(found) < count:
                for row in await asyncio.to_thread(self._claim):
                    found.append(await self.telegram.to_incoming(row))
                    await asyncio.to_thread(self._finish, row)
                await asyncio.sleep(0.01)
        return found

    async def event(self) -> Incoming:
        [found] = await self.events(1)
        assert found is not None
        return found

    def _claim(self) -> list[InboxUpdate]:
        with self.services.database.transaction() as session:
            return list(inbox.claim(session))

    def _finish(self, row: InboxUpdate) -> None:
        with self.services.database.transaction() as session:
            assert row.id is not None
            inbox.finish(session, row.id)


@pytest.fixture
async def line(services: Services) -> AsyncIterator[Line]:
    async with Telegram(services) as telegram:
        yield Line(services, telegram)


async def until(holds: Callable[[], bool], *, within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.01)


def picture_of(width: int, height: int, *, kind: str = "JPEG", with_place: bool = False) -> bytes:
    picture = Image.new("RGB", (width, height), "orange")
    written = BytesIO()
    if with_place:
        notes = Image.Exif()
        notes[0x0110] = "a telling camera"
        notes.get_ifd(0x8825).update(GPS)
        picture.save(written, kind, exif=notes)
    else:
        picture.save(written, kind)
    return written.getvalue()
