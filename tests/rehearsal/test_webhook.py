"""Delivery by webhook: secret header, order within a lane, retries, a call carried in the answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest

from app.rehearsal.telegram_server import TelegramServer
from app.rehearsal.webhook import SECRET_HEADER
from tests.rehearsal.conftest import AnyApplication


@dataclass
class Receiver:
    """The bot's own web server; `answers` are given one by one, then 200."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    handle: Callable[[dict[str, Any]], Any] | None = None

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append(update)
        self.secrets.append(request.headers.get(SECRET_HEADER))
        if self.handle is not None:
            await self.handle(update)
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_an_application_answers_by_webhook(server: TelegramServer, application: AnyApplication, receiver: Receiver) -> None:
    async def handle(update: dict[str, Any]) -> None:
        await application.process_update(Update.de_json(update, application.bot))

    receiver.handle = handle
    mother = server.person("妈妈")
    async with application:
        await application.bot.set_webhook(receiver.url, secret_token="s3cret", allowed_updates=Update.ALL_TYPES)
        await mother.starts()
        await mother.expects("你好")
        await mother.presses("问问题")
        await mother.expects("选了 ask")
        info = await application.bot.get_webhook_info()
    assert receiver.secrets == ["s3cret", "s3cret"]
    assert (info.url, info.pending_update_count, info.last_error_message) == (receiver.url, 0, None)


async def test_a_lane_waits_for_its_failed_update_and_others_do_not(server: TelegramServer, bot: Bot, receiver: Receiver) -> None:
    mother, father = server.person("妈妈"), server.person("爸爸")
    await bot.set_webhook(receiver.url)
    receiver.answers = [web.Response(status=500)] * 1
    await mother.says("一")
    await mother.says("二")
    await father.says("三")
    await _until(lambda: len(receiver.got) == 4)
    texts = [update["message"]["text"] for update in receiver.got]
    assert [text for text in texts if text != "三"] == ["一", "一", "二"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500"
    assert not server.updates.pending


async def test_an_answer_may_ask_to_wait(server: TelegramServer, bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    receiver.answers = [web.Response(status=503, headers={"Retry-After": "1"})]
    loop = asyncio.get_running_loop()
    before = loop.time()
    await server.person("妈妈").says("一")
    await _until(lambda: len(receiver.got) == 2)
    assert loop.time() - before >= 0.9


async def test_an_answer_may_carry_a_call(server: TelegramServer, bot: Bot, receiver: Receiver) -> None:
    mother = server.person("妈妈")
    await bot.set_webhook(receiver.url)
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": mother.user_id, "text": "收到"})]
    await mother.says("一")
    await mother.expects("收到")


async def test_presses_and_messages_are_different_lanes(server: TelegramServer, bot: Bot, receiver: Receiver) -> None:
    mother = server.person("妈妈")
    await bot.set_webhook(receiver.url)
    release = asyncio.Event()

    async def handle(update: dict[str, Any]) -> None:
        if update.get("message", {}).get("text") == "慢":
            await release.wait()

    receiver.handle = handle
    await mother.starts()
    await _until(lambda: not server.updates.pending)
    await _with_button(bot, mother.user_id)
    await mother.says("慢")
    await mother.presses("甲", within=None)
    await _until(lambda: "callback_query" in receiver.got[-1])
    assert len(server.updates.pending) == 1
    release.set()
    await _until(lambda: not server.updates.pending)


async def test_a_secret_must_be_plain(server: TelegramServer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)secret_token"):
        await bot.set_webhook("https://a.example/hook", secret_token="blank space")
    with pytest.raises(BadRequest, match=r"(?i)HTTPS URL"):
        await bot.set_webhook("http://a.example/hook")
    with pytest.raises(BadRequest, match=r"(?i)ports 80, 88, 443 or 8443"):
        await bot.set_webhook("https://a.example:8000/hook")


async def test_updates_redelivered_and_reordered_by_webhook(server: TelegramServer, bot: Bot, receiver: Receiver) -> None:
    mother = server.person("妈妈")
    await bot.set_webhook(receiver.url)
    first = await mother.says("一")
    await _until(lambda: len(receiver.got) == 1)
    server.redeliver(first)
    await _until(lambda: len(receiver.got) == 2)
    assert receiver.got[0] == receiver.got[1]
    server.hold_updates()
    await mother.says("二")
    await mother.says("三")
    server.release_updates()
    await _until(lambda: len(receiver.got) == 4)
    assert [update["message"]["text"] for update in receiver.got[2:]] == ["三", "二"]


async def test_what_waited_before_the_webhook_comes_with_it(server: TelegramServer, bot: Bot, receiver: Receiver) -> None:
    await server.person("妈妈").says("早")
    await bot.set_webhook(receiver.url)
    await _until(lambda: len(receiver.got) == 1)
    await bot.delete_webhook()
    await server.person("妈妈").says("晚")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["晚"]


async def _with_button(bot: Bot, chat_id: int) -> None:
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("甲", callback_data="a"))
    await bot.send_message(chat_id, "选", reply_markup=keyboard)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)
