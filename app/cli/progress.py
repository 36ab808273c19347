"""A bar for long work at the terminal; quiet where nobody looks."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.terminal import stderr
from care.editions.building import build
from care.services import Services
from knowledge.editions.models import Edition

_LOOK_EVERY_S = 0.3


@contextmanager
def bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """The bar's mover: `(done, total)`."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=max(total, 1))


def watched(services: Services, number: int) -> Edition:
    """Build edition `number` and show what it notes of its own progress."""
    with bar(f"建第 {number} 版  Building edition {number}") as move, ThreadPoolExecutor(1) as pool:
        built = pool.submit(build, services.database, number, library=services.library, blobs=services.blobs)
        done = threading.Event()
        built.add_done_callback(lambda _: done.set())
        while not done.wait(_LOOK_EVERY_S):
            with services.database.transaction() as session:
                move(session.get_one(Edition, number).progress, 100)
        return built.result()
