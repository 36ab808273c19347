"""A family that does homework, and the clock of the workers, moved by hand."""

import io
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from PIL import Image
from sqlmodel import col, select

from app.workers.tick import gather
from care.cases.actions import Media
from care.families import actions as families
from care.families.models import Caregiver, CareOf, Channel, Child
from care.homework.models import Homework, HomeworkItem, HomeworkState, ItemState
from care.privacy import actions as consents
from care.privacy.models import ConsentPurpose
from care.services import Services
from kit import clock
from knowledge.homework import tasks
from tests.fixtures.talk import Talker


def jpeg(shade: int = 0) -> bytes:
    """A small picture; another for each shade."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48), (shade * 7 % 256, 120, 90)).save(written, "JPEG")
    return written.getvalue()


def stored(services: Services, content: bytes, *, kind: str = "photo", file_id: str = "") -> Media:
    return Media(key=services.blobs.put_new(content, folder="photos"), kind=kind, file_id=file_id)


def mother(
    services: Services, *, months: int = 8, address: str = "m", photos: bool = True, early: int = 0, every_task: bool = False
) -> Talker:
    """Her child is `months` old. With `photos` she has agreed that the trainer sees them; without `every_task` only those that take
    pictures are given first.
    """
    talker = Talker(services, address, channel=Channel.WEB)
    with services.database.transaction() as session:
        who = families.meet(session, Channel.WEB, address=address)
        month = clock.today().replace(day=1) - relativedelta(months=months)
        child = families.add_child(session, who, birth_month=month, nickname="豆豆", weeks_early=early)
        session.add_all([] if every_task else _put_aside(child))
        if photos:
            consents.decide(session, services.blobs, who, purpose=ConsentPurpose.PHOTOS, given=True)
    return talker


def _put_aside(child: Child) -> list[Homework]:
    """The tasks that take no pictures: these stories are about pictures, whatever task stands first in the curriculum."""
    age = child.corrected_months(clock.today())
    without = [task for task in tasks().values() if age is not None and task.fits(age) and task.photos == "none"]
    dropped, now = HomeworkState.DROPPED, clock.now()
    return [
        Homework(child_id=child.key, task=task.slug, fingerprint=task.fingerprint, state=dropped, given_at=now)
        for task in without
    ]


def grandmother(services: Services, *, address: str = "g") -> Talker:
    """She looks after the same child, the only one there is."""
    talker = Talker(services, address, channel=Channel.WEB)
    with services.database.transaction() as session:
        who = families.meet(session, Channel.WEB, address=address)
        child = session.exec(select(Child)).one()
        session.add(CareOf(caregiver_id=who.key, child_id=child.key, since=clock.now()))
        consents.decide(session, services.blobs, who, purpose=ConsentPurpose.PHOTOS, given=True)
    return talker


def wait(services: Services, seconds: float = 2.0) -> None:
    """Time passes, and the workers tick."""
    clock.advance(timedelta(seconds=seconds))
    for _ in range(5):
        gather(services)


def homework_of(services: Services) -> Homework:
    """The newest."""
    with services.database.transaction() as session:
        return session.exec(select(Homework).order_by(col(Homework.id).desc())).all()[0]


def items_of(services: Services, *states: ItemState) -> list[HomeworkItem]:
    with services.database.transaction() as session:
        rows = session.exec(select(HomeworkItem).order_by(col(HomeworkItem.id))).all()
        return [row for row in rows if not states or row.state in states]


def caregiver(services: Services, talker: Talker) -> Caregiver:
    with services.database.transaction() as session:
        return session.get_one(Caregiver, talker.caregiver_id)
