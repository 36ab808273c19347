"""What editors are shown to mend or to check, experts who sign off a topic in one sitting, days to look again, and dropped scraps."""

import re
from datetime import timedelta

from sqlmodel import select

from app.console.reader import cookie_name
from care.services import Services
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role
from kit.audit import AuditEntry
from knowledge import looking_again
from knowledge.models import ReviewState
from tests.console.conftest import Colleague, Hire
from tests.console.passage_desk import GOOD, TEXT, fields_of, newest, number_of, send, write

SIGN_OFF = "/console/passages/sign-off"


def beside_the_form(ning: Colleague, **changed: str) -> str:
    ning.browser.get("/console/passages/new")
    asked = {"form_token": ning.browser.token(), **GOOD, **changed, "do": "preview"}
    page = ning.browser.client.post("/console/passages/new", data=asked, headers={"x-fragment": "preview"}).text
    return page.split('id="lint"')[1].split("</section>")[0]


def test_while_she_types_she_reads_what_to_mend_and_what_to_check(ning: Colleague) -> None:
    part = beside_the_form(ning, zh_more="每次 5 毫克，保证能好。打 12345 问。", en_title="", from_months="一岁半")
    assert re.search(r'还差</b>：<a href="#en_title" data-field="en_title">英文题目</a>', part)
    assert '<a href="#from_years" data-field="from_years">适合的年龄</a>：年龄请填数字' in part
    assert "请看一看（3 处）" in part
    for sentence in ("写了用量「5 毫克」", "「保证能」像是在保证", "电话 12345 不在核对过的名单里"):
        assert f'<a href="#zh_more" data-field="zh_more">中文「往下看」</a>：{sentence}' in part
    assert "没有看出要改的地方" in beside_the_form(ning)


def test_doubts_are_seen_before_submitting_and_again_by_the_reviewer(services: Services, ning: Colleague, luo: Colleague) -> None:
    number = write(ning, services, do="submit", zh_text=TEXT + "喂 5 毫克就好。")
    assert "还没有送审：先看看" in ning.browser.page
    assert newest(services, number).state is ReviewState.DRAFT
    assert f'<a href="/console/passages/{number}/edit#zh_text"' in ning.browser.page
    assert "看过了，照样送审" in ning.browser.page
    ning.browser.submit(f"/console/passages/{number}/submit", revision="1")
    assert newest(services, number).state is ReviewState.IN_REVIEW
    assert "写了用量「5 毫克」" in luo.browser.get(f"/console/passages/{number}").text
    with services.database.transaction() as session:
        seen = session.exec(select(AuditEntry).where(AuditEntry.verb == "submit_warned")).one()
    assert (seen.staff_id, seen.facts) == (ning.key, {"rules": ["dose"], "count": 1})


def test_the_same_again_and_a_question_that_another_passage_answers_are_told_when_it_is_saved(
    services: Services, ning: Colleague
) -> None:
    old = number_of(services, "picky-eating")
    given = fields_of(ning.browser.get(f"/console/passages/{old}/edit").text)
    ning.browser.get("/console/passages/new")
    page = send(ning.browser, "/console/passages/new", given | {"base": ""})
    assert "和《挑食：小小一口，多见几回》几乎说的是一回事" in page
    assert re.search("「孩子挑食不吃菜怎么办」.*会先找到《挑食：小小一口，多见几回》", page)
    assert f'<a href="/console/passages/{old}" target="_blank">看那一篇</a>' in page
    send(ning.browser, f"/console/passages/{old}/edit", given | {"zh_title": "挑食的娃儿"})
    assert newest(services, old).warnings == [], "it is no neighbour of its own"


def signed(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(revision-\d+)" value="(\d+)"', page))


def test_an_expert_signs_off_a_topic_in_one_sitting(services: Services, hire: Hire, ning: Colleague, luo: Colleague) -> None:
    honey, new = number_of(services, "honey-under-1"), write(ning, services, do="submit", topic1="honey_under_1")
    assert "一岁内不吃蜂蜜 · 2" in luo.browser.get(SIGN_OFF).text
    here = f"{SIGN_OFF}?about=honey_under_1"
    page = luo.browser.get(here).text
    assert page.index(f'id="row-{new}"') < page.index(f'id="row-{honey}"'), "what was handed in comes first"
    assert "要两位专家各审一次" in page
    chosen = {**signed(page), f"verdict-{new}": "approve", f"verdict-{honey}": "back", f"note-{new}": "写得好"}
    nameless = luo.browser.submit(here, **chosen)
    assert (nameless.status_code, "请写上审的人是谁" in nameless.text) == (422, True)
    assert "写得好" in nameless.text
    page = luo.browser.submit(here, name="李敏", title="儿科主任医师", **chosen).text
    assert "1 篇记下了同意，还要再有一个人审" in page
    assert "请写一句为什么" in page, "sent back without a reason: told in its row"
    assert newest(services, honey).number == 1
    again = {**signed(page), f"verdict-{honey}": "back", f"note-{honey}": "写上烤的也不行"}
    assert "退回 1 篇。" in luo.browser.submit(here, name="李敏", title="儿科主任医师", **again).text
    assert "李敏 儿科主任医师 / 罗医生" in ning.browser.get(f"/console/passages/{honey}").text
    assert "这一稿是您写的，请另一位同事来记" in ning.browser.get(here).text
    tang = hire("tang", Role.ADMINISTRATOR, name="唐主任")
    both = {**signed(tang.browser.get(here).text), f"verdict-{new}": "approve"}
    assert "这位专家已经审过这一篇了" in tang.browser.submit(here, name="李敏", title="儿科主任医师", **both).text
    assert "审定 1 篇。" in tang.browser.submit(here, name="张明", title="律师", **both).text
    assert newest(services, new).reviewed_by == "李敏 儿科主任医师 / 罗医生、张明 律师 / 唐主任"
    assert "待本地专家审核" not in ning.browser.get(f"/console/passages/{new}").text


def test_what_is_due_comes_back_and_is_looked_at_as_it_stands(services: Services, ning: Colleague, luo: Colleague) -> None:
    number = write(ning, services, do="submit")
    page = luo.browser.get(f"/console/passages/{number}").text
    usual = (clock.today() + looking_again.OTHERS_LAST).isoformat()
    assert f'type="date" value="{usual}"' in page
    for wrong in ("yesterday", "2001-01-01", "2999-01-01"):
        refused = luo.browser.submit(f"/console/passages/{number}/approve", revision="1", again=wrong)
        assert (refused.status_code, "要选今天以后的日子" in refused.text) == (422, True)
    soon = (clock.today() + timedelta(days=30)).isoformat()
    assert f"最晚 {soon} 再看" in luo.browser.submit(f"/console/passages/{number}/approve", revision="1", again=soon).text
    with clock.frozen(clock.now() + timedelta(days=31)):
        fresh = hire_again(services, ning)
        page = fresh.browser.get("/console/passages?state=again").text
        assert f"{soon} 该再看看" in page
        assert re.search(r'id="tab-again"[^>]*>该再看看了 <b>1</b>', page)
        clock.advance(looking_again.GRACE)
        page = hire_again(services, ning).browser.get("/console/passages?state=again").text
        assert "过期了，下一版里没有" in page
        page = ning.browser.get("/console/editions").text
        assert re.search("有 1 篇过了该再看的日子.*说话慢半拍", page, re.DOTALL)


def hire_again(services: Services, who: Colleague) -> Colleague:
    """Signed in anew: a session does not last a month."""
    with services.database.transaction() as session:
        token = accounts.start_session(session, who.staff)
    who.browser.client.cookies.set(cookie_name(services.settings), token, domain="peiban.test", path="/")
    return who


def test_a_scrap_of_ones_own_is_dropped_after_a_question(services: Services, ning: Colleague, luo: Colleague) -> None:
    number = write(ning, services)
    assert "丢掉这份草稿" not in luo.browser.get(f"/console/passages/{number}").text
    assert "丢掉以后找不回来" in ning.browser.get(f"/console/passages/{number}/drop").text
    luo.browser.get("/console/passages/new")
    assert luo.browser.submit(f"/console/passages/{number}/drop").status_code == 409
    assert "这份草稿已经丢掉" in ning.browser.submit(f"/console/passages/{number}/drop").text
    assert ning.browser.get(f"/console/passages/{number}").status_code == 404
    assert ning.browser.get(f"/console/passages/{number_of(services, 'honey-under-1')}/drop").status_code == 409
