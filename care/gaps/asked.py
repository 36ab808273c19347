"""Questions of families who let their words be read for improving the answers: masked, and nothing of danger among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from care.families.models import Caregiver, CareOf, Child
from care.gaps.masking import masked
from care.gaps.models import GapQuestion
from care.places.models import Level, Place
from care.privacy import queries as consents
from care.privacy.models import ConsentPurpose
from care.questions.models import Feedback, Outcome, Question
from care.safety import screen
from care.safety.models import Level as Danger
from care.text import lang_of
from kit import clock
from knowledge.content import Lang

LATELY = timedelta(days=90)
MOST_ASKED = 500


class Lack(StrEnum):
    """Why a question counts as without a good answer."""

    RELAYED = "relayed"
    NOT_HELPED = "not_helped"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`text` is masked. `district` is empty where nobody knows it."""

    question_id: int
    caregiver_id: int
    text: str
    lang: Lang
    age_months: int | None
    district: str
    lack: Lack


def unanswered(session: Session, *, only: Sequence[int] | None = None) -> list[Asked]:
    """Those of the last months from which nobody writes yet, newest first; `only` among these questions."""
    disliked = sa.select(col(Feedback.question_id)).where(col(Feedback.helped).is_(False), col(Feedback.question_id).is_not(None))
    liked = sa.select(col(Feedback.question_id)).where(col(Feedback.helped).is_(True), col(Feedback.question_id).is_not(None))
    open_ones = sa.and_(col(Question.outcome).in_([Outcome.RELAY, Outcome.CHOOSE]), col(Question.id).not_in(liked))
    taken = sa.select(col(GapQuestion.question_id))
    query = consenting().where(sa.or_(open_ones, col(Question.id).in_(disliked)), col(Question.id).not_in(taken))
    query = query.where(col(Question.asked_at) >= clock.now() - LATELY)
    if only is not None:
        query = query.where(col(Question.id).in_(only))
    rows = session.exec(query.order_by(col(Question.id).desc()).limit(MOST_ASKED)).all()
    not_helped = set(session.exec(select(Feedback.question_id).where(col(Feedback.helped).is_(False))))
    return worded(session, rows, not_helped={key for key in not_helped if key})


def consenting() -> SelectOfScalar[Question]:
    """Questions whose words are still kept, of families who said yes to improving, with nothing of danger in them."""
    allowed = consents.who_allow(ConsentPurpose.IMPROVING)
    query = select(Question).where(Question.level == Danger.NORMAL.value, Question.text != "")
    return query.where(col(Question.caregiver_id).in_(allowed), Question.outcome != Outcome.EMERGENCY)


def worded(session: Session, rows: Sequence[Question], *, not_helped: Iterable[int] = ()) -> list[Asked]:
    """As editors may read them. Screened once more: the rules may have learned since, and a later word may have told more."""
    names, districts, disliked = _names(session, rows), _districts(session, rows), set(not_helped)
    return [
        Asked(
            question_id=row.key,
            caregiver_id=row.caregiver_id,
            text=masked(row.text, names=names.get(row.caregiver_id, ())),
            lang=lang_of(row.text, otherwise=row.lang),
            age_months=row.age_months,
            district=districts.get(row.caregiver_id, ""),
            lack=_lack(row, disliked),
        )
        for row in rows
        if screen(row.text, age_months=row.age_months).level is Danger.NORMAL
    ]


def _lack(row: Question, disliked: set[int]) -> Lack:
    if row.key in disliked:
        return Lack.NOT_HELPED
    return Lack.RELAYED if row.outcome is Outcome.RELAY else Lack.UNSURE


def _names(session: Session, rows: Sequence[Question]) -> dict[int, list[str]]:
    query = select(CareOf.caregiver_id, Child.nickname).join(Child, col(Child.id) == col(CareOf.child_id))
    found: dict[int, list[str]] = {}
    for who, name in session.exec(query.where(col(CareOf.caregiver_id).in_({row.caregiver_id for row in rows}))):
        found.setdefault(who, []).append(name)
    return found


def _districts(session: Session, rows: Sequence[Question]) -> dict[int, str]:
    """By caregiver, the name of the district she lives in."""
    query = select(Caregiver.id, Place.path).join(Place, col(Place.id) == col(Caregiver.place_id))
    paths = session.exec(query.where(col(Caregiver.id).in_({row.caregiver_id for row in rows}))).all()
    names = {str(one.key): one.name for one in session.exec(select(Place).where(Place.level == Level.DISTRICT))}
    found = {who: next((names[part] for part in path.split("/") if part in names), "") for who, path in paths}
    return {who: name for who, name in found.items() if who is not None}
