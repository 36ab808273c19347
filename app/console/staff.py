"""The routes of colleagues, for administrators: invite, assign places, reset a password, end an account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from app.console.pages import back_to, show
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.web.addresses import opens_only_here, public_url
from app.web.errors import status_of
from app.web.languages import translate
from app.web.sentences import sentence_for
from care.people import actions as people
from care.people import queries
from care.people.access import Verb, may
from care.places import queries as places
from care.places.models import Place
from care.safeguarding import actions as guarding
from care.safeguarding import queries as guarded
from care.services import Services
from kit.accounts import actions as accounts
from kit.accounts import queries as everybody
from kit.accounts.models import Role, Staff
from kit.errors import Invalid, NotFound, PeibanError

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in), Depends(checked_form)])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Manages = Annotated[Staff, Depends(allowed(Verb.MANAGE_STAFF))]


@router.get("")
def listing(request: Request, services: Served, me: Manages) -> HTMLResponse:  # noqa: ARG001 - asked for its permission
    return _listed(request, services)


def _listed(request: Request, services: Services, *, status: int = 200, **facts: str) -> HTMLResponse:
    with services.database.transaction() as session:
        found = everybody.everybody(session)
        places_of = {one.id: queries.places_of(session, one) for one in found}
        away = {one.id for one in found if queries.absent(session, one)}
        named = {one.id for one in guarded.named(session)}
        invited = everybody.open_invitations(session)
    given = {"name": "", "role": Role.INSTRUCTOR.value, "sentence": "", "link": "", **facts}
    shown = {
        "only_here": opens_only_here(given["link"]),
        "staff": found,
        "places_of": places_of,
        "away": away,
        "named": named,
        "invited": invited,
        "roles": list(Role),
        "stay": "/console/staff",
        **given,
    }
    return show(request, "staff.html", status=status, **shown)


@router.post("/invite")
def invite(request: Request, services: Served, me: Manages, reader: Here, name: Words = "", role: Words = "") -> HTMLResponse:
    """The link is shown once, on this page, and kept nowhere."""
    try:
        if role not in list(Role):
            raise Invalid
        with services.database.transaction() as session:
            token = accounts.invite(session, name=name, role=Role(role), by=me.key)
    except PeibanError as error:
        return _listed(
            request, services, status=status_of(error), name=name, role=role, sentence=sentence_for(error, reader.lang)
        )
    return _listed(request, services, name=name, role=role, link=public_url(request, f"/console/invitation/{token}"))


@router.post("/invitations/{number}/renew")
def renew_invitation(request: Request, services: Served, me: Manages, number: Number) -> HTMLResponse:
    """A new link for the same person, shown once like the first."""
    with services.database.transaction() as session:
        token, name = accounts.renew_invitation(session, number, by=me.key)
    return _listed(request, services, name=name, link=public_url(request, f"/console/invitation/{token}"))


@router.post("/invitations/{number}/withdraw")
def withdraw_invitation(services: Served, me: Manages, number: Number) -> Response:
    with services.database.transaction() as session:
        accounts.withdraw_invitation(session, number, by=me.key)
    return back_to("/console/staff", done="uninvited")


@router.get("/{number}")
def one(request: Request, services: Served, me: Manages, number: Number) -> HTMLResponse:  # noqa: ARG001 - as above
    return _shown(request, services, number)


def _shown(request: Request, services: Services, number: int, *, status: int = 200, **facts: str) -> HTMLResponse:
    with services.database.transaction() as session:
        colleague = session.get(Staff, number)
        if colleague is None:
            raise NotFound
        assigned = [(place, places.chain(session, place)) for place in queries.places_of(session, colleague)]
        districts = places.districts(session)
        away = queries.absent(session, colleague)
        guards = {one.key for one in guarded.named(session)}
    given = {"place": "", "sentence": "", "password": "", **facts}
    shown = {"colleague": colleague, "assigned": assigned, "districts": districts, "away": away, **given}
    shown |= {"may_be_named": may(colleague, Verb.SEE_CASES), "named": number in guards, "anybody_named": bool(guards)}
    return show(request, "colleague.html", status=status, **shown)


@router.post("/{number}/password")
def reset_password(request: Request, services: Served, me: Manages, number: Number) -> HTMLResponse:
    """Shown once; for oneself there is the page of one's own account, which does not lock one out."""
    with services.database.transaction() as session:
        colleague = session.get(Staff, number)
        if colleague is None or colleague.revoked_at or colleague.key == me.key:
            raise NotFound
        password = accounts.give_one_time_password(session, colleague, by=me.key)
    return _shown(request, services, number, password=password)


@router.post("/{number}/named")
def name_for_protected(services: Served, me: Manages, number: Number, named: Words = "") -> Response:
    """Whether she may read protected cases."""
    with services.database.transaction() as session:
        colleague = session.get(Staff, number)
        if colleague is None or not may(colleague, Verb.SEE_CASES):
            raise NotFound
        change = guarding.name if named == "yes" else guarding.unname
        change(session, colleague, by=me.key)
    return back_to(f"/console/staff/{number}", done="named" if named == "yes" else "unnamed")


@router.post("/{number}/revoke")
def revoke(services: Served, me: Manages, number: Number) -> Response:
    with services.database.transaction() as session:
        colleague = session.get(Staff, number)
        if colleague is None:
            raise NotFound
        if not colleague.revoked_at:
            people.revoke(
                session, colleague, by=me.key, hours=services.hours, addresses=len(services.settings.duty_addresses),
                last=bool(services.settings.duty_last),
            )  # fmt: skip
    return back_to("/console/staff", done="revoked")


@router.post("/{number}/assign")
def assign(request: Request, services: Served, me: Manages, reader: Here, number: Number, place: Words = "") -> Response:
    with services.database.transaction() as session:
        colleague, found = session.get(Staff, number), places.named(session, place)
        if colleague is None:
            raise NotFound
        if found:
            people.assign(session, colleague, place=found, by=me.key)
        meant = [one.name for one in places.like(session, place, limit=6)] if found is None else []
    if found is None:
        several = translate("「%(place)s」不止一个：%(names)s。请写全名。", reader.lang, place=place, names="、".join(meant))
        none = translate("没有「%(place)s」这个地方。要写它所在的区县，比如荣昌区。", reader.lang, place=place)
        sentence = several if meant else none
        return _shown(request, services, number, status=422, place=place, sentence=sentence)
    return back_to(f"/console/staff/{number}", done="assigned")


@router.post("/{number}/unassign")
def unassign(services: Served, me: Manages, number: Number, place: Words = "") -> Response:
    with services.database.transaction() as session:
        colleague = session.get(Staff, number)
        found = session.get(Place, int(place)) if place.isdecimal() and len(place) < 18 else None
        if colleague is None or found is None:
            raise NotFound
        people.unassign(session, colleague, place=found, by=me.key)
    return back_to(f"/console/staff/{number}", done="assigned")
