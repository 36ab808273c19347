"""Closing a danger at the console: the form asks how it ended, keeps what was typed, and the history tells it."""

from sqlmodel import select

from care.cases.models import Case, CaseKind, CaseState, Outcome
from care.services import Services
from tests.console.conftest import Ask, Colleague, Hire

SENTENCE = "孩子在区医院，妈妈陪着"


def taken(who: Colleague, number: int) -> None:
    who.browser.get(f"/console/cases/{number}")
    who.browser.submit(f"/console/cases/{number}/take")


def the_case(services: Services) -> Case:
    with services.database.transaction() as session:
        return session.exec(select(Case)).one()


def test_danger_is_closed_with_how_it_ended(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("宝宝喊不醒", kind=CaseKind.DANGER, topic="danger:medical")
    taken(wang, number)
    closed = wang.browser.submit(f"/console/cases/{number}/close", outcome="in_care", ended=SENTENCE).text
    assert "这个求助已经结束" in closed
    assert f"已经在医院或急救人员手上。wang老师：{SENTENCE}" in closed
    assert the_case(services).outcome is Outcome.IN_CARE


def test_without_it_nothing_typed_is_lost_and_the_case_stays(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("宝宝喊不醒", kind=CaseKind.DANGER, topic="danger:medical")
    taken(wang, number)
    refused = wang.browser.submit(f"/console/cases/{number}/close", outcome="", ended=f"<i>{SENTENCE}")
    assert refused.status_code == 422
    assert "要选一个结果" in refused.text
    assert f"&lt;i&gt;{SENTENCE}</textarea>" in refused.text
    refused = wang.browser.submit(f"/console/cases/{number}/close", outcome="safe", ended=" ")
    assert refused.status_code == 422
    assert '<option value="safe" selected>' in refused.text
    assert wang.browser.submit(f"/console/cases/{number}/close", outcome="x", ended="y").status_code == 422
    assert the_case(services).state is CaseState.TAKEN


def test_an_ordinary_case_is_asked_nothing(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("娃儿不吃青菜怎么办")
    taken(wang, number)
    assert 'name="outcome"' not in wang.browser.page
    wang.browser.submit(f"/console/cases/{number}/close")  # her question stands unanswered: shown once more
    wang.browser.submit(f"/console/cases/{number}/close", seen=wang.browser.field("seen"))
    assert the_case(services).state is CaseState.CLOSED
