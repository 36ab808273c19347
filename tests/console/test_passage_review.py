"""Review at the console: compared, approved by somebody else, sent back, retired, and taken by the next edition."""

import re

from sqlmodel import col, select

from care.editions.building import build
from care.services import Services
from kit.accounts.models import Role
from kit.audit import AuditEntry
from knowledge import actions as curriculum
from knowledge.models import ReviewState
from tests.console.conftest import Colleague, Hire
from tests.console.passage_desk import fields_of, newest, number_of, send, write


def test_two_revisions_stand_side_by_side(services: Services, ning: Colleague) -> None:
    number = number_of(services, "honey-under-1")
    given = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
    send(ning.browser, f"/console/passages/{number}/edit", given | {"to_years": "2", "topic2": "salt_sugar"})
    page = ning.browser.get(f"/console/passages/{number}/compare?old=1&new=2").text
    assert "<mark>2岁\n</mark>" in page
    assert "盐和糖" in page
    assert "salt_sugar" not in page
    assert "两边一模一样" in ning.browser.get(f"/console/passages/{number}/compare?old=2&new=2").text
    assert ning.browser.get(f"/console/passages/{number}/compare?old=1&new=nine").status_code == 404


def test_review_from_writing_to_approval(services: Services, hire: Hire, ning: Colleague, luo: Colleague) -> None:
    number = write(ning, services, do="submit", topic1="fever_care")
    page = ning.browser.get(f"/console/passages/{number}").text
    assert "这一稿是您写的" in page
    assert "审过，同意" not in page
    refused = ning.browser.submit(f"/console/passages/{number}/approve", revision="1", said="我自己看过")
    assert refused.status_code == 403
    assert "自己写的不能自己审" in refused.text
    assert "我自己看过" in refused.text, "nothing typed is lost"
    luo.browser.get(f"/console/passages/{number}")
    assert "请写一句为什么" in luo.browser.submit(f"/console/passages/{number}/send-back", revision="1").text
    assert "还要再有一个人审" in luo.browser.submit(f"/console/passages/{number}/approve", revision="1").text
    assert "已经审过：罗医生。还差 1 个人。" in luo.browser.page
    tang = hire("tang", Role.ADMINISTRATOR, name="唐主任")
    tang.browser.get(f"/console/passages/{number}")
    assert "下一版就用这一稿" in tang.browser.submit(f"/console/passages/{number}/approve", revision="1", said="写得好").text
    made = newest(services, number)
    assert (made.state, made.reviewed_by) == (ReviewState.APPROVED, "罗医生、唐主任")
    page = ning.browser.get("/console/editions").text
    assert "有 1 篇不一样，还没有发布" in page
    assert "新写 1 篇" in page
    with services.database.transaction() as session:
        done = session.exec(select(AuditEntry.verb).where(AuditEntry.thing == "revision").order_by(col(AuditEntry.id))).all()
    assert done[-4:] == ["write", "in_review", "vouch", "approved"]


def test_in_a_small_office_one_reviewer_is_enough_and_the_pages_say_so(
    services: Services, ning: Colleague, luo: Colleague
) -> None:
    object.__setattr__(services.settings, "reviewers_required", 1)
    number = write(ning, services, do="submit", topic1="fever_care")
    assert "REVIEWERS_REQUIRED=1" in luo.browser.get(f"/console/passages/{number}").text
    assert "REVIEWERS_REQUIRED=1" in luo.browser.get("/console/passages").text
    luo.browser.submit(f"/console/passages/{number}/approve", revision="1")
    assert newest(services, number).state is ReviewState.APPROVED


def test_sent_back_with_a_reason_that_the_writer_reads(services: Services, ning: Colleague, luo: Colleague) -> None:
    number = write(ning, services, do="submit")
    luo.browser.get(f"/console/passages/{number}")
    assert "已经退回去改" in luo.browser.submit(f"/console/passages/{number}/send-back", revision="1", said="第二句太长").text
    assert newest(services, number).state is ReviewState.DRAFT
    for path in (f"/{number}", f"/{number}/edit"):
        assert re.search("罗医生 在 .* 退回来了.*第二句太长", ning.browser.get(f"/console/passages{path}").text)
    assert "退回来了</span>" in ning.browser.get("/console/passages?state=draft").text
    given = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
    send(ning.browser, f"/console/passages/{number}/edit", given | {"zh_title": "改到一半"})
    assert "要改的是" in ning.browser.get(f"/console/passages/{number}").text, "until it is submitted again"
    ning.browser.submit(f"/console/passages/{number}/submit", revision="2")
    assert "要改的是" not in ning.browser.page
    assert "退回来了</span>" not in ning.browser.get("/console/passages").text


def test_the_list_says_what_the_next_edition_takes(services: Services, ning: Colleague) -> None:
    number = number_of(services, "honey-under-1")
    given = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
    send(ning.browser, f"/console/passages/{number}/edit", given | {"zh_title": "新题目"})
    assert "下一版用第 1 稿" in ning.browser.page
    assert "下一版用第 1 稿" in ning.browser.get("/console/passages?state=draft").text


def test_a_step_on_an_older_version_is_told(services: Services, ning: Colleague, luo: Colleague) -> None:
    number = write(ning, services, do="submit")
    luo.browser.get(f"/console/passages/{number}")
    given = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
    send(ning.browser, f"/console/passages/{number}/edit", given | {"zh_title": "又想了想"})
    refused = luo.browser.submit(f"/console/passages/{number}/approve", revision="1")
    assert refused.status_code == 409
    assert "刚才有了新的一稿" in refused.text
    assert "又想了想" in refused.text


def test_who_comes_second_with_a_step_keeps_her_words(services: Services, hire: Hire, ning: Colleague, luo: Colleague) -> None:
    number, tang = write(ning, services, do="submit"), hire("tang", Role.EDITOR)
    for one in (luo, tang):
        one.browser.get(f"/console/passages/{number}")
    luo.browser.submit(f"/console/passages/{number}/approve", revision="1")
    refused = tang.browser.submit(f"/console/passages/{number}/send-back", revision="1", said="第三句再想想")
    assert refused.status_code == 409
    assert "可能刚才有人先动过了" in refused.text
    assert "第三句再想想" in refused.text


def test_a_starter_passage_is_approved_as_it_stands(services: Services, luo: Colleague) -> None:
    number = number_of(services, "tantrums-1-to-3")
    assert "我看过了，没有问题" in luo.browser.get(f"/console/passages/{number}").text
    luo.browser.submit(f"/console/passages/{number}/approve", revision="1")
    assert newest(services, number).reviewed
    assert "待本地专家审核" not in luo.browser.get(f"/console/passages/{number}").text


def test_a_retired_passage_leaves_the_next_edition_and_can_be_written_anew(services: Services, ning: Colleague) -> None:
    number = number_of(services, "honey-under-1")
    review = ning.browser.get(f"/console/passages/{number}").text.split('id="steps"')[1].split("</section>")[0]
    assert "停用" not in review, "no tap among the buttons of the review retires anything"
    assert "停用这一篇？" in ning.browser.get(f"/console/passages/{number}/retire").text
    refused = ning.browser.submit(f"/console/passages/{number}/retire", revision="1", said=" ")
    assert (refused.status_code, "请写一句为什么" in refused.text) == (422, True)
    ning.browser.submit(f"/console/passages/{number}/retire", revision=ning.browser.field("revision"), said="和新指南不一样")
    assert ning.browser.get(f"/console/passages/{number}/retire").status_code == 409
    assert "停用 1 篇" in ning.browser.get("/console/editions").text
    assert f'id="passage-{number}"' in ning.browser.get("/console/passages?state=retired").text
    given = fields_of(ning.browser.get(f"/console/passages/{number}/edit").text)
    send(ning.browser, f"/console/passages/{number}/edit", given)
    assert newest(services, number).state is ReviewState.DRAFT


def test_a_proposal_is_the_beginning_of_a_passage(services: Services, ning: Colleague) -> None:
    with services.database.transaction() as session:
        made = curriculum.propose(
            session, question="娃儿怕黑咋办", answer="留一盏小灯。", topics=["fears", "danger:x"], by=ning.key
        )
    assert "照这个写一篇" in ning.browser.get("/console/editions/proposals").text
    given = fields_of(ning.browser.get(f"/console/passages/new?proposal={made.id}").text)
    assert (given["zh_questions"], given["zh_text"], given["topic1"]) == ("娃儿怕黑咋办", "留一盏小灯。", "fears")
    assert ning.browser.get("/console/passages/new?proposal=999").status_code == 404


def test_what_is_approved_is_what_the_next_edition_answers_with(services: Services, ning: Colleague, luo: Colleague) -> None:
    number = write(ning, services, do="submit")
    luo.browser.get(f"/console/passages/{number}")
    luo.browser.submit(f"/console/passages/{number}/approve", revision="1")
    ning.browser.get("/console/editions")
    ning.browser.submit("/console/editions")
    build(services.database, 2, library=services.library, blobs=services.blobs)
    ning.browser.get("/console/editions")
    ning.browser.submit("/console/editions/2/publish")
    assert services.library.current().passages["speak-half-a-beat-slower"].content.zh.title == "说话慢半拍"
    assert "现在发布的就是最新的内容" in ning.browser.get("/console/editions").text
