"""A parent's event: danger first, then buttons, commands, the open flow, and else it is a question."""

from bot.dialogue import (
    ages,
    asking,
    calling,
    childlike,
    commands,
    danger,
    flows,
    following,
    homework,
    ongoing,
    placing,
    presses,
    privacy,
    whose,
)
from bot.dialogue.events import Incoming
from bot.dialogue.turn import Turn, open_turn
from care.families import sharing
from care.messages import actions as messages
from care.messages import queries as reading
from care.questions import queries as questions
from care.questions.understanding import screen_message
from care.safety.models import Level, Screened
from care.safety.screening import unreadable
from care.services import Services


def respond(services: Services, incoming: Incoming) -> None:
    with services.database.transaction() as session:
        turn = open_turn(services, session, incoming)
        said = _screened(turn)
        _keep(turn)
        if not _answered_at_once(turn, said):
            turn.asked = asking.record(turn, said)
        elif turn.asked:
            said = asking.taken_up(turn, turn.asked)
        if turn.asked is None:
            turn.finish()
            return
    asking.think_and_settle(services, incoming, said, turn.asked)


def _screened(turn: Turn) -> Screened:
    """Nothing looks at her words before this has."""
    if turn.incoming.media:
        return unreadable(turn.incoming.text)
    text = turn.incoming.text
    before = questions.before(turn.session, turn.who) if text else None
    known = sorted(whose.ages(turn.session, turn.who, text)) if text else []
    if len(known) > 1:  # of several children it may be the youngest
        said = [screen_message(text, age_months=age, before=before) for age in known]
        return min(said, key=lambda one: tuple(Level).index(one.level))
    return screen_message(text, age_months=known[0] if known else ages.known(turn), before=before)


def _keep(turn: Turn) -> None:
    incoming = turn.incoming
    if incoming.text or incoming.media:
        facts = {"text": incoming.text, "media": incoming.media.kind if incoming.media else ""}
        messages.keep_words(
            turn.session, turn.who, channel=incoming.channel, key=f"{incoming.key}:said", facts=facts,
            address=incoming.address, remote_id=incoming.said_as,
        )  # fmt: skip


def _meant_for_staff(turn: Turn) -> bool:
    """A reply to a card, or a press under one, of somebody whose account has ended since."""
    incoming = turn.incoming
    answered = (
        reading.by_remote(turn.session, address=incoming.address, remote_id=incoming.reply_to) if incoming.reply_to else None
    )
    return answered is not None and answered.staff_id is not None


def _corrected(turn: Turn, said: Screened) -> None:
    """Her question was answered already, or is being answered: a second answer to nearly the same words would only confuse. Once
    for a message, and only where its words were changed, she is told so.
    """
    incoming = turn.incoming
    if not reading.said_before(turn.session, turn.who, text=said.text, remote_id=incoming.said_as, but=f"{incoming.key}:said"):
        turn.say("edited", key=f"edited:{incoming.channel}:{incoming.address}:{incoming.said_as}")


def _answered_at_once(turn: Turn, said: Screened) -> bool:
    """Everything that needs no search. The order is the order of what matters."""
    incoming = turn.incoming
    if homework.take_media(turn, said):
        return True
    if said.level is not Level.NORMAL:
        danger.answer(turn, said)
    elif _meant_for_staff(turn):
        turn.say("staff_revoked")
    elif incoming.over_until:
        until = incoming.over_until.isoformat()
        turn.say("over_budget", key=f"over-budget:{turn.who.key}:{until}", until=until)
    elif incoming.edited:
        _corrected(turn, said)
    elif calling.take(turn, said) or childlike.take(turn, said):
        return True
    elif incoming.press:
        presses.answer(turn, incoming.press)
    elif incoming.command:
        commands.answer(turn)
    elif incoming.unsupported and not said.text:
        if not homework.take_unusable(turn):
            turn.say("not_understood", what=incoming.unsupported)
    elif not any(character.isalnum() for character in said.text):
        turn.say("nothing_said")
    elif asking.about_the_danger(turn, said) or ongoing.take(turn, said) or following.take(turn, said):
        return True
    elif code := sharing.looks_like_code(said.text):
        privacy.join(turn, code)
    else:
        return _talked(turn, said)
    return True


def _talked(turn: Turn, said: Screened) -> bool:
    """Words that belong to a form or are mere talk; all others are a question."""
    taken = (
        asking.small_talk(turn, said)
        or placing.told(turn, said)
        or flows.take_words(turn, said)
        or homework.take_words(turn, said)
    )
    return taken or asking.aside(turn, said)
