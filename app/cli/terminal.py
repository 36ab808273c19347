"""Talking to the person at the terminal: sentences and progress on stderr, results on stdout, so that a pipe gets results alone."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.table import Table

stderr = Console(stderr=True, highlight=False, soft_wrap=True)
stdout = Console(highlight=False, soft_wrap=True)


def say(zh: str, en: str = "") -> None:
    """One sentence in both languages, Chinese first."""
    for line in (zh, en):
        if line:
            stderr.print(line, markup=False)


def emit(row: Mapping[str, object]) -> None:
    """One JSON line on stdout, flushed, so that a reader at the other end of a pipe gets it at once."""
    typer.echo(json.dumps(row, ensure_ascii=False))


def show(*columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    """A table for people."""
    table = Table(*columns)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    stdout.print(table)


@contextmanager
def steps() -> Iterator[Callable[[str, str], None]]:
    """Names the step that is under way, with a moving sign in a terminal and one line each elsewhere."""
    with stderr.status("") as status:

        def step(zh: str, en: str) -> None:
            if stderr.is_terminal:
                status.update(f"{zh}  {en}")
            else:
                say(f"{zh}  {en}")

        yield step
