"""An instructor between two home visits: take, reply, undo; nothing ever reaches the wrong family."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from care.cases.models import Case, CaseState
from care.families.models import Channel
from care.messages import actions as outbox
from care.messages.models import Message, MessageState
from care.people import actions as people
from care.services import Services
from kit import clock
from kit.accounts.models import Role
from tests.fixtures.people import instructor, staff_row
from tests.fixtures.talk import Talker


@pytest.fixture
def teacher(services: Services) -> Talker:
    return instructor(services, "wang", name="王芳", address="900")


def asks(services: Services, address: str, words: str = "想跟老师说说") -> Talker:
    return Talker(services, address).commands("person").says(words)


def send_all(services: Services) -> None:
    """Let Telegram take everything that is due, under remote ids of its own."""
    for _ in range(20):
        with services.database.transaction() as session:
            rows = outbox.claim(session, Channel.TELEGRAM)
            for row in rows:
                outbox.sent(session, row.number, remote_id=f"r{row.number}")
        if not rows:
            return


def card_of(services: Services, case_id: int, address: str = "900") -> str:
    send_all(services)
    with services.database.transaction() as session:
        query = select(Message).where(Message.case_id == case_id, Message.kind == "case_card", Message.address == address)
        return session.exec(query.order_by(col(Message.id))).first().remote_id  # type: ignore[union-attr]


MINUTE = timedelta(seconds=61)


def asked_whom(services: Services) -> str:
    """Where our question to whom her words shall go stands in her chat."""
    send_all(services)
    with services.database.transaction() as session:
        query = select(Message).where(Message.kind == "which_case").order_by(col(Message.id).desc())
        return session.exec(query).first().remote_id  # type: ignore[union-attr]


def case_of(services: Services, number: int = 1) -> Case:
    with services.database.transaction() as session:
        return session.get_one(Case, number)


def test_take_and_reply_to_the_card(services: Services, teacher: Talker) -> None:
    mother = asks(services, "m")
    teacher.looks().presses("我来答")
    teacher.says("您慢慢说，我在听", reply_to=card_of(services, 1))
    assert teacher.kinds == ["reply_held"]
    assert "她问的是：「想跟老师说说」" in teacher.text
    assert mother.looks().kinds == []
    with clock.frozen(clock.now() + MINUTE):
        assert "您慢慢说，我在听" in mother.looks().text
        assert "王芳老师" in mother.text


def test_the_parent_rates_and_the_instructor_hears(services: Services, teacher: Talker) -> None:
    mother = asks(services, "m")
    teacher.says("您慢慢说", reply_to=card_of(services, 1))
    with clock.frozen(clock.now() + MINUTE):
        mother.looks().presses("帮上了")
        assert "谢谢" in mother.text
        assert "帮上了" in teacher.looks().text
    assert case_of(services).rating == 3


def test_two_cannot_both_take(services: Services, teacher: Talker) -> None:
    other = instructor(services, "li", name="李梅", address="901")
    asks(services, "m")
    other.looks()
    teacher.looks().presses("我来答")
    other.presses_data("take:1")
    assert "王芳 已经接了" in other.text
    other.says("我也来答", reply_to=card_of(services, 1, "901"))
    assert other.kinds == ["already_taken"]


def test_a_reply_to_a_card_can_be_undone(services: Services, teacher: Talker) -> None:
    mother = asks(services, "m")
    teacher.looks().presses("我来答").says("写错人了", reply_to=card_of(services, 1))
    assert "写错人了" in teacher.text
    assert mother.looks().kinds == []
    teacher.presses("撤回")
    assert teacher.kinds == ["undone"]
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert mother.looks().kinds == []
    assert case_of(services).state is CaseState.TAKEN


def test_a_line_without_a_card_goes_nowhere_until_she_says_to_whom(services: Services, teacher: Talker) -> None:
    mother = asks(services, "m")
    teacher.looks().presses("我来答").says("下午给您打电话")
    assert teacher.kinds == ["which_case"]
    assert "下午给您打电话" in teacher.text
    with clock.frozen(clock.now() + MINUTE):
        assert mother.looks().kinds == []
        assert teacher.presses("不发").kinds == ["not_sent"]
    teacher.says("下午给您打电话").presses_data("to:1", on=asked_whom(services))
    assert teacher.kinds == ["reply_held"]
    with clock.frozen(clock.now() + MINUTE):
        assert "下午给您打电话" in mother.looks().text


def test_what_she_asked_after_the_reply_is_answered_or_she_is_told(services: Services, teacher: Talker) -> None:
    mother = asks(services, "m")
    teacher.says("问问镇上的幼儿园", reply_to=card_of(services, 1))
    with clock.frozen(clock.now() + MINUTE):
        mother.looks().presses("再跟老师说一句").says("那个幼儿园说满了，还有没得别的？")
        teacher.looks().presses("办完了")
        assert teacher.kinds == ["ask_unanswered"]
        assert "那个幼儿园说满了" in teacher.text
        mother.commands("person").says("急哟，明天就报名")
        teacher.presses("不用回，办完")
        assert "急哟，明天就报名" in teacher.text, "what came meanwhile is asked about again"
        assert case_of(services).state is CaseState.TAKEN
        mother.looks()
        teacher.presses("不用回，办完")
        assert teacher.kinds == ["closed"]
        assert mother.looks().kinds == ["case_ended"]
        assert mother.presses("再跟老师说一句").says("还有没得别的？").kinds == ["relay"]


def test_answering_closes_without_a_question(services: Services, teacher: Talker) -> None:
    asks(services, "m")
    teacher.says("您慢慢说", reply_to=card_of(services, 1)).presses_data("close:1")
    assert teacher.kinds == ["closed"]


def test_too_long_a_reply_is_refused_with_by_how_much(services: Services, teacher: Talker) -> None:
    asks(services, "m")
    teacher.says("长" * 3012, reply_to=card_of(services, 1))
    assert teacher.kinds == ["reply_too_long"]
    assert "多了 12 个" in teacher.text


def test_a_card_shows_what_was_answered_before(services: Services, teacher: Talker) -> None:
    other = instructor(services, "li", name="李梅", address="901")
    asks(services, "m")
    teacher.says("先量体温", reply_to=card_of(services, 1))
    with clock.frozen(clock.now() + MINUTE):
        teacher.presses_data("back:1")
        assert "前面回过她：「先量体温」" in other.looks().text


def test_with_several_families_it_asks_which(services: Services, teacher: Talker) -> None:
    first, second = asks(services, "m1"), asks(services, "m2")
    teacher.looks()
    for case_id in (1, 2):
        teacher.presses_data(f"take:{case_id}")
    teacher.says("这句给第二家")
    assert teacher.kinds == ["which_case"]
    teacher.presses_data("to:2", on=asked_whom(services))
    assert teacher.kinds == ["reply_held"]
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert "这句给第二家" in second.looks().text
        assert first.looks().kinds == []


def test_without_an_open_family_nothing_is_sent(services: Services, teacher: Talker) -> None:
    assert teacher.says("有人吗我说句话").kinds == ["no_open_case"]


def test_a_reply_to_something_else_is_not_sent_anywhere(services: Services, teacher: Talker) -> None:
    asks(services, "m")
    teacher.looks().presses("我来答")
    assert teacher.says("给谁的", reply_to="unknown").kinds == ["reply_to_no_card"]
    assert "没有发出去" in teacher.text


def test_put_back_and_taken_by_another(services: Services, teacher: Talker) -> None:
    other = instructor(services, "li", name="李梅", address="901")
    asks(services, "m")
    teacher.looks().presses("我来答").presses("放回去")
    other.looks().presses("我来答")
    assert case_of(services).owner_id == staff_row(services, "li").id


def test_a_parents_further_words_reach_the_owner_only(services: Services, teacher: Talker) -> None:
    other = instructor(services, "li", name="李梅", address="901")
    mother = asks(services, "m")
    teacher.looks().presses("我来答")
    other.looks()
    mother.commands("person").says("补充一句，娃儿三岁")
    assert teacher.looks().kinds == ["case_more"]
    assert other.looks().kinds == []


def test_revoked_staff_lose_their_cases_and_their_chat(services: Services, teacher: Talker) -> None:
    boss = instructor(services, "boss", name="主任", address="902", role=Role.ADMINISTRATOR)
    asks(services, "m")
    teacher.looks().presses("我来答")
    boss.looks()
    with services.database.transaction() as session:
        people.revoke(session, staff_row(services, "wang"), by=staff_row(services, "boss").key, hours=services.hours)
    assert case_of(services).state is CaseState.OPEN
    assert case_of(services).owner_id is None


def test_an_expired_link_opens_nothing(services: Services) -> None:
    stranger = Talker(services, "950", channel=Channel.TELEGRAM).commands("start", "s_wrong")
    assert stranger.kinds == ["link_expired"]


def test_a_reply_on_telegram_is_neutral_until_opened(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "800", channel=Channel.TELEGRAM).commands("person").says("想跟老师说说")
    teacher.says("您丈夫的事我们慢慢谈", reply_to=card_of(services, 1))
    with clock.frozen(clock.now() + MINUTE):
        assert "丈夫" not in mother.looks().text
        assert "您丈夫的事我们慢慢谈" in mother.presses("打开看").text


def test_danger_is_never_held_back(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "m").says("宝宝喊不醒 嘴巴乌了")
    teacher.looks().presses("我来答").says("我在，先打120")
    assert teacher.kinds == ["which_case"]  # a button says which family is meant, then it goes at once
    assert mother.looks().kinds == []
    teacher.presses_data("to:1", on=asked_whom(services))
    assert teacher.kinds == ["reply_sent"]
    assert "我在，先打120" in mother.looks().text


def test_a_blocked_reply_is_not_sent_twice(services: Services, teacher: Talker) -> None:
    asks(services, "m")
    teacher.says("您慢慢说", reply_to=card_of(services, 1))
    with services.database.transaction() as session:
        assert len(session.exec(select(Message).where(Message.kind == "case_reply")).all()) == 1
        assert session.exec(select(Message.state).where(Message.kind == "case_reply")).one() is MessageState.QUEUED


def test_put_back_is_offered_anew_and_an_administrator_can_do_it_for_her(services: Services, teacher: Talker) -> None:
    other = instructor(services, "li", name="李梅", address="901")
    boss = instructor(services, "boss", name="主任", address="902", role=Role.ADMINISTRATOR)
    asks(services, "m")
    teacher.looks().presses("我来答")
    other.looks()
    boss.presses_data("back:1")
    assert boss.kinds[-1] == "put_back"
    assert other.looks().kinds == ["case_card"]
    other.presses("我来答")
    assert case_of(services).owner_id == staff_row(services, "li").id


def asked_how_it_ended(services: Services) -> str:
    """Where our question stands in her chat."""
    send_all(services)
    with services.database.transaction() as session:
        query = select(Message).where(Message.kind == "ask_outcome_words").order_by(col(Message.id).desc())
        return session.exec(query).first().remote_id  # type: ignore[union-attr]


def test_a_danger_is_closed_by_a_button_and_a_sentence(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "m").says("宝宝喊不醒 嘴巴乌了")
    teacher.looks().presses("我来答").presses("办完了")
    assert teacher.kinds == ["ask_outcome"]
    assert case_of(services).state is CaseState.TAKEN
    teacher.presses("在医院或急救人员手上")
    mother.looks()
    teacher.says("   ", reply_to=asked_how_it_ended(services))
    assert teacher.kinds == ["outcome_length"]
    teacher.says("孩子在区医院，妈妈陪着", reply_to=asked_how_it_ended(services))
    assert teacher.kinds == ["closed"]
    assert case_of(services).outcome == "in_care"
    assert mother.looks().kinds == []  # what is noted is never sent to her


def test_only_the_holder_says_how_it_ended(services: Services, teacher: Talker) -> None:
    other = instructor(services, "li", name="李梅", address="901")
    Talker(services, "m").says("宝宝喊不醒 嘴巴乌了")
    teacher.looks().presses("我来答")
    assert other.presses_data("ended:1:safe").kinds == ["not_held"]
    assert teacher.presses_data("ended:1:nonsense").kinds == ["staff_stale"]
    assert case_of(services).state is CaseState.TAKEN
