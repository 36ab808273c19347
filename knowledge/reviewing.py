"""Review: submit, approve, send back, retire, comment, along the one table of moves. They take a Session and never commit."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, col, select

from kit import audit, clock
from kit.accounts.models import Staff
from knowledge import drafts, looking_again, topics
from knowledge.actions import move
from knowledge.errors import NoSuchDay, NotNewest, OwnRevision, ReasonMissing, SameExpert, Unfinished, UnknownPassage
from knowledge.models import MOVES, ReviewEntry, ReviewState, Revision, Step
from knowledge.writing import locked

LONGEST_WORDS = 1000
LONGEST_EXPERT = 80
_NEEDS_WORDS = frozenset({Step.SEND_BACK, Step.RETIRE, Step.COMMENT})
_BY_SOMEBODY_ELSE = frozenset({Step.APPROVE, Step.SEND_BACK})


def open_steps(session: Session, revision: Revision, *, by: int) -> tuple[Step, ...]:
    """What `by` can do with the newest revision of a passage, as far as the table of moves and four eyes allow it."""
    steps = list(MOVES[revision.state].values())
    if is_to_be_looked_at(revision):
        steps = [Step.APPROVE, Step.SEND_BACK, *steps]
    own = revision.author_id == by
    done = {entry.staff_id for entry in approvals(session, revision)}
    return tuple(
        step
        for step in steps
        if not (step in _BY_SOMEBODY_ELSE and own)
        and not (step is Step.APPROVE and by in done)
        and not (step is Step.SUBMIT and drafts.findings(drafts.from_content(revision.content)))
    )


def approvals_needed(chosen: Collection[str], *, reviewers: int) -> int:
    """`reviewers` is the setting REVIEWERS_REQUIRED, for the topics that need care; one person is enough for the others."""
    return max(1, reviewers) if topics.needs_care(chosen) else 1


def approvals(session: Session, revision: Revision) -> Sequence[ReviewEntry]:
    """Those that count: since the revision was last sent back."""
    entries = session.exec(select(ReviewEntry).where(ReviewEntry.revision_id == revision.key).order_by(col(ReviewEntry.id))).all()
    back = max((number for number, entry in enumerate(entries) if entry.step is Step.SEND_BACK), default=-1)
    return [entry for entry in entries[back + 1 :] if entry.step is Step.APPROVE]


def is_to_be_looked_at(revision: Revision) -> bool:
    """It stands for parents, and nobody of this place has looked at it yet, or its day to be looked at again has come."""
    return revision.state is ReviewState.APPROVED and (not revision.reviewed or looking_again.is_due(revision))


def submit(session: Session, passage_id: int, *, number: int, by: int, words: str = "", warnings: Sequence[str] = ()) -> Revision:
    """Hand revision `number` to the reviewers. `warnings` are the rules of the lint whose findings she saw and left standing.

    Raises NotNewest, Unfinished, WrongState.
    """
    revision = _standing(session, passage_id, number)
    if revision.state is ReviewState.IN_REVIEW:
        return revision
    if drafts.findings(drafts.from_content(revision.content)):
        raise Unfinished
    move(session, revision, to=ReviewState.IN_REVIEW, by=by)
    if warnings:
        facts = {"rules": sorted(set(warnings)), "count": len(warnings)}
        audit.record(session, "submit_warned", thing="revision", thing_id=revision.key, staff_id=by, **facts)
    return _noted(session, revision, Step.SUBMIT, by=by, words=words)


def approve(
    session: Session,
    passage_id: int,
    *,
    number: int,
    by: Staff,
    reviewers: int,
    words: str = "",
    expert: str = "",
    review_by: date | None = None,
) -> Revision:
    """Vouch for revision `number`; with enough people behind it, it is approved. The same person counts once.

    A passage that stands already and is to be looked at (a starter, or one whose day has come) is vouched for as it is, in a revision
    of its own. `expert` is the name and title of whoever judged it while `by` entered it. `review_by` is the day to look again,
    else what `looking_again` says. Raises NotNewest, OwnRevision, SameExpert, NoSuchDay, WrongState.
    """
    _, newest = locked(session, passage_id)
    if newest.number == number + 1 and by.key in {entry.staff_id for entry in approvals(session, newest)}:
        return newest  # the same form sent twice, about a starter
    revision = _standing(session, passage_id, number)
    if revision.author_id == by.key:
        raise OwnRevision
    _check_day(revision, review_by)
    if is_to_be_looked_at(revision):
        revision = _once_more(session, revision, state=ReviewState.IN_REVIEW)
    before = approvals(session, revision)
    done, expert = {entry.staff_id for entry in before}, _expert(expert)
    if by.key in done:
        return revision
    if expert and expert.casefold() in {entry.expert.casefold() for entry in before}:
        raise SameExpert
    if ReviewState.APPROVED not in MOVES[revision.state]:
        move(session, revision, to=ReviewState.APPROVED, by=by.key)  # raises: it says which move is not open
    _noted(session, revision, Step.APPROVE, by=by.key, words=words, expert=expert)
    revision.review_by = review_by or revision.review_by
    enough = len(done) + 1 >= approvals_needed(revision.content["topics"], reviewers=reviewers)
    if expert or not enough:
        facts = {"expert": expert} if expert else {}
        audit.record(session, "vouch", thing="revision", thing_id=revision.key, staff_id=by.key, **facts)
    if enough:
        move(session, revision, to=ReviewState.APPROVED, by=by.key, reviewer=_names_behind(session, revision))
        revision.review_by = revision.review_by or looking_again.by_default(revision.content["topics"])
    return revision


def send_back(session: Session, passage_id: int, *, number: int, by: int, words: str, expert: str = "") -> Revision:
    """To its writer, with what should change. What stands for parents goes on standing until a better revision is approved.

    Raises NotNewest, OwnRevision, ReasonMissing, WrongState.
    """
    _, newest = locked(session, passage_id)
    if newest.number == number + 1 and _is_again(session, newest, Step.SEND_BACK, by=by):
        return newest  # the same form sent twice, about what stands
    revision = _standing(session, passage_id, number)
    if revision.author_id == by:
        raise OwnRevision
    if _is_again(session, revision, Step.SEND_BACK, by=by):
        return revision
    said = _said(words, Step.SEND_BACK)
    if is_to_be_looked_at(revision):
        revision = _once_more(session, revision, state=ReviewState.DRAFT)
        audit.record(session, "draft", thing="revision", thing_id=revision.key, staff_id=by, expert=_expert(expert))
    else:
        move(session, revision, to=ReviewState.DRAFT, by=by)
    return _noted(session, revision, Step.SEND_BACK, by=by, words=said, expert=_expert(expert))


def retire(session: Session, passage_id: int, *, number: int, by: int, words: str) -> Revision:
    """Take the passage out of the next edition. Raises NotNewest, ReasonMissing, WrongState."""
    revision = _standing(session, passage_id, number)
    if _is_again(session, revision, Step.RETIRE, by=by):
        return revision
    said = _said(words, Step.RETIRE)
    move(session, revision, to=ReviewState.RETIRED, by=by)
    return _noted(session, revision, Step.RETIRE, by=by, words=said)


def comment(session: Session, passage_id: int, *, number: int, by: int, words: str) -> Revision:
    """Said about revision `number`, the newest or an older one. Raises UnknownPassage, ReasonMissing."""
    locked(session, passage_id)
    query = select(Revision).where(Revision.passage_id == passage_id, Revision.number == number)
    revision = session.exec(query).one_or_none()
    if revision is None:
        raise UnknownPassage
    said = _said(words, Step.COMMENT)
    if _is_again(session, revision, Step.COMMENT, by=by, words=said):
        return revision
    audit.record(session, "comment", thing="revision", thing_id=revision.key, staff_id=by)
    return _noted(session, revision, Step.COMMENT, by=by, words=said)


def _standing(session: Session, passage_id: int, number: int) -> Revision:
    _, newest = locked(session, passage_id)
    if newest.number != number:
        raise NotNewest
    return newest


def _is_again(session: Session, revision: Revision, step: Step, *, by: int, words: str | None = None) -> bool:
    """Whether this is the newest entry already: the same form was sent twice."""
    query = select(ReviewEntry).where(ReviewEntry.revision_id == revision.key).order_by(col(ReviewEntry.id).desc())
    newest = session.exec(query).first()
    return bool(newest and (newest.staff_id, newest.step) == (by, step) and words in (None, newest.words))


def _once_more(session: Session, standing: Revision, *, state: ReviewState) -> Revision:
    """What editions hold already stays as it is, so the review is of a revision with the same words."""
    again = Revision(
        passage_id=standing.passage_id,
        number=standing.number + 1,
        state=state,
        content=standing.content,
        fingerprint=standing.fingerprint,
        author_id=standing.author_id,
        created_at=clock.now(),
        warnings=standing.warnings,
    )
    session.add(again)
    session.flush()
    return again


def _check_day(revision: Revision, review_by: date | None) -> None:
    latest = looking_again.by_default(revision.content["topics"])
    if review_by is not None and not clock.today() < review_by <= latest:
        raise NoSuchDay(latest=latest.isoformat())


def _names_behind(session: Session, revision: Revision) -> str:
    """Of everybody who vouched for it; an expert with the colleague who entered it for her."""
    found = approvals(session, revision)
    names = {one.id: one.name for one in session.exec(select(Staff).where(col(Staff.id).in_({each.staff_id for each in found})))}
    return "、".join(f"{each.expert} / {names[each.staff_id]}" if each.expert else names[each.staff_id] for each in found)[:120]


def _expert(given: str) -> str:
    return " ".join(drafts.clean(given).split())[:LONGEST_EXPERT]


def _said(words: str, step: Step) -> str:
    said = drafts.clean(words)[:LONGEST_WORDS]
    if step in _NEEDS_WORDS and not said:
        raise ReasonMissing
    return said


def _noted(session: Session, revision: Revision, step: Step, *, by: int, words: str, expert: str = "") -> Revision:
    said = _said(words, step)
    entry = ReviewEntry(revision_id=revision.key, staff_id=by, step=step, words=said, expert=expert, at=clock.now())
    session.add(entry)
    session.flush()
    return revision
