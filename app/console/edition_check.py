"""The routes of the gate: what it found on an edition, checking again, and publishing, with a reason where it refused."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from app.console.editions import Number, Publishes, Sees
from app.console.pages import back_to, show
from app.console.reader import Served, Words, checked_form, signed_in
from app.web.languages import mark
from care.editions import releasing
from care.editions.errors import GateClosed
from care.editions.verdict import Verdict
from care.people.access import Verb, may, require
from knowledge import queries as passages
from knowledge.editions import freezing
from knowledge.editions.models import BuildState, Edition
from knowledge.errors import UnknownEdition

router = APIRouter(prefix="/editions", dependencies=[Depends(signed_in), Depends(checked_form)])

FIGURES = {
    "right_first": mark("第一篇就是对的"),
    "in_three": mark("前三篇里有对的"),
    "in_five": mark("前五篇里有对的"),
    "answered": mark("有把握直接答的"),
    "right_among_answered": mark("直接答的里面，答对的"),
}


@router.get("/{number}/check")
def check_page(request: Request, services: Served, me: Sees, number: Number) -> HTMLResponse:
    with services.database.transaction() as session:
        edition = session.get(Edition, number)
        if edition is None:
            raise UnknownEdition
        live = freezing.published(session)
        verdict = releasing.found(services, edition)
        pages = passages.numbers_of(session, _slugs(verdict)) if verdict else {}
    current = bool(verdict) and releasing.kept(services, edition, live) is not None
    facts: dict[str, Any] = {
        "edition": edition,
        "live": live,
        "verdict": verdict,
        "current": current,
        "is_live": live is not None and live.key == number,
        "built": edition.state is BuildState.BUILT,
        "publishable": services.allow_unreviewed or not edition.unreviewed,
        "may_publish": may(me, Verb.PUBLISH_EDITIONS),
        "may_override": may(me, Verb.PUBLISH_DESPITE_GATE),
        "figures": FIGURES,
        "pages": pages,
    }
    return show(request, "edition_check.html", **facts)


@router.post("/{number}/check")
def check_again(services: Served, me: Publishes, number: Number) -> Response:  # noqa: ARG001 - asked for its permission
    releasing.check(services, number)
    return back_to(f"/console/editions/{number}/check")


@router.post("/{number}/publish")
def publish(services: Served, me: Publishes, number: Number, despite: Words = "") -> Response:
    """Where the gate refuses, its page tells why; an administrator may write there why it goes live all the same."""
    if despite:
        require(me, Verb.PUBLISH_DESPITE_GATE)
    try:
        edition = releasing.release(services, number, by=me.key, despite=despite or None)
    except GateClosed:
        return back_to(f"/console/editions/{number}/check")
    services.library.follow(edition, services.blobs)
    return back_to("/console/editions", done="published")


def _slugs(verdict: Verdict) -> set[str]:
    found = verdict.comparison
    broken = {slug for one in found.broken for slug in (one.before.slug, one.now.slug)}
    return broken | {slug for one in found.moved for slug in (one.now.slug, one.source.slug)}
