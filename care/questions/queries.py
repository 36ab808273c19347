"""Reads on questions: which one stood just before a message."""

from datetime import timedelta

from sqlmodel import Session, col, select

from care.cases.models import Case, CaseEntry, EntryKind
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
SAME_TALK = timedelta(hours=1)
"""So long before a case what she asked belongs to it."""
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


def asked_shortly_before(session: Session, case: Case) -> list[Question]:
    """What she asked the machine within `SAME_TALK` before the case was opened, of the same child, and what is not in the case itself.

    Only what is kept anyway: words that she does not want kept are not there to be found.
    """
    query = select(Question).where(
        Question.caregiver_id == case.caregiver_id,
        col(Question.asked_at) > case.opened_at - SAME_TALK,
        col(Question.asked_at) < case.opened_at,
        col(Question.outcome).in_([*_ANSWERED, Outcome.DECLINE]),
        Question.text != "",
    )
    said = session.exec(select(CaseEntry.text).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.PARENT)).all()
    found = session.exec(query.order_by(col(Question.id))).all()
    same = [one for one in found if one.child_id in (None, case.child_id)]
    return [one for one in same if not any(one.text in words for words in said)]


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
