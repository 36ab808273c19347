"""`peiban evaluate --danger`: how well danger is recognised, on the half of the written-out messages that nothing was tuned on."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import terminal
from app.cli.danger_report import as_json, as_markdown, as_text
from app.cli.subjects import single
from care.safety.evaluating import SETS, danger_figures
from kit.errors import Invalid


def evaluate(
    danger: Annotated[
        bool, typer.Option("--danger", help="危险信号认出多少、误报多少。 How much danger is found, and the false alarms.")
    ] = False,
    sets: Annotated[Path, typer.Option(help="测试集的文件夹。 Folder of the written-out messages.")] = SETS,
    half: Annotated[
        str,
        typer.Option(
            help="reporting：没有用来调过的那一半；tuning：调的那一半。 Which half: the reporting one was never tuned on."
        ),
    ] = "reporting",
    as_json_line: Annotated[bool, typer.Option("--json", help="一行 JSON。 One line of JSON.")] = False,
    report: Annotated[Path | None, typer.Option(help="报告写到这个文件（Markdown）。 Write the report to this file.")] = None,
) -> None:
    """量一量。什么都不保存，也不通知谁。 Figures. Nothing is kept, nobody is told."""
    if not danger:
        raise typer.BadParameter("请写明量什么：--danger。 Say what is to be measured: --danger.")
    if half not in ("reporting", "tuning"):
        raise Invalid("half is reporting or tuning")
    measured = danger_figures(sets, half=half)
    if report:
        report.write_text(as_markdown(measured), encoding="utf-8")
        terminal.say(f"报告写好了：{report}", f"The report is written: {report}")
    if as_json_line:
        terminal.emit(as_json(measured))
    else:
        terminal.stdout.print(as_text(measured), markup=False)


program = single(evaluate)
