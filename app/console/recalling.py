"""The routes of a recall: retiring a passage as wrong with the correction that parents get, and who was reached."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from app.console.pages import back_to, show
from app.console.passage_page import Number, revision_number, story_of
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.web.errors import status_of
from app.web.sentences import sentence_for
from care.people.access import Verb
from care.recalls import actions, queries
from care.recalls.errors import CorrectionMissing, NoSuchSince
from care.recalls.models import LONGEST, LONGEST_REASON, SHORTEST
from care.services import Services
from kit import clock
from kit.accounts import queries as accounts
from kit.accounts.models import Staff
from kit.errors import NotFound, PeibanError
from knowledge.content import Lang
from knowledge.errors import NotNewest, ReasonMissing
from knowledge.models import ReviewState

router = APIRouter(prefix="/passages", dependencies=[Depends(signed_in), Depends(checked_form)])

Recalls = Annotated[Staff, Depends(allowed(Verb.RECALL_PASSAGES))]


@router.get("/{number}/recall")
def form(request: Request, services: Served, me: Recalls, reader: Here, number: Number, since: str = "") -> Response:  # noqa: ARG001
    """How many people received it since a day is counted anew with each day that is chosen. One that was recalled has a report."""
    with services.database.transaction() as session:
        newest = story_of(session, number).newest
        known = queries.of_passage(session, number)
    if known and known.number >= newest.number:
        return back_to(f"/console/passages/{number}/recalled")
    day = _day(since) if since else None
    sentence = sentence_for(NoSuchSince(), reader.lang) if day and day > clock.today() else ""
    return _form(request, services, number, since=None if sentence else day, sentence=sentence)


@router.post("/{number}/recall")
def recall(
    request: Request,
    services: Served,
    me: Recalls,
    reader: Here,
    number: Number,
    revision: Words = "",
    since: Words = "",
    reason: Words = "",
    zh: Words = "",
    en: Words = "",
) -> Response:
    """It leaves the answers of this process now, and those of every other within a second."""
    day = _day(since)
    try:
        with services.database.transaction() as session:
            by, at = session.get_one(Staff, me.key), revision_number(revision)
            actions.recall(session, number, number=at, by=by, reason=reason, zh=zh, en=en, since=day)
            wrong = queries.withheld(session)
    except (ReasonMissing, CorrectionMissing, NoSuchSince, NotNewest) as error:
        return _told(request, services, reader.lang, number, error, since=day, given={"reason": reason, "zh": zh, "en": en})
    services.library.withhold(wrong)
    return back_to(f"/console/passages/{number}/recalled", done="recalled")


@router.get("/{number}/recalled")
def report(request: Request, services: Served, me: Recalls, number: Number) -> HTMLResponse:  # noqa: ARG001 - asked for its permission
    """People are counted, never named."""
    with services.database.transaction() as session:
        story = story_of(session, number)
        found = queries.of_passage(session, number)
        if found is None:
            raise NotFound
        reached = queries.reached(session, found)
        names = {one.id: one.name for one in accounts.everybody(session)}
    facts: dict[str, Any] = {"story": story, "recall": found, "reached": reached, "names": names, "china": clock.CHINA}
    return show(request, "passage_recalled.html", **facts)


def _told(
    request: Request, services: Services, lang: Lang, number: int, error: PeibanError, *, since: date, given: dict[str, str]
) -> HTMLResponse:
    """Nothing typed is lost."""
    day = since if since <= clock.today() else None
    return _form(
        request, services, number, since=day, status=status_of(error), sentence=sentence_for(error, lang), given=given
    )  # fmt: skip


def _form(
    request: Request,
    services: Services,
    number: int,
    *,
    since: date | None,
    status: int = 200,
    sentence: str = "",
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    earliest = clock.today() - actions.LOOKS_BACK
    since = max(since or earliest, earliest)
    with services.database.transaction() as session:
        story = story_of(session, number)
        received = queries.received(session, number, since=actions.day_begins(since))
    facts: dict[str, Any] = {
        "story": story,
        "retired": story.newest.state is ReviewState.RETIRED,
        "received": received,
        "since": since,
        "earliest": earliest,
        "today": clock.today(),
        "sentence": sentence,
        "given": given or {"reason": "", "zh": "", "en": ""},
        "shortest": SHORTEST,
        "longest": LONGEST,
        "longest_reason": LONGEST_REASON,
    }
    return show(request, "passage_recall.html", status=status, **facts)


def _day(given: str) -> date:
    """What is no day is one that cannot be chosen."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        return date.max
