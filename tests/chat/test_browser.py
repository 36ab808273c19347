"""The page in a real Chromium, with its script: what a parent does with her thumbs, and what she can read."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from tests.chat.people import Instructor, Worker

pytestmark = pytest.mark.browser

HONEY = "八个月的娃可以吃蜂蜜不"
DANGER = "娃儿抽筋喊不醒"
UNANSWERED = "我们村的幼儿园几月份报名"
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=900)


@pytest.fixture
def phone(new_context_on_phone: BrowserContext, address: str) -> Page:
    page = new_context_on_phone.new_page()
    page.goto(address)
    return page


@pytest.fixture
def new_context_on_phone(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True)


def ask(page: Page, text: str) -> None:
    page.get_by_label("您想问什么？").fill(text)
    page.get_by_role("button", name="发送").click()


def test_ask_and_answer(phone: Page) -> None:
    ask(phone, HONEY)
    answer = phone.locator("article.theirs").first
    expect(answer).to_contain_text("蜂蜜一口都不要给")
    expect(answer).to_contain_text("来源")
    expect(answer).to_be_in_viewport()
    expect(phone.locator("article.mine")).to_have_count(1)
    expect(phone.get_by_label("您想问什么？")).to_have_value("")
    answer.get_by_role("button", name="没帮上").click()
    expect(phone.locator("article.theirs").last).to_be_in_viewport()
    expect(phone.locator("article.theirs").last.get_by_role("button").first).to_be_visible()


def test_a_double_click_sends_once(phone: Page, worker: Worker) -> None:
    phone.get_by_label("您想问什么？").fill(HONEY)
    phone.get_by_role("button", name="发送").dblclick()
    expect(phone.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给")
    assert len(worker.stored()) == 1
    expect(phone.locator("article.mine")).to_have_count(1)


def test_words_typed_without_a_line_are_sent_later(phone: Page, worker: Worker) -> None:
    phone.context.set_offline(True)
    ask(phone, HONEY)
    mine = phone.locator("article.mine")
    expect(mine).to_contain_text("没发出去")
    phone.context.set_offline(False)
    phone.reload()
    expect(mine).to_contain_text(HONEY)
    mine.get_by_role("button", name="再发一次").click()
    expect(phone.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给")
    expect(mine).to_have_count(1)
    expect(mine).not_to_contain_text("没发出去")
    phone.reload()
    expect(mine).to_have_count(1)
    assert len(worker.stored()) == 1


def test_an_answer_lost_on_the_way_is_not_asked_twice(phone: Page, worker: Worker) -> None:
    """The post arrives and its answer does not: she sends again, and it counts once."""

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.route("**/say", lose_the_answer, times=1)
    ask(phone, HONEY)
    expect(phone.locator("article.mine").first).to_contain_text("没发出去")
    phone.get_by_role("button", name="再发一次").click()
    expect(phone.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给")
    expect(phone.locator("article.mine")).to_have_count(1)
    assert len(worker.stored()) == 1


def test_what_was_answered_unseen_is_no_longer_unsent(phone: Page, worker: Worker) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.route("**/say", lose_the_answer, times=1)
    ask(phone, HONEY)
    expect(phone.locator("article.mine")).to_contain_text("没发出去")
    phone.reload()
    expect(phone.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给")
    expect(phone.locator("article.mine")).to_have_count(1)


def test_coming_back_opens_at_the_newest_words(phone: Page) -> None:
    for text in (HONEY, UNANSWERED, DANGER):
        ask(phone, text)
        expect(phone.locator(".mine.sending")).to_have_count(0)
    phone.goto(phone.url.split("#")[0])
    expect(phone.locator("article").last).to_be_in_viewport()


def test_the_second_of_two_taps_on_send_starts_no_recording(phone: Page) -> None:
    phone.evaluate(
        "() => { window.heard = 0; navigator.mediaDevices.getUserMedia = () => { window.heard += 1; return Promise.reject(); }; }"
    )
    phone.get_by_label("您想问什么？").fill(HONEY)
    phone.get_by_role("button", name="发送").click()
    phone.evaluate("document.getElementById('voice').click()")
    assert phone.evaluate("window.heard") == 0
    expect(phone.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给")
    phone.wait_for_function("() => { document.getElementById('voice').click(); return window.heard > 0; }")


def test_half_typed_words_survive_a_closed_page(phone: Page) -> None:
    phone.get_by_label("您想问什么？").fill("娃儿两岁了还")
    phone.reload()
    expect(phone.get_by_label("您想问什么？")).to_have_value("娃儿两岁了还")


def test_a_slow_answer_arrives_by_itself(phone: Page, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.chat.routes.ANSWERED_WITHIN_S", 0.2)
    worker.held = True
    ask(phone, HONEY)
    expect(phone.get_by_role("status").filter(has_text="正在查")).to_be_visible()
    worker.held = False
    expect(phone.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给", timeout=8000)
    expect(phone.locator("article.mine")).to_have_count(1)


def test_danger_has_the_number_first(phone: Page) -> None:
    ask(phone, DANGER)
    alert = phone.get_by_role("alert")
    expect(alert).to_contain_text("先打120")
    expect(alert).to_be_in_viewport()
    call = alert.get_by_role("link")
    assert call.get_attribute("href") == "tel:120"
    box = call.bounding_box()
    assert box is not None
    assert box["height"] >= 64
    words = alert.locator(".act").bounding_box()
    assert words is not None
    assert box["y"] < words["y"]


def test_a_reply_arrives_live_and_with_the_code_on_another_phone(
    phone: Page, browser: Browser, address: str, worker: Worker, instructor: Instructor
) -> None:
    ask(phone, UNANSWERED)
    expect(phone.locator("article.theirs").first).to_contain_text("转给老师")
    code = worker.return_code()
    expect(phone.get_by_role("log")).to_contain_text(code)
    instructor.reply("八月底报名，带上户口本。")
    expect(phone.locator("article.person")).to_contain_text("八月底报名", timeout=8000)

    instructor.reply("再说一句：九月一号开学。")
    phone.close()
    other = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    other.goto(address)
    other.get_by_text("换了手机？输入回访码").click()
    other.get_by_label("六位数的回访码").fill(code)
    other.get_by_role("button", name="找回对话").click()
    news = other.get_by_role("region", name="老师给您回信了")
    expect(news).to_contain_text("九月一号开学")
    expect(news).to_be_in_viewport()
    news.get_by_role("button", name="帮上了", exact=True).click()
    expect(other.get_by_role("log")).to_contain_text("谢谢您")
    assert instructor.cases()[0].rating == 3


def test_a_photo_is_shrunk_before_it_travels(phone: Page, worker: Worker, tmp_path: Path) -> None:
    data = phone.evaluate(
        """() => { const c = document.createElement('canvas'); c.width = 4000; c.height = 3000;
        const d = c.getContext('2d'); for (let i = 0; i < 4000; i++) { d.fillStyle = `hsl(${i % 360},80%,50%)`;
        d.fillRect(i, 0, 1, 3000); } return c.toDataURL('image/jpeg', 1).split(',')[1]; }"""
    )
    file = tmp_path / "rash.jpg"
    file.write_bytes(base64.b64decode(data))
    sent: list[int] = []
    phone.on(
        "request", lambda request: sent.append(len(request.post_data_buffer or b"")) if request.url.endswith("/say") else None
    )
    phone.locator("#photo-file").set_input_files(file)
    expect(phone.get_by_text("照片选好了")).to_be_visible()
    phone.get_by_role("button", name="发送").click()
    expect(phone.locator("article.theirs").first).to_contain_text("照片收到了")
    assert sent[0] < file.stat().st_size / 2
    assert worker.stored()[0].payload["media"]["kind"] == "photo"


def test_a_voice_note_is_recorded_and_sent(phone: Page, worker: Worker) -> None:
    phone.context.grant_permissions(["microphone"])
    voice = phone.locator("#voice")
    voice.click()
    expect(voice).to_have_attribute("aria-pressed", "true")
    phone.wait_for_timeout(600)
    voice.click()
    expect(phone.get_by_text("语音录好了")).to_be_visible()
    phone.get_by_role("button", name="发送").click()
    expect(phone.locator("article.theirs").first).to_contain_text("语音收到了")
    assert worker.stored()[0].payload["media"]["kind"] == "voice"


def test_with_the_keyboard_alone(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=DESK, locale="zh-CN").new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("您想问什么？")).to_be_focused()
    page.keyboard.type(HONEY)
    page.keyboard.press("Enter")
    expect(page.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给")
    expect(page.get_by_label("您想问什么？")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("size", [PHONE, DESK, ViewportSize(width=320, height=640)], ids=["390", "1280", "320"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_or_too_small(browser: Browser, address: str, size: ViewportSize, lang: str) -> None:
    page = browser.new_context(viewport=size, locale="zh-CN" if lang == "zh" else "en-GB").new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    check(page)
    box = page.locator("#text")
    for text in (HONEY, DANGER, UNANSWERED) if lang == "zh" else ("can my 8 month old eat honey", "my baby is not breathing"):
        box.fill(text)
        page.locator("#send").click()
        expect(page.locator(".mine.sending")).to_have_count(0)
    page.locator("nav button[value=menu]").click()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    check(page)
    page.goto(f"{address}/privacy")
    check(page)
    assert errors == []


def check(page: Page) -> None:
    """Width, size of type, size of targets, names of controls and contrast, as WCAG AA and the owner ask for them."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert page.evaluate(SMALL_TYPE) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(FAINT) == []


VISIBLE = """const visible = e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
  return r.width > 2 && r.height > 2 && s.visibility !== 'hidden' && s.display !== 'none' && !e.closest('.skip'); };
  const words = [...document.body.querySelectorAll('*')].filter(e => visible(e) &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));"""

SMALL_TYPE = f"""() => {{ {VISIBLE}
  return words.filter(e => parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML.slice(0, 80)); }}"""

SMALL_TARGETS = f"""() => {{ {VISIBLE}
  return [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea, summary')].filter(visible)
    .filter(e => e.getBoundingClientRect().height < 48 || e.getBoundingClientRect().width < 44)
    .map(e => e.outerHTML.slice(0, 80)); }}"""

NAMELESS = f"""() => {{ {VISIBLE}
  const named = e => e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea, summary')].filter(visible)
    .filter(e => !named(e)).map(e => e.outerHTML.slice(0, 80))
    .concat([...document.querySelectorAll('img:not([alt])')].map(e => e.outerHTML))
    .concat(ids.filter((id, at) => ids.indexOf(id) !== at))
    .concat(document.documentElement.lang ? [] : ['no language'])
    .concat(document.querySelectorAll('main').length === 1 ? [] : ['not one main'])
    .concat(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1']); }}"""

FAINT = f"""() => {{ {VISIBLE}
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => {{ const [r, g, b] = c.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; }};
  const behind = e => {{ for (; e; e = e.parentElement) {{ const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > .99) return c.slice(0, 3); }} return [255, 255, 255]; }};
  return words.map(e => {{ const s = getComputedStyle(e); const a = light(parse(s.color).slice(0, 3)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const large = parseFloat(s.fontSize) >= 24 || (parseFloat(s.fontSize) >= 18.66 && s.fontWeight >= 700);
    return [ratio, large ? 3 : 4.5, e.outerHTML.slice(0, 80)]; }}).filter(([ratio, wanted]) => ratio < wanted); }}"""


def test_without_script_the_form_is_all_there(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False).new_page()
    page.goto(address)
    page.locator("#text").fill(HONEY)
    page.locator("#send").click()
    expect(page.locator("article.theirs").first).to_contain_text("蜂蜜一口都不要给")
    expect(page.locator("article.mine").first).to_be_in_viewport()
    assert re.search(r"#end$", page.url)
    page.get_by_role("button", name="问老师").click()
    expect(page.locator("main")).to_contain_text("转给老师")
    page.get_by_text("发照片或语音").click()
    expect(page.get_by_label("照片")).to_be_visible()


def test_motion_rests_when_asked(browser: Browser, address: str) -> None:
    page = browser.new_context(reduced_motion="reduce", locale="zh-CN").new_page()
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.querySelector('.dots i')).animationName") == "none"
