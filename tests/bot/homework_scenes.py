"""Homework in each of its states, and typical facts of every notice about it."""

from typing import Any

from sqlmodel import Session, select

from care.homework.models import Homework, HomeworkComment, HomeworkState, Verdict
from kit import clock
from kit.accounts.models import Staff
from knowledge.homework import tasks

Facts = dict[str, Any]
NOBODY = 2**40


def _rows(session: Session, child_id: int, staff: Staff) -> list[Homework]:
    """One in each state, and one whose task is no longer in the collection; made once a world."""
    known = session.exec(select(Homework).where(Homework.child_id == child_id)).all()
    if known:
        return list(known)
    slugs = [*list(tasks())[: len(HomeworkState)], "a-task-of-long-ago"]
    states = [*HomeworkState, HomeworkState.DONE]
    rows = [
        Homework(child_id=child_id, task=slug, fingerprint="x", state=state, given_at=clock.now(), due_at=clock.now())
        for slug, state in zip(slugs, states, strict=True)
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(_comment(row, staff, verdict) for row in rows for verdict in Verdict)
    session.flush()
    return rows


def _comment(row: Homework, staff: Staff, verdict: Verdict) -> HomeworkComment:
    whole = {"saw": "慢慢来，先陪着。", "did": "慢慢来，先陪着。", "why": "慢慢来，先陪着。", "step": "慢慢来，先陪着。"}
    said: Facts = {"voice_key": "voices/1"} if verdict is Verdict.AGAIN else dict(whole)
    return HomeworkComment(
        homework_id=row.key, child_id=row.child_id, staff_id=staff.key, key=f"{row.key}:{verdict}", verdict=verdict,
        at=clock.now(), **said,
    )  # fmt: skip


def for_parents(session: Session, children: list[int], staff: Staff) -> dict[str, list[Facts]]:
    rows = _rows(session, children[0], staff)
    about: list[Facts] = [{"homework_id": key} for key in (*(row.key for row in rows), NOBODY)]
    comments: list[Facts] = [{"comment_id": row.number} for row in session.exec(select(HomeworkComment))]
    counted: Facts = {"photos": 9, "films": 1, "voices": 2, "texts": 1, "held": 1, "doubles": 2, "failed": [7], "came": 16}
    nothing: Facts = {**dict.fromkeys(counted, 0), "failed": [1], "came": 1}
    received = [
        {**one, "late": late, **counts} for one in about for late in (True, False) for counts in (counted, nothing)
    ]  # fmt: skip
    return {
        **dict.fromkeys(("homework_task", "homework_how", "homework_only_one"), about),
        "homework_goes_on": [{**one, "photos": photos} for one in about for photos in (True, False)],
        **dict.fromkeys(("homework_no_photo", "homework_said"), about),
        "homework_hand_in": [{**one, "photos": photos} for one in about for photos in (True, False)],
        "homework_ask_photos": [*about, {**about[0], "case_id": 1}],
        "homework_received": received,
        "homework_none": [{"child_id": child, "waiting": waiting} for child in children for waiting in ([], [rows[1].key])],
        "homework_news": [*comments, {"comment_id": NOBODY}],
        "homework_comment": [*comments, {"comment_id": NOBODY}],
        "homework_needs_age": [{}],
        "homework_later": [{}],
    }


def for_staff(session: Session, children: list[int], staff: Staff) -> dict[str, list[Facts]]:
    rows = _rows(session, children[0], staff)
    return {
        "homework_card": [{"homework_id": key} for key in (*(row.key for row in rows), NOBODY)],
        "picture_held": [{"count": 1}],
    }
