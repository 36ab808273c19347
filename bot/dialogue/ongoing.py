"""Talk with a person that is under way: what she says belongs to that case, and no passage takes its place."""

import re
from datetime import datetime, timedelta

from bot.dialogue import handing
from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases import queries as reading
from care.cases.models import Case, CaseKind, CaseState
from care.duty import calming
from care.messages import queries as messages
from care.safety.child_writing import TOPIC
from care.safety.models import Category, Screened
from kit import clock

DANGER_LASTS = timedelta(hours=2)
_WHO = r"(?:我家|我们|现在|刚|已经|娃儿?|宝宝|孩子|幺儿|孙[子女娃儿]*|他|她|都|又|是我|我|真的|老师)*"
_BYE = r"(?:了|谢谢你?们?|多谢|老师|哈|啊|啦|嘛|哦|吓死我|虚惊一场)*"
_CALM_EN = r"(?:(?:he|she|baby|the baby|everything|all)(?: is|s)? (?:now )?(?:fine|ok|okay|all right|awake)(?: now)?"
_OVER = re.compile(
    rf"(?:{_WHO}(?:没事|没得事|莫得事|不要紧|没什么事|好|醒|醒过来|缓过来|睡醒|看错|搞错|弄错|说着玩的|开玩笑的){_BYE})+"
    rf"|{_CALM_EN}|false alarm|just kidding)(?: thank you| thanks)?",
    re.IGNORECASE,
)
"""She says that it is over, and nothing else: in a message with one word more somebody may be dying. Nothing is called off by it;
she is only shown the way on."""
_ONLY_THANKS = re.compile(
    r"(?:好的?|嗯+|哦+|要得|晓得了?|知道了?|谢谢?了?|多谢|感谢|辛苦|ok|okay|thanks?|thank you|老师|[你您]们?|了|哈|啊|嘛|哦|[ ,，])+",
    re.IGNORECASE,
)
LONGEST_OVER = 24
TALK_LASTS = timedelta(hours=1)


def take(turn: Turn, said: Screened) -> bool:
    """True when she answers a message of a person, or a danger of hers is open: then her words go there and nowhere else."""
    replied = _replied_to(turn)
    case = replied or open_danger(turn)
    if case is None:
        return False
    if not replied and _may_be_brief(case) and _ONLY_THANKS.fullmatch(said.text.strip(" 。.!！,，~～")):
        turn.say("you_are_welcome")
        return True
    add(turn, case, said)
    return True


def _may_be_brief(case: Case) -> bool:
    """Not with who may say goodbye by it."""
    return case.category != Category.SELF_HARM and case.topic != TOPIC


def go_on_to_others(turn: Turn) -> None:
    """What she says next is answered as usual, whichever of her urgent cases are open; all of them stay open."""
    for case in reading.open_of(turn.session, turn.who):
        if case.first:
            calming.note_other(turn.session, case)


def goes_on(turn: Turn, said: Screened) -> bool:
    """True when a person wrote to her within the hour: words that no passage answers are meant for that person."""
    since = clock.now() - TALK_LASTS
    answered = [case for case in reading.open_of(turn.session, turn.who) if case.answered_at and case.answered_at > since]
    if not answered:
        return False
    add(turn, max(answered, key=lambda case: case.answered_at or since), said)
    return True


def waiting_since(turn: Turn) -> datetime:
    """Since when she has waited for a person; now where she waits for nobody."""
    waits = [case.opened_at for case in reading.open_of(turn.session, turn.who) if not case.answered_at and not case.first]
    return min(waits, default=clock.now())


def add_to_newest(turn: Turn, said: Screened) -> bool:
    """True when a case of hers is open, which it was then added to: she asks whether anybody has read it."""
    known = reading.open_of(turn.session, turn.who)
    if known:
        add(turn, max(known, key=lambda case: case.opened_at), said)
    return bool(known)


def open_danger(turn: Turn) -> Case | None:
    """Her newest danger or urgent case in which something was said lately, and not that it was no emergency."""
    since = clock.now() - DANGER_LASTS
    first = [case for case in reading.open_of(turn.session, turn.who) if case.first]
    lately = [case for case in first if reading.last_said(turn.session, case) > since]
    return next((case for case in lately if not calming.stands(turn.session, case)), None)


def child_writes(turn: Turn) -> bool:
    """A case of a child who writes alone is open: then no form is offered."""
    return any(case.topic == TOPIC for case in reading.open_of(turn.session, turn.who))


def add(turn: Turn, case: Case, said: Screened) -> None:
    cases.add_words(turn.session, case, said=said, media=turn.incoming.media)
    nobody = not handing.let_staff_know(turn, case, joined=True)
    at_once, over = case.kind is CaseKind.DANGER, _is_over(said.text)
    turn.say("heard", case_id=case.key, danger=case.first, child=case.topic == TOPIC, at_once=at_once, over=over, nobody=nobody)


def _is_over(text: str) -> bool:
    bare = re.sub(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])", "", re.sub(r"[^\w\s]", "", text))
    return len(bare) <= LONGEST_OVER and bool(_OVER.fullmatch(bare.strip()))


def _replied_to(turn: Turn) -> Case | None:
    if not turn.incoming.reply_to:
        return None
    message = messages.by_remote(turn.session, address=turn.incoming.address, remote_id=turn.incoming.reply_to)
    case = turn.session.get(Case, message.case_id) if message and message.case_id else None
    mine = case is not None and case.caregiver_id == turn.who.key and case.state is not CaseState.CLOSED
    return case if mine else None
