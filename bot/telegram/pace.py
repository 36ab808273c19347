"""How fast we may speak: Telegram takes about 30 messages a second from a bot, and about one a second in a chat.

Each limit is a leaky bucket kept as one time, the moment at which it will be empty. The loop's own seconds count here, not the
house's clock: the limits are Telegram's, and no rehearsal moves its clock.
"""

import asyncio

OVERALL_PER_SECOND = 25.0
OVERALL_BURST = 5  # so that no second ever holds more than 30
CHAT_PER_SECOND = 1.0
CHAT_BURST = 3  # an answer and what belongs to it come at once
MOST_CHATS = 10_000


class Bucket:
    """`burst` messages at once, then `rate` a second."""

    def __init__(self, rate: float, burst: int) -> None:
        self._gap = 1 / rate
        self._slack = self._gap * (burst - 1)
        self.empty_at = 0.0

    def reserve(self, now: float) -> float:
        """Take the next place; the seconds to wait for it."""
        starts = max(self.empty_at, now)
        self.empty_at = starts + self._gap
        return max(0.0, starts - self._slack - now)


class Pace:
    def __init__(self) -> None:
        self._overall = Bucket(OVERALL_PER_SECOND, OVERALL_BURST)
        self._chats: dict[str, Bucket] = {}

    async def turn(self, chat: str) -> None:
        """Wait until one more message may go to this chat."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._bucket(chat, loop.time()).reserve(loop.time()))
        await asyncio.sleep(self._overall.reserve(loop.time()))

    def _bucket(self, chat: str, now: float) -> Bucket:
        if len(self._chats) >= MOST_CHATS:
            self._chats = {name: bucket for name, bucket in self._chats.items() if bucket.empty_at > now}
        return self._chats.setdefault(chat, Bucket(CHAT_PER_SECOND, CHAT_BURST))
