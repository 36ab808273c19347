"""Reads on editions."""

from collections.abc import Sequence
from itertools import pairwise

import sqlalchemy as sa
from sqlmodel import Session, col, select

from knowledge.editions import freezing
from knowledge.editions.models import BuildState, Edition, Publication

_ONE_FREEZE = 7_201_123


def newest(session: Session, *, limit: int = 30) -> Sequence[Edition]:
    return session.exec(select(Edition).order_by(col(Edition.number).desc()).limit(limit)).all()


def earlier(session: Session, live: Edition) -> int | None:
    """The number of the edition that rolling back from `live` would publish."""
    query = select(Publication.edition_number).where(Publication.edition_number < live.key)
    return session.exec(query.order_by(col(Publication.edition_number).desc()).limit(1)).first()


def underway(session: Session) -> Edition | None:
    """The newest edition, while it waits for its build or is being built. Who asks next waits until this transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_FREEZE)))
    query = select(Edition).where(col(Edition.state).in_([BuildState.FROZEN, BuildState.BUILDING]))
    return session.exec(query.order_by(col(Edition.number).desc()).limit(1)).one_or_none()


def publications(session: Session, *, limit: int = 30) -> Sequence[Publication]:
    return session.exec(select(Publication).order_by(col(Publication.id).desc()).limit(limit)).all()


def rolled_back(session: Session) -> frozenset[int]:
    """The numbers of editions that an earlier one took the place of, as far as the last publications tell."""
    numbers = [one.edition_number for one in publications(session)]
    return frozenset(before for after, before in pairwise(numbers) if after < before)


def answering(session: Session, *, allow_unreviewed: bool) -> Edition | None:
    """The published edition, unless it holds passages that may not be shown here: then a person answers every question."""
    live = freezing.published(session)
    return None if live and live.unreviewed and not allow_unreviewed else live
