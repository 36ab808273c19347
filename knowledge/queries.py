"""Reads on passages."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from knowledge.models import Passage, Proposal, ReviewState, Revision


def approved(session: Session) -> Sequence[Revision]:
    """The newest approved revision of each passage that is not retired, by slug: what the next edition freezes."""
    query = select(Revision).join(Passage, col(Passage.id) == col(Revision.passage_id))
    query = query.where(col(Revision.state).in_([ReviewState.APPROVED, ReviewState.RETIRED]))
    query = query.ext(distinct_on(col(Passage.slug))).order_by(col(Passage.slug), col(Revision.number).desc())
    return [revision for revision in session.exec(query) if revision.state is ReviewState.APPROVED]


def proposals(session: Session) -> Sequence[Proposal]:
    """Those that no editor has settled yet, newest first."""
    return session.exec(select(Proposal).where(col(Proposal.settled_at).is_(None)).order_by(col(Proposal.id).desc())).all()
