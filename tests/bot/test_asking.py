"""A parent asks: answered, offered a choice, declined, or handed to a person; and what she can do with the answer."""

import pytest
from sqlmodel import select

from bot.dialogue.events import Incoming
from bot.dialogue.responding import respond
from bot.inbox import actions as inbox
from bot.inbox.models import InboxUpdate
from care.cases.models import Case, CaseEntry
from care.families.models import Channel
from care.messages.models import Message
from care.questions.models import Feedback, Outcome, Question, Why
from care.services import Services
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker


def test_a_question_gets_a_passage_with_its_source(services: Services) -> None:
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不")
    assert "蜂蜜一口都不要给" in mother.text
    assert "世界卫生组织" in mother.text
    assert "待本地专家审核" in mother.text
    assert "马上去医院" in mother.text


def test_a_reviewed_passage_does_not_say_that_it_waits(services: Services) -> None:
    assert "待本地专家审核" not in Talker(services, "m").says("宝宝晚上老是醒怎么办").text


def test_english_is_answered_in_english(services: Services) -> None:
    mother = Talker(services, "m").says("Can my eight month old have honey?")
    assert "No honey before the first birthday" in mother.text


def test_another_subject_is_declined_without_a_case(services: Services) -> None:
    mother = Talker(services, "m").says("股票明天涨不涨")
    assert mother.kinds == ["decline"]
    with services.database.transaction() as session:
        assert session.exec(select(Case)).all() == []


def test_no_checked_answer_says_so_and_opens_a_case(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says("娃儿学走路要不要穿鞋")
    assert "没有审过的答案" in mother.text
    assert "回访码" in mother.text
    assert "没有现成答案" in teacher.looks().text


def test_a_further_question_on_the_topic_joins_the_case(services: Services) -> None:
    mother = Talker(services, "m")
    mother.commands("person").says("想跟老师说说我家的事")
    mother.commands("person").says("还有一件事也想说")
    with services.database.transaction() as session:
        case = session.exec(select(Case)).one()
        assert len(session.exec(select(CaseEntry).where(CaseEntry.case_id == case.id)).all()) == 2


def test_helped_is_kept_for_the_passage_revision(services: Services) -> None:
    Talker(services, "m").says("八个月的娃可以吃蜂蜜不").presses("有帮助")
    with services.database.transaction() as session:
        assert session.exec(select(Feedback)).one().helped is True


def test_did_not_help_asks_why_once_and_keeps_the_reason(services: Services) -> None:
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不").presses("没帮上")
    assert "哪里没帮上" in mother.text
    mother.presses("做不到")
    with services.database.transaction() as session:
        feedback = session.exec(select(Feedback)).one()
    assert (feedback.helped, feedback.why) == (False, Why.HARD_TO_DO)


def test_the_reason_may_be_a_line_of_her_own(services: Services) -> None:
    Talker(services, "m").says("八个月的娃可以吃蜂蜜不").presses("没帮上").says("婆婆不听我的")
    with services.database.transaction() as session:
        assert session.exec(select(Feedback)).one().words == "婆婆不听我的"


def test_ask_a_person_under_an_answer_hands_on_that_question(services: Services) -> None:
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不").presses("问老师")
    assert "转给老师了" in mother.text
    with services.database.transaction() as session:
        assert session.exec(select(CaseEntry)).first().text == "八个月的娃可以吃蜂蜜不"  # type: ignore[union-attr]


def test_greetings_and_thanks_are_answered_as_such(services: Services) -> None:
    assert Talker(services, "m").says("你好！").kinds == ["welcome"]
    assert Talker(services, "m").says("谢谢老师").kinds == ["you_are_welcome"]


@pytest.mark.parametrize("text", ["😀😀", "……", "？！"])
def test_words_without_words_get_a_kind_hint(services: Services, text: str) -> None:
    assert Talker(services, "m").says(text).kinds == ["nothing_said"]


def test_a_sticker_gets_a_kind_hint(services: Services) -> None:
    assert "打字或者发语音" in Talker(services, "m").sends_unusable("sticker").text


def test_a_redelivered_event_is_answered_once(services: Services) -> None:
    with services.database.transaction() as session:
        assert inbox.store(session, Channel.WEB, update_id="u1", lane="m", address="m", payload={})
        assert not inbox.store(session, Channel.WEB, update_id="u1", lane="m", address="m", payload={})
        row = session.exec(select(InboxUpdate).where(InboxUpdate.update_id == "u1")).one()
        incoming = Incoming(update=row.id or 0, key=row.key, channel=Channel.WEB, address="m", text="八个月的娃可以吃蜂蜜不")
    respond(services, incoming)
    respond(services, incoming)
    with services.database.transaction() as session:
        assert len(session.exec(select(Question)).all()) == 1
        assert len(session.exec(select(Message).where(Message.kind == "answer")).all()) == 1


def test_without_an_edition_a_person_answers(services: Services) -> None:
    services.library._open = None
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不")
    assert mother.kinds[0] == "relay"


def test_the_answer_is_stored_with_edition_and_revision(services: Services) -> None:
    Talker(services, "m").says("八个月的娃可以吃蜂蜜不")
    with services.database.transaction() as session:
        question = session.exec(select(Question)).one()
    assert question.outcome is Outcome.ANSWER
    assert question.edition_number == services.library.current().number
    assert question.shown[0]["slug"] == "honey-under-1"


def test_related_offers_other_titles(services: Services) -> None:
    mother = Talker(services, "m").says("宝宝晚上老是醒怎么办").presses("相关的")
    assert mother.kinds == ["choices"]


def test_an_old_button_leads_on(services: Services) -> None:
    assert Talker(services, "m").presses_data("show:0:99999").kinds == ["stale_button"]
    assert Talker(services, "m").presses_data("nonsense").kinds == ["stale_button"]
    assert Talker(services, "m").presses_data("helped:x").kinds == ["stale_button"]


def test_another_familys_question_cannot_be_rated(services: Services) -> None:
    Talker(services, "m").says("八个月的娃可以吃蜂蜜不")
    assert Talker(services, "stranger").presses_data("helped:1:1:1").kinds == ["stale_button"]
