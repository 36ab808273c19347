"""Messages that a parent cleared from her screen are deleted in her chat too, where the channel allows it."""

from typing import Protocol

from app.workers.loops import Threads
from bot.sending import Doubtful, Refused, TryLater, Unreachable
from care.families.models import Channel
from care.messages import actions as messages
from care.messages.models import Message
from care.services import Services


class Removes(Protocol):
    async def remove(self, address: str, remote_id: str) -> None:
        """Raises as `Sends.send` does; a message that is gone already is no error."""
        ...


class Remover:
    """`step` is for `loops.repeat`. Deleting twice does no harm, so one that was killed just begins again."""

    def __init__(self, services: Services, channel: Channel, removes: Removes, *, threads: Threads) -> None:
        self._services, self._channel, self._removes, self._threads = services, channel, removes, threads

    async def step(self) -> bool:
        rows = await self._threads.run(self._waiting)
        for row in rows:
            try:
                await self._removes.remove(row.address, row.remote_id)
            except (TryLater, Doubtful):
                return False
            except (Refused, Unreachable):
                pass  # it never will be: as good as done
            await self._threads.run(self._removed, row)
        return bool(rows)

    def _waiting(self) -> list[Message]:
        with self._services.database.transaction() as session:
            return list(messages.removals(session, self._channel))

    def _removed(self, row: Message) -> None:
        with self._services.database.transaction() as session:
            messages.removed(session, row.number)
