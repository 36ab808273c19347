"""A day to look at a passage again: set by topic, in the queue when it has come, out of editions when nobody did; who judged."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from kit import clock
from kit.accounts.models import Staff
from kit.audit import AuditEntry
from knowledge import actions, looking_again, queries, reviewing, writing
from knowledge.drafts import Draft, DraftWording
from knowledge.editions import freezing
from knowledge.errors import NoSuchDay, NotScrap, SameExpert
from knowledge.models import Passage, ReviewState, Revision, Step
from knowledge.queries import Wanted
from tests.knowledge.test_reviewing import PASSAGES, a_draft, imported, luo, ning, story, submitted, tang  # noqa: F401

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_a_day() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 23, 4, tzinfo=UTC)):
        yield


def approved(session: Session, slug: str, *, by: Staff, review_by: date | None = None) -> Revision:
    number = imported(session, slug)
    return reviewing.approve(session, number, number=1, by=by, reviewers=1, review_by=review_by)


def frozen(session: Session) -> list[str]:
    return [row.content["slug"] for row in freezing.frozen_revisions(session, freezing.freeze(session).key)]


@pytest.mark.parametrize(("slug", "days"), [("honey-under-1", 365), ("picky-eating", 730)])
def test_health_is_looked_at_again_after_a_year_and_the_rest_after_two(
    session: Session,
    luo: Staff,  # noqa: F811
    slug: str,
    days: int,
) -> None:
    assert approved(session, slug, by=luo).review_by == TODAY + timedelta(days=days)


def test_a_reviewer_may_want_it_sooner_but_not_later(session: Session, luo: Staff) -> None:  # noqa: F811
    for day in (TODAY, TODAY + timedelta(days=366)):
        with pytest.raises(NoSuchDay):
            approved(session, "honey-under-1", by=luo, review_by=day)
    assert approved(session, "honey-under-1", by=luo, review_by=date(2027, 3, 1)).review_by == date(2027, 3, 1)


def test_due_it_comes_back_forgotten_it_leaves_the_next_edition_looked_at_it_returns(
    session: Session,
    ning: Staff,  # noqa: F811
    luo: Staff,  # noqa: F811
) -> None:
    made = approved(session, "picky-eating", by=luo, review_by=TODAY + timedelta(days=30))
    due = Wanted(words="挑食", due=True)
    clock.advance(timedelta(days=29))
    assert queries.listed(session, due, limit=9) == []
    clock.advance(timedelta(days=1))
    assert [held.newest.key for held in queries.listed(session, due, limit=9)] == [made.key]
    assert "picky-eating" in frozen(session), "a late review takes nothing from parents"
    clock.advance(looking_again.GRACE)
    assert [row.content["slug"] for row in queries.left_out(session)] == ["picky-eating"]
    assert "picky-eating" not in frozen(session)
    assert "picky-eating" in [row.content["slug"] for row in queries.approved(session)], "an export still holds it"
    assert story(session, made.passage_id).standing is None
    again = reviewing.approve(session, made.passage_id, number=made.number, by=ning, reviewers=1)
    assert (again.number, again.content) == (made.number + 1, made.content)
    assert again.review_by == clock.today() + looking_again.OTHERS_LAST
    assert "picky-eating" in frozen(session)
    assert queries.listed(session, due, limit=9) == []


def test_a_starter_that_nobody_reviewed_has_no_day(session: Session) -> None:
    actions.import_passages(session, PASSAGES)
    clock.advance(timedelta(days=5000))
    assert "honey-under-1" in frozen(session)
    assert "night-waking" not in frozen(session), "reviewed in its file, long ago"


def test_an_expert_is_named_with_who_entered_it_and_counts_once(
    session: Session,
    ning: Staff,  # noqa: F811
    luo: Staff,  # noqa: F811
    tang: Staff,  # noqa: F811
) -> None:
    made = submitted(session, a_draft("honey-under-1"), by=ning)
    number = made.passage_id
    reviewing.approve(session, number, number=1, by=luo, reviewers=2, expert="李敏  儿科主任医师")
    with pytest.raises(SameExpert):
        reviewing.approve(session, number, number=1, by=tang, reviewers=2, expert="李敏 儿科主任医师")
    reviewing.approve(session, number, number=1, by=tang, reviewers=2, expert="张律师")
    assert made.reviewed_by == "李敏 儿科主任医师 / 罗医生、张律师 / 唐老师"
    noted = session.exec(select(AuditEntry).where(AuditEntry.verb == "vouch")).all()
    assert [(one.staff_id, one.facts["expert"]) for one in noted] == [(luo.key, "李敏 儿科主任医师"), (tang.key, "张律师")]


def test_a_starter_that_an_expert_wants_changed_stands_until_it_is(session: Session, luo: Staff) -> None:  # noqa: F811
    number = imported(session, "honey-under-1")
    for _ in range(2):  # the same form sent twice
        back = reviewing.send_back(session, number, number=1, by=luo.key, words="写上米糊", expert="李敏")
    assert (back.number, back.state) == (2, ReviewState.DRAFT)
    now = story(session, number)
    assert now.sent_back
    assert (now.sent_back.words, now.sent_back.expert, now.sent_back.step) == ("写上米糊", "李敏", Step.SEND_BACK)
    assert now.standing
    assert now.standing.number == 1
    assert "honey-under-1" in frozen(session)


def test_only_a_scrap_of_ones_own_is_dropped(session: Session, ning: Staff, luo: Staff) -> None:  # noqa: F811
    scrap = writing.write_new(session, Draft(zh=DraftWording(title="想岔了")), by=ning.key).passage_id
    reviewing.comment(session, scrap, number=1, by=luo.key, words="这是啥")
    handed_in = submitted(session, a_draft(), by=ning)
    reviewing.send_back(session, handed_in.passage_id, number=1, by=luo.key, words="再想想")
    starter = imported(session, "honey-under-1")
    writing.rewrite(session, starter, a_draft(), base=1, by=ning.key)
    for number, who in ((scrap, luo), (handed_in.passage_id, ning), (starter, ning)):
        with pytest.raises(NotScrap):
            writing.drop(session, number, by=who.key)
    writing.drop(session, scrap, by=ning.key)
    assert session.get(Passage, scrap) is None
    assert story(session, starter).newest.number == 2


def test_titles_come_first_and_width_and_case_do_not_matter(session: Session, ning: Staff) -> None:  # noqa: F811
    imported(session)
    writing.write_new(session, Draft(zh=DraftWording(title="发烧３８．５怎么办")), by=ning.key)
    writing.write_new(session, Draft(zh=DraftWording(title="别的", text="我家的烧到 38.5 了。")), by=ning.key)
    for asked in ("38.5", "３８．５", "３８.5"):
        found = queries.listed(session, Wanted(words=asked), limit=9)
        assert [held.newest.content["zh"]["title"] for held in found] == ["发烧３８．５怎么办", "别的"]
    assert len(queries.listed(session, Wanted(words="ＨＯＮＥＹ"), limit=9)) == 1
