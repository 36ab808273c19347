"""Build a frozen edition: several short transactions around the long work, so that a killed build changes nothing."""

import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from care.editions import bundles
from care.editions.library import Library
from kit import audit, clock
from kit.blobs import Blobs
from kit.db import Database
from knowledge.content import PassageContent
from knowledge.editions import freezing
from knowledge.editions.models import BuildState, Edition
from knowledge.errors import UnknownEdition


def build(database: Database, number: int, *, library: Library, blobs: Blobs) -> Edition:
    """Build edition `number` and store its bundle. Raises UnknownEdition; any failure is noted on the edition and raised."""
    try:
        return _build(database, number, library=library, blobs=blobs)
    except Exception as error:
        with database.transaction() as session:
            _set(session, number, state=BuildState.FAILED, failure=f"{type(error).__name__}: {error}"[:1000])
        raise


def _build(database: Database, number: int, *, library: Library, blobs: Blobs) -> Edition:
    with database.transaction() as session:
        if session.get(Edition, number) is None:
            raise UnknownEdition
        revisions = freezing.frozen_revisions(session, number)
        passages = [bundles.Held(row.key, row.reviewed, PassageContent.model_validate(row.content)) for row in revisions]
        before = _newest_built(session)
        _set(session, number, state=BuildState.BUILDING, progress=0, failure="")
    previous = library.folder_of(before, blobs) if before else None
    library.cache.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".build-", dir=library.cache))
    try:
        manifest = bundles.write(
            work / "edition",
            number=number,
            passages=passages,
            encoder=library.encoder,
            previous=previous,
            progress=lambda done, total: _progress(database, number, done=done, total=total),
        )
        content, checksum = bundles.pack(work / "edition")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    key = f"editions/{number}-{checksum[:16]}.tar"
    blobs.put(key, content)
    with database.transaction() as session:
        facts = {"model": manifest.model, "dimensions": manifest.dimensions, "entries": manifest.entries}
        _set(
            session, number, state=BuildState.BUILT, progress=100, bundle_key=key, bundle_sha256=checksum, manifest=facts,
            built_at=clock.now(),
        )  # fmt: skip
        audit.record(session, "build", thing="edition", thing_id=number)
        return session.get_one(Edition, number, populate_existing=True)


def _newest_built(session: Session) -> Edition | None:
    query = select(Edition).where(Edition.state == BuildState.BUILT).order_by(col(Edition.number).desc()).limit(1)
    return session.exec(query).one_or_none()


def _progress(database: Database, number: int, *, done: int, total: int) -> None:
    with database.transaction() as session:
        _set(session, number, progress=min(99, round(100 * done / max(total, 1))))


def _set(session: Session, number: int, **values: object) -> None:
    session.execute(sa.update(Edition).where(col(Edition.number) == number).values(**values))
