"""From a raw update to a row of the inbox, for polling and webhook alike. What an update means is told in bot.telegram.events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from sqlmodel import Session
from telegram import Chat, Message, Update

from bot.inbox import actions as inbox
from care.families.models import Channel
from care.services import Services

WANTED = ("message", "edited_message", "callback_query")
UNREADABLE_LANE = "telegram:unreadable"

Raw = dict[str, Any]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """`lane` keeps one person's messages and presses in one order; `address` is the chat that is answered."""

    lane: str
    address: str


def receive(services: Services, updates: Sequence[Raw]) -> None:
    """Store them in one transaction; acknowledge to Telegram only after this returned."""
    with services.database.transaction() as session:
        for raw in updates:
            _keep(session, raw)


def _keep(session: Session, raw: Raw) -> None:
    number = raw.get("update_id")
    origin = origin_of(raw)
    if not isinstance(number, int) or origin is None:
        return
    try:
        _store(session, raw, number=number, origin=origin)
    except sa.exc.DataError:  # it would come again for ever and block everybody behind it
        _log.warning("an update holds signs that cannot be stored; they were replaced", update_id=number)
        _store(session, mended(raw), number=number, origin=origin)


def _store(session: Session, raw: Raw, *, number: int, origin: Origin) -> None:
    with session.begin_nested():
        inbox.store(session, Channel.TELEGRAM, update_id=str(number), lane=origin.lane, address=origin.address, payload=raw)


def mended(found: Any) -> Any:
    """The same JSON without the two things that no database takes: the sign of number 0, and half of a pair of signs."""
    if isinstance(found, str):
        return found.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(found, dict):
        return {mended(name): mended(value) for name, value in found.items()}
    return [mended(each) for each in found] if isinstance(found, list) else found


def origin_of(raw: Raw) -> Origin | None:
    """Whose lane it belongs in; None for what we neither answer nor keep: talk in groups, channels, news of memberships."""
    update = read_update(raw)
    if update is None:
        return Origin(UNREADABLE_LANE, "")
    if update.callback_query:
        person = str(update.callback_query.from_user.id)
        return Origin(f"telegram:{person}", person)
    message = update.message or update.edited_message
    if message is None:
        return None
    address = str(message.chat.id)
    if message.chat.type == Chat.PRIVATE:
        return Origin(f"telegram:{address}", address)
    return Origin(f"telegram:{address}:{message.message_thread_id or 0}", address) if named_in(message) else None


def read_update(raw: Raw) -> Update | None:
    """None for what the library cannot read."""
    try:
        return Update.de_json(dict(raw), None)
    except Exception:  # whatever is wrong inside, it must not stop the updates behind it
        return None


def named_in(message: Message) -> str:
    """The bot that a command is addressed to, as in `/help@some_bot`, in small letters; empty where none is named."""
    word = command_word(message)
    return word.partition("@")[2].lower()


def command_word(message: Message) -> str:
    """The command that a message begins with, without its slash."""
    first = message.entities[0] if message.entities else None
    if first is None or first.type != first.BOT_COMMAND or first.offset != 0:
        return ""
    return message.parse_entity(first).removeprefix("/")
