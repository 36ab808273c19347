"""The page without a script: a form, a redirect, a page."""

import io
import re
import time
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image
from sqlmodel import select

from app.chat.visitors import TOKEN_COOKIE
from bot.dialogue.commands import KNOWN
from care.families.models import Caregiver, Contact
from care.places.actions import add_site
from care.places.models import Place
from care.services import Services
from tests.chat.people import Instructor, Worker

HONEY = "八个月的娃可以吃蜂蜜不"
DANGER = "娃儿抽筋喊不醒"
UNANSWERED = "我们村的幼儿园几月份报名"


def key_of(page: Response) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page.text)
    assert found
    return found[1]


def say(visitor: TestClient, text: str = "", **more: str) -> Response:
    return visitor.post("/say", data={"key": key_of(visitor.get("/?look=0")), "text": text, **more})


def seen(page: Response) -> str:
    """The words on the page."""
    body = re.sub(r"<(script|style|textarea)\b.*?</\1>", "", page.text, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "\n", body))


def buttons(page: Response) -> dict[str, str]:
    found = re.findall(r'name="press" value="([^"]+)">(?:<svg.*?</svg>)?([^<]+)<', page.text, flags=re.S)
    return {unescape(label).strip(): unescape(data) for data, label in found}


def test_the_first_screen_asks_for_nothing_but_the_question(visitor: TestClient) -> None:
    page = visitor.get("/")
    assert page.status_code == 200
    assert 'href="tel:120"' in page.text
    assert "这是一个电脑程序，不是真人，由本地家庭教育指导中心办" in seen(page)
    assert {"按月龄看看", "孩子的月龄", "找老师"} <= set(buttons(page))
    assert page.text.count("<textarea") == 1
    before_footer = page.text.split("<footer")[0]
    assert set(re.findall(r'<input[^>]+name="(\w+)"', before_footer)) == {"key", "photo", "voice"}


def test_looking_leaves_no_trace(visitor: TestClient, services: Services) -> None:
    visitor.get("/")
    visitor.get("/privacy")
    visitor.get("/news")
    with services.database.transaction() as session:
        assert session.exec(select(Caregiver)).all() == []


def test_the_cookie_is_closed_and_its_value_is_kept_nowhere(visitor: TestClient, services: Services) -> None:
    cookie = visitor.get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Max-Age={180 * 24 * 3600}" in cookie
    say(visitor, HONEY)
    with services.database.transaction() as session:
        contact = session.exec(select(Contact)).one()
    assert contact.address != visitor.cookies[TOKEN_COOKIE]
    assert len(contact.address) == 64


def test_ask_and_answer(visitor: TestClient) -> None:
    page = say(visitor, HONEY)
    assert page.history[0].status_code == 303
    assert page.history[0].headers["location"].endswith("#end")
    words = seen(page)
    assert HONEY in words
    assert "蜂蜜一口都不要给" in words
    assert "来源" in words
    assert "待本地专家审核" in words
    assert 'id="end"' in page.text


def test_a_double_post_is_answered_once(visitor: TestClient, worker: Worker) -> None:
    form = {"key": key_of(visitor.get("/")), "text": HONEY}
    visitor.post("/say", data=form)
    visitor.post("/say", data=form)
    assert worker.kinds().count("answer") == 1
    assert worker.kinds().count("said") == 1


def test_a_button_leads_on(visitor: TestClient) -> None:
    groups = buttons(say(visitor, press="menu"))
    assert "喂养" in groups
    titles = buttons(say(visitor, press=groups["喂养"]))
    assert len(titles) > 4


def test_danger_stands_out_with_the_number_first(visitor: TestClient) -> None:
    page = say(visitor, DANGER)
    article = re.search(r'<article[^>]+danger"[^>]*>.*?</article>', page.text, flags=re.S)
    assert article
    assert 'role="alert"' in article[0]
    assert article[0].index('href="tel:120"') < article[0].index('class="act"')


def test_while_nobody_answers_the_page_says_so_and_looks_again(
    visitor: TestClient, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.chat.routes.ANSWERED_WITHIN_S", 0.2)
    worker.held = True
    page = say(visitor, HONEY)
    assert HONEY in seen(page)
    assert "正在查" in seen(page)
    again = re.search(r'<noscript><meta http-equiv="refresh" content="3;url=([^"#]+)#end">', page.text)
    assert again
    worker.held = False
    deadline = time.monotonic() + 20
    while 'http-equiv="refresh"' in page.text and time.monotonic() < deadline:
        page = visitor.get(again[1])
    assert "蜂蜜一口都不要给" in seen(page)
    assert seen(page).count(HONEY) == 1


def test_a_site_s_code_sets_the_place(visitor: TestClient, services: Services) -> None:
    with services.database.transaction() as session:
        place = session.exec(select(Place).where(Place.name == "荣昌区")).one()
        add_site(session, "rc-01", name="昌元街道指导站", place_code=place.code)
    assert "昌元街道指导站" in seen(visitor.get("/?site=rc-01"))
    say(visitor, HONEY)
    with services.database.transaction() as session:
        assert session.exec(select(Caregiver)).one().place_id == place.key


@pytest.mark.parametrize("code", ["nowhere", "'; drop table site", "<b>", "x" * 39])
def test_a_site_that_we_do_not_know_is_nothing(visitor: TestClient, code: str) -> None:
    page = visitor.get("/", params={"site": code})
    assert page.status_code == 200
    assert "peiban_site" not in visitor.cookies
    assert code not in page.text


def test_a_reply_waits_for_her_and_stands_first(visitor: TestClient, instructor: Instructor) -> None:
    say(visitor, UNANSWERED)
    instructor.reply("八月底报名，带上户口本。")
    page = visitor.get("/")
    words = seen(page)
    assert words.index("老师给您回信了") < words.index("八月底报名") < words.index("之前的对话") < words.index(UNANSWERED)
    thanked = say(visitor, press=buttons(page)["帮上了"])
    assert "谢谢" in seen(thanked)
    assert instructor.cases()[0].rating == 3
    later = seen(visitor.get("/"))
    assert "老师给您回信了" not in later
    assert "八月底报名" in later


def test_from_another_phone_with_the_return_code(
    visitor: TestClient, other_visitor: TestClient, worker: Worker, instructor: Instructor
) -> None:
    page = say(visitor, UNANSWERED)
    code = worker.return_code()
    assert code in seen(page)
    instructor.reply("八月底报名。")
    found = other_visitor.post("/code", data={"key": key_of(other_visitor.get("/")), "code": f" {code[:3]} {code[3:]} "})
    words = seen(found)
    assert "找到了" in words
    assert words.index("老师给您回信了") < words.index("八月底报名") < words.index(UNANSWERED)


def test_a_wrong_code_is_told_kindly_and_guessing_ends(visitor: TestClient) -> None:
    for _ in range(5):
        page = visitor.post("/code", data={"key": key_of(visitor.get("/")), "code": "000000"})
        assert "没有找到这个回访码" in seen(page)
    page = visitor.post("/code", data={"key": key_of(visitor.get("/")), "code": "000000"})
    assert "试的次数太多了" in seen(page)
    assert '<details id="code" open>' in page.text


def photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(written, "JPEG")
    return written.getvalue()


def test_a_photo_opens_a_case_and_shows_the_line_of_danger(visitor: TestClient, instructor: Instructor) -> None:
    key = key_of(visitor.get("/"))
    page = visitor.post("/say", data={"key": key, "text": ""}, files={"photo": ("a.jpg", photo(), "image/jpeg")})
    assert "照片收到了" in seen(page)
    assert 'href="tel:120"' in page.text.split("<main")[1]
    assert len(instructor.cases()) == 1


def test_photo_and_voice_at_once_are_both_kept(visitor: TestClient, worker: Worker, services: Services) -> None:
    files = {"photo": ("a.jpg", photo(), "image/jpeg"), "voice": ("b.webm", b"\x1aE\xdf\xa3" + bytes(99), "audio/webm")}
    visitor.post("/say", data={"key": key_of(visitor.get("/")), "text": "您看"}, files=files)
    assert [row.payload["media"]["kind"] for row in worker.stored()] == ["photo", "voice"]
    assert len(list(services.blobs.keys("photos"))) == len(list(services.blobs.keys("voices"))) == 1


def test_words_beside_a_file_that_is_none_are_answered(visitor: TestClient) -> None:
    files = {"photo": ("a.doc", b"a document", "image/jpeg")}
    page = visitor.post("/say", data={"key": key_of(visitor.get("/")), "text": HONEY}, files=files)
    assert "附上的文件我们打不开" in seen(page)
    assert "蜂蜜一口都不要给" in seen(page)


def test_words_beside_a_file_too_large_are_answered(visitor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.chat.posting.LARGEST_UPLOAD", 100)
    files = {"photo": ("a.jpg", photo(), "image/jpeg")}
    page = visitor.post("/say", data={"key": key_of(visitor.get("/")), "text": HONEY}, files=files)
    assert "这个文件太大了" in seen(page)
    assert "蜂蜜一口都不要给" in seen(page)


def test_another_site_cannot_speak_for_her(visitor: TestClient, worker: Worker) -> None:
    form = {"key": key_of(visitor.get("/")), "text": HONEY}
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert visitor.post("/say", data=form, headers=headers).status_code == 403
    assert worker.stored() == []


def test_without_any_proof_the_words_come_back_instead(visitor: TestClient, worker: Worker) -> None:
    page = visitor.post("/say", data={"key": "made up", "text": HONEY})
    assert page.status_code == 409
    assert "您的话还在下面" in seen(page)
    assert f">{HONEY}</textarea>" in page.text
    assert worker.stored() == []


@pytest.mark.parametrize("path", ["/code", "/language", "/telegram"])
def test_the_small_forms_need_the_page_s_key(visitor: TestClient, path: str) -> None:
    assert visitor.post(path, data={"key": "made up", "code": "123456", "lang": "en"}).status_code == 403


def test_a_browser_that_keeps_no_cookies_still_sees_the_answer(application: FastAPI) -> None:
    page = TestClient(application).post(
        "/say", data={"text": DANGER}, headers={"origin": "http://testserver"}, follow_redirects=False
    )
    assert page.status_code == 200
    assert "先打120" in seen(page)


def test_words_of_a_parent_never_become_markup(visitor: TestClient) -> None:
    page = say(visitor, "<script>alert(1)</script><img src=x>")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_the_page_in_english(application: FastAPI) -> None:
    english = TestClient(application, headers={"accept-language": "en-GB,en;q=0.9"})
    page = english.get("/")
    assert '<html lang="en">' in page.text
    assert "This is a computer program, not a person" in seen(page)
    answer = say(english, "can my 8 month old eat honey")
    assert "No honey before the first birthday" in seen(answer)


def test_her_choice_of_language_wins_and_she_is_answered_in_it(visitor: TestClient) -> None:
    say(visitor, HONEY)
    page = visitor.post("/language", data={"key": key_of(visitor.get("/")), "lang": "en"})
    assert '<html lang="en">' in page.text
    assert "What would you like to read about?" in seen(say(visitor, press="menu"))


def test_a_phone_with_chinese_second_gets_chinese(application: FastAPI) -> None:
    page = TestClient(application, headers={"accept-language": "en-US,en;q=0.9,zh-CN;q=0.8"}).get("/")
    assert '<html lang="zh-CN">' in page.text


def test_the_way_to_telegram(visitor: TestClient, application: FastAPI) -> None:
    say(visitor, HONEY)
    assert "Telegram" not in seen(visitor.get("/"))
    application.state.bot_name = "peiban_bot"
    page = visitor.get("/")
    assert "转到 Telegram 上接着聊" in seen(page)
    link = visitor.post("/telegram", data={"key": key_of(page)})
    assert re.search(r'href="https://t\.me/peiban_bot\?start=f_[\w-]{20,}"', link.text)


def test_nothing_of_the_talk_is_kept_by_caches(visitor: TestClient) -> None:
    assert visitor.get("/").headers["cache-control"] == "no-store"
    assert visitor.get("/news").headers["cache-control"] == "no-store"
    assert "default-src 'none'" in visitor.get("/").headers["content-security-policy"]


def test_sent_too_fast_the_words_come_back_but_danger_goes_through(visitor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.webchat.receiving.MOST_A_MINUTE", 0)
    page = say(visitor, HONEY)
    assert page.status_code == 429
    assert "您发得太快了" in seen(page)
    assert f">{HONEY}</textarea>" in page.text
    assert "先打120" in seen(say(visitor, DANGER))


@pytest.mark.parametrize("command", sorted(KNOWN - {"clear", "start"}))
def test_every_command_that_help_names_is_understood_here_too(visitor: TestClient, command: str) -> None:
    shown = say(visitor, f"/{command}").text
    assert "这个我不懂" not in shown


def test_a_follow_up_and_two_questions_in_one_message(visitor: TestClient, worker: Worker) -> None:
    say(visitor, HONEY)
    worker.finishes()
    say(visitor, "那要是加热呢")
    worker.finishes()
    assert "接着刚才那个问题" in seen(visitor.get("/?look=0"))
    say(visitor, f"{HONEY} 另外宝宝晚上老是醒怎么办")
    worker.finishes()
    page = seen(visitor.get("/?look=0"))
    assert page.rindex("蜂蜜一口都不要给") < page.rindex("夜里总醒：睡前做同样的几件事")
