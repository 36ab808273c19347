"""Verbs on cases. They take a Session and never commit: permission is checked by the caller with care.people.access."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.cases import queries
from care.cases.errors import (
    AlreadyTaken,
    AnotherOpen,
    EmptyReply,
    MoveNotOpen,
    NotHeld,
    OutcomeMissing,
    ReplyTooLong,
    TooLateToUndo,
    Unanswered,
)
from care.cases.hours import DutyHours
from care.cases.models import MOVES, OPEN_STATES, Case, CaseEntry, CaseKind, CaseState, EntryKind, Outcome
from care.families import queries as families
from care.families.models import Caregiver, Channel
from care.messages import actions as messages
from care.messages.models import Message
from care.safety.models import Screened
from kit import audit, clock
from kit.accounts.models import Role, Staff
from knowledge import actions as curriculum

UNDO_WITHIN = timedelta(seconds=60)
LONGEST_REPLY = 3000
LONGEST_OUTCOME = 500
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Media:
    """A stored voice note, photo or file; `kind` is photo, voice or file. `file_id` is the channel's own name of the file, if any."""

    key: str
    kind: str
    file_id: str = ""


def open_case(
    session: Session,
    who: Caregiver,
    *,
    kind: CaseKind,
    said: Screened,
    hours: DutyHours,
    topic: str = "",
    nearest: Sequence[str] = (),
    media: Media | None = None,
) -> tuple[Case, bool]:
    """A case holding what she said; True when it joined one of hers that was open on the same topic."""
    session.execute(sa.select(col(Caregiver.id)).where(col(Caregiver.id) == who.key).with_for_update())
    query = select(Case).where(Case.caregiver_id == who.key, Case.topic == topic)
    case = session.exec(query.where(col(Case.state).in_(OPEN_STATES))).first()
    joined = case is not None
    if case is None:
        child = families.current_child(session, who)
        now = clock.now()
        case = Case(
            caregiver_id=who.key,
            child_id=child.key if child else None,
            place_id=who.place_id,
            kind=kind,
            topic=topic,
            category=said.category.value,
            nearest=list(nearest),
            opened_at=now,
            due_at=now if kind in (CaseKind.DANGER, CaseKind.URGENT) else hours.promised(now),
        )
        session.add(case)
        session.flush()
        audit.record(session, "open", thing="case", thing_id=case.key, kind=kind.value)
    add_words(session, case, said=said, media=media)
    return case, joined


def add_words(session: Session, case: Case, *, said: Screened, media: Media | None = None) -> CaseEntry:
    """What the parent adds. An answered case waits for its owner again."""
    entry = CaseEntry(
        case_id=case.key,
        kind=EntryKind.PARENT,
        text=said.text,
        media_key=media.key if media else "",
        media_kind=media.kind if media else "",
        at=clock.now(),
    )
    session.add(entry)
    if case.state is CaseState.ANSWERED:
        case.state = CaseState.TAKEN if case.owner_id else CaseState.OPEN
        session.add(case)
    session.flush()
    return entry


def _move(session: Session, case: Case, *, to: CaseState, by: Staff | None, words: str = "", **facts: object) -> None:
    """`words` stand in the history alone: the audit outlives the family's wish to be forgotten."""
    if to not in MOVES[case.state]:
        raise MoveNotOpen(f"a case cannot go from {case.state} to {to}")
    audit.record(session, to.value, thing="case", thing_id=case.key, staff_id=by.key if by else None, **facts)
    staff_id = by.key if by else None
    told = {**facts, "words": words} if words else facts
    event = CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=to.value, staff_id=staff_id, facts=dict(told), at=clock.now())
    session.add(event)
    case.state = to
    session.add(case)
    session.flush()


def take(session: Session, case: Case, *, by: Staff) -> None:
    """`case` must be read with a row lock, so that of two who press at once one is told. A closed case is opened again.

    Raises AlreadyTaken, AnotherOpen, MoveNotOpen.
    """
    if case.owner_id == by.key and case.state is not CaseState.CLOSED:
        return
    if case.owner_id is not None and case.state is not CaseState.CLOSED:
        owner = session.get_one(Staff, case.owner_id)
        raise AlreadyTaken(name=owner.name)
    if case.state is CaseState.CLOSED:
        _reopen(session, case)
    case.owner_id = by.key
    _move(session, case, to=CaseState.TAKEN, by=by)


def _reopen(session: Session, case: Case) -> None:
    """Not while the family has a newer case of the same topic open: what they write now goes there."""
    query = select(Case).where(Case.caregiver_id == case.caregiver_id, Case.topic == case.topic)
    newer = session.exec(query.where(col(Case.state).in_(OPEN_STATES))).first()
    if newer is not None:
        raise AnotherOpen(case_id=newer.key)
    case.closed_at, case.outcome = None, None  # how it ended the first time stays in its history


def answer(session: Session, case: Case, *, by: Staff, text: str, key: str, hold: bool = False) -> Message | None:
    """Send the reply to the parent, after the time to undo when `hold`. `key` makes a repeated delivery of it harmless.

    Raises NotHeld, EmptyReply, ReplyTooLong, MoveNotOpen. None when `key` was answered before.
    """
    text = text.strip()
    if not text:
        raise EmptyReply
    if len(text) > LONGEST_REPLY:
        raise ReplyTooLong(most=LONGEST_REPLY, over=len(text) - LONGEST_REPLY)
    if case.owner_id != by.key or case.state is CaseState.CLOSED:
        raise NotHeld
    who = session.get_one(Caregiver, case.caregiver_id)
    due = clock.now() + (UNDO_WITHIN if hold else timedelta(0))
    facts = {"text": text, "name": by.name, "case_id": case.key}
    message = messages.tell(session, who, kind="case_reply", key=key, facts=facts, case_id=case.key, due_at=due)
    if message is None:
        return None
    session.add(
        CaseEntry(case_id=case.key, kind=EntryKind.REPLY, text=text, staff_id=by.key, message_id=message.id, at=clock.now())
    )
    case.answered_at = clock.now()
    _move(session, case, to=CaseState.ANSWERED, by=by)
    if families.left_us(session, who, Channel.TELEGRAM):
        not_delivered(session, case, key=f"not-delivered:{message.number}")
    return message


def not_delivered(session: Session, case: Case, *, key: str) -> None:
    """The parent cannot be reached on her chat: whoever holds the case hears of it. The reply waits on the page."""
    owner = session.get(Staff, case.owner_id) if case.owner_id else None
    if owner:
        messages.tell_staff(session, owner, kind="not_delivered", key=key, facts={"case_id": case.key}, case_id=case.key)


def undo_answer(session: Session, message_id: int, *, by: Staff) -> Case:
    """Take back a reply that is still held. Raises TooLateToUndo."""
    query = select(CaseEntry).where(CaseEntry.message_id == message_id, CaseEntry.staff_id == by.key)
    entry = session.exec(query).one_or_none()
    if entry is None or not messages.undo(session, message_id):
        raise TooLateToUndo
    entry.undone_at = clock.now()
    session.add(entry)
    case = session.get_one(Case, entry.case_id)
    case.answered_at = None
    _move(session, case, to=CaseState.TAKEN, by=by, undone=True)
    return case


def put_back(session: Session, case: Case, *, by: int | None, note: str = "") -> None:
    """Nobody holds the case any more; it waits among the open ones, with a `note` for whoever takes it."""
    _drop_held_replies(session, case)
    case.owner_id = None
    _move(session, case, to=CaseState.OPEN, by=session.get(Staff, by) if by else None, words=note)


def _drop_held_replies(session: Session, case: Case) -> None:
    """What can still be undone must not go out in the name of somebody who has just let go of the case."""
    query = select(CaseEntry).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.REPLY)
    for entry in session.exec(query.where(col(CaseEntry.undone_at).is_(None), col(CaseEntry.message_id).is_not(None))).all():
        held = session.get_one(Message, entry.message_id)
        if held.due_at > clock.now() and messages.undo(session, held.number):
            entry.undone_at = clock.now()
            session.add(entry)


def hand_on(session: Session, case: Case, *, by: Staff, to: Staff | None, note: str = "") -> None:
    """To a colleague, or back among the open ones; by whoever holds it or an administrator. The `note` is for colleagues alone.

    Raises NotHeld, ReplyTooLong, MoveNotOpen.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise ReplyTooLong(most=LONGEST_NOTE, over=len(note) - LONGEST_NOTE)
    if case.owner_id != by.key and by.role is not Role.ADMINISTRATOR:
        raise NotHeld
    if to is None:
        put_back(session, case, by=by.key, note=note)
        return
    _drop_held_replies(session, case)
    case.owner_id = to.key
    _move(session, case, to=CaseState.TAKEN, by=by, words=note, handed_to=to.key)
    event_key = f"handed:{case.key}:{to.key}:{clock.now().timestamp():.0f}"
    messages.tell_staff(
        session, to, kind="case_card", key=event_key, facts={"case_id": case.key, "handed_by": by.name}, case_id=case.key
    )


def close(
    session: Session, case: Case, *, by: Staff | None, outcome: Outcome | None = None, words: str = "", seen: int | None = None
) -> None:
    """By whoever holds it, or by the system (`by` is None). How a danger ended is said in an outcome and a sentence.

    Words of the parent's that nobody answered hold it open, unless `seen` is the newest of them; then she is told that it ends.
    Raises NotHeld, OutcomeMissing, Unanswered, MoveNotOpen.
    """
    if by is not None and case.owner_id != by.key:
        raise NotHeld
    words = words.strip()
    if case.needs_outcome and (outcome is None or not words):
        raise OutcomeMissing
    if len(words) > LONGEST_OUTCOME:
        raise OutcomeMissing
    waits = queries.unanswered(session, case)[-1:] if by and not case.needs_outcome and case.state is not CaseState.CLOSED else ()
    if waits and waits[0].id != seen:
        raise Unanswered(entry_id=waits[0].id)
    ended = {"outcome": outcome.value} if outcome else {}
    case.closed_at, case.outcome = clock.now(), outcome
    _move(session, case, to=CaseState.CLOSED, by=by, words=words, **ended)
    if by and waits:
        _say_that_it_ends(session, case, by=by, entry=waits[0])


def _say_that_it_ends(session: Session, case: Case, *, by: Staff, entry: CaseEntry) -> None:
    """She was promised an answer and gets none."""
    who = session.get_one(Caregiver, case.caregiver_id)
    facts = {"case_id": case.key, "name": by.name}
    messages.tell(session, who, kind="case_ended", key=f"case-ended:{case.key}:{entry.id}", facts=facts, case_id=case.key)


def rate(session: Session, case: Case, *, who: Caregiver, rating: int) -> None:
    """1 not helped, 2 partly, 3 helped; a later press changes it. Only by the parent whose case it is."""
    if case.caregiver_id != who.key or rating not in (1, 2, 3):
        raise NotHeld
    case.rating = rating
    session.add(case)
    audit.record(session, "rate", thing="case", thing_id=case.key, rating=rating)


def propose_passage(session: Session, case: Case, *, by: Staff, question: str, answer: str) -> None:
    """Keep the answer for the editors; `question` is the instructor's wording without the family in it."""
    topics = [case.topic] if case.topic else []
    curriculum.propose(session, question=question, answer=answer, topics=topics, by=by.key)
