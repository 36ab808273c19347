"""`peiban evaluate`: how well questions are answered, and with `--danger` how well danger is recognised, on the half of the
written-out messages that nothing was tuned on.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app import serving
from app.cli import danger_report, question_report, terminal
from app.cli.asking import edition_at_hand
from app.cli.markdown import write_report
from app.cli.progress import bar
from app.cli.question_report import Look
from app.cli.subjects import single
from app.starter import open_starter
from care.editions.bundles import OpenEdition
from care.questions.evaluating import measure
from care.questions.gold import Half, read_gold
from care.questions.withdrawing import withdraw
from care.safety.evaluating import SETS, danger_figures
from kit.errors import Invalid
from kit.settings import Settings


def evaluate(
    danger: Annotated[
        bool,
        typer.Option(
            "--danger", help="改量危险信号：认出多少、误报多少。 Danger instead: how much is found, and the false alarms."
        ),
    ] = False,
    sets: Annotated[Path, typer.Option(help="测试集的文件夹。 Folder of the written-out messages.")] = SETS,
    half: Annotated[
        str,
        typer.Option(
            help="reporting：没有用来调过的那一半；tuning：调的那一半。 Which half: the reporting one was never tuned on."
        ),
    ] = Half.REPORTING.value,
    starter: Annotated[
        bool,
        typer.Option("--starter", help="量自带的课程，不管发布的是哪一版。 The starter passages, whatever edition is published."),
    ] = False,
    as_json_line: Annotated[bool, typer.Option("--json", help="一行 JSON。 One line of JSON.")] = False,
    report: Annotated[Path | None, typer.Option(help="报告写到这个文件（Markdown）。 Write the report to this file.")] = None,
) -> None:
    """量一量：问题答得对不对，答不了的知不知道。什么都不保存，也不通知谁。 Figures. Nothing is kept, nobody is told."""
    if half not in list(Half):
        raise Invalid("half is reporting or tuning")
    if danger:
        measured = danger_figures(sets, half=half)
        markdown, line = danger_report.as_markdown(measured), danger_report.as_json(measured)
        text = danger_report.as_text(measured)
    else:
        look = _look(sets / "questions", half=Half(half), starter=starter)
        markdown, line, text = question_report.as_markdown(look), question_report.as_json(look), question_report.as_text(look)
    if report:
        write_report(report, markdown)
        terminal.say(f"报告写好了：{report}", f"The report is written: {report}")
    if as_json_line:
        terminal.emit(line)
    else:
        terminal.stdout.print(text, markup=False)


def _look(folder: Path, *, half: Half, starter: bool) -> Look:
    questions = read_gold(folder, half=half)
    with _edition(starter=starter) as edition, bar("问一遍  Asking") as progress:
        measure(edition, questions[:1])  # loads rules and encoder, not under the clock
        began = time.process_time()
        measured = measure(edition, questions, progress=progress)
        spent = time.process_time() - began
        withdrawal = withdraw(edition, measured.asked)
    if half is Half.REPORTING and folder.is_relative_to(SETS):
        terminal.say(
            "这是看了报告用的那一半，请在 tests/golden/questions/README.md 里记一笔。",
            "This was a look at the reporting half: log it in tests/golden/questions/README.md.",
        )
    cpu_ms = 1000 * spent / len(measured.asked)
    return Look(half=half, measured=measured, withdrawal=withdrawal, cpu_ms=cpu_ms, looks=_looks(folder / "README.md"))


@contextmanager
def _edition(*, starter: bool) -> Iterator[OpenEdition]:
    services = serving.services_without_storage(Settings())
    if not starter:
        with edition_at_hand(services) as edition:
            yield edition
        return
    with (
        bar("建临时索引  Building an index for now") as progress,
        open_starter(services.library.encoder, progress=progress) as edition,
    ):
        yield edition


def _looks(readme: Path) -> str:
    """The section of the README that logs the looks."""
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    found = re.search(r"^## Looks.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[0].strip() if found else ""


program = single(evaluate)
