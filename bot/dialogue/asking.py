"""The story of a question: recorded, searched outside any transaction, settled with its reply in one commit."""

from bot.dialogue import flows, handing, homework, privacy
from bot.dialogue.events import Incoming
from bot.dialogue.turn import Turn, open_turn
from care.cases.models import CaseKind
from care.editions.errors import NoEdition
from care.questions import actions as questions
from care.questions.considering import Considered, consider
from care.questions.models import Outcome, Question
from care.safety.models import Screened
from care.services import Services
from care.text import lang_of
from knowledge.content import Lang

_GREETINGS = frozenset(
    {"你好", "您好", "你好啊", "您好啊", "在吗", "在不在", "有人吗", "嗨", "早上好", "晚上好", "老师好", "老师你好", "老师您好"}
    | {"hi", "hello", "hey"}
)
_THANKS = frozenset(
    {"谢谢", "谢谢你", "谢谢您", "谢谢老师", "多谢", "感谢", "谢了", "好的", "好的谢谢", "晓得了", "知道了", "嗯", "嗯嗯", "好"}
    | {"ok", "thanks", "thankyou"}
)


def small_talk(turn: Turn, text: str) -> bool:
    """A greeting or a thank-you is answered as one, not searched for."""
    bare = "".join(character for character in text.lower() if character.isalnum())
    if bare in _GREETINGS:
        turn.say("welcome")
    elif bare in _THANKS:
        turn.say("you_are_welcome")
    else:
        return False
    return True


def record(turn: Turn, said: Screened) -> int:
    """The id of the question, the same for a repeated delivery."""
    question = questions.record(turn.session, turn.who, update_key=turn.incoming.key, said=said, lang=turn.who.lang)
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
    """None when there is no edition to answer from: then a person does."""
    try:
        return consider(said, services.library.current(), lang=lang, age_months=age_months)
    except NoEdition:
        return None


def _reply(turn: Turn, said: Screened, question: Question, considered: Considered) -> None:
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
