"""What no passage answers goes to a person: cards, taking, replying, undoing, rating, all in Telegram."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.rehearsal.people import Person
from care.cases.models import Case, CaseState
from kit import clock
from tests.stories.town import NO_ANSWER, Town
from tests.telegram.conftest import picture_of

TAKE = "我来答"
OPEN_IT = "打开看"
REPLY = "在屋里光脚最好，出门穿软底的。"


def the_case(town: Town) -> Case:
    with town.services.database.transaction() as session:
        return session.exec(select(Case)).one()


async def asked(town: Town, mother: Person) -> None:
    await mother.says(NO_ANSWER)
    await mother.expects("没有审过的答案")


async def test_an_instructor_answers_and_the_parent_rates(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        teacher = await town.teacher("chen", "陈老师")
        await asked(town, mother)
        card = await teacher.expects(NO_ANSWER)
        assert town.alias(mother) in card.text
        assert mother.account.first_name not in card.text
        await teacher.presses(TAKE, on=card)
        await teacher.expects("接下了")
        with clock.frozen(clock.now()):
            await teacher.replies(card, REPLY)
            await teacher.expects("一分钟后发给家长")
            clock.advance(timedelta(seconds=61))
            notice = await mother.expects("您有一条新消息")
        assert REPLY not in notice.text
        await mother.presses(OPEN_IT, on=notice)
        reply = await mother.expects(REPLY)
        assert "陈老师" in reply.text
        await mother.presses("帮上了", on=reply)
        await mother.expects("谢谢您")
        await teacher.expects("帮上了")
    case = the_case(town)
    assert (case.state, case.rating) == (CaseState.ANSWERED, 3)


async def test_two_instructors_cannot_both_take_it(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        chen, wang = await town.teacher("chen", "陈老师"), await town.teacher("wang", "王老师")
        await asked(town, mother)
        cards = [(teacher, await teacher.expects(NO_ANSWER)) for teacher in (chen, wang)]
        for teacher, card in cards:
            await teacher.presses(TAKE, on=card, within=None)
        for teacher in (chen, wang):
            await teacher.expects("接")
        holder = next(teacher for teacher in (chen, wang) if "接下了" in teacher.received[-1].text)
        other, card = next((teacher, card) for teacher, card in cards if teacher is not holder)
        assert "已经接了" in other.received[-1].text
        await other.replies(card, "我也来说一句")
        await other.expects("已经接了")
        await mother.expects_nothing("新消息")
    assert the_case(town).state is CaseState.TAKEN


async def test_words_that_answer_no_card_are_asked_about_echoed_and_can_be_taken_back(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        teacher = await town.teacher("chen", "陈老师")
        await asked(town, mother)
        await teacher.presses(TAKE, on=await teacher.expects(NO_ANSWER))
        await teacher.expects("接下了")
        with clock.frozen(clock.now()):
            await teacher.says("这句写错了人")
            await teacher.presses(town.alias(mother), on=await teacher.expects("要发给家长吗"))
            echo = await teacher.expects("一分钟后发给家长")
            assert town.alias(mother) in echo.text
            await teacher.presses("撤回", on=echo)
            await teacher.expects("撤回了，家长没有看到")
            clock.advance(timedelta(seconds=70))
            await mother.expects_nothing("新消息", within=1.5)
            await teacher.says(REPLY)
            await teacher.presses(town.alias(mother), on=await teacher.expects("要发给家长吗"))
            await teacher.expects("一分钟后发给家长")
            await mother.expects_nothing("新消息", within=1)
            clock.advance(timedelta(seconds=61))
            await mother.presses(OPEN_IT, on=await mother.expects("您有一条新消息"))
            await mother.expects(REPLY)
            await teacher.presses("撤回", on=await teacher.expects("一分钟后", ever=True), within=None)
            await teacher.expects("撤不回来")


async def test_a_photo_and_a_voice_note_open_a_case_with_the_danger_line(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        teacher = await town.teacher("chen", "陈老师")
        await mother.sends_photo(picture_of(300, 200))
        reply = await mother.expects("照片收到了")
        assert "120" in reply.text
        await teacher.expects("照片，机器看不懂")
        await mother.sends_voice(b"OggS")
        await mother.expects("语音收到了")
        await teacher.presses(TAKE, on=await teacher.expects("照片，机器看不懂", ever=True))
        await teacher.expects("接下了")
    assert not any(message.kind in {"photo", "voice"} for message in teacher.received)


@pytest.mark.parametrize("fault", ["500", "429", "reset", pytest.param("timeout_after", marks=pytest.mark.slow)])
async def test_an_answer_arrives_through_faults(town: Town, fault: str) -> None:
    mother = town.mother()
    async with town.open():
        await mother.starts()
        await mother.expects("电脑程序")
        town.server.fail_next("sendMessage", kind=fault, retry_after=1, person=mother)
        await mother.says("谢谢")
        await mother.expects("不客气", within=15)
