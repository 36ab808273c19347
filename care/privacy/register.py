"""One register of personal data. A table missing here fails a test; export, forget and retention are to read from it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
    """From the row's last change; None: as long as the family or the account is here."""


YEAR = timedelta(days=365)

PERSONAL: tuple[Personal, ...] = (
    Personal("caregiver", "id", Purpose.ANSWERING, None),
    Personal("contact", "caregiver_id", Purpose.ANSWERING, None),
    Personal("child", "care_of.caregiver_id", Purpose.ANSWERING, None),
    Personal("care_of", "caregiver_id", Purpose.ANSWERING, None),
    Personal("return_code", "caregiver_id", Purpose.ANSWERING, timedelta(days=60)),
    Personal("dialog", "caregiver_id", Purpose.ANSWERING, timedelta(days=30)),
    Personal("question", "caregiver_id", Purpose.ANSWERING, YEAR),
    Personal("feedback", "caregiver_id", Purpose.ANSWERING, YEAR),
    Personal("message", "caregiver_id", Purpose.ANSWERING, YEAR),
    Personal("case", "caregiver_id", Purpose.SAFEGUARDING, 3 * YEAR),
    Personal("case_entry", "case.caregiver_id", Purpose.SAFEGUARDING, 3 * YEAR),
    Personal("duty_page", "case.caregiver_id", Purpose.SAFEGUARDING, 3 * YEAR),
    Personal("inbox_update", "address", Purpose.ANSWERING, timedelta(days=3)),
    Personal("staff", "id", Purpose.STAFF, None),
    Personal("staff_session", "staff_id", Purpose.STAFF, timedelta(days=30)),
    Personal("absence", "staff_id", Purpose.STAFF, None),
    Personal("assignment", "staff_id", Purpose.STAFF, None),
    Personal("proposal", "staff_id", Purpose.STAFF, None),
    Personal("audit_entry", "staff_id", Purpose.STAFF, 3 * YEAR),
    Personal("one_time_token", "subject_id", Purpose.STAFF, timedelta(days=30)),
    Personal("attempt", "key_hash", Purpose.STAFF, timedelta(days=1)),
)

NOT_PERSONAL: frozenset[str] = frozenset(
    {"place", "site", "passage", "revision", "edition", "edition_entry", "publication", "alembic_version"}
)
