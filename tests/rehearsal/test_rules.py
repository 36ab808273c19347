"""The stand-in refuses what Telegram refuses, in Telegram's words."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, Conflict, InvalidToken

from app.rehearsal.people import Person
from app.rehearsal.refusals import Unmet
from app.rehearsal.telegram_server import TelegramServer
from bot.telegram.request import AiohttpRequest
from kit import clock
from tests.rehearsal.conftest import bot_for, picture_of


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    made = bot_for(server, lambda read: AiohttpRequest(read=read))
    async with made:
        yield made


@pytest.fixture
async def mother(server: TelegramServer) -> Person:
    person = server.person("妈妈")
    await person.starts()
    return person


@pytest.mark.parametrize(
    "text", ["好" * 4096, "<b>" + "好" * 4096 + "</b>", "a &lt; b &amp; c", '<a href="https://a.example/x">x</a>']
)
async def test_texts_that_pass(bot: Bot, mother: Person, text: str) -> None:
    await bot.send_message(mother.user_id, text, parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("好" * 4097, "message is too long"),
        ("  \n ", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("1 < 2", "can't parse entities"),
        ("<p>段</p>", "Unsupported start tag"),
        ("<br>", "Unsupported start tag"),
        ("<b>粗", "Can't find end tag"),
        ("粗</b>", "Unexpected end tag"),
        ("<b><i>粗</b></i>", "Unmatched end tag"),
        ("<!-- x -->甲", "Unsupported start tag"),
        ("甲 <b", "Unclosed start tag"),
    ],
)
async def test_texts_that_do_not(bot: Bot, mother: Person, text: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){re.escape(reason)}"):
        await bot.send_message(mother.user_id, text, parse_mode="HTML")


async def test_html_becomes_text_and_entities(bot: Bot, mother: Person) -> None:
    sent = await bot.send_message(mother.user_id, " 😀<b>粗 <i>斜</i></b> &lt;3 <code>x</code>", parse_mode="HTML")
    assert sent.text == "😀粗 斜 <3 x"
    assert [(mark.type, mark.offset, mark.length) for mark in sent.entities] == [("bold", 2, 3), ("italic", 4, 1), ("code", 9, 1)]


async def test_a_telephone_link_is_only_words(bot: Bot, mother: Person) -> None:
    sent = await bot.send_message(mother.user_id, '<a href="tel:120">120</a>', parse_mode="HTML")
    assert sent.text == "120"
    assert not sent.entities


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "甲", "callback_data": "好" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "甲", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "x"}, "button text must be non-empty"),
        ({"text": "甲" * 101, "callback_data": "x"}, "button text is longer"),
        ({"text": "甲"}, "Text buttons are unallowed"),
        ({"text": "甲", "url": "tel:120"}, "Wrong HTTP URL"),
        ({"text": "甲", "url": "http://localhost:8000/"}, "Wrong HTTP URL"),
        ({"text": "甲", "url": "https://a.example", "callback_data": "x"}, "exactly one action"),
        ({"text": "甲", "callbackdata": "x"}, "knows no parameter"),
        ({"callback_data": "x"}, "is required"),
    ],
)
async def test_buttons_that_do_not(server: TelegramServer, mother: Person, button: dict[str, str], reason: str) -> None:
    answer = await ask(server, "sendMessage", chat_id=mother.user_id, text="选", reply_markup={"inline_keyboard": [[button]]})
    assert answer["error_code"] == 400
    assert reason in answer["description"]


@pytest.mark.parametrize(
    "markup",
    [
        "nonsense",
        "[]",
        '{"buttons": []}',
        '{"keyboard": []}',
        '{"remove_keyboard": false}',
        '{"inline_keyboard": [{"text": "x"}]}',
    ],
)
async def test_markup_of_another_shape_is_refused(server: TelegramServer, mother: Person, markup: str) -> None:
    answer = await ask(server, "sendMessage", chat_id=mother.user_id, text="选", reply_markup=markup)
    assert answer["error_code"] == 400
    assert not mother.received


async def test_unknown_methods_and_parameters(server: TelegramServer, bot: Bot, mother: Person) -> None:
    assert await ask(server, "sendMesage", chat_id=1) == {"ok": False, "error_code": 404, "description": "Not Found"}
    with pytest.raises(InvalidToken):
        await bot.get_chat(mother.user_id)
    answer = await ask(server, "sendMessage", chat_id=mother.user_id, text="好", parsemode="HTML")
    assert 'knows no parameter "parsemode"' in answer["description"]
    assert 'parameter "text" is required' in (await ask(server, "sendMessage", chat_id=mother.user_id))["description"]
    assert "chat not found" in (await ask(server, "sendMessage", chat_id=17, text="好"))["description"]
    assert [call.method for call in server.refused] == ["sendMesage", "getChat", "sendMessage", "sendMessage", "sendMessage"]


async def test_captions_and_pictures(bot: Bot, mother: Person, picture: bytes) -> None:
    await bot.send_photo(mother.user_id, picture, caption="好" * 1024)
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(mother.user_id, picture, caption="好" * 1025)
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(mother.user_id, b"not a picture")
    with pytest.raises(BadRequest, match=r"(?i)PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(mother.user_id, picture_of(2100, 100))
    with pytest.raises(BadRequest, match=r"(?i)too big for a photo"):
        await bot.send_photo(mother.user_id, b"x" * (10 * 1024 * 1024 + 1))


async def test_files_by_id_keep_their_kind(bot: Bot, mother: Person, picture: bytes) -> None:
    sent = await bot.send_photo(mother.user_id, picture)
    again = await bot.send_photo(mother.user_id, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Photo as Voice"):
        await bot.send_voice(mother.user_id, sent.photo[-1].file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_photo(mother.user_id, "no-such-file")
    voice = await bot.send_voice(mother.user_id, b"OggS", duration=3)
    assert voice.voice is not None
    document = await bot.send_document(mother.user_id, b"%PDF", filename="a.pdf", caption="文件")
    assert document.document is not None
    assert document.document.file_name == "a.pdf"


async def test_albums_have_two_to_ten(bot: Bot, mother: Person, picture: bytes) -> None:
    sent = await bot.send_media_group(mother.user_id, [InputMediaPhoto(picture), InputMediaPhoto(picture)], caption="两张")
    assert len({message.media_group_id for message in sent}) == 1
    for count in (1, 11):
        with pytest.raises(BadRequest, match=r"(?i)between 2 and 10"):
            await bot.send_media_group(mother.user_id, [InputMediaPhoto(picture)] * count)


async def test_edits_and_deletions(bot: Bot, mother: Person) -> None:
    sent = await bot.send_message(mother.user_id, "甲")
    await bot.edit_message_text("乙", mother.user_id, sent.message_id)
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("去", url="https://a.example"))
    await bot.edit_message_reply_markup(mother.user_id, sent.message_id, reply_markup=keyboard)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_reply_markup(mother.user_id, sent.message_id, reply_markup=keyboard)
    assert mother.received[-1].buttons[0].url == "https://a.example"
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("丙", mother.user_id, 999)
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("丙", mother.user_id, mother.messages[0].message_id)
    await bot.delete_message(mother.user_id, sent.message_id)
    assert not mother.received
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(mother.user_id, sent.message_id)


async def test_replies_and_copies(bot: Bot, server: TelegramServer, mother: Person) -> None:
    teacher = server.person("老师")
    await teacher.starts()
    said = mother.messages[0]
    reply = await bot.send_message(mother.user_id, "答", reply_to_message_id=said.message_id)
    assert reply.reply_to_message is not None
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(mother.user_id, "答", reply_to_message_id=999)
    copied = await bot.copy_message(teacher.user_id, mother.user_id, said.message_id)
    assert teacher.received[-1].message_id == copied.message_id
    assert teacher.received[-1].text == "/start"


async def test_a_press_is_answered_once_and_in_time(bot: Bot, server: TelegramServer, mother: Person) -> None:
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("甲", callback_data="a"))
    await bot.send_message(mother.user_id, "选", reply_markup=keyboard)
    for late in (False, True):
        await mother.presses("甲", within=None)
        query = (await bot.get_updates(offset=-1))[0].callback_query
        assert query is not None
        if late:
            with (
                clock.frozen(clock.now() + (server.world.query_lifetime * 2)),
                pytest.raises(BadRequest, match=r"(?i)query is too old"),
            ):
                await query.answer()
        else:
            await query.answer()
            with pytest.raises(BadRequest, match=r"(?i)query is too old"):
                await query.answer()


async def test_commands_and_menus(bot: Bot, server: TelegramServer, mother: Person) -> None:
    await bot.set_my_commands([BotCommand("help", "帮助")], language_code="zh")
    assert [command.command for command in await bot.get_my_commands(language_code="zh")] == ["help"]
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Help", "帮助")])
    await bot.delete_my_commands(language_code="zh")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    await bot.send_chat_action(mother.user_id, "typing")
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
        await bot.send_chat_action(mother.user_id, "dancing")
    assert server.world.menu_buttons == {None: {"type": "commands"}}


async def test_polls_confirm_by_offset_and_filter_by_kind(bot: Bot, server: TelegramServer, mother: Person) -> None:
    await mother.says("二")
    await mother.says("三")
    batch = await bot.get_updates(limit=2)
    assert [update.message.text for update in batch if update.message] == ["/start", "二"]
    assert await bot.get_updates(limit=2) == batch
    rest = await bot.get_updates(offset=batch[-1].update_id + 1, allowed_updates=["callback_query"])
    assert [update.message.text for update in rest if update.message] == ["三"]
    await mother.says("没人听")
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    await bot.set_webhook("http://127.0.0.1:9/")
    with pytest.raises(Conflict, match=r"(?i)webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()


async def test_a_reply_keyboard_is_said_aloud(bot: Bot, server: TelegramServer, mother: Person) -> None:
    await bot.send_message(mother.user_id, "选", reply_markup=ReplyKeyboardMarkup([["问问题", "看课程"]], resize_keyboard=True))
    assert [key.label for key in mother.keyboard] == ["问问题", "看课程"]
    assert await mother.presses("问问题") is None
    assert mother.messages[-1].text == "问问题"
    await bot.send_message(mother.user_id, "好", reply_markup=ReplyKeyboardRemove())
    assert not mother.keyboard
    with pytest.raises(Unmet, match="has no button"):
        await mother.presses("问问题")


async def test_a_group_has_its_own_numbers_and_buttons(bot: Bot, server: TelegramServer, mother: Person) -> None:
    teacher = server.person("老师")
    group = server.group("渝北一组", [teacher])
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("我来", callback_data="take"))
    sent = await bot.send_message(group.chat_id, "新问题", reply_markup=keyboard)
    assert sent.message_id == 1
    await teacher.expects("新问题", where=group)
    press = asyncio.create_task(teacher.presses("我来", where=group))
    query = (await bot.get_updates(offset=-1, timeout=2))[0].callback_query
    assert query is not None
    await query.answer("归你了", show_alert=True)
    answer = await press
    assert answer is not None
    assert (answer.text, answer.show_alert) == ("归你了", True)
    with pytest.raises(Unmet, match="is not in"):
        await mother.says("我也在", to=group)


async def test_a_press_nobody_answers_is_told(bot: Bot, mother: Person) -> None:
    keyboard = InlineKeyboardMarkup.from_row(
        [InlineKeyboardButton("甲", callback_data="a"), InlineKeyboardButton("网页", url="https://a.example")]
    )
    await bot.send_message(mother.user_id, "选", reply_markup=keyboard)
    with pytest.raises(Unmet, match="did not answer the press"):
        await mother.presses("甲", within=0.05)
    with pytest.raises(Unmet, match=r"is a link to https://a\.example"):
        await mother.presses("网页")


async def test_an_update_outlives_a_day_by_nothing(bot: Bot, server: TelegramServer, mother: Person) -> None:
    await mother.says("昨天的话")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert await bot.get_updates() == ()
    assert len(server.updates.lost) == 2


async def ask(server: TelegramServer, method: str, **parameters: object) -> dict[str, Any]:
    """A call with a JSON body, past the library, which would not make the mistake."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}{server.token}/{method}", json=parameters) as reply,
    ):
        found: dict[str, Any] = await reply.json()
        return found
