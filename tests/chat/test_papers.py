"""The page for print on the chat page: a link under the card, and the file behind it."""

import re
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from bot.papers import setting
from bot.papers.models import Paper
from kit.errors import Unavailable
from knowledge import courses
from tests.chat.test_plain_form import say

FIRST = courses.courses()[0]


def test_the_card_leads_to_its_page_for_print(visitor: TestClient) -> None:
    shown = say(visitor, press=f"tool:{FIRST.slug}").text
    link = re.search(r'href="(/papers/[^"]+)" download>([^<]+)<', shown)
    assert link, shown[-3000:]
    assert link[2] == "存下打印的那一页（PDF）"
    got = visitor.get(link[1])
    assert got.headers["content-type"] == "application/pdf"
    assert FIRST.zh.tool.title in unquote(got.headers["content-disposition"])
    assert got.content.startswith(b"%PDF-")


def test_the_plan_of_the_class_is_there_too(visitor: TestClient) -> None:
    got = visitor.get(f"/papers/plan/en/{FIRST.slug}.pdf")
    assert "Class plan" in unquote(got.headers["content-disposition"])


@pytest.mark.parametrize("address", ["card/zh/no-such-course", "card/fr/first-bites", "menu/zh/first-bites", "card/zh/%00"])
def test_what_we_do_not_have_is_told_in_a_sentence(visitor: TestClient, address: str) -> None:
    got = visitor.get(f"/papers/{address}.pdf")
    assert got.status_code == 404
    assert "没有找到这一页" in got.text


def test_one_that_cannot_be_set_is_told_in_a_sentence(visitor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Paper) -> bytes:
        raise Unavailable

    monkeypatch.setattr(setting, "pdf", broken)
    got = visitor.get(f"/papers/card/zh/{FIRST.slug}.pdf")
    assert got.status_code == 503
    assert "请过一会儿再试" in got.text
