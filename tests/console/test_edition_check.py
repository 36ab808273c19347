"""The page of the gate: what it shows, who may override it, and that a refused edition stays where it is."""

import pytest
from sqlmodel import select

from care.editions import releasing
from care.editions.building import build
from care.services import Services
from kit.accounts.models import Role
from kit.audit import AuditEntry
from knowledge.editions.freezing import freeze
from tests.console.conftest import Hire
from tests.fixtures.editions import built_without_two, live


@pytest.fixture
def poorer(services: Services) -> int:
    return built_without_two(services)


def test_a_refused_edition_leads_to_the_reasons_and_the_broken_questions(services: Services, hire: Hire, poorer: int) -> None:
    ning = hire("ning", Role.EDITOR)
    ning.browser.get("/console/editions")
    shown = ning.browser.submit(f"/console/editions/{poorer}/publish").text
    assert "检查没有通过" in shown
    assert "八个月的娃儿可以吃蜂蜜不" in shown
    assert "一岁前，蜂蜜一口都不要给" in shown
    assert 'href="/console/passages/' in shown
    assert "这一篇没有了" in shown
    assert "请管理员来" in shown
    assert 'name="despite"' not in shown
    assert live(services) == 1
    assert "检查没有通过" in ning.browser.get("/console/editions").text


def test_an_administrator_overrides_with_a_reason_and_nobody_else_does(services: Services, hire: Hire, poorer: int) -> None:
    ning, admin = hire("ning", Role.EDITOR), hire("guan", Role.ADMINISTRATOR)
    ning.browser.get("/console/editions")
    assert ning.browser.submit(f"/console/editions/{poorer}/publish", despite="我想发").status_code == 403
    assert live(services) == 1
    admin.browser.get("/console/editions")
    assert 'name="despite"' in admin.browser.submit(f"/console/editions/{poorer}/check").text
    assert admin.browser.submit(f"/console/editions/{poorer}/publish", despite="  ").status_code == 422
    assert "已经发布" in admin.browser.submit(f"/console/editions/{poorer}/publish", despite="蜂蜜一篇写错了，先撤").text
    assert live(services) == poorer
    with services.database.transaction() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "publish_despite_gate")).one()
    assert (entry.staff_id, entry.facts["why"]) == (admin.key, "蜂蜜一篇写错了，先撤")


def test_the_page_compares_two_editions_in_both_languages(services: Services, hire: Hire) -> None:
    ning = hire("ning", Role.EDITOR)
    with services.database.transaction() as session:
        number = freeze(session).key
    build(services.database, number, library=services.library, blobs=services.blobs)
    assert "还没有检查过" in ning.browser.get(f"/console/editions/{number}/check").text
    releasing.check(services, number)
    page = ning.browser.get(f"/console/editions/{number}/check").text
    assert "检查通过了" in page
    assert page.count('<svg class="plot') == 10
    ning.browser.submit("/console/language", next=f"/console/editions/{number}/check", lang="en")
    assert "Beside edition 1: 24 questions asked, 0 broken" in ning.browser.page
    assert "已经发布" not in ning.browser.page
    assert ning.browser.get("/console/editions/77/check").status_code == 404
