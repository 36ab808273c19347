"""Staff bring a case to its end in their own chat: how a danger ended, and what the parent wrote that nobody has answered."""

from bot.dialogue.desk import Desk
from care.cases import actions as cases
from care.cases.errors import NotHeld, Unanswered
from care.cases.models import Case, CaseState, Outcome
from care.people import access


def close(desk: Desk, case_id: str, seen: str = "") -> None:
    """Danger is asked about first: how it ended by a button, then a sentence as a reply to our question.

    `seen` is the newest unanswered thing that she was shown when she was asked; what came later is asked about again.
    """
    case = _held(desk, int(case_id))
    if case.needs_outcome:
        desk.say("ask_outcome", case_id=case.key)
        return
    try:
        cases.close(desk.session, case, by=desk.staff, seen=int(seen) if seen else None)
    except Unanswered as error:
        desk.say("ask_unanswered", case_id=case.key, seen=error.facts["entry_id"])
        return
    desk.say("closed", case_id=case.key, told=bool(seen))


def ended(desk: Desk, case_id: str, outcome: str) -> None:
    desk.say("ask_outcome_words", case_id=_held(desk, int(case_id)).key, outcome=Outcome(outcome).value)


def close_with(desk: Desk, case_id: int, *, outcome: Outcome, words: str) -> None:
    case = access.case_for(desk.session, desk.staff, case_id, lock=True)
    cases.close(desk.session, case, by=desk.staff, outcome=outcome, words=words)
    desk.say("closed", case_id=case.key)


def _held(desk: Desk, case_id: int) -> Case:
    case = access.case_for(desk.session, desk.staff, case_id, lock=True)
    if case.owner_id != desk.staff.key or case.state is CaseState.CLOSED:
        raise NotHeld
    return case
