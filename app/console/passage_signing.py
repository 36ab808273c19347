"""The sign-off pack: all passages of a topic that wait for a review on one page, to be judged row by row in one sitting, or printed.

An expert who has no account (a paediatrician, a lawyer) judges; a colleague is signed in and enters it. Both are on record. Which steps
are open is `knowledge.reviewing`'s: nobody signs off what she wrote herself, and the topics that need two people still do.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session
from starlette.datastructures import FormData

from app.console import passage_lint, passage_words
from app.console.pages import show
from app.console.passage_page import VERBS, html_lang, revision_number
from app.console.reader import Here, Served, allowed, checked_form, signed_in
from app.web.languages import mark, translate
from app.web.sentences import sentence_for
from care.services import Services
from kit.accounts.models import Staff
from kit.errors import PeibanError
from knowledge import drafts, queries, reviewing, topics
from knowledge.content import Lang
from knowledge.models import ReviewState, Step
from knowledge.queries import Held

router = APIRouter(prefix="/passages/sign-off", dependencies=[Depends(signed_in), Depends(checked_form)])

Signs = Annotated[Staff, Depends(allowed(VERBS[Step.APPROVE]))]
SITTING = 12
"""So many passages are read with care at a time."""
APPROVE, SEND_BACK = "approve", "back"
_LONGEST_NAME, _LONGEST_TITLE = 30, 48
NAME_MISSING = mark("请写上审的人是谁、什么职务：家长信的是这个名字。一篇也没有记。")
NOTHING_CHOSEN = mark("还没有选：每一篇选「同意」或者「退回去改」，拿不准的先空着。")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was chosen in a row; `verdict` is empty while nothing was."""

    revision: int = 0
    verdict: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A form as it was sent."""

    name: str = ""
    title: str = ""
    rows: dict[int, Verdict] = field(default_factory=dict)

    @property
    def expert(self) -> str:
        return f"{self.name} {self.title}"


async def sitting_of(request: Request) -> Sitting:
    form = await request.form()
    numbers = [int(name.removeprefix("revision-")) for name in form if name.startswith("revision-") and name[9:].isdecimal()]
    rows = {number: _verdict(form, number) for number in numbers[: 2 * SITTING] if number < 2**63}
    return Sitting(_line(form, "name")[:_LONGEST_NAME], _line(form, "title")[:_LONGEST_TITLE], rows)


Given = Annotated[Sitting, Depends(sitting_of)]


@router.get("")
def pack(request: Request, services: Served, me: Signs, reader: Here, about: str = "") -> HTMLResponse:
    return _pack(request, services, me, reader.lang, about)


@router.post("")
def sign(request: Request, services: Served, me: Signs, reader: Here, given: Given, about: str = "") -> HTMLResponse:
    """Each row in a transaction of its own: one that cannot be taken keeps none of the others. Sent twice it is done once."""
    chosen = {number: row for number, row in given.rows.items() if row.verdict}
    if not (given.name and given.title) or not chosen:
        sentence = translate(NOTHING_CHOSEN if given.name and given.title else NAME_MISSING, reader.lang)
        return _pack(request, services, me, reader.lang, about, given=given, sentence=sentence, status=422)
    done: dict[str, int] = {}
    refused: dict[int, str] = {}
    for number, row in chosen.items():
        try:
            with services.database.transaction() as session:
                outcome = _take(session, services, number, row, expert=given.expert, by=session.get_one(Staff, me.key))
            done[outcome] = done.get(outcome, 0) + 1
        except PeibanError as error:
            refused[number] = sentence_for(error, reader.lang)
    left = Sitting(
        given.name, given.title, {number: row for number, row in given.rows.items() if number in refused or not row.verdict}
    )
    return _pack(request, services, me, reader.lang, about, given=left, done=done, refused=refused)


def _take(session: Session, services: Services, number: int, row: Verdict, *, expert: str, by: Staff) -> str:
    if row.verdict == SEND_BACK:
        reviewing.send_back(session, number, number=row.revision, by=by.key, words=row.note, expert=expert)
        return "sent_back"
    needed = services.settings.reviewers_required
    made = reviewing.approve(session, number, number=row.revision, by=by, reviewers=needed, words=row.note, expert=expert)
    return "approved" if made.state is ReviewState.APPROVED else "vouched"


def _pack(
    request: Request,
    services: Services,
    me: Staff,
    lang: Lang,
    about: str,
    *,
    status: int = 200,
    given: Sitting | None = None,
    sentence: str = "",
    done: dict[str, int] | None = None,
    refused: dict[int, str] | None = None,
) -> HTMLResponse:
    topic = topics.by_slug().get(about)
    with services.database.transaction() as session:
        counts = queries.waiting_by_topic(session)
        found = queries.waiting(session, about) if topic else []
        rows = [_row(session, held, me, lang) for held in found[:SITTING]]
    facts: dict[str, Any] = {
        "stay": "/console/passages/sign-off" + (f"?about={topic.slug}" if topic else ""),
        "topic": topic,
        "groups": topics.groups(),
        "counts": counts,
        "rows": rows,
        "more": max(len(found) - SITTING, 0),
        "given": given or Sitting(),
        "blank": Verdict(),
        "sentence": sentence,
        "results": done or {},
        "refused": refused or {},
        "careful": bool(topic and topics.needs_care([about])),
        "reviewers": services.settings.reviewers_required,
        "longest": reviewing.LONGEST_WORDS,
        "longest_name": _LONGEST_NAME,
        "longest_title": _LONGEST_TITLE,
        "words": passage_words,
        "html_lang": html_lang,
    }
    return show(request, "passage_signing.html", status=status, **facts)


def _row(session: Session, held: Held, me: Staff, lang: Lang) -> dict[str, Any]:
    draft = drafts.from_content(held.newest.content)
    behind = reviewing.approvals(session, held.newest)
    steps = reviewing.open_steps(session, held.newest, by=me.key)
    return {
        "number": held.passage.key,
        "revision": held.newest,
        "draft": draft,
        "told": passage_lint.told(session, draft, lang, stored=held.newest.warnings),
        "behind": len(behind),
        "own": held.newest.author_id == me.key,
        "may_approve": Step.APPROVE in steps,
        "may_send_back": Step.SEND_BACK in steps,
    }


def _verdict(form: FormData, number: int) -> Verdict:
    chosen = _line(form, f"verdict-{number}")
    note = form.get(f"note-{number}", "")
    return Verdict(
        revision=revision_number(_line(form, f"revision-{number}")),
        verdict=chosen if chosen in (APPROVE, SEND_BACK) else "",
        note=drafts.visible(note)[: reviewing.LONGEST_WORDS] if isinstance(note, str) else "",
    )


def _line(form: FormData, name: str) -> str:
    given = form.get(name, "")
    return " ".join(drafts.clean(given).split()) if isinstance(given, str) else ""
