"""`peiban editions`: what was built, what parents are answered from, and back again."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from app import serving
from app.cli import gate_words, terminal
from app.cli.mistakes import FAILED
from app.cli.progress import watched
from app.cli.subjects import subject
from care.editions import actions, impact, queries, releasing
from care.editions.errors import GateClosed
from care.services import Services
from kit import clock
from kit.settings import Settings
from knowledge.editions.freezing import published
from knowledge.editions.models import Edition

program = subject("课程的版本：建、发布、退回。 Editions: build, publish, roll back.")

Number = Annotated[int, typer.Argument(min=1, max=2_000_000_000, help="版本编号。 Number of the edition.")]


@program.command("list")
def show_all() -> None:
    """最近的各版。 The newest editions; the one marked is what parents are answered from."""
    with serving.open_database(Settings()) as database, database.transaction() as session:
        live = published(session)
        rows = _rows(queries.newest(session), live.key if live else None)
        terminal.show("", "版 No.", "状态 State", "篇 Passages", "待审 Unreviewed", "模型 Model", "建好 Built", rows=rows)


@program.command()
def publish(
    number: Number,
    despite_gate: Annotated[
        str | None,
        typer.Option(
            metavar="理由 REASON", help="检查没通过也发布，理由会记下来。 Publish it although it was refused; the reason is kept."
        ),
    ] = None,
) -> None:
    """先检查，通过了，从现在起用这一版回答。 Check it, and if it passes answer parents from it from now on."""
    with serving.open_services(Settings()) as services:
        published_or_told(services, number, despite=despite_gate)


@program.command()
def check(number: Number) -> None:
    """和家长正在用的一版比一比，不发布。 Compare an edition with the published one, and publish nothing."""
    with serving.open_services(Settings()) as services:
        verdict = releasing.check(services, number)
    gate_words.tell(verdict)
    if verdict.passed:
        terminal.say(f"第 {number} 版可以发布。", f"Edition {number} may be published.")
    else:
        raise typer.Exit(FAILED)


@program.command()
def preview(number: Number) -> None:
    """发布以前看看，家长最近问的会有什么不一样。 What parents' last questions would get from an edition, beside the published one."""
    with serving.open_services(Settings()) as services:
        found = impact.preview(services, number)
    if found is None:
        terminal.say("还没有发布过，没有可以比的。", "Nothing is published yet to compare with.")
        return
    lost, other, won = len(found.lost), len(found.other), len(found.won)
    terminal.say(
        f"问了 {found.asked} 个：答不上的多了 {lost} 个，换了一篇的 {other} 个，新答得上的 {won} 个。",
        f"{found.asked} asked: {lost} lose their answer, {other} get another passage, {won} are answered that were not.",
    )


def published_or_told(services: Services, number: int, *, despite: str | None = None) -> None:
    """Raises care.editions.errors.GateClosed once the reasons are told."""
    try:
        releasing.release(services, number, despite=despite)
    except GateClosed as closed:
        gate_words.tell(closed.verdict)
        raise
    terminal.say(f"第 {number} 版已发布。", f"Edition {number} is published.")


@program.command()
def rollback() -> None:
    """退回到上一版。 Go back to the edition before the present one."""
    settings = Settings()
    with serving.open_database(settings) as database, database.transaction() as session:
        edition = actions.roll_back(session, allow_unreviewed=settings.environment == "development")
    terminal.say(f"已退回第 {edition.number} 版。", f"Edition {edition.number} answers again.")


@program.command()
def build(number: Number) -> None:
    """建（或重建）一个已冻结的版本，再检查一遍。 Build a frozen edition, or build it again, and check it."""
    with serving.open_services(Settings()) as services:
        watched(services, number)
        terminal.say(f"第 {number} 版建好了。", f"Edition {number} is built.")
        gate_words.tell(releasing.check(services, number))


def _rows(editions: Iterable[Edition], live: int | None) -> Iterator[tuple[object, ...]]:
    for one in editions:
        built = one.built_at.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M") if one.built_at else ""
        state = f"{one.state.value} {one.progress}%" if one.state == "building" else one.state.value
        yield "●" if one.number == live else "", one.number, state, one.passages, one.unreviewed, one.manifest.get("model"), built
