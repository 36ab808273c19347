"""Who works where and who is there now."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from care.people.models import Absence, Assignment
from care.places.models import Place
from kit.accounts.models import Role, Staff


def present_for(session: Session, place_id: int | None) -> Sequence[Staff]:
    """Staff who take cases of this place and are not absent: those assigned to it or above. Where nobody is, or the place is not
    known, everybody: a case must not fall between two places.
    """
    query = select(Staff).where(
        col(Staff.revoked_at).is_(None),
        col(Staff.role).in_([Role.INSTRUCTOR, Role.ADMINISTRATOR]),
        ~select(Absence.staff_id).where(col(Absence.staff_id) == col(Staff.id)).exists(),
    )
    staff = session.exec(query.order_by(col(Staff.id))).all()
    place = session.get(Place, place_id) if place_id else None
    above = [int(part) for part in place.path.strip("/").split("/") if part] if place else []
    assigned = set(session.exec(select(Assignment.staff_id).where(col(Assignment.place_id).in_(above))))
    local = [one for one in staff if one.key in assigned]
    return local or staff


def reachable_for(session: Session, place_id: int | None) -> Sequence[Staff]:
    """Those of `present_for` whom a card can reach; everybody present whom one can reach, when none of them has a chat linked."""
    near = [one for one in present_for(session, place_id) if one.telegram_address]
    return near or [one for one in present_for(session, None) if one.telegram_address]


def absent(session: Session, staff: Staff) -> bool:
    return session.get(Absence, staff.key) is not None


def places_of(session: Session, staff: Staff) -> Sequence[Place]:
    query = select(Place).join(Assignment, col(Assignment.place_id) == col(Place.id))
    return session.exec(query.where(Assignment.staff_id == staff.key).order_by(col(Place.path))).all()
