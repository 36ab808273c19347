"""Updates on their way into the inbox: by polling and by webhook, once each, whatever Telegram and the network do."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import uvicorn
from aiohttp import ClientSession
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select
from structlog.testing import capture_logs

from app.rehearsal.telegram_server import TelegramServer
from app.web.application import create_app
from app.web.webhook import webhook_routes
from app.workers.jobs import make_app
from bot.inbox.models import InboxUpdate
from bot.telegram.channel import Telegram
from bot.telegram.polling import OTHER_POLLER_PAUSE, TOKEN_REFUSED
from bot.telegram.receiving import receive
from bot.telegram.webhook import LARGEST_UPDATE, SECRET_HEADER, BadWebhookSecret, door
from care.services import Services
from kit.settings import Settings
from tests.telegram.conftest import Line, settings_for, until

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(line: Line) -> list[str]:
    return [row.payload["message"]["text"] for row in line.rows()]


async def test_an_update_is_confirmed_only_after_it_is_stored(
    server: TelegramServer, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit fails twice: the update stays with Telegram until it succeeds."""
    failing = [OSError(), OSError()]

    def store(services: Services, updates: object) -> None:
        assert len(server.updates.pending) == 1
        if failing:
            raise OperationalError("commit", None, failing.pop())
        receive(services, updates)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.telegram.channel.receive", store)
    mother = server.person("妈妈")
    async with line.open():
        await mother.says("甲")
        await line.has(1)
        await until(lambda: not server.updates.pending)
    assert texts(line) == ["甲"]


async def test_what_comes_twice_or_out_of_order_is_stored_once(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        first = await mother.says("甲")
        await line.has(1)
        server.hold_updates()
        for word in ("乙", "丙", "丁"):
            await mother.says(word)
        server.release_updates()
        await line.has(4)
        server.redeliver(first)
        await mother.says("戊")
        await line.has(5)
    assert texts(line) == ["甲", "丁", "丙", "乙", "戊"]
    assert {row.lane for row in line.rows()} == {f"telegram:{mother.user_id}"}


def test_signs_that_no_database_takes_cost_nobody_her_message(services: Services) -> None:
    chat, person = {"id": 7, "type": "private"}, {"id": 7, "is_bot": False, "first_name": "\ud83d妈妈"}
    body = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": person}
    raw = [
        {"update_id": number, "message": {**body, "text": text}} for number, text in enumerate(("蜂\0蜜", "蜂蜜\ud83d", "蜂蜜"))
    ]
    receive(services, raw)
    with services.database.transaction() as session:
        kept = session.exec(select(InboxUpdate.payload).order_by(col(InboxUpdate.id))).all()
    assert [payload["message"]["text"] for payload in kept] == ["蜂\ufffd蜜", "蜂蜜\ufffd", "蜂蜜"]


async def test_polling_survives_what_the_server_does(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    for kind in ("500", "reset", "502", "429"):
        server.fail_next("getUpdates", kind=kind, retry_after=1)
    server.fail_next("getMe", kind="reset")
    async with line.open():
        await mother.says("甲")
        await until(lambda: len(line.rows()) == 1, within=15)
    assert texts(line) == ["甲"]


async def test_a_second_poller_is_waited_for(server: TelegramServer, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.polling.OTHER_POLLER_PAUSE", 0.1)
    assert OTHER_POLLER_PAUSE > 1
    mother = server.person("妈妈")
    with capture_logs() as logs:
        async with line.open():
            await server.wait_for_call("deleteWebhook")
            await until(lambda: bool(server.calls.of("getUpdates")))
            async with ClientSession() as other:
                await other.post(f"{server.base_url}{server.token}/getUpdates?timeout=0")
            await server.wait_for_call("getUpdates", count=2)
            await mother.says("甲")
            await line.has(1)
    assert any("Another program" in entry["event"] for entry in logs)
    assert server.token not in json.dumps(logs, default=str)


async def test_polling_ends_at_once(server: TelegramServer, line: Line) -> None:
    async with line.open():
        await until(lambda: bool(server.calls.of("getUpdates")))
        started = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - started < 0.5


async def test_start_sets_commands_and_menu(server: TelegramServer, line: Line) -> None:
    async with line.open():
        await server.wait_for_call("setChatMenuButton")
    shown = {lang: server.world.commands["all_private_chats", lang] for lang in ("", "en")}
    names = {lang: [command["command"] for command in commands] for lang, commands in shown.items()}
    assert names[""] == names["en"] == ["menu", "guide", "courses", "homework", "child", "person", "privacy", "help"]
    assert not any(CHINESE.search(command["description"]) for command in shown["en"])
    assert all(CHINESE.search(command["description"]) for command in shown[""])
    assert server.world.menu_buttons[None] == {"type": "commands"}
    assert not server.refused


@pytest.mark.parametrize("token", ["1:wrong", "nonsense"])
async def test_a_wrong_token_is_one_clear_sentence(services: Services, token: str) -> None:
    changed = services.settings.model_copy(update={"telegram_bot_token": SecretStr(token)})
    with capture_logs() as logs:
        async with Telegram(with_settings(services, changed)) as telegram:
            await telegram.run()
    assert [entry["event"] for entry in logs] == [TOKEN_REFUSED]
    pages = create_app(with_settings(services, changed), jobs=make_app(services.database.url))
    assert TestClient(pages).get("/health").json() == {"status": "ok"}
    pages.state.telegram = telegram
    assert TestClient(pages).get("/health").json() == {"status": "ok", "telegram": "refuses TELEGRAM_BOT_TOKEN"}


async def test_a_token_revoked_while_we_run_is_told_too(
    server: TelegramServer, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.polling.TOKEN_PAUSE", 0.01)
    async with Telegram(services) as telegram:
        running = asyncio.create_task(telegram.run())
        await until(lambda: bool(server.calls.of("getUpdates")))
        server.accept_token("1:another")
        await server.person("妈妈").says("在吗")  # ends the long poll that was let in before
        await until(lambda: telegram.token_refused)
        server.accept_token(server.token)
        await server.person("妈妈").says("还在吗")
        await until(lambda: not telegram.token_refused)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def with_settings(services: Services, settings: Settings) -> Services:
    return replace(services, settings=settings)


class Hook:
    """Our web server with the one route."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self._server = uvicorn.Server(uvicorn.Config(self.app, port=0, log_level="error", lifespan="off"))

    async def __aenter__(self) -> "Hook":
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await self._task

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with Hook() as running:
        yield running


@pytest.fixture
async def delivered(server: TelegramServer, services: Services, hook: Hook, tmp_path: Path) -> AsyncIterator[Line]:
    """A line whose updates come by webhook."""
    reached = with_settings(services, settings_for(server, tmp_path, public_url=hook.url))
    hook.app.include_router(webhook_routes(reached))
    async with Telegram(reached) as telegram:
        await telegram.run()
        yield Line(reached, telegram)


async def test_updates_come_by_webhook(server: TelegramServer, delivered: Line) -> None:
    mother = server.person("妈妈")
    first = await mother.says("甲")
    await mother.says("乙")
    await delivered.has(2)
    server.redeliver(first)
    webhook = server.updates.webhook
    assert webhook is not None
    await until(lambda: len(webhook.attempts) == 3)
    assert [attempt.status for attempt in webhook.attempts] == [200, 200, 200]
    assert texts(delivered) == ["甲", "乙"]
    assert [event.text for event in await delivered.events(2) if event] == ["甲", "乙"]
    assert not server.calls.of("getUpdates")
    assert not server.refused


async def test_nobody_else_is_let_in(server: TelegramServer, delivered: Line) -> None:
    ours = door(delivered.services)
    address = f"{delivered.services.settings.public_url}/telegram/"
    update = {"update_id": 1, "message": {"text": "我是电报"}}
    async with ClientSession() as stranger:
        for path, headers in (
            (ours.path, {}),
            (ours.path, {SECRET_HEADER: "wrong"}),
            (ours.path, {SECRET_HEADER: "错"}),
            ("elsewhere", {SECRET_HEADER: ours.secret}),
        ):
            async with stranger.post(address + path, json=update, headers=headers) as reply:
                assert reply.status == 403
        for body, status in ((b"x" * (LARGEST_UPDATE + 1), 413), (b"not json", 400), (b"[1]", 400), (b"{}", 200)):
            async with stranger.post(address + ours.path, data=BytesIO(body), headers={SECRET_HEADER: ours.secret}) as reply:
                assert reply.status == status
    assert delivered.rows() == []


async def test_an_address_that_telegram_does_not_take_means_polling(
    server: TelegramServer, services: Services, tmp_path: Path
) -> None:
    away = with_settings(services, settings_for(server, tmp_path, public_url="http://peiban.example"))
    mother = server.person("妈妈")
    async with Telegram(away) as telegram:
        line = Line(away, telegram)
        async with line.open():
            await mother.says("甲")
            await line.has(1)
    assert texts(line) == ["甲"]


def test_the_secret_is_the_operators_or_made_from_the_signing_key(services: Services) -> None:
    given = services.settings.model_copy(update={"telegram_webhook_secret": SecretStr("an-operators_own")})
    wrong = services.settings.model_copy(update={"telegram_webhook_secret": SecretStr("with blanks")})
    assert door(with_settings(services, given)).secret == "an-operators_own"
    assert door(services) == door(services)
    assert len({door(services).secret, door(services).path, services.signing_key}) == 3
    with pytest.raises(BadWebhookSecret):
        door(with_settings(services, wrong))
