"""Reads on questions: which one stood just before a message."""

from datetime import timedelta

from sqlmodel import Session, col, select

from care.families import queries as families
from care.families.models import Caregiver
from care.messages import queries as messages
from care.questions import followups
from care.questions.followups import Form
from care.questions.models import Outcome, Question
from care.questions.understanding import Before
from kit import clock

LASTS = timedelta(minutes=15)
"""So long a message may go on from the question before it."""
_FARTHEST = 4
_ANSWERED = (Outcome.ANSWER, Outcome.CHOOSE)
_DANGER = frozenset({"emergency", "urgent", "unreadable", "child_here"})


def before(session: Session, who: Caregiver, *, question: Question | None = None) -> Before | None:
    """The question that a message of now goes on from, or that `question` went on from: of the same child, lately, and nothing
    of danger between. One that was itself short for an earlier one ("那晚上呢") stands for that one.
    """
    asked = _lately(session, who, question)
    if not asked or asked[0].child_id not in (None, _child_id(session, who, question)):
        return None
    since = messages.about_cases_since(session, who, since=asked[0].asked_at)
    if since & _DANGER:
        return None
    newest = asked[0]
    shown = newest.shown[0]["slug"] if newest.outcome in _ANSWERED and newest.shown and not since else ""
    return Before(text=_named(asked).text, shown=shown, handed=newest.outcome is Outcome.RELAY)


def in_context(session: Session, who: Caregiver, question: Question) -> str:
    """The words of a question as a person needs them: with the question before, where they say too little alone."""
    if followups.form_of(question.text) in (Form.NONE, Form.SHORT):
        return question.text
    earlier = before(session, who, question=question)
    return followups.joined(earlier.text, question.text) if earlier else question.text


def _lately(session: Session, who: Caregiver, question: Question | None) -> list[Question]:
    """Newest first; only as far as each came soon after the one before, and none whose words were not kept."""
    until = question.asked_at if question else clock.now()
    query = select(Question).where(Question.caregiver_id == who.key, col(Question.asked_at) <= until)
    if question:
        query = query.where(col(Question.id) < question.key)
    found: list[Question] = []
    for one in session.exec(query.order_by(col(Question.id).desc()).limit(_FARTHEST)):
        if until - one.asked_at > LASTS or not one.text or one.outcome is Outcome.EMERGENCY:
            break
        found.append(one)
        until = one.asked_at
    return found


def _named(asked: list[Question]) -> Question:
    """The newest that says by itself what it is about."""
    return next((one for one in asked if followups.form_of(one.text) in (Form.NONE, Form.SHORT)), asked[-1])


def _child_id(session: Session, who: Caregiver, question: Question | None) -> int | None:
    if question:
        return question.child_id
    child = families.current_child(session, who)
    return child.key if child else None
