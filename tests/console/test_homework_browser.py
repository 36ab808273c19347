"""The pages of homework in a real browser: nothing overflows, thumbs reach everything, the picture is seen, a comment is sent."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import ViewportSize, expect

from care.homework.models import HomeworkState
from care.services import Services
from kit import clock
from kit.accounts.models import Role
from tests.bot.homework_family import homework_of
from tests.console.conftest import Hire
from tests.console.test_browser import DESK, PHONE, Enter, enter  # noqa: F401 - a fixture
from tests.console.test_homework import WORDS, handed_in

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with clock.frozen(clock.now()):
        yield


def test_what_is_typed_survives_a_reload_and_a_new_tab_until_it_is_sent(services: Services, hire: Hire, enter: Enter) -> None:  # noqa: F811
    hire("wang")
    handed_in(services)
    page, url = enter("wang", PHONE), f"/console/homework/{homework_of(services).key}"
    page.goto(url)
    for name, words in WORDS.items():
        page.locator(f"#{name}").fill(words)
    page.reload()
    expect(page.locator("#step")).to_have_value(WORDS["step"])
    other = page.context.new_page()
    other.goto(url)
    expect(other.locator("#saw")).to_have_value(WORDS["saw"])
    other.locator("#saw").fill("长" * 312)
    expect(other.get_by_text("多了 12 个字")).to_be_visible()
    other.locator("#saw").fill(WORDS["saw"])
    other.get_by_role("button", name="请再试一次").click()
    expect(other.get_by_text("点评已经发给家长")).to_be_visible()
    assert other.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:'))") == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages(services: Services, hire: Hire, enter: Enter, size: ViewportSize) -> None:  # noqa: F811 - the fixture
    hire("wang")
    hire("boss", Role.ADMINISTRATOR)
    handed_in(services)
    page = enter("wang", size)
    for name, url in (("list", "/console/homework"), ("page", f"/console/homework/{homework_of(services).key}")):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{size['width']}.png", full_page=True)
    assert page.locator("img.photo").evaluate("one => one.complete && one.naturalWidth > 0")
    for name, words in WORDS.items():
        page.locator(f"#{name}").fill(words)
    page.get_by_role("button", name="发出去，做好了").click()
    expect(page.get_by_text("点评已经发给家长")).to_be_visible()
    assert homework_of(services).state is HomeworkState.DONE
