"""«Not an emergency»: noted, seen by whoever was called, and nothing that went out is called off."""

from datetime import timedelta

import pytest
from sqlmodel import select

from care.cases.models import CaseEntry
from care.duty import climbing
from care.duty.calming import NOT_EMERGENCY
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

NOT_WAKING = "宝宝喊不醒 嘴巴乌了"
BUTTON = "不是紧急情况"


@pytest.fixture
def teacher(services: Services) -> Talker:
    return instructor(services, "wang", name="王芳", address="900")


def noted(services: Services) -> int:
    with services.database.transaction() as session:
        return len(session.exec(select(CaseEntry.id).where(CaseEntry.text == NOT_EMERGENCY)).all())


def test_the_number_stands_above_the_button(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING)
    assert mother.labels[0].startswith("马上打120")
    assert BUTTON in mother.labels[1:]


def test_it_is_noted_once_and_whoever_was_paged_sees_it(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "m").says(NOT_WAKING)
    teacher.looks()
    for _ in range(2):
        mother.presses_data("calm:1")
        assert mother.kinds == ["calm_noted"]
    assert "通知" not in mother.text
    assert teacher.looks().kinds == ["not_emergency"]
    assert noted(services) == 1


def test_the_page_still_climbs(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "m").says(NOT_WAKING)
    mother.presses(BUTTON)
    teacher.looks()
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        with services.database.transaction() as session:
            climbing.climb(session, hours=services.hours, addresses=0)
        assert teacher.looks().kinds == ["danger_card"]


def test_she_may_ask_ordinary_things_at_once_and_danger_is_heard_again(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).presses(BUTTON)
    assert mother.says("八个月的娃可以吃蜂蜜不").kinds[0] == "answer"
    assert mother.says("又喊不醒了，脸青了").kinds == ["emergency"]
    assert mother.says("我在奉节县兴隆镇").kinds == ["heard"]


def test_only_hers_and_only_while_it_is_open(services: Services, teacher: Talker) -> None:
    Talker(services, "m").says(NOT_WAKING)
    stranger = Talker(services, "n").says("你好")
    assert stranger.presses_data("calm:1").kinds == ["stale_button"]
    assert noted(services) == 0


def test_in_the_middle_of_it_there_is_a_way_to_other_questions(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).says("没事了 他醒了")
    assert "真的没事了" in mother.text
    mother.presses("我要问别的事")
    assert mother.says("八个月的娃可以吃蜂蜜不").kinds[0] == "answer"
    assert "not_emergency" not in teacher.looks().kinds
    assert mother.says("又喊不醒了，脸青了").kinds == ["emergency"]


@pytest.mark.parametrize("urgent", ["老公打我", "我不想活了"])
def test_also_where_a_person_is_to_look_today(services: Services, urgent: str) -> None:
    mother = Talker(services, "m").says(urgent)
    assert mother.kinds == ["urgent"]
    mother.presses("我要问别的事")
    assert mother.kinds == ["asks_other"]
    assert mother.says("八个月的娃可以吃蜂蜜不").kinds[0] == "answer"


@pytest.mark.parametrize(
    "words", ["他快不好了", "送去医院了 还在抢救", "没醒了咋办", "120来了", "好了没有嘛 120", "找到了 满脸是土"]
)
def test_nobody_in_fear_is_told_to_be_relieved(services: Services, words: str) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).says(words)
    assert "没事" not in mother.text
    assert "先打，不要等" in mother.text


@pytest.mark.parametrize(("words", "kind"), [("不是紧急情况", "calm_noted"), ("我要问别的事", "asks_other")])
def test_what_the_buttons_say_may_be_typed(services: Services, words: str, kind: str) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).says(words)
    assert mother.kinds == [kind]
    assert mother.says("八个月的娃可以吃蜂蜜不").kinds[0] == "answer"


def test_two_open_cases_are_passed_by_with_one_word(services: Services) -> None:
    mother = Talker(services, "m").says("老公打我").says(NOT_WAKING).presses(BUTTON)
    assert mother.says("八个月的娃可以吃蜂蜜不").kinds[0] == "answer"


def test_after_clearing_she_is_answered_as_usual(services: Services) -> None:
    mother = Talker(services, "m").says("老公打我").commands("clear")
    assert mother.says("八个月的娃可以吃蜂蜜不").kinds[0] == "answer"


def test_a_thank_you_is_answered_warmly_and_a_goodbye_is_read_by_a_person(services: Services) -> None:
    assert Talker(services, "m").says(NOT_WAKING).says("谢谢老师").kinds == ["you_are_welcome"]
    assert Talker(services, "n").says("我不想活了").says("谢谢").kinds == ["heard"]
    assert Talker(services, "o").says(NOT_WAKING).says("再见").kinds == ["heard"]


@pytest.mark.parametrize("words", ["把我说的全部删了", "删我的资料"])
def test_a_wish_to_delete_never_becomes_part_of_a_case(services: Services, words: str) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).says(words)
    assert mother.kinds[0] in ("ask_forget", "privacy", "need_code")
    with services.database.transaction() as session:
        assert words not in session.exec(select(CaseEntry.text)).all()
