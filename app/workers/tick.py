"""What the clock brings: each second the truth about late pages and the edition that is live, each hour what may be forgotten."""

from datetime import datetime, timedelta

from app.workers.loops import Threads
from bot.inbox import actions as inbox
from care.duty import actions as duty
from care.duty import climbing, following, holding
from care.editions import queries as editions
from care.gaps import actions as gaps
from care.homework import looking, settling
from care.privacy import keeping
from care.recalls import actions as recalling
from care.recalls import queries as recalls
from care.services import Services
from kit import clock
from kit.limits import forget_attempts

TIDY_EVERY = timedelta(hours=1)
ATTEMPTS_KEPT = timedelta(days=1)


class Tick:
    """`step` is for `loops.repeat`. By `kit.clock`, so that a rehearsal can move it."""

    def __init__(self, services: Services, *, threads: Threads) -> None:
        self._services = services
        self._threads = threads
        self._tidied: datetime | None = None

    async def step(self) -> bool:
        await self._threads.run(look, self._services)
        if self._tidied is None or clock.now() - self._tidied >= TIDY_EVERY:
            await self._threads.run(tidy, self._services)
            self._tidied = clock.now()
        return False


def look(services: Services) -> None:
    with services.database.transaction() as session:
        settings = services.settings
        addresses, last = len(settings.duty_addresses), bool(settings.duty_last)
        holding.due(session, hours=services.hours, addresses=addresses, last=last)
        climbing.call_who_came(session, hours=services.hours)
        climbing.climb(session, hours=services.hours, addresses=addresses, last=last)
        duty.due(session)
        following.due(session)
        live = editions.answering(session, allow_unreviewed=services.allow_unreviewed)
        wrong = recalls.withheld(session)
        recalling.due(session)
        gaps.due(session, live)
    services.library.withhold(wrong)
    services.library.follow(live, services.blobs)
    gather(services)


def gather(services: Services) -> None:
    """What was handed in as homework: looked at outside any transaction, then settled once it is complete."""
    looking.look(services.database, services.blobs)
    with services.database.transaction() as session:
        settling.due(session, hours=services.hours, keeper_login=services.settings.held_pictures_to)


def tidy(services: Services) -> None:
    with services.database.transaction() as session:
        inbox.drop_old(session)
        forget_attempts(session, before=clock.now() - ATTEMPTS_KEPT)
    with services.database.transaction() as session:
        keeping.due(session, services.blobs, clock.now(), signing_key=services.signing_key)
