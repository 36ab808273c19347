"""What people do in Telegram, as events of the house."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError

from app.rehearsal.telegram_server import TelegramServer
from app.rehearsal.updates import Update
from bot.dialogue.events import Incoming
from bot.inbox.actions import MOST_ATTEMPTS
from bot.inbox.models import InboxUpdate
from bot.telegram.media import LARGEST
from care.families.models import Channel
from kit import tokens
from kit.accounts import actions as accounts
from kit.accounts.models import Role
from tests.telegram.conftest import Line, picture_of, until


def heard(found: Incoming | None) -> dict[str, object]:
    """The fields that say something."""
    assert found is not None
    names = ("text", "press", "command", "argument", "unsupported", "reply_to", "site_code")
    return {name: getattr(found, name) for name in names if getattr(found, name)}


WORDS: dict[str, dict[str, object]] = {
    "八个月的娃可以吃蜂蜜不": {"text": "八个月的娃可以吃蜂蜜不"},
    "/help": {"command": "help"},
    "/HELP": {"command": "help"},
    "/start": {"command": "start"},
    "/start site_YB01": {"command": "start", "argument": "site_YB01", "site_code": "YB01"},
    "/start f_abc-123": {"command": "start", "argument": "f_abc-123"},
    "/start s_unknown": {"command": "start", "argument": "s_unknown"},
    "/person@peiban_rehearsal_bot": {"command": "person"},
    "/person 宝宝喊不醒": {"command": "person", "argument": "宝宝喊不醒", "text": "宝宝喊不醒"},
    "我想问 /help": {"text": "我想问 /help"},
}


async def test_words(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        for said in WORDS:
            await mother.says(said)
        found = await line.events(len(WORDS))
    assert [heard(event) for event in found] == list(WORDS.values())
    assert {(event.channel, event.address, event.lang_hint) for event in found if event} == {
        (Channel.TELEGRAM, str(mother.user_id), "zh")
    }
    assert [event.key for event in found if event] == [f"telegram:{row.update_id}" for row in line.rows()]
    assert line.telegram.username == "peiban_rehearsal_bot"
    assert not server.refused


async def test_the_language_of_the_app_is_a_hint(server: TelegramServer, line: Line) -> None:
    codes = {"简": "zh-hans", "繁": "zh-TW", "English": "en", "Deutsch": "de", "silent": None}
    async with line.open():
        for name, code in codes.items():
            await server.person(name, language_code=code).says(name)
        found = {event.text: event.lang_hint for event in await line.events(5) if event}
    assert found == {"简": "zh", "繁": "zh", "English": "en", "Deutsch": "en", "silent": "zh"}


async def test_a_reply_names_the_message_it_answers(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        await mother.starts()
        card = await line.telegram.bot.send_message(mother.user_id, "一张卡")
        shown = await mother.expects("一张卡")
        said = await mother.replies(shown, "收到")
        _, reply = await line.events(2)
    assert reply is not None
    assert reply.said_as == str(said.message_id)
    assert heard(reply) == {"text": "收到", "reply_to": str(card.message_id)}


async def test_a_press_is_acknowledged_and_names_its_message(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        await mother.starts()
        await line.events(1)
        sent = await line.telegram.bot.send_message(mother.user_id, "选", reply_markup=_menu())
        await mother.expects("选")
        pressing = asyncio.create_task(mother.presses("看课程"))
        found = await line.event()
        assert await pressing is not None
    assert heard(found) == {"press": "menu", "reply_to": str(sent.message_id)}
    assert line.rows()[0].lane == line.rows()[1].lane


async def test_a_press_that_cannot_be_acknowledged_is_worked_on_all_the_same(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        await mother.starts()
        await line.events(1)
        await line.telegram.bot.send_message(mother.user_id, "选", reply_markup=_menu())
        await mother.expects("选")
        server.fail_next("answerCallbackQuery", kind="500")
        await mother.presses("看课程", within=None)
        assert (await line.event()).press == "menu"


async def test_typing_is_shown_when_a_question_is_taken_up(server: TelegramServer, line: Line) -> None:
    async with line.open():
        await server.person("妈妈").says("奶不够怎么办")
        await line.event()
        call = await server.wait_for_call("sendChatAction")
    assert call.parameters["action"] == "typing"


async def test_a_photo_is_kept_without_its_place(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        await mother.sends_photo(picture_of(900, 600, with_place=True), caption="这个疹子")
        found = await line.event()
    assert heard(found) == {"text": "这个疹子"}
    assert found.media is not None
    assert found.media.kind == "photo"
    with Image.open(BytesIO(line.services.blobs.get(found.media.key))) as kept:
        assert kept.size == (900, 600)
        assert not kept.getexif()


async def test_a_picture_sent_as_a_file_is_a_photo(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    content = picture_of(5000, 2500, kind="PNG", with_place=True)
    async with line.open():
        await mother.sends_document(content, filename="IMG_1.png", mime="image/png")
        found = await line.event()
    assert found.media is not None
    with Image.open(BytesIO(line.services.blobs.get(found.media.key))) as kept:
        assert (kept.format, kept.size) == ("JPEG", (2048, 1024))
        assert not kept.getexif()


async def test_an_album_is_an_event_each(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        await mother.sends_album([picture_of(400, 300), picture_of(300, 400)], caption="两张")
        found = await line.events(2)
    assert [event.media.kind for event in found if event and event.media] == ["photo", "photo"]
    assert [event.text for event in found if event] == ["两张", ""]


async def test_a_voice_note_is_kept_as_it_is(server: TelegramServer, line: Line) -> None:
    async with line.open():
        await server.person("妈妈").sends_voice(b"OggS" + b"\x00" * 90)
        found = await line.event()
    assert found.media is not None
    assert found.media.kind == "voice"
    assert line.services.blobs.get(found.media.key).startswith(b"OggS")


async def test_what_we_cannot_use_is_named(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        await mother.sends_sticker()
        await mother.sends_location(29.56, 106.55)
        await mother.sends_contact("+8613800000000")
        await mother.sends_document(b"%PDF", filename="a.pdf", mime="application/pdf")
        await mother.sends_document(b"not a picture", filename="a.png", mime="image/png")
        await mother.sends_voice(b"\x00" * (LARGEST + 1))
        found = await line.events(6)
    assert [event.unsupported for event in found if event] == ["sticker", "location", "contact", "file", "file", "file"]
    assert not any(event.media for event in found if event)
    assert len(server.calls.of("file")) == 1


async def test_words_beside_an_unusable_file_are_the_question(server: TelegramServer, line: Line) -> None:
    async with line.open():
        await server.person("妈妈").sends_document(b"%PDF", filename="a.pdf", caption="体检单上说缺铁，要紧不")
        assert heard(await line.event()) == {"text": "体检单上说缺铁，要紧不", "unsupported": "file"}


async def test_other_kinds_of_messages(line: Line) -> None:
    """Kinds that the stand-in does not send, in the form that Telegram documents."""
    file = {"file_id": "f", "file_unique_id": "u", "file_size": LARGEST + 1}
    table: list[tuple[dict[str, object], str]] = [
        ({"dice": {"emoji": "🎲", "value": 3}}, "other"),
        ({"video": {**file, "width": 9, "height": 9, "duration": 1}}, "file"),
        ({"video_note": {**file, "length": 9, "duration": 1}}, "file"),
        ({"audio": {**file, "duration": 1}}, "file"),
        ({"animation": {**file, "width": 9, "height": 9, "duration": 1}, "document": file}, "sticker"),
    ]
    for number, (body, unsupported) in enumerate(table, 1):
        found = await line.telegram.to_incoming(_row(number, body))
        assert found is not None
        assert found.unsupported == unsupported, body
    assert await line.telegram.to_incoming(_row(9, {"new_chat_title": "新名字"})) is None
    assert await line.telegram.to_incoming(_row(10, {"message_id": "no number", "photo": 3})) is None


async def test_forwarded_words_are_words(line: Line) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "幺妹", "date": 1_700_000_000}
    found = await line.telegram.to_incoming(_row(1, {"text": "网上说一岁前喝蜂蜜好", "forward_origin": origin}))
    assert heard(found) == {"text": "网上说一岁前喝蜂蜜好"}


async def test_a_download_that_fails_is_tried_again_and_at_last_given_up(server: TelegramServer, line: Line) -> None:
    async with line.open():
        await server.person("妈妈").sends_voice(b"OggS")
        [row] = await line.has(1)
        row.attempts = 1
        server.fail_next("file", kind="502", times=2)
        with pytest.raises(NetworkError):
            await line.telegram.to_incoming(row)
        row.attempts = MOST_ATTEMPTS
        found = await line.telegram.to_incoming(row)
    assert heard(found) == {"unsupported": "file"}


async def test_a_file_that_is_gone_is_not_asked_for_again(server: TelegramServer, line: Line) -> None:
    voice = {"file_id": "voice-gone", "file_unique_id": "u", "duration": 1}
    found = await line.telegram.to_incoming(_row(1, {"voice": voice}))
    assert heard(found) == {"unsupported": "file"}


async def test_a_correction_says_which_message_it_changes(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        said = await mother.says("宝宝有点咳")
        await mother.edits(said, "宝宝有点咳嗽")
        await mother.edits(said, "宝宝喊不醒 嘴巴乌了")
        first, second, third = await line.events(3)
    assert [heard(one)["text"] for one in (first, second, third)] == ["宝宝有点咳", "宝宝有点咳嗽", "宝宝喊不醒 嘴巴乌了"]
    assert [one.edited for one in (first, second, third) if one] == [False, True, True]
    assert len({one.said_as for one in (first, second, third) if one}) == 1


async def test_a_group_is_left_in_peace(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    group = server.group("渝北一组", [mother])
    async with line.open():
        for said in ("大家好", "/help", "/help@another_bot", "宝宝喊不醒 嘴巴乌了"):
            await mother.says(said, to=group)
        await mother.sends_photo(picture_of(50, 50), to=group)
        await mother.says("/help@peiban_rehearsal_bot 我娃发烧", to=group)
        assert await line.events(2) == [None, None]
        await mother.expects("单独给我发消息", where=group)
    assert [message.from_bot for message in group.messages].count(True) == 1
    kept = [row.payload["message"].get("text") for row in line.rows()]
    assert kept == ["/help@another_bot", "/help@peiban_rehearsal_bot 我娃发烧"]


async def test_what_nobody_sends_us_is_not_kept(server: TelegramServer, line: Line) -> None:
    mother = server.person("妈妈")
    async with line.open():
        await mother.starts()
        await mother.blocks()
        await mother.unblocks()
        await mother.says("回来了")
        assert [event.text for event in await line.events(2) if event] == ["", "回来了"]
    assert len(line.rows()) == 2


async def test_an_update_that_cannot_be_read_is_kept_and_finished(server: TelegramServer, line: Line) -> None:
    """The next ones are not held up by it."""
    mother = server.person("妈妈")
    server.hold_updates()
    said = await mother.says("你好")
    broken = Update(
        server.updates.history[max(server.updates.history)].update_id + 7, "message", {"text": 1}, ("chat", 1), said.date
    )
    async with line.open():
        server.updates.deliver_loose([broken])
        await line.has(1)
        server.release_updates()
        found = await line.events(2)
    assert [event.text if event else None for event in found] == [None, "你好"]


async def test_staff_who_link_get_their_commands(server: TelegramServer, line: Line) -> None:
    with line.services.database.transaction() as session:
        staff = accounts.create_staff(session, "chen", name="陈老师", role=Role.INSTRUCTOR)
        lasts = accounts.INVITATION_LASTS
        token = tokens.issue(session, tokens.TokenPurpose.STAFF_TELEGRAM, subject_id=staff.key, lasts=lasts)
    teacher = server.person("陈老师")
    async with line.open():
        await teacher.starts(f"s_{token}")
        assert heard(await line.event()) == {"command": "start", "argument": f"s_{token}"}
        await until(lambda: len(server.calls.of("setMyCommands")) == 3)
    names = [command["command"] for command in server.world.commands[_scope(teacher.user_id), ""]]
    assert names == ["cases", "on", "off", "console", "help"]


def _scope(chat_id: int) -> str:
    return f"chat:{chat_id}"


def _row(number: int, body: dict[str, object]) -> InboxUpdate:
    person = {"id": 5, "is_bot": False, "first_name": "妈妈", "language_code": "zh"}
    chat = {"id": 5, "type": "private", "first_name": "妈妈"}
    message = {"message_id": number, "from": person, "chat": chat, "date": 1_760_000_000, **body}
    payload = {"update_id": number, "message": message}
    return InboxUpdate(
        id=number, channel=Channel.TELEGRAM, update_id=str(number), lane="telegram:5", address="5", payload=payload, attempts=1
    )  # type: ignore[call-arg]


def _menu() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("看课程", callback_data="menu")]])
