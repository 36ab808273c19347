"""Who is at the console: the session in the cookie, what she may do, and proof that a form came from our page."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Form, Request, Response
from pydantic import AfterValidator

from app.web.errors import GoElsewhere
from app.web.languages import as_lang
from app.web.readers import Reader, visitor
from app.web.security import SAFE_METHODS, check_origin, uses_https
from care.people.access import Verb, require
from care.services import Services
from kit.accounts import queries as accounts
from kit.accounts.actions import SESSION_LASTS
from kit.accounts.models import Staff
from kit.settings import Settings

HOME = "/console/"
SIGN_IN = "/console/sign-in"
CHANGE_PASSWORD = "/console/me"  # noqa: S105 - an address
ALWAYS_OPEN = (CHANGE_PASSWORD, "/console/me/password", "/console/sign-out", "/console/language")


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(services_of)]


def find_reader(request: Request, services: Served) -> Reader:
    token = request.cookies.get(cookie_name(services.settings), "")
    staff = None
    if token:
        with services.database.transaction() as session:
            staff = accounts.by_session(session, token)
    reader = Reader(lang=as_lang(staff.lang), staff=staff, bound=token) if staff else visitor(request)
    request.state.reader = reader
    return reader


Here = Annotated[Reader, Depends(find_reader)]


def signed_in(request: Request, reader: Here) -> Staff:
    """Everybody else goes to the sign-in and comes back; a one-time password must be changed before anything else."""
    if reader.staff is None:
        raise GoElsewhere(f"{SIGN_IN}?next={quote(_page_of(request), safe='')}")
    if reader.staff.must_change_password and request.url.path not in ALWAYS_OPEN:
        raise GoElsewhere(CHANGE_PASSWORD)
    return reader.staff


Me = Annotated[Staff, Depends(signed_in)]


def allowed(verb: Verb) -> Callable[[Staff], Staff]:
    """A dependency: the signed-in staff member, if she may do this. Raises NotAllowed."""

    def check(me: Me) -> Staff:
        require(me, verb)
        return me

    return check


async def checked_form(request: Request, reader: Here, services: Served) -> None:
    """Raises ForgedForm on anything that changes something and does not come from a page made for this browser."""
    if request.method in SAFE_METHODS:
        return
    check_origin(request, services.settings)
    form = await request.form()
    request.app.state.forms.check(str(form.get("form_token", "")), bound=reader.bound)


def _plain(words: str) -> str:
    """What a browser sends: line ends of its own kind, and, from somebody who tries, a character that no database takes."""
    return words.replace("\r\n", "\n").replace("\0", "")


Words = Annotated[str, Form(), AfterValidator(_plain)]


def cookie_name(settings: Settings) -> str:
    return "__Host-peiban_staff" if uses_https(settings) else "peiban_staff"


def keep_session(response: Response, token: str, settings: Settings) -> None:
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",  # not strict: the link on a card in Telegram must open the case
        secure=uses_https(settings),
        path="/",
    )


def drop_session(response: Response, settings: Settings) -> None:
    response.delete_cookie(cookie_name(settings), httponly=True, samesite="lax", secure=uses_https(settings), path="/")


def way_back(given: str) -> str:
    """`given` if it is a page of the console, else its home: nobody is sent to a foreign site after signing in."""
    inside = given.startswith(HOME) and not urlsplit(given).netloc and "\\" not in given and given.isprintable()
    return given if inside and not given.startswith(SIGN_IN) else HOME


def client_address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _page_of(request: Request) -> str:
    """The page to come back to; for a form, the page it stood on."""
    if request.method in SAFE_METHODS:
        return way_back(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    return way_back(urlsplit(request.headers.get("referer", "")).path)
