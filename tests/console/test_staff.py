"""Colleagues and one's own account: invitations, places, passwords, revocation, Telegram, duty."""

from sqlmodel import select

from care.cases.actions import open_case, take
from care.cases.models import Case, CaseKind, CaseState
from care.families.actions import meet
from care.families.models import Channel
from care.people.models import Absence
from care.safety import screen
from care.services import Services
from kit import tokens
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.audit import AuditEntry
from tests.console.conftest import Ask, Browser, Hire


def test_a_revoked_colleague_is_out_and_her_cases_wait_for_others(services: Services, hire: Hire, ask: Ask) -> None:
    boss, wang, number = hire("boss", Role.ADMINISTRATOR), hire("wang"), ask("八个月可以喝蜂蜜水吗")
    wang.browser.get("/console/cases")
    wang.browser.submit(f"/console/cases/{number}/take")
    boss.browser.get(f"/console/staff/{wang.key}")
    for _ in range(2):
        assert "账号已经停用" in boss.browser.submit(f"/console/staff/{wang.key}/revoke").text
    with services.database.transaction() as session:
        case = session.get_one(Case, number)
        assert (case.state, case.owner_id) == (CaseState.OPEN, None)
        assert len(session.exec(select(AuditEntry).where(AuditEntry.verb == "revoke")).all()) == 1
    assert wang.browser.get("/console/cases").url.path == "/console/sign-in"


def test_the_last_administrator_stays(hire: Hire) -> None:
    boss = hire("boss", Role.ADMINISTRATOR)
    boss.browser.get("/console/staff")
    refused = boss.browser.submit(f"/console/staff/{boss.key}/revoke")
    assert refused.status_code == 409
    assert "最后一位管理员" in refused.text


def test_a_reset_password_is_shown_once_and_ends_her_sessions(hire: Hire) -> None:
    boss, wang = hire("boss", Role.ADMINISTRATOR), hire("wang")
    boss.browser.get(f"/console/staff/{wang.key}")
    shown = boss.browser.submit(f"/console/staff/{wang.key}/password").text
    assert "24 小时内有效" in shown
    password = shown.split('class="code" readonly value="')[1].split('"')[0]
    assert password not in boss.browser.get(f"/console/staff/{wang.key}").text
    assert wang.browser.get("/console/cases").url.path == "/console/sign-in"
    assert "请先换成自己的" in wang.browser.submit("/console/sign-in", login="wang", password=password).text
    assert boss.browser.submit(f"/console/staff/{boss.key}/password").status_code == 404, "nobody locks herself out"


def test_places_are_given_and_taken_away(hire: Hire) -> None:
    boss, wang = hire("boss", Role.ADMINISTRATOR), hire("wang")
    here = f"/console/staff/{wang.key}"
    assert "所有地方的求助都能看到" in boss.browser.get(here).text
    unknown = boss.browser.submit(f"{here}/assign", place="纽约")
    assert unknown.status_code == 422
    assert 'value="纽约"' in unknown.text
    for _ in range(2):
        assert "重庆市 荣昌区" in boss.browser.submit(f"{here}/assign", place="荣昌").text
    place = boss.browser.field("place")
    assert "所有地方的求助都能看到" in boss.browser.submit(f"{here}/unassign", place=place).text
    assert boss.browser.submit(f"{here}/unassign", place="x").status_code == 404
    assert boss.browser.submit("/console/staff/999/assign", place="荣昌").status_code == 404


def test_an_invitation_needs_a_name_and_a_role(hire: Hire) -> None:
    boss = hire("boss", Role.ADMINISTRATOR)
    boss.browser.get("/console/staff")
    assert boss.browser.submit("/console/staff/invite", name=" ", role="editor").status_code == 422
    assert boss.browser.submit("/console/staff/invite", name="李老师", role="queen").status_code == 422


def test_open_invitations_are_renewed_and_taken_back(hire: Hire, stranger: Browser) -> None:
    boss = hire("boss", Role.ADMINISTRATOR)
    boss.browser.get("/console/staff")
    page = boss.browser.submit("/console/staff/invite", name="李老师", role="editor").text
    first = "/console/invitation/" + page.split("/console/invitation/")[1].split('"')[0]
    page = boss.browser.get("/console/staff").text
    assert "发出去的邀请" in page
    number = page.split("/console/staff/invitations/")[1].split("/")[0]
    page = boss.browser.submit(f"/console/staff/invitations/{number}/renew").text
    assert "李老师" in page
    second = "/console/invitation/" + page.split("/console/invitation/")[1].split('"')[0]
    stay = page.split('name="next" value="')[1].split('"')[0]
    assert "Invitations sent" in boss.browser.submit("/console/language", lang="en", next=stay).text
    boss.browser.submit("/console/language", lang="zh", next=stay)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    number = boss.browser.page.split('action="/console/staff/invitations/')[1].split("/")[0]
    assert "这份邀请收回了" in boss.browser.submit(f"/console/staff/invitations/{number}/withdraw").text
    assert "发出去的邀请" not in boss.browser.page
    assert stranger.get(second).status_code == 404
    assert boss.browser.submit(f"/console/staff/invitations/{number}/renew").status_code == 404


def test_telegram_is_linked_by_a_code_that_the_page_shows(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    assert "还没有接上 Telegram" in wang.browser.get("/console/me").text
    object.__setattr__(services.settings, "telegram_bot_token", type(services.settings.secret_key)("1234567:abc"))
    wang.browser.get("/console/me")
    wang.browser.client.app.state.bot_name = "peiban_bot"  # type: ignore[attr-defined]
    shown = wang.browser.submit("/console/me/telegram").text
    code = shown.split('value="/start ')[1].split('"')[0]
    assert f"https://t.me/peiban_bot?start={code}" in shown
    assert code.startswith("s_")
    with services.database.transaction() as session:
        linked = accounts.link_telegram(session, code.removeprefix("s_"), address="555")
        assert linked.key == wang.key
    assert "已经关联" in wang.browser.get("/console/me").text


def test_on_and_off_duty(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    wang.browser.get("/console/me")
    assert "您现在不在岗" in wang.browser.submit("/console/me/duty", present="no").text
    with services.database.transaction() as session:
        assert session.exec(select(Absence)).one().staff_id == wang.key
    assert "您在岗" in wang.browser.submit("/console/me/duty", present="yes").text
    with services.database.transaction() as session:
        assert session.exec(select(Absence)).all() == []


def test_going_off_duty_with_a_danger_asks_first(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    with services.database.transaction() as session:
        who = meet(session, Channel.WEB, address="m")
        case, _ = open_case(session, who, kind=CaseKind.DANGER, said=screen("宝宝喊不醒"), hours=services.hours)
        take(session, case, by=session.get_one(Staff, wang.key))
        number = case.key
    wang.browser.get("/console/me")
    asked = wang.browser.submit("/console/me/duty", present="no").text
    assert f"/console/cases/{number}" in asked
    assert "现在没有别的同事值班" in asked
    assert "您现在不在岗" in wang.browser.submit("/console/me/duty", present="no", sure="yes").text
    page = wang.browser.get(f"/console/cases/{number}").text
    assert "没有同事值班，叫不到人" in page


def test_nobody_invites_herself(services: Services, stranger: Browser) -> None:
    with services.database.transaction() as session:
        assert session.exec(select(Staff)).all() == []
    for made_up in ("x", "a" * 500, "%00", "../staff"):
        assert stranger.get(f"/console/invitation/{made_up}").status_code in (404, 303, 200)
    with services.database.transaction() as session:
        assert session.exec(select(tokens.OneTimeToken)).all() == []
