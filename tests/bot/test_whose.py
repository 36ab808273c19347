"""Several children: whose the question is, asked once and only where the answer turns on it."""

from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from sqlmodel import col, select

from care.editions import actions as editions
from care.editions import queries as reading
from care.editions.building import build
from care.families import actions as families
from care.families.models import Channel
from care.questions.models import Question
from care.services import Services
from kit import clock
from knowledge.actions import import_passages
from knowledge.editions.freezing import freeze
from knowledge.markdown import parse_folder
from tests.fixtures.talk import Talker

FEVERS = ("fever-3-to-6-months.md", "fever-after-6-months.md")
FEVER = "娃儿发烧了咋办"


@pytest.fixture
def mother(services: Services, tmp_path: Path) -> Talker:
    """Of Doudou, four months, and Maomao, three years. What is said of a fever turns on the age."""
    folder = tmp_path / "passages"
    folder.mkdir()
    for name in FEVERS:
        (folder / name).write_text((Path("knowledge/curriculum") / name).read_text(encoding="utf-8"), encoding="utf-8")
    with services.database.transaction() as session:
        import_passages(session, parse_folder(folder))
        number = freeze(session).key
    build(services.database, number, library=services.library, blobs=services.blobs)
    with services.database.transaction() as session:
        editions.publish(session, number, allow_unreviewed=True)
    with services.database.transaction() as session:
        services.library.follow(reading.answering(session, allow_unreviewed=True), services.blobs)
        who = families.meet(session, Channel.WEB, address="m")
        month = clock.today().replace(day=1)
        families.add_child(session, who, birth_month=month - relativedelta(months=4), nickname="豆豆")
        families.add_child(session, who, birth_month=month - relativedelta(months=36), nickname="毛毛")
    return Talker(services, "m")


def shown(services: Services) -> list[str]:
    with services.database.transaction() as session:
        asked = session.exec(select(Question).order_by(col(Question.id))).all()
    return [question.shown[0]["slug"] if question.shown else "" for question in asked]


def test_she_is_asked_once_and_answered_for_that_child(services: Services, mother: Talker) -> None:
    mother.says(FEVER)
    assert mother.kinds == ["ask_whose_child"]
    assert mother.labels[0].startswith("豆豆")
    mother.presses("豆豆")
    assert mother.kinds[0] == "answer"
    assert shown(services) == ["fever-3-to-6-months"]
    assert "ask_whose_child" not in mother.says("又发烧了咋办").kinds
    assert shown(services)[-1] == "fever-3-to-6-months"


def test_a_name_or_an_age_in_the_question_says_it(services: Services, mother: Talker) -> None:
    assert mother.says("毛毛发烧了咋办").kinds[0] == "answer"
    assert mother.says("小的发烧了咋办").kinds[0] == "answer"
    assert mother.says("四岁的娃发烧了咋办").kinds[0] == "answer"
    assert shown(services) == ["fever-after-6-months", "fever-3-to-6-months", "fever-after-6-months"]


def test_it_can_be_skipped_and_said_in_words(services: Services, mother: Talker) -> None:
    assert mother.says(FEVER).presses("直接答").kinds[0] == "choices"
    assert mother.says(FEVER).kinds[0] == "choices"


def test_where_the_answer_is_the_same_nothing_is_asked(mother: Talker) -> None:
    assert "ask_whose_child" not in mother.says("宝宝晚上老是醒怎么办").kinds


def test_a_name_typed_answers_it_and_another_question_is_answered_between(services: Services, mother: Talker) -> None:
    mother.says(FEVER).says("可以吃蜂蜜不")
    assert "ask_whose_child" in mother.kinds
    assert mother.says("毛毛").kinds[0] == "answer"
    assert shown(services)[0] == "fever-after-6-months"
