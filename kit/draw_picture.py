"""A program of its own: a picture on standard input, drawn anew as a JPEG on standard output. Started by kit.pictures only.

It binds itself to little memory and little time before it looks at one byte, because what it reads came from a stranger.
Exit 0: drawn; 2: not a picture that we take; anything else: killed by its limits, or not installed properly.
"""

import io
import resource
import sys
import warnings

MEGABYTE = 1024 * 1024
MEMORY = 1024 * MEGABYTE
SECONDS = 15
NO_PICTURE = 2


def bind() -> None:
    """Address space, processor time, no file written, no image of the process left behind."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


bind()
warnings.simplefilter("ignore")

from pi_heif import register_heif_opener  # noqa: E402 - nothing is loaded before the limits stand
from PIL import Image, ImageOps  # noqa: E402 - as above

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_PIXELS = {"JPEG": 210_000_000}  # a JPEG is shrunk while it is decoded, so that the largest phone cameras pass
MOST_PIXELS_OTHERWISE = 64_000_000

Image.MAX_IMAGE_PIXELS = None  # our own bounds stand below, told by format
register_heif_opener()


def draw(content: bytes, longest: int) -> bytes:
    """The first frame, upright, at most `longest` on a side. Everything that a camera wrote beside it is gone."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        most = MOST_PIXELS.get(picture.format or "", MOST_PIXELS_OTHERWISE)
        if not 0 < picture.width * picture.height <= most:
            raise ValueError("too many pixels")
        picture.draft("RGB", (longest, longest))
        picture.load()
        turned = picture.getexif().get(0x0112, 1)
        small = picture.copy() if picture.width <= longest and picture.height <= longest else _shrunk(picture, longest)
    small.getexif()[0x0112] = turned
    return _as_jpeg(ImageOps.exif_transpose(small))


def _shrunk(picture: Image.Image, longest: int) -> Image.Image:
    small = picture.convert("RGB") if picture.mode in ("P", "1", "CMYK", "YCbCr") else picture
    small.thumbnail((longest, longest), reducing_gap=2.0)
    return small


def _as_jpeg(picture: Image.Image) -> bytes:
    """On white where it is transparent."""
    layered = picture.convert("RGBA")
    flat = Image.new("RGB", layered.size, "white")
    flat.paste(layered, mask=layered.getchannel("A"))
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=85)
    return written.getvalue()


def main() -> int:
    try:
        drawn = draw(sys.stdin.buffer.read(), int(sys.argv[1]))
    except (Exception, MemoryError):  # whatever a made-up file provokes, it is no picture for us
        return NO_PICTURE
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
