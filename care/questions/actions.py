"""Verbs on questions: record one, settle it, keep what the parent says of the answer. They take a Session and never commit."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from care.families import queries as families
from care.families.models import Caregiver
from care.privacy import queries as consents
from care.privacy.models import ConsentPurpose
from care.questions.considering import Considered, Found
from care.questions.models import Feedback, Outcome, Question, Why
from care.safety.models import Level, Screened
from kit import clock
from kit.errors import NotFound


def record(session: Session, who: Caregiver, *, update_key: str, said: Screened, lang: str) -> Question:
    """The question of this update; asking again with the same `update_key` gives the same row."""
    query = select(Question).where(Question.update_key == update_key)
    known = session.exec(query).one_or_none()
    if known:
        return known
    child = families.current_child(session, who)
    question = Question(
        update_key=update_key,
        caregiver_id=who.key,
        child_id=child.key if child else None,
        text=said.text,
        lang=lang,
        age_months=child.corrected_months(clock.today()) if child else None,
        level=said.level.value,
        category=said.category.value,
        outcome=Outcome.EMERGENCY if said.level is Level.EMERGENCY else Outcome.ASKED,
        asked_at=clock.now(),
    )
    session.add(question)
    session.flush()
    return question


def settle(session: Session, question: Question, considered: Considered) -> None:
    """Note what was decided, from which edition and with which passage revisions."""
    question.outcome = considered.outcome
    question.confidence = considered.confidence
    question.edition_number = considered.edition
    question.shown = [
        {"slug": found.held.content.slug, "revision_id": found.held.revision_id, "score": round(found.score, 4)}
        for found in _offered(considered)
    ]
    question.settled_at = clock.now()
    session.add(question)
    session.flush()


def offered(question: Question, considered: Considered) -> list[int]:
    """The revisions she may choose between, best first. `question` must be settled."""
    shown = {row["slug"]: row["revision_id"] for row in question.shown}
    return [shown[slug] for slug in considered.choices if slug in shown]


def _offered(considered: Considered) -> list[Found]:
    """The five nearest, and whatever else she may choose from."""
    return [found for place, found in enumerate(considered.found) if place < 5 or found.held.content.slug in considered.choices]


def give_feedback(session: Session, who: Caregiver, *, question_id: int | None, revision_id: int, helped: bool) -> Feedback:
    """Of one revision she was shown; a second press changes the first. Raises NotFound for another family's question."""
    if question_id is not None:
        own(session, who, question_id)
    said = {"helped": helped, "why": None, "words": "", "at": clock.now()}
    subject = {"caregiver_id": who.key, "question_id": question_id, "revision_id": revision_id}
    statement = insert(Feedback).values(**subject, **said).on_conflict_do_update(index_elements=list(subject), set_=said)
    stored = session.execute(statement.returning(col(Feedback.id))).scalar_one()
    return session.get_one(Feedback, stored, populate_existing=True)


def say_why(session: Session, who: Caregiver, *, feedback_id: int, why: Why | None, said: Screened | None = None) -> None:
    """The reason of a «did not help», by button or in her words."""
    feedback = session.get(Feedback, feedback_id)
    if feedback is None or feedback.caregiver_id != who.key:
        raise NotFound("no such feedback of hers")
    feedback.why = why or Why.OTHER
    if said and not consents.refuses(session, who, ConsentPurpose.IMPROVING):
        feedback.words = said.text[:500]
    session.add(feedback)


def own(session: Session, who: Caregiver, question_id: int) -> Question:
    """Her question. Raises NotFound for another family's."""
    question = session.get(Question, question_id)
    if question is None or question.caregiver_id != who.key:
        raise NotFound("no such question of hers")
    return question
