"""Writing and review: nothing is overwritten, nobody approves her own, two vouch for health and safety, everything is on record."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.audit import AuditEntry
from kit.errors import WrongState
from knowledge import actions, drafts, queries, reviewing, writing
from knowledge.drafts import Draft, DraftWording
from knowledge.editions import freezing
from knowledge.errors import EmptyDraft, NotNewest, OwnRevision, ReasonMissing, SavedMeanwhile, Unfinished, UnknownPassage
from knowledge.markdown import parse_folder
from knowledge.models import ReviewState, Revision, Step
from knowledge.queries import Story, Wanted

PASSAGES = parse_folder(Path(__file__).parents[1] / "fixtures" / "passages")
BY_SLUG = {one.content.slug: one.content for one in PASSAGES}
DRAFT, IN_REVIEW, APPROVED, RETIRED = ReviewState.DRAFT, ReviewState.IN_REVIEW, ReviewState.APPROVED, ReviewState.RETIRED


@pytest.fixture
def ning(session: Session) -> Staff:
    return accounts.create_staff(session, "ning", name="宁编辑", role=Role.EDITOR)


@pytest.fixture
def luo(session: Session) -> Staff:
    return accounts.create_staff(session, "luo", name="罗医生", role=Role.EDITOR)


@pytest.fixture
def tang(session: Session) -> Staff:
    return accounts.create_staff(session, "tang", name="唐老师", role=Role.EDITOR)


def a_draft(slug: str = "tantrums-1-to-3", title: str = "换了个题目") -> Draft:
    given = drafts.from_content(BY_SLUG[slug].model_dump(mode="json"))
    return replace(given, zh=replace(given.zh, title=title))


def imported(session: Session, slug: str = "tantrums-1-to-3") -> int:
    actions.import_passages(session, PASSAGES)
    return next(held.passage.key for held in queries.listed(session, Wanted(), limit=99) if held.passage.slug == slug)


def story(session: Session, passage_id: int) -> Story:
    found = queries.story(session, passage_id)
    assert found
    return found


def submitted(session: Session, draft: Draft, *, by: Staff) -> Revision:
    made = writing.write_new(session, draft, by=by.key)
    return reviewing.submit(session, made.passage_id, number=1, by=by.key)


def test_a_new_passage_gets_an_address_of_its_own_from_the_english_title(session: Session, ning: Staff) -> None:
    first = writing.write_new(session, a_draft(), by=ning.key)
    second = writing.write_new(session, a_draft(title="又一个"), by=ning.key)
    half = writing.write_new(session, Draft(zh=DraftWording(title="只有中文")), by=ning.key)
    slugs = [row.content["slug"] for row in (first, second, half)]
    assert slugs[1] == f"{slugs[0]}-2"
    assert slugs[2] == f"passage-{half.passage_id}"
    assert [story(session, row.passage_id).passage.slug for row in (first, second, half)] == slugs


def test_the_same_new_form_twice_is_one_passage(session: Session, ning: Staff, luo: Staff) -> None:
    first = writing.write_new(session, a_draft(), by=ning.key)
    assert writing.write_new(session, a_draft(), by=ning.key).id == first.id
    assert writing.write_new(session, a_draft(), by=luo.key).id != first.id


def test_nothing_written_is_no_passage(session: Session, ning: Staff) -> None:
    with pytest.raises(EmptyDraft):
        writing.write_new(session, Draft(topics=("fears",)), by=ning.key)


def test_the_second_who_saves_is_told_and_nothing_is_overwritten(session: Session, ning: Staff, luo: Staff) -> None:
    number = imported(session)
    hers = writing.rewrite(session, number, a_draft(title="宁写的"), base=1, by=ning.key)
    with pytest.raises(SavedMeanwhile) as told:
        writing.rewrite(session, number, a_draft(title="罗写的"), base=1, by=luo.key)
    assert told.value.newest == hers.number == 2
    again = writing.rewrite(session, number, a_draft(title="罗写的"), base=2, by=luo.key)
    titles = [row.content["zh"]["title"] for row in story(session, number).revisions]
    assert (again.number, titles[:2]) == (3, ["罗写的", "宁写的"])


def test_saving_the_same_words_again_is_no_new_revision(session: Session, ning: Staff) -> None:
    number = imported(session)
    first = writing.rewrite(session, number, a_draft(), base=1, by=ning.key)
    assert writing.rewrite(session, number, a_draft(), base=1, by=ning.key).id == first.id
    assert writing.rewrite(session, number, a_draft(), base=2, by=ning.key).id == first.id


def test_a_draft_changes_nothing_for_parents_until_it_is_approved(session: Session, ning: Staff, luo: Staff) -> None:
    number = imported(session)
    edition = freezing.freeze(session)
    writing.rewrite(session, number, a_draft(), base=1, by=ning.key)
    assert not freezing.changes_since(session, edition)
    reviewing.submit(session, number, number=2, by=ning.key)
    assert not freezing.changes_since(session, edition)
    reviewing.approve(session, number, number=2, by=luo, reviewers=2)
    assert freezing.changes_since(session, edition) == freezing.Changes(new=0, changed=1, gone=0)
    held = story(session, number).standing
    assert held
    assert (held.number, held.reviewed, held.reviewed_by) == (2, True, "罗医生")


def test_new_and_retired_passages_are_counted_too(session: Session, ning: Staff, luo: Staff) -> None:
    number = imported(session)
    edition = freezing.freeze(session)
    new = submitted(session, a_draft(title="新的一篇"), by=ning)
    reviewing.approve(session, new.passage_id, number=1, by=luo, reviewers=2)
    reviewing.retire(session, number, number=1, by=ning.key, words="说法过时了")
    assert freezing.changes_since(session, edition) == freezing.Changes(new=1, changed=0, gone=1)


def test_nobody_approves_or_sends_back_her_own(session: Session, ning: Staff) -> None:
    made = submitted(session, a_draft(), by=ning)
    with pytest.raises(OwnRevision):
        reviewing.approve(session, made.passage_id, number=1, by=ning, reviewers=1)
    with pytest.raises(OwnRevision):
        reviewing.send_back(session, made.passage_id, number=1, by=ning.key, words="不行")
    assert reviewing.open_steps(session, made, by=ning.key) == (Step.RETIRE,)
    assert made.state is IN_REVIEW


@pytest.mark.parametrize(("reviewers", "after_one"), [(1, APPROVED), (2, IN_REVIEW)])
def test_health_takes_two_unless_the_office_is_small(
    session: Session, ning: Staff, luo: Staff, tang: Staff, reviewers: int, after_one: ReviewState
) -> None:
    made = submitted(session, a_draft("honey-under-1"), by=ning)
    for _ in range(2):  # the same person twice counts once
        assert reviewing.approve(session, made.passage_id, number=1, by=luo, reviewers=reviewers).state is after_one
    if after_one is IN_REVIEW:
        assert Step.APPROVE not in reviewing.open_steps(session, made, by=luo.key)
        assert reviewing.approve(session, made.passage_id, number=1, by=tang, reviewers=reviewers).state is APPROVED
        assert made.reviewed_by == "罗医生、唐老师"


@pytest.mark.parametrize(
    ("topics", "needed"),
    [(["picky_eating"], 1), (["fever_care"], 2), (["picky_eating", "choking_prevention"], 2), (["physical_punishment"], 2)],
)
def test_which_topics_take_two(topics: list[str], needed: int) -> None:
    assert reviewing.approvals_needed(topics, reviewers=2) == needed
    assert reviewing.approvals_needed(topics, reviewers=1) == 1


def test_what_was_sent_back_begins_anew(session: Session, ning: Staff, luo: Staff, tang: Staff) -> None:
    made = submitted(session, a_draft("honey-under-1"), by=ning)
    reviewing.approve(session, made.passage_id, number=1, by=luo, reviewers=2)
    for _ in range(2):
        assert reviewing.send_back(session, made.passage_id, number=1, by=tang.key, words="年龄不对").state is DRAFT
    reviewing.submit(session, made.passage_id, number=1, by=ning.key)
    reviewing.approve(session, made.passage_id, number=1, by=tang, reviewers=2)
    assert made.state is IN_REVIEW
    said = [(entry.step, entry.words) for entry in story(session, made.passage_id).entries[made.key]]
    assert said.count((Step.SEND_BACK, "年龄不对")) == 1


def test_a_starter_passage_is_vouched_for_as_it_stands(session: Session, luo: Staff, tang: Staff) -> None:
    number = imported(session, "honey-under-1")
    starter = story(session, number).newest
    assert not starter.reviewed
    for _ in range(2):
        assert reviewing.approve(session, number, number=1, by=luo, reviewers=2).state is IN_REVIEW
    reviewing.approve(session, number, number=2, by=tang, reviewers=2)
    now = story(session, number)
    assert [row.number for row in now.revisions] == [2, 1]
    assert (now.newest.reviewed, now.newest.content) == (True, starter.content)
    assert not starter.reviewed, "what editions hold already stays as it was"
    with pytest.raises(WrongState):
        reviewing.approve(
            session, number, number=2, by=accounts.create_staff(session, "third", name="x", role=Role.EDITOR), reviewers=2
        )


def test_what_is_unfinished_is_not_submitted(session: Session, ning: Staff) -> None:
    made = writing.write_new(session, Draft(zh=DraftWording(title="只有题目")), by=ning.key)
    with pytest.raises(Unfinished):
        reviewing.submit(session, made.passage_id, number=1, by=ning.key)
    assert reviewing.open_steps(session, made, by=ning.key) == (Step.RETIRE,)


def test_a_step_meant_for_an_older_wording_is_refused(session: Session, ning: Staff, luo: Staff) -> None:
    made = submitted(session, a_draft(), by=ning)
    writing.rewrite(session, made.passage_id, a_draft(title="又改了"), base=1, by=ning.key)
    assert made.state is DRAFT, "the newer one takes its place before the reviewers"
    with pytest.raises(NotNewest):
        reviewing.approve(session, made.passage_id, number=1, by=luo, reviewers=1)
    with pytest.raises(NotNewest):
        reviewing.submit(session, made.passage_id, number=1, by=ning.key)
    with pytest.raises(NotNewest):
        reviewing.retire(session, made.passage_id, number=1, by=ning.key, words="x")


def test_sending_back_retiring_and_a_comment_need_words(session: Session, ning: Staff, luo: Staff) -> None:
    made = submitted(session, a_draft(), by=ning)
    with pytest.raises(ReasonMissing):
        reviewing.send_back(session, made.passage_id, number=1, by=luo.key, words=" \u200b ")
    with pytest.raises(ReasonMissing):
        reviewing.retire(session, made.passage_id, number=1, by=luo.key, words="")
    with pytest.raises(ReasonMissing):
        reviewing.comment(session, made.passage_id, number=1, by=luo.key, words="")
    with pytest.raises(UnknownPassage):
        reviewing.comment(session, made.passage_id, number=7, by=luo.key, words="哪一稿？")


def test_a_retired_passage_comes_back_by_being_written_and_approved_again(session: Session, ning: Staff, luo: Staff) -> None:
    number = imported(session)
    for _ in range(2):
        reviewing.retire(session, number, number=1, by=ning.key, words="先拿掉")
    assert story(session, number).standing is None
    given = drafts.from_content(story(session, number).newest.content)
    writing.rewrite(session, number, given, base=1, by=ning.key)
    reviewing.submit(session, number, number=2, by=ning.key)
    reviewing.approve(session, number, number=2, by=luo, reviewers=1)
    held = story(session, number).standing
    assert held
    assert held.number == 2


def test_importing_files_leaves_an_editors_draft_alone(session: Session, ning: Staff) -> None:
    number = imported(session)
    writing.rewrite(session, number, a_draft(), base=1, by=ning.key)
    again = actions.import_passages(session, PASSAGES)
    assert (again.changed, again.unchanged) == (0, len(PASSAGES))
    assert story(session, number).newest.state is DRAFT


def test_every_step_is_on_record(session: Session, ning: Staff, luo: Staff) -> None:
    made = submitted(session, a_draft(), by=ning)
    reviewing.comment(session, made.passage_id, number=1, by=luo.key, words="第二句再短一点？")
    reviewing.send_back(session, made.passage_id, number=1, by=luo.key, words="改短一点")
    reviewing.submit(session, made.passage_id, number=1, by=ning.key)
    reviewing.approve(session, made.passage_id, number=1, by=luo, reviewers=1)
    reviewing.retire(session, made.passage_id, number=1, by=ning.key, words="过时了")
    done = session.exec(select(AuditEntry.verb, AuditEntry.staff_id).order_by(col(AuditEntry.id))).all()
    steps = [("write", ning), ("in_review", ning), ("comment", luo), ("draft", luo)]
    steps += [("in_review", ning), ("approved", luo), ("retired", ning)]
    assert [one for one in done if one[0] not in ("create_staff", "create")] == [(verb, who.key) for verb, who in steps]


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        (Wanted(words="蜂蜜"), ["honey-under-1"]),
        (Wanted(words="honey 蜂蜜"), ["honey-under-1"]),
        (Wanted(words="HONEY-under"), ["honey-under-1"]),
        (Wanted(words="%"), []),
        (Wanted(topic="tantrums"), ["tantrums-1-to-3"]),
        (Wanted(group="sleep"), ["night-waking"]),
        (Wanted(group="no_such_group"), []),
        (Wanted(words="蜂蜜", group="sleep"), []),
        (Wanted(age=300), []),
        (Wanted(lacking="en"), []),
    ],
)
def test_the_list_is_narrowed(session: Session, wanted: Wanted, slugs: list[str]) -> None:
    actions.import_passages(session, PASSAGES)
    found = queries.listed(session, wanted, limit=99)
    assert sorted(held.passage.slug for held in found) == slugs
    assert sum(queries.counts(session, wanted).values()) == len(slugs)


def test_a_draft_without_english_is_found_as_such_and_only_the_newest_counts(session: Session, ning: Staff) -> None:
    made = writing.write_new(session, Draft(zh=DraftWording(title="只有中文"), age_months=(None, 3)), by=ning.key)
    found = queries.listed(session, Wanted(lacking="en"), limit=9)
    assert [(held.passage.key, held.standing) for held in found] == [(made.passage_id, None)]
    writing.rewrite(session, made.passage_id, a_draft(), base=1, by=ning.key)
    assert queries.listed(session, Wanted(lacking="en"), limit=9) == []
    assert queries.counts(session, Wanted()) == {(DRAFT, False): 1}


def test_an_age_finds_what_fits_it(session: Session) -> None:
    actions.import_passages(session, PASSAGES)
    for age in (0, 8, 20):
        fits = sorted(slug for slug, content in BY_SLUG.items() if content.age_months[0] <= age < content.age_months[1])
        assert sorted(held.passage.slug for held in queries.listed(session, Wanted(age=age), limit=99)) == fits


def test_sources_to_choose_from_are_those_in_use(session: Session) -> None:
    actions.import_passages(session, PASSAGES)
    known = {(s.organisation, s.title, s.year) for content in BY_SLUG.values() for s in content.sources}
    assert {(s.organisation, s.title, s.year) for s in queries.sources_in_use(session)} == known
