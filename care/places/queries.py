"""Reads on places."""

import re
from collections.abc import Sequence

from sqlmodel import Session, col, select

from care.places.models import Level, Place, Site
from care.places.spelling import SPELLED


def site(session: Session, code: str) -> Site | None:
    return session.get(Site, code)


def districts(session: Session) -> Sequence[Place]:
    return session.exec(select(Place).where(Place.level == Level.DISTRICT).order_by(col(Place.code))).all()


BIGGEST = ("500112", "500101", "500107", "500106", "500116", "500117", "500154", "500108", "500113", "500118")
"""The ten districts with the most people, by the census of 2020."""
_TOWNSHIP = re.compile(r"\S{1,8}(?:镇|乡|街道)")
_ENDS = re.compile(r"(?:\s*(?:district|county|qu|xian)|区|县|自治县)$", re.IGNORECASE)


def biggest(session: Session) -> Sequence[Place]:
    """Ten districts that are home to most, the biggest first."""
    found = {place.code: place for place in districts(session)}
    return [found[code] for code in BIGGEST if code in found]


def like(session: Session, written: str, *, limit: int) -> Sequence[Place]:
    """Places whose names begin with or hold what was written, districts first; letters are read as pinyin or its initials."""
    written = _ENDS.sub("", written.strip()) or written.strip()
    letters = re.sub(r"[\s']", "", written.lower())
    if letters.isascii():
        return [place for place in districts(session) if letters.isalpha() and _spelled_like(place, letters)][:limit]
    query = select(Place).where(col(Place.level).in_([Level.DISTRICT, Level.TOWNSHIP]))
    query = query.where(col(Place.name).contains(written, autoescape=True))
    found = session.exec(query.order_by(col(Place.code)).limit(200)).all()
    return sorted(found, key=lambda place: (not place.name.startswith(written), len(place.path)))[:limit]


def _spelled_like(place: Place, letters: str) -> bool:
    syllables = SPELLED.get(place.code, "").split()
    initials = "".join(syllable[0] for syllable in syllables)
    return "".join(syllables).startswith(letters) or (len(letters) > 1 and initials == letters)


def named(session: Session, name: str) -> Place | None:
    """The deepest place whose name begins with `name` ("荣昌" finds 荣昌区); None when none or several of one level do."""
    name = name.strip()
    if len(name) < 2:
        return None
    found = session.exec(select(Place).where(col(Place.name).startswith(name, autoescape=True)).limit(20)).all()
    deepest = max((len(place.path) for place in found), default=0)
    matches = [place for place in found if len(place.path) == deepest]
    return matches[0] if len(matches) == 1 else None


def told(session: Session, written: str) -> Place | None:
    """A place written out: a district with or without its ending, a township with its own, or both together. No guesses."""
    for district in districts(session):
        short = _ENDS.sub("", district.name)
        for name in (district.name, short):
            rest = written.removeprefix(name)
            if rest != written and (not rest or _TOWNSHIP.fullmatch(rest)):
                return (_township(session, rest, within=district) or district) if rest else district
    return _township(session, written) if _TOWNSHIP.fullmatch(written) else None


def _township(session: Session, name: str, *, within: Place | None = None) -> Place | None:
    query = select(Place).where(Place.level == Level.TOWNSHIP, Place.name == name)
    if within:
        query = query.where(col(Place.path).startswith(within.path))
    found = session.exec(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def chain(session: Session, place: Place) -> str:
    """「重庆市 荣昌区 昌元街道」, for staff to read."""
    ids = [int(part) for part in place.path.strip("/").split("/") if part]
    names = {row.id: row.name for row in session.exec(select(Place).where(col(Place.id).in_(ids)))}
    return " ".join(names[key] for key in ids if key in names)
