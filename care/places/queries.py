"""Reads on places."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from care.places.models import Level, Place, Site


def site(session: Session, code: str) -> Site | None:
    return session.get(Site, code)


def districts(session: Session) -> Sequence[Place]:
    return session.exec(select(Place).where(Place.level == Level.DISTRICT).order_by(col(Place.code))).all()


def named(session: Session, name: str) -> Place | None:
    """The deepest place whose name begins with `name` ("荣昌" finds 荣昌区); None when none or several of one level do."""
    name = name.strip()
    if len(name) < 2:
        return None
    found = session.exec(select(Place).where(col(Place.name).startswith(name, autoescape=True)).limit(20)).all()
    deepest = max((len(place.path) for place in found), default=0)
    matches = [place for place in found if len(place.path) == deepest]
    return matches[0] if len(matches) == 1 else None


def chain(session: Session, place: Place) -> str:
    """「重庆市 荣昌区 昌元街道」, for staff to read."""
    ids = [int(part) for part in place.path.strip("/").split("/") if part]
    names = {row.id: row.name for row in session.exec(select(Place).where(col(Place.id).in_(ids)))}
    return " ".join(names[key] for key in ids if key in names)
