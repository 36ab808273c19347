"""The routes of passages: the list, the page of one with its history, two revisions side by side, and each step of the review."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app.console import passage_words
from app.console.pages import back_to, show
from app.console.passage_preview import both
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.web.errors import status_of
from app.web.languages import mark
from app.web.sentences import sentence_for
from care.people.access import Verb, may
from care.services import Services
from kit.accounts import queries as accounts
from kit.accounts.models import Staff
from kit.errors import PeibanError
from knowledge import comparing, drafts, queries, reviewing, topics
from knowledge.content import Lang
from knowledge.errors import NotNewest, OwnRevision, ReasonMissing, Unfinished, UnknownPassage
from knowledge.models import ReviewState, Revision, Step
from knowledge.queries import Story, Wanted

router = APIRouter(prefix="/passages", dependencies=[Depends(signed_in), Depends(checked_form)])

PAGE = 30
LONGEST_SEARCH = 100
AGES = (-1, 0, 2, 4, 6, 9, 12, 18, 24, 36, 48, 60)
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_PASSAGES))]
Writes = Annotated[Staff, Depends(allowed(Verb.WRITE_PASSAGES))]
Reviews = Annotated[Staff, Depends(allowed(Verb.REVIEW_PASSAGES))]

_VERBS: dict[Step, Verb] = {
    Step.SUBMIT: Verb.WRITE_PASSAGES,
    Step.COMMENT: Verb.SEE_PASSAGES,
    Step.APPROVE: Verb.REVIEW_PASSAGES,
    Step.SEND_BACK: Verb.REVIEW_PASSAGES,
    Step.RETIRE: Verb.REVIEW_PASSAGES,
}


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str
    states: tuple[ReviewState, ...]
    reviewed: bool | None = None

    def holds(self, state: ReviewState, reviewed: bool) -> bool:
        return state in self.states and self.reviewed in (None, reviewed)


TABS = (
    Tab("all", mark("全部"), (ReviewState.DRAFT, ReviewState.IN_REVIEW, ReviewState.APPROVED)),
    Tab("draft", mark("草稿"), (ReviewState.DRAFT,)),
    Tab("in_review", mark("等审核"), (ReviewState.IN_REVIEW,)),
    Tab("starter", mark("自带的，还没审"), (ReviewState.APPROVED,), reviewed=False),
    Tab("approved", mark("审定"), (ReviewState.APPROVED,), reviewed=True),
    Tab("retired", mark("停用"), (ReviewState.RETIRED,)),
)


@router.get("")
def listing(
    request: Request,
    services: Served,
    me: Sees,
    q: str = "",
    about: str = "",
    age: str = "",
    lacking: str = "",
    state: str = "",
    start: str = "",
) -> HTMLResponse:
    """`about` is a topic, or a group of topics with a colon before it. What makes no sense narrows nothing."""
    wanted = Wanted(
        words=drafts.clean(q)[:LONGEST_SEARCH],
        group=about.removeprefix(":") if about.startswith(":") else "",
        topic=about if about in topics.by_slug() else "",
        age=int(age) if age in map(str, AGES) else None,
        lacking="zh" if lacking == "zh" else "en" if lacking == "en" else None,
    )
    if wanted.group and wanted.group not in {group.slug for group in topics.groups()}:
        wanted = Wanted(words=wanted.words, age=wanted.age, lacking=wanted.lacking)
    tab = next((tab for tab in TABS if tab.name == state), TABS[0])
    first = min(int(start), 1_000_000) if start.isdecimal() and len(start) < 9 else 0
    with services.database.transaction() as session:
        counts = queries.counts(session, wanted)
        found = queries.listed(session, wanted, states=tab.states, reviewed=tab.reviewed, limit=PAGE + 1, offset=first)
        names = {one.id: one.name for one in accounts.everybody(session)}
    kept = {"q": wanted.words, "about": about if wanted.topic or wanted.group else "", "age": age, "lacking": lacking}
    facts: dict[str, Any] = {
        "tabs": TABS,
        "tab": tab,
        "numbers": {each.name: sum(number for kind, number in counts.items() if each.holds(*kind)) for each in TABS},
        "passages": found[:PAGE],
        "names": names,
        "wanted": wanted,
        "kept": kept,
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "ages": AGES,
        "groups": topics.groups(),
        "words": passage_words,
        "start": first,
        "more": first + PAGE if len(found) > PAGE else None,
        "page_size": PAGE,
        "may_write": may(me, Verb.WRITE_PASSAGES),
        "reviewers": services.settings.reviewers_required,
    }
    return show(request, "passages.html", **facts)


@router.get("/{number}")
def one(request: Request, services: Served, me: Sees, number: Number, revision: str = "") -> HTMLResponse:
    """`revision` is the number of an older one; else the newest is shown."""
    return _shown(request, services, me, number, revision=revision)


def _shown(
    request: Request,
    services: Services,
    me: Staff,
    number: int,
    *,
    status: int = 200,
    revision: str = "",
    sentence: str = "",
    said: str = "",
) -> HTMLResponse:
    """`said` are words that could not be taken: nothing typed is lost."""
    with services.database.transaction() as session:
        story = story_of(session, number)
        shown = numbered(story, revision) if revision else story.newest
        steps = [step for step in reviewing.open_steps(session, story.newest, by=me.key) if may(me, _VERBS[step])]
        behind = reviewing.approvals(session, story.newest)
        names = {one.id: one.name for one in accounts.everybody(session)}
    draft = drafts.from_content(shown.content)
    facts: dict[str, Any] = {
        "story": story,
        "shown": shown,
        "draft": draft,
        "seen": both(draft, reviewed=shown.reviewed),
        "unfinished": drafts.findings(draft) if shown.state is not ReviewState.RETIRED else (),
        "steps": steps if shown is story.newest else [],
        "behind": [names.get(entry.staff_id, "") for entry in behind],
        "needed": reviewing.approvals_needed(draft.topics, reviewers=services.settings.reviewers_required),
        "careful": topics.needs_care(draft.topics),
        "reviewers": services.settings.reviewers_required,
        "own": story.newest.author_id == me.key,
        "may_write": may(me, Verb.WRITE_PASSAGES),
        "names": names,
        "words": passage_words,
        "audiences": passage_words.AUDIENCES,
        "longest": reviewing.LONGEST_WORDS,
        "html_lang": html_lang,
        "sentence": sentence,
        "said": drafts.visible(said),
    }
    return show(request, "passage.html", status=status, **facts)


@router.get("/{number}/compare")
def compare(
    request: Request,
    services: Served,
    me: Sees,  # noqa: ARG001 - asked for its permission
    reader: Here,
    number: Number,
    old: str = "",
    new: str = "",
) -> HTMLResponse:
    """Two revisions side by side; the newest and the one before it unless they are named."""
    with services.database.transaction() as session:
        story = story_of(session, number)
        names = {one.id: one.name for one in accounts.everybody(session)}
    after = numbered(story, new) if new else story.newest
    before = numbered(story, old) if old else (story.numbered(after.number - 1) or after)
    found = comparing.differences(drafts.from_content(before.content), drafts.from_content(after.content))
    sides = side_by_side(found, reader.lang)
    return show(request, "passage_compare.html", story=story, before=before, after=after, sides=sides, names=names)


@router.post("/{number}/submit")
def submit(
    request: Request, services: Served, me: Writes, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        return reviewing.submit(session, number, number=_at(revision), by=me.key, words=said)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="submitted")


@router.post("/{number}/approve")
def approve(
    request: Request, services: Served, me: Reviews, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        by, needed = session.get_one(Staff, me.key), services.settings.reviewers_required
        return reviewing.approve(session, number, number=_at(revision), by=by, reviewers=needed, words=said)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="vouched")


@router.post("/{number}/send-back")
def send_back(
    request: Request, services: Served, me: Reviews, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        return reviewing.send_back(session, number, number=_at(revision), by=me.key, words=said)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="sent_back")


@router.post("/{number}/retire")
def retire(
    request: Request, services: Served, me: Reviews, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        return reviewing.retire(session, number, number=_at(revision), by=me.key, words=said)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="retired")


@router.post("/{number}/comment")
def comment(
    request: Request, services: Served, me: Sees, reader: Here, number: Number, revision: Words = "", said: Words = ""
) -> Response:
    def step(session: Session) -> Revision:
        return reviewing.comment(session, number, number=_at(revision), by=me.key, words=said)

    return _stepped(request, services, me, reader.lang, number, step=step, said=said, done="noted")


def _stepped(
    request: Request,
    services: Services,
    me: Staff,
    lang: Lang,
    number: int,
    *,
    step: Callable[[Session], Revision],
    said: str,
    done: str,
) -> Response:
    """What went wrong is told on the page itself, where her words still stand."""
    try:
        with services.database.transaction() as session:
            taken = step(session)
    except (NotNewest, OwnRevision, ReasonMissing, Unfinished) as error:
        return _refused(request, services, me, lang, number, error=error, said=said)
    if done == "vouched" and taken.state is ReviewState.APPROVED:
        done = "approved"
    return back_to(f"/console/passages/{number}", done=done)


def _refused(
    request: Request, services: Services, me: Staff, lang: Lang, number: int, *, error: PeibanError, said: str
) -> HTMLResponse:
    sentence = sentence_for(error, lang)
    return _shown(request, services, me, number, status=status_of(error), sentence=sentence, said=said)


def story_of(session: Session, number: int) -> Story:
    """Raises UnknownPassage."""
    found = queries.story(session, number)
    if found is None:
        raise UnknownPassage
    return found


def numbered(story: Story, given: str) -> Revision:
    """Raises UnknownPassage."""
    found = story.numbered(_at(given))
    if found is None:
        raise UnknownPassage
    return found


def side_by_side(found: tuple[comparing.Difference, ...], lang: Lang) -> list[dict[str, Any]]:
    """With the names of fields, topics and ages that a person knows."""
    return [
        {
            "label": passage_words.label(each.field, lang),
            "lang": "en" if each.field.startswith("en_") else "zh-CN" if each.field.startswith("zh_") else "",
            "old": passage_words.pieces(each, each.old, lang),
            "new": passage_words.pieces(each, each.new, lang),
        }
        for each in found
    ]


def html_lang(lang: str) -> str:
    return "en" if lang == "en" else "zh-CN"


def _at(given: str) -> int:
    """The number of a revision as a form names it; what is none leads to a revision that there is not."""
    return int(given) if given.isdecimal() and len(given) < 9 else 0
