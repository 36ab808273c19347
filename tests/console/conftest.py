"""A browser without script at the console, colleagues to be, and families who ask."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import procrastinate
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from pwdlib import PasswordHash
from sqlmodel import Session

from app.console.reader import cookie_name
from app.web.application import create_app
from app.workers import jobs
from care.cases.actions import Media, open_case
from care.cases.models import CaseKind
from care.families.actions import add_child, meet
from care.families.models import Channel
from care.places import queries as places
from care.safety import screen
from care.services import Services
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff

PASSWORD = "green tea and rain"
HASHED = PasswordHash.recommended().hash(PASSWORD)  # once: it is slow on purpose


class Browser:
    """One cookie jar. `submit` fills the form tokens of the page it was last shown, as a browser does."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, base_url="http://peiban.test", follow_redirects=False, client=("10.1.2.3", 4000))
        self.page = ""
        self._token = ""

    def get(self, url: str, **headers: str) -> Response:
        return self._followed(self.client.get(url, headers=headers))

    def submit(self, url: str, /, **fields: str) -> Response:
        """Post the form as it stands on the present page, then go where it leads."""
        return self._followed(self.send(url, **fields))

    def send(self, url: str, /, **fields: str) -> Response:
        """Post, and stay where the answer is."""
        return self.client.post(
            url, data={"form_token": self.token(), **fields}, headers={"referer": "http://peiban.test/console/"}
        )

    def token(self) -> str:
        """Of the newest page that had a form; an error page has none, and people go back from it."""
        found = re.search(r'name="form_token" value="([^"]+)"', self.page)
        self._token = found[1] if found else self._token
        return self._token

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.split("<main")[-1])
        assert found, f"no field {name} on the page"
        return found[1]

    def _followed(self, response: Response) -> Response:
        while response.status_code == 303:
            response = self.client.get(response.headers["location"])
        if "x-fragment" not in response.request.headers:
            self.page = response.text
            self.token()
        return response


@pytest.fixture
def task_app(services: Services) -> Iterator[procrastinate.App]:
    made = jobs.make_app(services.database.url)
    with made.open():
        yield made


@pytest.fixture
def app(services: Services, task_app: procrastinate.App) -> FastAPI:
    return create_app(services, jobs=task_app)


@pytest.fixture
def stranger(app: FastAPI) -> Browser:
    """A browser that nobody has signed in at."""
    return Browser(app)


@dataclass(frozen=True, slots=True)
class Colleague:
    staff: Staff
    browser: Browser

    @property
    def key(self) -> int:
        return self.staff.key


Hire = Callable[..., Colleague]


@pytest.fixture
def hire(services: Services, app: FastAPI) -> Hire:
    """A colleague with the password above, signed in at a browser of her own."""

    def one(login: str, role: Role = Role.INSTRUCTOR, *, name: str = "", place: str = "") -> Colleague:
        with services.database.transaction() as session:
            staff = accounts.create_staff(session, login, name=name or f"{login}老师", role=role)
            staff.password_hash = HASHED
            session.add(staff)
            token = accounts.start_session(session, staff)
        browser = Browser(app)
        browser.client.cookies.set(cookie_name(services.settings), token, domain="peiban.test", path="/")
        return Colleague(staff, browser)

    return one


Ask = Callable[..., int]


@pytest.fixture
def ask(services: Services) -> Ask:
    """A family with a case; its number."""

    def one(words: str, *, kind: CaseKind = CaseKind.NO_ANSWER, topic: str = "", media: Media | None = None, **given: str) -> int:
        with services.database.transaction() as session:
            return _case(session, services, words, kind=kind, topic=topic, media=media, **given)

    return one


def _case(
    session: Session,
    services: Services,
    words: str,
    *,
    kind: CaseKind,
    topic: str,
    media: Media | None,
    who: str = "a browser",
    place: str = "",
    lang: str = "zh",
) -> int:
    parent = meet(session, Channel.WEB, address=who, lang=lang)
    if place:
        found = places.named(session, place)
        assert found
        parent.place_id = found.key
    if parent.current_child_id is None:
        add_child(session, parent, birth_month=date(2025, 3, 1))
    case, _ = open_case(
        session, parent, kind=kind, said=screen(words), hours=services.hours, topic=topic, nearest=["honey-under-1"], media=media
    )
    return case.key


@pytest.fixture
def ning(hire: Hire) -> Colleague:
    return hire("ning", Role.EDITOR, name="宁编辑")


@pytest.fixture
def luo(hire: Hire) -> Colleague:
    return hire("luo", Role.EDITOR, name="罗医生")


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Of a running server, for a real browser."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    path = os.environ.get("PEIBAN_CHROMIUM") or "/usr/bin/chromium"
    return {**browser_type_launch_args, "executable_path": path, "args": ["--no-sandbox", "--disable-background-networking"]}
