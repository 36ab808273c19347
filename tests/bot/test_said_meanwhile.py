"""Words in the middle of something else: a request or a question goes before the step of ours that waits for an answer."""

import pytest
from sqlmodel import select

from care.families.models import Caregiver, Child
from care.homework.models import HomeworkItem
from care.questions.models import Feedback
from care.services import Services
from kit import clock
from tests.fixtures.talk import Talker

WAKING = "宝宝晚上老是醒怎么办"


def asked_for_a_name(services: Services) -> Talker:
    return Talker(services, "m").presses_data("addchild").says("一岁半")


@pytest.mark.parametrize("words", ["我要交作业", "老师电话好多", "要得嘛", "第二个", "我要问事", "帮我删了"])
def test_a_request_is_no_nickname(services: Services, words: str) -> None:
    asked_for_a_name(services).says(words)
    with services.database.transaction() as session:
        assert session.exec(select(Child)).one().nickname == ""


def test_what_she_wants_is_done_while_the_nickname_waits(services: Services) -> None:
    mother = asked_for_a_name(services).says("我要交作业")
    assert mother.kinds == ["homework_task"]
    mother.says("豆豆")
    with services.database.transaction() as session:
        assert session.exec(select(Child)).one().nickname == "豆豆"


@pytest.mark.parametrize(("words", "kind"), [("他不肯刷牙", ""), ("江津", "place_saved"), ("我是江津的", "place_saved")])
def test_another_trouble_or_her_place_is_no_reason_why_it_did_not_help(services: Services, words: str, kind: str) -> None:
    mother = Talker(services, "m").says(WAKING).presses("没帮上").says(words)
    assert "thanks_for_why" not in mother.kinds
    assert not kind or mother.kinds[0] == kind
    with services.database.transaction() as session:
        assert [one.words for one in session.exec(select(Feedback))] == [""]


@pytest.mark.parametrize("words", ["太长了", "试过了，没得用", "看不懂"])
def test_a_reason_is_still_one(services: Services, words: str) -> None:
    assert Talker(services, "m").says(WAKING).presses("没帮上").says(words).kinds == ["thanks_for_why"]


def test_a_request_is_not_handed_in(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").says("一岁半").presses("先不说").presses("足月")
    mother.commands("homework").presses("交作业")
    assert mother.says("我的回访码是好多").kinds[0] == "about_return_code"
    with services.database.transaction() as session:
        assert session.exec(select(HomeworkItem)).all() == []


@pytest.mark.parametrize("words", ["我是江津的", "我们住在江津", "我在荣昌区", "江津区"])
def test_a_place_told_unasked_is_noted(services: Services, words: str) -> None:
    assert Talker(services, "m").says(words).kinds == ["place_saved"]
    with services.database.transaction() as session:
        assert session.exec(select(Caregiver)).one().place_id


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("我是王婆婆换了个手机", "about_return_code"),
        ("换了手机啷个看得到", "about_return_code"),
        ("我的回访码忘了", "about_return_code"),
        ("老师电话好多", "about_phone"),
        ("打不通你们电话", "about_phone"),
        ("会不会把我的话讲给我媳妇听", "about_telling"),
        ("你吃饭没得", "about_itself"),
        ("好久回我嘛", "office_hours"),
        ("我要找个真人老师说话", "ask_person_words"),
        ("我想看我的作业", "homework_needs_age"),
        ("我要交作业", "homework_needs_age"),
        ("把我说的全部删了", "ask_forget"),
    ],
)
def test_what_is_asked_about_ourselves_is_answered(services: Services, words: str, kind: str) -> None:
    assert Talker(services, "m").says(words).kinds[0] == kind


@pytest.mark.parametrize("words", ["娃儿天天玩手机啷个办", "婆婆说要打电话吓他，要得不", "娃儿吃饭没得胃口", "他把话讲给同学听"])
def test_a_question_about_the_child_stays_one(services: Services, words: str) -> None:
    assert not Talker(services, "m").says(words).kinds[0].startswith("about_")


def test_an_age_told_is_not_asked_for_again(services: Services) -> None:
    mother = Talker(services, "m").says("我孙儿一岁七个月")
    assert "1岁7个月" in mother.text
    assert mother.commands("homework").kinds == ["homework_task"]
    with services.database.transaction() as session:
        assert session.exec(select(Child)).one().age_months(clock.today()) == 19


def test_a_bound_is_no_age(services: Services) -> None:
    mother = Talker(services, "m").says("我孙儿一岁七个月").says("两岁不到可以吃蜂蜜不").presses_data("addchild")
    assert "1岁7个月" in mother.text
