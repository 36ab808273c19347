"""Telegram as the running program holds it: opened and closed with the server, receiving, and sending."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import structlog
from telegram.error import BadRequest, InvalidToken

from bot.dialogue.events import Incoming
from bot.inbox.models import InboxUpdate
from bot.telegram import events
from bot.telegram.bot import introduce, make_bot, make_requests
from bot.telegram.courtesies import Courtesies
from bot.telegram.pace import Pace
from bot.telegram.polling import TOKEN_REFUSED, insist, poll
from bot.telegram.receiving import Raw, receive
from bot.telegram.sending import TelegramSender
from bot.telegram.webhook import ask_for_delivery, door
from care.services import Services

_log = structlog.get_logger(__name__)


class Telegram:
    """An async context manager; `run` is a task beside the server. Making it raises ProxyNotSupported, BadWebhookSecret."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._polls, self._calls = make_requests(services.settings)
        self._courtesies = Courtesies()
        self.token_refused = False
        self.bot = make_bot(services.settings, polls=self._polls, calls=self._calls)
        self.sender = TelegramSender(self.bot, Pace(), services.blobs)
        door(services)

    @property
    def username(self) -> str:
        """For `https://t.me/<username>?start=…`; empty until Telegram has told it."""
        with suppress(RuntimeError):
            return self.bot.username
        return ""

    async def __aenter__(self) -> Self:
        """Sending works from here on. The network is not touched yet, so that nothing waits for it."""
        await self._polls.initialize()
        await self._calls.initialize()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None) -> None:
        await self._courtesies.close()
        await self._polls.shutdown()
        await self._calls.shutdown()

    async def run(self) -> None:
        """Tell Telegram who we are, then receive until cancelled. Ends early when the token is wrong, with a sentence in the log,
        and when Telegram delivers by webhook.
        """
        try:
            await insist(self.bot.initialize, hopeless=(InvalidToken,))
        except InvalidToken:
            self.token_refused = True
            _log.error(TOKEN_REFUSED)
            return
        self._courtesies.offer(insist(introduce, self.bot, hopeless=(BadRequest, InvalidToken)))
        if not await self._delivered():
            await poll(self.bot, self._polls, self._store, refused=self._note_refusal)

    async def to_incoming(self, row: InboxUpdate) -> Incoming | None:
        """The event of a claimed row of ours; None when it needs no answer and is to be finished."""
        return await events.to_incoming(self._services, self.bot, row, courtesies=self._courtesies)

    async def _delivered(self) -> bool:
        if not self._services.settings.public_url:
            return False
        try:
            await insist(ask_for_delivery, self.bot, self._services, hopeless=(BadRequest, InvalidToken))
        except (BadRequest, InvalidToken) as error:
            _log.warning("Telegram cannot deliver to PUBLIC_URL, so messages are fetched instead.", reason=error.message)
            return False
        return True

    def _note_refusal(self, refused: bool) -> None:
        self.token_refused = refused

    async def _store(self, updates: Sequence[Raw]) -> None:
        await asyncio.to_thread(receive, self._services, updates)
