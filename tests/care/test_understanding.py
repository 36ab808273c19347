"""What a message asks: several questions told apart, a run-on story left whole, a follow-up known by its form."""

import pytest

from care.questions.considering import Considered
from care.questions.doses import asks_for_dose
from care.questions.followups import Form, form_of, joined
from care.questions.models import Outcome
from care.questions.splitting import split
from care.questions.understanding import Before, screen_message, understand
from care.safety.models import Level
from care.services import Services

HONEY = Before("八个月的娃可以吃蜂蜜不", "honey-under-1")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("娃儿不吃饭咋办 还有晚上老醒 要不要补钙", ("娃儿不吃饭咋办", "晚上老醒", "要不要补钙")),
        ("1、不吃饭怎么办 2、晚上老醒 3、补不补钙", ("不吃饭怎么办", "晚上老醒", "补不补钙")),
        ("两岁不说话怎么办？另外再问一哈，怕黑怎么办", ("两岁不说话怎么办？", "怕黑怎么办")),
        ("我想问两个问题，第一个是娃儿挑食咋办，第二个是晚上不睡", ("娃儿挑食咋办", "晚上不睡")),
        ("娃儿不吃饭咋办还有晚上老醒怎么办", ("娃儿不吃饭咋办", "晚上老醒怎么办")),
        ("可以吃蜂蜜不？对了，晚上老醒咋办", ("可以吃蜂蜜不？", "晚上老醒咋办")),
        ("How do I wean her? Another question: what helps with teething?", ("How do I wean her?", "what helps with teething?")),
        ("Can he have honey? And also he wakes all night", ("Can he have honey?", "he wakes all night")),
    ],
)
def test_several_questions_are_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert split(text).parts == parts


@pytest.mark.parametrize(
    "text",
    [
        "咳嗽，还有流鼻涕，怎么办",
        "吃了饭还有点咳嗽咋办",
        "发烧38.5怎么办 要不要去医院",
        "娃儿晚上老是醒怎么办 是不是缺钙",
        "娃儿这两天不吃饭 也不睡觉 还有点拉肚子 我婆婆说是着凉了 到底咋回事嘛",
        "他从小是外婆带大的现在我把他接回来他天天哭着要外婆我抱他他就推我怎么样他才会跟我亲",
        "1.5岁不说话怎么办",
        "宝宝拉肚子，能不能吃鸡蛋？能不能喝酸奶？",
        "娃娃2.5岁不说话，正常吗？需要看医生吗？",
        "娃儿咳嗽老不好咋办 还有没有别的办法",
        "My son has had a cough for 2 days, also a runny nose, what should I do?",
    ],
)
def test_one_story_is_one_question(text: str) -> None:
    assert split(text).parts == (text,)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("那晚上呢", Form.BARE),
        ("那要喂好多", Form.BARE),
        ("多久才好", Form.BARE),
        ("那两岁的呢", Form.BARE),
        ("what about at night", Form.BARE),
        ("and if he won't", Form.BARE),
        ("even if I cut them in half?", Form.BARE),
        ("谢谢 那白天呢", Form.BARE),
        ("晚上不睡咋办", Form.SHORT),
        ("数学呢", Form.THIN),
        ("那学走路要不要穿鞋", Form.LINKED),
        ("红屁股咋办", Form.SHORT),
        ("那老二呢", Form.NONE),
        ("and his brother?", Form.NONE),
        ("谢谢老师", Form.NONE),
        ("晚上醒了四五次", Form.NONE),
    ],
)
def test_how_much_a_message_shows_of_a_follow_up(text: str, form: Form) -> None:
    assert form_of(text) is form


def test_an_age_told_now_takes_the_place_of_the_one_told_before() -> None:
    assert "八个月" not in joined(HONEY.text, "那两岁的呢")
    assert "八个月" in joined(HONEY.text, "那晚上呢")


def read(services: Services, text: str, before: Before | None = HONEY) -> tuple[bool, Considered]:
    edition = services.library.current()
    said = screen_message(text, before=before)
    understood = understand(said, edition, lang="zh", before=before)
    return understood.goes_on, understood.first


def test_a_bare_follow_up_is_read_with_the_question_before(services: Services) -> None:
    goes_on, considered = read(services, "那要是加热呢")
    assert goes_on
    assert considered.best.slug == "honey-under-1"
    # She has just read it: it is offered as a title, not said again.
    assert considered.outcome is Outcome.CHOOSE


@pytest.mark.parametrize("text", ["宝宝晚上老是醒怎么办", "那宝宝晚上老是醒怎么办", "股票明天涨不涨"])
def test_a_message_that_stands_by_itself_is_not_joined(services: Services, text: str) -> None:
    goes_on, considered = read(services, text)
    assert not goes_on
    assert considered.screened.text == text


def test_an_amount_after_a_medicine_is_a_demand_for_a_dose(services: Services) -> None:
    before = Before("发烧了退烧药可以吃不", "night-waking")
    goes_on, considered = read(services, "那一次要喂好多", before)
    assert goes_on
    assert considered.outcome is Outcome.RELAY
    assert not asks_for_dose("那一次要喂好多")


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("我家娃两个月 有点烫", "量了38.2"),
        ("he fell off the bed and has a bump", "he vomited three times now"),
    ],
)
def test_danger_that_only_both_messages_tell(before: str, text: str) -> None:
    assert screen_message(text).level is Level.NORMAL
    said = screen_message(text, before=Before(before, ""))
    assert said.level is Level.EMERGENCY
    assert said.text == f"{before}\n{text}"


def test_danger_in_one_of_several_questions_decides() -> None:
    said = screen_message("可以吃蜂蜜不？另外宝宝喊不醒 嘴巴乌了", before=None)
    assert said.level is Level.EMERGENCY


def test_two_parts_that_are_surely_answered_are_several_questions(services: Services) -> None:
    text = "八个月的娃可以吃蜂蜜不 另外晚上老是醒怎么办"
    understood = understand(screen_message(text), services.library.current(), lang="zh")
    assert [one.best.slug for one in understood.questions] == ["honey-under-1", "night-waking"]
    assert [one.outcome for one in understood.questions] == [Outcome.ANSWER, Outcome.ANSWER]
