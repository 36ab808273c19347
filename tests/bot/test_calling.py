"""A number to be called on: given by a button under danger, kept sealed, seen by the holder alone, and every look is logged."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from care.cases import actions, queries
from care.cases.errors import NotHeld
from care.cases.models import Case, CaseEntry
from care.duty import calling
from care.duty.models import CallNumber
from care.services import Services
from kit.audit import AuditEntry
from kit.sealing import SealBroken
from tests.fixtures.people import instructor, staff_row
from tests.fixtures.talk import Talker

NOT_WAKING = "宝宝喊不醒 嘴巴乌了"
NUMBER = "13812345678"
BUTTON = "留个电话"


@pytest.fixture
def teacher(services: Services) -> Talker:
    return instructor(services, "wang", name="王芳", address="900")


def everything_written(services: Services) -> str:
    with services.database.transaction() as session:
        names = sa.inspect(session.connection()).get_table_names()
        rows = [session.execute(sa.text(f'select "{name}"::text from "{name}"')).scalars().all() for name in names]
    return "\n".join(value for those in rows for value in those)


def look(services: Services, login: str = "wang") -> str:
    with services.database.transaction() as session:
        case = session.get_one(Case, 1)
        return calling.look(session, case, by=staff_row(services, login), signing_key=services.signing_key)


def test_it_is_kept_nowhere_in_the_open_and_no_card_holds_it(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).presses(BUTTON)
    assert mother.kinds == ["ask_phone_number"]
    mother.says("138 1234-5678")
    assert mother.kinds == ["phone_kept"]
    assert "number_left" in teacher.looks().kinds
    written = everything_written(services)
    assert NUMBER not in written
    assert "1234-5678" not in written


def test_the_holder_sees_it_and_that_is_logged(services: Services, teacher: Talker) -> None:
    Talker(services, "m").says(NOT_WAKING).presses(BUTTON).says(NUMBER)
    with pytest.raises(NotHeld):
        look(services)
    teacher.presses_data("take:1")
    assert look(services) == NUMBER
    with services.database.transaction() as session:
        seen = session.exec(select(CaseEntry.staff_id).where(CaseEntry.text == calling.NUMBER_SEEN)).all()
        audited = session.exec(select(AuditEntry.staff_id).where(AuditEntry.verb == calling.NUMBER_SEEN)).all()
        assert seen == audited == [staff_row(services, "wang").key]


def test_a_colleague_does_not(services: Services, teacher: Talker) -> None:
    instructor(services, "li", name="李梅", address="901")
    Talker(services, "m").says(NOT_WAKING).presses(BUTTON).says(NUMBER)
    teacher.presses_data("take:1")
    with pytest.raises(NotHeld):
        look(services, "li")


def test_a_later_number_takes_its_place(services: Services, teacher: Talker) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).presses(BUTTON)
    mother.says(NUMBER)
    mother.presses_data("phone:1").says("电话：023-67891234")
    teacher.presses_data("take:1")
    assert look(services) == "02367891234"
    with services.database.transaction() as session:
        assert len(session.exec(select(CallNumber)).all()) == 1


def test_another_key_opens_nothing(services: Services, teacher: Talker) -> None:
    Talker(services, "m").says(NOT_WAKING).presses(BUTTON).says(NUMBER)
    teacher.presses_data("take:1")
    with services.database.transaction() as session, pytest.raises(SealBroken):
        calling.look(session, session.get_one(Case, 1), by=staff_row(services, "wang"), signing_key="another key" * 4)


def test_a_wrong_number_is_asked_again_and_not_kept_either(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).presses(BUTTON).says("1381234567")
    assert mother.kinds == ["phone_wrong"]
    assert "1381234567" not in everything_written(services)
    assert mother.says(NUMBER).kinds == ["phone_kept"]


def test_one_that_she_writes_unasked_reaches_no_card(services: Services, teacher: Talker) -> None:
    Talker(services, "m").says(f"{NOT_WAKING} 我电话138 1234 5678")
    assert "请到工作台看" in teacher.looks().text
    assert "5678" not in teacher.text


def test_words_and_danger_are_heard_while_it_is_asked(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).presses(BUTTON)
    assert mother.says("我在奉节县兴隆镇荆竹村3组").kinds[0] == "heard"
    assert mother.says("又抽筋了，喊不醒，脸青了").kinds[0] == "emergency"


def test_it_can_be_left_out_and_belongs_to_her_alone(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).presses(BUTTON)
    assert mother.presses("先不说").kinds == ["skipped"]
    assert Talker(services, "n").says("你好").presses_data("phone:1").kinds == ["stale_button"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812345678", "13812345678"),
        ("１３８ １２３４ ５６７８", "13812345678"),
        ("+86 138 1234 5678", "+8613812345678"),
        ("我的电话是13812345678。", "13812345678"),
        ("023-67891234", "02367891234"),
        ("(010) 6789 1234", "01067891234"),
        ("67891234", "67891234"),
        ("+44 20 7946 0958", "+442079460958"),
        ("1381234567", None),
        ("12812345678", None),
        ("2026年11月22日", None),
        ("120", None),
        ("孩子烧到39度5，13号开始的", None),
    ],
)
def test_what_is_a_number(text: str, number: str | None) -> None:
    assert calling.number_in(text) == number


def test_a_number_among_her_words_is_masked_and_opened_like_the_sealed_one(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900").looks()
    Talker(services, "m").says(NOT_WAKING).says("我电话 138 1234 5678，快打过来")
    with services.database.transaction() as session:
        case, wang = session.get_one(Case, 1), staff_row(services, "wang")
        assert "5678" not in queries.view(session, case).question
        assert calling.left(session, case)
        actions.take(session, case, by=wang)
        assert calling.look(session, case, by=wang, signing_key=services.signing_key) == "13812345678"
        assert session.exec(select(CaseEntry).where(CaseEntry.text == calling.NUMBER_SEEN)).one().staff_id == wang.key
