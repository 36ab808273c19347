"""Page everybody on duty, settle how each page went, and tell the parent once what is true. Who comes later: waiting.py."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, func, select

from care.cases.hours import DutyHours
from care.cases.models import Case, CaseKind
from care.duty import waiting
from care.duty.models import LAST_ADDRESS, Page, PageState, Rung
from care.families.models import Caregiver
from care.messages import actions as messages
from care.people import queries as people
from care.roster import queries as roster
from care.safeguarding.queries import is_named
from kit import audit, clock
from kit.accounts.models import Staff

PATIENCE = timedelta(seconds=30)
JOINS_WITHIN = timedelta(minutes=10)


def page(
    session: Session, case: Case, *, hours: DutyHours, addresses: int, again: str, last: bool = False, rung: Rung = Rung.FIRST
) -> int:
    """Queue a page to every channel of somebody on duty; the number of channels, 0 when nobody is.

    `addresses` is how many Apprise addresses the operator keeps manned at any hour, `last` whether there is one behind them all:
    it is paged on the last rung, and at once where there is nobody else. `again` tells pages of one case apart. Where no colleague
    could be paged that is noted, and whoever comes on duty is paged then.
    """
    now = clock.now()
    first = rung is Rung.FIRST
    staff = roster.near(session, case.place_id, hours=hours) if first else roster.everybody(session, hours=hours)
    pages = []
    for one in _readers(session, case, staff):
        key = f"page:{case.key}:{again}:{one.key}"
        card = messages.tell_staff(session, one, kind="danger_card", key=key, facts={"case_id": case.key}, case_id=case.key)
        if card:
            pages.append(Page(case_id=case.key, staff_id=one.key, message_id=card.id, at=now, rung=rung))
    if not pages:
        waiting.note_nobody(session, case)
    numbers = [*range(addresses)]
    if last and (rung is Rung.LAST or not pages + numbers):
        numbers.append(LAST_ADDRESS)
    pages += [Page(case_id=case.key, address_number=number, at=now, rung=rung) for number in numbers]
    session.add_all(pages)
    audit.record(session, "page", thing="case", thing_id=case.key, channels=len(pages), rung=rung.value)
    session.flush()
    return len(pages)


def paged_lately(session: Session, case: Case) -> bool:
    """A page of the last ten minutes stands for this case: another message of hers joins it."""
    query = select(Page.id).where(Page.case_id == case.key, col(Page.at) > clock.now() - JOINS_WITHIN)
    return session.exec(query.limit(1)).first() is not None


def waiting_addresses(session: Session) -> list[Page]:
    """Pages by Apprise that nobody has sent yet, locked for this sender."""
    query = select(Page).where(Page.state == PageState.WAITING, col(Page.address_number).is_not(None))
    return list(session.exec(query.order_by(col(Page.id)).limit(20).with_for_update(skip_locked=True)))


def settle_message(session: Session, message_id: int, *, reached: bool) -> None:
    """Called when the sending of a danger card ended."""
    query = select(Page).where(Page.message_id == message_id, Page.state == PageState.WAITING).with_for_update()
    for found in session.exec(query).all():
        settle(session, found, reached=reached)


def settle(session: Session, found: Page, *, reached: bool) -> None:
    found.state = PageState.REACHED if reached else PageState.FAILED
    found.settled_at = clock.now()
    session.add(found)
    session.flush()
    _tell_truth(session, found.case_id)


def due(session: Session) -> None:
    """Pages that are still waiting after `PATIENCE` do not count as reached: tell the parents that nobody was."""
    late = select(Page.case_id).where(Page.state == PageState.WAITING, col(Page.at) < clock.now() - PATIENCE).distinct()
    for case_id in session.exec(late).all():
        _tell_truth(session, case_id, patience_over=True)


def _tell_truth(session: Session, case_id: int, *, patience_over: bool = False) -> None:
    """«Somebody was told» only after a page reached a channel; else, once nothing is left to hope for, «nobody of ours is awake».

    Once each for one round of paging. The case is locked, so that of two pages that end at once the later one sees both.
    """
    case = session.get_one(Case, case_id, with_for_update=True)
    who = session.get_one(Caregiver, case.caregiver_id)
    newest = session.exec(select(func.max(Page.at)).where(Page.case_id == case_id)).one()
    states = set(session.exec(select(Page.state).where(Page.case_id == case_id, Page.at == newest)))
    facts = {"category": case.category, "case_id": case_id}
    round_of = f"{case_id}:{newest.timestamp():.3f}"
    if PageState.REACHED in states:
        messages.tell(session, who, kind="duty_reached", key=f"duty-reached:{round_of}", facts=facts, case_id=case_id)
    elif case.kind is CaseKind.DANGER and (patience_over or PageState.WAITING not in states):  # an urgent one was told at once
        messages.tell(session, who, kind="duty_nobody", key=f"duty-nobody:{round_of}", facts=facts, case_id=case_id)


def call_today(session: Session, case: Case, *, hours: DutyHours, addresses: int, again: str) -> bool:
    """For an urgent case of somebody to protect: cards to those who are on duty now. False where nobody is: then the addresses of
    `DUTY_NOTIFY` hear of it, and whoever comes on duty gets the card.
    """
    if roster.near(session, case.place_id, hours=hours):
        offer(session, case, hours=hours, again=again)
        return True
    waiting.note_nobody(session, case)
    if not paged_lately(session, case):
        session.add_all(Page(case_id=case.key, address_number=number, at=clock.now()) for number in range(addresses))
        audit.record(session, "page", thing="case", thing_id=case.key, channels=addresses, rung=Rung.FIRST.value)
        session.flush()
    return False


def offer(session: Session, case: Case, *, hours: DutyHours, again: str) -> int:
    """Queue a card of a new case to everybody who could take it, outside the hours for the next opening; how many cards.

    An urgent one of somebody to protect goes at once to those who stand on duty.
    """
    standing = roster.near(session, case.place_id, hours=hours) if case.protected else ()
    due = clock.now() if standing or case.kind is CaseKind.DANGER else hours.next_open(clock.now())
    kind = "danger_card" if case.kind is CaseKind.DANGER else "case_card"
    staff = standing or people.reachable_for(session, case.place_id)
    if case.protected:
        staff = _named(session, staff) or _named(session, people.reachable_for(session, None))
        if not staff:
            return _tell_that_it_waits(session, case, again=again)
    cards = (
        messages.tell_staff(
            session, one, kind=kind, key=f"offer:{case.key}:{again}:{one.key}", facts={"case_id": case.key},
            case_id=case.key, due_at=due,
        )
        for one in staff
    )  # fmt: skip
    return sum(card is not None for card in cards)


def _readers(session: Session, case: Case, staff: Sequence[Staff]) -> Sequence[Staff]:
    """Of a protected danger those who are named; where none of them is on duty everybody, for whoever is called may read it."""
    return (_named(session, staff) or staff) if case.protected else staff


def _named(session: Session, staff: Sequence[Staff]) -> list[Staff]:
    return [one for one in staff if is_named(session, one)]


def _tell_that_it_waits(session: Session, case: Case, *, again: str) -> int:
    """Nobody who may read it can be reached: those who are there are asked to find the administrator. No word of it is said."""
    told = (
        messages.tell_staff(
            session, one, kind="protected_waits", key=f"waits:{case.key}:{again}:{one.key}", facts={"case_id": case.key}
        )
        for one in people.reachable_for(session, case.place_id)
    )
    return sum(card is not None for card in told)


def offer_again(session: Session, case: Case, *, hours: DutyHours, addresses: int = 0, last: bool = False) -> int:
    """After a case was put back: danger pages whoever is on duty now, of all others new cards go to everybody who could take it."""
    again = f"back-{clock.now().timestamp():.3f}"
    if case.kind is CaseKind.DANGER:
        return page(session, case, hours=hours, addresses=addresses, last=last, again=again)
    return offer(session, case, hours=hours, again=again)
