"""What one warm question costs, by part: screening, search, decision, the whole turn with its database, wording; and memory.

    scripts/bench/ask [--quick]

A throw-away database with the starter curriculum; the questions are those of the gold set that the curriculum answers. Times of
a busy machine are upper bounds: compare parts, and runs of one machine.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median

from pydantic import SecretStr
from sqlmodel import col, select

from app.serving import open_services, prepare
from bot.dialogue.events import Incoming
from bot.dialogue.responding import respond
from bot.inbox import actions as inbox
from bot.wording import render
from care.families.models import Channel
from care.messages.models import Message
from care.questions.deciding import decide
from care.safety.screening import screen
from care.services import Services
from kit.embedded import temporary
from kit.settings import Settings
from knowledge.content import Lang

GOLD = Path(__file__).parents[2] / "tests" / "golden" / "questions" / "zh.jsonl"
BARS_MS = {"screen_cpu_ms": 5.0, "search_cpu_ms": 20.0, "turn_cpu_ms": 60.0}


def main() -> None:
    parser = argparse.ArgumentParser(description="What one warm question costs, by part.")
    parser.add_argument("--quick", action="store_true", help="40 questions instead of 200")
    quick = parser.parse_args().quick
    texts = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()][: 40 if quick else 200]
    with tempfile.TemporaryDirectory() as folder, temporary() as server:
        settings = Settings(data_dir=Path(folder), database_url=SecretStr(server.url()), duty_hours="00:00-23:59")
        with open_services(settings) as services:
            prepare(services)
            figures = measure(services, texts)
    report(figures, len(texts))


def measure(services: Services, texts: list[str]) -> dict[str, float]:
    edition = services.library.current()
    lang: Lang = "zh"
    figures = {}
    parts: dict[str, Callable[[str], object]] = {
        "screen": screen,
        "encode": lambda text: services.library.encoder.encode([text]),
        "search": lambda text: edition.searcher.search(text, lang=lang),
        "search_and_decide": lambda text: decide(edition.searcher.search(text, lang=lang)),
        "turn": Turns(services),
    }
    for name, part in parts.items():
        figures[f"{name}_cpu_ms"], figures[f"{name}_wall_ms"] = timed(part, texts)
    figures["word_cpu_ms"], figures["word_wall_ms"] = timed(lambda _: worded(services), texts[:20])
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def timed(part: Callable[[str], object], texts: list[str]) -> tuple[float, float]:
    """Median milliseconds of CPU (of this process) and of wall clock."""
    for text in texts[:5]:
        part(text)
    cpu, wall = [], []
    for text in texts:
        before = time.process_time(), time.perf_counter()
        part(text)
        cpu.append(time.process_time() - before[0])
        wall.append(time.perf_counter() - before[1])
    return 1000 * median(cpu), 1000 * median(wall)


class Turns:
    """A web parent's whole turn: the update stored, claimed, answered, its replies queued, three commits and a search."""

    def __init__(self, services: Services) -> None:
        self.services, self.numbers = services, count(1)

    def __call__(self, text: str) -> None:
        number, database = str(next(self.numbers)), self.services.database
        with database.transaction() as session:
            inbox.store(session, Channel.WEB, update_id=number, lane=number, address=number, payload={"text": text})
        with database.transaction() as session:
            row = inbox.claim(session, limit=1)[0]
        incoming = Incoming(update=row.id or 0, key=row.key, channel=Channel.WEB, address=number, text=text)
        respond(self.services, incoming)


def worded(services: Services) -> None:
    with services.database.transaction() as session:
        query = select(Message).where(Message.kind == "answer").order_by(col(Message.id).desc()).limit(1)
        render(session, session.exec(query).one(), services)


def report(figures: dict[str, float], asked: int) -> None:
    print(f"{asked} questions, one at a time; medians")
    for name in ("screen", "encode", "search", "search_and_decide", "turn", "word"):
        print(f"  {name:20} {figures[f'{name}_cpu_ms']:8.2f} ms CPU {figures[f'{name}_wall_ms']:8.2f} ms wall")
    print(f"  peak memory          {figures['peak_memory_mb']:8.0f} MB")
    missed = [name for name, bar in BARS_MS.items() if figures[name] > bar]
    print(json.dumps({"bench": "ask", "figures": {name: round(value, 3) for name, value in figures.items()}, "missed": missed}))


if __name__ == "__main__":
    main()
