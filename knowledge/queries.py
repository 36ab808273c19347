"""Reads on passages."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from knowledge import looking_again, topics
from knowledge.content import Lang
from knowledge.drafts import DraftSource
from knowledge.models import SETTLED, Passage, Proposal, ReviewEntry, ReviewState, Revision, Step

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_SEARCHED = (("title",), ("text",), ("more",), ("questions",))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of passages is narrowed to; the empty one is all of them. `age` is in months, `lacking` a language, `due` those
    that must be looked at again.
    """

    words: str = ""
    group: str = ""
    topic: str = ""
    age: int | None = None
    lacking: Lang | None = None
    due: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A passage with its newest revision, the one that the next edition takes, and whether a reviewer wants it changed."""

    passage: Passage
    newest: Revision
    standing: Revision | None
    sent_back: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened to a passage, newest revision first."""

    passage: Passage
    revisions: tuple[Revision, ...]
    entries: dict[int, tuple[ReviewEntry, ...]] = field(default_factory=dict)

    @property
    def newest(self) -> Revision:
        return self.revisions[0]

    @property
    def standing(self) -> Revision | None:
        """What the next edition takes of it."""
        settled = next((one for one in self.revisions if one.state in SETTLED), None)
        return settled if settled and _goes_in(settled) else None

    @property
    def sent_back(self) -> ReviewEntry | None:
        """Why its writer has it again: until it is submitted anew, whatever was saved meanwhile."""
        steps = [entry for one in self.revisions for entry in self.entries[one.key] if entry.step is not Step.COMMENT]
        if self.newest.state is ReviewState.DRAFT and steps and steps[0].step is Step.SEND_BACK:
            return steps[0]
        return None

    def numbered(self, number: int) -> Revision | None:
        return next((one for one in self.revisions if one.number == number), None)


def for_next_edition(session: Session) -> Sequence[Revision]:
    """What freezing now would take, by slug: everything approved, without what nobody looked at again in time."""
    return [revision for revision in approved(session) if not looking_again.is_left_out(revision)]


def left_out(session: Session) -> Sequence[Revision]:
    """Approved passages that the next edition is frozen without, by slug: their day and the time after it have passed."""
    return [revision for revision in approved(session) if looking_again.is_left_out(revision)]


def approved(session: Session) -> Sequence[Revision]:
    """The newest approved revision of each passage that is not retired, by slug."""
    query = select(Revision).join(Passage, col(Passage.id) == col(Revision.passage_id))
    query = query.where(col(Revision.state).in_(SETTLED))
    query = query.ext(distinct_on(col(Passage.slug))).order_by(col(Passage.slug), col(Revision.number).desc())
    return [revision for revision in session.exec(query) if revision.state is ReviewState.APPROVED]


def proposals(session: Session) -> Sequence[Proposal]:
    """Those that no editor has settled yet, newest first."""
    return session.exec(select(Proposal).where(col(Proposal.settled_at).is_(None)).order_by(col(Proposal.id).desc())).all()


def listed(
    session: Session,
    wanted: Wanted,
    *,
    states: Sequence[ReviewState] = tuple(ReviewState),
    reviewed: bool | None = None,
    limit: int,
    offset: int = 0,
) -> Sequence[Held]:
    """Passages whose newest revision fits: those first whose title says the words, then the most lately changed."""
    query = select(Passage, Revision).join(Revision, col(Revision.passage_id) == col(Passage.id))
    query = query.where(_newest(), _fits(wanted), col(Revision.state).in_(states))
    query = query.where(col(Revision.reviewed).is_(reviewed)) if reviewed is not None else query
    query = query.order_by(_in_title(wanted).desc()) if _words(wanted) else query
    rows = session.exec(query.order_by(col(Revision.created_at).desc(), col(Passage.slug)).limit(limit).offset(offset)).all()
    standing = _standing(session, [passage.key for passage, _ in rows])
    back = _sent_back(session, [passage.key for passage, newest in rows if newest.state is ReviewState.DRAFT])
    return [Held(passage, newest, standing.get(passage.key), passage.key in back) for passage, newest in rows]


def counts(session: Session, wanted: Wanted) -> dict[tuple[ReviewState, bool], int]:
    """How many passages that fit stand in each state, reviewed and not."""
    parts = (col(Revision.state), col(Revision.reviewed))
    query = sa.select(*parts, sa.func.count()).join(Passage, col(Passage.id) == col(Revision.passage_id))
    found = session.execute(query.where(_newest(), _fits(wanted)).group_by(*parts)).all()
    return {(state, reviewed): number for state, reviewed, number in found}


def story(session: Session, passage_id: int) -> Story | None:
    passage = session.get(Passage, passage_id)
    query = select(Revision).where(Revision.passage_id == passage_id).order_by(col(Revision.number).desc())
    revisions = tuple(session.exec(query))
    if passage is None or not revisions:
        return None
    said = select(ReviewEntry).where(col(ReviewEntry.revision_id).in_([one.key for one in revisions]))
    entries = session.exec(said.order_by(col(ReviewEntry.id).desc())).all()
    by_revision = {one.key: tuple(entry for entry in entries if entry.revision_id == one.key) for one in revisions}
    return Story(passage, revisions, by_revision)


def waiting(session: Session, topic: str, *, limit: int = 500) -> Sequence[Held]:
    """Passages about `topic` that a reviewer should look at, those handed in first, then by age: new revisions, what nobody of this
    place has looked at yet, and what is due again.
    """
    query = select(Passage, Revision).join(Revision, col(Revision.passage_id) == col(Passage.id))
    query = query.where(_newest(), _waits(), _fits(Wanted(topic=topic)))
    content: Any = col(Revision.content)
    first = col(Revision.state) == ReviewState.IN_REVIEW
    query = query.order_by(first.desc(), sa.cast(content["age_months"][0].astext, sa.Integer), col(Passage.slug)).limit(limit)
    return [Held(passage, newest, None) for passage, newest in session.exec(query)]


def waiting_by_topic(session: Session) -> dict[str, int]:
    """How many of them each topic has; a passage counts under each of its topics."""
    each = sa.func.jsonb_array_elements_text(col(Revision.content)["topics"]).label("topic")
    rows = sa.select(each).where(_newest(), _waits()).subquery()
    found = session.execute(sa.select(rows.c.topic, sa.func.count()).group_by(rows.c.topic)).all()
    return {str(row[0]): int(row[1]) for row in found}


def numbers_of(session: Session, slugs: Collection[str]) -> dict[str, int]:
    """The numbers under which the console knows these passages."""
    query = select(Passage).where(col(Passage.slug).in_(slugs))
    return {one.slug: one.key for one in session.exec(query)} if slugs else {}


def sources_in_use(session: Session) -> Sequence[DraftSource]:
    """Of everything that stands, each once, by organisation."""
    standing = sa.select(col(Revision.state), col(Revision.content)["sources"].label("sources"))
    standing = standing.where(col(Revision.state).in_(SETTLED)).ext(distinct_on(col(Revision.passage_id)))
    newest = standing.order_by(col(Revision.passage_id), col(Revision.number).desc()).subquery()
    each = sa.func.jsonb_array_elements(newest.c.sources)
    found = session.execute(sa.select(each).where(newest.c.state == ReviewState.APPROVED).distinct()).scalars()
    return sorted((DraftSource(**one) for one in found), key=lambda one: (one.organisation, one.title, one.year))


def _waits() -> sa.ColumnElement[bool]:
    untouched = sa.and_(col(Revision.state) == ReviewState.APPROVED, col(Revision.reviewed).is_(False))
    return sa.or_(col(Revision.state) == ReviewState.IN_REVIEW, untouched, looking_again.due())


def _newest() -> sa.ColumnElement[bool]:
    other = aliased(Revision)
    later = select(other).where(col(other.passage_id) == col(Revision.passage_id), col(other.number) > col(Revision.number))
    return sa.not_(later.exists())


def _standing(session: Session, passage_ids: Sequence[int]) -> dict[int, Revision]:
    query = select(Revision).where(col(Revision.passage_id).in_(passage_ids), col(Revision.state).in_(SETTLED))
    query = query.ext(distinct_on(col(Revision.passage_id))).order_by(col(Revision.passage_id), col(Revision.number).desc())
    return {one.passage_id: one for one in session.exec(query) if _goes_in(one)}


def _goes_in(settled: Revision) -> bool:
    return settled.state is ReviewState.APPROVED and not looking_again.is_left_out(settled)


def _sent_back(session: Session, passage_ids: Sequence[int]) -> set[int]:
    query = select(Revision.passage_id, ReviewEntry.step).join(Revision, col(Revision.id) == col(ReviewEntry.revision_id))
    query = query.where(col(Revision.passage_id).in_(passage_ids), col(ReviewEntry.step) != Step.COMMENT)
    order = (col(Revision.passage_id), col(Revision.number).desc(), col(ReviewEntry.id).desc())
    newest = session.exec(query.ext(distinct_on(col(Revision.passage_id))).order_by(*order))
    return {passage_id for passage_id, step in newest if step is Step.SEND_BACK}


def _fits(wanted: Wanted) -> sa.ColumnElement[bool]:
    content = col(Revision.content)
    parts: list[sa.ColumnElement[bool]] = [sa.true()]
    parts += [_mentions(content, word) for word in _words(wanted)]
    chosen = [wanted.topic] if wanted.topic else [slug for slug, group in topics.group_of().items() if group.slug == wanted.group]
    if wanted.topic or wanted.group:
        parts.append(sa.or_(sa.false(), *(content["topics"].contains([slug]) for slug in chosen)))
    if wanted.age is not None:
        low, high = (sa.cast(content["age_months"][place].astext, sa.Integer) for place in (0, 1))
        parts.append(sa.and_(low <= wanted.age, high > wanted.age))
    if wanted.due:
        parts.append(looking_again.due())
    if wanted.lacking:
        parts.append(_lacks(content, wanted.lacking))
    return sa.and_(*parts)


def _mentions(content: Any, word: str) -> sa.ColumnElement[bool]:
    """`content` is a JSON column, whose operators the types do not know."""
    places = [content[(lang, *path)].astext for lang in ("zh", "en") for path in _SEARCHED]
    return sa.or_(col(Passage.slug).icontains(word, autoescape=True), *(_says(place, word) for place in places))


def _in_title(wanted: Wanted) -> sa.ColumnElement[bool]:
    content: Any = col(Revision.content)
    titles = [content[(lang, "title")].astext for lang in ("zh", "en")]
    return sa.and_(*(sa.or_(*(_says(title, word) for title in titles)) for word in _words(wanted)))


def _words(wanted: Wanted) -> list[str]:
    return wanted.words.split()[:8]


def _says(place: Any, word: str) -> sa.ColumnElement[bool]:
    """Whatever the case of its letters, and in half or full width: ３８．５ is 38.5. Texts are left as they are, since the database
    takes seconds to normalise them all.
    """
    narrow = unicodedata.normalize("NFKC", word)
    forms = sorted({word, narrow, narrow.translate(_WIDE)})
    return sa.or_(*(place.icontains(form, autoescape=True) for form in forms))


def _lacks(content: Any, lang: Lang) -> sa.ColumnElement[bool]:
    empty = [sa.func.coalesce(content[(lang, part)].astext, "") == "" for part in ("title", "text")]
    questions = sa.func.coalesce(content[(lang, "questions")].astext, "[]") == "[]"
    return sa.or_(*empty, questions)
