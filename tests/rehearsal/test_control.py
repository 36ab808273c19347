"""The stand-in as a process of its own, driven over its control API; and the driver's own words when something is amiss."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from app.rehearsal.refusals import Unmet
from app.rehearsal.telegram_server import TOKEN, TelegramServer
from bot.telegram.request import AiohttpRequest, ProxyNotSupported


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """The address the process prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.rehearsal",
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    yield line.strip().removeprefix("TELEGRAM_API_URL=")
    process.terminate()
    await process.communicate()


async def test_a_process_is_driven_over_http(address: str, picture: bytes) -> None:
    request, polls = AiohttpRequest(), AiohttpRequest()
    bot = Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot", request=request, get_updates_request=polls)
    async with bot, aiohttp.ClientSession(address) as session:
        await post(session, "/control/person/妈妈/says", {"text": "八个月能吃蜂蜜吗"})
        await post(session, "/control/person/妈妈/photo", picture)
        updates = await bot.get_updates()
        assert updates[0].message is not None
        chat_id = updates[0].message.chat_id
        await bot.send_message(chat_id, "不能。一岁前不吃蜂蜜。")
        shown = await post(session, "/control/person/妈妈/expects", {"text": "一岁前", "ever": True})
        assert shown["from"] == "bot"
        await post(session, "/control/fail", {"method": "sendMessage", "kind": "403"})
        missed = await post(session, "/control/person/妈妈/presses", {"label": "没有"}, status=409)
        assert "has no button" in missed["error"]
        assert (await post(session, "/control/redeliver", {"update_id": updates[0].update_id}))["update_id"] == updates[
            0
        ].update_id
        for path, count in (("/control/messages?person=妈妈", 3), ("/control/calls?method=sendMessage", 1)):
            async with session.get(path) as reply:
                found = await reply.json()
                assert len(found["messages" if "messages" in path else "calls"]) == count


async def test_faults_over_control_and_wrong_bodies(server: TelegramServer) -> None:
    async with aiohttp.ClientSession(server.url) as session:
        await post(session, "/control/fail", {"method": "sendMessage", "kind": "no such"}, status=400)
        await post(session, "/control/person/妈妈/says", {}, status=400)
        await post(session, "/control/person/妈妈/dances", {}, status=404)
        await post(session, "/control/person/妈妈/starts", {"payload": "abc"})
        await post(session, "/control/person/妈妈/edits", {"message_id": 1, "text": "改"})
        await post(session, "/control/person/妈妈/replies", {"to": 1, "text": "再"})
        await post(session, "/control/person/妈妈/blocks", {})
    assert [message.text for message in server.person("妈妈").messages] == ["改", "再"]


async def test_what_did_not_come_is_told_with_what_was_seen(server: TelegramServer) -> None:
    mother = server.person("妈妈")
    await mother.says("喂")
    with pytest.raises(Unmet, match=re.escape("妈妈 waited 0.05 s for '答案' and saw:\n  妈妈: 喂")):
        await mother.expects("答案", within=0.05)
    await mother.expects_nothing(within=0.05)


async def test_the_peak_counts_sends_within_a_second(server: TelegramServer) -> None:
    mother = server.person("妈妈")
    await mother.starts()
    async with Bot(server.token, base_url=server.base_url, request=AiohttpRequest(), get_updates_request=AiohttpRequest()) as bot:
        for number in range(5):
            await bot.send_message(mother.user_id, str(number))
    assert server.calls.peak_per_second() == 5
    assert server.calls.peak_per_second("getMe") == 1


def test_a_proxy_of_another_kind_is_refused() -> None:
    assert AiohttpRequest(proxy="http://proxy.example:3128").read_timeout == 10
    with pytest.raises(ProxyNotSupported, match="http://host:port"):
        AiohttpRequest(proxy="socks5://proxy.example:1080")


async def test_a_proxy_is_used(server: TelegramServer) -> None:
    """The stand-in plays the proxy: it is asked for a host that does not exist."""
    mother = server.person("妈妈")
    await mother.starts()
    away = "http://api.telegram.invalid"
    request, polls = AiohttpRequest(proxy=server.url), AiohttpRequest(proxy=server.url)
    async with Bot(server.token, base_url=f"{away}/bot", request=request, get_updates_request=polls) as bot:
        await bot.send_message(mother.user_id, "经代理")
    await mother.expects("经代理")


async def test_a_busy_pool_times_out(server: TelegramServer) -> None:
    request = AiohttpRequest(connections=1, connect=0.1, pool=0.1, read=2)
    async with Bot(server.token, base_url=server.base_url, request=request, get_updates_request=AiohttpRequest()) as bot:
        server.fail_next("sendMessage", kind="timeout_before")
        stuck = asyncio.create_task(bot.send_message(1, "甲"))
        await server.wait_for_call("sendMessage")
        with pytest.raises(TimedOut):
            await bot.get_me()
        with pytest.raises(TimedOut):
            await stuck


async def test_a_request_outside_its_life_is_refused(server: TelegramServer) -> None:
    request = AiohttpRequest()
    await request.shutdown()
    with pytest.raises(NetworkError, match="not initialized"):
        await request.post(f"{server.base_url}{server.token}/getMe")
    async with request:
        await request.post(f"{server.base_url}{server.token}/getMe")


async def post(session: aiohttp.ClientSession, path: str, body: dict[str, Any] | bytes, *, status: int = 200) -> dict[str, Any]:
    given = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with session.post(path, **given) as reply:
        found: dict[str, Any] = await reply.json()
        assert reply.status == status, found
        return found
