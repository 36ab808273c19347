"""Each fault on order becomes the library's right error, by either client; what had its effect is told from what had not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from app.rehearsal.faults import Fault
from app.rehearsal.people import Person
from app.rehearsal.telegram_server import TelegramServer
from tests.rehearsal.conftest import RequestMaker, bot_for


@pytest.fixture
async def mother(server: TelegramServer) -> Person:
    person = server.person("妈妈")
    await person.starts()
    return person


@pytest.fixture
async def hasty(server: TelegramServer, make_request: RequestMaker) -> AsyncIterator[Bot]:
    """A bot that waits 0.3 s for an answer."""
    made = bot_for(server, make_request, read=0.3)
    async with made:
        yield made


@pytest.mark.parametrize(
    ("fault", "error", "effect"),
    [
        (Fault.TOO_MANY, RetryAfter, False),
        (Fault.BLOCKED, Forbidden, False),
        (Fault.SERVER_ERROR, NetworkError, False),
        (Fault.BAD_GATEWAY, NetworkError, False),
        (Fault.TIMEOUT_BEFORE, TimedOut, False),
        (Fault.TIMEOUT_AFTER, TimedOut, True),
        (Fault.RESET, NetworkError, False),
        (Fault.RESET_AFTER, NetworkError, True),
    ],
)
async def test_a_fault_is_the_right_error(
    server: TelegramServer, hasty: Bot, mother: Person, fault: Fault, error: type[TelegramError], effect: bool
) -> None:
    server.fail_next("sendMessage", kind=fault)
    with pytest.raises(TelegramError) as caught:
        await hasty.send_message(mother.user_id, "在吗")
    assert type(caught.value) is error
    assert [message.text for message in mother.received] == (["在吗"] if effect else [])
    call = server.calls.of("sendMessage")[0]
    assert (call.fault, call.effect) == (fault, effect)
    assert not server.refused
    await hasty.send_message(mother.user_id, "好了")


async def test_a_429_says_how_long(server: TelegramServer, bot: Bot, mother: Person) -> None:
    server.fail_next("sendMessage", kind="429", retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(mother.user_id, "在吗")
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_a_fault_lasts_as_often_as_ordered_and_for_whom(server: TelegramServer, bot: Bot, mother: Person) -> None:
    father = server.person("爸爸")
    await father.starts()
    server.fail_next("sendMessage", kind="500", times=2, person=mother)
    await bot.send_message(father.user_id, "甲")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(mother.user_id, "乙")
    await bot.send_message(mother.user_id, "乙")


async def test_a_download_can_fail(server: TelegramServer, bot: Bot, mother: Person, picture: bytes) -> None:
    sent = await mother.sends_photo(picture)
    file = await bot.get_file(sent.body["photo"][-1]["file_id"])
    server.fail_next("file", kind="502")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == picture


async def test_an_upload_that_times_out_after_its_effect_arrived(
    server: TelegramServer, hasty: Bot, mother: Person, picture: bytes
) -> None:
    server.fail_next("sendPhoto", kind="timeout_after")
    with pytest.raises(TimedOut):
        await hasty.send_photo(mother.user_id, picture)
    assert mother.received[-1].kind == "photo"


async def test_who_blocked_the_bot_is_not_reached(server: TelegramServer, bot: Bot, mother: Person) -> None:
    await mother.blocks()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(mother.user_id, "在吗")
    await mother.starts()
    await bot.send_message(mother.user_id, "回来了")


async def test_who_never_started_is_not_reached(server: TelegramServer, bot: Bot) -> None:
    with pytest.raises(Forbidden, match="can't initiate"):
        await bot.send_message(server.person("外人").user_id, "在吗")


async def test_a_wrong_token_is_refused(server: TelegramServer, make_request: RequestMaker) -> None:
    for token in ("1:wrong", "nonsense"):
        stranger = Bot(token, base_url=server.base_url, request=make_request(), get_updates_request=make_request())
        with pytest.raises(InvalidToken):
            await stranger.initialize()
        await stranger.shutdown()


async def test_a_second_poller_ends_the_first(server: TelegramServer, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    while not server.calls.of("getUpdates"):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    await bot.get_updates(timeout=0)
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first


async def test_a_refused_connection_is_a_network_error(make_request: RequestMaker) -> None:
    async with TelegramServer() as gone:
        lost = bot_for(gone, make_request)
    with pytest.raises(NetworkError):
        await lost.initialize()
    await lost.shutdown()
