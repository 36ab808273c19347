"""The door through which Telegram hands over updates when PUBLIC_URL is set: its address, its secret, and asking Telegram to use it."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from telegram import Bot

from bot.telegram.receiving import WANTED
from care.services import Services
from kit.errors import Invalid

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LARGEST_UPDATE = 1024 * 1024
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class BadWebhookSecret(Invalid):
    """TELEGRAM_WEBHOOK_SECRET may hold 1 to 256 letters, digits, _ and - only."""


@dataclass(frozen=True, slots=True)
class Door:
    """`path` stands below `/telegram/`. Both are the same in every process of an installation."""

    path: str
    secret: str

    def opens_to(self, *, path: str, secret: str) -> bool:
        """Compared in constant time, both always."""
        right_path = hmac.compare_digest(path.encode(), self.path.encode())
        right_secret = hmac.compare_digest(secret.encode(), self.secret.encode())
        return right_path and right_secret


def door(services: Services) -> Door:
    """Raises BadWebhookSecret."""
    given = services.settings.telegram_webhook_secret.get_secret_value()
    if given and not _SECRET.fullmatch(given):
        raise BadWebhookSecret
    return Door(_derived(services, "path")[:20], given or _derived(services, "secret"))


def _derived(services: Services, purpose: str) -> str:
    return hmac.new(services.signing_key.encode(), f"telegram webhook {purpose}".encode(), hashlib.sha256).hexdigest()


async def ask_for_delivery(bot: Bot, services: Services) -> None:
    """Raises telegram.error.BadRequest for an address that Telegram does not take, such as one without https."""
    ours = door(services)
    address = f"{services.settings.public_url.rstrip('/')}/telegram/{ours.path}"
    await bot.set_webhook(address, secret_token=ours.secret, allowed_updates=WANTED)
