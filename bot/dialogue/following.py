"""The morning after: her yes or no to being asked how she is, and what she answers then."""

from bot.dialogue import flows, handing, hearing
from bot.dialogue.hearing import Heard
from bot.dialogue.turn import Turn
from care.cases.models import Case, CaseState
from care.duty import following
from care.messages import actions as messages
from care.safety.models import Screened
from kit.accounts.models import Staff
from kit.errors import NotFound

_WELL = "都好（点的按钮）"
_STILL_AN_ANSWER = {None, Heard.GREETING, Heard.THANKS, Heard.JOY, Heard.COMPLAINT}
"""What short words may be heard as and still be meant for us; «how much is it» is not."""


def press(turn: Turn, answer: str, case_id: str) -> None:
    """Raises NotFound for a case that is not hers, or of which nobody asked."""
    case = turn.session.get(Case, int(case_id))
    if case is None or case.caregiver_id != turn.who.key:
        raise NotFound
    if answer == "yes":
        turn.say("follow_agreed", case_id=case.key, at=following.agree(turn.session, case).isoformat())
    elif answer == "no":
        following.refuse(turn.session, case)
        turn.say("follow_refused", case_id=case.key)
    elif answer == "well":
        _answered(turn, case, _WELL)
    elif answer == "talk":
        following.heard(turn.session, case)
        flows.begin(turn, "person", "words", case_id=case.key)
    else:
        raise NotFound


def take(turn: Turn, said: Screened) -> bool:
    """True when her words answer the question of this morning. A question of her own is none."""
    case = following.waiting_for_answer(turn.session, turn.who)
    if case is None or flows.current(turn) is not None or flows.sounds_like_question(said.text):
        return False
    if hearing.heard(said.text) not in _STILL_AN_ANSWER:
        return False
    _answered(turn, case, said.text)
    return True


def _answered(turn: Turn, case: Case, words: str) -> None:
    """Whoever holds the case, or held it last, hears of it; where nobody does, everybody who could take it."""
    following.answered(turn.session, case, text=words)
    holder = turn.session.get(Staff, case.owner_id) if case.owner_id else None
    key, facts = f"follow:{turn.incoming.key}", {"case_id": case.key}
    told = holder and messages.tell_staff(turn.session, holder, kind="follow_answered", key=key, facts=facts, case_id=case.key)
    if told is None and case.state is not CaseState.CLOSED:
        handing.let_staff_know(turn, case, joined=False)
    turn.say("follow_thanks", case_id=case.key)
