"""What the page of one case shows: its history worded, passages to quote, colleagues to hand it to. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.web.languages import as_lang, mark
from care.cases import queries as cases
from care.cases.actions import UNDO_WITHIN
from care.cases.models import Case, CaseEntry, CaseState, EntryKind, Outcome
from care.cases.queries import CaseView
from care.duty import calling
from care.duty.queries import Call, calls
from care.editions.errors import NoEdition
from care.messages import queries as messages
from care.messages.models import Message, MessageState
from care.people import queries as people
from care.people.access import Verb, may
from care.questions import queries as questions
from care.safeguarding.queries import Seen, is_named, looks
from care.services import Services
from care.text import HIDDEN_NUMBER, without_numbers
from kit import clock
from kit.accounts import queries as accounts
from kit.accounts.models import Role, Staff

MOST_NEAREST = 3

_DELIVERY: dict[MessageState, str] = {
    MessageState.QUEUED: mark("等家长来看"),
    MessageState.SENDING: mark("正在发出"),
    MessageState.SENT: mark("家长已收到"),
    MessageState.BLOCKED: mark("没有送到：家长那边收不到了"),
    MessageState.FAILED: mark("没有送到"),
    MessageState.UNKNOWN: mark("不确定有没有送到"),
    MessageState.UNDONE: mark("已撤回"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the history. `undo_until` is set while the reply can be taken back by whoever looks."""

    entry: CaseEntry
    words: str
    """What she wrote, without the number to be called on."""
    who: str
    handed_to: str
    delivery: str
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class Near:
    slug: str
    title: str
    text: str
    reviewed: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    view: CaseView
    before: tuple[tuple[datetime, str], ...]
    """When and what she asked the machine in the hour before."""
    lines: tuple[Line, ...]
    nearest: tuple[Near, ...]
    colleagues: tuple[Staff, ...]
    mine: bool
    may_hand_on: bool
    may_write: bool
    last_reply: str
    taken_back: str
    """Her own newest reply, where she has taken it back: it goes into the box again."""
    calls: tuple[Call, ...]
    has_number: bool
    looks: tuple[Seen, ...]
    """Who has read a protected case, and why."""
    outcomes: tuple[Outcome, ...] = tuple(Outcome)

    @property
    def case(self) -> Case:
        return self.view.case


def case_page(session: Session, case: Case, *, me: Staff, services: Services) -> CasePage:
    view = cases.view(session, case)
    lines = _lines(session, view, me)
    there = [one for one in people.present_for(session, case.place_id) if one.id != me.id and may(one, Verb.ANSWER_CASES)]
    if case.protected:
        there = [one for one in there if is_named(session, one)]
    mine = case.owner_id == me.id and case.state is not CaseState.CLOSED
    written = [line.entry for line in lines if line.entry.kind is EntryKind.REPLY]
    replies = [entry.text for entry in written if not entry.undone_at]
    newest = written[-1] if written else None
    return CasePage(
        view=view,
        before=tuple(
            (one.asked_at, without_numbers(one.text, instead=HIDDEN_NUMBER))
            for one in questions.asked_shortly_before(session, case)
        ),
        lines=lines,
        nearest=_nearest(view, services),
        colleagues=tuple(there),
        mine=mine,
        may_hand_on=mine or (me.role is Role.ADMINISTRATOR and case.state in (CaseState.TAKEN, CaseState.ANSWERED)),
        may_write=mine or case.state is CaseState.OPEN,
        last_reply=replies[-1] if replies else "",
        taken_back=newest.text if newest and newest.undone_at and newest.staff_id == me.id else "",
        calls=calls(session, case.key),
        has_number=calling.left(session, case),
        looks=looks(session, case) if case.protected else (),
    )


def _lines(session: Session, view: CaseView, me: Staff) -> tuple[Line, ...]:
    names = {one.id: one.name for one in accounts.everybody(session)}
    told = messages.about_case(session, view.case.key)
    lines = []
    for entry in view.entries:
        message = told.get(entry.message_id) if entry.message_id else None
        handed_to = entry.facts.get("handed_to")
        lines.append(
            Line(
                entry=entry,
                words=without_numbers(entry.text, instead=HIDDEN_NUMBER) if entry.kind is EntryKind.PARENT else entry.text,
                who=names.get(entry.staff_id, "") if entry.staff_id else "",
                handed_to=names.get(handed_to, "") if isinstance(handed_to, int) else "",
                delivery=_DELIVERY.get(message.state, "") if message else "",
                undo_until=_undo_until(entry, message, me),
            )
        )
    return tuple(lines)


def _undo_until(entry: CaseEntry, message: Message | None, me: Staff) -> datetime | None:
    """A danger reply goes out at once and has no time to be taken back."""
    if message is None or entry.staff_id != me.id or message.state is not MessageState.QUEUED:
        return None
    until = entry.at + UNDO_WITHIN
    return until if message.due_at > clock.now() else None


def _nearest(view: CaseView, services: Services) -> tuple[Near, ...]:
    """In the parent's language, so that it can be quoted as it stands."""
    try:
        held = services.library.current().passages
    except NoEdition:
        return ()
    found = [held[slug] for slug in view.case.nearest if slug in held][:MOST_NEAREST]
    lang = as_lang(view.lang)
    return tuple(
        Near(one.content.slug, one.content.wording(lang).title, one.content.wording(lang).text, one.reviewed) for one in found
    )
