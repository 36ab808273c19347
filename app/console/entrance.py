"""Into the console and out of it: signing in, an invitation, a one-time link from Telegram, signing out, and the language."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.console.pages import back_to, show
from app.console.reader import (
    HOME,
    Here,
    Me,
    Served,
    Words,
    checked_form,
    client_address,
    cookie_name,
    drop_session,
    find_reader,
    keep_session,
    way_back,
)
from app.web.errors import status_of
from app.web.languages import as_lang
from app.web.readers import LANG_COOKIE
from app.web.security import uses_https
from app.web.sentences import sentence_for
from care.people.access import Verb, may
from care.services import Services
from kit import audit, tokens
from kit.accounts import actions as accounts
from kit.accounts.errors import SignInRefused
from kit.accounts.models import Staff
from kit.errors import PeibanError
from kit.limits import TooManyAttempts

router = APIRouter(dependencies=[Depends(find_reader), Depends(checked_form)])


@router.get("/")
def home(me: Me) -> Response:
    return RedirectResponse("/console/cases" if may(me, Verb.SEE_CASES) else "/console/passages", status_code=303)


@router.get("/sign-in")
def sign_in_page(request: Request, reader: Here, next: str = HOME) -> Response:
    if reader.staff:
        return back_to(way_back(next))
    return show(request, "sign_in.html", next=way_back(next), login="", sentence="", came_back=next != HOME)


@router.post("/sign-in")
def sign_in(
    request: Request,
    services: Served,
    reader: Here,
    login: Words = "",
    password: Words = "",
    next: Words = HOME,
) -> Response:
    try:
        token = _let_in(services, login=login, password=password, address=client_address(request))
    except (TooManyAttempts, SignInRefused) as error:
        facts = {"next": way_back(next), "login": login, "sentence": sentence_for(error, reader.lang), "came_back": False}
        return show(request, "sign_in.html", status=status_of(error), **facts)
    response = RedirectResponse(way_back(next), status_code=303)
    keep_session(response, token, services.settings)
    return response


def _let_in(services: Services, *, login: str, password: str, address: str) -> str:
    """The attempt is counted in a transaction of its own, so that a refusal does not undo the count."""
    with services.database.transaction() as session:
        accounts.count_sign_in(session, login=login, address=address)
    with services.database.transaction() as session:
        return accounts.sign_in(session, login, password=password)[1]


@router.post("/sign-out")
def sign_out(request: Request, services: Served) -> Response:
    with services.database.transaction() as session:
        accounts.end_session(session, request.cookies.get(cookie_name(services.settings), ""))
    response = RedirectResponse("/console/sign-in", status_code=303)
    drop_session(response, services.settings)
    return response


@router.get("/invitation/{token}")
def invitation_page(request: Request, services: Served, token: str) -> Response:
    with services.database.transaction() as session:
        facts = tokens.look(session, tokens.TokenPurpose.INVITATION, token=token).facts
    return show(request, "invitation.html", name=facts["name"], role=facts["role"], login="", sentence="")


@router.post("/invitation/{token}")
def accept_invitation(
    request: Request, services: Served, reader: Here, token: str, login: Words = "", password: Words = ""
) -> Response:
    with services.database.transaction() as session:
        facts = tokens.look(session, tokens.TokenPurpose.INVITATION, token=token).facts
    try:
        with services.database.transaction() as session:
            staff = accounts.accept_invitation(session, token, login=login, password=password)
            accounts.set_lang(session, staff, lang=reader.lang)
            started = accounts.start_session(session, staff)
    except tokens.TokenInvalid:
        raise
    except PeibanError as error:
        sentence = sentence_for(error, reader.lang)
        again = {"name": facts["name"], "role": facts["role"], "login": login, "sentence": sentence}
        return show(request, "invitation.html", status=status_of(error), **again)
    response = back_to("/console/me", done="welcome")
    keep_session(response, started, services.settings)
    return response


@router.get("/link/{token}")
def link_page(request: Request, services: Served, token: str) -> Response:
    """Only looks: a messenger that previews the link must not use it up."""
    with services.database.transaction() as session:
        tokens.look(session, tokens.TokenPurpose.CONSOLE_LINK, token=token)
    return show(request, "link.html")


@router.post("/link/{token}")
def use_link(services: Served, token: str) -> Response:
    with services.database.transaction() as session:
        found = tokens.redeem(session, tokens.TokenPurpose.CONSOLE_LINK, token=token)
        staff = session.get_one(Staff, found.subject_id)
        if staff.revoked_at:
            raise tokens.TokenInvalid
        started = accounts.start_session(session, staff)
        audit.record(session, "sign_in_by_link", thing="staff", thing_id=staff.key, staff_id=staff.key)
        target = way_back(str(found.facts.get("path", HOME)))
    response = RedirectResponse(target, status_code=303)
    keep_session(response, started, services.settings)
    return response


@router.post("/language")
def switch_language(
    services: Served,
    reader: Here,
    lang: Words = "zh",
    next: Words = HOME,
) -> Response:
    chosen = as_lang(lang)
    if reader.staff:
        with services.database.transaction() as session:
            accounts.set_lang(session, session.get_one(Staff, reader.staff.key), lang=chosen)
    response = RedirectResponse(_any_page(next), status_code=303)
    response.set_cookie(
        LANG_COOKIE, chosen, max_age=365 * 24 * 3600, httponly=True, samesite="lax", secure=uses_https(services.settings)
    )
    return response


def _any_page(given: str) -> str:
    """Unlike after signing in, the sign-in page itself is a fine place to come back to."""
    return given if given.startswith("/console/sign-in") and given.isprintable() and "\\" not in given else way_back(given)
