"""`peiban knowledge check`: everything that an editor should mend, each in a sentence, without a database."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from app import serving
from app.cli import terminal
from app.cli.mistakes import FAILED
from index.encoders import open_encoder
from index.self_retrieval import misses, twins
from kit.settings import Settings
from knowledge import lint, topics
from knowledge.content import PassageContent
from knowledge.errors import BadBatch
from knowledge.lint import Finding
from knowledge.markdown import Parsed, parse_folder


def check(
    folder: Annotated[
        Path | None, typer.Argument(help="放 .md 文件的文件夹；不写就是自带的课程。 Folder of .md files; else the starter ones.")
    ] = None,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep",
            help="再看每条问法找不找得到自己那一篇（要几分钟）。 Also ask every listed question, taken out of the index first.",
        ),
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="再列出每个主题在每个年龄有几篇。 Also show passages by topic and age.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="每处一行 JSON。 One JSON object a finding, on stdout.")] = False,
) -> None:
    """检查文件写得对不对、好不好，什么都不改。 Look the files through; nothing is imported or changed."""
    parsed = _parsed(folder, as_json=as_json)
    passages = [one.content for one in parsed]
    findings = [
        *lint.check(passages),
        *(lint.unknown_names(passages) if folder is None else ()),
        *(_deep(passages) if deep else ()),
    ]
    for finding in findings:
        _tell(finding, as_json=as_json)
    if coverage:
        _show_coverage(passages)
    if findings:
        terminal.say(f"共 {len(findings)} 处要看一看。", f"{len(findings)} findings.")
        raise typer.Exit(FAILED)
    unreviewed = sum(not one.reviewed for one in parsed)
    terminal.say(
        f"{len(parsed)} 篇都没有写错，其中 {unreviewed} 篇待本地专家审核。",
        f"All {len(parsed)} passages are in order; {unreviewed} wait for a local expert's review.",
    )


def _parsed(folder: Path | None, *, as_json: bool) -> list[Parsed]:
    place = folder or serving.CURRICULUM
    if not place.is_dir():
        raise typer.BadParameter(f"没有文件夹 {place}。 There is no folder {place}.")
    try:
        return list(parse_folder(place))
    except BadBatch as bad:
        for line in bad.findings:
            if as_json:
                terminal.emit({"slug": "", "rule": "form", "file": line.file, "line": line.line, "en": line.sentence})
            else:
                terminal.say(str(line))
        terminal.say(f"有 {len(bad.findings)} 处写错。", f"{len(bad.findings)} mistakes.")
        raise typer.Exit(FAILED) from bad


def _deep(passages: Sequence[PassageContent]) -> Iterator[Finding]:
    encoder = open_encoder(Settings().embedding_model)
    terminal.say("把每条问法问一遍，要几分钟…", "Asking every listed question; this takes minutes …")
    for one, other, cosine in twins(passages, encoder):
        yield Finding(
            one,
            "twin",
            f"和 {other} 几乎是同一个意思（{cosine:.2f}），请合并。",
            f"It says nearly the same as {other} ({cosine:.2f}).",
        )
    found, asked = misses(passages, encoder)
    for miss in found:
        others = "、".join(miss.found)
        yield Finding(
            miss.slug, "answered_elsewhere", f"「{miss.question}」先找到的是 {others}：改写这句，或挪到那一篇。",
            f"“{miss.question}” finds {', '.join(miss.found)} first: reword it, or list it there.",
        )  # fmt: skip
    terminal.say(f"{asked} 条问法，{len(found)} 条找不到自己。", f"{len(found)} of {asked} questions miss their passage.")


def _tell(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        terminal.emit({"slug": finding.slug, "rule": finding.rule, "zh": finding.zh, "en": finding.en})
    else:
        terminal.say(f"{finding.slug or '全部'}：{finding.zh}", f"{finding.slug or 'all'}: {finding.en}")


def _show_coverage(passages: Sequence[PassageContent]) -> None:
    table = lint.coverage(passages)
    names = {topic.slug: topic.zh for group in topics.groups() for topic in group.topics}
    rows = ((names[topic], *(count or "·" for count in counts)) for topic, counts in table.counts.items())
    terminal.show("主题 Topic", *(f"{low}–{high}" for low, high in table.bands), rows=rows)
