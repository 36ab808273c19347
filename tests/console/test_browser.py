"""The console in a real Chromium, on a phone and at a desk: nothing hangs over, and what the small scripts add."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, ViewportSize, expect

from care.cases.actions import Media
from care.cases.models import CaseKind
from care.editions.building import build
from care.services import Services
from kit.accounts.models import Role
from tests.console.conftest import PASSWORD, Ask, Hire

pytestmark = pytest.mark.browser

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
LONG = "https://example.com/" + "a" * 300

Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, address: str) -> Iterator[Enter]:
    """Sign in as somebody with a real form; whatever the browser complains of fails the test."""

    def one(login: str, size: ViewportSize = DESK) -> Page:
        page = browser.new_context(viewport=size, base_url=address).new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/console/")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("navigation").first).to_be_visible()
        return page

    complaints: list[str] = []
    yield one
    assert complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_hangs_over_the_edge(services: Services, hire: Hire, ask: Ask, enter: Enter, size: ViewportSize) -> None:
    boss = hire("boss", Role.ADMINISTRATOR, name="名字很长的管理员" * 5)
    key = services.blobs.put_new(b"\xff\xd8\xff no picture at all", folder="photos")
    number = ask(f"看看这个 {LONG} " + "说个没完" * 80, media=Media(key=key, kind="photo"))
    ask("娃儿抽筋喊不醒", kind=CaseKind.DANGER, who="b", topic="danger:medical")
    page = enter("boss", size)
    page.get_by_role("button", name="English").click()
    for lang in ("en", "zh"):
        for path in (
            "cases",
            f"cases/{number}",
            "editions",
            "editions/proposals",
            "staff",
            f"staff/{boss.key}",
            "me",
            "cases?shown=closed",
        ):
            page.goto(f"/console/{path}")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{path} in {lang} hangs over by {over} px"
        if lang == "en":
            page.get_by_role("button", name="中文").first.click()


def test_every_button_is_large_enough_for_a_thumb(hire: Hire, ask: Ask, enter: Enter) -> None:
    hire("boss", Role.ADMINISTRATOR)
    number, page = ask("八个月可以喝蜂蜜水吗"), enter("boss", PHONE)
    for path in ("cases", f"cases/{number}", "editions", "staff", "me"):
        page.goto(f"/console/{path}")
        for target in page.locator(
            "button:visible, a.button:visible, nav a:visible, summary:visible, input:visible, select:visible"
        ).all():
            box = target.bounding_box()
            assert box
            assert box["height"] >= 44, f"{path}: {target.inner_text()} is {box['height']} px high"


def test_quote_send_and_take_back(hire: Hire, ask: Ask, enter: Enter) -> None:
    hire("wang")
    number, page = ask("八个月可以喝蜂蜜水吗"), enter("wang", PHONE)
    page.goto(f"/console/cases/{number}")
    page.get_by_text("一岁前，蜂蜜一口都不要给").click()
    page.get_by_role("button", name="引用到回复里").click()
    words = page.get_by_label("回复家长")
    expect(words).to_have_value(
        "不满一岁的娃儿不能吃蜂蜜，煮开了、烤进蛋糕也一样不行。蜂蜜里可能有肉毒杆菌的芽孢，娃儿的肠子还挡不住它。满一岁再吃。"
    )
    page.reload()
    expect(words).not_to_have_value("")
    page.get_by_role("button", name="接手并发给家长").dblclick()
    undo = page.get_by_role("button", name="撤回这条回复")
    expect(undo).to_contain_text("(5")
    expect(page.locator(".talk .reply")).to_have_count(1)
    undo.click()
    expect(page.get_by_role("status")).to_contain_text("家长没有看到")


def test_a_new_case_comes_in_by_itself(hire: Hire, ask: Ask, enter: Enter) -> None:
    hire("wang")
    page = enter("wang")
    expect(page.get_by_text("歇一口气")).to_be_visible()
    ask("娃儿抽筋喊不醒", kind=CaseKind.DANGER, topic="danger:medical")
    expect(page.locator(".case.first")).to_contain_text("娃儿抽筋喊不醒", timeout=12_000)


def test_a_build_is_followed_to_its_end(services: Services, hire: Hire, enter: Enter) -> None:
    hire("ning", Role.EDITOR)
    page = enter("ning")
    page.goto("/console/editions")
    page.get_by_role("button", name="生成新的一版").click()
    with services.database.transaction() as session:
        session.execute(sa.text("update edition set state = 'building', progress = 60 where number = 2"))
    expect(page.get_by_text("60%")).to_be_visible(timeout=8_000)
    build(services.database, 2, library=services.library, blobs=services.blobs)
    expect(page.get_by_role("button", name="发布这一版")).to_be_visible(timeout=8_000)
    page.get_by_role("button", name="发布这一版").click()
    expect(page.locator("#edition-2")).to_contain_text("家长正在用")
