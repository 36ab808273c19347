"""The routes of the form in which passages are written: an empty one, one of a passage, saving, submitting, and the preview."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app.console import passage_form, passage_lint, passage_words
from app.console.pages import back_to, show
from app.console.passage_form import Typed
from app.console.passage_page import VERBS, Number, html_lang, numbered, side_by_side, story_of
from app.console.passage_preview import both
from app.console.reader import Here, Served, allowed, checked_form, signed_in
from app.web.errors import status_of
from app.web.readers import Reader
from app.web.sentences import sentence_for
from care.services import Services
from care.text import lang_of
from kit.accounts import queries as accounts
from kit.accounts.models import Staff
from kit.errors import NotFound, PeibanError
from knowledge import comparing, drafts, queries, reviewing, topics, writing
from knowledge.drafts import NOT_KEPT, Draft, DraftWording, Finding
from knowledge.errors import EmptyDraft, SavedMeanwhile
from knowledge.models import Proposal, ReviewState, Revision, Step

router = APIRouter(prefix="/passages", dependencies=[Depends(signed_in), Depends(checked_form)])

Writes = Annotated[Staff, Depends(allowed(VERBS[Step.SUBMIT]))]


async def typed_in(request: Request) -> tuple[Typed, str, str]:
    """What she typed, which button she pressed, and from which revision she began."""
    form = await request.form()
    return passage_form.of_form(form), str(form.get("do", "save")), str(form.get("base", ""))


Given = Annotated[tuple[Typed, str, str], Depends(typed_in)]


@router.get("/new")
def empty(request: Request, services: Served, me: Writes, reader: Here, proposal: str = "") -> HTMLResponse:  # noqa: ARG001
    """With the number of an instructor's proposal, its question and answer stand in the form already."""
    typed = _proposed(services, proposal) if proposal else Typed()
    return _form(request, services, reader, typed)


@router.post("/new")
def write(request: Request, services: Served, me: Writes, reader: Here, given: Given) -> Response:
    typed, do, _ = given
    again = _without_saving(request, services, reader, typed, do=do)
    if again:
        return again
    draft, found = typed.draft()
    warnings = passage_lint.against_the_rest(services, draft)
    try:
        with services.database.transaction() as session:
            made = writing.write_new(session, draft, by=me.key, warnings=warnings)
            done = _handed_in(session, made, do=do, by=me.key)
    except EmptyDraft as error:
        return _form(request, services, reader, typed, status=422, sentence=sentence_for(error, reader.lang), found=found)
    return back_to(f"/console/passages/{made.passage_id}", done=done)


@router.get("/{number}/edit")
def edit(request: Request, services: Served, me: Writes, reader: Here, number: Number, revision: str = "") -> HTMLResponse:  # noqa: ARG001
    """Begin from the newest revision, or from the words of an older one; either way it is saved on top of the newest."""
    with services.database.transaction() as session:
        story = story_of(session, number)
        begun = numbered(story, revision) if revision else story.newest
    draft = drafts.from_content(begun.content)
    typed = passage_form.of_draft(draft)
    return _form(request, services, reader, typed, number=number, base=str(story.newest.number), found=drafts.findings(draft))


@router.post("/{number}/edit")
def save(request: Request, services: Served, me: Writes, reader: Here, number: Number, given: Given) -> Response:
    typed, do, base = given
    with services.database.transaction() as session:
        slug = story_of(session, number).passage.slug
    again = _without_saving(request, services, reader, typed, do=do, number=number, base=base)
    if again:
        return again
    draft, found = typed.draft()
    began_at = int(base) if base.isdecimal() and len(base) < 9 else 0
    here: dict[str, Any] = {"number": number, "base": base, "found": found}
    warnings = passage_lint.against_the_rest(services, draft, slug=slug)
    try:
        with services.database.transaction() as session:
            made = writing.rewrite(session, number, draft, base=began_at, by=me.key, warnings=warnings)
            done = _handed_in(session, made, do=do, by=me.key)
    except SavedMeanwhile:
        return _told_who_saved(request, services, reader, typed, number=number, base=base, draft=draft)
    except PeibanError as error:
        return _form(request, services, reader, typed, status=status_of(error), sentence=sentence_for(error, reader.lang), **here)
    return back_to(f"/console/passages/{number}", done=done)


def _handed_in(session: Session, made: Revision, *, do: str, by: int) -> str:
    """What was done. Doubts have to be seen first: the page of the passage shows them beside the button."""
    if do != "submit":
        return "saved"
    if made.state is ReviewState.DRAFT and passage_lint.doubtful(drafts.from_content(made.content), made.warnings):
        return "look_first"
    reviewing.submit(session, made.passage_id, number=made.number, by=by)
    return "submitted"


def _without_saving(
    request: Request, services: Services, reader: Reader, typed: Typed, *, do: str, number: int = 0, base: str = ""
) -> HTMLResponse | None:
    """The answer to a button that saves nothing, or to words that cannot be kept or submitted as they are."""
    _, found = typed.draft()
    here: dict[str, Any] = {"number": number, "base": base}
    if do == "preview":
        if "x-fragment" in request.headers:
            return _preview(request, services, reader, typed, number=number, base=base)
        return _form(request, services, reader, typed, **here)
    if do == "add":
        added = passage_form.with_sources_added(typed)
        return _form(request, services, reader, added, found=tuple(one for one in found if one.where == "sources"), **here)
    refused = found if do == "submit" else tuple(one for one in found if one.problem in NOT_KEPT)
    if refused:
        return _form(request, services, reader, typed, status=422, found=found, kept=False, **here)
    return None


def _preview(request: Request, services: Services, reader: Reader, typed: Typed, *, number: int, base: str) -> HTMLResponse:
    """While she types she also learns what is to be mended, and that somebody else has saved meanwhile."""
    draft, found = typed.draft()
    newer = None
    with services.database.transaction() as session:
        story = story_of(session, number) if number else None
        newest = story.newest if story else None
        if newest and str(newest.number) != base:
            author = session.get(Staff, newest.author_id) if newest.author_id else None
            newer = (author.name if author else "", newest)
        stored = passage_lint.still_stored(newest, draft)
        stored += passage_lint.numbers(services, draft, slug=story.passage.slug if story else "")
        told = passage_lint.told(session, draft, reader.lang, found=found, stored=stored)
    seen = both(draft, reviewed=True)
    return show(request, "passage_preview.html", seen=seen, html_lang=html_lang, newer=newer, told=told, fragment=True)


def _form(
    request: Request,
    services: Services,
    reader: Reader,
    typed: Typed,
    *,
    status: int = 200,
    number: int = 0,
    base: str = "",
    sentence: str = "",
    found: tuple[Finding, ...] = (),
    kept: bool = True,
    conflict: dict[str, Any] | None = None,
) -> HTMLResponse:
    """`kept` is false when the words stand in this form alone because something in it must be mended first."""
    draft, unfit = typed.draft()
    with services.database.transaction() as session:
        in_use = queries.sources_in_use(session)
        story = story_of(session, number) if number else None
        sent_back = story.sent_back if story else None
        sender = session.get(Staff, sent_back.staff_id) if sent_back else None
        told = passage_lint.told(session, draft, reader.lang, found=unfit, stored=story.newest.warnings if story else ())
    listed = [(passage_form.as_value(source), source) for source in in_use]
    facts: dict[str, Any] = {
        "number": number,
        "base": base,
        "here": f"/console/passages/{number}/edit" if number else "/console/passages/new",
        "typed": typed,
        "chosen": [(value, source) for value in typed.sources if (source := passage_form.from_value(value))],
        "in_use": [(value, source) for value, source in listed if value not in typed.sources],
        "errors": {one.where: passage_words.finding(one, reader.lang) for one in reversed(found)},
        "told": told,
        "sentence": sentence,
        "kept": kept,
        "conflict": conflict,
        "newer": None,
        "fragment": False,
        "sent_back": sent_back,
        "sent_back_by": sender.name if sender else "",
        "posted": request.method == "POST",
        "seen": both(draft, reviewed=True),
        "groups": topics.groups(),
        "audiences": passage_words.AUDIENCES,
        "words": passage_words,
        "limits": drafts,
        "before": passage_form.BEFORE,
        "html_lang": html_lang,
        "reviewers": services.settings.reviewers_required,
    }
    return show(request, "passage_form.html", status=status, **facts)


def _told_who_saved(
    request: Request, services: Services, reader: Reader, typed: Typed, *, number: int, base: str, draft: Draft
) -> HTMLResponse:
    """Her words stay in the form, now on top of the newer revision, with what the other one changed beside them."""
    with services.database.transaction() as session:
        story = story_of(session, number)
        names = {one.id: one.name for one in accounts.everybody(session)}
    began = story.numbered(int(base)) if base.isdecimal() and len(base) < 9 else None
    between = [one for one in reversed(story.revisions) if began is None or one.number > began.number]
    theirs = drafts.from_content(story.newest.content)
    before = drafts.from_content((began or story.revisions[-1]).content)
    conflict = {
        "saved": [(names.get(one.author_id, ""), one) for one in between],
        "theirs": side_by_side(comparing.differences(before, theirs), reader.lang),
        "mine": side_by_side(comparing.differences(theirs, draft), reader.lang),
    }
    base = str(story.newest.number)
    return _form(request, services, reader, typed, status=409, number=number, base=base, conflict=conflict)


def _proposed(services: Services, given: str) -> Typed:
    """Raises NotFound."""
    with services.database.transaction() as session:
        proposal = session.get(Proposal, int(given)) if given.isdecimal() and len(given) < 18 else None
    if proposal is None:
        raise NotFound
    wording = DraftWording(text=drafts.clean(proposal.answer), questions=drafts.lines_of(proposal.question))
    known = tuple(slug for slug in proposal.topics if slug in topics.by_slug())[: drafts.MOST_TOPICS]
    lang = lang_of(proposal.answer, otherwise="zh")
    return passage_form.of_draft(Draft(zh=wording, topics=known) if lang == "zh" else Draft(en=wording, topics=known))
