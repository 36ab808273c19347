"""A trainer's recording in Telegram: a voice note where it can be played, else a file; and the name of a file that came."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot

from app.rehearsal.telegram_server import TelegramServer
from bot.dialogue.events import Block, BlockKind, Rendered
from bot.telegram.pace import Pace
from bot.telegram.request import AiohttpRequest
from bot.telegram.sending import TelegramSender
from kit.blobs import Blobs


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.mark.parametrize(
    ("content", "method"),
    [(b"OggS opus", "sendVoice"), (b"\x00\x00\x00\x20ftypM4A ", "sendVoice"), (b"\x1aE\xdf\xa3 webm", "sendDocument")],
)
async def test_a_recording_comes_with_its_message(server: TelegramServer, tmp_path: Path, content: bytes, method: str) -> None:
    blobs = Blobs("", folder=tmp_path)
    mother = server.person("妈妈")
    await mother.starts()
    request = AiohttpRequest()
    bot = Bot(server.token, base_url=server.base_url, request=request, get_updates_request=request)
    said = Rendered("zh", (Block(BlockKind.TEXT, "老师还录了一段话给您。"),), (), blobs.put_new(content, folder="voices"))
    async with request:
        await TelegramSender(bot, Pace(), blobs).send(str(mother.user_id), said)
    await mother.expects("录了一段话")
    assert not server.refused
    await server.wait_for_call(method)
