"""What comes in from any channel, and what goes out to it, free of any channel's shapes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.papers.models import Paper
from care.cases.actions import Media
from care.families.models import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One event of one person. An adapter fills the fields that apply; `update` and `key` come from the inbox row.

    `command` is the word without its slash, `argument` what stood behind it. `press` is the data of a button of ours.
    `unsupported` names what we cannot use: sticker, location, contact, video, file, other. `reply_to` is the channel's id of
    the message that this one replies to, `said_as` its id of this very message, by which it can be taken away again.
    `edited` marks words that she changed after she had sent them. `over_until` is set when she has sent more than her share, and
    tells when that ends; nothing was fetched then.
    """

    update: int
    key: str
    channel: Channel
    address: str
    lang_hint: str = "zh"
    text: str = ""
    press: str = ""
    command: str = ""
    argument: str = ""
    media: Media | None = None
    unsupported: str = ""
    reply_to: str = ""
    said_as: str = ""
    edited: bool = False
    over_until: datetime | None = None
    site_code: str = ""


class BlockKind(StrEnum):
    TEXT = "text"
    TITLE = "title"
    SMALL = "small"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of plain text; an edge escapes it and gives each kind its look. Lines inside are kept."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """Exactly one of `press` (comes back as Incoming.press, 64 bytes at most), `url` and `tel` is set."""

    label: str
    press: str = ""
    url: str = ""
    tel: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as a person reads it. `sound` is the key of a recording that belongs to it, `paper` a sheet to be printed."""

    lang: str
    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    sound: str = ""
    paper: Paper | None = None
