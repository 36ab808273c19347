"""The starter passages as an edition that nobody published: what `peiban ask` answers from before a first `peiban serve`."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.serving import CURRICULUM
from care.editions import bundles
from care.editions.bundles import Held, OpenEdition
from index.encoders import Encoder
from knowledge.markdown import parse_folder

NUMBER = 0
"""Published editions count from 1."""

Progress = Callable[[int, int], None]


@contextmanager
def open_starter(encoder: Encoder, *, progress: Progress) -> Iterator[OpenEdition]:
    """Built anew in a temporary folder, since asking keeps nothing. Raises knowledge.errors.BadBatch."""
    passages = [Held(number, one.reviewed, one.content) for number, one in enumerate(parse_folder(CURRICULUM), start=1)]
    with tempfile.TemporaryDirectory(prefix="peiban-starter-") as folder:
        place = Path(folder) / "edition"
        bundles.write(place, number=NUMBER, passages=passages, encoder=encoder, previous=None, progress=progress)
        yield bundles.read(place, encoder)
