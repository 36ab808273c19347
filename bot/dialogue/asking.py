"""The story of a question: recorded, searched outside any transaction, settled with its reply in one commit."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.dialogue import ages, browsing, danger, flows, handing, homework, ongoing, privacy, several, whose
from bot.dialogue.events import Incoming
from bot.dialogue.hearing import Heard, heard
from bot.dialogue.turn import Turn, open_turn
from care.cases.models import CaseKind
from care.editions.errors import NoEdition
from care.families import queries as families
from care.families.models import Caregiver, Child
from care.questions import actions as questions
from care.questions import queries as reading
from care.questions.considering import Considered
from care.questions.models import Outcome, Question
from care.questions.understanding import Before, Understood, screen_message, understand
from care.safety.models import Level, Screened
from care.services import Services
from care.text import lang_of
from kit import clock
from knowledge.content import Lang

_log = structlog.get_logger(__name__)


def about_the_danger(turn: Turn, said: Screened) -> bool:
    """What she says of an open danger that is no word for the person who holds it: it is none, she asks for other things, or for
    what she told to be deleted."""
    case = ongoing.open_danger(turn)
    what = heard(said.text) if case else None
    if case is None or turn.incoming.reply_to:
        return False
    match what:
        case Heard.NO_EMERGENCY if case.kind is CaseKind.DANGER:
            danger.not_emergency(turn, case)
        case Heard.NO_EMERGENCY | Heard.OTHER_THINGS:
            danger.asks_other(turn, case)
        case Heard.DELETE:
            privacy.forget(turn)
        case Heard.OWN_DATA:
            privacy.panel(turn)
        case _:
            return False
    return True


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
        case Heard.OFFICE_HOURS:
            turn.say("office_hours", by=turn.services.hours.promised(ongoing.waiting_since(turn)).isoformat())
        case Heard.DELETE:
            privacy.forget(turn)
        case Heard.RETURN_CODE:
            turn.say("about_return_code")
        case Heard.PHONE:
            turn.say("about_phone")
        case Heard.TELLING:
            turn.say("about_telling")
        case Heard.ITSELF:
            turn.say("about_itself")
        case Heard.MY_HOMEWORK if not flows.is_open(turn, "child") or families.children(turn.session, turn.who):
            homework.door(turn)
        case Heard.HOMEWORK:
            return homework.status(turn) or ongoing.add_to_newest(turn, said)
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
    whose.note(turn, question)
    if question.age_months is None and not families.children(turn.session, turn.who):
        question.age_months = ages.known(turn)
        turn.session.add(question)
    return question.key


def taken_up(turn: Turn, question_id: int) -> Screened:
    """Its words once more, now that it is known whose they are; where that makes them a danger, that is answered at once."""
    question = turn.session.get_one(Question, question_id)
    said = screen_message(question.text, age_months=question.age_months)
    if said.level is not Level.NORMAL:
        whose.answered(turn, question)
        danger.answer(turn, said)
        turn.asked = None
    return said


def think_and_settle(services: Services, incoming: Incoming, said: Screened, question_id: int) -> None:
    with services.database.transaction() as session:
        question = session.get_one(Question, question_id)
        lang, age = lang_of(said.text, otherwise=question.lang), question.age_months
        who = session.get_one(Caregiver, question.caregiver_id)
        before = reading.before(session, who, question=question)
        children = whose.undecided(session, who, question)
        asked = replace(said, text=whose.nameless(families.children(session, who), said.text))
    understood = _understand(services, asked, lang=lang, age_months=age, before=before)
    apart = bool(children) and _by_age(services, asked, lang=lang, children=children)
    with services.database.transaction() as session:
        turn = open_turn(services, session, incoming)
        question = session.get_one(Question, question_id)
        whose.answered(turn, question)
        if apart and whose.ask(turn, question, children):
            turn.finish()
            return
        if understood is None:
            handing.hand_over(turn, said, kind=CaseKind.NO_ANSWER)
            flows.ask_place_once(turn)
        elif len(understood.questions) > 1:
            if several.reply(turn, said, question, understood.questions):
                flows.ask_place_once(turn)
            _after_an_answer(turn)
        else:
            questions.settle(session, question, understood.first)
            _reply(turn, said, question, understood, before=before)
        flows.ask_again(turn)
        homework.ask_again(turn)
        turn.finish()


def _understand(
    services: Services, said: Screened, *, lang: Lang, age_months: int | None, before: Before | None
) -> Understood | None:
    """None when there is no edition to answer from, or it cannot be searched: then a person answers."""
    try:
        return understand(said, services.library.current(), lang=lang, age_months=age_months, before=before)
    except NoEdition:
        return None
    except Exception as error:  # a model that cannot be read, memory that is out: no parent must wait for its repair
        _log.error("question_not_searched", error=type(error).__name__)
        return None


def _by_age(services: Services, said: Screened, *, lang: Lang, children: Sequence[Child]) -> bool:
    """Whether one of her children would get another answer than another."""
    ages = {child.corrected_months(clock.today()) for child in children}
    found = [_understand(services, said, lang=lang, age_months=age, before=None) for age in sorted(age or 0 for age in ages)]
    told = {tuple((one.outcome, one.answer) for one in understood.questions) for understood in found if understood}
    return len(told) > 1


def _with_before(said: Screened, understood: Understood, before: Before | None) -> Screened:
    """What a person has to read where she goes on from what she asked before."""
    return replace(said, text=f"{before.text}\n{said.text}") if before and understood.goes_on else said


def _reply(turn: Turn, said: Screened, question: Question, understood: Understood, *, before: Before | None) -> None:
    considered = understood.first
    if considered.outcome is not Outcome.ANSWER and ongoing.goes_on(turn, said):
        return
    match considered.outcome:
        case Outcome.ANSWER:
            held = considered.best.held
            turn.say("answer", question_id=question.key, revision_id=held.revision_id, reviewed=held.reviewed)
            _after_an_answer(turn)
        case Outcome.CHOOSE:
            offered = questions.offered(question, considered)
            turn.say("choices", question_id=question.key, revision_ids=offered, again=understood.goes_on)
        case Outcome.DECLINE:
            turn.say("decline", question_id=question.key)
        case _:
            handed = understood.goes_on and before is not None and before.handed
            if not (handed and ongoing.add_to_newest(turn, said)):
                _hand_over(turn, _with_before(said, understood, before), considered)


def _hand_over(turn: Turn, said: Screened, considered: Considered) -> None:
    nearest = [found.slug for found in considered.found[:3]]
    topic = considered.best.topic if considered.found else ""
    handing.hand_over(turn, said, kind=CaseKind.NO_ANSWER, topic=topic, nearest=nearest)
    flows.ask_place_once(turn)


def _after_an_answer(turn: Turn) -> None:
    flows.ask_child_once(turn)
    privacy.ask_consent_once(turn)
