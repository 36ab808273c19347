"""From a stored update to the event it is, with what must happen to it in Telegram at once: presses acknowledged, "typing…" shown."""

import asyncio
from contextlib import suppress
from datetime import datetime

from telegram import Bot, CallbackQuery, Chat, Message
from telegram.constants import ChatAction

from bot.dialogue.events import Incoming
from bot.inbox import budgets
from bot.inbox.actions import MOST_ATTEMPTS
from bot.inbox.models import InboxUpdate
from bot.telegram.bot import show_staff_commands
from bot.telegram.courtesies import Courtesies
from bot.telegram.media import NOTHING, Fetched, fetch, size_of
from bot.telegram.receiving import command_word, named_in, read_update
from bot.telegram.words import WRITE_PRIVATELY, in_lang
from care.families.models import Channel
from care.safety import Level, screen
from care.services import Services
from kit import tokens
from kit.accounts.models import Staff
from kit.accounts.queries import by_telegram
from knowledge.content import Lang

SITE_LINK = "site_"
STAFF_LINK = "s_"


async def to_incoming(services: Services, bot: Bot, row: InboxUpdate, *, courtesies: Courtesies) -> Incoming | None:
    """The event of a claimed row; None when there is nothing to answer and the row is finished.

    Downloads what came with it. Raises telegram.error.TelegramError when that may work later.
    """
    update = read_update(row.payload)
    if update is None:
        return None
    if update.callback_query:
        return _pressed(bot, row, update.callback_query, courtesies)
    if update.edited_message:
        return _edited(row, update.edited_message)
    message = update.message
    if message is None:
        return None
    if message.chat.type != Chat.PRIVATE:
        _ask_to_write_privately(bot, message, courtesies)
        return None
    return await _said(services, bot, row, message, courtesies)


def _pressed(bot: Bot, row: InboxUpdate, query: CallbackQuery, courtesies: Courtesies) -> Incoming | None:
    courtesies.offer(bot.answer_callback_query(query.id))
    if not query.data or (query.message and query.message.chat.type != Chat.PRIVATE):
        return None
    under = str(query.message.message_id) if query.message else ""
    return _incoming(row, lang=lang_of_code(query.from_user.language_code), press=query.data, reply_to=under)


def _edited(row: InboxUpdate, message: Message) -> Incoming | None:
    """A place that moves on, or a caption taken away, comes as an edit too: there are no words in it."""
    text = message.text or message.caption or ""
    if message.chat.type != Chat.PRIVATE or not text:
        return None
    said_as = str(message.message_id)
    return _incoming(row, lang=_lang(message), text=text, reply_to=_replied_to(message), said_as=said_as, edited=True)


async def _said(services: Services, bot: Bot, row: InboxUpdate, message: Message, courtesies: Courtesies) -> Incoming | None:
    word = command_word(message)
    if word:
        return await _command(services, bot, row, message, courtesies, word=word.partition("@")[0].lower())
    courtesies.offer(bot.send_chat_action(message.chat.id, ChatAction.TYPING))
    text = message.text or message.caption or ""
    over_until = await asyncio.to_thread(_over_budget, services, row, text=text, size=size_of(message))
    if over_until:
        return _incoming(row, lang=_lang(message), text=text, said_as=str(message.message_id), over_until=over_until)
    fetched = await fetch(services, bot, message, last_chance=row.attempts >= MOST_ATTEMPTS)
    if not text and fetched == NOTHING:
        return None  # a notice of Telegram's own: somebody pinned a message, changed a picture
    said_as = str(message.message_id)
    return _incoming(row, lang=_lang(message), text=text, reply_to=_replied_to(message), said_as=said_as, fetched=fetched)


def _over_budget(services: Services, row: InboxUpdate, *, text: str, size: int | None) -> datetime | None:
    """Until when she has sent more than her share. Never for danger, never for staff; a try again is not counted again. `size` is
    that of a file, if there is one.
    """
    if row.attempts > 1 or screen(text).level is not Level.NORMAL:
        return None
    with services.database.transaction() as session:
        if by_telegram(session, row.address):
            return None
        try:
            budgets.spend(
                session, services.settings, family=row.lane, files=0 if size is None else 1, size=size or 0
            )  # fmt: skip
        except budgets.OverBudget as error:
            return error.until
    return None


def _replied_to(message: Message) -> str:
    return str(message.reply_to_message.message_id) if message.reply_to_message else ""


async def _command(
    services: Services, bot: Bot, row: InboxUpdate, message: Message, courtesies: Courtesies, *, word: str
) -> Incoming:
    _, _, argument = (message.text or "").partition(" ")
    argument = argument.strip()
    starts = word == "start"
    if starts and argument.startswith(STAFF_LINK):
        await _greet_staff(services, bot, message, courtesies, token=argument.removeprefix(STAFF_LINK))
    return _incoming(
        row,
        lang=_lang(message),
        command=word,
        argument=argument,
        text="" if starts else argument,  # words behind a command are screened like any others; a token is nobody's words
        site_code=argument.removeprefix(SITE_LINK) if starts and argument.startswith(SITE_LINK) else "",
    )


async def _greet_staff(services: Services, bot: Bot, message: Message, courtesies: Courtesies, *, token: str) -> None:
    """The dialogue is about to link this chat to a staff account: it gets the commands of staff."""
    lang = await asyncio.to_thread(_lang_of_staff, services, token)
    if lang:
        courtesies.offer(show_staff_commands(bot, chat_id=message.chat.id, lang=lang))


def _lang_of_staff(services: Services, token: str) -> Lang | None:
    with services.database.transaction() as session:
        try:
            found = tokens.look(session, tokens.TokenPurpose.STAFF_TELEGRAM, token=token)
        except tokens.TokenInvalid:
            return None
        staff = session.get_one(Staff, found.subject_id)
        return "en" if staff.lang == "en" else "zh"


def _ask_to_write_privately(bot: Bot, message: Message, courtesies: Courtesies) -> None:
    """In a group the bot is silent, but for one sentence to somebody who called it by name."""
    if named_in(message) == _name(bot):
        sentence = in_lang(WRITE_PRIVATELY, _lang(message))
        courtesies.offer(bot.send_message(message.chat.id, sentence, message_thread_id=message.message_thread_id))


def _name(bot: Bot) -> str:
    """Empty while Telegram has not told it: then nobody called us by name."""
    with suppress(RuntimeError):
        return bot.username.lower()
    return ""


def _incoming(
    row: InboxUpdate,
    *,
    lang: Lang,
    text: str = "",
    press: str = "",
    command: str = "",
    argument: str = "",
    reply_to: str = "",
    said_as: str = "",
    edited: bool = False,
    over_until: datetime | None = None,
    site_code: str = "",
    fetched: Fetched = NOTHING,
) -> Incoming:
    if row.id is None:
        raise ValueError("not stored yet")
    return Incoming(
        update=row.id,
        key=row.key,
        channel=Channel.TELEGRAM,
        address=row.address,
        lang_hint=lang,
        text=text,
        press=press,
        command=command,
        argument=argument,
        media=fetched.media,
        unsupported=fetched.unsupported,
        reply_to=reply_to,
        said_as=said_as,
        edited=edited,
        over_until=over_until,
        site_code=site_code,
    )


def _lang(message: Message) -> Lang:
    return lang_of_code(message.from_user.language_code if message.from_user else None)


def lang_of_code(code: str | None) -> Lang:
    """Telegram's language of the app; who tells none is spoken to in Chinese."""
    return "zh" if not code or code.lower().startswith("zh") else "en"
