"""What she decides about her own data on the page: the archive, leaving, clearing."""

import io
import re
import zipfile

from fastapi.testclient import TestClient

from tests.chat.test_plain_form import say


def test_the_archive_comes_behind_its_link(visitor: TestClient) -> None:
    say(visitor, "八个月的娃可以吃蜂蜜不")
    shown = say(visitor, press="export").text
    link = re.search(r'href="([^"]*/privacy/export/[^"]+)"', shown)
    assert link, shown[-3000:]
    got = visitor.get("/privacy/export/" + link[1].rsplit("/", 1)[1])
    assert got.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        kept = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith((".json", ".html", ".md")))
    assert "八个月的娃可以吃蜂蜜不" in kept


def test_a_made_up_link_is_no_page(visitor: TestClient) -> None:
    assert visitor.get("/privacy/export/nonsense").status_code == 404


def test_leaving_this_phone_opens_a_strangers_page(visitor: TestClient) -> None:
    say(visitor, "八个月的娃可以吃蜂蜜不")
    say(visitor, press="leave")
    shown = say(visitor, press="leave:yes")
    assert "蜂蜜" not in shown.text.replace("比如：八个月的娃可以吃蜂蜜不？", "")
    assert "一口都不要给" not in visitor.get("/").text


def test_what_was_deleted_stands_on_the_page_no_longer_and_the_receipt_does(visitor: TestClient) -> None:
    say(visitor, "八个月的娃可以吃蜂蜜不")
    say(visitor, press="forget:all")
    shown = say(visitor, press="forget:all:yes").text
    assert "一口都不要给" not in shown
    assert "删好了" in shown
