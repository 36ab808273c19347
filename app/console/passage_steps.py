"""A form for each step of the review, and for dropping a scrap. Who may and when is `knowledge.reviewing`'s."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app.console import passage_lint
from app.console.pages import back_to, show
from app.console.passage_page import VERBS, Number, revision_number, shown_page, story_of
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.web.errors import status_of
from app.web.sentences import sentence_for
from care.services import Services
from kit.accounts.models import Staff
from kit.errors import WrongState
from knowledge import drafts, reviewing, writing
from knowledge.content import Lang
from knowledge.errors import NoSuchDay, NotScrap, OwnRevision, ReasonMissing, SameExpert, Unfinished
from knowledge.models import ReviewState, Revision, Step

router = APIRouter(prefix="/passages", dependencies=[Depends(signed_in), Depends(checked_form)])

Submits = Annotated[Staff, Depends(allowed(VERBS[Step.SUBMIT]))]
Approves = Annotated[Staff, Depends(allowed(VERBS[Step.APPROVE]))]
SendsBack = Annotated[Staff, Depends(allowed(VERBS[Step.SEND_BACK]))]
Retires = Annotated[Staff, Depends(allowed(VERBS[Step.RETIRE]))]
Comments = Annotated[Staff, Depends(allowed(VERBS[Step.COMMENT]))]


@router.post("/{number}/submit")
def submit(
    request: Request, services: Served, me: Submits, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        newest = story_of(session, number).newest
        rules = [one.rule for one in passage_lint.doubtful(drafts.from_content(newest.content), newest.warnings)]
        return reviewing.submit(session, number, number=revision_number(revision), by=me.key, words=said, warnings=rules)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="submitted")


@router.post("/{number}/approve")
def approve(
    request: Request,
    services: Served,
    me: Approves,
    reader: Here,
    number: Number,
    revision: Words = "",
    said: Words = "",
    again: Words = "",
) -> Response:
    """`again` is the day to look at it again; empty for the usual one."""

    def step(session: Session) -> Revision:
        by, needed, at = session.get_one(Staff, me.key), services.settings.reviewers_required, revision_number(revision)
        day = _day(again)
        return reviewing.approve(session, number, number=at, by=by, reviewers=needed, words=said, review_by=day)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="vouched")


@router.post("/{number}/send-back")
def send_back(
    request: Request, services: Served, me: SendsBack, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        return reviewing.send_back(session, number, number=revision_number(revision), by=me.key, words=said)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="sent_back")


@router.get("/{number}/drop")
def drop_page(request: Request, services: Served, me: Submits, number: Number) -> HTMLResponse:
    """Asks first: what is dropped is gone."""
    with services.database.transaction() as session:
        story = story_of(session, number)
        if not writing.is_scrap(session, number, by=me.key):
            raise NotScrap
    return show(request, "passage_drop.html", story=story)


@router.post("/{number}/drop")
def drop(services: Served, me: Submits, number: Number) -> Response:
    with services.database.transaction() as session:
        writing.drop(session, number, by=me.key)
    return back_to("/console/passages", done="dropped")


@router.get("/{number}/retire")
def retire_page(request: Request, services: Served, me: Retires, number: Number) -> HTMLResponse:
    """Asks once more, since retiring cannot be taken back with a tap."""
    return _asked_to_retire(request, services, me, number)


@router.post("/{number}/retire")
def retire(
    request: Request, services: Served, me: Retires, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        return reviewing.retire(session, number, number=revision_number(revision), by=me.key, words=said)

    if not drafts.clean(said) and revision:
        return _asked_to_retire(request, services, me, number, status=422, sentence=sentence_for(ReasonMissing(), reader.lang))
    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="retired")


@router.post("/{number}/comment")
def comment(
    request: Request, services: Served, me: Comments, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        return reviewing.comment(session, number, number=revision_number(revision), by=me.key, words=said)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="noted")


def _asked_to_retire(
    request: Request, services: Services, me: Staff, number: int, *, status: int = 200, sentence: str = ""
) -> HTMLResponse:
    """Raises UnknownPassage, WrongState."""
    with services.database.transaction() as session:
        story = story_of(session, number)
        if Step.RETIRE not in reviewing.open_steps(session, story.newest, by=me.key):
            raise WrongState
    facts = {"story": story, "sentence": sentence, "longest": reviewing.LONGEST_WORDS}
    return show(request, "passage_retire.html", status=status, **facts)


def _day(given: str) -> date | None:
    """Nothing for an empty field. What is no day is one that nobody can choose."""
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return date.min


def _stepped(
    request: Request,
    services: Services,
    me: Staff,
    lang: Lang,
    number: int,
    *,
    step: Callable[[Session], Revision],
    said: str,
    done: str,
) -> Response:
    """What went wrong is told on the page itself, where her words still stand."""
    try:
        with services.database.transaction() as session:
            taken = step(session)
    except (WrongState, OwnRevision, SameExpert, ReasonMissing, NoSuchDay, Unfinished) as error:
        sentence = sentence_for(error, lang)
        return shown_page(request, services, me, number, status=status_of(error), sentence=sentence, said=said)
    if done == "vouched" and taken.state is ReviewState.APPROVED:
        done = "approved"
    return back_to(f"/console/passages/{number}", done=done)
