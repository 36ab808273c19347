"""Handing a question to a person: the case, the cards, and what the parent is told of it."""

from typing import Any

from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases.models import Case, CaseKind
from care.duty import actions as duty
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


def let_staff_know(turn: Turn, case: Case, *, joined: bool) -> None:
    if joined and case.owner_id:
        owner = turn.session.get_one(Staff, case.owner_id)
        key = f"more:{turn.incoming.key}"
        messages.tell_staff(turn.session, owner, kind="case_more", key=key, facts={"case_id": case.key}, case_id=case.key)
        return
    duty.offer(turn.session, case, hours=turn.services.hours, again=turn.incoming.key)


def when(turn: Turn, case: Case) -> dict[str, Any]:
    """By when somebody answers, and the code with which a parent without push finds the answer."""
    facts: dict[str, Any] = {"by": turn.services.hours.promised(case.opened_at).isoformat()}
    on_telegram = reading.contact(turn.session, turn.who, Channel.TELEGRAM) is not None
    if not on_telegram and not families.has_return_code(turn.session, turn.who):
        facts["return_code"] = families.return_code(turn.session, turn.who, signing_key=turn.services.signing_key)
    return facts
