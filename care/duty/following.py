"""A neutral word on the morning after a danger: asked for once, sent only to whoever agreed, and never where it may be read by
somebody she fears. What it says is bot.wording's; what she answers goes into the case.
"""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from care.cases.models import OPEN_STATES, Case, CaseEntry, CaseState, EntryKind, Outcome
from care.duty.models import FollowUp
from care.families.models import Caregiver
from care.messages import actions as messages
from care.messages.models import Message
from care.safety.models import Category
from kit import audit, clock
from kit.errors import NotFound

ASKED_AFTER = timedelta(minutes=30)
"""After the danger: time for the telephone, and not yet asleep."""
AT_NINE = relativedelta(hour=9, minute=0, second=0, microsecond=0)
SOONEST = timedelta(hours=4)
"""A night that ends at eight is not asked after at nine."""
ANSWERED_WITHIN = timedelta(hours=12)
SENT_LATE = timedelta(hours=3)
"""Past noon it is no word of the morning any more: then none is sent."""
FEARED = (Category.VIOLENCE, Category.ABUSE, Category.GUARDIANSHIP)
"""Whoever does it may hold the phone, or be the one who writes."""


def plan(session: Session, case: Case, *, child_writing: bool = False) -> None:
    """Once a case, when its danger is answered."""
    if child_writing or case.category in FEARED or _of(session, case):
        return
    session.add(FollowUp(case_id=case.key, ask_at=clock.now() + ASKED_AFTER))
    session.flush()


def _of(session: Session, case: Case) -> FollowUp | None:
    return session.exec(select(FollowUp).where(FollowUp.case_id == case.key).with_for_update()).one_or_none()


def due(session: Session) -> None:
    """Ask whom it is time to ask, and send what was agreed to. Looked at again each time: things may have changed since."""
    now = clock.now()
    live = select(FollowUp).where(col(FollowUp.refused_at).is_(None), col(FollowUp.dropped_at).is_(None))
    asking = live.where(col(FollowUp.asked_at).is_(None), col(FollowUp.ask_at) <= now)
    for row in session.exec(asking.order_by(col(FollowUp.id)).limit(20).with_for_update(skip_locked=True)).all():
        _ask(session, row)
    sending = live.where(col(FollowUp.sent_at).is_(None), col(FollowUp.due_at) <= now)
    for row in session.exec(sending.order_by(col(FollowUp.id)).limit(20).with_for_update(skip_locked=True)).all():
        _send(session, row)


def _ask(session: Session, row: FollowUp) -> None:
    case = session.get_one(Case, row.case_id)
    if _unwise(session, case):
        _drop(session, row)
        return
    row.asked_at = clock.now()
    session.add(row)
    who = session.get_one(Caregiver, case.caregiver_id)
    facts = {"case_id": case.key, "at": morning_after(row.asked_at).isoformat()}
    messages.tell(session, who, kind="follow_ask", key=f"follow-ask:{case.key}", facts=facts, case_id=case.key)


def _send(session: Session, row: FollowUp) -> None:
    case = session.get_one(Case, row.case_id)
    if _unwise(session, case) or row.due_at is None or clock.now() - row.due_at > SENT_LATE:
        _drop(session, row)
        return
    row.sent_at = clock.now()
    session.add(row)
    who = session.get_one(Caregiver, case.caregiver_id)
    audit.record(session, "follow_up", thing="case", thing_id=case.key)
    messages.tell(session, who, kind="follow_up", key=f"follow-up:{case.key}", facts={"case_id": case.key}, case_id=case.key)


def _drop(session: Session, row: FollowUp) -> None:
    row.dropped_at = clock.now()
    session.add(row)


def _unwise(session: Session, case: Case) -> bool:
    """It was no danger; she has been forgotten; she has cleared her screen since, so somebody looks over it; or she fears somebody."""
    who = session.get_one(Caregiver, case.caregiver_id)
    if case.outcome is Outcome.NO_DANGER or (who.forgotten_at and who.forgotten_at > case.opened_at):
        return True
    cleared = select(Message.id).where(Message.caregiver_id == who.key, col(Message.cleared_at) > case.opened_at)
    feared = select(Case.id).where(Case.caregiver_id == who.key, col(Case.category).in_(FEARED), col(Case.state).in_(OPEN_STATES))
    return session.exec(cleared.limit(1)).first() is not None or session.exec(feared.limit(1)).first() is not None


def morning_after(moment: datetime) -> datetime:
    """The next nine o'clock in China that leaves her some hours."""
    earliest = moment.astimezone(clock.CHINA) + SOONEST
    nine = earliest + AT_NINE
    return nine if nine >= earliest else nine + relativedelta(days=1)


def agree(session: Session, case: Case) -> datetime:
    """When the word will come. Pressed again, nothing changes. Raises NotFound."""
    row = _of(session, case)
    if row is None or row.asked_at is None or row.sent_at or row.dropped_at:
        raise NotFound("nobody asked her, or it is over")
    if row.due_at is None or row.refused_at:
        row.agreed_at, row.refused_at = clock.now(), None
        row.due_at = morning_after(row.asked_at)
        if row.due_at <= clock.now():
            row.due_at = morning_after(clock.now())
        session.add(row)
        audit.record(session, "follow_up_agreed", thing="case", thing_id=case.key)
        session.flush()
    return row.due_at


def refuse(session: Session, case: Case) -> None:
    """Said at once or withdrawn later, also after it was sent. Raises NotFound."""
    row = _of(session, case)
    if row is None:
        raise NotFound("nobody asked her")
    if row.refused_at is None:
        row.refused_at = clock.now()
        session.add(row)
        audit.record(session, "follow_up_refused", thing="case", thing_id=case.key)
        session.flush()


def waiting_for_answer(session: Session, who: Caregiver) -> Case | None:
    """The case after which she was asked this morning how she is, while she has not answered."""
    query = select(Case).join(FollowUp, col(FollowUp.case_id) == col(Case.id)).where(Case.caregiver_id == who.key)
    query = query.where(
        col(FollowUp.sent_at) > clock.now() - ANSWERED_WITHIN,
        col(FollowUp.answered_at).is_(None),
        col(FollowUp.refused_at).is_(None),
    )
    return session.exec(query.order_by(col(FollowUp.id).desc())).first()


def heard(session: Session, case: Case) -> None:
    """She answers, and what she says comes in another way. Raises NotFound."""
    row = _of(session, case)
    if row is None or row.sent_at is None:
        raise NotFound("nobody asked her")
    row.answered_at = clock.now()
    session.add(row)


def answered(session: Session, case: Case, *, text: str) -> None:
    """Her words stand in the case, also in one that is closed: that stays closed, and its holder hears of it. Raises NotFound."""
    heard(session, case)
    session.add(CaseEntry(case_id=case.key, kind=EntryKind.PARENT, text=text, at=clock.now()))
    if case.state is CaseState.ANSWERED:
        case.state = CaseState.TAKEN if case.owner_id else CaseState.OPEN
        session.add(case)
    session.flush()
