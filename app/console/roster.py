"""The routes of the duty roster: seen by all who answer cases, changed by administrators."""

from datetime import date, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app.console.pages import back_to, show
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.console.roster_page import roster_page
from app.web.errors import status_of
from app.web.sentences import sentence_for
from care.people.access import Verb
from care.places.models import Place
from care.roster import actions
from care.roster.errors import NoTime
from care.roster.models import Leave, Shift
from care.services import Services
from kit.accounts.models import Staff
from kit.errors import Invalid, NotFound
from knowledge.content import Lang

router = APIRouter(prefix="/duty", dependencies=[Depends(signed_in), Depends(checked_form)])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_CASES))]
Changes = Annotated[Staff, Depends(allowed(Verb.MANAGE_ROSTER))]
_NOTHING_TYPED = {
    **dict.fromkeys(("staff", "place", "day", "begins", "ends", "substitute"), ""),
    **dict.fromkeys(("who", "first_day", "last_day", "stands_in"), ""),
    "sentence": "",
    "leave_sentence": "",
}


@router.get("")
def week(request: Request, services: Served, me: Sees, reader: Here) -> HTMLResponse:
    return _shown(request, services, me, reader.lang)


def _shown(
    request: Request,
    services: Services,
    me: Staff,
    lang: Lang,
    *,
    status: int = 200,
    weekdays: list[str] | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    with services.database.transaction() as session:
        shown = roster_page(session, me=me, services=services, lang=lang)
    return show(
        request, "roster.html", status=status, shown=shown, typed={**_NOTHING_TYPED, **(typed or {})}, weekdays=weekdays or []
    )


@router.post("/shifts")
def put_on_duty(
    request: Request,
    services: Served,
    me: Changes,
    reader: Here,
    weekdays: Annotated[list[str] | None, Form()] = None,
    staff: Words = "",
    place: Words = "",
    day: Words = "",
    begins: Words = "",
    ends: Words = "",
    substitute: Words = "",
) -> Response:
    """What was typed stands there again when something is wrong with it."""
    try:
        with services.database.transaction() as session:
            actions.put_on_duty(
                session,
                _staff(session, staff),
                place=_place(session, place),
                weekdays=[int(one) for one in weekdays or [] if one.isdecimal() and len(one) == 1],
                day=_date(day) if day else None,
                begins=_time(begins),
                ends=_time(ends),
                substitute=_staff(session, substitute) if substitute else None,
                by=me.key,
            )
    except Invalid as error:
        typed = {"staff": staff, "place": place, "day": day, "begins": begins, "ends": ends, "substitute": substitute}
        typed["sentence"] = sentence_for(error, reader.lang)
        return _shown(request, services, me, reader.lang, status=status_of(error), weekdays=weekdays, typed=typed)
    return back_to("/console/duty", done="put_on_duty")


@router.post("/shifts/{number}/remove")
def take_off_duty(services: Served, me: Changes, number: Number) -> Response:
    with services.database.transaction() as session:
        shift = session.get(Shift, number)
        if shift is None:
            raise NotFound
        actions.take_off_duty(session, shift, by=me.key)
    return back_to("/console/duty", done="taken_off_duty")


@router.post("/leaves")
def give_leave(
    request: Request,
    services: Served,
    me: Changes,
    reader: Here,
    who: Words = "",
    first_day: Words = "",
    last_day: Words = "",
    stands_in: Words = "",
) -> Response:
    try:
        with services.database.transaction() as session:
            actions.give_leave(
                session,
                _staff(session, who),
                first_day=_date(first_day),
                last_day=_date(last_day or first_day),
                substitute=_staff(session, stands_in) if stands_in else None,
                by=me.key,
            )
    except Invalid as error:
        typed = {"who": who, "first_day": first_day, "last_day": last_day, "stands_in": stands_in}
        typed["leave_sentence"] = sentence_for(error, reader.lang)
        return _shown(request, services, me, reader.lang, status=status_of(error), typed=typed)
    return back_to("/console/duty", done="leave_given")


@router.post("/leaves/{number}/remove")
def end_leave(services: Served, me: Changes, number: Number) -> Response:
    with services.database.transaction() as session:
        leave = session.get(Leave, number)
        if leave is None:
            raise NotFound
        actions.end_leave(session, leave, by=me.key)
    return back_to("/console/duty", done="leave_ended")


def _staff(session: Session, given: str) -> Staff:
    found = session.get(Staff, int(given)) if given.isdecimal() and len(given) < 18 else None
    if found is None:
        raise Invalid("nobody was chosen")
    return found


def _place(session: Session, given: str) -> Place:
    found = session.get(Place, int(given)) if given.isdecimal() and len(given) < 18 else None
    if found is None:
        raise Invalid("no area was chosen")
    return found


def _time(given: str) -> time:
    try:
        return time.fromisoformat(given).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise NoTime from error


def _date(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise NoTime from error
