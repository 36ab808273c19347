"""One file that holds an installation: a dump of the database, every blob, and a manifest. No setting and no secret is in it.

What was said to people stays said. Work that still waited when the backup was made may have been done afterwards, so a restore
lays it to rest instead of doing it twice: pushed messages become `unknown`, updates in work are given up, pages end, staff sign
in anew. Replies that wait on the chat page stay, since they are shown and not sent.
"""

import hashlib
import hmac
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlmodel import Session, col

from bot.inbox.models import InboxUpdate, UpdateState
from care import migrations
from care.duty.models import Page, PageState
from care.families.models import Channel
from care.messages.models import Message, MessageState
from care.privacy import ledger
from care.privacy.forgetting import reforget
from kit import clock
from kit.accounts.models import StaffSession
from kit.blobs import Blobs
from kit.db import Database
from kit.embedded_places import CannotStart, programs
from kit.errors import Invalid, NotFound, Unavailable, WrongState

FORMAT = 1
MANIFEST, DUMP, BLOBS = "manifest.json", "database.dump", "blobs/"
_RESTORED = "restored from a backup"

Progress = Callable[[int, int], None]


class AlreadyThere(WrongState):
    """A file of this name exists; a backup never overwrites another."""


class NothingToBackUp(WrongState):
    """The database has no tables: perhaps not the one that was meant."""


class NotEmpty(WrongState):
    """The database to restore into holds something already."""


class StillInUse(WrongState):
    """A running server is connected to the database that would be replaced."""


class NoBackup(Invalid):
    """The file is no backup of Peiban, or is damaged."""


class ProgramFailed(Unavailable):
    """pg_dump or pg_restore is missing or did not succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`files` maps each file in the backup to its SHA-256; `key` is the fingerprint of the secret key, empty in old backups."""

    made_at: str
    version: str
    files: Mapping[str, str]
    format: int = FORMAT
    key: str = ""

    @property
    def blobs(self) -> tuple[str, ...]:
        return tuple(name.removeprefix(BLOBS) for name in self.files if name.startswith(BLOBS))


@dataclass(frozen=True, slots=True)
class Rested:
    """How many messages and updates were under way when the backup was made, which an operator may want to look at, and how many
    who asked to be forgotten after it. `other_key` when the secret key is not the one of the backup; `no_ledger` when the blob store
    held no list of the forgotten, so that nobody who was forgotten after the backup could be forgotten again."""

    messages: int
    updates: int
    forgotten: int = 0
    other_key: bool = False
    no_ledger: bool = False


def back_up(database: Database, blobs: Blobs, *, to: Path, signing_key: str, progress: Progress) -> Manifest:
    """Write the backup to the new file `to`, readable by its owner alone. The server may run meanwhile: the dump is one moment,
    and blobs are never changed. Raises AlreadyThere, NothingToBackUp, ProgramFailed."""
    if to.exists():
        raise AlreadyThere(file=str(to))
    if not _has_tables(database):
        raise NothingToBackUp
    files: dict[str, str] = {}
    with _new_file(to) as archive, tempfile.TemporaryDirectory(prefix="peiban-backup-") as folder:
        dump = Path(folder) / DUMP
        _run("pg_dump", database, ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"])
        files[DUMP] = _add_file(archive, dump)
        keys = list(blobs.keys())  # after the dump, so that every file it speaks of is among them
        for done, key in enumerate(keys, start=1):
            progress(done, len(keys))
            try:
                files[f"{BLOBS}{key}"] = _add(archive, f"{BLOBS}{key}", blobs.get(key))
            except NotFound:
                continue  # deleted while we were at it
        made_at, key = clock.now().isoformat(), fingerprint(signing_key)
        manifest = Manifest(made_at=made_at, version=version("peiban"), files=files, key=key)
        _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
    return manifest


def restore(
    database: Database, blobs: Blobs, *, backup: Path, signing_key: str, force: bool, progress: Progress
) -> tuple[Manifest, Rested]:
    """Put everything back into an empty database, or with `force` in the place of what is there, bring it to this version's
    schema, and forget again whom the blob store knows as forgotten since. Raises NoBackup before anything is touched, NotEmpty,
    StillInUse, ProgramFailed."""
    with _opened(backup) as archive, tempfile.TemporaryDirectory(prefix="peiban-restore-") as folder:
        manifest = _read_manifest(archive)
        dump = Path(folder) / DUMP
        dump.write_bytes(_content(archive, DUMP, manifest))
        script = _as_script(dump)
        no_ledger = next(blobs.keys(ledger.FOLDER), None) is None
        _make_room(database, force=force)
        for done, key in enumerate(manifest.blobs, start=1):
            progress(done, len(manifest.blobs))
            blobs.put(key, _content(archive, f"{BLOBS}{key}", manifest))
        _run("psql", database, ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}"])
    migrations.upgrade(database)
    with database.transaction() as session:
        rested = lay_to_rest(session)
        forgotten = reforget(session, blobs, signing_key=signing_key)
        other_key = bool(manifest.key) and manifest.key != fingerprint(signing_key)
        return manifest, replace(rested, forgotten=forgotten, other_key=other_key, no_ledger=no_ledger)


def fingerprint(signing_key: str) -> str:
    """Tells whether two keys are the same, and nothing else of them."""
    return hmac.new(signing_key.encode(), b"peiban backup", hashlib.sha256).hexdigest()[:16]


def _has_tables(database: Database) -> bool:
    with database.engine.connect() as connection:
        return connection.scalar(sa.text("select to_regclass('caregiver')")) is not None


def _as_script(dump: Path) -> Path:
    """The dump as SQL, read before anything is touched, without the settings that only a newer PostgreSQL knows."""
    whole, script = dump.with_suffix(".all.sql"), dump.with_suffix(".sql")
    _run("pg_restore", None, ["--no-owner", "--no-privileges", f"--file={whole}", str(dump)])
    with whole.open("rb") as lines, script.open("wb") as kept:
        kept.writelines(line for line in lines if not line.startswith(b"SET transaction_timeout"))
    return script


def lay_to_rest(session: Session) -> Rested:
    """Nothing that was under way at the time of the backup is done a second time."""
    now = clock.now()
    under_way = sa.update(Message).where(
        col(Message.channel) != Channel.WEB, col(Message.state).in_([MessageState.QUEUED, MessageState.SENDING])
    )
    messages = session.execute(under_way.values(state=MessageState.UNKNOWN, error=_RESTORED).returning(col(Message.id)))
    in_work = sa.update(InboxUpdate).where(col(InboxUpdate.state).in_([UpdateState.WAITING, UpdateState.WORKING]))
    updates = session.execute(in_work.values(state=UpdateState.DEAD, error=_RESTORED).returning(col(InboxUpdate.id)))
    rested = Rested(len(messages.all()), len(updates.all()))
    pages = sa.update(Page).where(col(Page.state) == PageState.WAITING)
    session.execute(pages.values(state=PageState.FAILED, settled_at=now))
    session.execute(sa.update(StaffSession).where(col(StaffSession.ended_at).is_(None)).values(ended_at=now))
    return rested


def _make_room(database: Database, *, force: bool) -> None:
    with database.engine.connect() as connection, connection.begin():
        tables = connection.scalar(sa.text("select count(*) from pg_tables where schemaname = 'public'"))
        if tables and not force:
            raise NotEmpty
        others = "datname = current_database() and application_name = 'peiban' and pid <> pg_backend_pid()"
        if connection.scalar(sa.text(f"select count(*) from pg_stat_activity where {others}")):  # noqa: S608 - a constant
            raise StillInUse
        if tables:
            connection.execute(sa.text("drop schema public cascade"))
            connection.execute(sa.text("create schema public authorization pg_database_owner"))
            connection.execute(sa.text("comment on schema public is 'standard public schema'"))


def _run(program: str, database: Database | None, arguments: list[str]) -> None:
    """With the embedded programs, else with those on the path: a server newer than ours needs its own. The password goes by the
    environment, where other users of the machine do not see it."""
    parts = conninfo_to_dict(database.url) if database else {}
    environment = {**os.environ, "PGPASSWORD": str(parts.pop("password", "") or "")}
    failure = f"{program} was not found"
    for found in _candidates(program):
        target = [f"--dbname={make_conninfo('', **parts)}"] if database else []
        command = [found, *target, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        failure = done.stderr.strip()[-600:]
    raise ProgramFailed(failure)


def _candidates(program: str) -> Iterator[str]:
    with suppress(CannotStart):
        yield str(programs() / program)
    if on_path := shutil.which(program):
        yield on_path


@contextmanager
def _new_file(to: Path) -> Iterator[tarfile.TarFile]:
    """Under a name of its own until it is whole, and from the beginning only its owner's: families' words are in it."""
    part = to.with_name(f"{to.name}.part")
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(opened, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
            yield archive
        part.rename(to)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> str:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))
    return hashlib.sha256(content).hexdigest()


def _add_file(archive: tarfile.TarFile, path: Path) -> str:
    archive.add(path, arcname=path.name)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _opened(backup: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(backup, mode="r:") as archive:
            yield archive
    except tarfile.TarError as error:
        raise NoBackup(file=str(backup)) from error


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    try:
        manifest = Manifest(**json.loads(_bytes(archive, MANIFEST)))
    except (ValueError, TypeError) as error:
        raise NoBackup(file=str(archive.name)) from error
    if manifest.format != FORMAT or DUMP not in manifest.files:
        raise NoBackup(file=str(archive.name))
    return manifest


def _content(archive: tarfile.TarFile, name: str, manifest: Manifest) -> bytes:
    content = _bytes(archive, name)
    if hashlib.sha256(content).hexdigest() != manifest.files[name]:
        raise NoBackup(file=str(archive.name))
    return content


def _bytes(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        stream = archive.extractfile(name)
    except KeyError as error:
        raise NoBackup(file=str(archive.name)) from error
    if stream is None:
        raise NoBackup(file=str(archive.name))
    return stream.read()
