"""Works through the inbox: each stored update becomes an event and is answered, one at a time of each lane, several lanes at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from sqlmodel import Session, select

from app.workers.loops import Bell, Threads, where
from bot.dialogue.events import Incoming
from bot.dialogue.responding import respond
from bot.inbox import actions as inbox
from bot.inbox.models import InboxUpdate
from care.families.models import Caregiver, Channel, Contact
from care.messages import actions as messages
from care.services import Services
from kit.accounts import queries as accounts

READING_LASTS = 45.0
"""Seconds for a channel to fetch what belongs to an update; well under the time after which another worker takes the row."""

Reader = Callable[[InboxUpdate], Awaitable[Incoming | None]]
"""A channel's own: from a stored row to an event, media fetched into the blobs. None: nothing in it is for us."""

_log = structlog.get_logger(__name__)


class InboxWorker:
    """`step` is for `loops.repeat`; `drain` waits for what is under way."""

    def __init__(self, services: Services, readers: Mapping[Channel, Reader], *, threads: Threads, bell: Bell) -> None:
        """`bell` is the one that wakes this worker."""
        self._services = services
        self._readers = readers
        self._threads = threads
        self._bell = bell
        self._under_way: set[asyncio.Task[None]] = set()

    async def step(self) -> bool:
        free = self._threads.count - len(self._under_way)
        if free <= 0:
            return False  # the first row that is done rings the bell
        rows = await self._threads.run(claim, self._services, free)
        for row in rows:
            task = asyncio.create_task(self._work(row))
            self._under_way.add(task)
            task.add_done_callback(self._done)
        return False

    async def drain(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._bell.ring()

    async def _work(self, row: InboxUpdate) -> None:
        try:
            incoming = await asyncio.wait_for(self._read(row), READING_LASTS)
            await self._threads.run(answer, self._services, row, incoming)
        except Exception as error:
            _log.error("update_failed", update=row.id, channel=row.channel.value, attempt=row.attempts, error=where(error))
            try:
                await self._threads.run(put_back, self._services, row, type(error).__name__)
            except Exception as lost:  # the row comes back by itself when its claim is old
                _log.error("update_not_put_back", update=row.id, error=where(lost))

    async def _read(self, row: InboxUpdate) -> Incoming | None:
        return await self._readers[row.channel](row)


def claim(services: Services, limit: int) -> Sequence[InboxUpdate]:
    with services.database.transaction() as session:
        return inbox.claim(session, limit=limit)


def answer(services: Services, row: InboxUpdate, incoming: Incoming | None) -> None:
    if incoming is not None:
        respond(services, incoming)
    elif row.id is not None:
        with services.database.transaction() as session:
            inbox.finish(session, row.id)


def put_back(services: Services, row: InboxUpdate, error: str) -> None:
    """Try it again later; the person hears of it when it was the last time."""
    with services.database.transaction() as session:
        if not inbox.retry(session, row, error=error):
            _tell_of_failure(session, row)


def _tell_of_failure(session: Session, row: InboxUpdate) -> None:
    key = f"{row.key}:failed"
    staff = accounts.by_telegram(session, row.address) if row.channel is Channel.TELEGRAM else None
    if staff:
        messages.tell_staff(session, staff, kind="something_failed", key=key)
        return
    contact = select(Contact).where(Contact.channel == row.channel, Contact.address == row.address)
    if found := session.exec(contact).one_or_none():
        who = session.get_one(Caregiver, found.caregiver_id)
        messages.tell(session, who, kind="something_failed", key=key, channel=row.channel)
