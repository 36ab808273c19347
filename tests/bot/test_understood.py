"""A message in its talk: what goes on from the question before it, and several questions in one message."""

from datetime import timedelta

from sqlmodel import col, select

from care.cases.models import Case, CaseEntry
from care.messages.models import Message
from care.questions.models import Feedback, Question
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

HONEY, NIGHT, NO_ANSWER = "八个月的娃可以吃蜂蜜不", "宝宝晚上老是醒怎么办", "娃儿学走路要不要穿鞋"
GOES_ON = "那要是加热呢"


def questions(services: Services) -> list[Question]:
    with services.database.transaction() as session:
        return list(session.exec(select(Question).order_by(col(Question.id))))


def test_a_follow_up_is_read_with_the_question_before_it(services: Services) -> None:
    mother = Talker(services, "m").says(HONEY).says(GOES_ON)
    assert "接着刚才那个问题" in mother.text
    assert any("蜂蜜" in label for label in mother.labels)
    asked = questions(services)[-1]
    assert asked.text == GOES_ON
    assert asked.shown[0]["slug"] == "honey-under-1"


def test_a_person_gets_the_question_before_it_too(services: Services) -> None:
    Talker(services, "m").says(HONEY).says(GOES_ON).presses("请老师回答")
    with services.database.transaction() as session:
        assert session.exec(select(CaseEntry.text)).first() == f"{HONEY}\n{GOES_ON}"


def test_it_is_forgotten_after_a_while(services: Services) -> None:
    mother = Talker(services, "m").says(HONEY)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert "接着刚才" not in mother.says(GOES_ON).text


def test_nothing_is_read_across_another_child_or_a_person(services: Services) -> None:
    mother = Talker(services, "m").says(HONEY)
    assert "接着刚才" not in mother.says("那老二呢").text
    mother.says(HONEY).presses("问老师")
    assert "接着刚才" not in mother.says(GOES_ON).text


def test_nothing_is_read_across_a_danger(services: Services) -> None:
    mother = Talker(services, "m").says(HONEY).says("宝宝喊不醒 嘴巴乌了").presses("不是紧急情况")
    assert "接着刚才" not in mother.says(GOES_ON).text


def test_what_names_nothing_follows_a_question_to_its_person(services: Services) -> None:
    mother = Talker(services, "m").says(NO_ANSWER)
    assert mother.kinds[0] == "relay"
    assert mother.says("那晚上呢").kinds[0] == "heard"
    with services.database.transaction() as session:
        assert session.exec(select(CaseEntry.text).order_by(col(CaseEntry.id))).all() == [NO_ANSWER, "那晚上呢"]


def test_danger_told_in_two_messages_is_heard(services: Services) -> None:
    mother = Talker(services, "m").says("我家娃两个月 有点烫 可以吃蜂蜜不").says("量了38.2")
    assert mother.kinds[0] == "emergency"


def test_a_new_subject_is_answered_by_itself(services: Services) -> None:
    mother = Talker(services, "m").says(HONEY).says("那" + NIGHT)
    assert questions(services)[-1].shown[0]["slug"] == "night-waking"
    assert mother.kinds[0] == "answer"


def test_two_questions_in_one_message_are_both_answered(services: Services) -> None:
    mother = Talker(services, "m").says(f"{HONEY} 另外{NIGHT}")
    assert mother.kinds[:2] == ["answer", "answer"]
    assert mother.kinds.count("ask_child_year") == 1
    pressed = (button.press for rendered in mother.shown for row in rendered.buttons for button in row)
    first, second = (press for press in pressed if press.startswith("helped") and press.endswith(":1"))
    mother.presses_data(first).presses_data(second)
    with services.database.transaction() as session:
        rated = session.exec(select(Feedback.question_id).order_by(col(Feedback.id))).all()
    assert rated == [one.key for one in questions(services)]


def test_what_has_no_answer_goes_to_a_person_by_name(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(f"{HONEY}？还有{NO_ANSWER}？")
    assert mother.kinds[:2] == ["answer", "relay_parts"]
    assert f"「{NO_ANSWER}？」：这个我手上没有审过的答案" in mother.text
    assert "没有现成答案" in teacher.looks().text
    with services.database.transaction() as session:
        entry = session.exec(select(CaseEntry).join(Case, col(Case.id) == col(CaseEntry.case_id))).one()
    assert entry.text.splitlines() == [f"{HONEY}？还有{NO_ANSWER}？", f"➜ {NO_ANSWER}？"]


def test_a_story_that_runs_on_is_one_question(services: Services) -> None:
    Talker(services, "m").says("娃儿这两天晚上老是醒 还有点哭 抱起来又好了 我婆婆说是吓到了 咋办嘛")
    assert len(questions(services)) == 1


def test_in_english_too(services: Services) -> None:
    mother = Talker(services, "m").says("Can my eight month old have honey?").says("and what if I heat it?")
    assert "Going on from your last question" in mother.text


def test_what_both_messages_told_goes_from_the_screen_with_the_danger(services: Services) -> None:
    before, now = "he fell off the bed and has a bump", "he vomited three times now"
    mother = Talker(services, "m").says(before).says(now)
    assert mother.kinds[0] == "emergency"
    mother.commands("clear")
    with services.database.transaction() as session:
        left = select(col(Message.facts)["text"].astext).where(Message.kind == "said", col(Message.cleared_at).is_(None))
        assert {before, now}.isdisjoint(session.exec(left).all())
