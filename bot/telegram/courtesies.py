"""Calls that nobody waits for and whose failure means nothing: a press acknowledged, "typing…" shown."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from telegram.error import TelegramError


class Courtesies:
    """Holds the calls under way, so that none is lost half-way and none outlives the server."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def offer(self, call: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(_quietly(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def _quietly(call: Coroutine[Any, Any, object]) -> None:
    with suppress(TelegramError):
        await call
