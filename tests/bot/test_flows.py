"""Small questions in passing: skippable, resumed after a restart, interrupted by a question without being lost."""

from datetime import date

import pytest
from sqlmodel import select

from bot.dialogue.models import Dialog
from care.families.models import Caregiver, Child
from care.places.models import Place
from care.services import Services
from kit import clock
from tests.fixtures.talk import Talker


def child_of(services: Services) -> Child:
    with services.database.transaction() as session:
        return session.exec(select(Child)).one()


def test_after_the_first_answer_the_childs_age_is_asked_once(services: Services) -> None:
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不")
    assert mother.kinds == ["answer", "ask_child_year"]
    assert mother.says("宝宝晚上老是醒怎么办").kinds == ["answer", "ask_consent"]
    assert mother.says("三岁的娃不吃菜怎么办").kinds[-1] != "ask_child_year"


def test_a_child_by_buttons(services: Services) -> None:
    mother = Talker(services, "m").commands("child")
    mother.presses(str(clock.today().year - 1)).presses("3月").says("豆豆").presses("早了约2个月")
    assert "豆豆" in mother.text
    child = child_of(services)
    assert (child.nickname, child.birth_month, child.weeks_early) == ("豆豆", date(clock.today().year - 1, 3, 1), 8)


@pytest.mark.parametrize(("words", "months"), [("一岁半", 18), ("8个月", 8), ("两岁", 24)])
def test_an_age_in_words_will_do(services: Services, words: str, months: int) -> None:
    Talker(services, "m").presses_data("addchild").says(words)
    assert child_of(services).age_months(clock.today()) == months


def test_an_expected_child(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").presses("还没出生").presses("5月").presses("先不说")
    assert "还没出生" in mother.text
    assert child_of(services).expected


def test_every_step_can_be_skipped(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").presses("先不说")
    assert mother.kinds == ["skipped"]


def test_a_question_in_the_middle_is_answered_and_the_flow_goes_on(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").presses(str(clock.today().year - 1))
    mother.says("八个月的娃可以吃蜂蜜不")
    assert mother.kinds == ["answer", "ask_child_month"]
    mother.presses("3月")
    assert mother.kinds == ["ask_child_name"]


def test_a_button_of_an_earlier_step_asks_the_open_one_again(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild")
    old = mother.shown[0].buttons[0][0].press
    mother.presses(str(clock.today().year - 1))
    assert mother.presses_data(old).kinds == ["ask_child_month"]


def test_a_button_of_an_ended_flow_never_answers_another(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild")
    old = mother.shown[0].buttons[0][0].press
    mother.presses("先不说").presses_data("place")
    assert mother.presses_data(old).kinds == ["ask_place_name"]
    with services.database.transaction() as session:
        assert session.exec(select(Caregiver)).one().place_id is None


def test_the_place_by_name(services: Services) -> None:
    mother = Talker(services, "m").presses_data("place").says("荣昌")
    assert "荣昌区" in mother.text
    with services.database.transaction() as session:
        caregiver = session.exec(select(Caregiver)).one()
        assert session.get_one(Place, caregiver.place_id).name == "荣昌区"


def test_a_place_nobody_knows_is_taken_as_a_question(services: Services) -> None:
    mother = Talker(services, "m").presses_data("place").says("火星")
    assert mother.kinds[-1] == "ask_place_name"


def test_the_flow_lies_in_the_database(services: Services) -> None:
    Talker(services, "m").presses_data("addchild").presses(str(clock.today().year - 1))
    with services.database.transaction() as session:
        assert session.exec(select(Dialog)).one().step == "month"
    assert Talker(services, "m").says("3月").kinds == ["ask_child_name"]


def test_the_age_on_record_chooses_the_passage(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").says("两岁").says("豆豆")
    assert "2岁" in mother.text


def test_danger_in_the_middle_of_a_flow_comes_first(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").says("宝宝喊不醒 嘴巴乌了")
    assert mother.kinds[0] == "emergency"


def test_no_more_of_it_in_words_ends_a_step(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").says("六年级 12岁了").says("先不说了")
    assert child_of(services).nickname == ""
    assert mother.kinds == ["child_saved"]


def test_a_step_passed_over_is_not_asked_for_ever(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild")
    asked = [mother.says("宝宝晚上老是醒怎么办").kinds.count("ask_child_year") for _ in range(4)]
    assert asked == [1, 1, 0, 0]


def test_a_button_asked_in_passing_works_after_another_question(services: Services) -> None:
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不")
    year = next(button.press for row in mother.shown[1].buttons for button in row if button.label == str(clock.today().year - 1))
    mother.says("宝宝晚上老是醒怎么办")
    assert mother.presses_data(year).kinds == ["ask_child_month"]


def test_a_township_we_do_not_know_is_said(services: Services) -> None:
    assert Talker(services, "m").presses_data("place").says("兴隆镇").kinds == ["place_unknown"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("谢谢你哈", "you_are_welcome"),
        ("好的谢谢老师", "you_are_welcome"),
        ("要得", "you_are_welcome"),
        ("再见", "you_are_welcome"),
        ("您好 在不在", "welcome"),
        ("你是哪个", "welcome"),
        ("你是机器人还是真人", "welcome"),
        ("收钱不", "welcome"),
        ("把我的资料删了", "privacy"),
    ],
)
def test_small_talk_is_answered_as_such(services: Services, words: str, kind: str) -> None:
    assert Talker(services, "m").says(words).kinds == [kind]


@pytest.mark.parametrize("words", ["你好，宝宝发烧怎么办", "谢谢老师，那晚上老是醒呢", "你是不是可以告诉我两岁的娃打人咋教"])
def test_a_question_behind_a_greeting_is_a_question(services: Services, words: str) -> None:
    assert Talker(services, "m").says(words).kinds[0] not in ("welcome", "you_are_welcome")
