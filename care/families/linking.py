"""Two records that turn out to be one caregiver become one: her talk on the web moves to her Telegram."""

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from care.families.models import Caregiver
from care.privacy.register import PERSONAL
from kit import audit, tokens


def move_family(session: Session, token: str, *, to: Caregiver) -> None:
    """Everything of the caregiver who made the token becomes `to`'s. Raises tokens.TokenInvalid."""
    found = tokens.redeem(session, tokens.TokenPurpose.FAMILY_TELEGRAM, token=token)
    if found.subject_id == to.key:
        return
    away = session.get_one(Caregiver, found.subject_id)
    for field in ("place_id", "current_child_id"):
        if getattr(to, field) is None:
            setattr(to, field, getattr(away, field))
    session.add(to)
    session.flush()
    for table in _tables_of_caregivers():
        _repoint(session, table, away=away.key, to=to.key)
    session.delete(away)
    audit.record(session, "merge", thing="caregiver", thing_id=to.key, merged=away.key)
    session.flush()


def _tables_of_caregivers() -> list[sa.Table]:
    """Every table that the register of personal data says hangs on a caregiver directly."""
    names = [row.table for row in PERSONAL if row.owner == "caregiver_id"]
    return [SQLModel.metadata.tables[name] for name in names]


def _repoint(session: Session, table: sa.Table, *, away: int, to: int) -> None:
    """Row by row, so that one that `to` has already (a shared child, an open case of the same topic) is dropped or stays closed."""
    keys = list(table.primary_key.columns)
    for row in session.execute(sa.select(*keys).where(table.c.caregiver_id == away)).all():
        this = sa.and_(*(column == value for column, value in zip(keys, row, strict=True)))
        try:
            with session.begin_nested():
                session.execute(sa.update(table).where(this).values(caregiver_id=to))
        except sa.exc.IntegrityError:
            _settle_double(session, table, this, to=to)


def _settle_double(session: Session, table: sa.Table, this: sa.ColumnElement[bool], *, to: int) -> None:
    if "topic" in table.c:  # an open case of the same topic: keep its history under another topic rather than lose it
        session.execute(sa.update(table).where(this).values(caregiver_id=to, topic=table.c.topic + "~"))
    else:
        session.execute(sa.delete(table).where(this))
