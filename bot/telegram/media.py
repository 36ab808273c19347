"""What came with a message, brought into our own store: photos drawn anew, voice notes and films as they are, within limits."""

import asyncio
from dataclasses import dataclass
from typing import Final

from telegram import Animation, Audio, Bot, Contact, Document, Location, Message, Sticker, Venue, Video, VideoNote, Voice
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, TelegramError

from care.cases.actions import Media
from care.services import Services
from kit.films import without_place
from kit.pictures import UnusablePicture, reencode

LARGEST = int(FileSizeLimit.FILESIZE_DOWNLOAD)
FOLDERS: Final = {"photo": "photos", "voice": "voices", "file": "files"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """`unsupported` names what came and cannot be used, as in Incoming."""

    media: Media | None = None
    unsupported: str = ""


NOTHING: Final = Fetched()
TOO_MUCH: Final = Fetched(unsupported="file")


@dataclass(frozen=True, slots=True)
class _Attached:
    file_id: str
    file_unique_id: str
    size: int
    kind: str


async def fetch(services: Services, bot: Bot, message: Message, *, last_chance: bool) -> Fetched:
    """Raises TelegramError where a later try may succeed, unless this is the last one."""
    attached = _attached(message)
    if attached is None:
        return Fetched(unsupported=_unusable(message))
    if attached.size > LARGEST:
        return TOO_MUCH
    try:
        file = await bot.get_file(attached.file_id)
        content = bytes(await file.download_as_bytearray())
    except BadRequest:  # too large after all, or gone
        return TOO_MUCH
    except TelegramError:
        if last_chance:
            return TOO_MUCH
        raise
    return await asyncio.to_thread(_kept, services, content, attached)


def _kept(services: Services, content: bytes, attached: _Attached) -> Fetched:
    kind = attached.kind
    try:
        content = reencode(content) if kind == "photo" else without_place(content)
    except UnusablePicture:
        return TOO_MUCH
    key = services.blobs.put_new(content, folder=FOLDERS[kind])
    return Fetched(Media(key=key, kind=kind, file_id=attached.file_unique_id))


def size_of(message: Message) -> int | None:
    """Bytes of what would be fetched; None when there is nothing to fetch."""
    attached = _attached(message)
    return attached.size if attached else None


def _attached(message: Message) -> _Attached | None:
    """The largest photo, a voice note, a film, or a document that says it is a picture."""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return _Attached(largest.file_id, largest.file_unique_id, largest.file_size or 0, "photo")
    if sound := message.voice or message.audio:
        return _Attached(sound.file_id, sound.file_unique_id, sound.file_size or 0, "voice")
    if film := message.video or message.video_note:
        return _Attached(film.file_id, film.file_unique_id, film.file_size or 0, "file")
    document = message.document
    if document and not message.animation and (document.mime_type or "").startswith("image/"):
        return _Attached(document.file_id, document.file_unique_id, document.file_size or 0, "photo")
    return None


def _unusable(message: Message) -> str:
    match message.effective_attachment:
        case None:
            return ""
        case Sticker() | Animation():
            return "sticker"
        case Location() | Venue():
            return "location"
        case Contact():
            return "contact"
        case Document():
            return "file"
        case Voice() | Audio() | Video() | VideoNote():
            return "video"
        case _:
            return "other"
