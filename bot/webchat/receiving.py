"""From a post of the chat page to a row of the inbox, and from the row to an event. Nothing is refused before it is stored."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from bot.dialogue import commands
from bot.dialogue.events import Incoming
from bot.inbox import actions as inbox
from bot.inbox import budgets
from bot.inbox.models import InboxUpdate
from bot.webchat import media
from bot.webchat.media import UnusableUpload
from care.cases.actions import Media
from care.families.models import Channel
from care.safety import Level, screen
from care.services import Services
from kit import clock
from kit.limits import TooManyAttempts

LONGEST_TEXT = 10_000
LONGEST_PRESS = 64
MOST_A_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What came with one post. `form_key` makes a repeated post the same update; `place` is the internet address it came from."""

    address: str
    form_key: str
    text: str = ""
    press: str = ""
    upload: bytes = b""
    lang: str = "zh"
    site_code: str = ""
    place: str = ""

    @property
    def empty(self) -> bool:
        return not (self.text or self.press or self.upload)

    @property
    def update_id(self) -> str:
        """The same for a double click; another for other words or another button on the same page."""
        parts = (self.form_key, self.address, self.press, self.text, hashlib.sha256(self.upload).hexdigest())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Received:
    """`unusable` is set when the words were kept and the upload beside them could not be: video or file.

    `repeated` when the same was stored before.
    """

    update_id: str
    unusable: str = ""
    repeated: bool = False


def receive(services: Services, post: Post) -> Received:
    """Store the post; one that was stored before stays one. Raises TooManyAttempts and OverBudget, but never for words that tell of
    danger.
    """
    with services.database.transaction() as session:
        if _stored(session, post.update_id):
            return Received(post.update_id, repeated=True)
        if screen(post.text).level is Level.NORMAL:
            _within_limits(services, session, post)
    kept, unusable = _keep_upload(services, post)
    with services.database.transaction() as session:
        fresh = inbox.store(
            session,
            Channel.WEB,
            update_id=post.update_id,
            lane=f"web:{post.address}",
            address=post.address,
            payload=_payload(post, kept, unusable),
        )
    if kept and not fresh:
        services.blobs.delete(kept.key)
    return Received(post.update_id, unusable if post.text else "", repeated=not fresh)


def _stored(session: Session, update_id: str) -> bool:
    query = select(InboxUpdate.id).where(InboxUpdate.channel == Channel.WEB, InboxUpdate.update_id == update_id)
    return session.exec(query).first() is not None


def _within_limits(services: Services, session: Session, post: Post) -> None:
    if _too_many(session, post):
        raise TooManyAttempts(minutes=1)
    size = len(post.upload)
    budgets.spend(session, services.settings, family=f"web:{post.address}", place=post.place, files=int(size > 0), size=size)


def _too_many(session: Session, post: Post) -> bool:
    since = clock.now() - timedelta(minutes=1)
    query = select(func.count()).select_from(InboxUpdate).where(InboxUpdate.address == post.address)
    lately = session.exec(query.where(col(InboxUpdate.received_at) > since)).one()
    return lately >= MOST_A_MINUTE


def _keep_upload(services: Services, post: Post) -> tuple[Media | None, str]:
    if not post.upload:
        return None, ""
    try:
        return media.keep(services.blobs, post.upload), ""
    except UnusableUpload as error:
        return None, str(error.facts["what"])


def _payload(post: Post, kept: Media | None, unusable: str) -> dict[str, Any]:
    return {
        "text": _within_bounds(post.text),
        "press": post.press,
        "lang": post.lang,
        "site_code": post.site_code,
        "media": {"key": kept.key, "kind": kept.kind} if kept else None,
        "unsupported": "" if post.text or post.press else unusable,
    }


def _within_bounds(text: str) -> str:
    """The page refuses longer words unless they tell of danger; of those both ends are kept, where people put what matters."""
    if len(text) <= LONGEST_TEXT:
        return text
    half = LONGEST_TEXT // 2 - 1
    return f"{text[:half]}\n{text[-half:]}"


def incoming(row: InboxUpdate) -> Incoming:
    """The event that a stored post is."""
    if row.id is None:
        raise ValueError("not stored yet")
    payload = row.payload
    command = _command(payload["text"])
    return Incoming(
        update=row.id,
        key=row.key,
        channel=Channel.WEB,
        address=row.address,
        lang_hint=payload["lang"],
        text="" if command else payload["text"],
        command=command,
        press=payload["press"],
        media=Media(**payload["media"]) if payload["media"] else None,
        unsupported=payload["unsupported"],
        site_code=payload["site_code"],
    )


def _command(text: str) -> str:
    """`/menu` and its like work here too. Anything else behind a slash stays words, to be screened and answered."""
    word = text.strip().removeprefix("/").lower()
    return word if text.strip().startswith("/") and word in commands.KNOWN else ""
