"""What a browser uploads: looked at by its content, never by its name. A picture is drawn anew, which drops place and device."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from care.cases.actions import Media
from kit.blobs import Blobs
from kit.errors import Invalid

LARGEST_UPLOAD = 20 * 1024 * 1024
LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000  # above the cameras of today's phones; a larger one is a bomb or a scan that nobody needs

_PICTURES = ("JPEG", "PNG", "WEBP")
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)
_VOICES: tuple[tuple[int, bytes], ...] = (
    (0, b"\x1aE\xdf\xa3"),  # WebM
    (0, b"OggS"),
    (4, b"ftyp"),  # M4A, 3GP
    (0, b"ID3"),
    (0, b"\xff\xfb"),  # MP3 without a tag
    (0, b"\xff\xf3"),
    (0, b"\xff\xf1"),  # AAC
    (0, b"\xff\xf9"),
    (0, b"#!AMR"),
    (8, b"WAVE"),
)
_FILMS = (b"vide", b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG4")
_HEAD = 64 * 1024


class UnusableUpload(Invalid):
    """Neither a picture nor a voice note that we can keep. The fact `what` is video or file."""


def keep(blobs: Blobs, content: bytes) -> Media:
    """Store an upload under a random key. Raises UnusableUpload."""
    if len(content) > LARGEST_UPLOAD:
        raise UnusableUpload(what="file")
    if _is_voice(content):
        return Media(key=blobs.put_new(content, folder="voices"), kind="voice")
    return Media(key=blobs.put_new(_drawn_anew(content), folder="photos"), kind="photo")


def _is_voice(content: bytes) -> bool:
    known = any(content.startswith(mark, at) for at, mark in _VOICES)
    if known and _is_film(content):
        raise UnusableUpload(what="video")
    return known


def _is_film(content: bytes) -> bool:
    """Both containers carry films too; they name the kind of each track near their beginning or, in MP4, near their end."""
    ends = content[:_HEAD] + content[-_HEAD:]
    return any(mark in ends for mark in _FILMS)


def _drawn_anew(content: bytes) -> bytes:
    """The first frame as a JPEG of at most LONGEST_SIDE, upright, without anything the camera wrote beside it."""
    try:
        with Image.open(io.BytesIO(content), formats=_PICTURES) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusableUpload(what="file")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _as_jpeg(upright)
    except _BROKEN as error:
        raise UnusableUpload(what="file") from error


def _as_jpeg(picture: Image.Image) -> bytes:
    layered = picture.convert("RGBA")
    flat = Image.new("RGB", layered.size, "white")
    flat.paste(layered, mask=layered.getchannel("A"))
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=85)
    return written.getvalue()
