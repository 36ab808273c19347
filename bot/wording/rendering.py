"""From a message row to what its reader sees."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from babel.dates import format_date, format_datetime
from sqlmodel import Session

from bot.dialogue.events import Block, BlockKind, Button, Rendered
from bot.papers.models import Paper
from care.families.models import Caregiver
from care.messages.models import Message
from care.services import Services
from kit import clock
from kit.accounts.models import Staff
from kit.catalogue import translations
from knowledge.content import Lang

Rows = tuple[tuple[Button, ...], ...]
Worded = tuple[tuple[Block, ...], Rows]


class Speaking(Protocol):
    """Whoever can put a sentence into the reader's language."""

    @property
    def lang(self) -> Lang: ...

    def _(self, message: str, /, **values: object) -> str: ...


@dataclass(frozen=True, slots=True)
class InLang:
    """For words that are shown to nobody in particular: a preview."""

    lang: Lang

    def _(self, message: str, /, **values: object) -> str:
        return translations("bot", self.lang).gettext(message).format(**values)


@dataclass(frozen=True, slots=True)
class View:
    """What a wording may look at."""

    session: Session
    services: Services
    message: Message
    lang: Lang

    @property
    def facts(self) -> dict[str, Any]:
        return self.message.facts

    def _(self, message: str, /, **values: object) -> str:
        """`message` in the reader's language, its `{names}` filled in."""
        return InLang(self.lang)._(message, **values)

    @property
    def locale(self) -> str:
        return "zh_CN" if self.lang == "zh" else "en_GB"

    def moment(self, iso: str) -> str:
        """「11月23日 周一 12:30」 or «Mon 23 Nov, 12:30», in China's time."""
        local = datetime.fromisoformat(iso).astimezone(clock.CHINA)
        pattern = "M月d日 EEE HH:mm" if self.lang == "zh" else "EEE d MMM, HH:mm"
        return format_datetime(local, pattern, locale=self.locale)

    def month(self, number: int) -> str:
        """「3月」 or «Mar»."""
        return format_date(date(2000, number, 1), "LLL", locale=self.locale)


Wording = Callable[[View], Worded]
WORDINGS: dict[str, Wording] = {}
SOUNDS: dict[str, Callable[[View], str]] = {}
"""For the few kinds with a recording: the key of its file, empty where there is none."""
PAPERS: dict[str, Callable[[View], Paper | None]] = {}
"""For the kinds that come with a sheet to be printed."""
LONGEST_LABEL = 40


def words(kind: str) -> Callable[[Wording], Wording]:
    """Registers the wording of one kind of notice."""

    def register(function: Wording) -> Wording:
        WORDINGS[kind] = function
        return function

    return register


def label(words: str) -> str:
    """`words` on one line, cut to what a phone shows of a button."""
    flat = " ".join(words.split())
    if len(flat) <= LONGEST_LABEL:
        return flat
    cut = flat[: LONGEST_LABEL - 1]
    whole_words = cut.rpartition(" ")[0]  # Chinese has none to go by, so what they leave may be too little
    return (whole_words if len(whole_words) > LONGEST_LABEL // 2 else cut).rstrip(" ·,;:，；") + "…"


def text(content: str) -> Block:
    return Block(BlockKind.TEXT, content)


def title(content: str) -> Block:
    return Block(BlockKind.TITLE, content)


def small(content: str) -> Block:
    return Block(BlockKind.SMALL, content)


def alert(content: str) -> Block:
    return Block(BlockKind.ALERT, content)


def render(session: Session, message: Message, services: Services) -> Rendered:
    """Word `message` in the language of its reader. Reads what it needs (passages, cases), changes nothing."""
    lang = _reader_lang(session, message)
    view = View(session, services, message, lang)
    blocks, buttons = WORDINGS[message.kind](view)
    sound = SOUNDS[message.kind](view) if message.kind in SOUNDS else ""
    paper = PAPERS[message.kind](view) if message.kind in PAPERS else None
    return Rendered(lang, blocks, buttons, sound, paper)


def _reader_lang(session: Session, message: Message) -> Lang:
    owner = (
        session.get(Caregiver, message.caregiver_id)
        if message.caregiver_id
        else session.get(Staff, message.staff_id)
        if message.staff_id
        else None
    )
    return "en" if owner and owner.lang == "en" else "zh"
