"""The alarm of danger on every page until somebody has taken it; who was paged stands on the case; one tap acknowledges."""

import pytest
from sqlmodel import Session, select

from care.cases.models import Case, CaseEntry, CaseKind
from care.duty import actions as duty
from care.duty import calling
from care.duty.climbing import ACKNOWLEDGED
from care.duty.models import Page, Rung
from care.people import actions as people
from care.places import queries as places
from care.services import Services
from kit.accounts.models import Role, Staff
from tests.console.conftest import Ask, Colleague, Hire

NOT_WAKING = "宝宝喊不醒 嘴巴乌了"
BAR = "个紧急求助还没有人接"


def danger(ask: Ask, who: str = "one") -> int:
    return ask(NOT_WAKING, kind=CaseKind.DANGER, topic="danger:medical", who=who)


def assigned(session: Session, who: Colleague, place: str) -> None:
    found = places.named(session, place)
    assert found
    people.assign(session, session.get_one(Staff, who.key), place=found, by=who.key)


@pytest.mark.parametrize("path", ["cases", "homework", "passages", "editions", "staff", "me"])
def test_every_page_bears_it_while_one_is_untaken(hire: Hire, ask: Ask, path: str) -> None:
    boss = hire("boss", Role.ADMINISTRATOR)
    quiet = boss.browser.get(f"/console/{path}").text
    assert BAR not in quiet
    assert "<title>🔴" not in quiet
    number = danger(ask)
    page = boss.browser.get(f"/console/{path}").text
    assert f"有 1 {BAR}" in page
    assert f'href="/console/cases/{number}"' in page
    assert "<title>🔴 (1) " in page


def test_it_rings_until_somebody_comes_and_ends_when_she_takes_it(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang", name="王老师"), danger(ask)
    assert "data-rings" in wang.browser.get("/console/alarm").text
    wang.browser.get(f"/console/cases/{number}")
    assert "先不再叫别人" in wang.browser.submit(f"/console/cases/{number}/acknowledge").text
    assert "王老师 看到了，马上来" in wang.browser.page
    alarm = wang.browser.get("/console/alarm").text
    assert BAR in alarm
    assert "data-rings" not in alarm
    wang.browser.get(f"/console/cases/{number}")
    wang.browser.submit(f"/console/cases/{number}/take")
    assert BAR not in wang.browser.page
    with services.database.transaction() as session:
        assert session.exec(select(CaseEntry.staff_id).where(CaseEntry.text == ACKNOWLEDGED)).one() == wang.key


def test_it_counts_and_leads_to_the_longest_waiting(hire: Hire, ask: Ask) -> None:
    wang, first = hire("wang"), danger(ask)
    danger(ask, "two")
    alarm = wang.browser.get("/console/alarm").text
    assert f"有 2 {BAR}" in alarm
    assert f"/console/cases/{first}" in alarm


def test_who_takes_no_cases_has_none(hire: Hire, ask: Ask) -> None:
    editor = hire("ed", Role.EDITOR)
    danger(ask)
    assert 'id="alarm"' not in editor.browser.get("/console/passages").text


def test_a_colleague_of_another_place_has_it_once_she_is_called(services: Services, hire: Hire, ask: Ask) -> None:
    li, number = hire("li", name="李老师"), ask(NOT_WAKING, kind=CaseKind.DANGER, topic="danger:medical", place="荣昌区")
    with services.database.transaction() as session:
        assigned(session, li, "万州区")
        session.get_one(Staff, li.key).telegram_address = "901"
    assert BAR not in li.browser.get("/console/cases").text
    with services.database.transaction() as session:
        case = session.get_one(Case, number)
        duty.page(session, case, hours=services.hours, addresses=1, last=True, again="2", rung=Rung.LAST)
        duty.settle(session, session.exec(select(Page).where(Page.staff_id == li.key)).one(), reached=False)
    page = li.browser.get(f"/console/cases/{number}").text
    assert BAR in page
    assert "叫过谁" in page
    for said in ("李老师", "没有送到", "值班地址 1", "最后一个地址", "正在送", "再往上叫"):
        assert said in page


def test_the_number_she_left_is_opened_by_the_holder_and_the_look_is_told(services: Services, hire: Hire, ask: Ask) -> None:
    wang, li, number = hire("wang", name="王老师"), hire("li"), danger(ask)
    with services.database.transaction() as session:
        case = session.get_one(Case, number)
        calling.leave(session, case, number="13812345678", signing_key=services.signing_key, key="k")
    wang.browser.get(f"/console/cases/{number}")
    assert "看家长的电话" not in wang.browser.page
    wang.browser.submit(f"/console/cases/{number}/take")
    assert "13812345678" not in wang.browser.page
    shown = wang.browser.submit(f"/console/cases/{number}/phone")
    assert 'href="tel:13812345678"' in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "王老师 看了电话" in wang.browser.get(f"/console/cases/{number}").text
    assert "13812345678" not in wang.browser.page
    li.browser.get(f"/console/cases/{number}")
    assert li.browser.submit(f"/console/cases/{number}/phone").status_code == 409
