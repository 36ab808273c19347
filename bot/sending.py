"""How messages leave: the port of a channel that sends, and the ways a send can fail. Claiming and settling rows is app.workers."""

from datetime import timedelta
from typing import Protocol

from bot.dialogue.events import Rendered
from kit.errors import NotAllowed, Unavailable, WrongState


class Sends(Protocol):
    """A channel that pushes. The chat page does not: its rows are sent when the page shows them."""

    async def send(self, address: str, rendered: Rendered) -> str:
        """The channel's own id of the message. Raises Unreachable, TryLater, Refused, Doubtful; anything else counts as Doubtful."""
        ...


class Unreachable(NotAllowed):
    """The person blocked us or is gone: nothing more goes to this address."""


class TryLater(Unavailable):
    """It certainly was not sent; after a while it may be."""

    def __init__(self, message: str = "", /, *, after: timedelta) -> None:
        super().__init__(message)
        self.after = after


class Refused(WrongState):
    """The channel will never take this message."""


class Doubtful(Unavailable):
    """It may have been sent or not: a time-out, a broken connection, a server's failure after the request left."""
