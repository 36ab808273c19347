"""Which of her children a message is about: named in it, chosen in this talk, or asked for where the answer turns on it."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from bot.dialogue import flows
from bot.dialogue.models import Dialog
from bot.dialogue.turn import Turn
from care.families import queries as families
from care.families.models import Caregiver, Child
from care.messages import queries as messages
from care.privacy import queries as consents
from care.privacy.models import ConsentPurpose
from care.questions.models import Question
from care.safety.models import Screened
from index.ages import age_in
from index.text import guess_lang, regular
from kit import clock

FLOW, STEP = "whose", "child"
TALK = timedelta(hours=3)
"""So long a choice is remembered."""
_BIG = re.compile(r"老大|大的|大娃|大宝|\b(?:older|elder|big) (?:one|child|kid)\b|\bmy (?:oldest|eldest)\b", re.IGNORECASE)
_SMALL = re.compile(
    r"老二|小的|小娃|二娃|二宝|幺儿|\b(?:younger|little|small) (?:one|child|kid)\b|\bmy youngest\b", re.IGNORECASE
)


def spoken_of(session: Session, who: Caregiver, text: str) -> Sequence[Child]:
    """One where it is known, else all that it may be; none where she said that it is neither of them."""
    known = families.children(session, who)
    if len(known) < 2:
        return known
    meant = _named(known, text)
    if meant:
        return [meant]
    if _open(session, who) or not _settled(session, who):
        return known
    return [child for child in known if child.key == who.current_child_id]


def nameless(known: Sequence[Child], text: str) -> str:
    """Her words as they are searched for: no passage knows the nickname of her child."""
    child = "孩子" if guess_lang(text) == "zh" else "my child"
    for name in sorted((one.nickname for one in known if len(one.nickname) > 1), key=len, reverse=True):
        text = re.sub(re.escape(name), child, text, flags=re.IGNORECASE)
    return text


def ages(session: Session, who: Caregiver, text: str) -> set[int]:
    """In months, of the children that it may be about."""
    found = (child.corrected_months(clock.today()) for child in spoken_of(session, who, text))
    return {age for age in found if age is not None}


def note(turn: Turn, question: Question) -> None:
    """On the question, once she has several children: whose it is, as far as that is known."""
    known = families.children(turn.session, turn.who)
    if len(known) < 2:
        return
    meant = spoken_of(turn.session, turn.who, question.text)
    _set(turn, question, meant[0] if len(meant) == 1 else None)


def undecided(session: Session, who: Caregiver, question: Question) -> Sequence[Child]:
    """The children between whom she may be asked to choose; none when it is known, or was asked in this talk, or an age was told."""
    if question.child_id or consents.refuses(session, who, ConsentPurpose.ANSWERING) or _settled(session, who):
        return ()
    known = [child for child in spoken_of(session, who, question.text) if child.age_months(clock.today()) is not None]
    return known if len(known) > 1 and age_in(regular(question.text)) is None else ()


def ask(turn: Turn, question: Question, children: Sequence[Child]) -> bool:
    """True when she is asked now. Not in the middle of something else that she is asked."""
    dialog = flows.current(turn)
    if dialog is not None and not dialog.facts.get("passing"):
        return False
    flows.begin(turn, FLOW, STEP, question_id=question.key, child_ids=[child.key for child in children])
    return True


def answered(turn: Turn, question: Question) -> None:
    """Its question has been answered: nothing more is asked of whose it is."""
    dialog = flows.current(turn)
    if dialog and dialog.flow == FLOW and dialog.facts["question_id"] == question.key:
        flows.end(turn)


def _named(known: Sequence[Child], text: str) -> Child | None:
    named = [child for child in known if child.nickname and child.nickname.lower() in text.lower()]
    if named:
        return named[0] if len(named) == 1 else None
    born = sorted((child for child in known if child.birth_month), key=lambda child: child.birth_month or clock.today())
    big, small = _BIG.search(text), _SMALL.search(text)
    if len(born) != 2 or bool(big) == bool(small):
        return None
    return born[0] if big else born[1]


def _settled(session: Session, who: Caregiver) -> bool:
    """She chose a child in this talk, or was asked to."""
    since = clock.now() - TALK
    if messages.facts_since(session, who, kind="ask_whose_child", since=since):
        return True
    return any(facts.get("chosen") for facts in messages.facts_since(session, who, kind="child_saved", since=since))


def _open(session: Session, who: Caregiver) -> bool:
    dialog = session.get(Dialog, who.key)
    return dialog is not None and dialog.flow == FLOW


def _set(turn: Turn, question: Question, child: Child | None) -> None:
    question.child_id = child.key if child else None
    question.age_months = child.corrected_months(clock.today()) if child else None
    turn.session.add(question)


def _said(turn: Turn, dialog: Dialog, said: Screened) -> bool:
    meant = _named(families.children(turn.session, turn.who), said.text) if len(said.text) <= 12 else None
    return meant is not None and _pressed(turn, dialog, str(meant.key))


def _pressed(turn: Turn, dialog: Dialog, value: str) -> bool:
    child = next((one for one in families.children(turn.session, turn.who) if str(one.key) == value), None)
    if child is None:
        return False
    _go_on(turn, dialog, child)
    return True


def _skipped(turn: Turn, dialog: Dialog) -> None:
    _go_on(turn, dialog, None)


def _go_on(turn: Turn, dialog: Dialog, child: Child | None) -> None:
    """The dialog ends when the question is answered, so that a press that is delivered again still leads there."""
    turn.who.current_child_id = child.key if child else None
    turn.session.add(turn.who)
    question = turn.session.get(Question, dialog.facts["question_id"])
    if question is None or question.settled_at:
        flows.end(turn)
        turn.say("stale_button")
        return
    _set(turn, question, child)
    turn.asked = question.key


flows.STEPS[FLOW, STEP] = _said
flows.PRESSES[FLOW, STEP] = _pressed
flows.SKIPS[FLOW, STEP] = _skipped
