"""A message that sounds like a child's own: simple words, no form, nothing asked about anybody, and a person looks after it."""

from bot.dialogue import flows, handing, ongoing
from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases.models import CaseKind
from care.safety.child_writing import TOPIC, sounds_like_a_child
from care.safety.models import Screened


def take(turn: Turn, said: Screened) -> bool:
    """True when it was answered here. What follows belongs to the case and is answered as talk with a person."""
    if ongoing.child_writes(turn) or not sounds_like_a_child(said.text):
        return False
    flows.end(turn)
    case, joined = cases.open_case(
        turn.session, turn.who, kind=CaseKind.URGENT, said=said, hours=turn.services.hours, topic=TOPIC
    )  # fmt: skip
    handing.let_staff_know(turn, case, joined=joined)
    turn.say("child_here", case_id=case.key, by=turn.services.hours.promised(case.opened_at).isoformat())
    return True
