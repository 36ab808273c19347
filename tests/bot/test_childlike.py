"""A child who writes alone: simple words, no form, nothing asked, and a person looks after it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from care.cases.models import Case, CaseKind
from care.families.models import Channel, Child
from care.privacy.models import Consent
from care.questions.models import Question
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

CHILD = "我8岁，妈妈去打工了，同学不跟我耍"
FORMS = ("ask_", "consent", "homework", "relay")


@pytest.mark.parametrize("channel", list(Channel))
def test_it_is_spoken_to_simply_and_a_person_is_told(services: Services, channel: Channel) -> None:
    teacher = instructor(services, "chen", name="陈", address="88")
    child = Talker(services, "77", channel=channel).says(CHILD)
    assert child.kinds == ["child_here"]
    assert "你先打110，告诉他们你的地址，我陪你" in child.text
    assert "保密" not in child.text
    assert child.labels == ["打110", "清掉这里"]
    assert "不答应替他保密" in teacher.looks().text
    with services.database.transaction() as session:
        case = session.exec(select(Case)).one()
    assert (case.kind, case.topic) == (CaseKind.URGENT, "urgent:child_writing")


def test_what_it_adds_goes_to_the_same_person_and_no_form_ever_comes(services: Services) -> None:
    child = Talker(services, "child").says(CHILD)
    child.says("外面在落雨")
    assert child.kinds == ["heard"]
    assert "先去找一个大人" in child.text
    with clock.frozen(clock.now()):
        clock.advance(timedelta(hours=3))
        child.says("八个月的娃可以吃蜂蜜不")
    assert not [kind for kind in child.kinds if kind.startswith(FORMS)]
    with services.database.transaction() as session:
        assert len(session.exec(select(Case)).all()) == 1
        assert not session.exec(select(Child)).all()
        assert not session.exec(select(Consent)).all()


def test_in_the_middle_of_a_form_the_form_ends(services: Services) -> None:
    child = Talker(services, "child").commands("child")
    assert child.kinds == ["ask_child_year"]
    child.says("我8岁")
    assert child.kinds == ["child_here"]
    with services.database.transaction() as session:
        assert not session.exec(select(Child)).all()
        assert not session.exec(select(Question)).all()


def test_danger_comes_first(services: Services) -> None:
    child = Talker(services, "child").says("我8岁，爸爸在打我，我躲在床底下")
    assert child.kinds == ["emergency"]
    assert "这不是你的错" in child.text
