"""Staff in their own chat: cards taken and answered, a reply's recipient always clear, duty on and off, the console's door."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session

from bot.dialogue import closing, danger
from bot.dialogue.desk import Desk
from bot.dialogue.events import Incoming
from bot.inbox import actions as inbox
from care.cases import actions as cases
from care.cases import queries as reading
from care.cases.errors import AlreadyTaken, EmptyReply, MoveNotOpen, NotHeld, OutcomeMissing, ReplyTooLong, TooLateToUndo
from care.cases.models import Case, CaseState, Outcome
from care.duty import actions as duty
from care.duty import climbing, holding
from care.families.models import Caregiver
from care.messages import queries as outbox
from care.people import access
from care.people import actions as people
from care.safeguarding import actions as guarding
from care.safety.models import Level
from care.safety.screening import screen
from care.services import Services
from kit import clock, tokens
from kit.accounts import actions as accounts
from kit.accounts import queries as staff_reading
from kit.accounts.models import Staff
from kit.errors import NotAllowed, NotFound

STAFF_LINK = "s_"
CONSOLE_LINK_LASTS = timedelta(minutes=10)
LATELY = timedelta(hours=1)


def respond(services: Services, incoming: Incoming) -> bool:
    """False, with nothing done, when this address belongs to no staff member: then a parent writes."""
    with services.database.transaction() as session:
        staff = _who(session, incoming)
        if staff is None:
            return False
        _answer(Desk(services, session, incoming, staff))
        inbox.finish(session, incoming.update)
        return True


def _who(session: Session, incoming: Incoming) -> Staff | None:
    if incoming.command == "start" and incoming.argument.startswith(STAFF_LINK):
        try:
            with session.begin_nested():
                return accounts.link_telegram(session, incoming.argument.removeprefix(STAFF_LINK), address=incoming.address)
        except tokens.TokenInvalid:
            pass  # an old link of somebody linked already does no harm; of anybody else it opens nothing
    return staff_reading.by_telegram(session, incoming.address)


def _answer(desk: Desk) -> None:
    try:
        with desk.session.begin_nested():
            _route(desk)
    except AlreadyTaken as error:
        desk.say("already_taken", name=error.facts["name"], unsent=bool(desk.incoming.text))
    except TooLateToUndo:
        desk.say("too_late_to_undo")
    except (NotHeld, MoveNotOpen):
        desk.say("not_held")
    except OutcomeMissing:
        desk.say("outcome_length")
    except ReplyTooLong as error:
        desk.say("reply_too_long", most=error.facts["most"], over=error.facts["over"])
    except EmptyReply:
        desk.say("reply_length")
    except (NotFound, NotAllowed, ValueError, TypeError, sa.exc.DataError):  # the last: a number that no row can have
        desk.say("staff_stale")


def _route(desk: Desk) -> None:
    incoming = desk.incoming
    if incoming.press:
        verb, *arguments = incoming.press.split(":")
        _PRESSES[verb](desk, *arguments) if verb in _PRESSES else desk.say("staff_stale")
    elif incoming.command:
        _COMMANDS.get(incoming.command, _help)(desk)
    elif incoming.edited:
        if not _dangerous(desk):
            desk.say("staff_edited")
    elif not incoming.text or incoming.media or incoming.unsupported:
        desk.say("staff_words_only")
    else:
        _words(desk)


def _words(desk: Desk) -> None:
    """A reply to a card goes to that family, named, and can be taken back for a minute; of anything else we ask whose it is."""
    if _dangerous(desk):
        return
    replied = outbox.by_remote(desk.session, address=desk.incoming.address, remote_id=desk.incoming.reply_to)
    if desk.incoming.reply_to and (replied is None or replied.case_id is None):
        desk.say("reply_to_no_card")
    elif replied and replied.kind == "ask_outcome_words" and replied.case_id:
        closing.close_with(desk, replied.case_id, outcome=Outcome(replied.facts["outcome"]), words=desk.incoming.text)
    elif replied and replied.case_id:
        _send(desk, replied.case_id, text=desk.incoming.text)
    else:
        _ask_to_whom(desk)


def _dangerous(desk: Desk) -> bool:
    """Staff are parents too: danger in words that are no reply to a card gets the number first."""
    if desk.incoming.reply_to:
        return False
    said = screen(desk.incoming.text)
    if said.level is not Level.EMERGENCY:
        return False
    desk.say("emergency", nobody=False, **danger.line_facts(said))
    return True


def _ask_to_whom(desk: Desk) -> None:
    """Also with one family only: it may have been said to somebody else altogether."""
    held = [case for case in reading.held_by(desk.session, desk.staff) if _under_way(case)]
    if not held:
        desk.say("no_open_case")
    else:
        desk.say("which_case", case_ids=[case.key for case in held[:8]], text=desk.incoming.text)


def _under_way(case: Case) -> bool:
    """Waiting for her, or answered within the hour: families she may be thinking of."""
    return case.state is CaseState.TAKEN or bool(case.answered_at and case.answered_at > clock.now() - LATELY)


def _send(desk: Desk, case_id: int, *, text: str) -> None:
    """In danger a minute is too long: there it goes at once."""
    case = access.case_for(desk.session, desk.staff, case_id, lock=True)
    if case.state is CaseState.OPEN:
        cases.take(desk.session, case, by=desk.staff)
    elif case.owner_id != desk.staff.key:
        _raise_taken(desk, case)
    hold = not case.first
    key = f"reply:{desk.incoming.key}"
    message = cases.answer(desk.session, case, by=desk.staff, text=text, key=key, hold=hold)
    if message:
        alias = desk.session.get_one(Caregiver, case.caregiver_id).alias
        kind = "reply_held" if hold else "reply_sent"
        desk.say(kind, case_id=case.key, alias=alias, text=text.strip(), message_id=message.number)


def _raise_taken(desk: Desk, case: Case) -> None:
    owner = desk.session.get(Staff, case.owner_id) if case.owner_id else None
    raise AlreadyTaken(name=owner.name if owner else "")


def _take(desk: Desk, case_id: str) -> None:
    access.require(desk.staff, access.Verb.ANSWER_CASES)
    case = access.case_for(desk.session, desk.staff, int(case_id), lock=True)
    cases.take(desk.session, case, by=desk.staff)
    desk.say("taken", case_id=case.key)


def _seen(desk: Desk, case_id: str) -> None:
    access.require(desk.staff, access.Verb.ANSWER_CASES)
    case = access.case_for(desk.session, desk.staff, int(case_id), lock=True)
    climbing.acknowledge(desk.session, case, by=desk.staff)
    desk.say("acknowledged", case_id=case.key)


def _put_back(desk: Desk, case_id: str) -> None:
    case = access.case_for(desk.session, desk.staff, int(case_id), lock=True)
    cases.hand_on(desk.session, case, by=desk.staff, to=None)
    settings = desk.services.settings
    addresses, last = len(settings.duty_addresses), bool(settings.duty_last)
    duty.offer_again(desk.session, case, hours=desk.services.hours, addresses=addresses, last=last)
    desk.say("put_back", case_id=case.key)


def _look(desk: Desk, case_id: str, why: str) -> None:
    """The words of a protected case, once she has said by this tap why she reads them."""
    access.require(desk.staff, access.Verb.ANSWER_CASES)
    if why not in _WHY:
        raise NotFound
    case = access.case_for(desk.session, desk.staff, int(case_id))
    guarding.look(desk.session, case, by=desk.staff, reason=_WHY[why])
    desk.say("case_card", case_id=case.key)


def _to_case(desk: Desk, case_id: str) -> None:
    """The words stand in the facts of the message whose button was pressed."""
    asked = outbox.by_remote(desk.session, address=desk.incoming.address, remote_id=desk.incoming.reply_to)
    if asked is None or asked.kind != "which_case" or int(case_id) not in asked.facts["case_ids"]:
        raise NotFound
    _send(desk, int(case_id), text=asked.facts["text"])


def _drop(desk: Desk) -> None:
    desk.say("not_sent")


def _undo(desk: Desk, message_id: str) -> None:
    case = cases.undo_answer(desk.session, int(message_id), by=desk.staff)
    desk.say("undone", case_id=case.key)


def _on(desk: Desk) -> None:
    people.come_on_duty(desk.session, desk.staff)
    desk.say("on_duty")
    if access.may(desk.staff, access.Verb.SEE_CASES):
        _listed(desk)


def _off(desk: Desk, sure: str = "") -> None:
    """With a danger in her hands she is asked first; if she goes all the same, whoever is on duty is called."""
    session, hours, settings = desk.session, desk.services.hours, desk.services.settings
    held = holding.held(session, desk.staff)
    if held and sure != "yes":
        alone = not holding.others_there(session, desk.staff, hours=hours)
        desk.say("off_with_danger", case_ids=[case.key for case in held], alone=alone)
        return
    people.go_off_duty(session, desk.staff)
    addresses, last = len(settings.duty_addresses), bool(settings.duty_last)
    paged = holding.leave(session, desk.staff, hours=hours, addresses=addresses, last=last)
    desk.say("off_duty", paged=paged)


def _console(desk: Desk) -> None:
    token = tokens.issue(desk.session, tokens.TokenPurpose.CONSOLE_LINK, subject_id=desk.staff.key, lasts=CONSOLE_LINK_LASTS)
    desk.say("console_link", token=token)


def _listed(desk: Desk) -> None:
    access.require(desk.staff, access.Verb.SEE_CASES)
    shown = reading.listed(
        desk.session, access.visible_to(desk.session, desk.staff), states=(CaseState.OPEN, CaseState.TAKEN), limit=10
    )
    desk.say("case_list", case_ids=[case.key for case in shown])


def _card(desk: Desk, case_id: str) -> None:
    case = access.case_for(desk.session, desk.staff, int(case_id))
    desk.say("case_card", case_id=case.key)


def _start(desk: Desk) -> None:
    desk.say("staff_welcome", name=desk.staff.name)


def _help(desk: Desk) -> None:
    desk.say("staff_help")


_WHY = {"duty": "值班接到", "mine": "我在负责"}
"""Reasons that stand on a button; on the console she writes her own."""

_PRESSES: dict[str, Callable[..., None]] = {
    "take": _take,
    "seen": _seen,
    "back": _put_back,
    "close": closing.close,
    "ended": closing.ended,
    "look": _look,
    "to": _to_case,
    "drop": _drop,
    "undo": _undo,
    "card": _card,
    "cases": _listed,
    "console": _console,
    "on": _on,
    "off": _off,
}
_COMMANDS: dict[str, Callable[[Desk], None]] = {
    "start": _start,
    "cases": _listed,
    "console": _console,
    "on": _on,
    "off": _off,
    "help": _help,
}
