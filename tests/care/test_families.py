"""Caregivers and children: ages, the return code, and two records that turn out to be one person."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from care.cases.models import Case
from care.families import actions, linking, queries
from care.families.errors import UnknownReturnCode
from care.families.models import Caregiver, Channel, Child
from care.places.actions import add_site, seed_divisions
from care.places.models import Place
from care.services import Services
from kit import clock
from kit.errors import Invalid, NotFound
from kit.limits import TooManyAttempts
from kit.tokens import TokenInvalid
from tests.fixtures.talk import Talker

KEY = "k" * 40


def a_child(birth_month: date | None, *, expected: bool = False, weeks_early: int = 0) -> Child:
    return Child(birth_month=birth_month, expected=expected, weeks_early=weeks_early, created_at=clock.now())


@pytest.mark.parametrize(
    ("born", "today", "months"),
    [
        (date(2026, 3, 1), date(2026, 11, 22), 8),
        (date(2026, 11, 1), date(2026, 11, 22), 0),
        (date(2025, 12, 1), date(2026, 11, 30), 11),
        (date(2027, 1, 1), date(2026, 11, 22), -2),
    ],
)
def test_age_in_whole_months(born: date, today: date, months: int) -> None:
    assert a_child(born).age_months(today) == months


def test_an_early_child_counts_from_the_due_date_until_two() -> None:
    early = a_child(date(2026, 1, 1), weeks_early=8)
    assert early.corrected_months(date(2026, 11, 22)) == 8
    assert early.corrected_months(date(2028, 2, 1)) == 25


def test_meeting_twice_is_one_caregiver(session: Session) -> None:
    first = actions.meet(session, Channel.WEB, address="a")
    assert actions.meet(session, Channel.WEB, address="a").id == first.id
    assert actions.meet(session, Channel.TELEGRAM, address="a").id != first.id


def test_a_sites_code_sets_the_place_once(session: Session) -> None:
    seed_divisions(session)
    site = add_site(session, "RC-01", name="昌元街道中心", place_code="500153")
    who = actions.meet(session, Channel.WEB, address="a", site_code="RC-01")
    assert who.place_id == site.place_id
    assert actions.meet(session, Channel.WEB, address="b", site_code="nobody").place_id is None


def test_a_site_needs_a_place_and_a_plain_code(session: Session) -> None:
    seed_divisions(session)
    with pytest.raises(NotFound):
        add_site(session, "RC-01", name="x", place_code="999999")
    with pytest.raises(Invalid):
        add_site(session, "荣昌", name="x", place_code="500153")


def test_the_divisions_are_the_city_and_its_41_teams(session: Session) -> None:
    seed_divisions(session)
    seed_divisions(session)
    assert len(session.exec(select(Place)).all()) == 42


def test_the_return_code_leads_back_from_another_browser(session: Session) -> None:
    who = actions.meet(session, Channel.WEB, address="old")
    code = actions.return_code(session, who, signing_key=KEY)
    assert len(code) == 6
    assert actions.come_back(session, code, signing_key=KEY, address="new").id == who.id
    assert actions.meet(session, Channel.WEB, address="new").id == who.id


def test_a_wrong_or_old_code_is_refused(session: Session) -> None:
    who = actions.meet(session, Channel.WEB, address="old")
    code = actions.return_code(session, who, signing_key=KEY)
    with pytest.raises(UnknownReturnCode):
        actions.come_back(session, f"{(int(code) + 1) % 1_000_000:06d}", signing_key=KEY, address="new")
    with clock.frozen(clock.now() + actions.RETURN_CODE_LASTS + timedelta(days=1)), pytest.raises(UnknownReturnCode):
        actions.come_back(session, code, signing_key=KEY, address="new")


def test_guessing_codes_is_stopped(session: Session) -> None:
    for _ in range(5):
        actions.count_return_code(session, address="1.2.3.4")
        session.flush()
    with pytest.raises(TooManyAttempts):
        actions.count_return_code(session, address="1.2.3.4")


def test_the_web_talk_moves_to_telegram(services: Services) -> None:
    mother = Talker(services, "cookie").says("八个月的娃可以吃蜂蜜不")
    mother.presses_data("addchild").says("两岁").says("豆豆")
    mother.commands("person").says("想跟老师说说")
    with services.database.transaction() as session:
        who = actions.meet(session, Channel.WEB, address="cookie")
        token = actions.telegram_link(session, who)
    on_telegram = Talker(services, "800", channel=Channel.TELEGRAM).commands("start", f"f_{token}")
    assert "接上了" in on_telegram.text
    with services.database.transaction() as session:
        one = session.exec(select(Caregiver)).one()
        assert queries.contact(session, one, Channel.WEB)
        assert queries.contact(session, one, Channel.TELEGRAM)
        assert [child.nickname for child in queries.children(session, one)] == ["豆豆"]


def test_a_moved_family_keeps_both_open_cases(services: Services) -> None:
    Talker(services, "cookie").commands("person").says("网页上的事")
    Talker(services, "800", channel=Channel.TELEGRAM).commands("person").says("手机上的事")
    with services.database.transaction() as session:
        away = actions.meet(session, Channel.WEB, address="cookie")
        here = actions.meet(session, Channel.TELEGRAM, address="800")
        linking.move_family(session, actions.telegram_link(session, away), to=here)
    with services.database.transaction() as session:
        assert len(session.exec(select(Caregiver)).all()) == 1
        assert len(session.exec(select(Case)).all()) == 2


def test_a_link_works_once(session: Session) -> None:
    away, here = actions.meet(session, Channel.WEB, address="a"), actions.meet(session, Channel.TELEGRAM, address="b")
    token = actions.telegram_link(session, away)
    linking.move_family(session, token, to=here)
    with pytest.raises(TokenInvalid):
        linking.move_family(session, token, to=here)
