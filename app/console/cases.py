"""The routes of cases: the live list, the page of one case, and a form for each verb."""

import secrets
from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, col

from app.console.case_page import case_page
from app.console.pages import back_to, show
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.web.errors import status_of
from app.web.languages import as_lang, mark, translate
from app.web.sentences import sentence_for
from care.cases import actions as cases
from care.cases import queries
from care.cases.errors import AlreadyTaken, EmptyReply, OutcomeMissing, ReplyTooLong, Unanswered
from care.cases.models import OPEN_STATES, Case, CaseState, Outcome
from care.duty import actions as duty
from care.duty import calling, climbing
from care.people import queries as people
from care.people.access import Verb, case_for, hidden_from, visible_to
from care.safeguarding import actions as guarding
from care.safeguarding.errors import ReasonMissing, ReasonNeeded
from care.safeguarding.queries import is_named
from care.safeguarding.reporting import report as report_of
from care.services import Services
from kit.accounts.models import Staff
from kit.errors import Invalid, NotFound, PeibanError, WrongState

router = APIRouter(prefix="/cases", dependencies=[Depends(signed_in), Depends(checked_form)])

PAGE = 30
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_CASES))]
Answers = Annotated[Staff, Depends(allowed(Verb.ANSWER_CASES))]


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str
    states: tuple[CaseState, ...]
    mine: bool = False


TABS = (
    Tab("open", mark("等待回复"), (CaseState.OPEN, CaseState.TAKEN)),
    Tab("mine", mark("我负责的"), OPEN_STATES, mine=True),
    Tab("answered", mark("已回复"), (CaseState.ANSWERED,)),
    Tab("closed", mark("已结束"), (CaseState.CLOSED,)),
)


@router.get("")
def listing(request: Request, services: Served, me: Sees, shown: str = "open", start: int = 0) -> HTMLResponse:
    """With the header `x-fragment` only the list itself, for the script that keeps it live."""
    tab = next((tab for tab in TABS if tab.name == shown), TABS[0])
    start = min(max(start, 0), 100_000)
    with services.database.transaction() as session:
        seen = visible_to(session, me)
        veiled = hidden_from(session, me)
        known = {each.name: _of(each, seen, me) if each.mine else sa.or_(seen, veiled) for each in TABS[:3]}
        counts = {each.name: queries.count(session, known[each.name], states=each.states) for each in TABS[:3]}
        found = queries.listed(session, _of(tab, seen, me), states=tab.states, limit=PAGE + 1, offset=start)
        views = queries.views(session, found[:PAGE])
        hidden = 0 if tab.mine else queries.count(session, veiled, states=tab.states)
    more = start + PAGE if len(found) > PAGE else None
    name = "case_list.html" if "x-fragment" in request.headers else "cases.html"
    return show(
        request, name, tabs=TABS, tab=tab, counts=counts, views=views, more=more, start=start, page_size=PAGE, hidden=hidden
    )


def _of(tab: Tab, seen: sa.ColumnElement[bool], me: Staff) -> sa.ColumnElement[bool]:
    return sa.and_(seen, col(Case.owner_id) == me.key) if tab.mine else seen


@router.get("/{number}")
def one(request: Request, services: Served, me: Sees, number: Number) -> HTMLResponse:
    """With the header `x-fragment` only what was said, for the script that keeps it live. A protected case asks why first."""
    try:
        return _shown(request, services, me, number)
    except ReasonNeeded:
        return _asked_why(request, services, me, number)


def _asked_why(request: Request, services: Services, me: Staff, number: int, *, status: int = 200, **typed: str) -> HTMLResponse:
    """Of the case nothing but that it is there, and since when."""
    with services.database.transaction() as session:
        case = case_for(session, me, number)
        view = queries.view(session, case)
    name = "case_why_part.html" if "x-fragment" in request.headers else "case_why.html"
    return show(request, name, status=status, view=view, mine=case.owner_id == me.key, **{"sentence": "", "reason": "", **typed})


@router.post("/{number}/look")
def look(
    request: Request, services: Served, me: Sees, reader: Here, number: Number, reason: Words = "", why: Words = ""
) -> Response:
    """`why` is a reason that stands on a button, `reason` one in her own words."""
    try:
        with services.database.transaction() as session:
            guarding.look(session, case_for(session, me, number), by=_attached(session, me), reason=why or reason)
    except ReasonMissing as error:
        typed = {"reason": reason, "sentence": sentence_for(error, reader.lang)}
        return _asked_why(request, services, me, number, status=status_of(error), **typed)
    return back_to(f"/console/cases/{number}")


@router.post("/{number}/report")
def report(
    request: Request, services: Served, me: Answers, reader: Here, number: Number, reason: Words = "", agreed: Words = ""
) -> Response:
    """The archive for the report that the law asks for. Who told us stands in it only where she agreed."""
    try:
        with services.database.transaction() as session:
            case = case_for(session, me, number)
            if not case.protected:
                raise NotFound
            packed = report_of(
                session, services.blobs, case, by=_attached(session, me), operator=services.settings.operator_name,
                reason=reason, named=agreed == "yes",
            )  # fmt: skip
    except ReasonMissing as error:
        again = {"reported": reason, "not_reported": sentence_for(error, reader.lang)}
        return _shown(request, services, me, number, status=status_of(error), **again)
    headers = {"content-disposition": f'attachment; filename="report-{number}.zip"', "cache-control": "no-store, private"}
    return Response(packed, media_type="application/zip", headers=headers)


_UNFINISHED = ("ended", "outcome", "not_closed", "phone", "reported", "not_reported", "note", "handed_to", "not_handed")
_NOTHING_TYPED = dict.fromkeys(_UNFINISHED, "")


def _shown(
    request: Request,
    services: Services,
    me: Staff,
    number: int,
    *,
    status: int = 200,
    text: str = "",
    key: str = "",
    sentence: str = "",
    **unfinished: str,
) -> HTMLResponse:
    """`text` and `key` are those of a reply that could not be sent, `unfinished` those of another form: nothing typed is lost."""
    with services.database.transaction() as session:
        case = case_for(session, me, number)
        guarding.open_page(session, case, by=me)
        shown = case_page(session, case, me=me, services=services)
    key = key or secrets.token_urlsafe(12)
    if request.query_params.get("done") == "undone":
        text = text or shown.taken_back
    name = "case_talk.html" if "x-fragment" in request.headers else "case.html"
    return show(
        request,
        name,
        status=status,
        shown=shown,
        text=text,
        key=key,
        sentence=sentence,
        longest_reply=cases.LONGEST_REPLY,
        longest_note=cases.LONGEST_NOTE,
        unfinished={**_NOTHING_TYPED, **unfinished},
    )


def _not_done(request: Request, services: Services, me: Staff, number: int, error: PeibanError, **typed: str) -> HTMLResponse:
    """The case as it is now, with a sentence on what stood in the way and whatever she had typed: nothing is broken."""
    again = {"sentence": sentence_for(error, as_lang(me.lang)), **typed}
    try:
        return _shown(request, services, me, number, status=status_of(error), **again)
    except ReasonNeeded:
        return _asked_why(request, services, me, number, status=status_of(error), sentence=again["sentence"])


@router.post("/{number}/take")
def take(request: Request, services: Served, me: Answers, number: Number) -> Response:
    try:
        with services.database.transaction() as session:
            cases.take(session, case_for(session, me, number, lock=True), by=_attached(session, me))
    except WrongState as error:
        return _not_done(request, services, me, number, error)
    return back_to(f"/console/cases/{number}", done="taken")


@router.post("/{number}/acknowledge")
def acknowledge(request: Request, services: Served, me: Answers, number: Number) -> Response:
    """She has seen the danger and comes: the page climbs no higher for now."""
    try:
        with services.database.transaction() as session:
            climbing.acknowledge(session, case_for(session, me, number, lock=True), by=_attached(session, me))
    except WrongState as error:
        return _not_done(request, services, me, number, error)
    return back_to(f"/console/cases/{number}", done="acknowledged")


@router.post("/{number}/phone")
def phone(request: Request, services: Served, me: Answers, number: Number) -> HTMLResponse:
    """The parent's number on this one answer, for whoever holds the case. Looking is logged."""
    with services.database.transaction() as session:
        case = case_for(session, me, number, lock=True)
        told = calling.look(session, case, by=_attached(session, me), signing_key=services.signing_key)
    return _shown(request, services, me, number, phone=told)


@router.post("/{number}/answer")
def answer(
    request: Request, services: Served, me: Answers, reader: Here, number: Number, text: Words = "", key: Words = ""
) -> Response:
    """`key` was made with the form, so the same form sent twice is one reply. Danger does not wait for second thoughts."""
    try:
        with services.database.transaction() as session:
            case, by = case_for(session, me, number, lock=True), _attached(session, me)
            if case.state is not CaseState.CLOSED:
                cases.take(session, case, by=by)
            cases.answer(session, case, by=by, text=text, key=f"console:{number}:{me.key}:{key[:40]}", hold=not case.first)
    except AlreadyTaken as error:
        lost = translate("%(name)s 已经接手了这个求助，您写的没有发出去，都还在下面。", reader.lang, **error.facts)
        return _not_done(request, services, me, number, error, text=text, sentence=lost)
    except (EmptyReply, ReplyTooLong, WrongState) as error:
        return _not_done(request, services, me, number, error, text=text, key=key[:40])
    return back_to(f"/console/cases/{number}#end", done="sent" if case.first else "held")


@router.post("/{number}/undo")
def undo(request: Request, services: Served, me: Answers, number: Number, message: Words = "") -> Response:
    try:
        with services.database.transaction() as session:
            case_for(session, me, number, lock=True)
            if not message.isdecimal() or len(message) > 18:
                raise NotFound
            cases.undo_answer(session, int(message), by=_attached(session, me))
    except WrongState as error:
        return _not_done(request, services, me, number, error)
    return back_to(f"/console/cases/{number}#reply", done="undone")


@router.post("/{number}/hand-on")
def hand_on(request: Request, services: Served, me: Answers, number: Number, to: Words = "", note: Words = "") -> Response:
    """To one of the colleagues that the page offered, or, with nobody named, back among the waiting ones."""
    try:
        with services.database.transaction() as session:
            case, by = case_for(session, me, number, lock=True), _attached(session, me)
            cases.hand_on(session, case, by=by, to=_colleague(session, case, to) if to else None, note=note)
            if not to:
                settings = services.settings
                addresses, last = len(settings.duty_addresses), bool(settings.duty_last)
                duty.offer_again(session, case, hours=services.hours, addresses=addresses, last=last)
    except ReplyTooLong as error:
        typed = {"note": note, "handed_to": to, "not_handed": sentence_for(error, as_lang(me.lang))}
        return _shown(request, services, me, number, status=status_of(error), **typed)
    return back_to("/console/cases", done="handed" if to else "put_back")


def _colleague(session: Session, case: Case, given: str) -> Staff:
    there = {
        str(one.key): one for one in people.present_for(session, case.place_id) if not case.protected or is_named(session, one)
    }
    if given not in there:
        raise Invalid("nobody who is there and takes cases of this place")
    return there[given]


@router.post("/{number}/close")
def close(
    request: Request,
    services: Served,
    me: Answers,
    reader: Here,
    number: Number,
    outcome: Words = "",
    ended: Words = "",
    seen: Words = "",
) -> Response:
    """Danger only with an outcome of the list and a sentence; what was typed stands there again when one is missing. `seen` is the
    newest unanswered thing that the page showed her.
    """
    how = next((one for one in Outcome if one == outcome), None)
    try:
        with services.database.transaction() as session:
            case = case_for(session, me, number, lock=True)
            if case.state is not CaseState.CLOSED:
                cases.close(session, case, by=_attached(session, me), outcome=how, words=ended, seen=_number(seen))
    except (OutcomeMissing, Unanswered) as error:
        again = {"ended": ended, "outcome": outcome, "not_closed": sentence_for(error, reader.lang)}
        return _shown(request, services, me, number, status=status_of(error), **again)
    return back_to(f"/console/cases/{number}", done="closed")


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) <= 18 else None


@router.post("/{number}/propose")
def propose(services: Served, me: Answers, number: Number, question: Words = "", proposed: Words = "") -> Response:
    with services.database.transaction() as session:
        case = case_for(session, me, number)
        cases.propose_passage(session, case, by=_attached(session, me), question=question, answer=proposed)
    return back_to(f"/console/cases/{number}", done="proposed")


def _attached(session: Session, me: Staff) -> Staff:
    return session.get_one(Staff, me.key)
