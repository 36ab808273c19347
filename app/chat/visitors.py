"""Who opened the page: the cookies of a browser without an account, its language, and the site whose code it scanned."""

from dataclasses import dataclass

from fastapi import Request, Response
from starlette.datastructures import Headers

from app.web.languages import as_lang
from app.web.readers import LANG_COOKIE, Reader
from app.web.security import uses_https
from bot.webchat import identity
from care.places.models import Site
from kit.settings import Settings
from knowledge.content import Lang

TOKEN_COOKIE = "peiban_chat"  # noqa: S105 - a name, not a secret
SITE_COOKIE = "peiban_site"
LONGEST_SITE_CODE = 20


@dataclass(frozen=True, slots=True)
class Visitor:
    """`known` when the browser brought its token; a new token means nothing until its first message."""

    token: str
    known: bool
    lang: Lang
    site_code: str

    @property
    def address(self) -> str:
        return identity.address_of(self.token)


def visitor_of(request: Request) -> Visitor:
    """Also tells the error pages and templates who reads."""
    token = request.cookies.get(TOKEN_COOKIE, "")
    known = identity.is_token(token)
    visitor = Visitor(
        token=token if known else identity.new_token(),
        known=known,
        lang=_lang_of(request),
        site_code=request.cookies.get(SITE_COOKIE, "")[:LONGEST_SITE_CODE],
    )
    request.state.reader = Reader(lang=visitor.lang, bound=visitor.token)
    return visitor


def _lang_of(request: Request) -> Lang:
    """Her choice; else English only for a browser that asks for it and for no Chinese."""
    chosen = request.cookies.get(LANG_COOKIE)
    if chosen in ("zh", "en"):
        return as_lang(chosen)
    asked = request.headers.get("accept-language", "").lower()
    return "en" if asked.startswith("en") and "zh" not in asked else "zh"


def remember(response: Response, visitor: Visitor, settings: Settings, *, site: Site | None = None) -> None:
    """Each visit makes the cookies last half a year again."""
    _keep(response, TOKEN_COOKIE, visitor.token, settings)
    if site:
        _keep(response, SITE_COOKIE, site.code, settings)


def forget_browser(response: Response) -> None:
    """She left: the next page opens as for a stranger."""
    response.delete_cookie(TOKEN_COOKIE, path="/")
    response.delete_cookie(SITE_COOKIE, path="/")


def choose_language(response: Response, lang: Lang, settings: Settings) -> None:
    _keep(response, LANG_COOKIE, lang, settings)


def _keep(response: Response, name: str, value: str, settings: Settings) -> None:
    lasts = int(identity.COOKIE_LASTS.total_seconds())
    response.set_cookie(name, value, max_age=lasts, httponly=True, samesite="lax", secure=uses_https(settings), path="/")


def proven_ours(headers: Headers) -> bool:
    """Whether the browser itself says that our own page sent this; old browsers say nothing, and then only the form key counts."""
    return headers.get("sec-fetch-site") == "same-origin" or "origin" in headers
