"""The routes of homework: the queue by due time, the page of one with its form, and what was held back for one named person."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, col

from app.console.homework_files import FileLinks, is_keeper
from app.console.media import type_of
from app.console.pages import back_to, show
from app.console.reader import Here, Served, Words, allowed, checked_form, signed_in
from app.web.errors import status_of
from app.web.languages import as_lang, mark
from app.web.sentences import sentence_for
from care.homework import commenting, queries
from care.homework.commenting import Parts
from care.homework.errors import IncompleteComment, PartTooLong
from care.homework.models import Homework, HomeworkItem, HomeworkState, Verdict
from care.people.access import Verb, homework_for, may_open_pictures, visible_homework
from care.services import Services
from kit.accounts.models import Staff
from kit.errors import NotFound, WrongState

router = APIRouter(prefix="/homework", dependencies=[Depends(signed_in), Depends(checked_form)])

PAGE = 30
LARGEST_COMMENT = 6 * 1024 * 1024  # some minutes of speech, as browsers record it
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_HOMEWORK))]
Comments = Annotated[Staff, Depends(allowed(Verb.COMMENT_HOMEWORK))]
Keeps = Annotated[Staff, Depends(allowed(Verb.KEEP_HELD_PICTURES))]


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str
    states: tuple[HomeworkState, ...]
    mine: bool = False


TABS = (
    Tab("mine", mark("等我点评的"), (HomeworkState.HANDED_IN,), mine=True),
    Tab("waiting", mark("都在等的"), (HomeworkState.HANDED_IN,)),
    Tab("again", mark("请再试一次的"), (HomeworkState.AGAIN,)),
    Tab("done", mark("做好的"), (HomeworkState.DONE,)),
)


@router.get("")
def listing(request: Request, services: Served, me: Sees, shown: str = "", start: int = 0) -> HTMLResponse:
    """With the header `x-fragment` only the list itself, for the script that keeps it live."""
    start = min(max(start, 0), 100_000)
    with services.database.transaction() as session:
        seen = visible_homework(session, me)
        counts = {tab.name: queries.count(session, _of(tab, seen, me), states=tab.states) for tab in TABS[:3]}
        tab = next((tab for tab in TABS if tab.name == shown), TABS[0] if counts["mine"] else TABS[1])
        found = queries.listed(session, _of(tab, seen, me), states=tab.states, limit=PAGE + 1, offset=start)
        views = queries.views(session, found[:PAGE])
        held = len(queries.held(session)) if is_keeper(session, services, me) else 0
    more = start + PAGE if len(found) > PAGE else None
    name = "homework_list.html" if "x-fragment" in request.headers else "homework.html"
    facts: dict[str, Any] = {"tabs": TABS, "tab": tab, "counts": counts, "views": views, "held": held}
    return show(request, name, more=more, start=start, page_size=PAGE, **facts)


def _of(tab: Tab, seen: sa.ColumnElement[bool], me: Staff) -> sa.ColumnElement[bool]:
    return sa.and_(seen, col(Homework.owner_id) == me.key) if tab.mine else seen


@router.get("/held")
def held(request: Request, services: Served, me: Keeps) -> HTMLResponse:
    with services.database.transaction() as session:
        if not is_keeper(session, services, me):
            raise NotFound
        items = queries.held(session)
    return show(request, "homework_held.html", items=items, files=FileLinks(services, me))


@router.post("/held/{number}/release")
def release(services: Served, me: Keeps, number: Number) -> Response:
    with services.database.transaction() as session:
        commenting.release(session, _held(session, services, me, number), by=_attached(session, me))
    return back_to("/console/homework/held", done="released")


@router.post("/held/{number}/remove")
def remove(services: Served, me: Keeps, number: Number) -> Response:
    with services.database.transaction() as session:
        key = commenting.remove(session, _held(session, services, me, number), by=_attached(session, me))
    services.blobs.delete(key)
    return back_to("/console/homework/held", done="removed")


def _held(session: Session, services: Services, me: Staff, number: int) -> HomeworkItem:
    item = session.get(HomeworkItem, number, with_for_update=True)
    if item is None or not is_keeper(session, services, me):
        raise NotFound
    return item


@router.get("/{number}")
def one(request: Request, services: Served, me: Sees, number: Number) -> HTMLResponse:
    return _shown(request, services, me, number)


def _shown(
    request: Request,
    services: Services,
    me: Staff,
    number: int,
    *,
    status: int = 200,
    parts: Parts | None = None,
    key: str = "",
    sentence: str = "",
) -> HTMLResponse:
    """`parts` and `key` are those of a comment that could not be sent: nothing typed is lost."""
    with services.database.transaction() as session:
        homework = homework_for(session, me, number)
        view = queries.view(session, homework)
    facts: dict[str, Any] = {
        "view": view,
        "task": view.task.wording(as_lang(me.lang)) if view.task else None,
        "opens": may_open_pictures(me, homework),
        "mine": homework.owner_id == me.key and homework.state is HomeworkState.HANDED_IN,
        "files": FileLinks(services, me),
        "parts": parts or Parts(),
        "longest": commenting.LONGEST_PART,
    }
    return show(request, "homework_page.html", status=status, sentence=sentence, key=key or secrets.token_urlsafe(12), **facts)


@router.post("/{number}/take")
def take(services: Served, me: Comments, number: Number) -> Response:
    with services.database.transaction() as session:
        commenting.take_over(session, homework_for(session, me, number, lock=True), by=_attached(session, me))
    return back_to(f"/console/homework/{number}", done="taken_over")


@router.post("/{number}/comment", max_body_size=LARGEST_COMMENT)
def comment(
    request: Request,
    services: Served,
    me: Comments,
    reader: Here,
    number: Number,
    saw: Words = "",
    did: Words = "",
    why: Words = "",
    step: Words = "",
    verdict: Words = "",
    key: Words = "",
    voice: UploadFile | None = None,
) -> Response:
    """`key` was made with the form, so the same form sent twice is one comment."""
    parts, voice_key, kept = Parts(saw, did, why, step), "", False
    try:
        with services.database.transaction() as session:
            homework_for(session, me, number)  # before a file is kept for somebody who may not
        if verdict not in set(Verdict):
            raise IncompleteComment
        voice_key = _kept(services, voice)
        with services.database.transaction() as session:
            homework = homework_for(session, me, number, lock=True)
            said = commenting.comment(
                session, homework, by=_attached(session, me), parts=parts, verdict=Verdict(verdict),
                key=f"{number}:{me.key}:{key[:40]}", voice_key=voice_key,
            )  # fmt: skip
            kept = said is not None
    except (IncompleteComment, PartTooLong, WrongState) as error:
        sentence = sentence_for(error, reader.lang)
        return _shown(request, services, me, number, status=status_of(error), parts=parts, key=key[:40], sentence=sentence)
    finally:
        if voice_key and not kept:
            services.blobs.delete(voice_key)
    return back_to(f"/console/homework/{number}", done="commented")


def _kept(services: Services, voice: UploadFile | None) -> str:
    """A recording, told by its content. Raises IncompleteComment for anything else."""
    content = voice.file.read() if voice else b""
    if not content:
        return ""
    if not type_of(content).startswith("audio/"):
        raise IncompleteComment
    return services.blobs.put_new(content, folder="voices")


@router.post("/{number}/hold")
def hold(services: Served, me: Comments, number: Number, item: Words = "") -> Response:
    """The trainer finds that nobody else should see a picture."""
    with services.database.transaction() as session:
        homework = homework_for(session, me, number)
        found = session.get(HomeworkItem, int(item), with_for_update=True) if item.isdecimal() and len(item) < 18 else None
        if found is None or found.homework_id != homework.key or not may_open_pictures(me, homework):
            raise NotFound
        commenting.hold_back(session, found, by=_attached(session, me))
    return back_to(f"/console/homework/{number}", done="held_back")


def _attached(session: Session, me: Staff) -> Staff:
    return session.get_one(Staff, me.key)
