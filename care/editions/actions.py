"""Publish an edition and roll back to the one before. They take a Session and never commit. The gate stands before them, in
`releasing`: going back passes none, for what answered before may answer again at once.
"""

import sqlalchemy as sa
from sqlmodel import Session

from care.editions import queries
from kit import audit, clock
from knowledge.editions import freezing
from knowledge.editions.models import BuildState, Edition, Publication
from knowledge.errors import NoEarlierEdition, NotBuilt, UnknownEdition, UnreviewedPassages

_ONE_AT_A_TIME = 7_201_122


def publish(session: Session, number: int, *, allow_unreviewed: bool, by: int | None = None) -> Edition:
    """Answer parents from edition `number` from now on; publishing the published one again changes nothing.

    Raises UnknownEdition, NotBuilt, and UnreviewedPassages unless `allow_unreviewed` (development only).
    """
    edition = publishable(session, number, allow_unreviewed=allow_unreviewed)
    live = freezing.published(session)
    if live is None or live.number != number:
        session.add(Publication(edition_number=number, staff_id=by, at=clock.now()))
        session.flush()
        audit.record(session, "publish", thing="edition", thing_id=number, staff_id=by)
    return edition


def publishable(session: Session, number: int, *, allow_unreviewed: bool) -> Edition:
    """The edition, if it may be published at all. Who asks next waits until this transaction ends. Raises as `publish` does."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    edition = session.get(Edition, number)
    if edition is None:
        raise UnknownEdition(number=number)
    if edition.state is not BuildState.BUILT:
        raise NotBuilt(number=number)
    if edition.unreviewed and not allow_unreviewed:
        raise UnreviewedPassages(count=edition.unreviewed)
    return edition


def roll_back(session: Session, *, allow_unreviewed: bool, by: int | None = None) -> Edition:
    """Publish what was live before the present edition. Raises NoEarlierEdition."""
    live = freezing.published(session)
    if live is None:
        raise NoEarlierEdition
    before = queries.earlier(session, live)
    if before is None:
        raise NoEarlierEdition
    return publish(session, before, allow_unreviewed=allow_unreviewed, by=by)
