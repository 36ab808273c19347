"""Rules of homework: the tasks, who gets which, by when it is commented, its states, what goes when, and who may open what."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from care.cases.actions import Media
from care.cases.hours import DutyHours, working_day
from care.families import actions as families
from care.families.models import Caregiver, Channel, Child
from care.homework import actions, commenting, queries, settling
from care.homework.commenting import Parts
from care.homework.errors import IncompleteComment, MoveNotOpen, NoMoreTasks, NotMine
from care.homework.models import (
    MOVES,
    Homework,
    HomeworkItem,
    HomeworkState,
    ItemState,
    Verdict,
    comment_due,
)
from care.people import access
from care.privacy import actions as consents
from care.privacy import forgetting, keeping
from care.privacy.models import ConsentPurpose
from care.safety.screening import screen
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.blobs import Blobs
from knowledge.errors import BadBatch
from knowledge.homework import parse, tasks

HOURS = DutyHours.parse("08:30-20:00")
ALL_DAY = DutyHours.parse("00:00-23:59")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WHOLE = Parts("您停下来等他", "他也敲了两下", "他有了轮到自己的机会", "他敲几下您敲几下")


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs("", folder=tmp_path / "blobs")


def family(session: Session, *, months_old: int = 8, address: str = "m") -> tuple[Caregiver, Child]:
    who = families.meet(session, Channel.WEB, address=address)
    years, months = divmod(12 * 2026 + 10 - months_old, 12)
    return who, families.add_child(session, who, birth_month=date(years, months + 1, 1))


def given(session: Session) -> tuple[Caregiver, Homework]:
    who, child = family(session)
    return who, actions.give(session, child)


def handed_in(session: Session, blobs: Blobs | None = None) -> tuple[Caregiver, Homework, HomeworkItem]:
    who, homework = given(session)
    key = blobs.put_new(b"picture", folder="photos") if blobs else "photos/1"
    actions.hand_in(session, homework, who, media=Media(key, "photo"), said=screen(""), update_key="u1")
    item = session.exec(select(HomeworkItem)).one()
    item.state = ItemState.KEPT
    session.add(item)
    clock.advance(timedelta(seconds=2))
    settling.due(session, hours=ALL_DAY)
    return who, homework, item


# The tasks.


def test_there_are_tasks_for_every_month_up_to_school() -> None:
    assert len(tasks()) >= 200
    for month in range(72):
        assert sum(task.fits(month) for task in tasks().values()) >= (10 if month < 37 else 5), month


def test_one_new_task_a_week_lasts_for_the_first_three_years() -> None:
    done: set[str] = set()
    for week in range(3 * 52):
        fitting = (slug for slug, task in tasks().items() if task.fits(int(week * 7 / 30.44)) and slug not in done)
        fresh = next(fitting, None)
        assert fresh, f"nothing new in week {week}"
        done.add(fresh)


def test_no_task_asks_for_a_face_or_shames_anybody() -> None:
    for task in tasks().values():
        assert "拍正脸" not in task.zh.send or "不用拍正脸" in task.zh.send, task.slug
        for word in ("必须", "笨", "比别人", "落后"):
            assert word not in task.zh.model_dump_json(), (task.slug, word)


GOOD = """---
slug: a-task
age_months: [1, 3]
photos: welcome
review: {state: unreviewed}
---
# zh: 一起做
做这件小事情，慢慢来就好。

## send
发一张手的照片就够了。

## why
因为这样他会更安心一些。

## hint
看大人有没有停下来等他。

# en: Do it
Do this little thing slowly.

## send
One photo of hands.

## why
It makes him feel safe.

## hint
Look for the pause.
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("age_months: [1, 3]", "age_months: [3, 1]", 1, "age_months"),
        ("photos: welcome", "photos: maybe", 4, "photos"),
        ("slug: a-task", "slug: another", 2, "file's name"),
        ("## hint\nLook for the pause.\n", "", 19, "hint"),
        ("发一张手的照片就够了。", "好", 10, "send"),
        ("photos: welcome", "colour: red\nphotos: welcome", 4, "colour"),
        ("---\nslug", "slug", 1, "front matter"),
        ("# zh: 一起做", "words\n# zh: 一起做", 7, "before the first heading"),
    ],
)
def test_a_finding_names_file_and_line(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(BadBatch) as caught:
        parse(GOOD.replace(old, new, 1), name="a-task.md")
    found = caught.value.findings[0]
    assert (found.file, found.line) == ("a-task.md", line)
    assert words in found.sentence


def test_a_rewritten_task_has_another_fingerprint() -> None:
    before, after = parse(GOOD, name="a-task.md"), parse(GOOD.replace("慢慢来", "快快来"), name="a-task.md")
    assert before.fingerprint != after.fingerprint


# Giving.


def test_a_task_is_given_once_a_child(session: Session) -> None:
    with clock.frozen(MONDAY):
        _, child = family(session)
        first = actions.give(session, child)
        assert actions.give(session, child).key == first.key
        other = actions.give_another(session, first, child)
        assert other.task != first.task
        assert first.state is HomeworkState.DROPPED


def test_when_all_are_done_there_is_none(session: Session) -> None:
    with clock.frozen(MONDAY):
        _, child = family(session)
        for _ in [task for task in tasks().values() if task.fits(8)]:
            homework = actions.give(session, child)
            homework.state = HomeworkState.DONE
            session.add(homework)
            session.flush()
        with pytest.raises(NoMoreTasks):
            actions.give(session, child)


@pytest.mark.parametrize("state", list(HomeworkState))
@pytest.mark.parametrize("target", list(HomeworkState))
def test_homework_moves_only_along_the_table(session: Session, state: HomeworkState, target: HomeworkState) -> None:
    with clock.frozen(MONDAY):
        _, homework = given(session)
    homework.state = state
    session.add(homework)
    if target in MOVES[state]:
        actions.move(session, homework, to=target)
        assert homework.state is target
    else:
        with pytest.raises(MoveNotOpen):
            actions.move(session, homework, to=target)


# The time to comment.


@pytest.mark.parametrize(
    ("handed_in_at", "by"),
    [
        ("2026-11-23T10:00", "2026-11-25T10:00"),  # a Monday
        ("2026-11-23T22:00", "2026-11-26T08:30"),  # after hours
        ("2026-11-20T10:00", "2026-11-24T10:00"),  # over a weekend
        ("2026-11-21T10:00", "2026-11-25T08:30"),  # on a Saturday
        ("2026-09-30T10:00", "2026-10-09T10:00"),  # over the National Day week
    ],
)
def test_by_when_it_is_commented(handed_in_at: str, by: str) -> None:
    due = comment_due(datetime.fromisoformat(handed_in_at).replace(tzinfo=clock.CHINA), HOURS)
    assert due.astimezone(clock.CHINA) == datetime.fromisoformat(by).replace(tzinfo=clock.CHINA)
    assert working_day(due.astimezone(clock.CHINA).date())


# Who may open what.

A, E, I = Role.ADMINISTRATOR, Role.EDITOR, Role.INSTRUCTOR  # noqa: E741 - columns
TABLE = {
    access.Verb.SEE_HOMEWORK: {A, I},
    access.Verb.COMMENT_HOMEWORK: {A, I},
    access.Verb.KEEP_HELD_PICTURES: {A},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", list(TABLE))
def test_the_table_of_roles(session: Session, role: Role, verb: access.Verb) -> None:
    assert access.may(accounts.create_staff(session, "somebody", name="x", role=role), verb) is (role in TABLE[verb])


def test_only_its_trainer_and_administrators_open_pictures(session: Session) -> None:
    with clock.frozen(MONDAY):
        own, other, boss, editor = (
            accounts.create_staff(session, login, name=login, role=role)
            for login, role in (("own", I), ("other", I), ("boss", A), ("editor", E))
        )
        _, homework, _ = handed_in(session)
    homework.owner_id = own.key
    opens = [access.may_open_pictures(one, homework) for one in (own, other, boss, editor)]
    assert opens == [True, False, True, False]


# The comment.


def trainer(session: Session) -> Staff:
    return accounts.create_staff(session, "wang", name="王老师", role=I)


def said(session: Session, homework: Homework, by: Staff, *, key: str = "k", verdict: Verdict = Verdict.DONE) -> bool:
    return commenting.comment(session, homework, by=by, parts=WHOLE, verdict=verdict, key=key) is not None


def test_a_comment_needs_its_trainer_and_its_moment(session: Session) -> None:
    with clock.frozen(MONDAY):
        wang = trainer(session)
        _, homework, _ = handed_in(session)
        li = accounts.create_staff(session, "li", name="李老师", role=I)
        with pytest.raises(NotMine):
            said(session, homework, li)
        with pytest.raises(IncompleteComment):
            commenting.comment(session, homework, by=wang, parts=Parts("好"), verdict=Verdict.DONE, key="x")
        assert said(session, homework, wang)
        assert not said(session, homework, wang), "the same form twice"
        with pytest.raises(MoveNotOpen):
            said(session, homework, wang, key="another")


# What goes when.


def test_files_go_ninety_days_after_the_comment(session: Session, blobs: Blobs) -> None:
    with clock.frozen(MONDAY):
        wang = trainer(session)
        _, homework, item = handed_in(session, blobs)
        said(session, homework, wang)
        session.flush()
        keeping.due(session, blobs, clock.now() + timedelta(days=89), signing_key="k")
        assert list(blobs.keys("photos")) == [item.media_key]
        keeping.due(session, blobs, clock.now() + timedelta(days=91), signing_key="k")
        assert list(blobs.keys("photos")) == []
        assert queries.comments(session, homework), "the comment stays with the child"


def test_taking_back_her_yes_takes_the_pictures(session: Session, blobs: Blobs) -> None:
    with clock.frozen(MONDAY):
        who, homework, _ = handed_in(session, blobs)
        actions.hand_in_words(session, homework, who, said=screen("他敲了五下"), update_key="u2")
        consents.decide(session, blobs, who, purpose=ConsentPurpose.PHOTOS, given=False)
        assert list(blobs.keys("photos")) == []
        assert [item.kind for item in session.exec(select(HomeworkItem))] == ["text"]


def test_forgetting_takes_homework_files_and_comments(session: Session, blobs: Blobs) -> None:
    with clock.frozen(MONDAY):
        wang = trainer(session)
        who, homework, _ = handed_in(session, blobs)
        said(session, homework, wang)
        forgetting.forget_caregiver(session, blobs, who, signing_key="k")
        session.expire_all()
        assert list(blobs.keys("photos")) == []
        for table in (Homework, HomeworkItem):
            assert session.exec(select(table)).all() == []
