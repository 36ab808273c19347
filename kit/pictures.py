"""Photos made safe to keep: decoded and drawn anew, so that nothing a camera wrote beside the picture (place, device) stays."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from kit.errors import Invalid

LONGEST_SIDE = 2048
MOST_PIXELS = 60_000_000  # above the cameras of today's phones; a larger one is a bomb or a scan that nobody needs

_FORMATS = ("JPEG", "PNG", "WEBP")
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class UnusablePicture(Invalid):
    """Not a JPEG, PNG or WebP picture, or broken, or too large to decode."""


def reencode(content: bytes) -> bytes:
    """The first frame, upright, as a JPEG of at most LONGEST_SIDE pixels; what it is is told by its content, never by a name.

    Raises UnusablePicture.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusablePicture
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _as_jpeg(upright)
    except _BROKEN as error:
        raise UnusablePicture from error


def _as_jpeg(picture: Image.Image) -> bytes:
    """On white where it is transparent."""
    layered = picture.convert("RGBA")
    flat = Image.new("RGB", layered.size, "white")
    flat.paste(layered, mask=layered.getchannel("A"))
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=85)
    return written.getvalue()
