"""The web server with its workers beside it, from the first connection to the last. What is served is `app.web`'s."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from app.slow_requests import Hurried
from app.web.application import create_app
from app.workers.duty import check_addresses
from app.workers.jobs import make_app, request_build
from app.workers.running import beside
from care.editions.errors import NoEdition
from care.editions.library import Library
from care.editions.queries import underway
from care.services import Services

CLOSE_WITHIN_S = 5
PAGES_FIRST_S = 1


def host(services: Services, listening: socket.socket, *, ready: Callable[[], None]) -> None:
    """Serve on the bound socket until SIGTERM or Ctrl-C, then finish what is under way. `ready` is called when all is up."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with beside(app, services):
            ready()
            warming = asyncio.create_task(_warm(services.library))
            yield
            warming.cancel()

    check_addresses(services.settings)
    jobs = make_app(services.database.url)
    with services.database.transaction() as session:
        # A build whose process was killed with its job would stand in the way of every later one.
        if left := underway(session):
            request_build(session, jobs, number=left.key)
    _run(create_app(services, jobs=jobs, lifespan=lifespan), listening)


async def _warm(library: Library) -> None:
    """Load what a first question needs before somebody asks it, but after the pages that are asked for first."""
    await asyncio.sleep(PAGES_FIRST_S)
    await asyncio.to_thread(_ask_once, library)


def _ask_once(library: Library) -> None:
    library.encoder.encode([""])
    with suppress(NoEdition):
        library.current().searcher.search("宝宝")


def _run(app: FastAPI, listening: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        http=Hurried,
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # app.web decides by TRUSTED_PROXIES
        server_header=False,
        timeout_graceful_shutdown=CLOSE_WITHIN_S,
    )
    for stop in (signal.SIGINT, signal.SIGTERM):
        # uvicorn stops gracefully and then sends itself the signal once more; what that would end is ours to close in order.
        signal.signal(stop, _ignore)
    uvicorn.Server(config).run(sockets=[listening])


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The server has heard it already."""
