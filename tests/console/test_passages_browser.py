"""The editors' pages in a real browser: from an empty form to the parent's chat, two people on one passage, and nothing hangs over."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from care.editions.building import build
from care.services import Services
from kit import clock
from kit.accounts.models import Role
from tests.console.conftest import Colleague, Hire
from tests.console.test_browser import DESK, PHONE, Enter, enter  # noqa: F401 - a fixture
from tests.fixtures.talk import Talker

pytestmark = pytest.mark.browser

QUESTIONS = "娃儿不肯洗头咋办\n一洗头就哭，怎么哄\n婆婆按着他洗头，他吓得很\n水一冲到眼睛就闹\n多久洗一回头合适\n能不能不洗头"
ENGLISH = (
    "My toddler screams when I wash her hair\nHow do I wash his hair without tears?\nShe is afraid of water on her head\n"
    "How often should I wash a small child's hair?"
)


@pytest.fixture
def still() -> Iterator[None]:
    with clock.frozen(clock.now()):
        yield


def fill(page: Page) -> None:
    page.locator("#zh_title").fill("洗头怕水，先玩水再洗头")
    page.locator("#zh_text").fill(
        "娃儿洗头怕水，先让他拿杯子给布娃娃洗头，再换他自己。水从后脑往下淋，眼睛用毛巾挡住，一分钟就好。"
        "他肯让淋一下，就夸他这一下。今天只淋一小片也算洗过，明天再多一点，慢慢就不怕了。洗完抱一抱，一起照照镜子。"
    )
    page.locator("#zh_questions").fill(QUESTIONS)
    page.locator("#en_title").fill("Afraid of hair washing: play with water first")
    page.locator("#en_text").fill(
        "Let her wash a doll's hair with a cup first. Then pour from behind and cover her eyes with a towel; a minute is enough. "
        "Praise the one pour that she allowed. A small patch counts for today, and tomorrow it may be a little more."
    )
    page.locator("#en_questions").fill(ENGLISH)
    page.get_by_label("主要讲什么").select_option(label="害怕")
    page.locator("#from_years").fill("1")
    page.locator("#to_years").fill("5")
    page.get_by_label("一般家庭").check()
    page.get_by_label("哪个机构").fill("世界卫生组织")
    page.get_by_label("哪份资料").fill("养育照护框架")
    page.get_by_label("哪一年").fill("2018")


@pytest.mark.slow
def test_written_reviewed_built_published_and_answered(services: Services, hire: Hire, enter: Enter) -> None:  # noqa: F811
    asked = "我家娃儿不肯洗头咋办"
    assert "洗头怕水" not in Talker(services, "before").says(asked).text
    hire("ning", Role.EDITOR, name="宁编辑")
    hire("luo", Role.EDITOR, name="罗医生")
    writer, reviewer = enter("ning"), enter("luo")
    writer.get_by_role("link", name="新写一篇").click()
    fill(writer)
    seen = writer.locator("[data-preview]")
    expect(seen.locator(".seen-zh .as-page h3")).to_have_text("洗头怕水，先玩水再洗头")
    expect(seen.locator(".seen-zh .as-telegram")).to_be_hidden()
    writer.locator("#zh_title").focus()
    expect(seen.locator(".seen-zh .as-telegram")).to_be_visible()
    expect(seen.locator(".seen-en .bubble b")).to_have_text("Afraid of hair washing: play with water first")
    writer.get_by_role("button", name="存好并送审").click()
    expect(writer.get_by_role("status")).to_contain_text("已经交给同事审核")
    expect(writer.get_by_text("这一稿是您写的")).to_be_visible()
    reviewer.goto("/console/passages?state=in_review")
    reviewer.get_by_role("link", name="洗头怕水").click()
    reviewer.get_by_label("想说的话").fill("写得清楚")
    reviewer.get_by_role("button", name="审过，同意").click()
    expect(reviewer.get_by_role("status")).to_contain_text("下一版就用这一稿")
    reviewer.goto("/console/editions")
    expect(reviewer.get_by_text("新写 1 篇")).to_be_visible()
    reviewer.get_by_role("button", name="生成新的一版").click()
    build(services.database, 2, library=services.library, blobs=services.blobs)
    reviewer.goto("/console/editions")
    reviewer.get_by_role("button", name="发布这一版").click()
    expect(reviewer.locator("#edition-2")).to_contain_text("家长正在用")
    answer = Talker(services, "after").says(asked)
    assert "洗头怕水，先玩水再洗头" in answer.text
    assert "待本地专家审核" not in answer.text


@pytest.mark.slow
def test_doubts_lead_to_their_field_are_seen_before_submitting_and_by_the_second_editor(hire: Hire, enter: Enter) -> None:  # noqa: F811
    hire("ning", Role.EDITOR, name="宁编辑")
    hire("luo", Role.EDITOR, name="罗医生")
    writer, reviewer = enter("ning"), enter("luo")
    writer.goto("/console/passages/new")
    fill(writer)
    writer.locator("#zh_more").fill("洗完抹一点药膏，每次 5 毫克，保证能好。")
    writer.locator("#en_title").fill("")
    told = writer.locator("[data-lint]")
    expect(told).to_contain_text("写了用量「5 毫克」")
    told.get_by_role("link", name="英文题目").click()
    expect(writer.locator("#en_title")).to_be_focused()
    writer.keyboard.type("Afraid of hair washing: play with water first")
    expect(told.get_by_text("还没写完")).to_be_hidden()
    told.get_by_role("link", name="中文「往下看」").first.click()
    expect(writer.locator("#zh_more")).to_be_focused()
    writer.locator("#zh_more").fill("洗完抹一点药膏，每次 5 毫克。")
    expect(told).not_to_contain_text("保证能")
    writer.get_by_role("button", name="存好并送审").click()
    expect(writer.get_by_role("status")).to_contain_text("还没有送审")
    expect(writer.locator("#lint")).to_contain_text("写了用量「5 毫克」")
    writer.get_by_role("button", name="看过了，照样送审").click()
    expect(writer.get_by_role("status")).to_contain_text("已经交给同事审核")
    reviewer.goto("/console/passages?state=in_review")
    reviewer.get_by_role("link", name="洗头怕水").click()
    expect(reviewer.locator("#lint")).to_contain_text("写了用量「5 毫克」")
    reviewer.get_by_role("button", name="审过，同意").click()
    expect(reviewer.get_by_role("status")).to_contain_text("下一版就用这一稿")


def test_words_survive_a_closed_window_and_go_when_they_are_saved(hire: Hire, enter: Enter) -> None:  # noqa: F811
    hire("ning", Role.EDITOR)
    page = enter("ning", PHONE)
    page.goto("/console/passages/new")
    fill(page)
    page.goto("/console/passages")
    page.goto("/console/passages/new")
    expect(page.get_by_text("已经替您放回来了")).to_be_visible()
    expect(page.locator("#zh_questions")).to_have_value(QUESTIONS)
    expect(page.get_by_label("一般家庭")).to_be_checked()
    page.get_by_role("button", name="存草稿").dblclick()
    expect(page.get_by_role("status")).to_contain_text("存好了")
    page.goto("/console/passages?state=draft")
    expect(page.locator(".case")).to_have_count(1)
    page.goto("/console/passages/new")
    expect(page.locator("#zh_title")).to_have_value("")


def test_saving_one_passage_keeps_the_unsaved_words_of_a_new_one(hire: Hire, enter: Enter) -> None:  # noqa: F811
    hire("ning", Role.EDITOR)
    page = enter("ning")
    page.goto("/console/passages/new")
    fill(page)
    page.get_by_role("button", name="加上，再选下一条").click()
    page.goto("/console/passages/1/edit")
    page.locator("#zh_title").fill("另一篇的题目")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_role("status")).to_contain_text("存好了")
    page.goto("/console/passages/new")
    expect(page.locator("#zh_questions")).to_have_value(QUESTIONS)
    expect(page.get_by_label("世界卫生组织，养育照护框架（2018）")).to_be_checked()
    page.get_by_role("button", name="不要了，用存好的").click()
    expect(page.locator("#zh_questions")).to_have_value("")
    expect(page.get_by_label("世界卫生组织，养育照护框架（2018）")).to_have_count(0)


def test_kept_words_meet_what_a_colleague_saved_meanwhile_and_nobody_else_gets_them(
    hire: Hire, browser: Browser, address: str
) -> None:
    hers, luo = hire("ning", Role.EDITOR, name="宁编辑"), hire("luo", Role.EDITOR, name="罗医生")
    page, his = signed_in(browser, address, hers), signed_in(browser, address, luo)
    for each in (page, his):
        each.goto("/console/passages/1/edit")
    page.locator("#en_title").fill("Ning's own title")
    page.goto("/console/passages")
    his.locator("#zh_title").fill("罗医生的题目")
    his.get_by_role("button", name="存草稿").click()
    expect(his.get_by_role("status")).to_contain_text("存好了")
    page.goto("/console/passages/1/edit")
    expect(page.get_by_text("已经替您放回来了")).to_be_visible()
    expect(page.locator("#en_title")).to_have_value("Ning's own title")
    with page.expect_response(lambda answer: answer.status == 409):
        page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("罗医生 在")
    page.context.clear_cookies()
    for name, value in luo.browser.client.cookies.items():
        page.context.add_cookies([{"name": name, "value": value, "url": address}])
    page.goto("/console/passages/1/edit")
    expect(page.locator("#zh_title")).to_have_value("罗医生的题目")
    expect(page.get_by_text("已经替您放回来了")).to_be_hidden()


def test_enter_in_a_field_saves_nothing(hire: Hire, enter: Enter) -> None:  # noqa: F811
    hire("ning", Role.EDITOR)
    page = enter("ning")
    page.goto("/console/passages/new")
    page.locator("#zh_title").fill("一个题目")
    page.locator("#zh_title").press("Enter")
    expect(page.locator(".seen-zh .as-page h3")).to_have_text("一个题目")
    expect(page).to_have_url(re.compile(r"/console/passages/new$"))


def signed_in(browser: Browser, address: str, who: Colleague, *, script: bool = True) -> Page:
    context = browser.new_context(java_script_enabled=script, base_url=address)
    for name, value in who.browser.client.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    return context.new_page()


def test_the_second_to_save_sees_her_own_words_and_what_changed(hire: Hire, browser: Browser, address: str) -> None:
    ning = signed_in(browser, address, hire("ning", Role.EDITOR, name="宁编辑"))
    luo = signed_in(browser, address, hire("luo", Role.EDITOR, name="罗医生"))
    for page in (ning, luo):
        page.goto("/console/passages?q=蜂蜜")
        page.locator(".case a").click()
        page.get_by_role("link", name="改这一篇").click()
    luo.locator("#zh_title").fill("罗医生的题目")
    luo.get_by_role("button", name="存草稿").click()
    expect(luo.get_by_role("status")).to_contain_text("存好了")
    ning.locator("#en_title").fill("Ning's own title")
    with ning.expect_response(lambda answer: answer.status == 409):
        ning.get_by_role("button", name="存草稿").click()
    expect(ning.get_by_role("alert")).to_contain_text("罗医生 在")
    expect(ning.locator("#en_title")).to_have_value("Ning's own title")
    ning.get_by_text("别人改了什么", exact=True).click()
    expect(ning.locator(".conflict .is mark").first).to_be_visible()
    ning.get_by_role("button", name="按我写的存成新的一稿").click()
    expect(ning.locator(".history > li")).to_have_count(3)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_hangs_over_and_thumbs_reach_everything(
    hire: Hire,
    enter: Enter,  # noqa: F811
    size: ViewportSize,
    still: None,
) -> None:
    hire("boss", Role.ADMINISTRATOR, name="名字很长的管理员" * 5)
    page = enter("boss", size)
    page.goto("/console/passages/new")
    fill(page)
    page.locator("#zh_title").fill("https://example.com/" + "a" * 250)
    page.get_by_label("哪个机构").fill("W" * 290)
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_role("status")).to_contain_text("存好了")
    page.get_by_role("button", name="English").click()
    for lang in ("en", "zh"):
        signing = ("/sign-off", "/sign-off?about=picky_eating")
        for path in ("", "/5", "/5/edit", "/5/compare", "/5/drop", "/1", "/new", *signing):
            page.goto(f"/console/passages{path}")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{path} in {lang} hangs over by {over} px"
            low = page.locator("main :is(button, a.button, summary, input:not([type=checkbox], [type=radio]), select):visible")
            heights = low.evaluate_all(
                "all => all.filter(one => !one.closest('[inert]')).map(one => one.getBoundingClientRect().height)"
            )
            assert min(heights) >= 44, f"{path} in {lang}"
        if lang == "en":
            page.get_by_role("button", name="中文").first.click()


def test_without_script_the_preview_is_a_button(hire: Hire, browser: Browser, address: str) -> None:
    page = signed_in(browser, address, hire("ning", Role.EDITOR), script=False)
    page.goto("/console/passages/new")
    fill(page)
    page.get_by_role("button", name="看看样子").click()
    expect(page.locator(".seen-zh .bubble b")).to_have_text("洗头怕水，先玩水再洗头")
    expect(page.locator("#zh_questions")).to_have_value(QUESTIONS)
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_role("status")).to_contain_text("存好了")
