"""Tables and intervals of reports that are kept as Markdown."""

from collections.abc import Iterable, Sequence
from pathlib import Path

BY_HAND = "<!-- What follows is written by hand and kept when the report is written again. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def interval(low: float, high: float) -> str:
    return f"{low:.3f}–{high:.3f}"


def write_report(path: Path, text: str) -> None:
    """Over an older report, of which the part written by hand stays."""
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    _, mark, kept = before.partition(BY_HAND)
    path.write_text(f"{text}\n{mark}{kept}" if mark else text, encoding="utf-8")
