"""Protected cases at the console: named staff alone, a reason each time, the log, and the report that hides who told us."""

import io
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import select

from care.cases.models import Case, CaseKind
from care.duty.models import Page
from care.families.models import Caregiver
from care.safeguarding.models import Look
from care.services import Services
from kit import clock
from kit.accounts.models import Role
from kit.audit import AuditEntry
from tests.console.conftest import Ask, Colleague, Hire

WORDS = "老汉喝了酒又动手打人，我带着娃儿躲在厕所，电话13800138000"
SHOWN = "老汉喝了酒又动手打人，我带着娃儿躲在厕所，"
"""The number stands behind a look of its own."""


@pytest.fixture
def number(ask: Ask) -> int:
    return ask(WORDS, kind=CaseKind.URGENT, topic="urgent:violence", place="荣昌区", who="她")


@pytest.fixture
def boss(hire: Hire) -> Colleague:
    return hire("boss", Role.ADMINISTRATOR)


def name(boss: Colleague, who: Colleague) -> str:
    boss.browser.get(f"/console/staff/{who.key}")
    return boss.browser.submit(f"/console/staff/{who.key}/named", named="yes").text


def looks(who: Colleague, number: int, why: str = "值班接到") -> str:
    who.browser.get(f"/console/cases/{number}")
    return who.browser.submit(f"/console/cases/{number}/look", why=why).text


def test_whoever_is_not_named_knows_only_that_there_is_one(services: Services, hire: Hire, number: int) -> None:
    wang = hire("wang")
    page = wang.browser.get("/console/cases").text
    assert "另有 1 件要保护的事" in page
    assert "等待回复 <b>1</b>" in page
    assert "喝了酒" not in page
    for path in ("", "/media/1"):
        assert wang.browser.get(f"/console/cases/{number}{path}").status_code == 404
    for verb in ("look", "take", "report", "answer"):
        assert wang.browser.submit(f"/console/cases/{number}/{verb}", reason="想看看", text="在吗").status_code == 404
    with services.database.transaction() as session:
        assert session.exec(select(Look)).all() == []


def test_named_she_says_why_and_that_stands_in_the_log(services: Services, hire: Hire, boss: Colleague, number: int) -> None:
    wang = hire("wang")
    assert "指定好了" in name(boss, wang)
    assert "喝了酒" not in wang.browser.get("/console/cases").text
    asked = wang.browser.get(f"/console/cases/{number}").text
    assert "为什么看" in asked
    assert "喝了酒" not in asked
    opened = looks(wang, number)
    assert SHOWN in opened
    assert "谁看过，为什么" in opened
    assert "<b>wang老师</b> 值班接到" in opened
    with services.database.transaction() as session:
        verbs = {row.verb for row in session.exec(select(AuditEntry)) if row.thing == "case" and row.staff_id == wang.key}
        assert {"look:read", "view"} <= verbs
        given = [row for row in session.exec(select(AuditEntry)) if row.verb == "name_for_protected"]
        assert [(row.staff_id, row.thing_id) for row in given] == [(boss.key, str(wang.key))]


def test_a_reason_opens_it_for_half_an_hour_and_an_empty_one_not(hire: Hire, boss: Colleague, number: int) -> None:
    wang = hire("wang")
    name(boss, wang)
    wang.browser.get(f"/console/cases/{number}")
    refused = wang.browser.submit(f"/console/cases/{number}/look", reason=" x ")
    assert refused.status_code == 422
    assert "请写两个字以上" in refused.text
    assert SHOWN in wang.browser.submit(f"/console/cases/{number}/look", reason="派出所来电话问").text
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert SHOWN not in wang.browser.get(f"/console/cases/{number}").text
        assert "请再写一次为什么" in wang.browser.get(f"/console/cases/{number}", **{"x-fragment": "list"}).text


def test_while_nobody_is_named_the_administrators_stand_in_and_not_after(hire: Hire, boss: Colleague, number: int) -> None:
    assert SHOWN in looks(boss, number)
    assert "还没有指定任何人" in boss.browser.get(f"/console/staff/{hire('wang').key}").text
    name(boss, hire("li"))
    assert boss.browser.get(f"/console/cases/{number}").status_code == 404


def test_whoever_was_called_to_the_danger_may_read_it(services: Services, hire: Hire, ask: Ask, boss: Colleague) -> None:
    wang, zhao = hire("wang"), hire("zhao")
    name(boss, hire("li"))
    number = ask("我老公拿刀追我和娃", kind=CaseKind.DANGER, topic="danger:violence")
    with services.database.transaction() as session:
        assert session.exec(select(Case)).one().protected
        session.add(Page(case_id=number, staff_id=wang.key, at=clock.now()))
    assert "拿刀" in looks(wang, number)
    assert zhao.browser.get(f"/console/cases/{number}").status_code == 404


def test_it_is_handed_on_only_to_somebody_named(hire: Hire, boss: Colleague, number: int) -> None:
    wang, li, zhao = hire("wang"), hire("li"), hire("zhao")
    name(boss, wang)
    name(boss, li)
    looks(wang, number)
    page = wang.browser.submit(f"/console/cases/{number}/take").text
    assert f'<option value="{li.key}">' in page
    assert f'<option value="{zhao.key}">' not in page
    assert wang.browser.submit(f"/console/cases/{number}/hand-on", to=str(zhao.key)).status_code == 422


def report(who: Colleague, number: int, **fields: str) -> str:
    packed = who.browser.send(f"/console/cases/{number}/report", **fields)
    assert packed.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        return archive.read("report.html").decode()


def test_the_report_has_every_step_and_not_who_told_us(services: Services, hire: Hire, boss: Colleague, number: int) -> None:
    wang = hire("wang")
    name(boss, wang)
    looks(wang, number)
    wang.browser.submit(f"/console/cases/{number}/take")
    wang.browser.submit(f"/console/cases/{number}/answer", text="您先锁好门，打110", key="k")
    refused = wang.browser.send(f"/console/cases/{number}/report", reason="")
    assert refused.status_code == 422
    told = report(wang, number, reason="交给昌元派出所")
    alias = alias_of(services)
    for there in (
        "动手打人",
        "（号码略）",
        "接手",
        "您先锁好门",
        "wang老师",
        "荣昌区",
        "家里有人动手",
        "原因：值班接到",
        "交给昌元派出所",
    ):
        assert there in told
    for hidden in (alias, "13800138000", "妈妈", "她</"):
        assert hidden not in told
    named = report(wang, number, reason="交给昌元派出所", agreed="yes")
    assert f"代号 {alias}" in named
    page = wang.browser.get(f"/console/cases/{number}").text
    assert "取出报告，不写来信人" in page
    assert "取出报告，写明来信人" in page


def alias_of(services: Services) -> str:
    with services.database.transaction() as session:
        return session.exec(select(Caregiver.alias)).one()


def test_an_ordinary_case_has_no_report_and_asks_nothing(hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("娃儿不吃青菜怎么办")
    assert "不吃青菜" in wang.browser.get(f"/console/cases/{number}").text
    assert wang.browser.send(f"/console/cases/{number}/report", reason="交给派出所").status_code == 404
