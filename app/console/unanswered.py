"""The page of what families asked in vain, and a draft begun from a group of their questions."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from app.console import passage_words
from app.console.pages import back_to, show
from app.console.reader import Served, allowed, checked_form, signed_in
from app.web.languages import mark
from care.gaps import actions, asked, groups
from care.gaps.asked import Lack
from care.people.access import Verb
from kit.accounts.models import Staff

router = APIRouter(prefix="/passages/unanswered", dependencies=[Depends(signed_in), Depends(checked_form)])

Writes = Annotated[Staff, Depends(allowed(Verb.WRITE_PASSAGES))]
MOST_GROUPS = 40
LACKS: dict[Lack, str] = {
    Lack.RELAYED: mark("转给老师的"),
    Lack.NOT_HELPED: mark("说没帮上的"),
    Lack.UNSURE: mark("拿不准、让家长自己挑的"),
}


@router.get("")
def listing(request: Request, services: Served, me: Writes) -> HTMLResponse:  # noqa: ARG001 - asked for its permission
    with services.database.transaction() as session:
        found = asked.unanswered(session)
    made = groups.of(found, services.library.encoder)
    facts: dict[str, Any] = {
        "groups": made[:MOST_GROUPS],
        "rest": len(made[MOST_GROUPS:]),
        "asked": len(found),
        "full": len(found) >= asked.MOST_ASKED,
        "days": asked.LATELY.days,
        "lacks": LACKS,
        "words": passage_words,
    }
    return show(request, "unanswered.html", **facts)


@router.post("/begin")
def begin(services: Served, me: Writes, question: Annotated[list[int], Form()]) -> Response:
    with services.database.transaction() as session:
        made = actions.begin(session, question[: asked.MOST_ASKED], by=me.key)
    return back_to(f"/console/passages/{made.passage_id}/edit", done="begun")
