"""Start-up: the parts of an installation opened from its settings, and what must be there before the first question.

No web server here (that is `peiban serve`), and no rule: every step is a verb of a lower room.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, select

import bot.tables
import knowledge
from care import migrations
from care.cases.hours import DutyHours
from care.editions import queries as reading
from care.editions.building import build
from care.editions.library import Library
from care.editions.releasing import release
from care.people import access
from care.places.actions import seed_divisions
from care.recalls import queries as recalls
from care.services import Services
from index.encoders import open_encoder
from kit import audit
from kit.accounts import actions as accounts
from kit.accounts import queries as staff
from kit.accounts.models import Role
from kit.audit import AuditEntry
from kit.blobs import Blobs
from kit.db import Database
from kit.embedded import Embedded
from kit.errors import WrongState
from kit.settings import Settings, signing_key
from knowledge import queries as passages
from knowledge.actions import Imported, import_passages
from knowledge.editions.freezing import freeze, published
from knowledge.editions.models import Edition
from knowledge.errors import BadBatch, BadLine
from knowledge.markdown import parse_folder

CURRICULUM = Path(knowledge.__path__[0]) / "curriculum"
FIRST_LOGIN = "admin"
TABLES = bot.tables.__all__  # imported for its effect: migrations see every table

_ONE_PREPARES = 7_201_130

Step = Callable[[str, str], None]


def silent(_zh: str, _en: str) -> None:
    """Nobody watches this start."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the operator must hear. `one_time_password` is set on the very first start alone and exists nowhere else in clear."""

    one_time_password: str = ""
    first_password_open: bool = False
    waiting_for_review: int = 0
    """Approved passages that no local expert has reviewed and that therefore kept the first edition back."""
    nobody_holds_pictures: bool = False
    """HELD_PICTURES_TO names nobody who may see held pictures."""
    bad_lines: tuple[BadLine, ...] = ()
    """What is wrong in the starter files; while an edition is published they keep nobody from being answered."""


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database of `DATABASE_URL`, else the embedded one under the data folder. Raises kit.embedded_places.CannotStart."""
    given = settings.database_url.get_secret_value()
    if given:
        yield from _closing(Database(given))
        return
    with Embedded(settings.data_dir / "postgres") as embedded:
        yield from _closing(Database(embedded.url()))


def _closing(database: Database) -> Iterator[Database]:
    try:
        yield database
    finally:
        database.dispose()


def open_blobs(settings: Settings) -> Blobs:
    return Blobs(settings.blobs_url, folder=settings.data_dir / "blobs")


def open_library(settings: Settings) -> Library:
    """Loads the encoder, which takes a second. Raises kit.errors.Unavailable for a model that cannot be loaded."""
    return Library(cache=settings.data_dir / "editions", encoder=open_encoder(settings.embedding_model))


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Every part, opened once a process and closed on leaving. The schema may still be old: see `prepare`."""
    with open_database(settings) as database:
        yield Services(
            settings=settings,
            database=database,
            blobs=open_blobs(settings),
            library=open_library(settings),
            hours=DutyHours.parse(settings.duty_hours),
            signing_key=signing_key(settings),
        )


def services_without_storage(settings: Settings) -> Services:
    """For asking, which keeps nothing: the library alone is real. The database is an address where none is, and would refuse."""
    return Services(
        settings=settings,
        database=Database("postgresql://nobody@127.0.0.1:1/none"),
        blobs=Blobs("memory:///", folder=settings.data_dir),
        library=open_library(settings),
        hours=DutyHours.parse(settings.duty_hours),
        signing_key="",
    )


def prepare(services: Services, step: Step = silent) -> Prepared:
    """Bring an installation to where it can answer. Of what is done already nothing is done again, and of several processes
    that start at once one does it. `step` hears the sentence of each long step, zh and en.
    """
    with _alone(services.database):
        migrations.upgrade(services.database)
        with services.database.transaction() as session:
            seed_divisions(session)
        bad_lines = _take_in_curriculum(services.database, step)
        waiting = _first_edition(services, step)
        _open_published(services, step)
        with services.database.transaction() as session:
            password = _first_administrator(session)  # last, so that it is shown when everything before it went well
    with services.database.transaction() as session:
        still_open = staff.first_password_open(session)
        nobody = _nobody_holds_pictures(session, services.settings)
    return Prepared(password, still_open, waiting, nobody, bad_lines)


def _nobody_holds_pictures(session: Session, settings: Settings) -> bool:
    if not settings.held_pictures_to:
        return False
    keeper = staff.by_login(session, settings.held_pictures_to)
    return keeper is None or not access.may(keeper, access.Verb.KEEP_HELD_PICTURES)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """By a lock of the database, since the processes may run on several machines."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(_ONE_PREPARES)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_ONE_PREPARES)))


def _first_administrator(session: Session) -> str:
    """Her one-time password, or nothing when there is an account already."""
    if staff.everybody(session):
        return ""
    first = accounts.create_staff(session, FIRST_LOGIN, name="管理员", role=Role.ADMINISTRATOR)
    return accounts.give_one_time_password(session, first)


def curriculum_changed(session: Session) -> bool:
    """Whether the starter files differ from every state of them that was taken in before. The audit trail remembers, so that
    a second machine with the same files, or with older ones, does not take them in again."""
    query = select(AuditEntry.id).where(AuditEntry.thing == "curriculum", AuditEntry.thing_id == curriculum_fingerprint())
    return session.exec(query.limit(1)).first() is None


def curriculum_fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(CURRICULUM.rglob("*.md")):
        digest.update(path.relative_to(CURRICULUM).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _take_in_curriculum(database: Database, step: Step) -> tuple[BadLine, ...]:
    """What is taken in here goes live with the next edition, never by a start of the server alone."""
    with database.transaction() as session:
        if not curriculum_changed(session):
            return ()
        step("导入自带的课程", "Taking in the starter curriculum")
        try:
            take_in(session, retire_missing=False)
        except BadBatch as bad:
            if published(session) is None:
                raise
            return bad.findings
    return ()


def take_in(session: Session, *, retire_missing: bool) -> Imported:
    """Import the starter files and remember that it was done. Raises knowledge.errors.BadBatch."""
    done = import_passages(session, parse_folder(CURRICULUM), retire_missing=retire_missing)
    audit.record(session, "take_in", thing="curriculum", thing_id=curriculum_fingerprint())
    return done


def _first_edition(services: Services, step: Step) -> int:
    """Build and publish where nothing is published yet; else how many passages must be reviewed before that may happen."""
    with services.database.transaction() as session:
        live = published(session)
        if live is not None:
            return 0 if services.allow_unreviewed else live.unreviewed
        approved = passages.approved(session)
        unreviewed = sum(not revision.reviewed for revision in approved)
        if not approved or (unreviewed and not services.allow_unreviewed):
            return unreviewed
        number = freeze(session).key
    step("建立第一版索引", "Building the first edition")
    build(services.database, number, library=services.library, blobs=services.blobs)
    release(services, number)
    return 0


def _open_published(services: Services, step: Step) -> None:
    with services.database.transaction() as session:
        live = reading.answering(session, allow_unreviewed=services.allow_unreviewed)
        services.library.withhold(recalls.withheld(session))
    if live is None:
        return
    try:
        services.library.follow(live, services.blobs)
    except WrongState:  # built by another model than EMBEDDING_MODEL names now: the same passages, embedded anew
        step("换了模型，重新建立索引", "Another model is set: embedding the published edition again")
        services.library.follow(_rebuilt(services, live), services.blobs)


def _rebuilt(services: Services, live: Edition) -> Edition:
    return build(services.database, live.key, library=services.library, blobs=services.blobs)
