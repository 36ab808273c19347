"""Messages of ours as they stand in Telegram, and what becomes of a send that fails."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from telegram import Bot

from app.rehearsal.faults import Fault
from app.rehearsal.people import Person
from app.rehearsal.telegram_server import TelegramServer
from bot.dialogue.events import Block, BlockKind, Button, Rendered
from bot.papers import setting
from bot.papers.models import Paper
from bot.sending import Doubtful, Refused, TryLater, Unreachable
from bot.telegram.html import LONGEST, keyboard, texts
from bot.telegram.pace import Bucket, Pace
from bot.telegram.request import AiohttpRequest
from bot.telegram.sending import TelegramSender
from bot.wording.papers import card
from kit.errors import PeibanError, Unavailable
from knowledge import courses

ANSWER = Rendered(
    "zh",
    (
        Block(BlockKind.TITLE, "一岁以内不吃蜂蜜"),
        Block(BlockKind.TEXT, "蜂蜜里可能有 <肉毒杆菌> & 它的芽孢。\n一口都不要。"),
        Block(BlockKind.SMALL, "来源：国家卫健委"),
    ),
    ((Button("有帮助", press="helped:1:2:1"), Button("没帮助", press="helped:1:2:0")), (Button("打 120", tel="120"),)),
)


def words(*parts: str) -> Rendered:
    return Rendered("zh", tuple(Block(BlockKind.TEXT, part) for part in parts))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def mother(server: TelegramServer) -> Person:
    person = server.person("妈妈")
    await person.starts()
    return person


@pytest.fixture
async def sender(server: TelegramServer) -> AsyncIterator[TelegramSender]:
    """Impatient: it waits 0.3 s for an answer."""
    request = AiohttpRequest(read=0.3)
    bot = Bot(server.token, base_url=server.base_url, request=request, get_updates_request=request)
    async with request:
        yield TelegramSender(bot, Pace())


async def test_an_answer_as_it_is_shown(server: TelegramServer, mother: Person, sender: TelegramSender) -> None:
    remote_id = await sender.send(str(mother.user_id), ANSWER)
    shown = await mother.expects("蜂蜜")
    assert str(shown.message_id) == remote_id
    assert shown.text == "一岁以内不吃蜂蜜\n\n蜂蜜里可能有 <肉毒杆菌> & 它的芽孢。\n一口都不要。\n\n来源：国家卫健委"
    assert [(entity["type"], entity["offset"]) for entity in shown.body["entities"]] == [("bold", 0), ("italic", 40)]
    assert [(button.label, button.callback_data) for button in shown.buttons] == [
        ("有帮助", "helped:1:2:1"),
        ("没帮助", "helped:1:2:0"),
    ]
    assert not server.refused


async def test_danger_stands_first_and_is_seen(mother: Person, sender: TelegramSender) -> None:
    blocks = (Block(BlockKind.TEXT, "侧着躺"), Block(BlockKind.ALERT, "马上打 120"))
    await sender.send(str(mother.user_id), Rendered("zh", blocks))
    shown = await mother.expects("120")
    assert shown.text == "🚨 马上打 120\n\n侧着躺"
    assert shown.body["entities"][0]["type"] == "bold"


async def test_a_long_text_becomes_several(server: TelegramServer, mother: Person, sender: TelegramSender) -> None:
    paragraphs = [f"第{number}段。" + "慢慢来，" * 300 for number in range(6)]
    rendered = Rendered("zh", words(*paragraphs).blocks, ((Button("好", press="ok"),),))
    remote_id = await sender.send(str(mother.user_id), rendered)
    await mother.expects("第5段")
    shown = mother.received
    assert [message.text.count("。") for message in shown] == [3, 3]
    assert [message.labels for message in shown] == [(), ("好",)]
    assert str(shown[-1].message_id) == remote_id
    assert not server.refused


@pytest.mark.parametrize(
    "text",
    ["字" * 10_000, "a line\n" * 2_000, "一句话。" * 3_000, "word " * 2_500, "👨‍👩‍👧" * 1_500, "&<>" * 3_000],
    ids=["no breaks", "lines", "sentences", "words", "beyond 16 bits", "escaped"],
)
async def test_nothing_of_one_endless_paragraph_is_lost(
    server: TelegramServer, mother: Person, sender: TelegramSender, text: str
) -> None:
    await sender.send(str(mother.user_id), words(text))
    joined = "".join(message.text for message in mother.received)
    assert joined.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert not server.refused


def test_texts_are_cut_where_a_reader_pauses() -> None:
    [first, *_] = texts(words("一句话，有两半。" * 1_000))
    assert first.endswith("。")
    [first, *_] = texts(words("a line of words\n" * 500))
    assert first.endswith("words")
    assert max(len(part) for part in texts(words("字" * 9_000))) <= LONGEST


def test_buttons_that_telegram_would_refuse_do_not_take_the_words_with_them() -> None:
    rendered = Rendered(
        "zh",
        (Block(BlockKind.TEXT, "工作台"),),
        (
            (Button("打开", url="http://localhost:8000/console"), Button("网页", url="https://peiban.example/c")),
            (Button("太长", press="x" * 65), Button("刚好", press="字" * 21)),
            (Button("打 120", tel="120"),),
        ),
    )
    assert texts(rendered) == ["工作台\n\n打开：http://localhost:8000/console"]
    keys = keyboard(rendered)
    assert keys is not None
    assert [[key.text for key in row] for row in keys.inline_keyboard] == [["网页"], ["刚好"]]
    assert keyboard(words("好")) is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.TOO_MANY, TryLater),
        (Fault.BLOCKED, Unreachable),
        (Fault.SERVER_ERROR, Doubtful),
        (Fault.BAD_GATEWAY, Doubtful),
        (Fault.TIMEOUT_BEFORE, Doubtful),
        (Fault.TIMEOUT_AFTER, Doubtful),
        (Fault.RESET, Doubtful),
        (Fault.RESET_AFTER, Doubtful),
    ],
)
async def test_each_fault_has_its_outcome(
    server: TelegramServer, mother: Person, sender: TelegramSender, fault: Fault, error: type[PeibanError]
) -> None:
    server.fail_next("sendMessage", kind=fault, retry_after=7)
    with pytest.raises(PeibanError) as caught:
        await sender.send(str(mother.user_id), words("在吗"))
    assert type(caught.value) is error
    if isinstance(caught.value, TryLater):
        assert caught.value.after == timedelta(seconds=7)
    assert len(mother.received) == fault.after_effect


async def test_who_is_gone_is_unreachable(server: TelegramServer, sender: TelegramSender) -> None:
    for address in (str(server.person("外人").user_id), "1234567"):
        with pytest.raises(Unreachable):
            await sender.send(address, words("在吗"))


async def test_what_never_left_is_tried_later(mother: Person) -> None:
    request = AiohttpRequest(connect=0.3)
    bot = Bot("1:x", base_url="http://127.0.0.1:9/bot", request=request, get_updates_request=request)
    async with request:
        with pytest.raises(TryLater):
            await TelegramSender(bot, Pace()).send(str(mother.user_id), words("在吗"))


async def test_a_refused_token_keeps_the_message(server: TelegramServer, mother: Person) -> None:
    request = AiohttpRequest()
    bot = Bot("1:wrong", base_url=server.base_url, request=request, get_updates_request=request)
    async with request:
        with pytest.raises(TryLater):
            await TelegramSender(bot, Pace()).send(str(mother.user_id), words("在吗"))


async def test_a_message_telegram_does_not_take_is_refused(mother: Person, sender: TelegramSender) -> None:
    label = Rendered("zh", words("好").blocks, ((Button("长" * 101, press="ok"),),))
    for rendered in (Rendered("zh", ()), label):
        with pytest.raises(Refused):
            await sender.send(str(mother.user_id), rendered)


async def test_a_message_is_removed_and_one_that_is_gone_counts_as_removed(
    server: TelegramServer, mother: Person, sender: TelegramSender
) -> None:
    address = str(mother.user_id)
    remote_id = await sender.send(address, words("您有一条新消息"))
    await sender.remove(address, remote_id)
    await sender.remove(address, remote_id)
    assert not mother.received
    server.fail_next("deleteMessage", kind="429", retry_after=3)
    with pytest.raises(TryLater):
        await sender.remove(address, remote_id)


async def test_many_chats_stay_under_the_limit(server: TelegramServer, sender: TelegramSender) -> None:
    people = [server.person(f"家长{number}") for number in range(40)]
    for person in people:
        await person.starts()
    await asyncio.gather(*(sender.send(str(person.user_id), words("好")) for person in people))
    assert 20 <= server.calls.peak_per_second("sendMessage") <= 30


def test_a_bucket_lets_a_burst_pass_and_then_one_after_another() -> None:
    bucket = Bucket(1.0, 3)
    assert [round(bucket.reserve(100.0), 6) for _ in range(5)] == [0, 0, 0, 1, 2]
    assert bucket.reserve(110.0) == 0


async def test_a_sheet_that_cannot_be_set_holds_no_message_back(
    mother: Person, sender: TelegramSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Paper) -> bytes:
        raise Unavailable

    monkeypatch.setattr(setting, "pdf", broken)
    paper = card(courses.courses()[0], "zh", operator="中心")
    await sender.send(str(mother.user_id), replace(words("卡片在这里"), paper=paper))
    assert (await mother.expects("卡片在这里")).kind == "text"
