"""One server on one data folder, held for as long as the process lives."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.errors import WrongState


class AlreadyServing(WrongState):
    """A server runs on this data folder."""


@contextmanager
def alone_on(data_dir: Path) -> Iterator[None]:
    """No second server on one data folder: they would fetch the same messages and empty each other's cache. Ends with the process,
    however that ends. Raises AlreadyServing.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "serving").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyServing from error
        yield
