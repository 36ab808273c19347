"""Who reads the page that is being made: language, sign-in, and what her forms are bound to. Each room finds out in its own way."""

import secrets
from dataclasses import dataclass

from fastapi import Request, Response

from app.web.languages import as_lang
from kit.accounts.models import Staff
from knowledge.content import Lang

VISIT_COOKIE = "peiban_visit"
LANG_COOKIE = "peiban_lang"


@dataclass(frozen=True, slots=True)
class Reader:
    """`bound` is the secret of this browser (a session token, a visit's number) to which the tokens of its forms are tied."""

    lang: Lang = "zh"
    staff: Staff | None = None
    bound: str = ""
    new_visit: bool = False


def reader_of(request: Request) -> Reader:
    """The reader that a room has found out before, else somebody unknown."""
    known = getattr(request.state, "reader", None)
    return known if isinstance(known, Reader) else Reader(lang=as_lang(request.cookies.get(LANG_COOKIE)))


def visitor(request: Request) -> Reader:
    """Somebody who is not signed in; a first visit gets a number of its own, so that her forms can be bound to it."""
    lang = as_lang(request.cookies.get(LANG_COOKIE))
    visit = request.cookies.get(VISIT_COOKIE, "")
    if 20 <= len(visit) <= 64:
        return Reader(lang=lang, bound=visit)
    return Reader(lang=lang, bound=secrets.token_urlsafe(24), new_visit=True)


def remember_visit(response: Response, reader: Reader, *, secure: bool) -> None:
    """To be called on every page that shows a form to somebody who is not signed in."""
    if reader.new_visit:
        response.set_cookie(VISIT_COOKIE, reader.bound, httponly=True, samesite="lax", secure=secure, path="/")
