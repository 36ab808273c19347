"""Save what an editor wrote. Every saving is a revision of its own, so nothing that anybody wrote is ever overwritten."""

import re
import secrets
import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from kit import audit, clock
from knowledge import drafts
from knowledge.actions import move
from knowledge.drafts import Draft
from knowledge.errors import EmptyDraft, NotScrap, SavedMeanwhile, UnknownPassage
from knowledge.models import Passage, ReviewEntry, ReviewState, Revision, Step

_LONGEST_SLUG = 60
_SAME_FORM_WITHIN_S = 3600


def write_new(session: Session, draft: Draft, *, by: int, warnings: Sequence[dict[str, str]] = ()) -> Revision:
    """The first revision of a new passage. The same form sent twice is one passage. `warnings` are kept with it. Raises EmptyDraft."""
    if draft.empty:
        raise EmptyDraft
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(7_201_124)))  # two forms at once must not get one slug
    known = _just_written(session, draft, by=by)
    if known:
        return known
    passage = Passage(slug=_free_slug(session, draft.en.title), created_at=clock.now())
    session.add(passage)
    session.flush()
    if passage.slug.startswith("new-"):
        passage.slug = f"passage-{passage.key}"
    return _add(session, passage, draft, number=1, by=by, warnings=warnings)


def rewrite(
    session: Session, passage_id: int, draft: Draft, *, base: int, by: int, warnings: Sequence[dict[str, str]] = ()
) -> Revision:
    """A new revision of a passage, written from revision number `base`; what says the same as the newest one is that one.

    A revision that lies with the reviewers goes back to being a draft, since the newer one takes its place.
    Raises UnknownPassage, EmptyDraft, and SavedMeanwhile when there is a newer revision than `base`.
    """
    passage, newest = locked(session, passage_id)
    if draft.empty:
        raise EmptyDraft
    mark = drafts.fingerprint(drafts.to_content(draft, slug=passage.slug))
    if (
        newest.fingerprint == mark
        and newest.state is not ReviewState.RETIRED
        and (base == newest.number or newest.author_id == by)
    ):
        return newest
    if base != newest.number:
        raise SavedMeanwhile(newest.number)
    if newest.state is ReviewState.IN_REVIEW:
        move(session, newest, to=ReviewState.DRAFT, by=by)
    return _add(session, passage, draft, number=newest.number + 1, by=by, warnings=warnings)


def is_scrap(session: Session, passage_id: int, *, by: int) -> bool:
    """Whether nobody but `by` ever wrote at this passage, no reviewer ever had it, and so no edition can hold it."""
    revisions = session.exec(select(Revision).where(Revision.passage_id == passage_id)).all()
    keys = [one.key for one in revisions]
    steps = select(ReviewEntry).where(col(ReviewEntry.revision_id).in_(keys), col(ReviewEntry.step) != Step.COMMENT)
    own = all(one.author_id == by and one.state is ReviewState.DRAFT for one in revisions)
    return bool(revisions) and own and session.exec(steps).first() is None


def drop(session: Session, passage_id: int, *, by: int) -> None:
    """Delete a scrap of one's own with what was said about it. Raises UnknownPassage, NotScrap."""
    passage, _ = locked(session, passage_id)
    if not is_scrap(session, passage_id, by=by):
        raise NotScrap
    keys = select(Revision.id).where(Revision.passage_id == passage_id)
    session.execute(sa.delete(ReviewEntry).where(col(ReviewEntry.revision_id).in_(keys)))
    session.execute(sa.delete(Revision).where(col(Revision.passage_id) == passage_id))
    session.delete(passage)
    session.flush()
    audit.record(session, "drop", thing="passage", thing_id=passage_id, staff_id=by)


def locked(session: Session, passage_id: int) -> tuple[Passage, Revision]:
    """The passage with its newest revision; nobody else changes either until this transaction ends. Raises UnknownPassage."""
    passage = session.get(Passage, passage_id, with_for_update=True)
    query = select(Revision).where(Revision.passage_id == passage_id).order_by(col(Revision.number).desc()).limit(1)
    newest = session.exec(query.execution_options(populate_existing=True)).first()
    if passage is None or newest is None:
        raise UnknownPassage
    return passage, newest


def _add(
    session: Session, passage: Passage, draft: Draft, *, number: int, by: int, warnings: Sequence[dict[str, str]]
) -> Revision:
    content = drafts.to_content(draft, slug=passage.slug)
    made = Revision(
        passage_id=passage.key,
        number=number,
        state=ReviewState.DRAFT,
        content=content,
        fingerprint=drafts.fingerprint(content),
        author_id=by,
        created_at=clock.now(),
        warnings=list(warnings),
    )
    session.add(made)
    session.flush()
    audit.record(session, "write", thing="revision", thing_id=made.key, staff_id=by, passage=passage.key, number=number)
    return made


def _just_written(session: Session, draft: Draft, *, by: int) -> Revision | None:
    query = select(Revision).where(Revision.author_id == by, Revision.number == 1, Revision.state == ReviewState.DRAFT)
    since = clock.now().timestamp() - _SAME_FORM_WITHIN_S
    recent = (
        row for row in session.exec(query.order_by(col(Revision.id).desc()).limit(20)) if row.created_at.timestamp() > since
    )
    return next((row for row in recent if drafts.from_content(row.content) == draft), None)


def _free_slug(session: Session, title: str) -> str:
    """From the English title; without one a name that the number replaces as soon as there is one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower().replace("'", "")
    base = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-")
    if not base:
        return f"new-{secrets.token_hex(8)}"
    if base.startswith("new-"):
        base = f"a-{base}"
    taken = set(session.exec(select(Passage.slug).where(col(Passage.slug).startswith(base, autoescape=True))))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)
