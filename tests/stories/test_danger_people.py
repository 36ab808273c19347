"""Danger and the people around it, in Telegram as it runs: the roster at night, two families at once, a child, no database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlmodel import col, select

from care.cases.models import Case
from care.duty import actions as duty
from care.duty.models import Page, Rung
from care.families.models import Caregiver
from care.places.models import Place
from care.roster import actions as roster
from care.safety import Category
from care.safety.first_lines import first_line
from care.safety.screening import screen
from care.services import Services
from kit import clock
from kit.accounts.queries import by_login
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker
from tests.stories.test_telegram_danger import BY_DAY, HOURS, THREE_AT_NIGHT, TOLD
from tests.stories.town import NOT_WAKING, Town

EACH_CLASS = {
    Category.MEDICAL: NOT_WAKING,
    Category.CHOKING: "娃儿被花生卡到了 出不到气 脸都紫了",
    Category.POISON: "宝宝刚刚喝了一口洁厕灵",
    Category.FIRE: "屋头燃起来了 烟好大 娃儿还在里面",
    Category.SELF_HARM: "我站在楼顶，不想活了，娃儿就托付给你们",
    Category.VIOLENCE: "他拿刀追我和娃，救命",
    Category.ABUSE: "隔壁三岁娃儿一个人锁在屋头两天了没得人管",
    Category.MISSING: "娃儿不见了，商场里到处找不到",
    Category.GUARDIANSHIP: "门口捡到一个刚出生的奶娃，没得大人",
}


@pytest.mark.parametrize("category", sorted(EACH_CLASS))
def test_each_class_by_day_has_its_number_its_case_and_a_page_that_is_told(services: Services, category: Category) -> None:
    words = EACH_CLASS[category]
    said = screen(words)
    assert (said.category, bool(first_line(said, "zh"))) == (category, True)
    with clock.frozen(BY_DAY):
        wang = instructor(services, "wang", name="王芳", address="900")
        mother = Talker(services, "m").says(words)
        assert mother.kinds == ["emergency"]
        assert mother.shown[0].blocks[0].text == first_line(said, "zh")
        assert wang.looks().kinds == ["danger_card"]
        assert TOLD not in mother.text
        with services.database.transaction() as session:
            duty.settle(session, session.exec(select(Page)).one(), reached=True)
        assert TOLD in mother.looks().text


async def test_at_three_at_night_whoever_stands_in_the_roster_is_paged(town: Town) -> None:
    town = town.with_hours(HOURS)
    mother = town.mother()
    with clock.frozen(THREE_AT_NIGHT):
        async with town.open():
            chen, wang = await town.teacher("chen", "陈老师"), await town.teacher("wang", "王老师")
            stands_tonight(town, "chen")
            await mother.says(NOT_WAKING)
            assert "没有人值班" not in (await mother.expects("120")).text
            await chen.expects("紧急求助")
            await mother.expects(TOLD)
            assert not any("紧急求助" in message.text for message in wang.received)


def stands_tonight(town: Town, login: str) -> None:
    with town.services.database.transaction() as session:
        staff, city = by_login(session, login), session.exec(select(Place).where(Place.code == "500000")).one()
        assert staff
        roster.put_on_duty(session, staff, place=city, begins=time(22), ends=time(6), weekdays=[6], by=staff.key)


async def test_two_families_at_once_are_two_calls_and_the_one_not_taken_climbs(town: Town) -> None:
    town = town.with_hours(HOURS)
    one, other = town.mother(), town.mother("赵妈妈")
    with clock.frozen(BY_DAY):
        async with town.open():
            chen = await town.teacher("chen", "陈老师")
            await one.says(NOT_WAKING)
            await other.says("孩子抽筋了 叫不应")
            for mother in (one, other):
                assert "120" in (await mother.expects("120")).text[:15]
            first = await chen.expects("嘴巴乌了")
            await chen.expects("叫不应")
            await chen.replies(first, "我马上打给您")
            await one.expects("我马上打给您")
            clock.advance(timedelta(minutes=5))
            await chen.expects("叫不应")
            assert not any("我马上打给您" in message.text for message in other.received)
    with town.services.database.transaction() as session:
        climbed = set(session.exec(select(Page.case_id).where(col(Page.rung) > Rung.FIRST)))
        whose = select(Caregiver.alias).join(Case, col(Case.caregiver_id) == col(Caregiver.id)).where(col(Case.id).in_(climbed))
        assert session.exec(whose).all() == [town.alias(other)]


async def test_a_child_that_writes_in_danger_is_told_one_simple_thing_and_whoever_is_paged_sees_it(town: Town) -> None:
    town = town.with_hours(HOURS)
    child = town.mother("小小")
    with clock.frozen(BY_DAY):
        async with town.open():
            chen = await town.teacher("chen", "陈老师")
            await child.says("我妈妈晕倒了叫不醒，家里只有我一个人，我害怕")
            first = await child.expects("120")
            assert "保密" not in first.text
            await chen.expects("紧急求助")
            clock.advance(timedelta(minutes=31))
            await child.expects_nothing("问候", within=1)


async def test_with_the_database_down_a_danger_is_kept_and_answered_when_it_is_back(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await mother.says("/help")
        await mother.expects("/menu", within=20)
        with without_connections(town.services.database.url):
            await mother.says(NOT_WAKING)
            await mother.expects_nothing("120", within=0.5)
        assert "120" in (await mother.expects("120", within=30)).text[:15]


@contextmanager
def without_connections(url: str) -> Iterator[None]:
    """PostgreSQL turns everybody away from this database, as while it is restarted."""
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(url, dbname="postgres", autocommit=True) as maintenance:
        let = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        maintenance.execute(let.format(sql.Identifier(name), sql.SQL("false")))
        maintenance.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            maintenance.execute(let.format(sql.Identifier(name), sql.SQL("true")))
