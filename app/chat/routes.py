"""The routes of the chat page. Every one works as a plain form; a script asks for JSON at the same addresses."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import anyio
import structlog
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from app.chat import posting
from app.chat.notes import note
from app.chat.pages import facts_of, news, talk_page
from app.chat.posting import Said
from app.chat.privacy import kept
from app.chat.resting import resting_page
from app.chat.visitors import LONGEST_SITE_CODE, Visitor, choose_language, forget_browser, remember, visitor_of
from app.web.errors import AWAY
from app.web.languages import as_lang
from app.web.security import ForgedForm, check_origin
from app.web.templating import page, when
from bot.dialogue import privacy as own_data
from bot.inbox.budgets import OverBudget
from bot.webchat import identity, receiving, viewing
from care.families import actions as families
from care.families.errors import UnknownReturnCode
from care.services import Services
from kit.limits import TooManyAttempts

ANSWERED_WITHIN_S = 4.0
LARGEST_NUMBER = 2**63 - 1
LEFT = "leave:yes"
WIPES = re.compile(r"leave:yes|clear|forget:.+:yes")
"""Presses after which what she typed must not stay on the screen."""
_LOOK_EVERY_S = 0.08

router = APIRouter()
_log = structlog.get_logger(__name__)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Asking = Annotated[Visitor, Depends(visitor_of)]
Parts = Annotated[Services, Depends(_services)]


@router.get("/")
def front(
    request: Request, visitor: Asking, site: str = "", look: str = "", note_name: Annotated[str, Query(alias="note")] = ""
) -> Response:
    """Whatever stands in the address, the page opens: it may come from a poster or through somebody's messenger."""
    looks = int(look) if look.isdecimal() and len(look) < 6 else None
    try:
        return talk_page(request, visitor, note_name=note_name, looks=looks, scanned=site.replace("\0", "")[:LONGEST_SITE_CODE])
    except AWAY as error:
        _log.warning("page_without_talk", error=type(error).__name__)
        return resting_page(request, visitor)


@router.post("/say")
async def say(request: Request, visitor: Asking, services: Parts) -> Response:
    """Stored first, then waited for: most answers are there before the page is."""
    said = await posting.read(request, visitor)
    try:
        return await _taken(request, visitor, services, said)
    except AWAY as error:
        _log.warning("post_not_taken", error=type(error).__name__)
        return await run_in_threadpool(resting_page, request, visitor, text=said.text)


async def _taken(request: Request, visitor: Visitor, services: Services, said: Said) -> Response:
    if not said.trusted:
        return await _refused(request, visitor, said, name="again", status=409)
    if said.nothing:
        return await _refused(request, visitor, said, name="empty", status=422)
    if said.too_long:
        return await _refused(request, visitor, said, name="long", status=422)
    try:
        received = [await run_in_threadpool(receiving.receive, services, post) for post in said.posts]
    except TooManyAttempts:
        return await _refused(request, visitor, said, name="busy", status=429)
    except OverBudget as error:
        facts = {"until": when(error.until, visitor.lang)}
        return await _refused(request, visitor, said, name="budget", status=429, facts=facts)
    _wake_worker(request)
    with anyio.move_on_after(ANSWERED_WITHIN_S):
        for one in received:
            await _until_done(services, one.update_id)
    if WIPES.fullmatch(said.press):
        return _wiped(request, visitor, said)
    name = "large" if said.too_large else "upload" if said.empty_file or any(one.unusable for one in received) else ""
    if _wants_json(request):
        return await _answered_script(request, visitor, said, note_name=name, repeated=all(one.repeated for one in received))
    return await _answered(request, visitor, note_name=name)


def _wiped(request: Request, visitor: Visitor, said: Said) -> Response:
    """What she cleared or left must not stay on the screen: the page is opened anew, and after leaving by a stranger."""
    made: Response = _json({"wipe": True}) if _wants_json(request) else _go("/")
    if said.press == LEFT:
        forget_browser(made)
    else:
        remember(made, visitor, _services(request).settings)
    return made


def _wake_worker(request: Request) -> None:
    """`state.stored` is set where a worker lives in the same process; another process finds the row by itself."""
    wake = getattr(request.app.state, "stored", None)
    if wake:
        wake()


async def _until_done(services: Services, update_id: str) -> None:
    def done() -> bool:
        with services.database.transaction() as session:
            return viewing.is_done(session, update_id)

    while not await run_in_threadpool(done):
        await anyio.sleep(_LOOK_EVERY_S)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


async def _refused(
    request: Request, visitor: Visitor, said: Said, *, name: str, status: int, facts: Mapping[str, str] | None = None
) -> Response:
    """The words come back with the page, so that nothing has to be typed twice."""
    if _wants_json(request):
        made = _json({"note": note(name, visitor.lang, **(facts or {})), "key": facts_of(request, visitor)["key"]}, status=status)
        remember(made, visitor, _services(request).settings)
        return made
    shown = partial(talk_page, request, visitor, looks=0, note_name=name, note_facts=facts or {}, unsent=said.text, status=status)
    return await run_in_threadpool(shown)


async def _answered(request: Request, visitor: Visitor, *, note_name: str) -> Response:
    if not visitor.known:  # no cookie came, so none may stay: a redirect could lose the answer
        return await run_in_threadpool(talk_page, request, visitor, note_name=note_name, looks=0)
    mark = f"&note={note_name}" if note_name else ""
    made = RedirectResponse(f"/?look=0{mark}#end", status_code=303)
    remember(made, visitor, _services(request).settings)
    return made


async def _answered_script(request: Request, visitor: Visitor, said: Said, *, note_name: str, repeated: bool) -> Response:
    added = await run_in_threadpool(_added, request, visitor, after=said.after)
    made = _json({**added, "note": note(note_name, visitor.lang), "repeated": repeated})
    remember(made, visitor, _services(request).settings)
    return made


def _added(request: Request, visitor: Visitor, *, after: int) -> dict[str, Any]:
    view = viewing.look(_services(request), visitor.address, after=after)
    return {**news(request, visitor, view), "key": facts_of(request, visitor)["key"]}


def _json(content: dict[str, Any], *, status: int = 200) -> JSONResponse:
    return JSONResponse(content, status_code=status, headers={"cache-control": "no-store"})


@router.get("/news")
def fresh(request: Request, visitor: Asking, after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0) -> Response:
    """For the script of an open page: what came since message `after`."""
    return _json(news(request, visitor, viewing.look(_services(request), visitor.address, after=after)))


def _ours(request: Request, visitor: Asking, services: Parts, key: Annotated[str, Form()] = "") -> None:
    """The small forms do nothing that could not be pressed again, so a key that does not fit is simply refused."""
    check_origin(request, services.settings)
    if not identity.fits(key, visitor.address, signing_key=services.signing_key):
        raise ForgedForm


@router.post("/code", dependencies=[Depends(_ours)])
def come_back(visitor: Asking, services: Parts, code: Annotated[str, Form()] = "") -> Response:
    """The try is counted in a transaction of its own, so that a wrong code counts too."""
    digits = "".join(character for character in code if character.isalnum())
    try:
        with services.database.transaction() as session:
            families.count_return_code(session, address=visitor.address)
        with services.database.transaction() as session:
            families.come_back(session, digits, signing_key=services.signing_key, address=visitor.address)
    except TooManyAttempts:
        return _go("/?note=tries#code")
    except UnknownReturnCode:
        return _go("/?note=code#code")
    return _go("/?note=back")


@router.post("/language", dependencies=[Depends(_ours)])
def language(visitor: Asking, services: Parts, lang: Annotated[str, Form()] = "zh") -> Response:
    """The page changes, and so does the language she is answered in."""
    with services.database.transaction() as session:
        who = viewing.caregiver_at(session, visitor.address)
        if who:
            who.lang = as_lang(lang)
            session.add(who)
    made = _go("/")
    choose_language(made, as_lang(lang), services.settings)
    return made


@router.post("/telegram", dependencies=[Depends(_ours)])
def telegram(request: Request, visitor: Asking, services: Parts) -> Response:
    """A link that moves her talk; it is shown and not followed for her, since a form may lead to our own pages only."""
    bot = request.app.state.bot_name
    with services.database.transaction() as session:
        who = viewing.caregiver_at(session, visitor.address)
        token = families.telegram_link(session, who) if who and bot else ""
    if not token:
        return _go("/")
    return page(request, "chat/telegram.html", link=f"https://t.me/{bot}?start=f_{token}", **facts_of(request, visitor))


@router.get("/privacy")
def privacy(request: Request, visitor: Asking) -> Response:
    return page(request, "chat/privacy.html", kept=kept(visitor.lang), **facts_of(request, visitor))


@router.get("/privacy/export/{token}")
def export(services: Parts, token: str) -> Response:
    """The archive behind a link of half an hour; an old or made-up token is a page not found."""
    headers = {"content-disposition": 'attachment; filename="peiban.zip"', "cache-control": "no-store"}
    return Response(own_data.archive(services, token), media_type="application/zip", headers=headers)


def _go(url: str) -> RedirectResponse:
    return RedirectResponse(url, status_code=303)
