"""Pages by Apprise: sent for real to a small web server, settled as what is true, and without a word of the parent."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import col, select
from structlog.testing import capture_logs

from app.workers import tick
from app.workers.duty import Pager
from app.workers.loops import Threads
from care.cases import actions as cases
from care.cases.hours import DutyHours
from care.cases.models import CaseKind
from care.duty import actions as duty
from care.duty.models import Page, PageState
from care.families import actions as families
from care.families.models import Channel
from care.messages.models import Message
from care.safety.screening import screen
from care.services import Services
from kit import clock

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # imported by a library of Apprise's

WORDS = "宝宝喊不醒 嘴巴乌了"


class Board(ThreadingHTTPServer):
    """Where pages arrive; `answer` is the status it gives."""

    def __init__(self) -> None:
        self.pages: list[dict[str, Any]] = []
        self.answer = 200
        super().__init__(("127.0.0.1", 0), _Taking)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/duty"


class _Taking(BaseHTTPRequestHandler):
    server: Board

    def do_POST(self) -> None:
        self.server.pages.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def board() -> Iterator[Board]:
    with Board() as one:
        thread = Thread(target=one.serve_forever, args=(0.01,))
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def night(services: Services, *addresses: str) -> Services:
    """Outside the duty hours, with these addresses manned."""
    settings = services.settings.model_copy(
        update={"duty_notify": SecretStr(" ".join(addresses)), "public_url": "https://peiban.example.org"}
    )
    now = clock.now().astimezone(clock.CHINA)
    hours = DutyHours((now + timedelta(hours=2)).time(), (now + timedelta(hours=3)).time())
    return replace(services, settings=settings, hours=hours)


def danger(services: Services) -> int:
    with services.database.transaction() as session:
        who = families.meet(session, Channel.WEB, address="mother")
        said = screen(WORDS)
        case, _ = cases.open_case(
            session, who, kind=CaseKind.DANGER, said=said, hours=services.hours, topic="medical", media=None
        )
        duty.page(session, case, hours=services.hours, addresses=len(services.settings.duty_addresses), again="1")
        return case.key


@asynccontextmanager
async def paging(services: Services) -> AsyncIterator[Pager]:
    threads = Threads(2, name="test")
    pager = Pager(services, threads=threads)
    yield pager
    await pager.drain()
    threads.close()


def told(services: Services) -> tuple[list[PageState], list[str]]:
    with services.database.transaction() as session:
        pages = [PageState(state) for state in session.exec(select(Page.state).order_by(col(Page.id)))]
        return pages, list(session.exec(select(Message.kind).where(col(Message.kind).startswith("duty_"))))


async def test_a_page_that_arrives_is_told_to_the_parent(services: Services, board: Board) -> None:
    at_night = night(services, board.address)
    case = danger(at_night)
    async with paging(at_night) as pager:
        await pager.step()
        await pager.step()  # while the first is under way it is not sent again
    assert told(services) == ([PageState.REACHED], ["duty_reached"])
    [page] = board.pages
    assert f"个案 {case}" in page["message"]
    assert f"https://peiban.example.org/console/cases/{case}" in page["message"]
    assert not any(word in json.dumps(page, ensure_ascii=False) for word in ("喊不醒", "乌"))


async def test_one_address_of_two_is_enough_whichever_ends_first(services: Services, board: Board) -> None:
    at_night = night(services, "json://127.0.0.1:1/nobody", board.address)
    danger(at_night)
    async with paging(at_night) as pager:
        await pager.step()
    states, kinds = told(services)
    assert sorted(states) == [PageState.FAILED, PageState.REACHED]
    assert kinds == ["duty_reached"]


async def test_when_none_is_reached_the_parent_is_told_that(services: Services, board: Board) -> None:
    board.answer = 500
    at_night = night(services, board.address, "json://127.0.0.1:1/nobody", "not an address")
    danger(at_night)
    with capture_logs():
        async with paging(at_night) as pager:
            await pager.step()
    assert told(services) == ([PageState.FAILED] * len(at_night.settings.duty_addresses), ["duty_nobody"])


async def test_an_address_that_left_the_settings_was_not_reached(services: Services, board: Board) -> None:
    danger(night(services, board.address))
    async with paging(night(services)) as pager:
        await pager.step()
    assert told(services) == ([PageState.FAILED], ["duty_nobody"])


def test_a_page_that_nobody_sends_is_not_waited_for(services: Services, board: Board) -> None:
    danger(night(services, board.address))
    tick.look(services)
    assert told(services) == ([PageState.WAITING], [])
    clock.advance(duty.PATIENCE + timedelta(seconds=1))
    try:
        tick.look(services)
    finally:
        clock.advance(-duty.PATIENCE - timedelta(seconds=1))
    assert told(services) == ([PageState.WAITING], ["duty_nobody"])
