"""Who works where and who is there now."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from care.people.models import Absence, Assignment
from care.places.models import Place
from kit.accounts.models import Role, Staff


def present_for(session: Session, place_id: int | None) -> Sequence[Staff]:
    """Staff who take cases of this place and are not absent: those assigned to it or above, else those assigned nowhere, else all."""
    query = select(Staff).where(
        col(Staff.revoked_at).is_(None),
        col(Staff.role).in_([Role.INSTRUCTOR, Role.ADMINISTRATOR]),
        ~select(Absence.staff_id).where(col(Absence.staff_id) == col(Staff.id)).exists(),
    )
    staff = session.exec(query.order_by(col(Staff.id))).all()
    assigned: dict[int, set[int]] = {}
    for row in session.exec(select(Assignment)):
        assigned.setdefault(row.staff_id, set()).add(row.place_id)
    place = session.get(Place, place_id) if place_id else None
    above = {int(part) for part in place.path.strip("/").split("/") if part} if place else set()
    local = [one for one in staff if assigned.get(one.key, set()) & above]
    everywhere = [one for one in staff if one.key not in assigned]
    return local or everywhere or staff


def absent(session: Session, staff: Staff) -> bool:
    return session.get(Absence, staff.key) is not None


def places_of(session: Session, staff: Staff) -> Sequence[Place]:
    query = select(Place).join(Assignment, col(Assignment.place_id) == col(Place.id))
    return session.exec(query.where(Assignment.staff_id == staff.key).order_by(col(Place.path))).all()
