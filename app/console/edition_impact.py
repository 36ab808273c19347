"""The page of what an edition would change for parents, looked at before it is published."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, col

from app.console.editions import Number, Publishes, Sees
from app.console.pages import back_to, show
from app.console.reader import Served, checked_form, signed_in
from app.workers.jobs import request_preview
from care.editions import impact
from care.editions.impact import Effect, Impact
from care.gaps.asked import consenting, worded
from care.people.access import Verb, may
from care.questions.models import Question
from knowledge import queries as passages
from knowledge.editions import freezing
from knowledge.editions.models import BuildState, Edition
from knowledge.errors import NotBuilt, UnknownEdition

router = APIRouter(prefix="/editions", dependencies=[Depends(signed_in), Depends(checked_form)])

PAGE = 50


@router.get("/{number}/impact")
def impact_page(request: Request, services: Served, me: Sees, number: Number, start: str = "") -> HTMLResponse:
    """Lost answers first. The words are read anew each time: whoever was forgotten meanwhile is not shown."""
    first = min(int(start), impact.MOST) if start.isdecimal() and len(start) < 6 else 0
    with services.database.transaction() as session:
        edition = _built(session, number)
        live = freezing.published(session)
        found = impact.kept(services, edition, live)
        effects = (*found.lost, *found.other, *found.won) if found else ()
        shown = effects[first : first + PAGE]
        texts = _texts(session, shown)
        pages = passages.numbers_of(session, {slug for one in shown for slug in (one.before.slug, one.now.slug)} - {""})
    facts: dict[str, Any] = {
        "edition": edition,
        "live": live,
        "found": found,
        "running": found is not None and not found.done,
        "effects": [(one, texts[one.question_id]) for one in shown if one.question_id in texts],
        "pages": pages,
        "start": first,
        "more": first + PAGE if len(effects) > first + PAGE else None,
        "page_size": PAGE,
        "is_live": live is not None and live.key == number,
        "may_ask": may(me, Verb.PUBLISH_EDITIONS),
        "most": impact.MOST,
    }
    return show(request, "edition_impact.html", **facts)


@router.post("/{number}/impact")
def ask_for(request: Request, services: Served, me: Publishes, number: Number) -> Response:  # noqa: ARG001 - asked for its permission
    with services.database.transaction() as session:
        edition = _built(session, number)
        live = freezing.published(session)
        if live and live.key != edition.key:
            impact.note(services, Impact.waiting(number, against=live.key))
            request_preview(session, request.app.state.jobs, number=number)
    return back_to(f"/console/editions/{number}/impact")


def _built(session: Session, number: int) -> Edition:
    edition = session.get(Edition, number)
    if edition is None:
        raise UnknownEdition
    if edition.state is not BuildState.BUILT:
        raise NotBuilt
    return edition


def _texts(session: Session, effects: tuple[Effect, ...]) -> dict[int, str]:
    """Masked, by question; of those who still agree that their words are read."""
    rows = session.exec(consenting().where(col(Question.id).in_({one.question_id for one in effects}))).all() if effects else []
    return {one.question_id: one.text for one in worded(session, rows)}
