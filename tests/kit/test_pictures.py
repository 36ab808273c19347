"""Strangers' pictures: what is taken, what is refused, and what is gone afterwards."""

import io
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from kit import pictures
from kit.errors import Unavailable
from kit.films import without_place
from kit.pictures import UnusablePicture, reencode

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GPS, ORIENTATION, TURNED = 0x8825, 0x0112, 6


def written(picture: Image.Image, form: str, **options: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, form, **options)
    return content.getvalue()


def half_red(width: int = 320, height: int = 240) -> Image.Image:
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((200, 30, 30), (0, 0, width // 2, height))
    return picture


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def turned_with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (29.0, 33.0, 0.0)
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_upright_and_tells_nothing_of_its_place(form: str) -> None:
    drawn = seen(reencode(written(half_red(), form, exif=turned_with_place().tobytes())))
    assert drawn.format == "JPEG"
    assert drawn.size == (240, 320)
    assert dict(drawn.getexif()) == {}
    assert "exif" not in drawn.info
    red = drawn.convert("RGB").getpixel((120, 20))
    assert isinstance(red, tuple)
    assert red[0] > red[1] + 100


def test_a_picture_of_an_iphone() -> None:
    drawn = seen(reencode((HERE / "small.heic").read_bytes()))
    assert (drawn.format, drawn.size) == ("JPEG", (240, 320))
    assert dict(drawn.getexif()) == {}


def test_the_same_picture_gives_the_same_bytes() -> None:
    content = written(half_red(), "PNG")
    assert reencode(content) == reencode(content)


def test_a_phone_of_fifty_megapixels_is_ordinary() -> None:
    content = written(half_red(8160, 6144), "JPEG", quality=60)
    began = time.monotonic()
    assert max(seen(reencode(content, longest=1600)).size) == 1600
    assert time.monotonic() - began < 20, "on a machine that others use too"


def test_an_animated_webp_is_its_first_frame() -> None:
    frames = [Image.new("RGB", (40, 30), (index * 4, 0, 0)) for index in range(50)]
    content = written(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    drawn = seen(reencode(content)).convert("RGB").getpixel((5, 5))
    assert isinstance(drawn, tuple)
    assert drawn[0] < 10


def test_transparent_becomes_white() -> None:
    drawn = seen(reencode(written(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG")))
    assert drawn.getpixel((5, 5)) == (255, 255, 255)


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 by 60,000."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9999))) + chunk(b"IEND", b"")


def zip_file() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("photo.jpg", b"not a photo")
    return content.getvalue()


def long_gif() -> bytes:
    frames = [Image.new("P", (8, 8), index % 2) for index in range(10_000)]
    return written(frames[0], "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="no bytes"),
        pytest.param(written(half_red(), "JPEG")[:600], id="truncated"),
        pytest.param(zip_file(), id="a zip named jpg"),
        pytest.param(b"MZ\x90\x00" + bytes(2000), id="a program named jpg"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(5000), id="a head of a JPEG and nothing behind it"),
        pytest.param(bomb(), id="a bomb"),
        pytest.param(written(half_red(), "GIF"), id="a GIF"),
        pytest.param(written(half_red(), "TIFF"), id="a TIFF"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="an SVG"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnusablePicture):
        reencode(content)


def test_a_gif_of_ten_thousand_frames_is_refused_at_once() -> None:
    content = long_gif()
    began = time.monotonic()
    with pytest.raises(UnusablePicture):
        reencode(content)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "greed", ["bytearray(2 * 1024**3)", "open('/tmp/left-behind', 'wb', buffering=0).write(b'x')", "exec('while True: pass')"]
)
def test_memory_files_and_time_are_bound(greed: str) -> None:
    """The same limits, with two seconds instead of fifteen."""
    program = (ROOT / "kit" / "draw_picture.py").read_text().replace("SECONDS = 15", "SECONDS = 2")
    program = program.partition("from pi_heif")[0] + greed
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, timeout=30, check=False)
    assert done.returncode != 0


def test_without_its_libraries_it_says_that_it_cannot_rather_than_that_the_picture_is_bad(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "_PROGRAM", Path(__file__).with_name("no_such_program.py"))
    with pytest.raises((Unavailable, UnusablePicture)):
        reencode(written(half_red(), "JPEG"))


def test_a_film_loses_its_place_and_keeps_its_length() -> None:
    film = b"\x00\x00\x00\x20\xa9xyz\x00\x12\x15\xc7+29.5630+106.5516/" + b"mdat" + bytes(100)
    kept = without_place(film)
    assert len(kept) == len(film)
    assert b"29.5630" not in kept
    assert b"+00.0000+000.0000/" in kept
