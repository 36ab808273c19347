"""Updates on their way to the bot: queued under rising ids, fetched by long polling or handed to the webhook.

Redelivered and reordered updates are `loose`: they go out once more, or in another order, whatever has been confirmed.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from app.rehearsal.refusals import conflict
from app.rehearsal.shapes import JsonObject
from app.rehearsal.webhook import Webhook
from kit import clock

MESSAGE_LIFETIME = timedelta(days=1)
CALLBACK_LIFETIME = timedelta(seconds=150)
LONGEST_POLL = 50.0
KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})

Lane = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Update:
    """One update. Updates of one lane reach a webhook one after another; lanes run side by side."""

    update_id: int
    kind: str
    body: JsonObject
    lane: Lane
    expires: datetime

    def wire(self) -> JsonObject:
        return {"update_id": self.update_id, self.kind: self.body}


class Updates:
    """The queue of one bot."""

    def __init__(self, first_id: int = 500_000_001) -> None:
        self.history: dict[int, Update] = {}
        self.pending: dict[int, Update] = {}
        self.lost: list[Update] = []
        self.allowed: frozenset[str] | None = None
        self.webhook: Webhook | None = None
        self._next_id = first_id
        self._loose: list[Update] = []
        self._held: list[Update] | None = None
        self._poller: asyncio.Future[None] | None = None
        self._arrived = asyncio.Event()

    def add(self, kind: str, body: JsonObject, *, lane: Lane) -> Update:
        """Queue an update; a kind the bot did not ask for is numbered but never delivered."""
        lifetime = CALLBACK_LIFETIME if kind == "callback_query" else MESSAGE_LIFETIME
        update = Update(self._next_id, kind, body, lane, clock.now() + lifetime)
        self._next_id += 1
        self.history[update.update_id] = update
        if self.allowed is not None and kind not in self.allowed:
            return update
        if self._held is not None:
            self._held.append(update)
        else:
            self.pending[update.update_id] = update
            self._announce([update])
        return update

    def hold(self) -> None:
        """Keep back what arrives from now on."""
        if self._held is None:
            self._held = []

    def release(self, order: Iterable[int] | None = None) -> list[Update]:
        """Deliver what was kept back, in the order of the update ids given, else newest first."""
        kept, self._held = self._held or [], None
        if order is None:
            chosen = kept[::-1]
        else:
            by_id = {update.update_id: update for update in kept}
            chosen = [by_id[number] for number in order]
        self.deliver_loose(chosen)
        return chosen

    def deliver_loose(self, updates: Iterable[Update]) -> None:
        """Deliver these, in this order, although they may have been delivered before."""
        loose = list(updates)
        if self.webhook is not None:
            self.webhook.post_in_order(loose)
            return
        self._loose.extend(loose)
        self._announce([])

    def first_of_lane(self, lane: Lane) -> Update | None:
        """What the webhook must hand over next in a lane."""
        self._drop_expired()
        return next((update for update in self.pending.values() if update.lane == lane), None)

    def done(self, update: Update) -> None:
        self.pending.pop(update.update_id, None)

    async def poll(self, *, offset: int | None, limit: int, timeout: float) -> list[Update]:
        """One getUpdates; raises 409 while a webhook is set, and in the older of two polls at once."""
        if self.webhook is not None:
            raise conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        mine = self._poller = asyncio.get_running_loop().create_future()
        self._confirm(offset)
        return await self._wait(mine, limit, min(timeout, LONGEST_POLL))

    async def _wait(self, mine: asyncio.Future[None], limit: int, seconds: float) -> list[Update]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not (batch := self._ready(limit)) and (left := deadline - loop.time()) > 0:
            arrival: asyncio.Future[Literal[True]] = asyncio.ensure_future(self._arrived.wait())
            either: set[asyncio.Future[Any]] = {arrival, mine}
            await asyncio.wait(either, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            arrival.cancel()
            if mine.done():
                raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        mine.cancel()
        return batch

    def stop_polls(self) -> None:
        """End a poll in waiting, as a restart of the real server would."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def _ready(self, limit: int) -> list[Update]:
        self._drop_expired()
        batch, self._loose = self._loose[:limit], self._loose[limit:]
        waiting = [self.pending[number] for number in sorted(self.pending)]
        return batch + waiting[: limit - len(batch)]

    def _confirm(self, offset: int | None) -> None:
        if offset is None:
            return
        waiting = sorted(self.pending)
        confirmed = waiting[:offset] if offset < 0 else [number for number in waiting if number < offset]
        for number in confirmed:
            del self.pending[number]

    def _drop_expired(self) -> None:
        for update in [update for update in self.pending.values() if update.expires < clock.now()]:
            self.lost.append(self.pending.pop(update.update_id))

    def _announce(self, fresh: list[Update]) -> None:
        if self.webhook is not None:
            for update in fresh:
                self.webhook.wake(update.lane)
        self._arrived.set()
        self._arrived = asyncio.Event()
