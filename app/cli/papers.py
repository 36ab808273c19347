"""`peiban knowledge cards`: what an office prints, written into a folder. No database is needed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from app.cli import terminal
from bot.papers import setting
from bot.papers.models import Paper
from bot.wording.papers import PARTS
from kit.errors import NotFound
from kit.settings import Settings
from knowledge import courses
from knowledge.content import Lang
from knowledge.courses import Course

_FOLDERS: dict[tuple[str, Lang], tuple[str, str]] = {
    ("card", "zh"): ("卡片", "全部卡片"),
    ("plan", "zh"): ("教案", "全部教案"),
    ("card", "en"): ("cards", "all cards"),
    ("plan", "en"): ("plans", "all plans"),
}
"""Of each kind of sheet: its folder, and the file that holds all of them for printing in one go."""


def cards(
    out: Annotated[Path, typer.Option(help="写到这个文件夹。 The folder to write into.")],
    course: Annotated[
        list[str] | None, typer.Argument(help="课程的名字；不写就是全部。 Names of courses; else all of them.")
    ] = None,
    two_up: Annotated[
        bool,
        typer.Option(
            "--two-up", help="一张 A4 印两份，裁开；放不下的印整页。 Two on a page, to be cut; what does not fit gets one."
        ),
    ] = False,
) -> None:
    """课程的卡片和教案，PDF，可以打印。 The courses' cards and class plans as PDF, in Chinese and English."""
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"{out} 不是文件夹。 {out} is not a folder.")
    chosen = [_known(slug) for slug in course] if course else list(courses.courses())
    operator = Settings().operator_name
    for (part, lang), (folder, together) in _FOLDERS.items():
        papers = {courses.courses().index(one) + 1: PARTS[part](one, lang, operator=operator) for one in chosen}
        _write(out / folder, papers, two_up=two_up)
        if len(chosen) > 1:
            (out / folder / f"00 {together}.pdf").write_bytes(setting.pdf(*papers.values(), two_up=two_up))
    terminal.say(f"{len(chosen)} 门课的卡片和教案写到了 {out}", f"Cards and plans of {len(chosen)} courses written to {out}")


def _write(folder: Path, papers: Mapping[int, Paper], *, two_up: bool) -> None:
    """A course has the same number whichever others are written: that of its age among all courses."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, paper in papers.items():
        (folder / f"{number:02} {paper.name}.pdf").write_bytes(setting.pdf(paper, two_up=two_up))


def _known(slug: str) -> Course:
    found = courses.course(slug)
    if found is None:
        raise NotFound(f"{slug}（knowledge/courses/*.yaml）")
    return found
