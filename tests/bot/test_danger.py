"""Danger: the number first, a case, a page, and never a word that somebody was told unless it is true."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.dialogue.events import BlockKind
from care.cases import actions as cases
from care.cases.hours import DutyHours
from care.cases.models import Case, CaseKind
from care.duty import actions as duty
from care.duty import climbing
from care.duty.models import Page, PageState
from care.families.models import Channel
from care.messages import actions as outbox
from care.people import actions as people
from care.places.models import Place
from care.safety import screening
from care.services import Services
from kit import clock
from tests.conftest import GivenSettings
from tests.fixtures.people import instructor, staff_row
from tests.fixtures.talk import Talker

THREE_AT_NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=clock.CHINA)
NOT_WAKING = "宝宝喊不醒 嘴巴乌了"


def by_day(services: Services) -> Services:
    return Services(
        services.settings, services.database, services.blobs, services.library, DutyHours.parse("08:30-20:00"), "k" * 40
    )


def with_addresses(services: Services, addresses: str) -> Services:
    settings = GivenSettings(**{**services.settings.model_dump(), "duty_notify": addresses})
    return Services(settings, services.database, services.blobs, services.library, services.hours, "k" * 40)


def told(services: Services) -> list[str]:
    return Talker(services, "m").looks().kinds


def test_the_reply_begins_with_the_number_and_one_act(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING)
    first = mother.shown[0].blocks[0]
    assert first.kind is BlockKind.ALERT
    assert "120" in first.text[:12]
    assert mother.shown[0].buttons[0][0].tel == "120"


def test_nothing_is_said_of_a_person_before_a_page_arrived(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(NOT_WAKING)
    assert mother.kinds == ["emergency"]
    assert "已经通知" not in mother.text


def test_a_page_that_arrived_is_told(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(NOT_WAKING)
    deliver(services, reached=True)
    assert mother.looks().kinds == ["duty_reached"]


def test_a_page_that_failed_is_told(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(NOT_WAKING)
    deliver(services, reached=False)
    assert mother.looks().kinds == ["duty_nobody"]


def test_a_page_that_hangs_is_told_after_half_a_minute(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(NOT_WAKING)
    with clock.frozen(clock.now() + timedelta(seconds=40)):
        with services.database.transaction() as session:
            duty.due(session)
        assert mother.looks().kinds == ["duty_nobody"]


def deliver(services: Services, *, reached: bool) -> None:
    with services.database.transaction() as session:
        claimed = [row for row in outbox.claim(session, Channel.TELEGRAM) if row.kind == "danger_card"]
        claimed = claimed or [row for row in outbox.claim(session, Channel.TELEGRAM) if row.kind == "danger_card"]
    with services.database.transaction() as session:
        page = session.exec(select(Page)).one()
        assert page.message_id is not None
        duty.settle_message(session, page.message_id, reached=reached)


def test_three_at_night_nobody_is_on_duty_and_she_is_told(services: Services) -> None:
    services = by_day(services)
    teacher = instructor(services, "wang", name="王芳", address="900")
    with clock.frozen(THREE_AT_NIGHT):
        mother = Talker(services, "m").says(NOT_WAKING)
        assert "没有人值班" in mother.text
        assert "已经通知" not in mother.text
        assert teacher.looks().kinds == []
    with services.database.transaction() as session:
        assert session.exec(select(Case)).one().kind is CaseKind.DANGER


def test_at_night_an_address_that_is_always_manned_is_paged(services: Services) -> None:
    services = by_day(with_addresses(services, "json://127.0.0.1:9/"))
    with clock.frozen(THREE_AT_NIGHT):
        mother = Talker(services, "m").says(NOT_WAKING)
        assert "没有人值班" not in mother.text
        with services.database.transaction() as session:
            page = duty.waiting_addresses(session)[0]
            duty.settle(session, page, reached=True)
        assert mother.looks().kinds == ["duty_reached"]


def test_staff_who_are_off_duty_are_not_paged(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900").commands("off")
    mother = Talker(services, "m").says(NOT_WAKING)
    assert "没有人值班" in mother.text
    assert teacher.looks().kinds == []


def test_a_second_message_joins_the_first_page(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(NOT_WAKING)
    mother.says("还是喊不醒，脸都青了")
    assert mother.kinds == ["emergency"]
    with services.database.transaction() as session:
        assert len(session.exec(select(Page)).all()) == 1
        assert len(session.exec(select(Case)).all()) == 1


def test_a_failure_of_screening_brings_a_person(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "plain", lambda *_: 1 / 0)
    mother = Talker(services, "m").says("宝宝晚上老是醒怎么办")
    assert mother.kinds[0] == "urgent"


@pytest.mark.parametrize("kind", ["voice", "photo"])
def test_what_nothing_can_read_goes_to_a_person_with_the_danger_line(services: Services, kind: str) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").sends(kind)
    assert mother.kinds[0] == "unreadable"
    assert "120" in mother.text
    assert "打字" not in mother.text
    assert "工作台" in teacher.looks().text


def test_a_danger_in_a_caption_is_an_emergency(services: Services) -> None:
    assert Talker(services, "m").sends("photo", caption=NOT_WAKING).kinds[0] == "emergency"


def test_an_absent_instructor_is_offered_nothing(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    with services.database.transaction() as session:
        people.go_off_duty(session, staff_row(services, "wang"))
    Talker(services, "m").commands("person").says("想找老师")
    assert teacher.looks().kinds == []


def test_page_states(services: Services) -> None:
    instructor(services, "wang", name="王芳", address="900")
    Talker(services, "m").says(NOT_WAKING)
    deliver(services, reached=True)
    with services.database.transaction() as session:
        assert session.exec(select(Page)).one().state is PageState.REACHED


def test_what_she_adds_in_danger_goes_to_that_case_and_nowhere_else(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(NOT_WAKING)
    teacher.looks().presses("我来答")
    assert mother.says("我在奉节县兴隆镇荆竹村3组").kinds == ["heard"]
    assert mother.labels[0] == "马上打120"
    assert "荆竹村" in teacher.looks().text
    assert mother.sends("photo").kinds == ["heard"]
    with services.database.transaction() as session:
        assert len(session.exec(select(Case)).all()) == 1


def test_a_reply_in_danger_keeps_the_number_and_asks_for_no_marks(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    mother = Talker(services, "m").says(NOT_WAKING)
    teacher.looks().presses("我来答")
    with services.database.transaction() as session:
        case = session.exec(select(Case)).one()
        cases.answer(session, case, by=session.merge(staff_row(services, "wang")), text="我马上打给您", key="k")
    assert mother.looks().labels[0] == "马上打120"
    assert "帮上了" not in mother.labels


def test_hours_later_she_may_ask_ordinary_things_again(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING)
    with clock.frozen(clock.now() + timedelta(hours=3)):
        assert mother.says("八个月的娃可以吃蜂蜜不").kinds[0] == "answer"


def test_a_danger_that_nobody_takes_is_paged_again(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    Talker(services, "m").says(NOT_WAKING)
    assert teacher.looks().kinds == ["danger_card"]
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        with services.database.transaction() as session:
            climbing.climb(session, hours=services.hours, addresses=0)
        assert teacher.looks().kinds == ["danger_card"]


def test_a_family_of_no_known_place_reaches_whoever_is_there(services: Services) -> None:
    teacher = instructor(services, "wang", name="王芳", address="900")
    with services.database.transaction() as session:
        place = session.exec(select(Place).where(Place.code == "500153")).one()
        people.assign(session, staff_row(services, "wang"), place=place, by=1)
    mother = Talker(services, "m").says(NOT_WAKING)
    assert teacher.looks().kinds == ["danger_card"]
    assert "没有人值班" not in mother.text
