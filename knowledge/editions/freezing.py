"""Freeze the approved revisions into a new edition, and read a frozen edition back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from kit import audit, clock
from knowledge import queries
from knowledge.editions.models import BuildState, Edition, EditionEntry, Publication
from knowledge.errors import EmptyCurriculum
from knowledge.models import Passage, Revision


@dataclass(frozen=True, slots=True)
class Changes:
    """How many passages the next edition would hold new, worded otherwise, and no longer."""

    new: int
    changed: int
    gone: int

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def freeze(session: Session, *, by: int | None = None) -> Edition:
    """A new edition of everything approved now and looked at in time. Raises EmptyCurriculum."""
    revisions = queries.for_next_edition(session)
    if not revisions:
        raise EmptyCurriculum
    edition = Edition(
        state=BuildState.FROZEN,
        passages=len(revisions),
        unreviewed=sum(not revision.reviewed for revision in revisions),
        created_by=by,
        created_at=clock.now(),
    )
    session.add(edition)
    session.flush()
    session.add_all(EditionEntry(edition_number=edition.key, revision_id=revision.key) for revision in revisions)
    audit.record(session, "freeze", thing="edition", thing_id=edition.key, staff_id=by, passages=len(revisions))
    return edition


def frozen_revisions(session: Session, number: int) -> Sequence[Revision]:
    """The edition's revisions, by slug."""
    query = select(Revision).join(EditionEntry, col(EditionEntry.revision_id) == col(Revision.id))
    query = query.join(Passage, col(Passage.id) == col(Revision.passage_id))
    return session.exec(query.where(EditionEntry.edition_number == number).order_by(col(Passage.slug))).all()


def published(session: Session) -> Edition | None:
    """The edition that parents are answered from now."""
    query = select(Edition).join(Publication, col(Publication.edition_number) == col(Edition.number))
    return session.exec(query.order_by(col(Publication.id).desc()).limit(1)).one_or_none()


def changes_since(session: Session, edition: Edition) -> Changes:
    """What freezing now would make different from `edition`; false when nothing."""
    now = {revision.passage_id: revision.id for revision in queries.for_next_edition(session)}
    then = {revision.passage_id: revision.id for revision in frozen_revisions(session, edition.key)}
    both = now.keys() & then.keys()
    return Changes(
        new=len(now.keys() - both),
        changed=sum(now[passage] != then[passage] for passage in both),
        gone=len(then.keys() - both),
    )


def changed_since(session: Session, edition: Edition) -> bool:
    """True when the approved revisions are not those that `edition` froze."""
    return bool(changes_since(session, edition))
