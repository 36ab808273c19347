"""The morning after a danger: asked once, sent at nine to whoever agreed, and never where somebody she fears may read it."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from care.cases.models import Case, CaseEntry, CaseState
from care.duty import following
from care.duty.models import FollowUp
from care.services import Services
from kit import clock
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

NOT_WAKING = "宝宝喊不醒 嘴巴乌了"
FOUR = datetime(2026, 11, 23, 16, 0, tzinfo=clock.CHINA)
NEXT_NINE = datetime(2026, 11, 24, 9, 0, tzinfo=clock.CHINA)
HALF_AN_HOUR = timedelta(minutes=30)


def tick(services: Services) -> None:
    with services.database.transaction() as session:
        following.due(session)


def asked(services: Services, words: str = NOT_WAKING) -> Talker:
    """Half an hour after her danger."""
    mother = Talker(services, "m").says(words)
    clock.advance(HALF_AN_HOUR)
    tick(services)
    return mother.looks()


def at_nine(services: Services, mother: Talker) -> Talker:
    clock.advance(NEXT_NINE - clock.now())
    tick(services)
    tick(services)
    return mother.looks()


def the_row(session: Session) -> FollowUp:
    return session.exec(select(FollowUp)).one()


def test_she_agrees_and_at_nine_she_is_asked_in_words_that_tell_nothing(services: Services) -> None:
    wang = instructor(services, "wang", name="王芳", address="900")
    with clock.frozen(FOUR):
        mother = asked(services)
        assert mother.kinds == ["follow_ask"]
        assert "11月24日 周二 09:00" in mother.text
        wang.looks().presses_data("take:1")
        assert mother.presses("好").kinds == ["follow_agreed"]
        tick(services)
        assert mother.looks().kinds == []
        assert at_nine(services, mother).kinds == ["follow_up"]
        for telling in ("危险", "求助", "急", "120", "昨", "醒", "值班"):
            assert telling not in mother.text
        wang.looks()
        assert mother.says("好多了，昨晚在医院观察").kinds == ["follow_thanks"]
        assert wang.looks().kinds == ["follow_answered"]
        assert "好多了" in wang.text
        with services.database.transaction() as session:
            row = the_row(session)
            assert (row.agreed_at, row.sent_at) == (FOUR + HALF_AN_HOUR, NEXT_NINE)
            assert row.answered_at


def test_a_tap_is_an_answer_and_reaches_whoever_closed_the_case(services: Services) -> None:
    wang = instructor(services, "wang", name="王芳", address="900")
    with clock.frozen(FOUR):
        mother = asked(services).presses("好")
        with services.database.transaction() as session:
            case = session.exec(select(Case)).one()
            case.state, case.owner_id, case.closed_at = CaseState.CLOSED, 1, clock.now()
        wang.looks()
        at_nine(services, mother).presses("都好")
        assert wang.looks().kinds == ["follow_answered"]
        with services.database.transaction() as session:
            assert session.exec(select(Case)).one().state is CaseState.CLOSED
            assert session.exec(select(CaseEntry.text).order_by(CaseEntry.id.desc())).first() == "都好（点的按钮）"  # type: ignore[union-attr]


def test_without_a_yes_nothing_comes_and_she_is_not_asked_again(services: Services) -> None:
    with clock.frozen(FOUR):
        mother = asked(services)
        mother.says("又喊不醒了，嘴巴乌的")
        clock.advance(HALF_AN_HOUR)
        tick(services)
        assert mother.looks().kinds == []
        assert at_nine(services, mother).kinds == []


@pytest.mark.parametrize("after_yes", [False, True])
def test_one_tap_withdraws_it(services: Services, *, after_yes: bool) -> None:
    with clock.frozen(FOUR):
        mother = asked(services)
        if after_yes:
            mother.presses("好")
        assert mother.presses("不用").kinds == ["follow_refused"]
        assert at_nine(services, mother).kinds == []
        with services.database.transaction() as session:
            assert the_row(session).refused_at


@pytest.mark.parametrize("words", ["他拿刀追我和娃，救命", "我妈妈晕倒了叫不醒，家里只有我一个人，我害怕"])
def test_where_somebody_is_feared_or_a_child_writes_she_is_never_asked(services: Services, words: str) -> None:
    with clock.frozen(FOUR):
        mother = Talker(services, "m").says(words)
        assert "emergency" in mother.kinds
        clock.advance(HALF_AN_HOUR)
        tick(services)
        assert mother.looks().kinds == []


def test_a_screen_that_was_cleared_meanwhile_is_left_alone(services: Services) -> None:
    with clock.frozen(FOUR):
        mother = asked(services).presses("好")
        clock.advance(timedelta(hours=1))
        mother.presses_data("clear")
        assert at_nine(services, mother).kinds == []


def test_somebody_feared_since_then_stops_it(services: Services) -> None:
    with clock.frozen(FOUR):
        mother = asked(services).presses("好")
        mother.says("他拿刀追我和娃，救命")
        assert at_nine(services, mother).kinds == []


def test_a_question_of_the_morning_is_answered_as_a_question(services: Services) -> None:
    with clock.frozen(FOUR):
        mother = at_nine(services, asked(services).presses("好"))
        assert "follow_thanks" not in mother.says("八个月的娃可以吃蜂蜜不").kinds


def test_after_noon_no_good_morning_is_sent_any_more(services: Services) -> None:
    with clock.frozen(FOUR):
        mother = asked(services).presses("好")
        clock.advance(NEXT_NINE + timedelta(hours=4) - clock.now())
        tick(services)
        assert mother.looks().kinds == []


@pytest.mark.parametrize(("hour", "day"), [(3, 23), (5, 24), (12, 24), (23, 24)])
def test_nine_leaves_her_some_hours(hour: int, day: int) -> None:
    at = datetime(2026, 11, 23, hour, 30, tzinfo=clock.CHINA)
    assert following.morning_after(at) == datetime(2026, 11, day, 9, 0, tzinfo=clock.CHINA)


def test_nobody_answers_for_another_family(services: Services) -> None:
    with clock.frozen(FOUR):
        asked(services)
        stranger = Talker(services, "s")
        for data in ("follow:yes:1", "follow:well:1", "follow:no:9", "follow:maybe:1"):
            assert stranger.presses_data(data).kinds == ["stale_button"]
