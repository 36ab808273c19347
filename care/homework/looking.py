"""The first look at what was handed in, outside any transaction: is it here already, and may the trainer see it?

A picture that likely shows nudity is held back for one named person. Faces are never looked for.
"""

import hashlib
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import col, select

from care.homework.models import HomeworkItem, ItemState
from kit import decency
from kit.blobs import Blobs
from kit.db import Database
from kit.errors import NotFound

AT_ONCE = 5
Judge = Callable[[bytes], float]
"""How likely a drawn picture shows nudity, 0 to 1."""


def look(database: Database, blobs: Blobs, *, judge: Judge = decency.nudity) -> int:
    """Look at the oldest new things, a few of them; how many there were. Two workers who look at the same thing find the same."""
    with database.transaction() as session:
        query = select(HomeworkItem).where(HomeworkItem.state == ItemState.NEW).order_by(col(HomeworkItem.id)).limit(AT_ONCE)
        waiting = session.exec(query).all()
    for item in waiting:
        _look_at(database, blobs, item, judge)
    return len(waiting)


def _look_at(database: Database, blobs: Blobs, item: HomeworkItem, judge: Judge) -> None:
    try:
        content = blobs.get(item.media_key)
    except NotFound:
        _settle(database, item, state=ItemState.FAILED, media_key="")
        return
    likely = judge(content) if item.kind == "photo" else None
    state = ItemState.HELD if likely is not None and likely >= decency.HOLD_BACK else ItemState.KEPT
    digest = hashlib.sha256(content).hexdigest()
    try:
        _settle(database, item, state=state, file_hash=digest, nudity=likely)
    except sa.exc.IntegrityError:  # the same content stands in this homework already
        _settle(database, item, state=ItemState.DOUBLE, media_key="", file_id="")
        blobs.delete(item.media_key)


def _settle(database: Database, item: HomeworkItem, **values: object) -> None:
    with database.transaction() as session:
        still_new = sa.and_(col(HomeworkItem.id) == item.key, col(HomeworkItem.state) == ItemState.NEW)
        session.execute(sa.update(HomeworkItem).where(still_new).values(**values))
