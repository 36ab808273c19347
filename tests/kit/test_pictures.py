"""Pictures drawn anew: nothing of the camera stays, nothing huge is decoded, nothing else passes as a picture."""

from io import BytesIO

import pytest
from PIL import Image

from kit.pictures import LONGEST_SIDE, UnusablePicture, reencode


def written(picture: Image.Image, kind: str, **more: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def read(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def with_notes() -> bytes:
    """As from a phone held upright: lying, with a note that it is to be turned, a place and a device."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x0110] = "a telling camera"
    notes.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 0.0)})
    return written(Image.new("RGB", (40, 20), "orange"), "JPEG", exif=notes)


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright() -> None:
    again = read(reencode(with_notes()))
    assert again.format == "JPEG"
    assert again.size == (20, 40)
    assert not again.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_ones_are_made_smaller(kind: str) -> None:
    again = read(reencode(written(Image.new("RGB", (5000, 1000), "white"), kind)))
    assert again.size[0] == LONGEST_SIDE
    assert abs(again.size[1] - LONGEST_SIDE / 5) <= 1


def test_what_is_transparent_becomes_white() -> None:
    again = read(reencode(written(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")))
    assert again.getpixel((4, 4)) == (255, 255, 255)


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (16, 16), color) for color in ("red", "blue")]
    again = read(reencode(written(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)))
    red, _, blue = again.getpixel((8, 8))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_bomb_is_not_decoded() -> None:
    bomb = written(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 1_000_000
    with pytest.raises(UnusablePicture):
        reencode(bomb)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"%PDF-1.7", b"<svg/>", with_notes()[:300]], ids=["empty", "text", "pdf", "svg", "cut off"]
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UnusablePicture):
        reencode(content)


def test_a_gif_is_refused() -> None:
    with pytest.raises(UnusablePicture):
        reencode(written(Image.new("P", (4, 4)), "GIF"))
