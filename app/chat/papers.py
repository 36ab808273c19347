"""Sheets of the Parents' Classroom to be printed. They are everybody's: no visitor is asked for, and nothing is remembered."""

from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.papers import setting
from bot.wording.papers import PARTS
from care.services import Services
from kit.errors import NotFound
from knowledge import courses
from knowledge.content import Lang

router = APIRouter(include_in_schema=False)


@router.get("/papers/{part}/{lang}/{slug}.pdf")
def paper(request: Request, part: Literal["card", "plan"], lang: Lang, slug: str) -> Response:
    """Set in the thread that answers, one at a time; there are only so many courses, and what was set is kept."""
    services: Services = request.app.state.services
    course = courses.course(slug)
    if course is None:
        raise NotFound
    found = PARTS[part](course, lang, operator=services.settings.operator_name)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name)}.pdf",
        "cache-control": "public, max-age=3600",
    }
    return Response(setting.pdf(found), media_type="application/pdf", headers=headers)
