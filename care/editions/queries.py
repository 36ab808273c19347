"""Reads on editions."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from knowledge.editions.models import Edition, Publication


def newest(session: Session, *, limit: int = 30) -> Sequence[Edition]:
    return session.exec(select(Edition).order_by(col(Edition.number).desc()).limit(limit)).all()


def publications(session: Session, *, limit: int = 30) -> Sequence[Publication]:
    return session.exec(select(Publication).order_by(col(Publication.id).desc()).limit(limit)).all()
