"""Everything that runs beside the web server in one process, as the server's lifespan: brought up, and let finish at the end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

import structlog
from fastapi import FastAPI

from app.workers import loops
from app.workers.duty import Pager
from app.workers.inbox import InboxWorker, Reader
from app.workers.jobs import JobWorker
from app.workers.loops import Bell, Threads, where
from app.workers.removing import Remover
from app.workers.sending import Sender
from app.workers.tick import Tick
from app.workers.waking import Waking
from bot.dialogue.events import Incoming
from bot.inbox.models import InboxUpdate
from bot.telegram.channel import Telegram
from bot.webchat import receiving as webchat
from care.families.models import Channel
from care.services import Services

ANSWERING_THREADS = 8
OTHER_THREADS = 6
LOOK_EVERY_S = 0.5
TICK_EVERY_S = 1.0
DRAIN_WITHIN_S = 15.0

_log = structlog.get_logger(__name__)


class Steps(Protocol):
    async def step(self) -> bool: ...
    async def drain(self) -> None: ...


@asynccontextmanager
async def beside(app: FastAPI, services: Services) -> AsyncIterator[None]:
    """Workers first, the channel that receives last; at the end the other way round, so that nothing new comes in while what is
    under way is finished and its replies leave."""
    async with AsyncExitStack() as stack:
        telegram = await _telegram(services, stack)
        bells = {"inbox_update": Bell(), "message": Bell()}
        stack.enter_context(Waking(bells))
        answering, others = Threads(ANSWERING_THREADS, name="answer"), Threads(OTHER_THREADS, name="work")
        stack.callback(others.close)
        stack.callback(answering.close)
        if telegram:
            sender = Sender(services, Channel.TELEGRAM, telegram.sender, threads=others, bell=bells["message"])
            await stack.enter_async_context(_worker("sending", sender, every=LOOK_EVERY_S, bell=bells["message"]))
            remover = Remover(services, Channel.TELEGRAM, telegram.sender, threads=others)
            await stack.enter_async_context(_beating("removing", remover.step, every=TICK_EVERY_S))
        pager = Pager(services, threads=others)
        await stack.enter_async_context(_worker("paging", pager, every=LOOK_EVERY_S, bell=Bell()))
        await stack.enter_async_context(_beating("tick", Tick(services, threads=others).step, every=TICK_EVERY_S))
        await stack.enter_async_context(_beating("jobs", JobWorker(services.database.url).step, every=TICK_EVERY_S))
        inbox = InboxWorker(services, _readers(telegram), threads=answering, bell=bells["inbox_update"])
        await stack.enter_async_context(_worker("inbox", inbox, every=LOOK_EVERY_S, bell=bells["inbox_update"]))
        if telegram:
            await stack.enter_async_context(_receiving(app, telegram))
        yield


async def _telegram(services: Services, stack: AsyncExitStack) -> Telegram | None:
    if not services.settings.telegram_bot_token.get_secret_value():
        return None
    return await stack.enter_async_context(Telegram(services))


def _readers(telegram: Telegram | None) -> Mapping[Channel, Reader]:
    async def of_page(row: InboxUpdate) -> Incoming | None:
        return webchat.incoming(row)

    return {Channel.WEB: of_page, **({Channel.TELEGRAM: telegram.to_incoming} if telegram else {})}


@asynccontextmanager
async def _worker(name: str, worker: Steps, *, every: float, bell: Bell) -> AsyncIterator[None]:
    """Ends softly: no new step, then what is under way may finish."""
    end = asyncio.Event()
    task = asyncio.create_task(loops.repeat(worker.step, name=name, every=every, bell=bell, end=end))
    try:
        yield
    finally:
        end.set()
        bell.ring()
        await task
        try:
            await asyncio.wait_for(worker.drain(), DRAIN_WITHIN_S)
        except TimeoutError:
            _log.warning("worker_cut_off", worker=name)


@asynccontextmanager
async def _beating(name: str, step: Callable[[], Awaitable[bool]], *, every: float) -> AsyncIterator[None]:
    """Ends by cancelling, which every step here takes well at any point."""
    task = asyncio.create_task(loops.repeat(step, name=name, every=every, bell=Bell(), end=asyncio.Event()))
    try:
        yield
    finally:
        await _cancelled(task)


@asynccontextmanager
async def _receiving(app: FastAPI, telegram: Telegram) -> AsyncIterator[None]:
    app.state.telegram = telegram
    task = asyncio.create_task(telegram.run())
    naming = asyncio.create_task(_name(app, telegram))
    try:
        yield
    finally:
        await _cancelled(naming)
        await _cancelled(task)


async def _name(app: FastAPI, telegram: Telegram) -> None:
    """The pages show links to the bot once it knows its own name."""
    while not telegram.username:
        await asyncio.sleep(LOOK_EVERY_S)
    app.state.bot_name = telegram.username


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return
    except Exception as error:
        _log.error("worker_ended", error=where(error))
