"""The bundle that this process answers from, and the edition it belongs to. Swapped between requests, never during one."""

from dataclasses import dataclass
from pathlib import Path

from index.encoders import Encoder
from index.search import Searcher
from kit.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Volume:
    """An edition's number with its open bundle. A request takes one and keeps it to its end."""

    edition: int
    searcher: Searcher


class Shelf:
    """Safe to share between threads: a swap replaces one reference, so a reader sees the old volume or the new one whole."""

    def __init__(self, cache: Path, encoder: Encoder) -> None:
        """`cache` is the folder of this process's fetched bundles."""
        self._cache = cache
        self._encoder = encoder
        self._volume: Volume | None = None

    @property
    def edition(self) -> int | None:
        """The number of the edition that answers now, None before the first."""
        volume = self._volume
        return volume.edition if volume else None

    def current(self) -> Volume:
        """Raises kit.errors.Unavailable before the first swap."""
        volume = self._volume
        if volume is None:
            raise Unavailable("no edition has been opened yet")
        return volume

    def swap(self, bundle: Path | str, *, edition: int) -> Volume:
        """Open a bundle, a path or a name in the cache folder, and answer from it. A bundle that cannot be opened changes nothing.

        Raises what `Searcher.open` raises.
        """
        volume = Volume(edition, Searcher.open(self._cache / bundle, self._encoder))
        self._volume = volume
        return volume
