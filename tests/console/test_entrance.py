"""Into the console: signing in, limits, the one-time password, invitations, one-time links, and back after a session ended."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from care.services import Services
from kit import clock, tokens
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.settings import Settings
from tests.console.conftest import PASSWORD, Browser, Hire


def test_a_stranger_is_sent_to_the_sign_in_and_back_to_her_page(stranger: Browser, hire: Hire) -> None:
    hire("wang", Role.ADMINISTRATOR)
    shown = stranger.get("/console/editions/proposals")
    assert "登录后会回到刚才的页面" in shown.text
    back = stranger.submit("/console/sign-in", login="wang", password=PASSWORD, next=stranger.field("next"))
    assert back.url.path == "/console/editions/proposals"


def test_a_wrong_password_is_told_kindly_and_the_login_stays_typed(stranger: Browser, hire: Hire) -> None:
    hire("wang")
    stranger.get("/console/sign-in")
    refused = stranger.submit("/console/sign-in", login="wang", password="wrong")
    assert refused.status_code == 403
    assert "登录名或密码不对" in refused.text
    assert 'value="wang"' in refused.text
    assert "wrong" not in refused.text.split("<main")[1].replace("notice wrong", "")


def test_after_ten_wrong_passwords_even_the_right_one_waits(stranger: Browser, hire: Hire) -> None:
    hire("wang")
    stranger.get("/console/sign-in")
    for _ in range(10):
        assert stranger.submit("/console/sign-in", login="wang", password="wrong").status_code == 403
    refused = stranger.submit("/console/sign-in", login=" WANG", password=PASSWORD)
    assert refused.status_code == 429
    assert "15 分钟" in refused.text


@pytest.mark.parametrize(
    "foreign", ["//evil.example/console/", "https://evil.example/", "/console/\\evil", "/elsewhere", "/console/\nset-cookie: a=b"]
)
def test_nobody_is_sent_to_a_foreign_page_after_signing_in(stranger: Browser, hire: Hire, foreign: str) -> None:
    hire("wang")
    stranger.get("/console/sign-in")
    sent = stranger.send("/console/sign-in", login="wang", password=PASSWORD, next=foreign)
    assert sent.headers["location"] == "/console/"


def test_a_one_time_password_opens_nothing_but_its_own_change(services: Services, stranger: Browser, hire: Hire) -> None:
    wang = hire("wang", Role.ADMINISTRATOR)
    with services.database.transaction() as session:
        once = accounts.give_one_time_password(session, session.get_one(Staff, wang.key))
    stranger.get("/console/sign-in")
    shown = stranger.submit("/console/sign-in", login="wang", password=once)
    assert "请先换成自己的" in shown.text
    assert stranger.get("/console/cases").url.path == "/console/me"
    short = stranger.submit("/console/me/password", password="short", again="short")
    assert short.status_code == 422
    assert "至少要 10 个字符" in short.text
    stranger.submit("/console/me/password", password="a new long one", again="a new long one")
    assert stranger.get("/console/cases").url.path == "/console/cases"


def test_a_changed_password_ends_every_other_session(hire: Hire, app: FastAPI) -> None:
    wang, elsewhere = hire("wang"), Browser(app)
    elsewhere.get("/console/sign-in")
    elsewhere.submit("/console/sign-in", login="wang", password=PASSWORD)
    wang.browser.get("/console/me")
    wrong = wang.browser.submit("/console/me/password", present="not it", password="a new long one", again="a new long one")
    assert wrong.status_code == 403
    differ = wang.browser.submit("/console/me/password", present=PASSWORD, password="a new long one", again="another one")
    assert "两次填的新密码不一样" in differ.text
    done = wang.browser.submit("/console/me/password", present=PASSWORD, password="a new long one", again="a new long one")
    assert "密码已经改好" in done.text
    assert elsewhere.get("/console/cases").url.path == "/console/sign-in"


def test_a_session_ends_by_itself_and_on_signing_out(hire: Hire) -> None:
    wang, li = hire("wang"), hire("li")
    li.browser.get("/console/cases")
    li.browser.submit("/console/sign-out")
    assert li.browser.get("/console/cases").url.path == "/console/sign-in"
    with clock.frozen(clock.now() + timedelta(hours=12, minutes=1)):
        assert wang.browser.get("/console/cases").url.path == "/console/sign-in"


def test_an_invitation_is_used_once_and_survives_a_bad_choice(hire: Hire, app: FastAPI) -> None:
    boss = hire("boss", Role.ADMINISTRATOR)
    boss.browser.get("/console/staff")
    shown = boss.browser.submit("/console/staff/invite", name="李老师", role="instructor")
    url = shown.text.split('readonly value="http://peiban.test')[1].split('"')[0]
    guest = Browser(app)
    assert "李老师" in guest.get(url).text
    taken = guest.submit(url, login="boss", password=PASSWORD)
    assert taken.status_code == 422
    assert "已经有人用了" in taken.text
    assert "密码至少" in guest.submit(url, login="li", password="short").text
    assert "欢迎您" in guest.submit(url, login="li", password=PASSWORD).text
    assert guest.get("/console/cases").status_code == 200
    late = Browser(app)
    assert late.get(url).status_code == 404
    assert "已经用过" in late.page


def test_a_console_link_is_only_used_up_by_the_button(services: Services, hire: Hire, app: FastAPI) -> None:
    wang = hire("wang")
    with services.database.transaction() as session:
        purpose, lasts = tokens.TokenPurpose.CONSOLE_LINK, timedelta(minutes=10)
        token = tokens.issue(session, purpose, subject_id=wang.key, lasts=lasts, facts={"path": "/console/me"})
    preview, phone = Browser(app), Browser(app)
    preview.get(f"/console/link/{token}")
    phone.get(f"/console/link/{token}")
    assert phone.submit(f"/console/link/{token}").url.path == "/console/me"
    assert preview.submit(f"/console/link/{token}").status_code == 404


def test_an_old_console_link_opens_nothing(services: Services, hire: Hire, stranger: Browser) -> None:
    wang = hire("wang")
    with services.database.transaction() as session:
        purpose = tokens.TokenPurpose.CONSOLE_LINK
        token = tokens.issue(session, purpose, subject_id=wang.key, lasts=timedelta(minutes=10))
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert stranger.get(f"/console/link/{token}").status_code == 404


def test_the_language_is_switched_before_and_after_signing_in(hire: Hire, stranger: Browser) -> None:
    wang = hire("wang")
    stranger.get("/console/sign-in")
    assert "Sign in" in stranger.submit("/console/language", lang="en", next="/console/sign-in").text
    wang.browser.get("/console/me")
    assert "My account" in wang.browser.submit("/console/language", lang="en", next="/console/me").text
    assert "求助" not in wang.browser.get("/console/cases").text


def test_cookies_are_closed_to_scripts_and_to_other_sites(stranger: Browser, hire: Hire) -> None:
    hire("wang")
    stranger.get("/console/sign-in")
    given = stranger.send("/console/sign-in", login="wang", password=PASSWORD).headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=lax" in given
    assert "secure" not in given


def test_under_https_the_session_cookie_is_bound_to_the_host(settings: Settings, services: Services, stranger: Browser) -> None:
    assert services.settings is settings
    object.__setattr__(settings, "public_url", "https://peiban.example")
    with services.database.transaction() as session:
        staff = accounts.create_staff(session, "wang", name="王老师", role=Role.EDITOR)
        accounts.set_password(session, staff, password=PASSWORD)
    page = stranger.client.get("/console/sign-in")
    assert "secure" in page.headers["set-cookie"].lower()
