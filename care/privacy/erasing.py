"""How things are erased: rows with all that hangs on them and their files, or only the words in them. Not whose, nor when."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from care.cases.models import Case, CaseEntry, CaseKind, CaseState, EntryKind
from care.families.models import Caregiver
from care.messages.models import Message, MessageState
from care.privacy.register import PERSONAL, Personal, table_of
from care.questions.models import Feedback, Question
from kit.blobs import Blobs

Counts = Counter[str]
"""Erased rows by table; files under «files»."""

Condition = sa.ColumnElement[bool]
Column = sa.SQLColumnExpression[int | None]
Whose = Callable[[Column], Condition]
"""From the column that holds a caregiver's id to the condition that it is one of those meant."""


def hers(who: Caregiver) -> Whose:
    return lambda column: column == who.key


def drop(session: Session, blobs: Blobs, table: sa.Table, these: Condition) -> Counts:
    """Delete rows, first what points to them, and their files before them: a failed commit repeats it, a crash leaves no file."""
    counts = Counts()
    keys = select_keys(table, these)
    for other in SQLModel.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is table:
                counts += drop(session, blobs, other, key.parent.in_(keys))
    for entry in (one for one in PERSONAL if one.table == table.name and one.media):
        counts["files"] += _drop_files(session, blobs, entry, these)
    gone = session.execute(sa.delete(table).where(these).returning(*table.primary_key.columns)).all()
    counts[table.name] += len(gone)
    return counts


def select_keys(table: sa.Table, these: Condition) -> sa.Select[tuple[int]]:
    """Of a table with one key column; a table with two is pointed to by none."""
    return sa.select(next(iter(table.primary_key.columns))).where(these)


def _drop_files(session: Session, blobs: Blobs, entry: Personal, these: Condition) -> int:
    table = table_of(entry)
    keys = session.execute(sa.select(table.c[entry.media]).where(these, table.c[entry.media] != "")).scalars().all()
    for key in keys:
        remove_file(blobs, key)
    return len(keys)


def remove_file(blobs: Blobs, key: str) -> None:
    """One that is gone already is no failure: the same erasing may run twice."""
    with suppress(FileNotFoundError):
        blobs.delete(key)


def asked_a_person(caregiver_id: Column, text: sa.SQLColumnExpression[str]) -> Condition:
    """These words of hers stand in a case, alone or as lines of more: she asked for a person, or it was danger."""
    told = sa.select(col(CaseEntry.id)).join(Case, col(Case.id) == col(CaseEntry.case_id))
    lines = sa.func.concat("\n", col(CaseEntry.text), "\n")
    return told.where(
        col(Case.caregiver_id) == caregiver_id,
        col(CaseEntry.kind) == EntryKind.PARENT,
        sa.func.strpos(lines, sa.func.concat("\n", text, "\n")) > 0,
    ).exists()


def erase_words(session: Session, whose: Whose, *, before: datetime) -> Counts:
    """What she typed until `before`, but for what a person was asked to read. Counts and outcomes stay."""
    counts = Counts()
    asked = sa.update(Question).where(whose(col(Question.caregiver_id)), col(Question.asked_at) <= before)
    asked = asked.where(col(Question.text) != "", ~asked_a_person(col(Question.caregiver_id), col(Question.text)))
    counts["question"] = len(session.execute(asked.values(text="").returning(col(Question.id))).all())
    words = col(Message.facts)["text"].astext
    said = sa.delete(Message).where(whose(col(Message.caregiver_id)), col(Message.created_at) <= before)
    said = said.where(col(Message.state) == MessageState.SAID, ~asked_a_person(col(Message.caregiver_id), words))
    counts["message"] = len(session.execute(said.returning(col(Message.id))).all())
    counts["inbox_update"] = erase_raw(session, whose, before=before)
    return counts


def erase_raw(session: Session, whose: Whose, *, before: datetime) -> int:
    """The raw form of updates that are answered. What waits is needed until it is."""
    inbox, contact = SQLModel.metadata.tables["inbox_update"], SQLModel.metadata.tables["contact"]
    theirs = sa.select(contact.c.channel, contact.c.address).where(whose(contact.c.caregiver_id))
    done = sa.update(inbox).where(inbox.c.state.in_(["done", "dead"]), inbox.c.received_at <= before)
    done = done.where(sa.tuple_(inbox.c.channel, inbox.c.address).in_(theirs), inbox.c.payload != {})
    return len(session.execute(done.values(payload={}).returning(inbox.c.id)).all())


def erase_stray(session: Session, *, before: datetime) -> int:
    """The raw form of updates whose address is tied to nobody: a browser that was left, a group that called the bot."""
    inbox, contact = SQLModel.metadata.tables["inbox_update"], SQLModel.metadata.tables["contact"]
    tied = sa.select(contact.c.id).where(contact.c.channel == inbox.c.channel, contact.c.address == inbox.c.address).exists()
    done = sa.update(inbox).where(inbox.c.state.in_(["done", "dead"]), inbox.c.received_at <= before)
    return len(session.execute(done.where(~tied, inbox.c.payload != {}).values(payload={}).returning(inbox.c.id)).all())


def erase_remarks(session: Session, whose: Whose, *, before: datetime) -> int:
    """Her own words about an answer; whether it helped stays."""
    remarks = sa.update(Feedback).where(whose(col(Feedback.caregiver_id)), col(Feedback.at) <= before, col(Feedback.words) != "")
    return len(session.execute(remarks.values(words="").returning(col(Feedback.id))).all())


def erase_media(session: Session, blobs: Blobs, whose: Whose, *, closed_before: datetime) -> int:
    """Photos and recordings of cases that were closed by then. That there was one stays in the history."""
    closed = sa.select(col(Case.id)).where(
        whose(col(Case.caregiver_id)), col(Case.state) == CaseState.CLOSED, col(Case.closed_at) <= closed_before
    )
    these = sa.and_(col(CaseEntry.case_id).in_(closed), col(CaseEntry.media_key) != "")
    entry = next(one for one in PERSONAL if one.table == "case_entry")
    count = _drop_files(session, blobs, entry, these)
    session.execute(sa.update(CaseEntry).where(these).values(media_key=""))
    return count


def erase_case_words(session: Session, whose: Whose, *, closed_before: datetime) -> int:
    """Questions that went to a person only because no passage answered them, once that is over."""
    closed = sa.select(col(Case.id)).where(
        whose(col(Case.caregiver_id)), col(Case.kind) == CaseKind.NO_ANSWER,
        col(Case.state) == CaseState.CLOSED, col(Case.closed_at) <= closed_before,
    )  # fmt: skip
    words = sa.update(CaseEntry).where(
        col(CaseEntry.case_id).in_(closed), col(CaseEntry.kind) == EntryKind.PARENT, col(CaseEntry.text) != ""
    )
    return len(session.execute(words.values(text="").returning(col(CaseEntry.id))).all())


def erase_homework_media(session: Session, blobs: Blobs, whose: Whose) -> Counts:
    """Pictures, recordings and films handed in. What she wrote about a task stays, and so does the comment."""
    items = SQLModel.metadata.tables["homework_item"]
    return drop(session, blobs, items, sa.and_(whose(items.c.caregiver_id), items.c.media_key != ""))
