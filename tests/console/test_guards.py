"""Who may open what, forms that nobody forges, headers, limits, watching, and what is shown when something breaks."""

import re
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.console.routes import ROOMS
from app.web.application import create_app
from app.web.security import LARGEST_FORM
from care.services import Services
from kit.accounts.models import Role
from kit.db import Database
from tests.console.conftest import Ask, Browser, Hire

OPEN = 200
A, E, I = Role.ADMINISTRATOR, Role.EDITOR, Role.INSTRUCTOR  # noqa: E741 - the columns of the table below

# What each role gets where: (method, path) to the status for administrator, editor, instructor. 303 counts as done.
TABLE: dict[tuple[str, str], tuple[int, int, int]] = {
    ("GET", "/console/"): (303, 303, 303),
    ("GET", "/console/alarm"): (200, 403, 200),
    ("GET", "/console/cases"): (200, 403, 200),
    ("GET", "/console/cases/{case}"): (200, 403, 200),
    ("GET", "/console/cases/{case}/media/1"): (404, 403, 404),
    ("POST", "/console/cases/{case}/look"): (422, 403, 422),
    ("POST", "/console/cases/{case}/report"): (404, 403, 404),  # an ordinary case
    ("POST", "/console/cases/{case}/take"): (303, 403, 409),
    ("POST", "/console/cases/{case}/acknowledge"): (409, 403, 409),
    ("POST", "/console/cases/{case}/phone"): (404, 403, 409),  # the administrator holds it, and no number was left
    ("POST", "/console/cases/{case}/answer"): (422, 403, 409),  # by then it is not hers
    ("POST", "/console/cases/{case}/undo"): (404, 403, 404),
    ("POST", "/console/cases/{case}/hand-on"): (303, 403, 409),
    ("POST", "/console/cases/{case}/close"): (409, 403, 409),
    ("POST", "/console/cases/{case}/propose"): (422, 403, 422),
    ("GET", "/console/homework"): (200, 403, 200),
    ("GET", "/console/homework/held"): (200, 403, 403),
    ("GET", "/console/homework/1"): (404, 403, 404),
    ("GET", "/console/homework/file/x"): (422, 403, 422),
    ("POST", "/console/homework/1/take"): (404, 403, 404),
    ("POST", "/console/homework/1/comment"): (404, 403, 404),
    ("POST", "/console/homework/1/hold"): (404, 403, 404),
    ("POST", "/console/homework/held/1/release"): (404, 403, 403),
    ("POST", "/console/homework/held/1/remove"): (404, 403, 403),
    ("GET", "/console/passages"): (200, 200, 403),
    ("GET", "/console/passages/new"): (200, 200, 403),
    ("POST", "/console/passages/new"): (422, 422, 403),
    ("GET", "/console/passages/1"): (200, 200, 403),
    ("GET", "/console/passages/1/edit"): (200, 200, 403),
    ("POST", "/console/passages/1/edit"): (422, 422, 403),
    ("GET", "/console/passages/1/compare"): (200, 200, 403),
    ("POST", "/console/passages/1/submit"): (409, 409, 403),
    ("POST", "/console/passages/1/approve"): (409, 409, 403),
    ("POST", "/console/passages/1/send-back"): (409, 409, 403),
    ("GET", "/console/passages/1/retire"): (200, 200, 403),
    ("POST", "/console/passages/1/retire"): (409, 409, 403),
    ("POST", "/console/passages/1/comment"): (404, 404, 403),
    ("GET", "/console/passages/1/drop"): (409, 409, 403),  # a passage that editions hold is nobody's scrap
    ("POST", "/console/passages/1/drop"): (409, 409, 403),
    ("GET", "/console/passages/1/recall"): (200, 200, 403),
    ("POST", "/console/passages/1/recall"): (409, 409, 403),
    ("GET", "/console/passages/1/recalled"): (404, 404, 403),
    ("GET", "/console/passages/unanswered"): (200, 200, 403),
    ("POST", "/console/passages/unanswered/begin"): (422, 422, 403),
    ("GET", "/console/passages/sign-off"): (200, 200, 403),
    ("POST", "/console/passages/sign-off"): (422, 422, 403),
    ("GET", "/console/editions"): (200, 200, 403),
    ("POST", "/console/editions"): (303, 303, 403),
    ("POST", "/console/editions/1/build"): (303, 303, 403),
    ("GET", "/console/editions/1/check"): (200, 200, 403),
    ("POST", "/console/editions/1/check"): (303, 303, 403),
    ("POST", "/console/editions/1/publish"): (303, 303, 403),
    ("GET", "/console/editions/1/impact"): (200, 200, 403),
    ("POST", "/console/editions/1/impact"): (303, 303, 403),
    ("GET", "/console/editions/roll-back"): (409, 409, 403),
    ("POST", "/console/editions/roll-back"): (303, 303, 403),
    ("GET", "/console/editions/proposals"): (200, 200, 403),
    ("POST", "/console/editions/proposals/1/settle"): (404, 404, 403),
    ("GET", "/console/duty"): (200, 403, 200),
    ("POST", "/console/duty/shifts"): (422, 403, 403),
    ("POST", "/console/duty/shifts/1/remove"): (404, 403, 403),
    ("POST", "/console/duty/leaves"): (422, 403, 403),
    ("POST", "/console/duty/leaves/1/remove"): (404, 403, 403),
    ("GET", "/console/staff"): (200, 403, 403),
    ("GET", "/console/staff/1"): (200, 403, 403),
    ("POST", "/console/staff/invite"): (422, 403, 403),
    ("POST", "/console/staff/invitations/1/renew"): (404, 403, 403),
    ("POST", "/console/staff/invitations/1/withdraw"): (404, 403, 403),
    ("POST", "/console/staff/1/password"): (404, 403, 403),
    ("POST", "/console/staff/1/named"): (303, 403, 403),
    ("POST", "/console/staff/1/revoke"): (409, 403, 403),
    ("POST", "/console/staff/1/assign"): (422, 403, 403),
    ("POST", "/console/staff/1/unassign"): (404, 403, 403),
    ("GET", "/console/me"): (200, 200, 200),
    ("POST", "/console/me/password"): (403, 403, 403),
    ("POST", "/console/me/telegram"): (200, 200, 200),
    ("POST", "/console/me/duty"): (303, 303, 303),
    ("POST", "/console/language"): (303, 303, 303),
    ("GET", "/console/sign-in"): (303, 303, 303),
    ("POST", "/console/sign-out"): (303, 303, 303),
}
WITHOUT_ROLE = {
    ("POST", "/console/sign-in"),
    ("GET", "/console/invitation/x"),
    ("POST", "/console/invitation/x"),
    ("GET", "/console/link/x"),
    ("POST", "/console/link/x"),
}


def routes() -> set[tuple[str, str]]:
    """Method and path of every route of the console, with the parameters filled in as in the table."""
    found = set()
    for route in (route for room in ROOMS for route in room.router.routes):
        assert isinstance(route, APIRoute)
        path = f"/console{route.path}".replace("{entry_number}", "1").replace("{token}", "x")
        path = path.replace("{number}", "{case}" if path.startswith("/console/cases") else "1")
        found |= {(method, path) for method in route.methods or ()}
    return found


def test_the_table_holds_every_route() -> None:
    assert routes() == set(TABLE) | WITHOUT_ROLE


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_the_table_says(hire: Hire, ask: Ask, role: Role) -> None:
    boss = hire("boss", A) if role is not A else None
    who = hire("who", role)
    number = ask("八个月可以喝蜂蜜水吗")
    if boss and role is I:
        boss.browser.get(f"/console/cases/{number}")
        boss.browser.submit(f"/console/cases/{number}/take")
    column = [A, E, I].index(role)
    for (method, path), statuses in TABLE.items():
        who.browser.get("/console/me")
        url = path.replace("{case}", str(number))
        answer = who.browser.client.get(url) if method == "GET" else who.browser.send(url)
        assert answer.status_code == statuses[column], f"{role} {method} {path}"
        if answer.status_code == 403 and method == "GET":
            assert "请和管理员说一声" in answer.text


def test_without_a_session_every_page_leads_to_the_sign_in(app: FastAPI) -> None:
    client = TestClient(app, base_url="http://peiban.test", follow_redirects=False)
    for method, path in set(TABLE) - {("GET", "/console/sign-in"), ("POST", "/console/language"), ("POST", "/console/sign-out")}:
        answer = client.request(method, path.replace("{case}", "1"))
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/console/sign-in?next=")


def test_a_form_without_its_token_is_refused(hire: Hire, ask: Ask) -> None:
    who, number = hire("who", A), ask("八个月可以喝蜂蜜水吗")
    for url in (path.replace("{case}", str(number)) for method, path in {*TABLE, *WITHOUT_ROLE} if method == "POST"):
        for fields in ({}, {"form_token": "made up"}):
            answer = who.browser.client.post(url, data=fields)
            assert answer.status_code == 403, url
            assert "这一页放得太久了" in answer.text


def test_a_token_of_another_browser_does_not_fit(hire: Hire, stranger: Browser) -> None:
    wang, li = hire("wang"), hire("li")
    wang.browser.get("/console/me")
    li.browser.get("/console/me")
    stranger.get("/console/sign-in")
    for token in (li.browser.token(), stranger.token()):
        assert wang.browser.client.post("/console/me/duty", data={"form_token": token}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://peiban.test"}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(hire: Hire, headers: dict[str, str], status: int) -> None:
    wang = hire("wang")
    wang.browser.get("/console/me")
    fields = {"form_token": wang.browser.token(), "present": "no"}
    assert wang.browser.client.post("/console/me/duty", data=fields, headers=headers).status_code == status


def test_every_answer_carries_its_guards(stranger: Browser) -> None:
    for url in ("/console/sign-in", "/console/nothing", "/health"):
        headers = stranger.get(url).headers
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers


def test_outside_development_browsers_are_told_to_stay_on_https(services: Services, stranger: Browser) -> None:
    object.__setattr__(services.settings, "environment", "production")
    assert stranger.get("/health").headers["strict-transport-security"].startswith("max-age=")


def test_pages_hold_no_inline_script_or_style(hire: Hire, ask: Ask) -> None:
    boss, number = hire("boss", A), ask("八个月可以喝蜂蜜水吗")
    for url in (
        "cases",
        f"cases/{number}",
        "passages",
        "passages/1",
        "passages/1/edit",
        "editions",
        "editions/proposals",
        "staff",
        f"staff/{boss.key}",
        "me",
    ):
        page = boss.browser.get(f"/console/{url}").text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page), url
        assert not re.search(r'(src|href)="(https?:)?//', page), "nothing comes from elsewhere"


def test_pages_are_not_kept_and_files_are(stranger: Browser) -> None:
    page = stranger.get("/console/sign-in")
    assert page.headers["cache-control"] == "no-store"
    for url in re.findall(r'href="(/static/[^"]+)"', page.text):
        assert "immutable" in stranger.client.get(url).headers["cache-control"]
    assert stranger.client.get("/static/old/web/base.css").status_code == 404


def test_a_form_that_is_too_large_is_refused(hire: Hire) -> None:
    wang = hire("wang")
    wang.browser.get("/console/me")
    assert wang.browser.send("/console/me/duty", present="x" * LARGEST_FORM).status_code == 413


def test_a_page_that_is_not_there_says_so_kindly(stranger: Browser) -> None:
    for url in ("/console/nothing", "/nothing-at-all-here", "/console/cases/"):
        answer = stranger.client.get(url)
        assert answer.status_code == 404
        assert "没有找到这一页" in answer.text
    assert stranger.client.get("/nothing", headers={"accept": "application/json"}).json()["sentence"].startswith("没有找到")


def test_something_unforeseen_shows_no_trace(app: FastAPI) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("a secret in the message")

    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert "暂时没有回应" in answer.text
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


def test_without_its_database_the_console_says_so(services: Services, app: FastAPI) -> None:
    nowhere = Database(services.database.url.replace("clone_", "nowhere_"))
    made = create_app(replace(services, database=nowhere), jobs=app.state.jobs)
    client = TestClient(made, cookies={"peiban_staff": "somebody"})
    answer = client.get("/console/cases")
    assert answer.status_code == 503
    assert "过一会儿再试" in answer.text
    assert client.get("/health").status_code == 503
    nowhere.dispose()


@pytest.mark.parametrize(
    ("trusted", "client", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "10.0.0.9", {}, 404),
        ("", "127.0.0.1", {"x-forwarded-for": "10.0.0.9"}, 404),
        ("127.0.0.1", "127.0.0.1", {"x-forwarded-for": "10.0.0.9"}, 404),
        ("127.0.0.1", "127.0.0.1", {}, 200),
        ("10.0.0.9", "10.0.0.9", {}, 200),
    ],
)
def test_figures_are_for_this_machine_alone(
    services: Services, app: FastAPI, trusted: str, client: str, headers: dict[str, str], status: int
) -> None:
    object.__setattr__(services.settings, "trusted_proxies", trusted)
    made = create_app(services, jobs=app.state.jobs)
    assert TestClient(made, client=(client, 5000)).get("/metrics", headers=headers).status_code == status


def test_figures_name_routes_and_never_paths(app: FastAPI, stranger: Browser) -> None:
    stranger.get("/console/invitation/a-secret-token")
    figures = TestClient(app, client=("127.0.0.1", 5000)).get("/metrics").text
    assert 'route="/console/invitation/{token}"' in figures
    assert "a-secret-token" not in figures


def test_only_a_trusted_proxy_is_believed_about_who_asks(services: Services, app: FastAPI, hire: Hire) -> None:
    hire("wang")
    object.__setattr__(services.settings, "trusted_proxies", "10.0.0.1")
    made = create_app(services, jobs=app.state.jobs)
    for number in range(51):
        from_proxy = Browser(made)
        from_proxy.client = TestClient(made, base_url="http://peiban.test", follow_redirects=False, client=("10.0.0.1", 1))
        from_proxy.client.headers["x-forwarded-for"] = "203.0.113.7"
        from_proxy.get("/console/sign-in")
        answer = from_proxy.send("/console/sign-in", login=f"nobody{number}", password="x")
    assert answer.status_code == 429
    direct = Browser(made)
    direct.client.headers["x-forwarded-for"] = "203.0.113.7"
    direct.get("/console/sign-in")
    assert direct.send("/console/sign-in", login="nobody", password="x").status_code == 403
