"""Values of the stand-in's world (accounts, chats, messages, button presses) and how each looks on the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

JsonObject = dict[str, Any]  # decoded JSON: its shape is checked where it enters, by the models of `requests`


class ChatKind(StrEnum):
    PRIVATE = "private"
    SUPERGROUP = "supergroup"


@dataclass(frozen=True, slots=True)
class Account:
    """A person or the bot, as Telegram knows them."""

    user_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def wire(self) -> JsonObject:
        known = {
            "id": self.user_id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {name: value for name, value in known.items() if value is not None}


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat (its id is the person's) or a supergroup (negative id)."""

    chat_id: int
    kind: ChatKind
    title: str
    started: bool = False
    blocked: bool = False
    members: list[Account] = field(default_factory=list)

    def wire(self) -> JsonObject:
        name = "first_name" if self.kind is ChatKind.PRIVATE else "title"
        return {"id": self.chat_id, "type": self.kind.value, name: self.title}


@dataclass(frozen=True, slots=True)
class Button:
    """One button as a person sees it, under a message or in place of her keyboard."""

    label: str
    callback_data: str | None = None
    url: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """One message as it is shown now; `body` holds the content fields in wire form, `changed` grows with every change in the world."""

    message_id: int
    chat: Chat
    sender: Account
    date: datetime
    body: JsonObject
    changed: int
    inline: list[list[JsonObject]] | None = None
    markup: JsonObject | None = None
    reply_to: "Message | None" = None
    edited: datetime | None = None
    deleted: bool = False
    silent: bool = False
    protected: bool = False

    @property
    def text(self) -> str:
        """The words shown: the text, or the caption of a photo, voice note or document."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def kind(self) -> str:
        """`text`, `photo`, `voice`, `document`, `sticker`, `location` or `contact`."""
        return next(
            (name for name in ("photo", "voice", "document", "sticker", "location", "contact") if name in self.body), "text"
        )

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Buttons under the message, from top left to bottom right."""
        keys = [key for row in self.inline or [] for key in row]
        return tuple(Button(key["text"], key.get("callback_data"), key.get("url")) for key in keys)

    @property
    def keyboard(self) -> tuple[Button, ...]:
        """Buttons of the reply keyboard that came with the message."""
        keys = [key for row in (self.markup or {}).get("keyboard", []) for key in row]
        return tuple(Button(key if isinstance(key, str) else key["text"]) for key in keys)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)

    def wire(self, *, with_reply: bool = True) -> JsonObject:
        answer: JsonObject = {
            "message_id": self.message_id,
            "from": self.sender.wire(),
            "chat": self.chat.wire(),
            "date": int(self.date.timestamp()),
            **self.body,
        }
        if self.edited is not None:
            answer["edit_date"] = int(self.edited.timestamp())
        if self.inline:
            answer["reply_markup"] = {"inline_keyboard": self.inline}
        if self.protected:
            answer["has_protected_content"] = True
        if self.reply_to is not None and with_reply:
            answer["reply_to_message"] = self.reply_to.wire(with_reply=False)
        return answer


@dataclass(frozen=True, slots=True)
class Answered:
    """How the bot acknowledged a press: nothing to see, a short note at the top, or an alert to close."""

    text: str | None = None
    show_alert: bool = False
    url: str | None = None


@dataclass(slots=True, eq=False)
class Press:
    """A callback query: a press waiting for its answer."""

    query_id: str
    message: Message
    data: str
    at: datetime
    answered: Answered | None = None
