"""What an edition would change for parents: their last questions asked of it and of the live one, before it is published.

Kept are the numbers of the questions and what came first, never their words: a family that is forgotten leaves nothing here.
"""

import time
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel import Session, col

from care.editions import actions, bundles
from care.editions.bundles import OpenEdition
from care.gaps.asked import consenting
from care.questions.considering import consider
from care.questions.models import Outcome, Question
from care.recalls import queries as recalls
from care.safety import screen
from care.safety.models import Level, Screened
from care.services import Services
from care.text import lang_of
from index.remembering import RememberingEncoder
from kit import clock
from kit.errors import NotFound
from knowledge.editions import freezing
from knowledge.editions.models import Edition

MOST = 5000
LONGEST_S = 300.0
"""Then it stops with what it has. Five thousand questions take two minutes on one core; half of that is screening them for danger."""
_TELL_EVERY_S = 1.0
_GIVEN = (Outcome.ANSWER, Outcome.CHOOSE)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Given(_Frozen):
    """What an edition gives to a question: the slug of the first passage, empty where a person has to answer."""

    slug: str = ""
    zh: str = ""
    en: str = ""
    """Titles."""
    sure: bool = False


class Effect(_Frozen):
    question_id: int
    before: Given
    now: Given

    @property
    def lost(self) -> bool:
        return bool(self.before.slug) and not self.now.slug

    @property
    def won(self) -> bool:
        return bool(self.now.slug) and not self.before.slug


class Impact(_Frozen):
    """`questions` are all that there were, `asked` those for which there was time; `done` is False while it goes on."""

    number: int
    against: int
    at: datetime
    questions: int
    asked: int = 0
    effects: tuple[Effect, ...] = ()
    done: bool = False

    @classmethod
    def waiting(cls, number: int, *, against: int) -> "Impact":
        """Asked for, and nobody has begun yet."""
        return cls(number=number, against=against, at=clock.now(), questions=MOST)

    @property
    def lost(self) -> tuple[Effect, ...]:
        return tuple(one for one in self.effects if one.lost)

    @property
    def won(self) -> tuple[Effect, ...]:
        return tuple(one for one in self.effects if one.won)

    @property
    def other(self) -> tuple[Effect, ...]:
        return tuple(one for one in self.effects if not one.lost and not one.won)

    @property
    def share(self) -> int:
        """Of the way, in percent."""
        return round(100 * self.asked / self.questions) if self.questions else 100


def preview(services: Services, number: int) -> Impact | None:
    """Ask the last questions of both and keep what differs; None where nothing is live. Raises UnknownEdition or NotBuilt."""
    with services.database.transaction() as session:
        edition = actions.publishable(session, number, allow_unreviewed=True)
        live = freezing.published(session)
        questions = _last(session)
        wrong = recalls.withheld(session)
    if live is None:
        return None
    encoder = RememberingEncoder(services.library.encoder, folder=services.library.cache)  # never kept: these are families' words
    now, before = (
        bundles.read(services.library.folder_of(one, services.blobs), encoder).withholding(wrong) for one in (edition, live)
    )
    found = Impact(number=number, against=live.key, at=clock.now(), questions=len(questions))
    note(services, found)
    effects: list[Effect] = []
    began = told = time.monotonic()
    for asked, one in enumerate(questions, start=1):
        effects += _effect(one, before, now)
        moment = time.monotonic()
        if moment - told > _TELL_EVERY_S:
            told = moment
            note(services, found.model_copy(update={"asked": asked}))
        if moment - began > LONGEST_S:
            break
    found = found.model_copy(update={"asked": asked if questions else 0, "effects": tuple(effects), "done": True})
    note(services, found)
    return found


def note(services: Services, found: Impact) -> None:
    """Keep how far it is, so that the page shows it."""
    services.blobs.put(_place(found.number), found.model_dump_json().encode())


def kept(services: Services, edition: Edition, live: Edition | None) -> Impact | None:
    """What was found last, if it was found beside the edition that is live now."""
    try:
        found = Impact.model_validate_json(services.blobs.get(_place(edition.key)))
    except (NotFound, FileNotFoundError, ValidationError):
        return None
    return found if live and found.against == live.key else None


def _last(session: Session) -> list[Question]:
    return list(session.exec(consenting().order_by(col(Question.id).desc()).limit(MOST)).all())


def _effect(question: Question, before: OpenEdition, now: OpenEdition) -> list[Effect]:
    """Nothing where both say the same, and nothing of danger."""
    said = screen(question.text, age_months=question.age_months)
    if said.level is not Level.NORMAL:
        return []
    first, second = _given(said, question, before), _given(said, question, now)
    if first.slug == second.slug:
        return []
    return [Effect(question_id=question.key, before=first, now=second)]


def _given(said: Screened, question: Question, edition: OpenEdition) -> Given:
    lang = lang_of(question.text, otherwise=question.lang)
    considered = consider(said, edition, lang=lang, age_months=question.age_months)
    if considered.outcome not in _GIVEN or not considered.found:
        return Given()
    content = considered.best.held.content
    sure = considered.outcome is Outcome.ANSWER
    return Given(slug=content.slug, zh=content.zh.title, en=content.en.title, sure=sure)


def _place(number: int) -> str:
    return f"editions/{number}-impact.json"
