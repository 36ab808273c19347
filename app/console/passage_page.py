"""The page of one passage with its history and the steps that are open, and two of its revisions side by side. Changes nothing."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.console import passage_lint, passage_words
from app.console.pages import show
from app.console.passage_preview import both
from app.console.reader import Here, Served, allowed, checked_form, signed_in
from app.web.readers import reader_of
from care.people.access import Verb, may
from care.services import Services
from kit import clock
from kit.accounts import queries as accounts
from kit.accounts.models import Staff
from knowledge import comparing, drafts, looking_again, queries, reviewing, topics, writing
from knowledge.content import Lang
from knowledge.errors import UnknownPassage
from knowledge.models import ReviewState, Revision, Step
from knowledge.queries import Story

router = APIRouter(prefix="/passages", dependencies=[Depends(signed_in), Depends(checked_form)])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_PASSAGES))]

VERBS: dict[Step, Verb] = {
    Step.SUBMIT: Verb.WRITE_PASSAGES,
    Step.COMMENT: Verb.SEE_PASSAGES,
    Step.APPROVE: Verb.REVIEW_PASSAGES,
    Step.SEND_BACK: Verb.REVIEW_PASSAGES,
    Step.RETIRE: Verb.REVIEW_PASSAGES,
}
"""What each step asks of whoever takes it."""


@router.get("/{number}")
def one(request: Request, services: Served, me: Sees, number: Number, revision: str = "") -> HTMLResponse:
    """`revision` is the number of an older one; else the newest is shown."""
    return shown_page(request, services, me, number, revision=revision)


def shown_page(
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
        steps = [step for step in reviewing.open_steps(session, story.newest, by=me.key) if may(me, VERBS[step])]
        behind = reviewing.approvals(session, story.newest)
        names = {one.id: one.name for one in accounts.everybody(session)}
        draft = drafts.from_content(shown.content)
        unfinished = drafts.findings(draft) if shown is story.newest and shown.state is not ReviewState.RETIRED else ()
        told = passage_lint.told(session, draft, reader_of(request).lang, found=unfinished, stored=shown.warnings)
        scrap = writing.is_scrap(session, number, by=me.key)
    facts: dict[str, Any] = {
        "story": story,
        "shown": shown,
        "draft": draft,
        "seen": both(draft, reviewed=shown.reviewed),
        "told": told,
        "stay": f"/console/passages/{number}",
        "scrap": scrap,
        "due": looking_again.is_due(shown),
        "left_out": looking_again.is_left_out(shown),
        "again_by": looking_again.by_default(draft.topics),
        "again_from": clock.today() + timedelta(days=1),
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


def story_of(session: Session, number: int) -> Story:
    """Raises UnknownPassage."""
    found = queries.story(session, number)
    if found is None:
        raise UnknownPassage
    return found


def numbered(story: Story, given: str) -> Revision:
    """Raises UnknownPassage."""
    found = story.numbered(revision_number(given))
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


def revision_number(given: str) -> int:
    """The number of a revision as a form names it; what is none leads to a revision that there is not."""
    return int(given) if given.isdecimal() and len(given) < 9 else 0
