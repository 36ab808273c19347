"""What a trainer and the keeper of held-back pictures do: take over, comment, hold back, release, remove."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.homework import actions, queries
from care.homework.errors import IncompleteComment, MoveNotOpen, NotMine, PartTooLong
from care.homework.models import KEPT_AFTER_REVIEW, Homework, HomeworkComment, HomeworkItem, HomeworkState, ItemState, Verdict
from care.messages import actions as messages
from kit import audit, clock
from kit.accounts.models import Staff

LONGEST_PART = 300


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts of a comment that works: what I saw, what the child did, why it matters, one small step."""

    saw: str = ""
    did: str = ""
    why: str = ""
    step: str = ""

    def checked(self, *, spoken: bool) -> "Parts":
        """Trimmed. Raises PartTooLong, and IncompleteComment: without a recording all four are needed."""
        said = Parts(*(part.strip() for part in (self.saw, self.did, self.why, self.step)))
        parts = (said.saw, said.did, said.why, said.step)
        longest = max(len(part) for part in parts)
        if longest > LONGEST_PART:
            raise PartTooLong(most=LONGEST_PART, over=longest - LONGEST_PART)
        if not (spoken or all(parts)):
            raise IncompleteComment
        return said


def take_over(session: Session, homework: Homework, *, by: Staff) -> None:
    """`homework` must be read with a row lock."""
    if homework.state is not HomeworkState.HANDED_IN:
        raise MoveNotOpen
    if homework.owner_id != by.key:
        homework.owner_id = by.key
        session.add(homework)
        audit.record(session, "take_over", thing="homework", thing_id=homework.key, staff_id=by.key)


def comment(
    session: Session, homework: Homework, *, by: Staff, parts: Parts, verdict: Verdict, key: str, voice_key: str = ""
) -> HomeworkComment | None:
    """Keep the comment and tell everybody who handed in. None when `key` was kept before.

    Raises IncompleteComment, PartTooLong, NotMine, MoveNotOpen. `homework` must be read with a row lock.
    """
    said = parts.checked(spoken=bool(voice_key))
    if session.exec(select(HomeworkComment.id).where(HomeworkComment.key == key)).first() is not None:
        return None
    if homework.owner_id != by.key:
        raise NotMine
    to = HomeworkState.DONE if verdict is Verdict.DONE else HomeworkState.AGAIN
    actions.move(session, homework, to=to, staff_id=by.key)
    now = clock.now()
    if verdict is Verdict.DONE:
        homework.ended_at = now
        items = sa.update(HomeworkItem).where(col(HomeworkItem.homework_id) == homework.key)
        session.execute(items.values(keep_until=now + KEPT_AFTER_REVIEW))
    row = HomeworkComment(
        homework_id=homework.key, child_id=homework.child_id, staff_id=by.key, key=key, verdict=verdict, voice_key=voice_key,
        saw=said.saw, did=said.did, why=said.why, step=said.step, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _tell(session, homework, row)
    return row


def _tell(session: Session, homework: Homework, row: HomeworkComment) -> None:
    facts = {"homework_id": homework.key, "comment_id": row.number}
    for who in queries.senders(session, homework):
        messages.tell(session, who, kind="homework_news", key=f"homework-news:{row.number}:{who.key}", facts=facts)


def hold_back(session: Session, item: HomeworkItem, *, by: Staff) -> None:
    """A trainer finds that nobody else should see this picture. Raises MoveNotOpen."""
    _picture(session, item, from_=ItemState.KEPT, to=ItemState.HELD, by=by)


def release(session: Session, item: HomeworkItem, *, by: Staff) -> None:
    """The keeper finds nothing in it: the trainer sees it after all. Raises MoveNotOpen."""
    _picture(session, item, from_=ItemState.HELD, to=ItemState.KEPT, by=by)


def remove(session: Session, item: HomeworkItem, *, by: Staff) -> str:
    """The keeper takes a held-back picture out for good; the key of its file, to be deleted after the commit."""
    key = item.media_key
    _picture(session, item, from_=ItemState.HELD, to=ItemState.REMOVED, by=by)
    item.media_key = ""
    return key


def _picture(session: Session, item: HomeworkItem, *, from_: ItemState, to: ItemState, by: Staff) -> None:
    if item.state is not from_:
        raise MoveNotOpen
    item.state = to
    session.add(item)
    audit.record(session, f"picture_{to.value}", thing="homework", thing_id=item.homework_id, staff_id=by.key, item=item.key)
