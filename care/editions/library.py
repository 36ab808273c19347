"""The published edition of this process: fetched by checksum into the cache, swapped between requests, never half, and without what
was recalled since it was built.
"""

import hashlib
import json
import shutil
import threading
from collections.abc import Collection
from pathlib import Path

from care.editions import bundles
from care.editions.bundles import OpenEdition
from care.editions.errors import BundleBroken, NoEdition
from index.encoders import Encoder
from kit.blobs import Blobs
from knowledge.editions.models import Edition

KEPT = 3
_POINTER = "current"
_WITHHELD = ".withheld.json"


class Library:
    """Thread-safe. `cache` is a folder of this machine that several processes may share."""

    def __init__(self, *, cache: Path, encoder: Encoder) -> None:
        self.cache = cache
        self.encoder = encoder
        self._lock = threading.Lock()
        self._whole: OpenEdition | None = None
        self._open: OpenEdition | None = None
        self._withheld: frozenset[int] = frozenset()

    def current(self) -> OpenEdition:
        """Raises NoEdition."""
        if self._open is None:
            raise NoEdition
        return self._open

    def follow(self, edition: Edition | None, blobs: Blobs) -> bool:
        """Hold `edition` from now on; True when that is a change. Raises BundleBroken, and keeps the old one then."""
        if edition is None or (self._open and self._open.number == edition.number):
            return False
        with self._lock:
            folder = self._fetch(edition, blobs)
            self._hold(bundles.read(folder, self.encoder))
            self._point_to(folder)
            self._drop_old()
        return True

    def withhold(self, revision_ids: Collection[int]) -> None:
        """Answer with none of these from now on, whichever edition is held: they were wrong. Told again each second."""
        if self._withheld == revision_ids:
            return
        with self._lock:
            self._withheld = frozenset(revision_ids)
            if self._whole:
                self._hold(self._whole)
            self.cache.mkdir(parents=True, exist_ok=True)
            fresh = self.cache / f"{_WITHHELD}-new"
            fresh.write_text(json.dumps(sorted(self._withheld)))
            fresh.replace(self.cache / _WITHHELD)

    def open_cached(self) -> OpenEdition:
        """The edition that this machine held last, without a database. Raises NoEdition."""
        pointer = self.cache / _POINTER
        folder = self.cache / pointer.read_text().strip() if pointer.is_file() else None
        if folder is None or not folder.is_dir():
            raise NoEdition
        told = self.cache / _WITHHELD
        self._withheld = frozenset(json.loads(told.read_text())) if told.is_file() else frozenset()
        return self._hold(bundles.read(folder, self.encoder))

    def folder_of(self, edition: Edition, blobs: Blobs) -> Path:
        """The unpacked bundle of any built edition."""
        with self._lock:
            return self._fetch(edition, blobs)

    def _hold(self, edition: OpenEdition) -> OpenEdition:
        self._whole = edition
        self._open = edition.withholding(self._withheld)
        return self._open

    def _fetch(self, edition: Edition, blobs: Blobs) -> Path:
        folder = self.cache / f"{edition.number}-{edition.bundle_sha256[:16]}"
        if not folder.is_dir():
            content = blobs.get(edition.bundle_key)
            if hashlib.sha256(content).hexdigest() != edition.bundle_sha256:
                raise BundleBroken
            bundles.unpack(content, folder)
        return folder

    def _point_to(self, folder: Path) -> None:
        fresh = self.cache / f".{_POINTER}-new"
        fresh.write_text(folder.name)
        fresh.replace(self.cache / _POINTER)

    def _drop_old(self) -> None:
        folders = [path for path in self.cache.iterdir() if path.is_dir() and not path.name.startswith(".")]
        held = (self.cache / _POINTER).read_text()
        newest = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[:KEPT]
        for path in folders:
            if path not in newest and path.name != held:
                shutil.rmtree(path, ignore_errors=True)
