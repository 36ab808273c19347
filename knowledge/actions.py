"""Verbs on passages: take in a batch, propose one from an answer, approve, retire. They take a Session and never commit."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from kit import audit, clock
from kit.errors import Invalid, WrongState
from knowledge import looking_again
from knowledge.content import PassageContent
from knowledge.markdown import Parsed
from knowledge.models import MOVES, SETTLED, Passage, Proposal, ReviewState, Revision


@dataclass(frozen=True, slots=True)
class Imported:
    new: int
    changed: int
    unchanged: int
    retired: int


def fingerprint(content: PassageContent) -> str:
    return hashlib.sha256(content.model_dump_json().encode()).hexdigest()


def import_passages(
    session: Session, batch: Sequence[Parsed], *, retire_missing: bool = False, by: int | None = None
) -> Imported:
    """Write a new approved revision of every passage that differs from its newest one; running it again changes nothing.

    `retire_missing` retires passages whose file is gone. Files are the starter form of editing: what lies in the folder counts
    as approved by whoever imports it, and says of itself whether a local expert has reviewed it.
    """
    newest = {passage.slug: (passage, revision) for passage, revision in newest_revisions(session)}
    settled = {passage.slug: revision for passage, revision in newest_revisions(session, states=SETTLED)}
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    for one in batch:
        held = newest.get(one.content.slug)
        if held and _says_the_same(settled.get(one.content.slug), one):
            counts["unchanged"] += 1
            continue
        counts[_take_in(session, one, held, by)] += 1
    gone = set(newest) - {one.content.slug for one in batch} if retire_missing else set()
    retired = sum(_retire(session, newest[slug][1], by=by) for slug in sorted(gone))
    audit.record(session, "import", thing="passage", staff_id=by, **counts, retired=retired)
    return Imported(**counts, retired=retired)


def _take_in(session: Session, one: Parsed, held: tuple[Passage, Revision] | None, by: int | None) -> str:
    mark = fingerprint(one.content)
    if held is None:
        passage = Passage(slug=one.content.slug, created_at=clock.now())
        session.add(passage)
        session.flush()
        number, kind = 1, "new"
    else:
        passage, newest = held
        number, kind = newest.number + 1, "changed"
    session.add(
        Revision(
            passage_id=passage.key,
            number=number,
            state=ReviewState.APPROVED,
            reviewed=one.reviewed,
            reviewed_by=one.reviewed_by,
            content=one.content.model_dump(mode="json"),
            fingerprint=mark,
            author_id=by,
            created_at=clock.now(),
            review_by=looking_again.by_default(one.content.topics) if one.reviewed else None,
        )
    )
    return kind


def _says_the_same(revision: Revision | None, one: Parsed) -> bool:
    """A draft that an editor has begun meanwhile does not count: the file is compared with what stands."""
    if revision is None or revision.state is not ReviewState.APPROVED or revision.fingerprint != fingerprint(one.content):
        return False
    return revision.reviewed == one.reviewed and revision.reviewed_by == one.reviewed_by


def _retire(session: Session, revision: Revision, *, by: int | None) -> int:
    if revision.state is ReviewState.RETIRED:
        return 0
    revision.state = ReviewState.RETIRED
    session.add(revision)
    audit.record(session, "retire", thing="revision", thing_id=revision.key, staff_id=by)
    return 1


def move(session: Session, revision: Revision, *, to: ReviewState, by: int, reviewer: str = "") -> None:
    """Take `revision` one step along; approving marks it as reviewed by `reviewer`. Raises WrongState."""
    if to not in MOVES[revision.state]:
        raise WrongState(f"a revision cannot move from {revision.state} to {to}")
    revision.state = to
    if to is ReviewState.APPROVED:
        revision.reviewed, revision.reviewed_by = True, reviewer
    session.add(revision)
    audit.record(session, to.value, thing="revision", thing_id=revision.key, staff_id=by)


def propose(session: Session, *, question: str, answer: str, topics: Sequence[str], by: int) -> Proposal:
    """Keep an instructor's answer for editors to write a passage from. Nothing of it reaches a parent by itself.

    The same proposal again is the same proposal. Raises Invalid for an empty one.
    """
    question, answer = question.strip(), answer.strip()
    if not question or not answer:
        raise Invalid("a proposal needs a question and an answer")
    same = select(Proposal).where(Proposal.question == question, Proposal.answer == answer, Proposal.staff_id == by)
    known = session.exec(same).first()
    if known:
        return known
    proposal = Proposal(question=question, answer=answer, topics=list(topics), staff_id=by, created_at=clock.now())
    session.add(proposal)
    session.flush()
    audit.record(session, "propose", thing="proposal", thing_id=proposal.id, staff_id=by)
    return proposal


def settle_proposal(session: Session, proposal: Proposal, *, by: int) -> None:
    """An editor has used it, or decided not to."""
    if proposal.settled_at is None:
        proposal.settled_at = clock.now()
        session.add(proposal)
        audit.record(session, "settle", thing="proposal", thing_id=proposal.id, staff_id=by)


def newest_revisions(
    session: Session, *, states: Iterable[ReviewState] = tuple(ReviewState)
) -> Iterable[tuple[Passage, Revision]]:
    """Each passage with its newest revision (in one of `states`), by slug."""
    query = select(Passage, Revision).join(Revision, col(Revision.passage_id) == col(Passage.id))
    query = query.where(col(Revision.state).in_(states))
    query = query.ext(distinct_on(col(Passage.slug))).order_by(col(Passage.slug), col(Revision.number).desc())
    return session.exec(query).all()
