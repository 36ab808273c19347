"""The routes of editions: what there is, a new one with its progress, rolling back, and what instructors propose. Publishing is
beside its gate, in `edition_check`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from app.console.pages import back_to, show
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.workers.jobs import request_build
from care.editions import actions as release
from care.editions import queries
from care.people.access import Verb
from kit.accounts import queries as accounts
from kit.accounts.models import Staff
from kit.errors import NotFound
from knowledge import actions as curriculum
from knowledge import queries as passages
from knowledge import topics
from knowledge.editions import freezing
from knowledge.editions.models import BuildState, Edition
from knowledge.errors import NoEarlierEdition, UnknownEdition
from knowledge.models import Proposal

router = APIRouter(prefix="/editions", dependencies=[Depends(signed_in), Depends(checked_form)])

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_EDITIONS))]
Builds = Annotated[Staff, Depends(allowed(Verb.BUILD_EDITIONS))]
Publishes = Annotated[Staff, Depends(allowed(Verb.PUBLISH_EDITIONS))]
UNDERWAY = (BuildState.FROZEN, BuildState.BUILDING)


@router.get("")
def listing(request: Request, services: Served, me: Sees) -> HTMLResponse:  # noqa: ARG001 - asked for its permission
    """With the header `x-fragment` only the list itself, for the script that follows a build."""
    with services.database.transaction() as session:
        live = freezing.published(session)
        found = queries.newest(session)
        earlier = queries.earlier(session, live) if live else None
        left = queries.rolled_back(session)
        changes = freezing.changes_since(session, live) if live else None
        names = {one.id: one.name for one in accounts.everybody(session)}
        proposed = len(passages.proposals(session))
        expired = passages.left_out(session)
    name = "edition_list.html" if "x-fragment" in request.headers else "editions.html"
    standing = {
        "live": live,
        "earlier": earlier,
        "changes": changes,
        "expired": expired,
        "underway": UNDERWAY,
        "rolled_back": left,
    }
    allow = services.allow_unreviewed
    return show(request, name, status=200, editions=found, names=names, proposals=proposed, allow_unreviewed=allow, **standing)


@router.post("")
def freeze_and_build(request: Request, services: Served, me: Builds) -> Response:
    """While one edition is on its way, asking for another gives that one."""
    with services.database.transaction() as session:
        edition = queries.underway(session) or freezing.freeze(session, by=me.key)
        request_build(session, request.app.state.jobs, number=edition.key)
    return back_to("/console/editions", done="building")


@router.post("/{number}/build")
def build_again(request: Request, services: Served, me: Builds, number: Number) -> Response:  # noqa: ARG001 - as above
    with services.database.transaction() as session:
        edition = session.get(Edition, number)
        if edition is None:
            raise UnknownEdition
        if edition.state is not BuildState.BUILT:
            edition.state, edition.progress, edition.failure = BuildState.FROZEN, 0, ""
            session.add(edition)
            request_build(session, request.app.state.jobs, number=number)
    return back_to("/console/editions", done="building")


@router.get("/roll-back")
def roll_back_page(request: Request, services: Served, me: Publishes) -> HTMLResponse:  # noqa: ARG001 - as above
    with services.database.transaction() as session:
        live = freezing.published(session)
        earlier = queries.earlier(session, live) if live else None
        if live is None or earlier is None:
            raise NoEarlierEdition
        target = session.get_one(Edition, earlier)
    return show(request, "roll_back.html", live=live, target=target)


@router.post("/roll-back")
def roll_back(services: Served, me: Publishes, live: Words = "") -> Response:
    """`live` is the edition that was live when she confirmed: the same form sent twice goes back once."""
    with services.database.transaction() as session:
        now_live = freezing.published(session)
        edition = now_live
        if now_live is None or live == str(now_live.number):
            edition = release.roll_back(session, allow_unreviewed=services.allow_unreviewed, by=me.key)
    services.library.follow(edition, services.blobs)
    return back_to("/console/editions", done="rolled_back")


@router.get("/proposals")
def proposals(request: Request, services: Served, me: Sees, reader: Here) -> HTMLResponse:  # noqa: ARG001 - as above
    with services.database.transaction() as session:
        found = passages.proposals(session)
        names = {one.id: one.name for one in accounts.everybody(session)}
    known = topics.by_slug()
    worded = {row.id: [known[slug].name(reader.lang) for slug in row.topics if slug in known] for row in found}
    return show(request, "proposals.html", proposals=found, names=names, topics=worded)


@router.post("/proposals/{number}/settle")
def settle(services: Served, me: Builds, number: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    with services.database.transaction() as session:
        proposal = session.get(Proposal, number)
        if proposal is None:
            raise NotFound
        curriculum.settle_proposal(session, proposal, by=me.key)
    return back_to("/console/editions/proposals", done="settled")
