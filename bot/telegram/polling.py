"""Long polling: updates are fetched raw, stored, committed, and only then confirmed by asking for the next ones."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import sqlalchemy as sa
import structlog
import tenacity
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.telegram.receiving import WANTED, Raw

POLL = 25  # seconds; proxies and mobile routers drop connections that stay silent much longer
GRACE = 10
BATCH = 100
OTHER_POLLER_PAUSE = 5.0
TOKEN_PAUSE = 60.0
TOKEN_REFUSED = "Telegram refuses TELEGRAM_BOT_TOKEN. Ask @BotFather for the right one, put it into .env, start again."  # noqa: S105

Result = TypeVar("Result")
Store = Callable[[Sequence[Raw]], Awaitable[None]]

_log = structlog.get_logger(__name__)
_growing = tenacity.wait_random_exponential(multiplier=0.5, max=30)


async def poll(bot: Bot, request: BaseRequest, store: Store, *, refused: Callable[[bool], None]) -> None:
    """Until cancelled. What was stored but not confirmed comes again and is known by its id. `refused` hears of every fetch whether
    Telegram refuses the token, which may be revoked while we run.

    The library's own `get_updates` is not used: one update that it cannot read would lose the whole batch.
    """
    await insist(bot.delete_webhook)
    offset: int | None = None
    while True:
        batch = await insist(_watched, refused, bot, request, offset)
        if batch:
            await insist(store, batch)
            offset = max(raw["update_id"] for raw in batch) + 1


async def insist(
    call: Callable[..., Awaitable[Result]], *arguments: object, hopeless: tuple[type[TelegramError], ...] = ()
) -> Result:
    """Call until it succeeds, with growing pauses while Telegram or the database is away. Errors that are `hopeless` are raised."""

    def may_pass(error: BaseException) -> bool:
        return isinstance(error, TelegramError | sa.exc.SQLAlchemyError) and not isinstance(error, hopeless)

    return await tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception(may_pass), wait=_pause, before_sleep=_tell, reraise=True
    )(call, *arguments)


async def _watched(refused: Callable[[bool], None], bot: Bot, request: BaseRequest, offset: int | None) -> list[Raw]:
    try:
        found = await _fetch(bot, request, offset)
    except InvalidToken:
        refused(True)
        raise
    refused(False)
    return found


async def _fetch(bot: Bot, request: BaseRequest, offset: int | None) -> list[Raw]:
    asked: dict[str, Any] = {"timeout": POLL, "limit": BATCH, "allowed_updates": json.dumps(WANTED)}
    if offset is not None:
        asked["offset"] = offset
    found = await request.post(f"{bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=POLL + GRACE)
    return cast(list[Raw], found)


def _pause(state: tenacity.RetryCallState) -> float:
    match _error(state):
        case RetryAfter(retry_after=timedelta() as after):
            return after.total_seconds()
        case Conflict():
            return OTHER_POLLER_PAUSE
        case InvalidToken():  # revoked while we run, or a server in between that says 404 for a moment
            return TOKEN_PAUSE
        case _:
            return _growing(state)


def _tell(state: tenacity.RetryCallState) -> None:
    """At the first failure and then ever more rarely. The error itself may hold the token in an address."""
    if state.attempt_number & (state.attempt_number - 1):
        return
    error = _error(state)
    if isinstance(error, Conflict):
        _log.warning("Another program fetches the messages of this bot; only one can. Waiting for it to end.")
    elif isinstance(error, InvalidToken):
        _log.error(TOKEN_REFUSED)
    else:
        _log.warning("Telegram or the database does not answer; trying again.", error=type(error).__name__)


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
