"""What she asked the machine shortly before stands in the case as well, as far as she lets it be kept."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from care.cases.models import Case
from care.questions import queries
from care.questions.models import Outcome, Question
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=clock.CHINA)
ALONE = "八个月可以喝蜂蜜水吗，我一个人带，腰又痛"


def found(services: Services) -> list[str]:
    with services.database.transaction() as session:
        return [one.text for one in queries.asked_shortly_before(session, session.exec(select(Case)).one())]


@pytest.mark.parametrize(("minutes", "shown"), [(10, [ALONE]), (61, [])])
def test_what_she_asked_within_the_hour_is_shown(services: Services, minutes: int, shown: list[str]) -> None:
    with clock.frozen(TEN):
        teacher = instructor(services, "wang", name="王芳", address="900")
        grandmother = Talker(services, "g").says(ALONE)
        with services.database.transaction() as session:
            assert session.exec(select(Question)).one().outcome in (Outcome.ANSWER, Outcome.CHOOSE)
        clock.advance(timedelta(minutes=minutes))
        grandmother.presses_data("person").says("他老是把碗甩到地上，我弯不下腰捡")
        assert found(services) == shown
        assert (ALONE in teacher.looks().text) is bool(shown)


def test_what_she_refused_to_have_kept_is_not(services: Services) -> None:
    with clock.frozen(TEN):
        grandmother = Talker(services, "g").presses_data("consent:answering:0").says(ALONE)
        clock.advance(timedelta(minutes=1))
        grandmother.presses_data("person").says("他老是把碗甩到地上，我弯不下腰捡")
        assert found(services) == []
