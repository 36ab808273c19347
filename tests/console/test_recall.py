"""A recall, the unanswered questions and what an edition would change, as an editor meets them at the console."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.workers import tick
from care.editions import impact
from care.editions.building import build
from care.families.actions import meet
from care.families.models import Channel
from care.gaps import actions as gaps
from care.gaps.masking import masked
from care.messages import actions as messages
from care.messages.models import Message
from care.places import queries as places
from care.privacy import actions as privacy
from care.privacy.models import ConsentPurpose
from care.questions import actions as questions
from care.questions.models import Outcome
from care.recalls import queries as recalls
from care.safety import screen
from care.services import Services
from kit import clock
from kit.audit import AuditEntry
from knowledge import actions as curriculum
from knowledge.editions.freezing import freeze, published
from knowledge.editions.models import EditionEntry
from knowledge.models import Passage, ReviewState, Revision
from tests.console.conftest import Colleague, Hire
from tests.console.passage_desk import fields_of, newest, number_of, send

HONEY = "八个月的娃儿可以吃蜂蜜不"
RIGHT = "写成了六个月，应当是满一岁以后才能吃。"


def shown_honey(services: Services, who: str, **refused: bool) -> int:
    """Somebody who was answered with the passage on honey, and what she allows."""
    with services.database.transaction() as session:
        parent = meet(session, Channel.WEB, address=who)
        revision = session.exec(select(Revision).join(Passage).where(Passage.slug == "honey-under-1")).one()
        facts = {"question_id": None, "revision_id": revision.key, "reviewed": False}
        messages.tell(session, parent, kind="answer", key=f"answer:{who}", facts=facts)
        for purpose, given in refused.items():
            privacy.decide(session, services.blobs, parent, purpose=ConsentPurpose(purpose), given=given)
        return parent.key


def told(services: Services) -> list[tuple[int | None, str]]:
    with services.database.transaction() as session:
        query = select(Message.caregiver_id, Message.kind).where(col(Message.kind).in_(["correction", "now_answered"]))
        return list(session.exec(query.order_by(col(Message.id))))


def later_tick(services: Services) -> None:
    clock.advance(timedelta(seconds=5))
    tick.look(services)


@pytest.fixture(autouse=True)
def _clock_back() -> Iterator[None]:
    with clock.frozen(clock.now()):
        yield


def test_a_wrong_passage_leaves_the_answers_at_once_and_each_receiver_is_told_once(
    services: Services, hire: Hire, ning: Colleague, luo: Colleague
) -> None:
    number = number_of(services, "honey-under-1")
    mother, _ = shown_honey(services, "mother"), shown_honey(services, "refuses", answering=False)
    assert hire("fang").browser.get(f"/console/passages/{number}/recall").status_code == 403
    luo.browser.get(f"/console/passages/{number}/recall")
    page = ning.browser.get(f"/console/passages/{number}/recall").text
    assert "有 2 位家长看过这一篇" in page
    given = {"revision": "1", "since": ning.browser.field("since"), "reason": "月龄写错了"}
    short = ning.browser.submit(f"/console/passages/{number}/recall", **given, zh="错了")
    assert (short.status_code, "月龄写错了" in short.text) == (422, True)
    shown = ning.browser.submit(f"/console/passages/{number}/recall", **given, zh=RIGHT).text
    assert "停用了，家长问到时不会再用这一篇" in shown
    assert "honey-under-1" not in services.library.current().passages
    assert services.library.current().searcher.search(HONEY).hits[0].key != "honey-under-1"
    assert (
        "宁编辑 已经把这一篇停用"
        in luo.browser.submit(f"/console/passages/{number}/recall", **given, zh="我觉得该是两岁以后才对。").text
    )
    ning.browser.submit(f"/console/passages/{number}/recall", **given, zh=RIGHT)
    for _ in range(2):
        later_tick(services)
    assert told(services) == [(mother, "correction")]
    page = ning.browser.get(f"/console/passages/{number}/recalled").text
    assert "2 位家长看过" in page
    assert [row.split("<td>")[1].split("<")[0] for row in page.split('scope="row"')[1:]] == ["0", "0", "1", "0", "1"]
    fields = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
    send(ning.browser, f"/console/passages/{number}/edit", fields | {"zh_title": "蜂蜜：满一岁以后"})
    with services.database.transaction() as session:
        assert newest(services, number).key not in recalls.withheld(session), "what is written anew may answer again"
        assert [one.staff_id for one in session.exec(select(AuditEntry).where(AuditEntry.verb == "recall"))] == [ning.key]


def asked(services: Services, text: str, *, who: str, agrees: bool = True, outcome: Outcome = Outcome.RELAY) -> int:
    with services.database.transaction() as session:
        parent = meet(session, Channel.WEB, address=who)
        place = places.named(session, "荣昌")
        parent.place_id = place.key if place else None
        session.add(parent)
        if agrees:
            privacy.decide(session, services.blobs, parent, purpose=ConsentPurpose.IMPROVING, given=True)
        row = questions.record(session, parent, update_key=f"{who}:{text}", said=screen(text), lang="zh")
        row.outcome, row.age_months = (outcome if row.outcome is Outcome.ASKED else row.outcome), 20
        session.add(row)
        return row.key


def test_unanswered_questions_are_grouped_and_become_a_draft_and_their_families_are_told_once(
    services: Services, ning: Colleague, luo: Colleague
) -> None:
    asked(services, "娃儿学走路要不要穿鞋", who="a")
    asked(services, "我叫王小丽，宝宝刚学走路，要穿鞋吗？", who="b")
    asked(services, "孩子学走路穿不穿鞋好", who="no", agrees=False)
    asked(services, "宝宝喊不醒 嘴巴乌了", who="c")
    asked(services, "带娃儿去打疫苗要带啥子", who="c")
    for one in (ning, luo):
        page = one.browser.get("/console/passages/unanswered").text
    assert "王小丽" not in page
    assert "嘴巴乌了" not in page
    assert "穿不穿鞋好" not in page
    group = page.split('id="group-')[1]
    assert "2 个问题" in group
    assert "荣昌区 <b>2</b>" in group
    chosen = group.split('name="question" value="')[1:]
    form = {"form_token": ning.browser.token(), "question": [one.split('"')[0] for one in chosen]}
    shown = ning.browser._followed(ning.browser.client.post("/console/passages/unanswered/begin", data=form)).text
    assert "草稿开好了" in shown
    assert "娃儿学走路要不要穿鞋" in shown
    again = luo.browser.client.post("/console/passages/unanswered/begin", data=form | {"form_token": luo.browser.token()})
    assert again.status_code == 409, "one wins"
    with services.database.transaction() as session:
        made = session.exec(select(Revision).order_by(col(Revision.id).desc())).first()
        live = published(session)
        assert made
        assert live
        gaps.due(session, live)
    assert told(services) == [], "nothing is published yet"
    with services.database.transaction() as session:
        session.add(EditionEntry(edition_number=live.key, revision_id=made.key))
    for _ in range(2):
        tick.look(services)
    assert [kind for _, kind in told(services)] == ["now_answered", "now_answered"]


def test_what_an_edition_would_change_is_shown_before_it_is_published(services: Services, ning: Colleague) -> None:
    asked(services, HONEY, who="a")
    asked(services, "一岁以内的宝宝能喝蜂蜜水吗", who="no", agrees=False)
    asked(services, "娃儿发脾气躺地上咋办", who="b")
    number = number_of(services, "honey-under-1")
    with services.database.transaction() as session:
        curriculum.move(session, session.get_one(Revision, newest(services, number).key), to=ReviewState.RETIRED, by=ning.key)
        edition = freeze(session).key
    build(services.database, edition, library=services.library, blobs=services.blobs)
    assert "问一遍看看" in ning.browser.get(f"/console/editions/{edition}/impact").text
    assert "正在问" in ning.browser.submit(f"/console/editions/{edition}/impact").text
    found = impact.preview(services, edition)
    assert found
    assert found.asked == 2
    page = ning.browser.get(f"/console/editions/{edition}/impact").text
    assert page.count(HONEY) == 1
    assert "蜂蜜水" not in page
    assert "发脾气" not in page, "it gets what it got before"
    assert f'href="/console/passages/{number}"' in page


def test_names_and_numbers_are_masked() -> None:
    assert masked("我家豆豆，电话 138 1234 5678，微信 a_1@qq.com", names=["豆豆"]) == "我家孩子，电话 ＊，微信 ＊"
    assert masked("我叫王小丽，娃儿8个月，发烧38.5度") == "我叫＊，娃儿8个月，发烧38.5度"
    assert masked("Doudou does not sleep, call 023-68812345", names=["Doudou"]) == "my child does not sleep, call ＊"
