"""Handing a question to a person: the case, the cards, and what the parent is told of it."""

from typing import Any

from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases.models import Case, CaseKind
from care.duty import actions as duty
from care.duty import calming, holding
from care.families import actions as families
from care.families import queries as reading
from care.families.models import Channel
from care.messages import actions as messages
from care.safety.models import Screened
from kit.accounts.models import Staff


def hand_over(turn: Turn, said: Screened, *, kind: CaseKind, topic: str = "", nearest: list[str] | None = None) -> Case:
    """Open or join the case, tell staff, and say when a person will answer."""
    case, joined = cases.open_case(
        turn.session, turn.who, kind=kind, said=said, hours=turn.services.hours, topic=topic, nearest=nearest or [],
        media=turn.incoming.media,
    )  # fmt: skip
    let_staff_know(turn, case, joined=joined)
    turn.say("relay", case_id=case.key, joined=joined, asked=kind is CaseKind.ASKED_FOR_PERSON, **when(turn, case))
    return case


def let_staff_know(turn: Turn, case: Case, *, joined: bool) -> bool:
    """False where danger, or somebody to protect, finds nobody of ours on duty."""
    if case.kind is CaseKind.DANGER:
        return _called(turn, case, joined=joined)
    if joined and case.owner_id:
        _tell_more(turn, case, turn.session.get_one(Staff, case.owner_id))
        return True
    hours, again = turn.services.hours, turn.incoming.key
    if case.protected:
        addresses = len(turn.services.settings.duty_addresses)
        return duty.call_today(turn.session, case, hours=hours, addresses=addresses, again=again)
    duty.offer(turn.session, case, hours=hours, again=again)
    return True


def _called(turn: Turn, case: Case, *, joined: bool) -> bool:
    """More words join a page of the last ten minutes, or the work of whoever holds the case; else there is a page."""
    if joined:
        for one in calming.called(turn.session, case):
            _tell_more(turn, case, one)
        if duty.paged_lately(turn.session, case) or holding.busy(turn.session, case):
            return True
    settings = turn.services.settings
    channels = duty.page(
        turn.session, case, hours=turn.services.hours, addresses=len(settings.duty_addresses), last=bool(settings.duty_last),
        again=turn.incoming.key,
    )  # fmt: skip
    return channels > 0


def _tell_more(turn: Turn, case: Case, staff: Staff) -> None:
    key = f"more:{turn.incoming.key}:{staff.key}"
    messages.tell_staff(turn.session, staff, kind="case_more", key=key, facts={"case_id": case.key}, case_id=case.key)


def when(turn: Turn, case: Case) -> dict[str, Any]:
    """By when somebody answers, and the code with which a parent without push finds the answer."""
    facts: dict[str, Any] = {"by": turn.services.hours.promised(case.opened_at).isoformat()}
    on_telegram = reading.contact(turn.session, turn.who, Channel.TELEGRAM) is not None
    if not on_telegram and not families.has_return_code(turn.session, turn.who):
        facts["return_code"] = families.return_code(turn.session, turn.who, signing_key=turn.services.signing_key)
    return facts
