"""From a post to the inbox and on to an event: doubles, limits, and what may be uploaded."""

import io

import pytest
from PIL import Image
from PIL.Image import Exif

from bot.inbox import actions as inbox
from bot.webchat import identity, media
from bot.webchat.media import LONGEST_SIDE, UnusableUpload
from bot.webchat.receiving import MOST_A_MINUTE, Post, incoming, receive
from care.families.models import Channel
from care.services import Services
from kit.blobs import Blobs
from kit.limits import TooManyAttempts

HER = "a" * 64
WEBM = b"\x1aE\xdf\xa3" + bytes(60) + b"A_OPUS" + bytes(400)


def post(text: str = "", *, key: str = "one-page", press: str = "", upload: bytes = b"") -> Post:
    return Post(address=HER, form_key=key, text=text, press=press, upload=upload, site_code="rc-01")


def photo(size: tuple[int, int] = (40, 30), *, kind: str = "JPEG", exif: Exif | None = None) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "orange").save(written, kind, **({"exif": exif} if exif else {}))
    return written.getvalue()


def stored(services: Services) -> int:
    """How many updates wait; one lane gives one at a time."""
    with services.database.transaction() as session:
        count = 0
        while rows := inbox.claim(session):
            for row in rows:
                assert row.id is not None
                inbox.finish(session, row.id)
                session.expire_all()
            count += len(rows)
        return count


def test_a_key_fits_one_browser_only() -> None:
    key = identity.form_key(HER, signing_key="k" * 32)
    assert identity.fits(key, HER, signing_key="k" * 32)
    assert not identity.fits(key, "b" * 64, signing_key="k" * 32)
    assert not identity.fits(key, HER, signing_key="another key")
    assert not identity.fits("", HER, signing_key="k" * 32)


def test_the_token_is_never_the_address() -> None:
    token = identity.new_token()
    assert identity.is_token(token)
    assert token not in identity.address_of(token)
    assert len(identity.address_of(token)) == 64


def test_a_double_post_is_one_update(services: Services) -> None:
    first, second = receive(services, post("吃蜂蜜")), receive(services, post("吃蜂蜜"))
    assert first.update_id == second.update_id
    assert stored(services) == 1


def test_other_words_or_another_button_of_the_same_page_are_not_lost(services: Services) -> None:
    receive(services, post("吃蜂蜜"))
    receive(services, post("发烧"))
    receive(services, post(press="menu"))
    receive(services, post(press="menu", key="next-page"))
    assert stored(services) == 4


def test_a_double_upload_leaves_one_file(services: Services) -> None:
    receive(services, post(upload=photo()))
    receive(services, post(upload=photo()))
    assert len(list(services.blobs.keys("photos"))) == 1


def test_a_row_becomes_an_event(services: Services) -> None:
    receive(services, post("这是什么疹子", upload=photo()))
    with services.database.transaction() as session:
        (row,) = inbox.claim(session)
    event = incoming(row)
    assert (event.channel, event.address, event.text, event.site_code) == (Channel.WEB, HER, "这是什么疹子", "rc-01")
    assert event.media is not None
    assert event.media.kind == "photo"
    assert event.key == row.key


@pytest.mark.parametrize(
    ("text", "command", "words"), [("/menu", "menu", ""), ("/吃蜂蜜", "", "/吃蜂蜜"), ("/menu 发烧", "", "/menu 发烧")]
)
def test_commands_work_and_other_slashes_stay_words(services: Services, text: str, command: str, words: str) -> None:
    receive(services, post(text))
    with services.database.transaction() as session:
        (row,) = inbox.claim(session)
    event = incoming(row)
    assert (event.command, event.text) == (command, words)


def test_too_many_in_a_minute_stops_all_but_danger(services: Services) -> None:
    for number in range(MOST_A_MINUTE):
        receive(services, post(f"第{number}句"))
    with pytest.raises(TooManyAttempts):
        receive(services, post("再一句"))
    receive(services, post("娃儿抽筋喊不醒"))
    assert stored(services) == MOST_A_MINUTE + 1


def test_what_cannot_be_opened_is_told_and_the_words_are_kept(services: Services) -> None:
    received = receive(services, post("您看这个", upload=b"PK\x03\x04 a document"))
    assert received.unusable == "file"
    with services.database.transaction() as session:
        (row,) = inbox.claim(session)
    event = incoming(row)
    assert (event.text, event.media, event.unsupported) == ("您看这个", None, "")


def test_alone_it_is_answered_as_what_it_is(services: Services) -> None:
    assert receive(services, post(upload=b"PK\x03\x04 a document")).unusable == ""
    with services.database.transaction() as session:
        (row,) = inbox.claim(session)
    assert incoming(row).unsupported == "file"


def kept_picture(blobs: Blobs, content: bytes) -> Image.Image:
    kept = media.keep(blobs, content)
    assert kept.kind == "photo"
    picture = Image.open(io.BytesIO(blobs.get(kept.key)))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(services: Services, kind: str) -> None:
    exif = Exif()
    exif[0x010F] = "a phone"
    exif.get_ifd(0x8825)[1] = "N"
    picture = kept_picture(services.blobs, photo((3000, 2000), kind=kind, exif=exif))
    assert picture.format == "JPEG"
    assert max(picture.size) == LONGEST_SIDE
    assert not picture.getexif()
    assert "exif" not in picture.info


def test_a_picture_lying_on_its_side_is_set_upright(services: Services) -> None:
    exif = Exif()
    exif[0x0112] = 6
    assert kept_picture(services.blobs, photo((400, 200), exif=exif)).size == (200, 400)


def test_of_moving_pictures_the_first_is_kept(services: Services) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    red, _, blue = kept_picture(services.blobs, written.getvalue()).getpixel((5, 5))  # type: ignore[misc]
    assert red > 200 > 60 > blue


def test_see_through_becomes_white(services: Services) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "PNG")
    assert kept_picture(services.blobs, written.getvalue()).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        photo()[:200],
        photo(kind="GIF"),
        photo(kind="BMP"),
    ],
    ids=["nothing", "words", "pdf", "svg", "half a photo", "gif", "bmp"],
)
def test_other_files_are_refused(services: Services, content: bytes) -> None:
    with pytest.raises(UnusableUpload):
        media.keep(services.blobs, content)


@pytest.mark.parametrize("side", [9000, 20000])
def test_a_bomb_is_not_unpacked(services: Services, side: int) -> None:
    written = io.BytesIO()
    Image.new("1", (side, side)).save(written, "PNG", optimize=True)
    assert len(written.getvalue()) < 200_000
    with pytest.raises(UnusableUpload):
        media.keep(services.blobs, written.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        WEBM,
        b"OggS" + bytes(50),
        b"\0\0\0\x20ftypM4A " + bytes(50),
        b"ID3" + bytes(50),
        b"#!AMR\n" + bytes(50),
        b"RIFF\0\0\0\0WAVEfmt ",
    ],
)
def test_a_voice_note_is_kept_as_it_is(services: Services, content: bytes) -> None:
    kept = media.keep(services.blobs, content)
    assert kept.kind == "voice"
    assert services.blobs.get(kept.key) == content


@pytest.mark.parametrize("content", [WEBM + b"V_VP8", b"\0\0\0\x20ftypisom" + bytes(50) + b"hdlr\0\0\0\0\0\0\0\0vide"])
def test_a_film_is_told_apart_from_a_voice(services: Services, content: bytes) -> None:
    with pytest.raises(UnusableUpload) as refused:
        media.keep(services.blobs, content)
    assert refused.value.facts["what"] == "video"
