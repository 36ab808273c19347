"""The story of a question: recorded, searched outside any transaction, settled with its reply in one commit."""

import re

import structlog

from bot.dialogue import flows, handing, homework, ongoing, privacy
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

_log = structlog.get_logger(__name__)
_GREETING = re.compile(
    r"(?:老师|陪伴)?(?:[你您]好|在吗|在不在|有人[吗没]|嗨|早上好|晚上好|喂|hi|hello|hey)(?:啊|呀|哈|老师|在吗|在不在|有人吗|there)*"
)
_THANKS = re.compile(
    r"(?:(?:好的?|嗯+|哦+|要得|晓得了?|知道了?|明白了?|谢谢?了?|多谢|感谢|麻烦|辛苦|再见|拜拜|ok|okay|thanks?|thankyou|bye|got ?it)"
    r"(?:你|您|老师|哈|啊|啦|了|嘛|very|much|so)*)+"
)
_WHO_ARE_YOU = re.compile(
    r"[你您](?:们)?(?:到底)?是(?:哪个|谁|哪里|什么|啥子?|不是|个)?(?:机器人?|电脑|真人|人|骗子|程序|单位)?.{0,8}(?:吗|嘛|不|迈|哪个|谁|的|真人)?"
    r"|(?:要|收)(?:不要|不收)?钱.{0,3}|免费.{0,3}|靠不靠得住|(?:are you|who are you|is this).{0,30}"
)
_PERSON = re.compile(
    r"(?:我|请)?(?:要|想|帮我)?(?:找|问|跟|和|转|喊|叫)(?:一下|个)?(?:老师|真人|人工|人)(?:说话|聊|谈|帮忙)?.{0,2}"
)
_OWN_DATA = re.compile(
    r".{0,6}(?:删|取消|清).{0,6}(?:资料|信息|记录|聊天).{0,4}|.{0,6}(?:资料|信息|记录).{0,4}(?:删|清).{0,4}|我的(?:信息|资料|隐私)"
)


def small_talk(turn: Turn, text: str) -> bool:
    """A greeting, a thank-you, a question about ourselves is answered as one, not searched for."""
    bare = "".join(character for character in text.lower() if character.isalnum())
    if _GREETING.fullmatch(bare) or (len(bare) < 20 and _WHO_ARE_YOU.fullmatch(bare)):
        turn.say("welcome")
    elif _THANKS.fullmatch(bare):
        turn.say("you_are_welcome")
    elif len(bare) < 14 and _PERSON.fullmatch(bare) and not flows.is_open(turn, "person"):
        flows.begin(turn, "person", "words")
    elif len(bare) < 20 and _OWN_DATA.fullmatch(bare):
        privacy.panel(turn)
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
