"""What the page shows of a talk: her messages in words, what is still being worked on, and replies she has not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.dialogue.events import BlockKind, Rendered
from bot.inbox.models import InboxUpdate, UpdateState
from bot.wording import render
from care.families.models import Caregiver, Channel, Contact
from care.messages import actions as messages
from care.messages import queries as reading
from care.messages.models import Message, MessageState
from care.services import Services
from kit import clock

OPEN = (UpdateState.WAITING, UpdateState.WORKING)
_BY_A_PERSON = ("case_reply", "case_reply_opened")
_FAILURE_SHOWN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """One message in words. `person` marks what a person of ours wrote."""

    number: int
    rendered: Rendered
    at: datetime
    mine: bool
    person: bool

    @property
    def alert(self) -> bool:
        return any(block.kind is BlockKind.ALERT for block in self.rendered.blocks)


@dataclass(frozen=True, slots=True)
class View:
    """`waiting` are her words that are being worked on; `failed` tells that nothing of hers ever was,
    lately: to one who is known that is said in her talk.

    `anchor` is the message to begin reading at: the first one she has not seen, with her own words just before it.
    """

    lang: str = ""
    news: tuple[Shown, ...] = ()
    talk: tuple[Shown, ...] = ()
    waiting: tuple[str, ...] = ()
    pending: bool = False
    failed: bool = False
    last: int = 0
    anchor: int = 0

    @property
    def empty(self) -> bool:
        return not (self.news or self.talk or self.pending)


def caregiver_at(session: Session, address: str) -> Caregiver | None:
    """Whoever wrote from this browser before; nobody is made for merely looking."""
    query = select(Caregiver).join(Contact, col(Contact.caregiver_id) == col(Caregiver.id))
    return session.exec(query.where(Contact.channel == Channel.WEB, Contact.address == address)).one_or_none()


def look(services: Services, address: str, *, after: int = 0, returning: bool = False) -> View:
    """The talk newer than message `after`, which counts as read from now on.

    For one who is `returning`, replies of a person that she has not seen stand in `news` instead of in the talk.
    """
    with services.database.transaction() as session:
        waiting, failed = _unfinished(session, address)  # before the talk: an answer that comes between is seen, not missed
        who = caregiver_at(session, address)
        if who is None:
            return View(waiting=_words(session, waiting), pending=bool(waiting), failed=failed)
        unread = reading.unread_replies(session, who) if returning else ()
        talk = reading.talk(session, who, after=after)
        first = {row.number for row in unread}
        talk = [row for row in talk if row.number not in first]
        show = _shower(session, services)
        view = View(
            lang=who.lang,
            news=tuple(map(show, unread)),
            talk=tuple(map(show, talk)),
            waiting=_words(session, waiting),
            pending=bool(waiting),
            last=max((row.number for row in (*unread, *talk)), default=after),
            anchor=_anchor(talk),
        )
        if unread or talk:
            messages.mark_read(session, who, up_to=view.last)
        return view


def _shower(session: Session, services: Services) -> Callable[[Message], Shown]:
    def show(row: Message) -> Shown:
        rendered = render(session, row, services)
        mine = row.state is MessageState.SAID
        return Shown(row.number, rendered, row.created_at, mine=mine, person=row.kind in _BY_A_PERSON)

    return show


def _anchor(talk: Sequence[Message]) -> int:
    for before, row in zip([None, *talk], talk, strict=False):
        if row.read_at is None:
            return before.number if before and before.state is MessageState.SAID else row.number
    return talk[-1].number if talk else 0


def _unfinished(session: Session, address: str) -> tuple[Sequence[InboxUpdate], bool]:
    query = select(InboxUpdate).where(InboxUpdate.channel == Channel.WEB, InboxUpdate.address == address)
    query = query.where(col(InboxUpdate.state).in_([*OPEN, UpdateState.DEAD]))
    rows = session.exec(query.order_by(col(InboxUpdate.id))).all()
    since = clock.now() - _FAILURE_SHOWN
    failed = any(row.state is UpdateState.DEAD and row.received_at > since for row in rows)
    return [row for row in rows if row.state in OPEN], failed


def _words(session: Session, waiting: Sequence[InboxUpdate]) -> tuple[str, ...]:
    """Her own words that the talk does not hold yet: an answer keeps them before it is finished."""
    keys = {said_key(row.key): row.payload["text"] for row in waiting if row.payload["text"]}
    kept = set(session.exec(select(Message.key).where(col(Message.key).in_(keys)))) if keys else set()
    return tuple(text for key, text in keys.items() if key not in kept)


def said_key(update_key: str) -> str:
    """Under which the dialogue keeps the words of an update."""
    return f"{update_key}:said"


def is_done(session: Session, update_id: str) -> bool:
    """Whether a stored post has been answered, or given up."""
    query = select(InboxUpdate.state).where(InboxUpdate.channel == Channel.WEB, InboxUpdate.update_id == update_id)
    return session.exec(query).one() not in OPEN
