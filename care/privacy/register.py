"""One register of personal data. A table missing here fails a test; export, forget and retention read from it and know no table."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import SQLModel


class Purpose(StrEnum):
    ANSWERING = "answering"
    SAFEGUARDING = "safeguarding"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Personal:
    """`owner` is the column that leads to the caregiver (or staff member) whose data it is: `table.column` when over a join."""

    table: str
    owner: str
    purpose: Purpose
    keep: timedelta | None
    """From the moment in `since`; None: as long as the family or the account is here."""
    since: str = ""
    """The column from which `keep` counts. Rows where it is empty stay."""
    ends: str = ""
    """The column that says itself when its row is over."""
    words: tuple[str, ...] = ()
    """Where a person's own words can stand. They are emptied where the row must outlive them; else the whole row goes."""
    media: str = ""
    """The column that names a file, which goes with the row."""
    also: tuple[str, ...] = ()
    """More owner paths: rows that tell of her without being hers. They are erased with her and not handed out to her."""
    secret: tuple[str, ...] = ()
    """Columns that an archive leaves out: they open something, or tell of staff."""
    of_staff: bool = False
    """Erased with the account of the staff member, not with a family."""


YEAR = timedelta(days=365)
FAMILY, GUARD, STAFF = Purpose.ANSWERING, Purpose.SAFEGUARDING, Purpose.STAFF

PERSONAL: tuple[Personal, ...] = (
    Personal("caregiver", "id", FAMILY, None),
    Personal("contact", "caregiver_id", FAMILY, None),
    Personal("child", "care_of.caregiver_id", FAMILY, None, words=("nickname",)),
    Personal("care_of", "caregiver_id", FAMILY, None),
    Personal("consent", "caregiver_id", FAMILY, None),
    Personal("return_code", "caregiver_id", FAMILY, timedelta(days=60), ends="expires_at", secret=("digest",)),
    Personal("share_code", "caregiver_id", FAMILY, timedelta(days=1), ends="expires_at", secret=("digest",)),
    Personal("dialog", "caregiver_id", FAMILY, timedelta(days=30), since="changed_at", words=("facts",)),
    Personal("question", "caregiver_id", FAMILY, YEAR, since="asked_at", words=("text",)),
    Personal("feedback", "caregiver_id", FAMILY, YEAR, since="at", words=("words",)),
    Personal("message", "caregiver_id", FAMILY, YEAR, since="created_at", words=("facts",), also=("case.caregiver_id",)),
    Personal("recall_notice", "caregiver_id", FAMILY, YEAR, since="at", secret=("recall_id", "message_id")),
    Personal("gap_question", "caregiver_id", FAMILY, YEAR, since="at", secret=("passage_id",)),
    Personal("case", "caregiver_id", GUARD, 3 * YEAR, since="closed_at", secret=("owner_id", "outcome")),
    Personal(
        "case_entry", "case.caregiver_id", GUARD, 3 * YEAR, words=("text", "facts"), media="media_key",
        secret=("staff_id", "facts"),
    ),
    Personal("duty_page", "case.caregiver_id", GUARD, 3 * YEAR, secret=("staff_id", "address_number")),
    Personal("call_number", "case.caregiver_id", GUARD, 3 * YEAR, secret=("sealed",)),
    Personal("follow_up", "case.caregiver_id", GUARD, 3 * YEAR),
    Personal("case_look", "case.caregiver_id", GUARD, 3 * YEAR, secret=("staff_id", "reason")),
    Personal("homework", "care_of.caregiver_id", FAMILY, 3 * YEAR, since="ended_at", secret=("owner_id",)),
    Personal(
        "homework_item", "caregiver_id", FAMILY, timedelta(days=90), ends="keep_until", words=("text",), media="media_key",
        secret=("nudity", "file_hash", "file_id"),
    ),
    Personal(
        "homework_comment", "care_of.caregiver_id", FAMILY, None, words=("saw", "did", "why", "step"), media="voice_key",
        secret=("staff_id", "key"),
    ),
    Personal("handing_in", "caregiver_id", FAMILY, timedelta(days=1), ends="until"),
    Personal("inbox_update", "address", FAMILY, timedelta(days=3), since="received_at", words=("payload",)),
    Personal("staff", "id", STAFF, None, of_staff=True),
    Personal("staff_session", "staff_id", STAFF, timedelta(days=30), since="expires_at", of_staff=True),
    Personal("absence", "staff_id", STAFF, None, of_staff=True),
    Personal("assignment", "staff_id", STAFF, None, of_staff=True),
    Personal("duty_shift", "staff_id", STAFF, None, of_staff=True),
    Personal("duty_leave", "staff_id", STAFF, None, of_staff=True),
    Personal("safeguarding_staff", "staff_id", STAFF, None, of_staff=True),
    Personal("proposal", "staff_id", STAFF, None, of_staff=True),
    Personal("review_entry", "staff_id", STAFF, None, words=("words", "expert"), of_staff=True),
    Personal("audit_entry", "staff_id", STAFF, 3 * YEAR, since="at", of_staff=True),
    Personal("one_time_token", "subject_id", STAFF, timedelta(days=30), since="expires_at", of_staff=True),
    Personal("attempt", "key_hash", STAFF, timedelta(days=1), since="at", of_staff=True),
    Personal("forgotten", "digests", GUARD, 2 * YEAR, since="at", of_staff=True),
)  # fmt: skip

NOT_PERSONAL: frozenset[str] = frozenset(
    {"place", "site", "passage", "revision", "recall", "edition", "edition_entry", "publication", "alembic_version"}
)


def of_families() -> tuple[Personal, ...]:
    return tuple(entry for entry in PERSONAL if not entry.of_staff)


def table_of(entry: Personal) -> sa.Table:
    return SQLModel.metadata.tables[entry.table]


def rows_of(entry: Personal, caregiver_id: int, *, with_others: bool = False) -> sa.ColumnElement[bool]:
    """The condition for her rows in the entry's table; `with_others` adds those that only tell of her."""
    paths = (entry.owner, *entry.also) if with_others else (entry.owner,)
    return sa.or_(*(_reached(table_of(entry), path, caregiver_id) for path in paths))


def _reached(table: sa.Table, path: str, caregiver_id: int) -> sa.ColumnElement[bool]:
    via, _, column = path.rpartition(".")
    if path == "address":  # a raw update knows only where it came from
        contact = SQLModel.metadata.tables["contact"]
        hers = sa.select(contact.c.channel, contact.c.address).where(contact.c.caregiver_id == caregiver_id)
        return sa.tuple_(table.c.channel, table.c.address).in_(hers)
    if not via:
        return table.c[column] == caregiver_id
    between = SQLModel.metadata.tables[via]
    if "child_id" in table.c and "child_id" in between.c:  # what hangs on a child is of everybody who looks after it
        return table.c.child_id.in_(sa.select(between.c.child_id).where(between.c[column] == caregiver_id))
    there, here = (between.c.id, f"{via}_id") if f"{via}_id" in table.c else (between.c[f"{table.name}_id"], "id")
    return table.c[here].in_(sa.select(there).where(between.c[column] == caregiver_id))
