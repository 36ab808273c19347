"""Small questions in passing: skippable, resumed after a restart, interrupted by a question without being lost."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from bot.dialogue.hearing import heard
from bot.dialogue.models import Dialog
from care.families.models import Caregiver, Child
from care.places.models import Place
from care.questions.models import Question
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


def test_few_buttons_for_the_place_and_a_way_to_type_it(services: Services) -> None:
    mother = Talker(services, "m").presses_data("place")
    assert len(mother.labels) == 11
    assert "渝北区" in mother.labels[0]


@pytest.mark.parametrize("typed", ["酉", "youy", "you yang", "yy"])
def test_the_beginning_of_a_place_offers_what_is_near(services: Services, typed: str) -> None:
    mother = Talker(services, "m").presses_data("place").says(typed)
    assert mother.kinds == ["place_choose"]
    assert "酉阳" in mother.presses("酉阳县").text


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
    mother = Talker(services, "m").says("宝宝晚上老是醒怎么办")
    year = next(button.press for row in mother.shown[1].buttons for button in row if button.label == str(clock.today().year - 1))
    mother.says("八个月的娃可以吃蜂蜜不")
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
        ("您是老师还是机器人哦", "welcome"),
        ("你们好久上班", "office_hours"),
        ("周末有没有人", "office_hours"),
        ("老师晚上在不在", "office_hours"),
        ("What are your opening hours?", "office_hours"),
        ("收钱不", "free_of_charge"),
        ("把我的资料删了", "privacy"),
        ("我说的话会被别人看到吗", "privacy"),
        ("你们保密不", "privacy"),
        ("谢谢哈 听懂了", "you_are_welcome"),
        ("那就这样嘛 拜拜", "you_are_welcome"),
        ("老师好 我是李婆婆", "welcome"),
        ("要收费不", "free_of_charge"),
        ("is this free?", "free_of_charge"),
        ("好烦哦你", "sorry_no_help"),
        ("没帮到我 说了半天不晓得说些啥", "sorry_no_help"),
        ("骗人的嘛 问啥子都喊找老师", "sorry_no_help"),
        ("没得用", "sorry_no_help"),
        ("豆豆今天会喊婆婆了", "glad_of_news"),
    ],
)
def test_small_talk_is_answered_as_such(services: Services, words: str, kind: str) -> None:
    assert Talker(services, "m").says(words).kinds == [kind]


LOOK_ALIKES = [
    "你好，宝宝发烧怎么办",
    "谢谢老师，那晚上老是醒呢",
    "你是不是可以告诉我两岁的娃打人咋教",
    "谢谢哈 再问下宝宝发烧咋办",
    "那就这样嘛 晚上不睡咋办",
    "老师好 我是不是要带娃看医生",
    "你是咋带娃的",
    "你是不是说要喂水",
    "您是让我去医院吗",
    "are you sure about that",
    "产后好久可以上班",
    "晚上有人敲门娃儿怕",
    "老师看了没得用",
    "娃儿作业咋个交",
    "幼儿园要收费不",
    "要不要给娃儿零花钱",
    "我说的话娃儿别人都不听",
    "好烦哦 娃儿一直哭",
    "吃了药没得用",
    "娃儿骗人咋办",
    "豆豆三岁了才会喊妈妈",
    "豆豆会走路了老是摔",
    "豆豆又会走路了",
    "豆豆不会喊妈妈了",
    "会爬了要注意啥子",
]


@pytest.mark.parametrize("words", LOOK_ALIKES)
def test_a_question_that_sounds_like_small_talk_is_a_question(words: str) -> None:
    assert heard(words) is None


def test_a_question_behind_a_greeting_is_searched(services: Services) -> None:
    assert "answer" in Talker(services, "m").says("谢谢哈 再问下宝宝晚上老是醒怎么办").kinds


def test_a_complaint_leads_to_a_person(services: Services) -> None:
    mother = Talker(services, "m").says("没得用")
    assert mother.labels == ["找老师", "看看目录"]
    assert mother.presses("找老师").kinds == ["ask_person_words"]


def test_a_complaint_typed_as_the_reason_is_the_reason(services: Services) -> None:
    mother = Talker(services, "m").says("宝宝晚上老是醒怎么办").presses("没帮上").says("看不懂")
    assert mother.kinds == ["thanks_for_why"]


# What no step may swallow.


@pytest.mark.parametrize("words", ["外孙5岁在幼儿园不睡午觉", "娃娃吃了好多饭才够 一岁二"])
def test_an_age_in_a_question_is_no_answer_to_the_year(services: Services, words: str) -> None:
    mother = Talker(services, "m").presses_data("addchild").says(words)
    assert "ask_child_name" not in mother.kinds
    assert len(mother.kinds) > 1
    assert mother.kinds[-1] == "ask_child_year"
    with services.database.transaction() as session:
        assert session.exec(select(Question)).one().text == words


NO_NAMES = ["你们上班时间是好久", "一岁半 还不会走路", "晚上老是醒", "好久打针", "两岁了", "没得用", "要打针嘛"]


@pytest.mark.parametrize("words", NO_NAMES)
def test_a_question_is_no_nickname(services: Services, words: str) -> None:
    mother = Talker(services, "m").presses_data("addchild").says("一岁半").says(words)
    assert mother.kinds[0] != "ask_child_early"
    assert child_of(services).nickname == ""
    assert mother.says("豆豆").kinds == ["ask_child_early"]


@pytest.mark.parametrize(
    ("words", "name"), [("小不点", "小不点"), ("叫豆豆", "豆豆"), ("我们都喊他毛毛", "毛毛"), ("Benjamin", "Benjamin")]
)
def test_a_nickname_is_a_nickname(services: Services, words: str, name: str) -> None:
    Talker(services, "m").presses_data("addchild").says("一岁半").says(words)
    assert child_of(services).nickname == name


# An age that is told is not asked for again.


@pytest.mark.parametrize(
    ("words", "age"), [("我孙娃子8个月了", "8个月"), ("两岁半了", "2岁半"), ("我女儿四岁", "4岁"), ("豆豆两岁了", "2岁")]
)
def test_an_age_told_is_noted(services: Services, words: str, age: str) -> None:
    mother = Talker(services, "m").says(words)
    assert mother.kinds == ["age_told"]
    assert f"孩子{age}" in mother.text
    assert mother.presses("这个月的指导").kinds in (["guidance"], ["guidance_none"])


def test_an_age_told_counts_for_an_hour(services: Services) -> None:
    with clock.frozen(clock.now()):
        mother = Talker(services, "m").says("我孙娃子8个月了").says("宝宝晚上老是醒怎么办")
        clock.advance(timedelta(minutes=61))
        mother.says("宝宝晚上老是醒怎么办")
    with services.database.transaction() as session:
        assert [question.age_months for question in session.exec(select(Question).order_by(col(Question.id)))] == [8, None]


def test_an_infants_age_told_counts_for_danger(services: Services) -> None:
    assert Talker(services, "m").says("我孙娃子两个月").says("发烧38度5").kinds[0] in ("emergency", "urgent")


def test_an_age_in_a_question_is_offered_for_the_record(services: Services) -> None:
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不")
    assert "您说的孩子是8个月" in mother.text
    assert mother.presses("对，记下").kinds == ["ask_child_name"]
    assert child_of(services).age_months(clock.today()) == 8


def test_the_age_offered_may_be_wrong(services: Services) -> None:
    mother = Talker(services, "m").says("八个月的娃可以吃蜂蜜不").presses("不是")
    assert "哪一年生的" in mother.text
    assert mother.presses(str(clock.today().year - 1)).kinds == ["ask_child_month"]


@pytest.mark.parametrize(("words", "kind"), [("对的", "ask_child_name"), ("不是", "ask_child_year")])
def test_the_offer_is_answered_in_words(services: Services, words: str, kind: str) -> None:
    assert Talker(services, "m").says("八个月的娃可以吃蜂蜜不").says(words).kinds == [kind]


def test_an_age_told_of_a_second_child_asks_which(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").says("两岁").says("豆豆")
    assert mother.says("四岁了").kinds == ["children"]


def test_nothing_told_is_kept_of_who_wants_nothing_kept(services: Services) -> None:
    mother = Talker(services, "m").presses_data("consent:answering:0").says("我女儿四岁")
    assert "记下" not in mother.text
    assert "4岁" in mother.text
