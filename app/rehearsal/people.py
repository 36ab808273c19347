"""The people of a rehearsal: what a parent or an instructor does in Telegram, and what she sees there."""

import asyncio
import re
from collections.abc import Sequence

from app.rehearsal.files import Upload, document_body, photo_body, voice_body
from app.rehearsal.markup import units
from app.rehearsal.refusals import Unmet
from app.rehearsal.shapes import Account, Answered, Button, Chat, ChatKind, JsonObject, Message, Press
from app.rehearsal.updates import Updates
from app.rehearsal.world import World
from kit import clock

CALLBACK_LANE = "callback"
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")

Wanted = str | re.Pattern[str]


class Group:
    """A supergroup with the bot in it."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    @property
    def chat_id(self) -> int:
        return self.chat.chat_id

    @property
    def messages(self) -> tuple[Message, ...]:
        return self._world.shown(self.chat)


class Person:
    """One person with a Telegram account. What she does counts from then on: `expects` looks at what came after her last act."""

    def __init__(self, world: World, updates: Updates, chat: Chat) -> None:
        self._world = world
        self._updates = updates
        self.chat = chat
        self._mark = 0

    @property
    def account(self) -> Account:
        return self._world.accounts[self.chat.chat_id]

    @property
    def user_id(self) -> int:
        return self.account.user_id

    @property
    def messages(self) -> tuple[Message, ...]:
        """Her private chat with the bot as it is shown now, both sides, oldest first."""
        return self._world.shown(self.chat)

    @property
    def received(self) -> tuple[Message, ...]:
        """What the bot wrote to her, as it is shown now."""
        return tuple(message for message in self.messages if message.from_bot)

    @property
    def keyboard(self) -> tuple[Button, ...]:
        """The reply keyboard that stands in place of her own now, empty when none does."""
        given = [message for message in self.messages if message.markup is not None]
        return given[-1].keyboard if given else ()

    async def says(self, text: str, *, to: Group | None = None) -> Message:
        return await self._writes(_text(text), to=to)

    async def starts(self, payload: str = "") -> Message:
        """Opens the bot, by a link with a payload when one is given."""
        return await self.says(f"/start {payload}".strip())

    async def replies(self, to_message: Message, text: str) -> Message:
        """Answers a message with Telegram's own reply, in the chat where it stands."""
        where = None if to_message.chat is self.chat else Group(self._world, to_message.chat)
        return await self._writes(_text(text), to=where, reply_to=to_message)

    async def forwards(self, text: str, *, of: str) -> Message:
        """Passes on what somebody of that name wrote to her, who hides her account when words of hers are passed on."""
        origin: JsonObject = {"type": "hidden_user", "sender_user_name": of, "date": int(clock.now().timestamp())}
        return await self._writes({**_text(text), "forward_origin": origin}, to=None)

    async def sends_photo(self, content: bytes, *, caption: str = "", to: Group | None = None) -> Message:
        body = photo_body(self._world.files, Upload("photo.jpg", content, "image/jpeg"))
        return await self._writes({**body, **_caption(caption)}, to=to)

    async def sends_album(self, contents: Sequence[bytes], *, caption: str = "", to: Group | None = None) -> list[Message]:
        """Photos sent together: separate updates with one `media_group_id`, the caption on the first, no end marker."""
        group = self._world.next_album()
        sent = []
        for number, content in enumerate(contents):
            body = photo_body(self._world.files, Upload("photo.jpg", content, "image/jpeg"))
            words = _caption(caption if number == 0 else "")
            sent.append(await self._writes({**body, **words, "media_group_id": group}, to=to))
        return sent

    async def sends_voice(self, content: bytes, *, seconds: int = 3, caption: str = "", to: Group | None = None) -> Message:
        body = voice_body(self._world.files, Upload("voice.oga", content, "audio/ogg"), seconds)
        return await self._writes({**body, **_caption(caption)}, to=to)

    async def sends_document(
        self, content: bytes, *, filename: str, mime: str = "application/octet-stream", caption: str = "", to: Group | None = None
    ) -> Message:
        body = document_body(self._world.files, Upload(filename, content, mime))
        return await self._writes({**body, **_caption(caption)}, to=to)

    async def sends_sticker(self, emoji: str = "👍", *, to: Group | None = None) -> Message:
        upload = Upload("sticker.webp", emoji.encode(), "image/webp")
        facts: JsonObject = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return await self._writes({"sticker": self._world.files.keep("sticker", upload, **facts).wire}, to=to)

    async def sends_location(self, latitude: float, longitude: float, *, to: Group | None = None) -> Message:
        return await self._writes({"location": {"latitude": latitude, "longitude": longitude}}, to=to)

    async def sends_contact(self, phone_number: str, *, first_name: str | None = None, to: Group | None = None) -> Message:
        """Her own contact, unless another name is given."""
        contact: JsonObject = {"phone_number": phone_number, "first_name": first_name or self.account.first_name}
        if first_name is None:
            contact["user_id"] = self.user_id
        return await self._writes({"contact": contact}, to=to)

    async def edits(self, message: Message, text: str) -> Message:
        """Changes the text of a message of her own."""
        if message.sender is not self.account or "text" not in message.body:
            raise Unmet("only a text message of one's own can be edited")
        message.body, message.edited, message.changed = _text(text), clock.now(), self._world.touch()
        self._mark = message.changed
        self._updates.add("edited_message", message.wire(), lane=("chat", message.chat.chat_id))
        await asyncio.sleep(0)
        return message

    async def presses(
        self, label: str, *, on: Message | None = None, where: Group | None = None, within: float | None = 5.0
    ) -> Answered | None:
        """Presses the button with this label, else one whose label contains it, on the newest message that has one.

        Waits until the bot answers the press, at most `within` seconds; raises Unmet when it does not. `within=None` does not wait.
        A button of a reply keyboard is said aloud, as Telegram does it, and has no answer.
        """
        found = self._find_button(label, on=on, where=where)
        if found is None:
            await self._presses_key(label, where)
            return None
        message, button = found
        if button.callback_data is None:
            raise Unmet(f"{button.label!r} is a link to {button.url}: read it from message.buttons")
        press = await self._query(message, button.callback_data)
        if within is None:
            return None
        if await self._world.until(lambda: press.answered, within=within) is None:
            raise Unmet(f"the bot did not answer the press of {button.label!r} within {within} s")
        return press.answered

    async def expects(self, wanted: Wanted, *, within: float = 5.0, where: Group | None = None, ever: bool = False) -> Message:
        """Waits for a message of the bot that contains `wanted` (a text or a pattern), new or edited since her last act.

        `ever` looks at everything that is shown. Raises Unmet with what she saw instead.
        """
        chat = where.chat if where else self.chat
        mark = 0 if ever else self._mark
        found = await self._world.until(lambda: self._look(chat, wanted, mark), within=within)
        if found is None:
            raise Unmet(f"{self.account.first_name} waited {within} s for {_words(wanted)!r} and saw:\n{self._screen(chat)}")
        return found

    async def expects_nothing(self, wanted: Wanted = "", *, within: float = 0.5, where: Group | None = None) -> None:
        """Waits `within` seconds and raises Unmet if a message with `wanted` (by default: any) comes."""
        chat, mark = where.chat if where else self.chat, self._mark
        found = await self._world.until(lambda: self._look(chat, wanted, mark), within=within)
        if found is not None:
            raise Unmet(f"{self.account.first_name} expected silence and saw: {found.text!r}")

    async def blocks(self) -> None:
        """Blocks the bot: it gets 403 from now on, and a `my_chat_member` update."""
        await self._membership("member", "kicked")

    async def unblocks(self) -> None:
        await self._membership("kicked", "member")

    async def _writes(self, body: JsonObject, *, to: Group | None, reply_to: Message | None = None) -> Message:
        chat = to.chat if to else self.chat
        if chat.kind is ChatKind.SUPERGROUP and self.account not in chat.members:
            raise Unmet(f"{self.account.first_name} is not in {chat.title}")
        chat.started, chat.blocked = True, False
        message = self._world.post(chat, self.account, body=body, reply_to=reply_to)
        self._mark = message.changed
        self._updates.add("message", message.wire(), lane=("chat", chat.chat_id))
        await asyncio.sleep(0)
        return message

    async def _presses_key(self, label: str, where: Group | None) -> None:
        key = next((key.label for key in self.keyboard if label in key.label), None)
        if key is None:
            chat = where.chat if where else self.chat
            raise Unmet(f"{self.account.first_name} has no button {label!r}; she sees:\n{self._screen(chat)}")
        await self.says(key, to=where)

    async def _query(self, message: Message, data: str) -> Press:
        press = Press(self._world.next_query(), message, data, clock.now())
        self._world.presses[press.query_id] = press
        self._mark = self._world.touch()
        body: JsonObject = {
            "id": press.query_id,
            "from": self.account.wire(),
            "message": message.wire(),
            "chat_instance": str(message.chat.chat_id * 7919),
            "data": data,
        }
        self._updates.add("callback_query", body, lane=(CALLBACK_LANE, self.user_id))
        await asyncio.sleep(0)
        return press

    def _find_button(self, label: str, *, on: Message | None, where: Group | None) -> tuple[Message, Button] | None:
        chat = where.chat if where else self.chat
        candidates = [on] if on is not None else [message for message in self._world.shown(chat) if message.from_bot]
        shown = [(message, button) for message in reversed(candidates) for button in message.buttons]
        exact = (pair for pair in shown if pair[1].label == label)
        near = (pair for pair in shown if label in pair[1].label)
        return next(exact, None) or next(near, None)

    def _look(self, chat: Chat, wanted: Wanted, mark: int) -> Message | None:
        pattern = wanted if isinstance(wanted, re.Pattern) else re.compile(re.escape(wanted))
        fresh = (message for message in self._world.shown(chat) if message.from_bot and message.changed > mark)
        return next((message for message in fresh if pattern.search(message.text)), None)

    def _screen(self, chat: Chat) -> str:
        """The last messages, for an error a person reads."""
        lines = []
        for message in self._world.shown(chat)[-8:]:
            who = "bot" if message.from_bot else message.sender.first_name
            buttons = " ".join(f"[{label}]" for label in message.labels)
            lines.append(f"  {who}: {message.text or '(' + message.kind + ')'} {buttons}".rstrip())
        return "\n".join(lines) or "  (nothing)"

    async def _membership(self, before: str, after: str) -> None:
        self.chat.blocked = after == "kicked"
        bot = self._world.bot.wire()
        self._mark = self._world.touch()
        body: JsonObject = {
            "chat": self.chat.wire(),
            "from": self.account.wire(),
            "date": int(clock.now().timestamp()),
            "old_chat_member": _member(bot, before),
            "new_chat_member": _member(bot, after),
        }
        self._updates.add("my_chat_member", body, lane=("chat", self.chat.chat_id))
        await asyncio.sleep(0)


def _text(text: str) -> JsonObject:
    """A typed text: trimmed, and its commands marked, without which no bot sees a command."""
    plain = text.strip()
    if not plain or units(plain) > 4096:
        raise Unmet("Telegram sends texts of 1 to 4096 characters")
    marks = [
        {"type": "bot_command", "offset": units(plain[: found.start()]), "length": units(found.group())}
        for found in _COMMAND.finditer(plain)
    ]
    return {"text": plain, "entities": marks} if marks else {"text": plain}


def _caption(caption: str) -> JsonObject:
    return {"caption": caption} if caption else {}


def _words(wanted: Wanted) -> str:
    return wanted if isinstance(wanted, str) else wanted.pattern


def _member(bot: JsonObject, status: str) -> JsonObject:
    return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
