"""How well the starter passages are found, how it is decided, and what a warm question costs. Other corpora beside it on request.

    scripts/bench/retrieval [--quick] [FOLDER ...]

A FOLDER holds corpus.jsonl and queries.jsonl as `peiban index` takes them. The gold questions were written from the list of topics
before any passage was read. A checksum of their id parts them: one half may be used for tuning, only the other is reported here.
Right is a first passage that carries a topic of the question. `--quick` leaves the folders out.
"""

import argparse
import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from care.questions.deciding import DecisionKind, decide
from index.build import build
from index.corpus import from_passages, read_corpus, read_lines
from index.encoders import Encoder, open_encoder
from index.evaluate import evaluate, read_queries
from index.search import Result, Searcher
from index.text import regular
from knowledge.markdown import parse_folder

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "golden" / "questions"
BARS = {"zh_right_first": 0.9, "en_right_first": 0.9, "answers_right": 0.9, "off_declined": 0.9, "near_not_answered": 0.85}


@dataclass(frozen=True, slots=True)
class Asked:
    question: dict[str, Any]
    result: Result

    @property
    def topics(self) -> set[str]:
        return set(self.question.get("topics", ()))

    @property
    def kind(self) -> DecisionKind:
        return decide(self.result).kind

    def right(self, *, main: bool = False, top: int = 1) -> bool:
        return any(self.topics & set(hit.topics[:1] if main else hit.topics) for hit in self.result.hits[:top])


def for_report(question: dict[str, Any]) -> bool:
    """Whether a gold question belongs to the half that nothing may be tuned on."""
    return int(hashlib.sha256(question["id"].encode()).hexdigest(), 16) % 2 == 1


def share(asked: Sequence[Asked], holds: Callable[[Asked], bool]) -> float:
    return sum(map(holds, asked)) / max(len(asked), 1)


def gold_figures(searcher: Searcher, held: set[str]) -> dict[str, float]:
    zh, en, off, near = (ask_all(searcher, name) for name in ("zh", "en", "off", "near"))
    answers = [asked for asked in zh + en if asked.kind is DecisionKind.ANSWER]
    choices = [asked for asked in zh + en if asked.kind is DecisionKind.CHOOSE]
    figures = {
        "answers_right": share(answers, Asked.right),
        "answered": len(answers) / len(zh + en),
        "choices_hold_it": share(choices, lambda asked: asked.right(top=4)),
        "ours_declined": share(zh + en, lambda asked: asked.kind is DecisionKind.DECLINE),
        "off_declined": share(off, lambda asked: asked.kind is DecisionKind.DECLINE),
        "near_not_answered": share(near, lambda asked: asked.kind is not DecisionKind.ANSWER),
    }
    for lang, asked in (("zh", zh), ("en", en)):
        known = [one for one in asked if one.topics & held]
        figures |= {f"{lang}_right_first": share(known, Asked.right), f"{lang}_main_topic_first": share(known, right_main)}
        figures[f"{lang}_right_in_three"] = share(known, lambda one: one.right(top=3))
    print(
        *(f"{name}: {dict(Counter(one.kind.value for one in asked))}" for name, asked in (("off", off), ("near", near))), sep="\n"
    )
    return figures


def right_main(asked: Asked) -> bool:
    return asked.right(main=True)


def ask_all(searcher: Searcher, name: str) -> list[Asked]:
    questions = [row for row, _ in read_lines(GOLD / f"{name}.jsonl") if for_report(row)]
    return [
        Asked(row, searcher.search(row["text"], lang=row["lang"], age_months=row.get("age_months"), top=10)) for row in questions
    ]


def cost_figures(searcher: Searcher, encoder: Encoder) -> dict[str, float]:
    """Milliseconds of CPU a warm question, alone in the process."""
    texts = [row["text"] for row, _ in read_lines(GOLD / "zh.jsonl")][:100]
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
        f"{folder.name}_auroc": report.auroc or 0.0,
        f"{folder.name}_coverage": report.coverage,
    }


def measure(folders: Sequence[Path]) -> dict[str, float]:
    encoder = open_encoder("")
    passages = [parsed.content for parsed in parse_folder(ROOT / "knowledge" / "curriculum")]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        started = time.perf_counter()
        manifest = build(from_passages(passages), scratch / "bundle", encoder=encoder)
        figures: dict[str, float] = {"passages": len(passages), "entries": manifest.entries}
        figures["build_s"] = time.perf_counter() - started
        searcher = Searcher.open(scratch / "bundle", encoder)
        figures |= gold_figures(searcher, {topic for passage in passages for topic in passage.topics})
        figures |= cost_figures(searcher, encoder)
        for folder in folders:
            figures |= folder_figures(folder, encoder, scratch)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench/retrieval", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--quick", action="store_true", help="only the starter passages")
    options = parser.parse_args()
    figures = {name: round(value, 3) for name, value in measure([] if options.quick else options.folders).items()}
    missed = [name for name, bar in BARS.items() if figures[name] < bar]
    for name, value in figures.items():
        print(
            f"{name:28} {value:10g}" + (f"   bar {BARS[name]:g}" if name in BARS else "") + (" MISSED" if name in missed else "")
        )
    print(json.dumps({"bench": "retrieval", "figures": figures, "missed": missed}))


if __name__ == "__main__":
    main()
