"""The number to be called on: asked for by a button under a danger reply, and kept nowhere but sealed in the case."""

from bot.dialogue import flows
from bot.dialogue.turn import Turn
from bot.inbox import actions as inbox
from care.cases.models import Case, CaseState
from care.duty import calling
from care.messages import actions as messages
from care.safety.models import Screened

FLOW = "phone"


def ask(turn: Turn, case: Case) -> None:
    flows.begin(turn, FLOW, "number", case_id=case.key)


def take(turn: Turn, said: Screened) -> bool:
    """True when she gave a number, or tried to. It goes before all else that could keep or pass on her words."""
    dialog = flows.current(turn)
    if dialog is None or dialog.flow != FLOW or not calling.looks_like_number(said.text):
        return False
    case = turn.session.get(Case, dialog.facts["case_id"])
    messages.blank_words(turn.session, key=f"{turn.incoming.key}:said")
    inbox.blank(turn.session, turn.incoming.update)
    number = calling.number_in(said.text)
    if case is None or not case.needs_outcome or case.state is CaseState.CLOSED:
        flows.end(turn)
        turn.say("stale_button")
    elif number is None:
        turn.say("phone_wrong", version=dialog.version)
    else:
        calling.leave(turn.session, case, number=number, signing_key=turn.services.signing_key, key=turn.incoming.key)
        flows.end(turn)
        turn.say("phone_kept", case_id=case.key)
    return True
