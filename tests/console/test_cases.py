"""Cases at the console: seen, taken, answered, taken back, handed on, closed, opened again, proposed; and never by strangers."""

from datetime import timedelta

from sqlmodel import Session, col, select

from care.cases.actions import Media
from care.cases.models import Case, CaseEntry, CaseKind, CaseState
from care.messages.models import Message, MessageState
from care.people import actions as people
from care.people.models import Assignment
from care.places import queries as places
from care.services import Services
from kit import clock
from kit.accounts.models import Role, Staff
from kit.audit import AuditEntry
from knowledge.models import Proposal
from tests.console.conftest import Ask, Colleague, Hire

JPEG = b"\xff\xd8\xff\xe0 a picture"


def case_of(services: Services, number: int) -> Case:
    with services.database.transaction() as session:
        return session.get_one(Case, number)


def replies(services: Services) -> list[Message]:
    with services.database.transaction() as session:
        return list(session.exec(select(Message).where(Message.kind == "case_reply")))


def taken(who: Colleague, number: int) -> None:
    who.browser.get(f"/console/cases/{number}")
    assert "现在由您负责" in who.browser.submit(f"/console/cases/{number}/take").text


def answered(who: Colleague, number: int) -> None:
    taken(who, number)
    who.browser.submit(f"/console/cases/{number}/answer", text="去问问镇中心园。", key="answered")


def assigned(session: Session, who: Colleague, place: str) -> None:
    found = places.named(session, place)
    assert found
    people.assign(session, session.get_one(Staff, who.key), place=found, by=who.key)


def test_danger_stands_first_and_is_marked(hire: Hire, ask: Ask) -> None:
    wang = hire("wang")
    ask("娃儿不吃青菜怎么办", who="one")
    ask("想和老师聊聊", kind=CaseKind.ASKED_FOR_PERSON, who="two")
    ask("宝宝喊不醒 嘴巴乌了", kind=CaseKind.DANGER, topic="danger:medical", who="three")
    page = wang.browser.get("/console/cases").text
    assert page.index("宝宝喊不醒") < page.index("娃儿不吃青菜怎么办") < page.index("想和老师聊聊")
    assert page.count("badge danger") == 1
    assert "急病" in page


def test_an_empty_list_says_so_on_every_tab(hire: Hire) -> None:
    wang = hire("wang")
    for tab, words in (
        ("open", "歇一口气"),
        ("mine", "手上没有"),
        ("answered", "还没有回复过"),
        ("closed", "还没有结束"),
        ("?", "歇一口气"),
    ):
        assert words in wang.browser.get(f"/console/cases?shown={tab}").text
    assert wang.browser.get("/console/cases?start=-5").status_code == 200
    assert wang.browser.get("/console/cases?start=x").status_code == 422


def test_the_live_part_is_the_list_alone(hire: Hire, ask: Ask) -> None:
    wang = hire("wang")
    ask("娃儿不吃青菜怎么办")
    part = wang.browser.get("/console/cases", **{"x-fragment": "list"}).text
    assert "娃儿不吃青菜怎么办" in part
    assert "<html" not in part


def test_what_a_parent_adds_shows_while_the_page_is_open(hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    taken(wang, number)
    assert ask("那果汁呢") == number
    part = wang.browser.get(f"/console/cases/{number}", **{"x-fragment": "list"}).text
    assert "那果汁呢" in part
    assert "<html" not in part


def test_take_answer_and_the_parent_has_it_after_a_minute(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    page = wang.browser.get(f"/console/cases/{number}").text
    assert "一岁前，蜂蜜一口都不要给" in page
    assert "待本地专家审核" in page
    taken(wang, number)
    done = wang.browser.submit(f"/console/cases/{number}/answer", text="先不喝。\n满一岁再说。", key=wang.browser.field("key"))
    assert "一分钟后发给家长" in done.text
    [reply] = replies(services)
    assert reply.facts["text"] == "先不喝。\n满一岁再说。"
    assert timedelta(seconds=55) < reply.due_at - clock.now() <= timedelta(seconds=60)
    assert case_of(services, number).state is CaseState.ANSWERED
    assert "我负责的 <b>1</b>" in wang.browser.get("/console/cases?shown=answered").text


def test_the_same_form_sent_twice_is_one_reply(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    taken(wang, number)
    key = wang.browser.field("key")
    for _ in range(2):
        sent = wang.browser.send(f"/console/cases/{number}/answer", text="先不喝。", key=key)
        assert sent.status_code == 303
    assert len(replies(services)) == 1


def test_a_reply_is_taken_back_within_the_minute_and_not_later(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    wang.browser.get(f"/console/cases/{number}")
    wang.browser.submit(f"/console/cases/{number}/answer", text="可以喝。", key="one")
    undone = wang.browser.submit(f"/console/cases/{number}/undo", message=wang.browser.field("message"))
    assert "家长没有看到" in undone.text
    assert ">可以喝。</textarea>" in undone.text
    assert replies(services)[0].state is MessageState.UNDONE
    wang.browser.submit(f"/console/cases/{number}/answer", text="先不喝。", key="two")
    message = wang.browser.field("message")
    with services.database.transaction() as session:
        for row in session.exec(select(Message).where(Message.id == int(message))):
            row.state = MessageState.SENT
            session.add(row)
    late = wang.browser.submit(f"/console/cases/{number}/undo", message=message)
    assert late.status_code == 409
    assert "撤不回来" in late.text


def test_a_reply_to_danger_does_not_wait(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("宝宝喊不醒", kind=CaseKind.DANGER)
    wang.browser.get(f"/console/cases/{number}")
    sent = wang.browser.submit(f"/console/cases/{number}/answer", text="120 到了吗？我在。", key="one")
    assert "回复已经发出" in sent.text
    assert "撤回这条回复" not in sent.text
    assert replies(services)[0].due_at <= clock.now()


def test_an_empty_or_endless_reply_keeps_what_was_typed(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    taken(wang, number)
    words = "<b>好</b>" * 700
    assert 'maxlength="3000"' not in wang.browser.page, "a browser would cut the end of what is pasted and say nothing"
    refused = wang.browser.submit(f"/console/cases/{number}/answer", text=words, key="mine")
    assert refused.status_code == 422
    assert "多了 2600 个" in refused.text
    assert words.replace("<", "&lt;").replace(">", "&gt;") in refused.text
    assert wang.browser.field("key") == "mine"
    assert wang.browser.submit(f"/console/cases/{number}/answer", text=" \n ", key="mine").status_code == 422
    assert replies(services) == []


def test_of_two_who_take_it_one_is_told_who_has_it(hire: Hire, ask: Ask) -> None:
    wang, li, number = hire("wang", name="王老师"), hire("li"), ask("八个月可以喝蜂蜜水吗")
    li.browser.get(f"/console/cases/{number}")
    taken(wang, number)
    late = li.browser.submit(f"/console/cases/{number}/take")
    assert late.status_code == 409
    assert "王老师 已经接手" in late.text
    assert "出了点小状况" not in late.text
    li.browser.get("/console/cases")
    typed = li.browser.submit(f"/console/cases/{number}/answer", text="我也想说一句", key="k")
    assert typed.status_code == 409
    assert "我也想说一句" in typed.text
    assert "王老师 已经接手了这个求助，您写的没有发出去" in typed.text
    assert wang.browser.submit(f"/console/cases/{number}/take").status_code == 200, "once more by the same person does no harm"


def test_handed_to_a_colleague_or_back_among_the_waiting(services: Services, hire: Hire, ask: Ask) -> None:
    wang, li, number = hire("wang", name="王老师"), hire("li", name="李老师"), ask("八个月可以喝蜂蜜水吗")
    taken(wang, number)
    assert "已经转给同事" in wang.browser.submit(f"/console/cases/{number}/hand-on", to=str(li.key), note="她怕婆婆").text
    assert "王老师 转给了 李老师：她怕婆婆" in li.browser.get(f"/console/cases/{number}").text
    assert case_of(services, number).owner_id == li.key
    assert wang.browser.submit(f"/console/cases/{number}/hand-on", to="").status_code == 409
    assert li.browser.submit(f"/console/cases/{number}/hand-on", to="999").status_code == 422
    assert "放回等待的求助里" in li.browser.submit(f"/console/cases/{number}/hand-on", to="").text
    assert case_of(services, number).owner_id is None


def test_closed_and_opened_again_unless_a_newer_case_is_open(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    answered(wang, number)
    for _ in range(2):
        assert "已经结束" in wang.browser.submit(f"/console/cases/{number}/close").text
    taken(wang, number)
    assert case_of(services, number).closed_at is None
    wang.browser.submit(f"/console/cases/{number}/close")
    newer = ask("那一岁呢")
    refused = wang.browser.submit(f"/console/cases/{number}/take")
    assert refused.status_code == 409
    assert f"{newer} 号" in refused.text


def test_what_nobody_answered_is_seen_before_the_end_and_the_parent_is_told(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("镇上有没有幼儿园")
    answered(wang, number)
    ask("那个幼儿园说满了，还有没得别的")
    refused = wang.browser.submit(f"/console/cases/{number}/close")
    assert refused.status_code == 409
    assert "还没有回：「那个幼儿园说满了" in refused.text
    seen = wang.browser.field("seen")
    ask("明天就报名了")
    assert wang.browser.submit(f"/console/cases/{number}/close", seen=seen).status_code == 409, "that came meanwhile"
    assert "已经结束" in wang.browser.submit(f"/console/cases/{number}/close", seen=wang.browser.field("seen")).text
    with services.database.transaction() as session:
        assert session.exec(select(Message).where(Message.kind == "case_ended")).one().case_id == number


def test_only_the_holder_closes(services: Services, hire: Hire, ask: Ask) -> None:
    wang, li, number = hire("wang"), hire("li"), ask("八个月可以喝蜂蜜水吗")
    taken(wang, number)
    li.browser.get("/console/cases")
    assert li.browser.submit(f"/console/cases/{number}/close").status_code == 409
    assert case_of(services, number).state is CaseState.TAKEN


def test_an_answer_is_proposed_once_in_other_words(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("我家朵朵八个月可以喝蜂蜜水吗", topic="honey_under_1")
    wang.browser.get(f"/console/cases/{number}")
    wang.browser.submit(f"/console/cases/{number}/answer", text="先不喝。", key="one")
    for _ in range(2):
        done = wang.browser.submit(f"/console/cases/{number}/propose", question="八个月能喝蜂蜜水吗", proposed="先不喝。")
        assert "已经交给编辑" in done.text
    assert wang.browser.submit(f"/console/cases/{number}/propose", question=" ", proposed="").status_code == 422
    with services.database.transaction() as session:
        [kept] = session.exec(select(Proposal)).all()
    assert kept.topics == ["honey_under_1"]


def test_what_a_parent_wrote_is_shown_and_never_run(hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("<script>alert(1)</script>\n第二行")
    page = wang.browser.get(f"/console/cases/{number}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n第二行" in page
    assert "<script>alert" not in page


def test_photos_only_through_our_own_route_and_each_look_is_kept(services: Services, hire: Hire, ask: Ask) -> None:
    key = services.blobs.put_new(JPEG, folder="photos")
    wang, number = hire("wang"), ask("娃儿脸上起疹子", media=Media(key=key, kind="photo"))
    page = wang.browser.get(f"/console/cases/{number}").text
    url = page.split('<img class="photo" src="')[1].split('"')[0]
    shown = wang.browser.client.get(url)
    assert shown.content == JPEG
    assert shown.headers["content-type"] == "image/jpeg"
    assert "no-store" in shown.headers["cache-control"]
    assert "sandbox" in shown.headers["content-security-policy"]
    with services.database.transaction() as session:
        looks = session.exec(select(AuditEntry).where(AuditEntry.verb == "view_media")).all()
    assert [look.staff_id for look in looks] == [wang.key]
    assert wang.browser.client.get(f"/console/cases/{number}/media/99999").status_code == 404


def test_something_that_is_no_picture_is_handed_over_as_a_file(services: Services, hire: Hire, ask: Ask) -> None:
    key = services.blobs.put_new(b"<html><script>alert(1)</script>", folder="photos")
    wang, number = hire("wang"), ask("看看这个", media=Media(key=key, kind="photo"))
    with services.database.transaction() as session:
        entry = session.exec(select(CaseEntry.id).where(CaseEntry.case_id == number)).one()
    given = wang.browser.client.get(f"/console/cases/{number}/media/{entry}")
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment")


def test_a_case_of_another_district_does_not_exist(services: Services, hire: Hire, ask: Ask) -> None:
    wang = hire("wang")
    with services.database.transaction() as session:
        assigned(session, wang, "荣昌区")
        assert session.exec(select(Assignment)).one().staff_id == wang.key
    key = services.blobs.put_new(JPEG, folder="photos")
    far = ask("渝中的事", who="far", place="渝中区", media=Media(key=key, kind="photo"))
    near = ask("荣昌的事", who="near", place="荣昌区")
    page = wang.browser.get("/console/cases").text
    assert "荣昌的事" in page
    assert "渝中的事" not in page
    assert wang.browser.get(f"/console/cases/{near}").status_code == 200
    with services.database.transaction() as session:
        entry = session.exec(select(CaseEntry.id).where(CaseEntry.case_id == far)).one()
    for url in (f"/console/cases/{far}", f"/console/cases/{far}/media/{entry}"):
        assert wang.browser.get(url).status_code == 404
    wang.browser.get("/console/cases")
    for verb in ("take", "answer", "undo", "hand-on", "close", "propose"):
        assert wang.browser.submit(f"/console/cases/{far}/{verb}", text="x", key="k").status_code == 404


def test_odd_numbers_name_nothing(hire: Hire) -> None:
    wang = hire("wang")
    for odd in ("0", "-1", "x", "99999999999999999999999", "1%00"):
        assert wang.browser.get(f"/console/cases/{odd}").status_code == 404


def test_a_session_that_ended_while_typing_leads_back_to_the_case(hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    wang.browser.get(f"/console/cases/{number}")
    wang.browser.client.cookies.clear()
    sent = wang.browser.client.post(
        f"/console/cases/{number}/answer",
        data={"text": "先不喝"},
        headers={"referer": f"http://peiban.test/console/cases/{number}"},
    )
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/console/sign-in?next=%2Fconsole%2Fcases%2F{number}"


def test_an_english_family_is_quoted_in_english(hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang", Role.ADMINISTRATOR), ask("Can she have honey water?", lang="en")
    page = wang.browser.get(f"/console/cases/{number}").text
    assert "No honey before the first birthday" in page
    assert "家长用英文" in page


def test_every_step_is_audited(services: Services, hire: Hire, ask: Ask) -> None:
    wang, number = hire("wang"), ask("八个月可以喝蜂蜜水吗")
    taken(wang, number)
    wang.browser.submit(f"/console/cases/{number}/answer", text="先不喝。", key="one")
    wang.browser.submit(f"/console/cases/{number}/close")
    with services.database.transaction() as session:
        query = select(AuditEntry.verb).where(AuditEntry.thing == "case", AuditEntry.staff_id == wang.key)
        assert session.exec(query.order_by(col(AuditEntry.id))).all() == ["taken", "answered", "closed"]
