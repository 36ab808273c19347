"""Verbs on places: fill in the divisions, add a township below a district, add a site."""

from importlib.resources import files

import yaml
from sqlmodel import Session, select

from care.places.models import Level, Place, Site
from kit.errors import Invalid, NotFound


def seed_divisions(session: Session) -> None:
    """The city and its 41 teams; places that are there already stay as they are."""
    listed = yaml.safe_load(files("care.places").joinpath("divisions.yaml").read_text(encoding="utf-8"))
    city = add_place(session, listed["city"]["code"], name=listed["city"]["name"], level=Level.CITY, parent=None)
    for code, name in listed["districts"]:
        add_place(session, code, name=name, level=Level.DISTRICT, parent=city)


def add_place(session: Session, code: str, *, name: str, level: Level, parent: Place | None) -> Place:
    """The place with this code, made if it is new."""
    found = session.exec(select(Place).where(Place.code == code)).one_or_none()
    if found:
        return found
    place = Place(code=code, name=name, level=level, parent_id=parent.key if parent else None)
    session.add(place)
    session.flush()
    place.path = f"{parent.path if parent else '/'}{place.key}/"
    session.add(place)
    return place


def add_site(session: Session, code: str, *, name: str, place_code: str) -> Site:
    """Raises NotFound for an unknown place, Invalid for a code that a QR code or a Telegram link could not carry."""
    if not code.isascii() or not code.replace("-", "").isalnum() or len(code) > 20:
        raise Invalid("a site code is up to 20 letters, digits and dashes")
    place = session.exec(select(Place).where(Place.code == place_code)).one_or_none()
    if place is None:
        raise NotFound(f"no place has the code {place_code}")
    site = session.get(Site, code) or Site(code=code, name=name, place_id=place.key)
    site.name, site.place_id = name, place.key
    session.add(site)
    return site
