"""Messages of ours on their way into Telegram, and what each of its answers means for the row."""

import asyncio
from datetime import timedelta

import aiohttp
import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.dialogue.events import Rendered
from bot.papers import setting
from bot.papers.models import Paper
from bot.sending import Doubtful, Refused, TryLater, Unreachable
from bot.telegram.html import keyboard, texts
from bot.telegram.pace import Pace
from kit.blobs import Blobs
from kit.errors import Unavailable

SERVER_AWAY = timedelta(seconds=20)
TOKEN_REFUSED = timedelta(minutes=5)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = structlog.get_logger(__name__)
_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class TelegramSender:
    """The `bot.sending.Sends` of Telegram; an address is a chat id."""

    def __init__(self, bot: Bot, pace: Pace, blobs: Blobs | None = None) -> None:
        """`blobs` holds the recordings that belong to messages."""
        self._bot = bot
        self._pace = pace
        self._blobs = blobs

    async def send(self, address: str, rendered: Rendered) -> str:
        """The id of the last message, which carries the buttons. A text too long for one message becomes several."""
        parts = texts(rendered)
        if not parts:
            raise Refused("a message without words")
        try:
            for part in parts[:-1]:
                await self._send_one(address, part)
            if rendered.sound and self._blobs:
                await self._send_sound(address, await asyncio.to_thread(self._blobs.get, rendered.sound))
            if rendered.paper:
                await self._send_paper(address, rendered.paper)
            return await self._send_one(address, parts[-1], keyboard(rendered))
        except TelegramError as error:
            raise outcome(error) from error

    async def remove(self, address: str, remote_id: str) -> None:
        """Delete a message from the chat, ours or hers; one that is gone or too old counts as done. Raises as `send` does."""
        await self._pace.turn(address)
        try:
            await self._bot.delete_message(int(address), int(remote_id))
        except BadRequest:
            return
        except TelegramError as error:
            raise outcome(error) from error

    async def _send_sound(self, address: str, content: bytes) -> None:
        """As a voice note where Telegram can play it, else as a file, which the phone's own player opens."""
        await self._pace.turn(address)
        if content.startswith((b"OggS", b"ID3", b"\xff\xfb")) or content[4:8] == b"ftyp":
            await self._bot.send_voice(int(address), content)
        else:
            await self._bot.send_document(int(address), content, filename="voice.webm")

    async def _send_paper(self, address: str, paper: Paper) -> None:
        """As a file. The words of the message must not wait for one that cannot be made."""
        try:
            content = await asyncio.to_thread(setting.pdf, paper)
        except Unavailable as error:
            _log.error("a sheet is left out", address=paper.address, error=str(error))
            return
        await self._pace.turn(address)
        await self._bot.send_document(int(address), content, filename=f"{paper.name}.pdf")

    async def _send_one(self, address: str, text: str, keys: InlineKeyboardMarkup | None = None) -> str:
        await self._pace.turn(address)
        sent = await self._bot.send_message(
            int(address), text, parse_mode=ParseMode.HTML, reply_markup=keys, link_preview_options=NO_PREVIEW
        )
        return str(sent.message_id)


def outcome(error: TelegramError) -> Unreachable | TryLater | Refused | Doubtful:
    """Which of the ways a send can fail an error of the library is."""
    match error:
        case Forbidden():
            return Unreachable(error.message)
        case RetryAfter(retry_after=timedelta() as after):
            return TryLater(error.message, after=after)
        case InvalidToken():
            return TryLater("Telegram refuses the token", after=TOKEN_REFUSED)
        case BadRequest() if "chat not found" in error.message.lower():
            return Unreachable(error.message)
        case BadRequest() | ChatMigrated():
            return Refused(error.message)
        case NetworkError() if isinstance(error.__cause__, _NEVER_LEFT):
            return TryLater(error.message, after=SERVER_AWAY)
        case _:
            return Doubtful(error.message)
