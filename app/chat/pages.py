"""What the templates of the chat page are given."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_skeleton
from fastapi import Request
from fastapi.responses import HTMLResponse

from app.chat.notes import note
from app.chat.visitors import Visitor, remember
from app.web.languages import LOCALES
from app.web.templating import page
from bot.webchat import identity, viewing
from bot.webchat.viewing import View
from care.places import queries as places
from care.places.models import Site
from care.services import Services
from kit import clock

MOST_LOOKS = 40


def talk_page(
    request: Request,
    visitor: Visitor,
    *,
    note_name: str = "",
    looks: int | None = None,
    scanned: str = "",
    note_facts: Mapping[str, str] = {},
    unsent: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The page at `/`. `looks` counts how often it refreshed itself; None for somebody who comes back to it."""
    services: Services = request.app.state.services
    site = _site(services, scanned) or _site(services, visitor.site_code)
    view = viewing.look(services, visitor.address, returning=looks is None)
    facts = {
        **facts_of(request, visitor),
        "view": view,
        "looks": min(looks or 0, MOST_LOOKS),
        "most_looks": MOST_LOOKS,
        "note": note(note_name, visitor.lang, **note_facts),
        "about_code": note_name in ("code", "tries"),
        "site": site.name if site else "",
        "unsent": unsent,
    }
    made = page(request, "chat/page.html", status=status, **facts)
    remember(made, visitor, services.settings, site=site)
    return made


def _site(services: Services, code: str) -> Site | None:
    if not code:
        return None
    with services.database.transaction() as session:
        return places.site(session, code)


def facts_of(request: Request, visitor: Visitor) -> dict[str, Any]:
    """What every template here needs."""
    services: Services = request.app.state.services

    def day_of(moment: datetime) -> str:
        """「11月20日」; nothing for today."""
        local = moment.astimezone(clock.CHINA)
        if local.date() == clock.today():
            return ""
        return str(format_skeleton("MMMd", local, tzinfo=clock.CHINA, locale=LOCALES[visitor.lang]))

    return {
        "key": identity.form_key(visitor.address, signing_key=services.signing_key),
        "telegram": bool(request.app.state.bot_name),
        "html_lang": lambda lang: "en" if lang == "en" else "zh-CN",
        "day_of": day_of,
    }


def news(request: Request, visitor: Visitor, view: View) -> dict[str, Any]:
    """What an open page adds to itself."""
    pages = request.app.state.pages
    html = pages.render("chat/news.html", reader=request.state.reader, view=view, **facts_of(request, visitor))
    return {"html": html, "last": view.last, "pending": view.pending, "failed": view.failed}
