"""`peiban index`: build and search, of the published curriculum or of anybody's corpus."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from app import serving
from app.cli import terminal
from app.cli.editions import published_or_told
from app.cli.progress import bar, watched
from app.cli.subjects import subject
from index.build import build
from index.corpus import lang_field, read_corpus, read_lines, text_field
from index.encoders import open_encoder
from index.evaluate import PRECISION, evaluate, read_queries
from index.search import Result, Searcher
from kit.settings import Settings
from knowledge.editions.freezing import changed_since, freeze, published

program = subject("建索引、查索引。 Build and search an index.")


@program.command("build")
def build_index(
    corpus: Annotated[
        Path | None, typer.Option(help='别的文集，每行 {"id","text","title"?,"lang"?}。 Anybody\'s corpus, JSON lines.')
    ] = None,
    out: Annotated[Path | None, typer.Option(help="文集的索引写到这个新文件夹。 New folder for the corpus's bundle.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="建好就发布。 Publish the edition once it is built.")] = False,
) -> None:
    """不写 --corpus：用现行的篇目建新的一版。 Without --corpus: a new edition of the approved passages."""
    if corpus is None and out is None:
        _build_edition(publish=publish)
    elif corpus is None or out is None or publish:
        raise typer.BadParameter("--corpus 和 --out 要一起用，不能发布。 --corpus and --out go together, and without --publish.")
    else:
        _build_corpus(corpus, out)


@program.command()
def search(
    bundle: Annotated[Path, typer.Option(help="索引的文件夹。 Folder of a bundle.")],
    queries: Annotated[Path, typer.Option(help='每行 {"id","text","lang"?,"age_months"?}。 JSON lines.')],
    top: Annotated[int, typer.Option(min=1, max=1000)] = 10,
) -> None:
    """每个问题一行 JSON：{"id","hits":[{"id","score"}],"confidence"}。 One JSON line a query."""
    questions = [
        (text_field(row, "id", where), text_field(row, "text", where), lang_field(row, where), _age(row))
        for row, where in read_lines(queries)
    ]
    searcher = Searcher.open(bundle, open_encoder(Settings().embedding_model))
    for name, text, lang, age in questions:
        terminal.emit({"id": name, **_found(searcher.search(text, lang=lang, age_months=age, top=top))})


@program.command("evaluate")
def evaluate_bundle(
    bundle: Annotated[Path, typer.Option(help="索引的文件夹。 Folder of a bundle.")],
    queries: Annotated[Path, typer.Option(help='每行 {"text","relevant":[…],"lang"?,"age_months"?}。 JSON lines.')],
    precision: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="答出来的要有这么多是对的。 The share of answers that must be right.")
    ] = PRECISION,
    as_json: Annotated[bool, typer.Option("--json", help="一行 JSON。 One line of JSON.")] = False,
) -> None:
    """量一量检索：第一条对不对、前三前五、把握准不准。 How well a bundle finds what is right, and knows it."""
    report = evaluate(Searcher.open(bundle, open_encoder(Settings().embedding_model)), read_queries(queries), precision=precision)
    if as_json:
        terminal.emit(asdict(report))
        return
    figures = {name: value for name, value in asdict(report).items() if isinstance(value, int | float)}
    spans = {name: f"{low:.3f}–{high:.3f}" for name, (low, high) in report.intervals.items()}
    rows = ((name, round(value, 4), spans.get(name)) for name, value in figures.items())
    terminal.show("指标 Figure", "值 Value", "95%", rows=rows)
    bins = ((round(one.confidence, 3), round(one.right, 3), one.of) for one in report.bins)
    terminal.show("把握 Confidence", "对的 Right", "条 Queries", rows=bins)


def _found(result: Result) -> dict[str, object]:
    hits = [{"id": hit.key, "score": round(hit.score, 6)} for hit in result.hits]
    return {"hits": hits, "confidence": round(result.confidence, 4)}


def _age(row: dict[str, Any]) -> float | None:
    age = row.get("age_months")
    return float(age) if isinstance(age, int | float) else None


def _build_corpus(corpus: Path, out: Path) -> None:
    documents = read_corpus(corpus)
    with bar("建索引  Building the index") as progress:
        manifest = build(documents, out, encoder=open_encoder(Settings().embedding_model), progress=progress)
    terminal.say(
        f"{manifest.documents} 篇、{manifest.entries} 条，模型 {manifest.model}：{out}",
        f"{manifest.documents} documents, {manifest.entries} entries, model {manifest.model}: {out}",
    )


def _build_edition(*, publish: bool) -> None:
    with serving.open_services(Settings()) as services:
        with services.database.transaction() as session:
            if serving.curriculum_changed(session):
                terminal.say(
                    "自带课程的文件有改动还没有导入：peiban knowledge import",
                    "Starter files have changed and are not taken in yet: peiban knowledge import",
                )
            live = published(session)
            changed = live is None or changed_since(session, live)
            number = freeze(session).key if changed else None
        if number is None:
            terminal.say(
                "篇目和已发布的一版相同，不用重建。", "The passages are those of the published edition; nothing to build."
            )
            return
        edition = watched(services, number)
        terminal.say(
            f"第 {number} 版建好了，共 {edition.passages} 篇。", f"Edition {number} is built, {edition.passages} passages."
        )
        if publish:
            published_or_told(services, number)
        else:
            terminal.say(f"发布：peiban editions publish {number}", f"To publish it: peiban editions publish {number}")
