"""One's own account: password, Telegram, language, duty."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from app.console.pages import back_to, show
from app.console.reader import Here, Me, Served, Words, checked_form, client_address, keep_session, signed_in
from app.web.errors import status_of
from app.web.languages import translate
from app.web.sentences import sentence_for
from care.cases.models import Case
from care.duty import holding
from care.people import actions as people
from care.people import queries
from care.roster import queries as roster
from care.services import Services
from kit import audit, tokens
from kit.accounts import actions as accounts
from kit.accounts.models import Staff
from kit.errors import PeibanError

router = APIRouter(prefix="/me", dependencies=[Depends(signed_in), Depends(checked_form)])

TELEGRAM_LINK_LASTS = timedelta(minutes=30)


@router.get("")
def own(request: Request, services: Served, me: Me) -> HTMLResponse:
    return _shown(request, services, me)


def _shown(
    request: Request,
    services: Services,
    me: Staff,
    *,
    status: int = 200,
    sentence: str = "",
    code: str = "",
    held: Sequence[Case] = (),
) -> HTMLResponse:
    """`held` are dangers in her hands, when she has asked to go off duty."""
    with services.database.transaction() as session:
        called = roster.called_now(session, me, hours=services.hours)
        alone = bool(held) and not holding.others_there(session, me, hours=services.hours)
        away = queries.absent(session, me)
        assigned = queries.places_of(session, me)
    facts: dict[str, object] = {
        "away": away,
        "called": called,
        "hours": services.settings.duty_hours.replace("-", "–"),
        "held": held,
        "alone": alone,
        "assigned": assigned,
        "sentence": sentence,
        "code": code,
        "bot_name": request.app.state.bot_name,
        "telegram_ready": bool(services.settings.telegram_bot_token.get_secret_value()),
    }
    return show(request, "me.html", status=status, **facts)


@router.post("/password")
def change_password(
    request: Request, services: Served, me: Me, reader: Here, present: Words = "", password: Words = "", again: Words = ""
) -> Response:
    """The present one is asked for, except right after a one-time password. Every other session ends."""
    if password != again:
        sentence = translate("两次填的新密码不一样，请再填一次。", reader.lang)
        return _shown(request, services, me, status=422, sentence=sentence)
    try:
        if not me.must_change_password:
            _check_present(services, me, present=present, address=client_address(request))
        with services.database.transaction() as session:
            staff = session.get_one(Staff, me.key)
            accounts.set_password(session, staff, password=password)
            token = accounts.start_session(session, staff)
    except PeibanError as error:
        return _shown(request, services, me, status=status_of(error), sentence=sentence_for(error, reader.lang))
    response = back_to("/console/me", done="password")
    keep_session(response, token, services.settings)
    return response


def _check_present(services: Services, me: Staff, *, present: str, address: str) -> None:
    with services.database.transaction() as session:
        accounts.count_sign_in(session, login=me.login, address=address)
    accounts.check_password(me, password=present)


@router.post("/telegram")
def link_telegram(request: Request, services: Served, me: Me) -> HTMLResponse:
    with services.database.transaction() as session:
        purpose = tokens.TokenPurpose.STAFF_TELEGRAM
        token = tokens.issue(session, purpose, subject_id=me.key, lasts=TELEGRAM_LINK_LASTS)
        audit.record(session, "ask_telegram_link", thing="staff", thing_id=me.key, staff_id=me.key)
    return _shown(request, services, me, code=f"s_{token}")


@router.post("/duty")
def duty(request: Request, services: Served, me: Me, present: Words = "", sure: Words = "") -> Response:
    """With a danger in her hands she is asked first; if she goes all the same, whoever is on duty is called."""
    if present == "yes":
        with services.database.transaction() as session:
            people.come_on_duty(session, session.get_one(Staff, me.key))
        return back_to("/console/me", done="on_duty")
    settings = services.settings
    addresses, last = len(settings.duty_addresses), bool(settings.duty_last)
    with services.database.transaction() as session:
        staff = session.get_one(Staff, me.key)
        held = holding.held(session, staff)
        if not held or sure == "yes":
            people.go_off_duty(session, staff)
            holding.leave(session, staff, hours=services.hours, addresses=addresses, last=last)
            return back_to("/console/me", done="passed_on" if held else "off_duty")
    return _shown(request, services, me, status=409, held=held)
