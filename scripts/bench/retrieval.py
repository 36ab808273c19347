"""How well the starter passages answer, and what a warm question costs. Other corpora beside it on request.

    scripts/bench/retrieval [--quick] [FOLDER ...]

A FOLDER holds corpus.jsonl and queries.jsonl as `peiban index` takes them. The figures of the starter passages are those of
`peiban evaluate --starter`, on the half of the gold questions that nothing was tuned on: log the look in their README. `--quick` leaves
the folders out.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.cli.question_report import BARS, Look, estimates, missed
from app.starter import open_starter
from care.questions.evaluating import measure
from care.questions.gold import GoldQuestion, Half, read_gold
from care.questions.withdrawing import withdraw
from index.build import build
from index.corpus import read_corpus
from index.encoders import Encoder, open_encoder
from index.evaluate import evaluate, read_queries
from index.search import Searcher
from index.text import regular


def cost_figures(searcher: Searcher, encoder: Encoder, questions: Sequence[GoldQuestion]) -> dict[str, float]:
    """Milliseconds of CPU a warm question, alone in the process."""
    texts = [one.text for one in questions if one.lang == "zh"][:100]
    return {
        "regular_ms": cpu_ms(texts, regular),
        "encode_ms": cpu_ms(texts, lambda text: encoder.encode([text])),
        "question_ms": cpu_ms(texts, searcher.search),
    }


def cpu_ms(texts: Sequence[str], call: Callable[[str], object]) -> float:
    started = time.process_time()
    for text in texts:
        call(text)
    return (time.process_time() - started) * 1000 / len(texts)


def folder_figures(folder: Path, encoder: Encoder, scratch: Path) -> dict[str, float]:
    build(read_corpus(folder / "corpus.jsonl"), scratch / folder.name, encoder=encoder)
    report = evaluate(Searcher.open(scratch / folder.name, encoder), read_queries(folder / "queries.jsonl"))
    return {
        f"{folder.name}_recall_at_1": report.recall_at_1,
        f"{folder.name}_recall_at_5": report.recall_at_5,
        f"{folder.name}_ndcg_at_10": report.ndcg_at_10,
        f"{folder.name}_auroc": report.auroc or 0.0,
        f"{folder.name}_coverage": report.coverage,
    }


def look_at_starter(encoder: Encoder) -> tuple[Look, dict[str, float]]:
    questions = read_gold(half=Half.REPORTING)
    started = time.perf_counter()
    with open_starter(encoder, progress=lambda _done, _total: None) as edition:
        figures = {"passages": float(len(edition.passages)), "build_s": time.perf_counter() - started}
        measured = measure(edition, questions)
        figures |= cost_figures(edition.searcher, encoder, questions)
        return Look(half=Half.REPORTING, measured=measured, withdrawal=withdraw(edition, measured.asked), cpu_ms=0.0), figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench/retrieval", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--quick", action="store_true", help="only the starter passages")
    options = parser.parse_args()
    encoder = open_encoder("")
    look, figures = look_at_starter(encoder)
    figures |= {name: each.value for name, each in estimates(look)}
    with tempfile.TemporaryDirectory() as name:
        for folder in [] if options.quick else options.folders:
            figures |= folder_figures(folder, encoder, Path(name))
    for name, value in figures.items():
        bar = f"   bar {BARS[name].words[0]}" + (" MISSED" if name in missed(look) else "") if name in BARS else ""
        print(f"{name:28} {value:10.3f}{bar}")
    rounded = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps({"bench": "retrieval", "figures": rounded, "missed": missed(look)}))


if __name__ == "__main__":
    main()
