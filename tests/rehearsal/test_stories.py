"""A real Application of the library, polling the stand-in: what people do reaches it, what it does is seen."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from telegram import Update
from telegram.ext import ApplicationHandlerStop, TypeHandler

from app.rehearsal.refusals import Unmet
from app.rehearsal.telegram_server import TelegramServer
from tests.rehearsal.conftest import AnyApplication

Polling = Callable[[], AbstractAsyncContextManager[None]]


async def test_a_text_is_echoed(server: TelegramServer, polling: Polling) -> None:
    mother = server.person("李妈妈", language_code="zh")
    async with polling():
        await mother.says("宝宝八个月")
        answer = await mother.expects("你说：宝宝八个月")
    assert answer.from_bot
    assert [message.from_bot for message in mother.messages] == [False, True]
    assert not server.refused


async def test_a_press_is_answered_and_the_message_changes(server: TelegramServer, polling: Polling) -> None:
    mother = server.person("李妈妈")
    async with polling():
        await mother.starts()
        menu = await mother.expects("你好")
        assert menu.labels == ("问问题", "看课程")
        answer = await mother.presses("看课程")
        changed = await mother.expects("选了 course")
    assert answer is not None
    assert answer.text == "好的"
    assert changed is menu
    assert not changed.buttons
    with pytest.raises(Unmet, match="has no button"):
        await mother.presses("看课程")


async def test_a_photo_goes_down_and_up(server: TelegramServer, polling: Polling, picture: bytes) -> None:
    mother = server.person("李妈妈")
    async with polling():
        await mother.sends_photo(picture, caption="作业")
        reply = await mother.expects(f"{len(picture)} 字节")
    assert reply.kind == "photo"
    assert len(server.calls.of("file")) == 1
    assert server.calls.of("sendPhoto")[0].files
    assert not server.refused


async def test_people_keep_apart(server: TelegramServer, polling: Polling) -> None:
    mother, father = server.person("妈妈"), server.person("爸爸", language_code="en")
    async with polling():
        await mother.says("甲")
        await father.says("乙")
        await mother.expects("你说：甲")
        await father.expects("你说：乙")
    assert len(mother.messages) == len(father.messages) == 2


async def test_an_update_delivered_twice_is_answered_twice_by_a_naive_bot(server: TelegramServer, polling: Polling) -> None:
    mother = server.person("妈妈")
    async with polling():
        said = await mother.says("甲")
        await mother.expects("你说：甲")
        server.redeliver(said)
        await server.wait_for_call("sendMessage", count=2)
    assert len(mother.received) == 2


async def test_updates_can_come_out_of_order(server: TelegramServer, polling: Polling) -> None:
    mother = server.person("妈妈")
    server.hold_updates()
    for word in ("一", "二", "三"):
        await mother.says(word)
    async with polling():
        await mother.expects_nothing(within=0.1)
        server.release_updates()
        await server.wait_for_call("sendMessage", count=3)
    assert [message.text for message in mother.received] == ["你说：三", "你说：二", "你说：一"]


async def test_an_edited_message_arrives_as_such(server: TelegramServer, application: AnyApplication, polling: Polling) -> None:
    seen: list[Update] = []

    async def note(update: Update, _: object) -> None:
        seen.append(update)

    application.add_handler(TypeHandler(Update, note), group=-1)
    mother = server.person("妈妈")
    async with polling():
        said = await mother.says("甲")
        await mother.expects("你说：甲")
        await mother.edits(said, "乙")
        await mother.blocks()
        await _until(lambda: len(seen) == 3)
    assert seen[1].edited_message is not None
    assert seen[1].edited_message.text == "乙"
    assert seen[2].my_chat_member is not None
    assert seen[2].my_chat_member.new_chat_member.status == "kicked"
    assert mother.messages[0].text == "乙"


async def test_every_kind_of_message_is_understood(
    server: TelegramServer, application: AnyApplication, polling: Polling, picture: bytes
) -> None:
    seen: list[Update] = []

    async def note_only(update: Update, _: object) -> None:
        seen.append(update)
        raise ApplicationHandlerStop

    application.add_handler(TypeHandler(Update, note_only), group=-1)
    mother = server.person("妈妈")
    group = server.group("渝北一组", [mother])
    async with polling():
        first = await mother.says("/help now")
        await mother.replies(first, "再说一遍")
        album = await mother.sends_album([picture, picture], caption="两张")
        await mother.sends_voice(b"OggS", seconds=4)
        await mother.sends_document(b"%PDF", filename="a.pdf", mime="application/pdf")
        await mother.sends_sticker()
        await mother.sends_location(29.56, 106.55)
        await mother.sends_contact("+8613800000000")
        await mother.says("大家好", to=group)
        await _until(lambda: len(seen) == 10)
    messages = [update.effective_message for update in seen]
    assert all(message is not None for message in messages)
    told = [message for message in messages if message is not None]
    assert told[0].parse_entities(["bot_command"]) == {told[0].entities[0]: "/help"}
    assert told[1].reply_to_message is not None
    assert told[2].media_group_id == told[3].media_group_id == album[0].body["media_group_id"]
    assert (told[2].caption, told[3].caption) == ("两张", None)
    assert [size.width for size in told[2].photo] == [320, 640]
    assert told[4].voice is not None
    assert told[5].document is not None
    assert told[6].sticker is not None
    assert told[7].location is not None
    assert told[8].contact is not None
    assert told[9].chat.type == "supergroup"
    assert told[9].message_id == 1


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)
