"""Passages at the console: found, written, shown as a parent sees them, and never overwritten. Review is in test_passage_review."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from app.console import passage_words
from app.console.passage_form import Typed, as_value, of_draft
from app.console.passages import PAGE
from care.services import Services
from knowledge import drafts
from knowledge.content import Lang
from knowledge.drafts import DraftSource
from knowledge.models import Passage, ReviewState
from tests.console.conftest import Colleague
from tests.console.passage_desk import GOOD, fields_of, newest, number_of, rows, send, write

LANGS: tuple[Lang, ...] = ("zh", "en")
STATIC = Path(__file__).parents[2] / "app"


def test_an_editor_begins_with_the_list_of_passages(ning: Colleague) -> None:
    page = ning.browser.get("/console/").text
    assert "给家长看的内容" in page
    assert "一岁前，蜂蜜一口都不要给" in page
    assert "自带的，本地还没审" in page
    assert "要两个人审" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=蜂蜜", {"honey-under-1"}),
        ("q=honey-under", {"honey-under-1"}),
        ("about=:sleep", {"night-waking"}),
        ("about=tantrums&age=24", {"tantrums-1-to-3"}),
        ("q=没有这种东西", set()),
        ("lacking=en", set()),
        ("state=draft", set()),
        (
            "about=nonsense&age=99&lacking=fr&state=odd&start=-4",
            {"honey-under-1", "night-waking", "picky-eating", "tantrums-1-to-3"},
        ),
        ("start=99999999999999", {"honey-under-1", "night-waking", "picky-eating", "tantrums-1-to-3"}),
        ("q=%25&about=%3A%27%22%3Cscript%3E", set()),
    ],
)
def test_the_list_is_searched_and_sieved(services: Services, ning: Colleague, query: str, found: set[str]) -> None:
    page = ning.browser.get(f"/console/passages?{query}").text
    shown = set(re.findall(r'id="passage-(\d+)"', page))
    assert shown == {str(number_of(services, slug)) for slug in found}
    assert "<script>" not in page


def test_tabs_count_by_state_and_long_lists_have_pages(services: Services, ning: Colleague) -> None:
    for count in range(PAGE):
        write(ning, services, zh_title=f"第{count}篇")
    page = ning.browser.get("/console/passages").text
    assert re.search(r'id="tab-draft"[^>]*>草稿 <b>30</b>', page)
    assert re.search(r'id="tab-all"[^>]*>全部 <b>34</b>', page)
    assert re.search(r'id="tab-starter"[^>]*>自带的，还没审 <b>\d</b>', page)
    assert page.count('class="case"') == PAGE
    assert ning.browser.get("/console/passages?start=30").text.count('class="case"') == 4
    assert "下一页" not in ning.browser.get("/console/passages?state=draft&q=第1").text


def test_a_passage_is_shown_in_both_languages_as_a_parent_sees_it(services: Services, ning: Colleague) -> None:
    page = ning.browser.get(f"/console/passages/{number_of(services, 'honey-under-1')}").text
    assert "<h3>一岁前，蜂蜜一口都不要给</h3>" in page
    assert "No honey" in page
    assert "世界卫生组织" in page
    assert "待本地专家审核" in page
    assert "honey-under-1" not in page.split("<main")[1], "an editor never sees a slug"
    assert ning.browser.get("/console/passages/99999").status_code == 404
    assert ning.browser.get(f"/console/passages/{number_of(services, 'honey-under-1')}?revision=9").status_code == 404


def test_a_new_passage_is_saved_and_its_address_is_nobodys_business(services: Services, ning: Colleague) -> None:
    number = write(ning, services)
    made = newest(services, number)
    assert (made.state, made.author_id, made.content["slug"]) == (ReviewState.DRAFT, ning.key, "speak-half-a-beat-slower")
    assert made.content["age_months"] == [18, 48]
    assert made.says().zh.title == "说话慢半拍"
    assert "家长还看不到" in ning.browser.page


def test_the_form_holds_what_was_saved_and_saving_it_again_changes_nothing(services: Services, ning: Colleague) -> None:
    for slug in ("honey-under-1", "tantrums-1-to-3"):
        number = number_of(services, slug)
        given = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
        send(ning.browser, f"/console/passages/{number}/edit", given)
        assert newest(services, number).number == 1


def test_half_a_passage_is_kept_and_says_what_is_missing(services: Services, ning: Colleague) -> None:
    ning.browser.get("/console/passages/new")
    page = send(ning.browser, "/console/passages/new", {"zh_title": "只想好了题目"})
    assert "还没写完" in page
    assert re.search(r'还差</b>：.*<a href="/console/passages/5/edit#en_title"[^>]*>英文题目</a>', page)
    assert ">送审<" not in page
    assert "只想好了题目" in ning.browser.get("/console/passages?lacking=en").text
    assert "这里还没有写。" in ning.browser.get(f"/console/passages/{number_of(services, 'passage-5')}/edit").text


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"zh_title": ""}, "zh_title", "这里还没有写。"),
        ({"zh_text": "短"}, "zh_text", "太短了，至少要 20 个字，现在是 1 个。"),
        ({"en_more": "## more"}, "en_more", "有一行用 # 开头。"),
        ({"zh_questions": "一\n二"}, "zh_questions", "至少写 3 行，现在有 2 行。"),
        ({"en_questions": "a\nb\na"}, "en_questions", "「a」写了两遍"),
        ({"topic1": ""}, "topics", "请至少选一个主题"),
        ({"topic2": "responsive_care"}, "topics", "同一个主题选了两遍。"),
        ({"topic3": "made_up"}, "topics", "请重新选"),
        ({"from_months": "一岁半"}, "age", "年龄请填数字"),
        ({"to_years": "1"}, "age", "「到」要比「从」大。"),
        ({"to_years": "99"}, "age", "最晚到 18 岁"),
        ({"audiences": ""}, "audiences", "请至少勾一项。"),
        ({"new_year": "去年"}, "sources", "四位数字"),
        ({"new_year": "1066"}, "sources", "四位数字"),
        ({"new_organisation": "", "new_title": "", "new_year": ""}, "sources", "每一篇都要有来源"),
    ],
)
def test_every_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    services: Services, ning: Colleague, changed: dict[str, str], field: str, sentence: str
) -> None:
    ning.browser.get("/console/passages/new")
    given = {**GOOD, **changed}
    answer = ning.browser.client.post("/console/passages/new", data={"form_token": ning.browser.token(), **given, "do": "submit"})
    assert answer.status_code == 422
    told = re.search(rf'id="{field}-mend">([^<]*)<', answer.text)
    assert told
    assert sentence in unescape(told[1])
    kept = fields_of(answer.text)
    assert all(
        kept[name] == value for name, value in given.items() if isinstance(value, str) and name not in ("topic3", "audiences")
    )
    with services.database.transaction() as session:
        assert len(session.exec(select(Passage)).all()) == 4


def test_what_is_too_long_is_not_kept_and_says_so(services: Services, ning: Colleague) -> None:
    ning.browser.get("/console/passages/new")
    page = send(ning.browser, "/console/passages/new", {**GOOD, "zh_text": "字" * 1201})
    assert "太长了，最多 1200 个字，现在是 1201 个。" in page
    assert "字" * 1201 in page
    assert "还没有存" in page


def test_an_empty_form_says_so(ning: Colleague) -> None:
    ning.browser.get("/console/passages/new")
    assert "还一个字都没有写" in send(ning.browser, "/console/passages/new", {"topic1": "fears"})


def test_the_same_new_form_twice_is_one_passage(services: Services, ning: Colleague) -> None:
    assert write(ning, services) == write(ning, services)


def test_sources_are_chosen_from_those_in_use_or_added(services: Services, ning: Colleague) -> None:
    number = write(ning, services)
    page = ning.browser.get(f"/console/passages/{number}/edit").text
    offered = re.findall(r'<option value="(\[[^"]*)"', page)
    assert offered
    given = fields_of(page) | {"source_pick": unescape(offered[0])}
    page = send(ning.browser, f"/console/passages/{number}/edit", given, do="add")
    again = fields_of(page)
    assert len(again["sources"]) == 2
    assert offered[0] not in re.findall(r'<option value="(\[[^"]*)"', page)
    assert newest(services, number).number == 1, "nothing is saved by that button"
    send(ning.browser, f"/console/passages/{number}/edit", again | {"sources": [again["sources"][1]]})
    assert len(newest(services, number).content["sources"]) == 1


@pytest.mark.parametrize(
    "value", ["nonsense", "[]", '["a"]', "[1, 2, 3]", '["a", "b", "c"]', '["a", "b", 99999999]', "{}", "null"]
)
def test_a_source_that_no_form_of_ours_holds_is_left_out(ning: Colleague, value: str) -> None:
    ning.browser.get("/console/passages/new")
    page = send(ning.browser, "/console/passages/new", {**GOOD, "sources": [value]}, do="preview")
    assert fields_of(page)["sources"] == []


def test_the_preview_shows_what_was_typed_on_both_channels_and_stores_nothing(services: Services, ning: Colleague) -> None:
    ning.browser.get("/console/passages/new")
    given = {**GOOD, "zh_danger_signs": "喊不醒：打120", "zh_more": "还可以唱给他听。"}
    page = send(ning.browser, "/console/passages/new", given, do="preview")
    assert page.count("<b>说话慢半拍</b>") == 2, "on Telegram the answer and what unfolds under it"
    assert page.count("<h3>说话慢半拍</h3>") == 2, "on the chat page too"
    assert "有下面的情况，马上去医院或打120：" in page
    assert "适合1岁半到4岁" in page
    assert "Good from" in page or "1 year 6 months" in page
    assert fields_of(page)["zh_title"] == "说话慢半拍"
    part = ning.browser.client.post(
        "/console/passages/new",
        data={"form_token": ning.browser.token(), **given, "do": "preview"},
        headers={"x-fragment": "preview"},
    ).text
    assert "<html" not in part
    assert "<h3>说话慢半拍</h3>" in part
    with services.database.transaction() as session:
        assert len(session.exec(select(Passage)).all()) == 4


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> ![x](https://evil.example/x.png) [点我](javascript:alert(3)) "
    '{{ 7*7 }} {% raw %} </textarea><script>alert(4)</script> "><svg onload=alert(5)> '
    + "\u202e反过来\u202c \u200b "
    + "长" * 200
)


def test_hostile_words_are_only_words_everywhere(services: Services, ning: Colleague, luo: Colleague) -> None:
    given = {"zh_title": HOSTILE[:290], "zh_text": HOSTILE, "en_more": HOSTILE, "zh_questions": f"一\n二\n{HOSTILE[:250]}"}
    number = write(ning, services, do="submit", **given, new_title=HOSTILE[:250])
    luo.browser.get(f"/console/passages/{number}")
    luo.browser.submit(f"/console/passages/{number}/comment", revision="1", said=HOSTILE)
    pages = [
        ning.browser.get(f"/console/passages{path}").text for path in ("", f"/{number}", f"/{number}/edit", f"/{number}/compare")
    ]
    pages.append(send(ning.browser, f"/console/passages/{number}/edit", GOOD | given | {"base": "1"}, do="preview"))
    for page in pages:
        assert not re.search(r"<(script|img|svg|a)[^>]*(alert|evil|javascript:)", page.replace('src="/static/', "")), page[:200]
        assert "</textarea><script>" not in page
        assert "&lt;svg onload=alert(5)&gt;" in page or "{{ 7*7 }}" in page
        assert not re.search("[\u202a-\u202e\u200b]", page)


def test_the_second_to_save_is_told_who_and_keeps_her_words(services: Services, ning: Colleague, luo: Colleague) -> None:
    number = number_of(services, "tantrums-1-to-3")
    hers = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
    his = fields_of(luo.browser.get(f"/console/passages/{number}/edit").text)
    send(luo.browser, f"/console/passages/{number}/edit", his | {"zh_title": "罗医生改的题目"})
    answer = ning.browser.client.post(
        f"/console/passages/{number}/edit",
        data={"form_token": ning.browser.token(), **hers, "zh_title": "宁编辑改的题目", "do": "submit"},
    )
    assert answer.status_code == 409
    assert "罗医生 在" in answer.text
    assert "存了第 2 稿" in answer.text
    mine = fields_of(answer.text)
    assert (mine["zh_title"], mine["base"]) == ("宁编辑改的题目", "2")
    assert "<mark>罗医生改的题目</mark>" in answer.text or "罗医生改的" in answer.text
    assert newest(services, number).content["zh"]["title"] == "罗医生改的题目"
    send(ning.browser, f"/console/passages/{number}/edit", mine)
    with services.database.transaction() as session:
        titles = [row.content["zh"]["title"] for row in rows(session, number)]
    assert titles[:2] == ["宁编辑改的题目", "罗医生改的题目"]


def test_she_learns_while_typing_that_somebody_else_has_saved(services: Services, ning: Colleague, luo: Colleague) -> None:
    url = f"/console/passages/{number_of(services, 'tantrums-1-to-3')}/edit"
    hers, his = fields_of(ning.browser.get(url).text), fields_of(luo.browser.get(url).text)
    asked = {"form_token": ning.browser.token(), **hers, "do": "preview"}
    before = ning.browser.client.post(url, data=asked, headers={"x-fragment": "preview"}).text
    send(luo.browser, url, his | {"zh_title": "罗医生改的题目"})
    after = ning.browser.client.post(url, data=asked, headers={"x-fragment": "preview"}).text
    assert "罗医生 在" not in before
    assert "罗医生 在" in after


def test_a_word_may_go_with_handing_in(services: Services, ning: Colleague) -> None:
    number = write(ning, services)
    ning.browser.submit(f"/console/passages/{number}/submit", revision="1", said="请看看第三句")
    assert "请看看第三句" in ning.browser.get(f"/console/passages/{number}").text


anything = st.text(max_size=30) | st.integers(-5, 3000).map(str)


@given(st.fixed_dictionaries(dict.fromkeys(sorted(Typed().fields), anything)), st.lists(anything, max_size=3), anything)
def test_whatever_is_typed_becomes_a_draft_and_findings(fields: dict[str, str], boxes: list[str], picked: str) -> None:
    draft, found = Typed(fields=fields, audiences=tuple(boxes), sources=tuple(boxes), picked=picked).draft()
    assert drafts.from_content(drafts.to_content(draft, slug="x")) == draft
    for lang in LANGS:
        assert all(passage_words.finding(one, lang) for one in found)
    assert of_draft(draft).draft()[0] == replace(draft, age_months=of_draft(draft).draft()[0].age_months)


def test_english_pages_say_it_in_english(services: Services, ning: Colleague) -> None:
    ning.browser.get("/console/passages")
    ning.browser.submit("/console/language", lang="en", next="/console/passages")
    number = number_of(services, "honey-under-1")
    for path in ("", f"/{number}", f"/{number}/compare", "/new"):
        page = ning.browser.get(f"/console/passages{path}").text
        assert "Passages" in page
    assert "What parents read" in ning.browser.get("/console/passages").text
    page = send(ning.browser, "/console/passages/new", {**GOOD, "zh_text": "x"}, do="submit")
    assert "Too short: at least 20 characters, now there are 1." in page


def test_the_console_draws_a_message_as_the_chat_page_does() -> None:
    chat = declared((STATIC / "chat/static/chat.css").read_text())
    console = declared((STATIC / "console/static/passages.css").read_text())
    for there, here in {
        ".msg": ".as-page .msg",
        ".msg > p": ".as-page .msg > p",
        ".msg > :last-child": ".as-page .msg > :last-child",
        ".theirs": ".as-page .theirs",
        ".chat .button": ".as-page .button",
        ".answers": ".as-page .answers",
        ".answers + .answers": ".as-page .answers + .answers",
        ".chat .answers .button": ".as-page .answers .button",
    }.items():
        assert console[here] == chat[there], here


def declared(sheet: str) -> dict[str, str]:
    """Selector to its first rule: later ones are for wider screens."""
    rules: dict[str, str] = {}
    for selector, body in re.findall(r"^([^{}@/]+)\{([^{}]*)\}", sheet, re.MULTILINE):
        rules.setdefault(selector.strip(), body.strip())
    return rules


def test_a_box_of_the_form_names_a_source_whole() -> None:
    assert as_value(DraftSource('有"引号"的机构', "标题", 2020)) == '["有\\"引号\\"的机构", "标题", 2020]'
