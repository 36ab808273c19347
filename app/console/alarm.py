"""The alarm on every page of the console while a danger that this colleague may take is untaken; and the address its script asks."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.console.reader import allowed, signed_in
from app.web.templating import page
from care.cases import queries as cases
from care.duty import climbing, holding
from care.people.access import Verb, may, visible_to
from care.services import Services
from kit.accounts.models import Staff

router = APIRouter(prefix="/alarm", dependencies=[Depends(signed_in)])


@dataclass(frozen=True, slots=True)
class Alarm:
    """`number` is the case that has waited longest; `rings` until somebody has said that she comes. `silent` is a danger in her own
    hands of which she has been reminded.
    """

    waiting: int
    number: int
    rings: bool
    silent: int = 0


def alarm_for(services: Services, me: Staff) -> Alarm | None:
    """None for those who take no cases."""
    if not may(me, Verb.SEE_CASES) or me.must_change_password:
        return None
    with services.database.transaction() as session:
        untaken = cases.untaken_danger(session, visible_to(session, me))
        silent = next((case.key for case in holding.reminded(session, me)), 0)
        if not untaken:
            return Alarm(waiting=0, number=0, rings=bool(silent), silent=silent)
        rings = bool(silent) or any(not climbing.acknowledged(session, case) for case in untaken)
        return Alarm(waiting=len(untaken), number=untaken[0].key, rings=rings, silent=silent)


@router.get("")
def now(request: Request, me: Annotated[Staff, Depends(allowed(Verb.SEE_CASES))]) -> HTMLResponse:
    """The bar alone."""
    return page(request, "console/alarm.html", alarm=alarm_for(request.app.state.services, me))
