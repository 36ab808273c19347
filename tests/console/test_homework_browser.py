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
