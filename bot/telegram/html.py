"""Blocks and buttons in Telegram's own form: HTML texts within its limit of length, and an inline keyboard."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlsplit

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.dialogue.events import Block, BlockKind, Button, Rendered

LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)
LONGEST_PRESS = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
GAP = "\n\n"
ALARM = "🚨 "

_LOOKS = {
    BlockKind.TEXT: "{}",
    BlockKind.TITLE: "<b>{}</b>",
    BlockKind.SMALL: "<i>{}</i>",
    BlockKind.ALERT: ALARM + "<b>{}</b>",
}
_ENDS = (re.compile(r".*\n", re.DOTALL), re.compile(r".*[。！？!?]|.*\. ", re.DOTALL), re.compile(r".*[ ，、；,;]", re.DOTALL))

_log = structlog.get_logger(__name__)


def texts(rendered: Rendered) -> list[str]:
    """The message as HTML, in as many texts as its length needs, cut between paragraphs; an alert stands first."""
    blocks = sorted(rendered.blocks, key=lambda block: block.kind is not BlockKind.ALERT)
    links = (Block(BlockKind.TEXT, f"{button.label}：{button.url}") for button in _unlinkable(rendered))
    return [GAP.join(map(_html, part)) for part in _parts([*blocks, *links])]


def keyboard(rendered: Rendered) -> InlineKeyboardMarkup | None:
    """Without telephone buttons, which Telegram does not know: the number stands in the text."""
    rows = [[key for button in row if (key := _key(button))] for row in rendered.buttons]
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _key(button: Button) -> InlineKeyboardButton | None:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url) if _linkable(button.url) else None
    if not button.press:
        return None
    if len(button.press.encode()) > LONGEST_PRESS:  # the words matter more than a button: they go out without it
        _log.error("a button is left out: what it presses is too long", press=button.press.partition(":")[0])
        return None
    return InlineKeyboardButton(button.label, callback_data=button.press)


def _unlinkable(rendered: Rendered) -> Iterator[Button]:
    return (button for row in rendered.buttons for button in row if button.url and not _linkable(button.url))


def _linkable(url: str) -> bool:
    """Telegram refuses the whole message for a link to `localhost` and the like; there it stands in the text."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "")


def _html(block: Block) -> str:
    return _LOOKS[block.kind].format(escape(block.text, quote=False))


def _parts(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    part: list[Block] = []
    size = 0
    for block in _short(blocks):
        length = _length(block) + len(GAP)
        if part and size + length > LONGEST:
            yield part
            part, size = [], 0
        part.append(block)
        size += length
    if part:
        yield part


def _short(blocks: Iterable[Block]) -> Iterator[Block]:
    """Each block within the limit, cut at the end of a line, a sentence or a word."""
    for block in blocks:
        rest = block.text.strip()
        while _length(Block(block.kind, rest)) + len(GAP) > LONGEST:
            head = _head(rest)
            yield Block(block.kind, head.strip())
            rest = rest[len(head) :].strip()
        if rest:
            yield Block(block.kind, rest)


def _head(text: str) -> str:
    head = text[: (LONGEST - 100) // 2]  # a character takes two units at most
    found = (end.match(head) for end in _ENDS)
    return next((match.group() for match in found if match and len(match.group()) > len(head) // 2), head)


def _length(block: Block) -> int:
    """In the UTF-16 units that Telegram counts, after its tags are read."""
    mark = len(ALARM) if block.kind is BlockKind.ALERT else 0
    return len(block.text.encode("utf-16-le")) // 2 + mark + 1
