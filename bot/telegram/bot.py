"""The library's Bot made from our settings, and what it shows of itself in Telegram: commands and the menu button."""

from collections.abc import Sequence

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, MenuButtonCommands

from bot.telegram.request import AiohttpRequest
from bot.telegram.words import PARENT_COMMANDS, STAFF_COMMANDS, Commands, described
from kit.settings import Settings
from knowledge.content import Lang

POLL_CONNECTIONS = 2


def make_requests(settings: Settings) -> tuple[AiohttpRequest, AiohttpRequest]:
    """For polling and for everything else, so that a poll never waits for a connection. Raises request.ProxyNotSupported."""
    proxy = settings.telegram_proxy or None
    return AiohttpRequest(connections=POLL_CONNECTIONS, proxy=proxy), AiohttpRequest(proxy=proxy)


def make_bot(settings: Settings, *, polls: AiohttpRequest, calls: AiohttpRequest) -> Bot:
    """Talks to TELEGRAM_API_URL for calls and files alike; the network is not touched yet."""
    server = settings.telegram_api_url.rstrip("/")
    return Bot(
        settings.telegram_bot_token.get_secret_value().strip(),
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        request=calls,
        get_updates_request=polls,
    )


async def introduce(bot: Bot) -> None:
    """Commands of parents in both languages, and the button that lists them. Chinese stands for every other language too."""
    everyone = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(_listed(PARENT_COMMANDS, "zh"), scope=everyone)
    await bot.set_my_commands(_listed(PARENT_COMMANDS, "en"), scope=everyone, language_code="en")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def show_staff_commands(bot: Bot, *, chat_id: int, lang: Lang) -> None:
    """In this one chat; the parents' commands give way to them there."""
    await bot.set_my_commands(_listed(STAFF_COMMANDS, lang), scope=BotCommandScopeChat(chat_id))


def _listed(commands: Commands, lang: Lang) -> Sequence[BotCommand]:
    return [BotCommand(name, words) for name, words in described(commands, lang)]
