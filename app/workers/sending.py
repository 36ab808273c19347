"""Sends what is due on one channel that pushes: each message is marked before it leaves and settled by how that went."""

import asyncio
from datetime import timedelta

import structlog
from sqlmodel import Session

from app.workers.loops import Bell, Threads, where
from bot.dialogue.events import Rendered
from bot.sending import Refused, Sends, TryLater, Unreachable
from bot.wording import render
from care.cases import actions as cases
from care.cases.models import Case
from care.duty import actions as duty
from care.families.models import Channel
from care.messages import actions as messages
from care.messages.models import Message, MessageState
from care.services import Services

DANGER_CARD = "danger_card"

_WORDING_FAILED = timedelta(seconds=30)
_log = structlog.get_logger(__name__)


class Sender:
    """`step` is for `loops.repeat`; `drain` waits for what is under way. `at_once` is how many sends run side by side, and so the
    most that a killed process leaves in doubt."""

    def __init__(
        self, services: Services, channel: Channel, sends: Sends, *, threads: Threads, bell: Bell, at_once: int = 8
    ) -> None:
        self._services = services
        self._channel = channel
        self._sends = sends
        self._threads = threads
        self._bell = bell
        self._at_once = at_once
        self._under_way: set[asyncio.Task[None]] = set()

    async def step(self) -> bool:
        free = self._at_once - len(self._under_way)
        if free <= 0:
            return False  # the first send that is done rings the bell
        for row in await self._threads.run(self._claim, free):
            task = asyncio.create_task(self._send(row))
            self._under_way.add(task)
            task.add_done_callback(self._done)
        return False

    async def drain(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._bell.ring()

    def _claim(self, free: int) -> list[Message]:
        with self._services.database.transaction() as session:
            return list(messages.claim(session, self._channel, limit=free))

    async def _send(self, row: Message) -> None:
        """Never raises: what cannot be settled now is sorted out when its claim is old."""
        try:
            await self._settle_send(row)
        except Exception as error:
            _log.error("message_not_settled", message=row.id, error=where(error))

    async def _settle_send(self, row: Message) -> None:
        try:
            rendered = await self._threads.run(self._render, row)
        except Exception as error:
            _log.error("message_not_worded", message=row.id, kind=row.kind, error=where(error))
            await self._threads.run(self._later, row, _WORDING_FAILED, type(error).__name__)
            return
        try:
            remote_id = await self._sends.send(row.address, rendered)
        except Unreachable:
            await self._threads.run(self._unreachable, row)
        except TryLater as error:
            await self._threads.run(self._later, row, error.after, type(error).__name__)
        except Refused as error:
            _log.error("message_refused", message=row.id, kind=row.kind, error=where(error))
            await self._threads.run(self._refused, row)
        except Exception as error:
            _log.warning("message_doubtful", message=row.id, kind=row.kind, error=where(error))
            await self._threads.run(self._doubtful, row, type(error).__name__)
        else:
            await self._threads.run(self._sent, row, remote_id)

    def _render(self, row: Message) -> Rendered:
        with self._services.database.transaction() as session:
            return render(session, session.get_one(Message, row.number), self._services)

    def _sent(self, row: Message, remote_id: str) -> None:
        with self._services.database.transaction() as session:
            messages.sent(session, row.number, remote_id=remote_id)
            _settle_page(session, row, reached=True)

    def _unreachable(self, row: Message) -> None:
        with self._services.database.transaction() as session:
            messages.unreachable(session, row.number, error=Unreachable.__name__)
            if row.kind == "case_reply" and row.case_id:
                cases.not_delivered(session, session.get_one(Case, row.case_id), key=f"not-delivered:{row.id}")
            _settle_page(session, row, reached=False)

    def _refused(self, row: Message) -> None:
        with self._services.database.transaction() as session:
            messages.refused(session, row.number, error=Refused.__name__)
            _settle_page(session, row, reached=False)

    def _later(self, row: Message, after: timedelta, error: str) -> None:
        with self._services.database.transaction() as session:
            messages.later(session, row.number, after=after, error=error)
            _settle_given_up(session, row)

    def _doubtful(self, row: Message, error: str) -> None:
        with self._services.database.transaction() as session:
            messages.doubtful(session, row.number, error=error)
            _settle_given_up(session, row)


def _settle_given_up(session: Session, row: Message) -> None:
    """A page in doubt keeps waiting: it counts as reached only when it surely was."""
    if session.get_one(Message, row.number, populate_existing=True).state is MessageState.FAILED:
        _settle_page(session, row, reached=False)


def _settle_page(session: Session, row: Message, *, reached: bool) -> None:
    if row.kind == DANGER_CARD:
        session.get_one(Case, row.case_id, with_for_update=True)  # pages of one case end at once on several channels
        duty.settle_message(session, row.number, reached=reached)
