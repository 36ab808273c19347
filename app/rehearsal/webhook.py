"""Delivery by webhook: one task a lane, the next update of a lane only after a 2xx for the one before, and patient retries.

The rules are those read in the source of Telegram's own server (telegram-bot-api, May 2026).
"""

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import aiohttp

from app.rehearsal.shapes import JsonObject
from kit import clock

if TYPE_CHECKING:
    from app.rehearsal.updates import Lane, Update, Updates

CEILING = (60.0, 120.0)  # seconds between retries, drawn at random, once doubling has led there
LONGEST_RETRY_AFTER = 3600.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PATIENCE = aiohttp.ClientTimeout(total=60)
NOT_IN_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")

Perform = Callable[[str, JsonObject], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery and what came of it; status 0 means no answer."""

    update_id: int
    at: datetime
    status: int


class Webhook:
    """A webhook in force. `backoff` is the wait in seconds before the second retry; the first retry comes at once."""

    def __init__(
        self,
        url: str,
        updates: "Updates",
        *,
        secret_token: str | None,
        max_connections: int,
        backoff: float,
        perform: Perform,
    ) -> None:
        self.url = url
        self.max_connections = max_connections
        self.attempts: list[Attempt] = []
        self.last_error: tuple[datetime, str] | None = None
        self._updates = updates
        self._headers = {SECRET_HEADER: secret_token} if secret_token else {}
        self._backoff = backoff
        self._perform = perform
        self._slots = asyncio.Semaphore(max_connections)
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._loose: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def wake(self, lane: "Lane") -> None:
        """See to it that somebody works on this lane."""
        if lane not in self._lanes:
            self._lanes[lane] = asyncio.create_task(self._run(lane))

    def post_in_order(self, updates: "Sequence[Update]") -> None:
        """Post these one after another, outside the lanes."""
        task = asyncio.create_task(self._post_all(updates))
        self._loose.add(task)
        task.add_done_callback(self._loose.discard)

    async def close(self) -> None:
        for task in (tasks := [*self._lanes.values(), *self._loose]):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _run(self, lane: "Lane") -> None:
        try:
            while (update := self._updates.first_of_lane(lane)) is not None:
                await self._insist(update)
                self._updates.done(update)
        finally:
            self._lanes.pop(lane, None)

    async def _post_all(self, updates: "Sequence[Update]") -> None:
        for update in updates:
            await self._insist(update)

    async def _insist(self, update: "Update") -> None:
        """Post until a 2xx, or until the update has outlived its time."""
        wait = 0.0
        while update.expires >= clock.now():
            async with self._slots:
                accepted, asked = await self._post(update)
            if accepted:
                return
            await asyncio.sleep(asked if asked is not None else wait)
            wait = min(max(wait * 2, self._backoff), random.uniform(*CEILING))  # noqa: S311 - spread, not secrecy
        self._updates.lost.append(update)

    async def _post(self, update: "Update") -> tuple[bool, float | None]:
        """Whether it was accepted, else the wait the answer asked for."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=PATIENCE)
        try:
            async with self._session.post(self.url, json=update.wire(), headers=self._headers) as reply:
                body = await reply.read()
                status, retry_after = reply.status, reply.headers.get("Retry-After")
                kind = reply.content_type
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            self._note(update, 0, f"Connection failed: {type(err).__name__}")
            return False, None
        self._note(update, status, "" if status // 100 == 2 else f"Wrong response from the webhook: {status}")
        if status // 100 != 2:
            asked = min(float(retry_after), LONGEST_RETRY_AFTER) if retry_after and retry_after.isdigit() else None
            return False, asked
        if kind == "application/json" and body:
            await self._answer(body)
        return True, None

    async def _answer(self, body: bytes) -> None:
        """A 2xx may carry one call of the bot's; its result is told to nobody."""
        with contextlib.suppress(ValueError):
            asked = _object(body)
            method = str(asked.pop("method", ""))
            if method and not method.lower().startswith(NOT_IN_ANSWERS):
                await self._perform(method, asked)

    def _note(self, update: "Update", status: int, error: str) -> None:
        self.attempts.append(Attempt(update.update_id, clock.now(), status))
        if error:
            self.last_error = (clock.now(), error)


def _object(body: bytes) -> JsonObject:
    found = json.loads(body)
    return found if isinstance(found, dict) else {}
