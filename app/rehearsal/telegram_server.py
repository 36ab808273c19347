"""The stand-in Bot API server as a test or a rehearsal holds it: start it, meet people, order faults, read the ledger."""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from app.rehearsal import chat_methods, sending_methods, update_methods
from app.rehearsal.bot_api import BotApi
from app.rehearsal.control import add_control
from app.rehearsal.faults import Fault, Order
from app.rehearsal.ledger import Call, Ledger
from app.rehearsal.people import Group, Person
from app.rehearsal.refusals import Unmet
from app.rehearsal.shapes import Account, Message
from app.rehearsal.updates import Update, Updates
from app.rehearsal.world import World

TOKEN = "4242424242:rehearsal-token-that-opens-nothing"  # noqa: S105 - opens nothing
METHOD_MODULES = (chat_methods, sending_methods, update_methods)  # importing them fills the table of methods


class TelegramServer:
    """A Bot API server for one bot, on this machine only; use it as an async context manager.

    `backoff` is the wait in seconds before a webhook's second retry; it doubles from there to one or two minutes.
    """

    def __init__(self, *, port: int = 0, token: str = TOKEN, host: str = "127.0.0.1", backoff: float = 1.0) -> None:
        bot = Account(int(token.split(":")[0]), "陪伴（排练）", username="peiban_rehearsal_bot", is_bot=True)
        self.token = token
        self.world = World(bot)
        self.updates = Updates()
        self._api = BotApi(token=token, world=self.world, updates=self.updates, backoff=backoff)
        self._host, self._port = host, port
        self._people: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = self._api.web_app()
        add_control(app, self)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None) -> None:
        self._api.close()
        self.updates.stop_polls()
        if self.updates.webhook is not None:
            await self.updates.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def accept_token(self, token: str) -> None:
        """From now on this one alone, as when @BotFather has revoked the one before."""
        self._api.accept_token(token)

    @property
    def url(self) -> str:
        """The value for TELEGRAM_API_URL: where `https://api.telegram.org` would stand."""
        return f"http://{self._host}:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls base_url."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot calls base_file_url."""
        return f"{self.url}/file/bot"

    @property
    def calls(self) -> Ledger:
        """Every call of the bot, oldest first."""
        return self._api.calls

    @property
    def refused(self) -> Sequence[Call]:
        """Calls in which the bot broke a rule of the Bot API; a story should end with none."""
        return self.calls.refused

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(self._people.values())

    def person(self, name: str, *, language_code: str | None = "zh") -> Person:
        """The person of that name, new at the first mention."""
        if name not in self._people:
            self._people[name] = Person(self.world, self.updates, self.world.add_person(name, language_code))
        return self._people[name]

    def group(self, title: str, members: Iterable[Person]) -> Group:
        """A new supergroup with these people and the bot."""
        return Group(self.world, self.world.add_group(title, [member.account for member in members]))

    def fail_next(
        self, method: str, *, kind: Fault | str, times: int = 1, retry_after: int = 1, person: Person | None = None
    ) -> None:
        """Let the next `times` calls of a method fail (`*`: any method, `file`: a download); `person` narrows it to her chat."""
        self._api.faults.add(Order(method, Fault(kind), times, retry_after, person.user_id if person else None))

    def redeliver(self, update: Update | Message | int | None = None) -> Update:
        """Deliver an update once more although it was confirmed: by itself, its id, the message it brought, or the newest."""
        found = self._find(update)
        self.updates.deliver_loose([found])
        return found

    def hold_updates(self) -> None:
        """Keep back what people do from now on, until `release_updates`."""
        self.updates.hold()

    def release_updates(self, order: Iterable[int] | None = None) -> list[Update]:
        """Deliver what was kept back: newest first, or in the order of update ids given."""
        return self.updates.release(order)

    async def wait_for_call(self, method: str, *, count: int = 1, within: float = 5.0) -> Call:
        """The `count`-th finished call of a method, as soon as there is one."""

        def nth() -> Call | None:
            made = [call for call in self.calls.of(method) if call.status or call.fault]
            return made[count - 1] if len(made) >= count else None

        found = await self.world.until(nth, within=within)
        if found is None:
            raise Unmet(f"{method} was called {len(self.calls.of(method))} times in {within} s, not {count}")
        return found

    def _find(self, update: Update | Message | int | None) -> Update:
        history = self.updates.history
        if isinstance(update, Update):
            return update
        if isinstance(update, int):
            return history[update]
        known = list(history.values())
        if update is not None:
            key = (update.chat.chat_id, update.message_id)
            known = [one for one in known if one.kind == "message" and (one.body["chat"]["id"], one.body["message_id"]) == key]
        if not known:
            raise Unmet("there is no such update to deliver again")
        return known[-1]
