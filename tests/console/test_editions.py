"""Editions at the console: a build asked for once, its end shown, publishing, rolling back, and what instructors propose."""

import sqlalchemy as sa
from sqlmodel import select

from care.editions.building import build
from care.services import Services
from kit.accounts.models import Role
from knowledge import actions as curriculum
from knowledge.editions.models import BuildState, Edition, Publication
from knowledge.models import Proposal
from tests.console.conftest import Colleague, Hire
from tests.fixtures.editions import live


def jobs_waiting(services: Services) -> int:
    with services.database.engine.connect() as connection:
        return len(connection.execute(sa.text("select 1 from procrastinate_jobs where status = 'todo'")).all())


def second_edition(services: Services, ning: Colleague) -> int:
    ning.browser.get("/console/editions")
    ning.browser.submit("/console/editions")
    with services.database.transaction() as session:
        number = max(session.exec(select(Edition.number)).all(), key=lambda number: number or 0)
    assert number
    build(services.database, number, library=services.library, blobs=services.blobs)
    return number


def test_a_build_is_asked_for_once_however_often_the_button_is_pressed(services: Services, hire: Hire) -> None:
    ning = hire("ning", Role.EDITOR)
    assert "现在发布的就是最新的内容" in ning.browser.get("/console/editions").text
    for _ in range(3):
        assert "正在生成" in ning.browser.submit("/console/editions").text
    assert jobs_waiting(services) == 1
    with services.database.transaction() as session:
        assert len(session.exec(select(Edition)).all()) == 2


def test_the_live_part_shows_how_far_the_build_is(services: Services, hire: Hire) -> None:
    ning = hire("ning", Role.EDITOR)
    ning.browser.get("/console/editions")
    ning.browser.submit("/console/editions")
    with services.database.transaction() as session:
        session.execute(sa.text("update edition set state = 'building', progress = 40 where number = 2"))
    part = ning.browser.get("/console/editions", **{"x-fragment": "list"}).text
    assert "40%" in part
    assert "data-building" in part
    assert "<html" not in part


def test_built_published_and_rolled_back_once(services: Services, hire: Hire) -> None:
    ning = hire("ning", Role.EDITOR)
    before, number = live(services), second_edition(services, ning)
    assert "发布这一版" in ning.browser.get("/console/editions").text
    assert "已经发布" in ning.browser.submit(f"/console/editions/{number}/publish").text
    assert live(services) == number
    assert services.library.current().number == number
    asked = ning.browser.get("/console/editions/roll-back")
    assert f"退回第 {before} 版？" in asked.text
    for _ in range(2):
        ning.browser.submit("/console/editions/roll-back", live=str(number))
    assert ">退回过<" in ning.browser.page
    assert '<button class="quiet">发布这一版' in ning.browser.page
    assert live(services) == before
    assert services.library.current().number == before
    with services.database.transaction() as session:
        assert len(session.exec(select(Publication)).all()) == 3


def test_an_unreviewed_edition_is_refused_outside_development(services: Services, hire: Hire) -> None:
    ning = hire("ning", Role.EDITOR)
    number = second_edition(services, ning)
    assert "试用时可以发布" in ning.browser.get("/console/editions").text
    object.__setattr__(services.settings, "environment", "production")
    assert "发布这一版" not in ning.browser.get("/console/editions").text
    refused = ning.browser.submit(f"/console/editions/{number}/publish")
    assert refused.status_code == 409
    assert "3 篇没有经过本地专家审核" in refused.text


def test_a_failed_build_is_told_and_tried_again(services: Services, hire: Hire) -> None:
    ning = hire("ning", Role.EDITOR)
    ning.browser.get("/console/editions")
    ning.browser.submit("/console/editions")
    with services.database.transaction() as session:
        session.execute(sa.text("delete from procrastinate_jobs"))
        session.execute(sa.text("update edition set state = 'failed', failure = 'OSError: disk full' where number = 2"))
    shown = ning.browser.get("/console/editions").text
    assert "家长现在用的版本不受影响" in shown
    assert "disk full" in shown
    ning.browser.submit("/console/editions/2/build")
    assert jobs_waiting(services) == 1
    with services.database.transaction() as session:
        assert session.get_one(Edition, 2).state is BuildState.FROZEN


def test_what_cannot_be_published_or_rolled_back_is_told(services: Services, hire: Hire) -> None:
    ning = hire("ning", Role.EDITOR)
    ning.browser.get("/console/editions")
    ning.browser.submit("/console/editions")
    assert "还没有生成好" in ning.browser.submit("/console/editions/2/publish").text
    assert ning.browser.submit("/console/editions/77/publish").status_code == 404
    assert ning.browser.submit("/console/editions/77/build").status_code == 404
    assert ning.browser.get("/console/editions/roll-back").status_code == 409


def test_proposals_are_read_and_settled(services: Services, hire: Hire) -> None:
    ning, wang = hire("ning", Role.EDITOR), hire("wang", name="王老师")
    assert "没有等着处理的建议" in ning.browser.get("/console/editions/proposals").text
    with services.database.transaction() as session:
        topics = ["honey_under_1", "danger:medical"]
        curriculum.propose(session, question="八个月能喝蜂蜜水吗", answer="先不喝。", topics=topics, by=wang.key)
    page = ning.browser.get("/console/editions/proposals").text
    assert "一岁内不吃蜂蜜" in page
    assert "王老师" in page
    with services.database.transaction() as session:
        number = session.exec(select(Proposal.id)).one()
    assert "没有等着处理的建议" in ning.browser.submit(f"/console/editions/proposals/{number}/settle").text
    assert ning.browser.submit("/console/editions/proposals/999/settle").status_code == 404
