"""Protected cases in Telegram: cards without their words, one tap that says why, and nobody called who may not read them."""

from datetime import timedelta

from sqlmodel import select

from care.safeguarding import actions as guarding
from care.safeguarding.models import Look
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor, staff_row
from tests.fixtures.talk import Talker

BEATEN = "我老公昨晚打了我，娃儿也看到了，我好怕"
KNIFE = "他拿刀追我和娃，救命"


def name(services: Services, login: str) -> None:
    with services.database.transaction() as session:
        guarding.name(session, staff_row(services, login), by=1)


def test_the_card_has_no_word_of_hers_until_a_reason_is_noted(services: Services) -> None:
    wang, li = instructor(services, "wang", name="王芳", address="900"), instructor(services, "li", name="李梅", address="901")
    name(services, "wang")
    mother = Talker(services, "m").says(BEATEN)
    assert (wang.looks().kinds, li.looks().kinds) == (["case_card"], [])
    assert "好怕" not in wang.text
    wang.presses("看内容")
    assert "好怕" in wang.text
    with services.database.transaction() as session:
        assert session.exec(select(Look)).one().reason == "值班接到"
    mother.says("他又回来了")
    assert wang.looks().kinds == ["case_card"]
    assert "又回来" in wang.text  # her reason stands for half an hour
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        mother.says("在敲门")
        assert "敲门" not in wang.looks().text
    wang.presses_data("look:1:because")
    assert wang.kinds == ["staff_stale"]
    assert li.presses_data("look:1:duty").kinds == ["staff_stale"]


def test_where_nobody_who_may_read_it_can_be_reached_the_others_are_asked_to_find_one(services: Services) -> None:
    wang = instructor(services, "wang", name="王芳", address="900")
    instructor(services, "li", name="李梅", address="901").commands("off")
    name(services, "li")
    Talker(services, "m").says(BEATEN)
    assert wang.looks().kinds == ["protected_waits"]
    assert "好怕" not in wang.text
    assert wang.presses_data("take:1").kinds == ["staff_stale"]


def test_a_danger_calls_who_is_named_and_else_whoever_is_on_duty(services: Services) -> None:
    wang, li = instructor(services, "wang", name="王芳", address="900"), instructor(services, "li", name="李梅", address="901")
    name(services, "li")
    Talker(services, "m").says(KNIFE)
    assert (wang.looks().kinds, li.looks().kinds) == ([], ["danger_card"])
    li.commands("off")
    Talker(services, "n").says(KNIFE)
    assert wang.looks().kinds == ["danger_card"]
    assert "拿刀" not in wang.text
    assert "拿刀" in wang.presses("看内容").text
