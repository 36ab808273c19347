"""Reads on families."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select

from care.families.models import Caregiver, CareOf, Channel, Child, Contact
from kit import clock


def children(session: Session, caregiver: Caregiver) -> Sequence[Child]:
    query = select(Child).join(CareOf, col(CareOf.child_id) == col(Child.id))
    return session.exec(query.where(CareOf.caregiver_id == caregiver.key).order_by(col(Child.id))).all()


def current_child(session: Session, caregiver: Caregiver) -> Child | None:
    """The child she asks about now, or her only one."""
    if caregiver.current_child_id:
        return session.get(Child, caregiver.current_child_id)
    known = children(session, caregiver)
    return known[0] if len(known) == 1 else None


def current_age(session: Session, caregiver: Caregiver) -> int | None:
    """Corrected age in months of the child she asks about."""
    child = current_child(session, caregiver)
    return child.corrected_months(clock.today()) if child else None


def contact(session: Session, caregiver: Caregiver, channel: Channel) -> Contact | None:
    """Her newest reachable contact on `channel`."""
    query = select(Contact).where(Contact.caregiver_id == caregiver.key, Contact.channel == channel)
    return session.exec(query.where(col(Contact.unreachable_at).is_(None)).order_by(col(Contact.id).desc())).first()


def left_us(session: Session, caregiver: Caregiver, channel: Channel) -> bool:
    """She was there once, and now blocks us or is gone."""
    query = select(Contact.id).where(Contact.caregiver_id == caregiver.key, Contact.channel == channel)
    gone = session.exec(query.where(col(Contact.unreachable_at).is_not(None)).limit(1)).first() is not None
    return gone and contact(session, caregiver, channel) is None


def tied_lately(session: Session, channel: Channel, *, address: str, within: timedelta) -> bool:
    """This browser became hers a short while ago: by her first words, or by her return code."""
    query = select(Contact.id).where(Contact.channel == channel, Contact.address == address)
    return session.exec(query.where(col(Contact.created_at) > clock.now() - within)).first() is not None
