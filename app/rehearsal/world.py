"""The stand-in's world: who there is, what was said where, which presses wait. Every change wakes those who watch."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import TypeVar

from app.rehearsal.files import FileStore
from app.rehearsal.refusals import bad, forbidden
from app.rehearsal.shapes import Account, Chat, ChatKind, JsonObject, Message, Press
from kit import clock

T = TypeVar("T")
QUERY_LIFETIME = timedelta(seconds=150)  # how long a press may wait for its answer


class World:
    """Private chats share one counter of message ids, each supergroup has its own, as with Telegram."""

    def __init__(self, bot: Account) -> None:
        self.bot = bot
        self.query_lifetime = QUERY_LIFETIME
        self.files = FileStore()
        self.accounts: dict[int, Account] = {bot.user_id: bot}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[tuple[str, str], list[JsonObject]] = {}
        self.menu_buttons: dict[int | None, JsonObject] = {}
        self._changes = count(1)
        self._people = count(700_000_001)
        self._groups = count(1)
        self._private_ids = count(1)
        self._group_ids: dict[int, count[int]] = {}
        self._albums = count(13_000_000_000_000_001)
        self._queries = count(3_000_000_000_000_000_001)
        self._pulse = asyncio.Event()

    def add_person(self, name: str, language_code: str | None) -> Chat:
        account = Account(next(self._people), name, language_code=language_code)
        self.accounts[account.user_id] = account
        chat = Chat(account.user_id, ChatKind.PRIVATE, name, members=[account])
        self.chats[chat.chat_id] = chat
        return chat

    def add_group(self, title: str, members: list[Account]) -> Chat:
        chat = Chat(
            -1_001_000_000_000 - next(self._groups), ChatKind.SUPERGROUP, title, started=True, members=[*members, self.bot]
        )
        self.chats[chat.chat_id] = chat
        self._group_ids[chat.chat_id] = count(1)
        return chat

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat a bot may write to, or the refusal Telegram gives."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if self.bot not in chat.members and chat.kind is ChatKind.SUPERGROUP:
            raise forbidden("bot was kicked from the supergroup chat")
        return chat

    def post(self, chat: Chat, sender: Account, *, body: JsonObject, reply_to: Message | None = None) -> Message:
        """Put a message into a chat."""
        numbers = self._group_ids.get(chat.chat_id, self._private_ids)
        message = Message(next(numbers), chat, sender, clock.now(), body, self.touch(), reply_to=reply_to)
        self.messages.setdefault(chat.chat_id, {})[message.message_id] = message
        return message

    def find(self, chat_id: int | str, message_id: int) -> Message | None:
        """The message, unless it was deleted."""
        message = self.messages.get(chat_id, {}).get(message_id) if isinstance(chat_id, int) else None
        return None if message is None or message.deleted else message

    def shown(self, chat: Chat) -> tuple[Message, ...]:
        """What stands in a chat now, oldest first."""
        return tuple(message for message in self.messages.get(chat.chat_id, {}).values() if not message.deleted)

    def next_album(self) -> str:
        """A `media_group_id` nobody has had."""
        return str(next(self._albums))

    def next_query(self) -> str:
        """The id of a press."""
        return str(next(self._queries))

    def touch(self) -> int:
        """Something changed: number the change and wake the watchers."""
        self._pulse.set()
        self._pulse = asyncio.Event()
        return next(self._changes)

    async def until(self, look: Callable[[], T | None], *, within: float) -> T | None:
        """What `look` finds, now or as soon as a change makes it find something; None when `within` seconds pass."""
        try:
            async with asyncio.timeout(within):
                while (found := look()) is None:
                    await self._pulse.wait()
                return found
        except TimeoutError:
            return look()
