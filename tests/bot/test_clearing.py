"""«Clear this from here» stands where it may be needed: under talk with a person, and under danger where somebody is feared."""

from datetime import timedelta

import pytest
from sqlmodel import select

from care.messages.models import Message
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

CLEAR = "清掉这里"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("老公打我，打得我出血了", True),
        ("我不想活了，想抱着娃跳下去", True),
        ("宝宝喊不醒 嘴巴乌了", False),
        ("八个月的娃可以吃蜂蜜不", False),
    ],
)
def test_under_danger_where_somebody_is_feared(services: Services, text: str, offered: bool) -> None:
    assert (CLEAR in Talker(services, "mother").says(text).labels) is offered


def test_under_a_person_s_words_and_it_clears_them(services: Services) -> None:
    teacher = instructor(services, "chen", name="陈", address="88")
    mother = Talker(services, "mother").says("娃儿学走路要不要穿鞋")
    teacher.looks().presses("我来答").says("光脚最好", reply_to=card(services))
    with clock.frozen(clock.now()):
        clock.advance(timedelta(minutes=2))  # till then the teacher can take it back
        assert CLEAR in mother.looks().labels
        assert "光脚最好" in mother.text
        mother.presses(CLEAR)
        assert mother.kinds == ["cleared"]


def card(services: Services) -> str:
    """Telegram's number of the card."""
    with services.database.transaction() as session:
        row = session.exec(select(Message).where(Message.kind == "case_card").limit(1)).one()
        row.remote_id = "5"
        session.add(row)
    return "5"
