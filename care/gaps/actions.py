"""Verbs on gaps: begin a draft from questions, and tell their families once it is published. They take a Session and never commit."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from care.families.models import Caregiver
from care.gaps import asked
from care.gaps.asked import Asked
from care.gaps.errors import BegunAlready
from care.gaps.models import GapQuestion
from care.messages import actions as messages
from care.messages.models import Message
from care.privacy import queries as consents
from care.privacy.models import ConsentPurpose
from care.questions.models import Feedback, Question
from kit import audit, clock
from knowledge import drafts, writing
from knowledge.drafts import Draft, DraftWording
from knowledge.editions.models import Edition, EditionEntry
from knowledge.models import Revision

MOST_QUESTIONS = 12
AT_A_TIME = 50
_ONE_AT_A_TIME = 7_201_126


def begin(session: Session, question_ids: Sequence[int], *, by: int) -> Revision:
    """A draft with these questions in it, masked; when it is published, their families are told. Raises BegunAlready."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    found = asked.unanswered(session, only=question_ids)
    if not found:
        raise BegunAlready
    made = writing.write_new(session, _draft(found), by=by)
    rows = [
        {"passage_id": made.passage_id, "question_id": one.question_id, "caregiver_id": one.caregiver_id, "at": clock.now()}
        for one in found
    ]
    session.execute(insert(GapQuestion).values(rows))
    audit.record(session, "begin_from_questions", thing="passage", thing_id=made.passage_id, staff_id=by, questions=len(rows))
    return made


def _draft(found: Sequence[Asked]) -> Draft:
    """The questions as its families would ask; for the ages of those who asked."""
    lines = {lang: tuple(dict.fromkeys(one.text for one in found if one.lang == lang)) for lang in ("zh", "en")}
    zh, en = (
        DraftWording(questions=tuple(line for line in lines[lang] if len(line) <= drafts.LONGEST_LINE)[:MOST_QUESTIONS])
        for lang in ("zh", "en")
    )
    ages = [one.age_months for one in found if one.age_months is not None]
    return Draft(zh=zh, en=en, age_months=(min(ages), max(ages) + 1) if ages else (None, None))


def due(session: Session, live: Edition | None) -> None:
    """Once the live edition holds a passage that was begun from questions, tell those who are still without an answer."""
    if live is None:
        return
    query = select(GapQuestion, EditionEntry.revision_id).join(Revision, col(Revision.passage_id) == col(GapQuestion.passage_id))
    query = query.join(EditionEntry, col(EditionEntry.revision_id) == col(Revision.id))
    query = query.where(EditionEntry.edition_number == live.key, col(GapQuestion.settled_at).is_(None))
    query = query.order_by(col(GapQuestion.id)).limit(AT_A_TIME).with_for_update(skip_locked=True, of=GapQuestion)
    for row, revision_id in session.exec(query).all():
        who, question = session.get_one(Caregiver, row.caregiver_id), session.get_one(Question, row.question_id)
        if _waits_still(session, who, question):
            key, facts = f"gap:{row.passage_id}:{who.key}", {"revision_id": revision_id, "question_id": question.key}
            messages.tell(session, who, kind="now_answered", key=key, facts=facts)
        row.settled_at = clock.now()
        session.add(row)


def _waits_still(session: Session, who: Caregiver, question: Question) -> bool:
    """Not when a person has written to her since, or something helped, or she cleared it away, or wants nothing kept."""
    if who.forgotten_at is not None and who.seen_at <= who.forgotten_at:
        return False
    if consents.refuses(session, who, ConsentPurpose.ANSWERING) or consents.refuses(session, who, ConsentPurpose.IMPROVING):
        return False
    mine = select(Message.id).where(Message.caregiver_id == who.key)
    replied = mine.where(Message.kind == "case_reply", col(Message.created_at) > question.asked_at)
    cleared = mine.where(col(Message.cleared_at) > question.asked_at)
    helped = select(Feedback.id).where(Feedback.question_id == question.key, col(Feedback.helped).is_(True))
    return not any(session.exec(one.limit(1)).first() is not None for one in (replied, cleared, helped))
