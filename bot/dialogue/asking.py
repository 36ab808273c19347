"""The story of a question: recorded, searched outside any transaction, settled with its reply in one commit."""

import structlog

from bot.dialogue import ages, browsing, flows, handing, homework, ongoing, privacy
from bot.dialogue.events import Incoming
from bot.dialogue.hearing import Heard, heard
from bot.dialogue.turn import Turn, open_turn
from care.cases.models import CaseKind
from care.editions.errors import NoEdition
from care.families import queries as families
from care.questions import actions as questions
from care.questions.considering import Considered, consider
from care.questions.models import Outcome, Question
from care.safety.models import Screened
from care.services import Services
from care.text import lang_of
from knowledge.content import Lang

_log = structlog.get_logger(__name__)


def small_talk(turn: Turn, said: Screened) -> bool:
    """A greeting, a thank-you, a question about ourselves is answered as one, not searched for."""
    match heard(said.text):
        case Heard.GREETING | Heard.WHO_ARE_YOU:
            turn.say("welcome")
        case Heard.PRICE:
            turn.say("free_of_charge")
        case Heard.THANKS:
            turn.say("you_are_welcome")
        case Heard.PERSON if not flows.is_open(turn, "person"):
            flows.begin(turn, "person", "words")
        case Heard.OWN_DATA:
            privacy.panel(turn)
        case _:
            return False
    return True


def aside(turn: Turn, said: Screened) -> bool:
    """What no form was waiting for and no search can answer: a complaint, good news, an age. A person she talks with gets it first."""
    what, months = heard(said.text), ages.stated(said.text)
    told = what in (Heard.COMPLAINT, Heard.JOY) or months is not None
    if not told:
        return False
    if ongoing.goes_on(turn, said):
        return True
    if what is Heard.COMPLAINT:
        turn.say("sorry_no_help")
    elif what is Heard.JOY:
        turn.say("glad_of_news")
    elif families.children(turn.session, turn.who):
        browsing.children(turn)
    else:
        turn.say("age_told", age_months=months, kept=ages.lately(turn) is not None)
    return True


def record(turn: Turn, said: Screened) -> int:
    """The id of the question, the same for a repeated delivery."""
    question = questions.record(turn.session, turn.who, update_key=turn.incoming.key, said=said, lang=turn.who.lang)
    if question.age_months is None:
        question.age_months = ages.known(turn)
        turn.session.add(question)
    return question.key


def think_and_settle(services: Services, incoming: Incoming, said: Screened, question_id: int) -> None:
    with services.database.transaction() as session:
        question = session.get_one(Question, question_id)
        lang, age = lang_of(said.text, otherwise=question.lang), question.age_months
    considered = _consider(services, said, lang=lang, age_months=age)
    with services.database.transaction() as session:
        turn = open_turn(services, session, incoming)
        question = session.get_one(Question, question_id)
        if considered is None:
            handing.hand_over(turn, said, kind=CaseKind.NO_ANSWER)
            flows.ask_place_once(turn)
        else:
            questions.settle(session, question, considered)
            _reply(turn, said, question, considered)
        flows.ask_again(turn)
        homework.ask_again(turn)
        turn.finish()


def _consider(services: Services, said: Screened, *, lang: Lang, age_months: int | None) -> Considered | None:
    """None when there is no edition to answer from, or it cannot be searched: then a person answers."""
    try:
        return consider(said, services.library.current(), lang=lang, age_months=age_months)
    except NoEdition:
        return None
    except Exception as error:  # a model that cannot be read, memory that is out: no parent must wait for its repair
        _log.error("question_not_searched", error=type(error).__name__)
        return None


def _reply(turn: Turn, said: Screened, question: Question, considered: Considered) -> None:
    if considered.outcome is not Outcome.ANSWER and ongoing.goes_on(turn, said):
        return
    match considered.outcome:
        case Outcome.ANSWER:
            held = considered.best.held
            turn.say("answer", question_id=question.key, revision_id=held.revision_id, reviewed=held.reviewed)
            flows.ask_child_once(turn)
            privacy.ask_consent_once(turn)
        case Outcome.CHOOSE:
            turn.say("choices", question_id=question.key, revision_ids=_revisions(question, considered.choices))
        case Outcome.DECLINE:
            turn.say("decline", question_id=question.key)
        case _:
            nearest = [found.held.content.slug for found in considered.found[:3]]
            topic = considered.best.held.content.topics[0] if considered.found else ""
            handing.hand_over(turn, said, kind=CaseKind.NO_ANSWER, topic=topic, nearest=nearest)
            flows.ask_place_once(turn)


def _revisions(question: Question, slugs: tuple[str, ...]) -> list[int]:
    shown = {row["slug"]: row["revision_id"] for row in question.shown}
    return [shown[slug] for slug in slugs if slug in shown]
