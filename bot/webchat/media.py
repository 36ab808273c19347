"""What a browser uploads: looked at by its content, never by its name. A picture is drawn anew, which drops place and device."""

from care.cases.actions import Media
from kit.blobs import Blobs
from kit.errors import Invalid
from kit.pictures import UnusablePicture, reencode

LARGEST_UPLOAD = 20 * 1024 * 1024
LONGEST_SIDE = 1600

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
    try:
        return reencode(content, longest=LONGEST_SIDE)
    except UnusablePicture as error:
        raise UnusableUpload(what="file") from error
