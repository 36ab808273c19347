"""All routes of the console, gathered; `app.web.application` puts them under /console."""

from fastapi import APIRouter

from app.console import (
    alarm,
    cases,
    edition_check,
    edition_impact,
    editions,
    entrance,
    homework,
    homework_files,
    me,
    media,
    passage_page,
    passage_signing,
    passage_steps,
    passage_writing,
    passages,
    recalling,
    roster,
    staff,
    unanswered,
)
from app.web.security import LARGEST_FORM

ROOMS = (
    entrance,
    alarm,
    cases,
    media,
    homework_files,
    homework,
    passage_writing,
    passages,
    passage_signing,
    unanswered,
    recalling,
    passage_page,
    passage_steps,
    editions,
    edition_check,
    edition_impact,
    roster,
    staff,
    me,
)

router = APIRouter(include_in_schema=False, max_body_size=LARGEST_FORM)
for room in ROOMS:
    router.include_router(room.router)
