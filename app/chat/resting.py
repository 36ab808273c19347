"""The chat page while a part of ours does not answer: no database is touched, her words come back, and danger still gets its line."""

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from app.chat.pages import facts_of
from app.chat.visitors import Visitor, remember
from app.web.languages import mark, translate
from app.web.templating import page
from care.safety import first_line, screen
from care.services import Services

SORRY = mark("我们这边出了点毛病，正在修，您的话还没有收到。请过几分钟再按一次“发送”。要是孩子有危险，马上打120。")


def resting_page(request: Request, visitor: Visitor, *, text: str = "") -> Response:
    """503, in her language."""
    services: Services = request.app.state.services
    danger = first_line(screen(text), visitor.lang)
    made: Response
    if "application/json" in request.headers.get("accept", ""):
        note = f"{danger} {translate(SORRY, visitor.lang)}".strip()
        made = JSONResponse({"note": note}, status_code=503, headers={"cache-control": "no-store"})
    else:
        made = _shown(request, visitor, text=text, danger=danger)
    remember(made, visitor, services.settings)
    return made


def _shown(request: Request, visitor: Visitor, *, text: str, danger: str) -> HTMLResponse:
    facts = {**facts_of(request, visitor), "unsent": text, "danger": danger, "sorry": translate(SORRY, visitor.lang)}
    return page(request, "chat/resting.html", status=503, **facts)
