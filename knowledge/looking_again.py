"""By which day a passage has to be looked at again, and how long an overdue one still goes into editions. Pure rules."""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import col

from kit import clock
from knowledge import topics
from knowledge.models import ReviewState, Revision

CAREFUL_LASTS = timedelta(days=365)
"""Health, safety, protection: the topics that two people review."""
OTHERS_LAST = timedelta(days=2 * 365)
GRACE = timedelta(days=60)
"""How long after its day a passage still goes into the next edition: time enough for a review that is late, not for a forgotten one."""


def lasts(chosen: Iterable[str]) -> timedelta:
    """How long a review of a passage with these topics holds; a reviewer may set an earlier day."""
    return CAREFUL_LASTS if topics.needs_care(chosen) else OTHERS_LAST


def by_default(chosen: Iterable[str]) -> date:
    """The day for a passage that is approved today."""
    return clock.today() + lasts(chosen)


def is_due(revision: Revision) -> bool:
    """Approved, reviewed once, and its day has come."""
    return (
        revision.state is ReviewState.APPROVED
        and revision.reviewed
        and revision.review_by is not None
        and revision.review_by <= clock.today()
    )


def leaves_on(day: date) -> date:
    """From when editions are frozen without a passage that was to be looked at again on `day`."""
    return day + GRACE


def is_left_out(revision: Revision) -> bool:
    """Due for so long that the next edition is frozen without it."""
    return is_due(revision) and revision.review_by is not None and leaves_on(revision.review_by) <= clock.today()


def due() -> sa.ColumnElement[bool]:
    """`is_due` as a condition on Revision."""
    reviewed = sa.and_(col(Revision.state) == ReviewState.APPROVED, col(Revision.reviewed).is_(True))
    return sa.and_(reviewed, col(Revision.review_by) <= clock.today())
