"""`peiban knowledge`: passages between files and the database."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from app import serving
from app.cli import terminal
from app.cli.checking import check
from app.cli.papers import cards
from app.cli.subjects import subject
from kit.settings import Settings
from knowledge import queries
from knowledge.actions import Imported, import_passages
from knowledge.content import PassageContent
from knowledge.courses import Course
from knowledge.guidance import Package
from knowledge.homework import Task
from knowledge.markdown import Parsed, parse_folder, write

program = subject("课程的导入、导出和检查。 Passages in and out of the database.")

Folder = Annotated[
    Path | None, typer.Argument(help="放 .md 文件的文件夹；不写就是自带的课程。 Folder of .md files; else the starter ones.")
]


@program.command("import")
def take_in(
    folder: Folder = None,
    retire_missing: Annotated[
        bool, typer.Option("--retire-missing", help="文件已删除的篇目停用。 Retire passages whose file is gone.")
    ] = False,
) -> None:
    """导入改过的篇目；有一行写错就都不导入。 Take in what changed; nothing at all when a line is wrong."""
    with serving.open_database(Settings()) as database, database.transaction() as session:
        if folder is None:
            done = serving.take_in(session, retire_missing=retire_missing)
        else:
            done = import_passages(session, parse_folder(_existing(folder)), retire_missing=retire_missing)
    _tell(done)


@program.command("export")
def give_out(
    folder: Annotated[Path | None, typer.Argument(help="写到这个文件夹。 Write Markdown files into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每篇一行 JSON。 One JSON object a passage, on stdout.")] = False,
) -> None:
    """导出现行的篇目。 Give out the passages that the next edition would hold."""
    if (folder is None) is not as_json:
        raise typer.BadParameter("请给一个文件夹，或者用 --json。 Name a folder, or use --json.")
    with serving.open_database(Settings()) as database, database.transaction() as session:
        passages = [Parsed(row.says(), row.reviewed, row.reviewed_by) for row in queries.approved(session)]
    if folder is None:
        for one in passages:
            terminal.emit(_as_json(one))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for one in passages:
        (folder / f"{one.content.slug}.md").write_text(write(one), encoding="utf-8")
    terminal.say(f"导出了 {len(passages)} 篇到 {folder}", f"{len(passages)} passages written to {folder}")


program.command()(check)
program.command()(cards)


class Kind(StrEnum):
    PASSAGE = "passage"
    TASK = "task"
    PACKAGE = "package"
    COURSE = "course"


_MODELS: dict[Kind, type[BaseModel]] = {
    Kind.PASSAGE: PassageContent,
    Kind.TASK: Task,
    Kind.PACKAGE: Package,
    Kind.COURSE: Course,
}


@program.command()
def schema(kind: Annotated[Kind, typer.Argument(help="passage、task、package 或 course。 Which kind of file.")]) -> None:
    """写法的 JSON Schema。 The JSON Schema of a passage, a task, a guidance package or a course."""
    terminal.emit(_MODELS[kind].model_json_schema())


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise typer.BadParameter(f"没有文件夹 {folder}。 There is no folder {folder}.")
    return folder


def _as_json(one: Parsed) -> dict[str, object]:
    content: PassageContent = one.content
    return {**content.model_dump(mode="json"), "reviewed": one.reviewed, "reviewed_by": one.reviewed_by}


def _tell(done: Imported) -> None:
    terminal.say(
        f"新增 {done.new} 篇，改动 {done.changed} 篇，停用 {done.retired} 篇，未变 {done.unchanged} 篇。",
        f"{done.new} new, {done.changed} changed, {done.retired} retired, {done.unchanged} unchanged.",
    )
    if done.new or done.changed or done.retired:
        terminal.say(
            "家长还看不到这些改动。发布：peiban index build --publish", "Parents see it after: peiban index build --publish"
        )
