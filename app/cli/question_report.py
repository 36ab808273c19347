"""The figures of the whole decision put into words: for a terminal, as a line of JSON, and as `docs/retrieval.md`. Counts nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from app.cli.markdown import interval, table
from app.starter import NUMBER as STARTER
from care.questions.evaluating import Asked, Figures, Measured, lost, of_sort, parted, worst
from care.questions.gold import GoldQuestion, Half, Sort
from care.questions.withdrawing import Withdrawal
from index.estimates import Estimate
from knowledge.lint import BANDS


@dataclass(frozen=True, slots=True)
class Bar:
    """`most` when the figure must stay under it."""

    least: float
    goal: float
    most: bool = False

    def held(self, value: float) -> bool:
        return value <= self.least if self.most else value >= self.least

    @property
    def words(self) -> tuple[str, str]:
        sign = "≤" if self.most else "≥"
        return f"{sign} {self.least:g}", f"{sign} {self.goal:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one half of the gold questions. `looks` is the log of looks, as it stands beside the questions."""

    half: Half
    measured: Measured
    withdrawal: Withdrawal
    cpu_ms: float
    looks: str = ""


BARS = {
    "right_among_answered": Bar(0.90, 0.95),
    "in_three": Bar(0.93, 0.97),
    "in_five": Bar(0.96, 0.99),
    "answered": Bar(0.85, 0.90),
    "off_answered": Bar(0.02, 0.0, most=True),
    "near_answered": Bar(0.15, 0.10, most=True),
    "withdrawn_misled": Bar(0.15, 0.10, most=True),
    "calibration_error": Bar(0.05, 0.03, most=True),
}
"""What is aimed at: at least, and the goal."""
NAMES = {
    "right_among_answered": ("答了的，第一篇是对的", "first passage right among answered"),
    "in_three": ("前三篇里有对的", "an acceptable passage in the first three"),
    "in_five": ("前五篇里有对的", "an acceptable passage in the first five"),
    "answered": ("答得了的，答了", "answerable questions answered"),
    "off_answered": ("不相干的，答了", "off subject answered"),
    "near_answered": ("沾边但没有内容的，答了", "near misses answered"),
    "withdrawn_misled": ("抽走那一篇以后，答错了", "withdrawn: wrongly answered"),
    "withdrawn_answered": ("抽走那一篇以后，还是答了", "withdrawn: answered at all"),
    "calibration_error": ("把握和实际差多少", "expected calibration error"),
    "right_first": ("第一篇是对的", "first passage right, answered or not"),
    "main_topic_first": ("第一篇的主题正好", "first passage of the right main topic"),
    "misled": ("答错了", "wrongly answered"),
    "chosen": ("给了几个题目来选", "offered a choice of titles"),
    "choice_holds": ("选项里有对的", "choices that hold a right title"),
    "helped": ("答对，或选项里有对的", "answered rightly, or a choice that holds it"),
    "relayed": ("转给人", "handed to a person"),
    "declined": ("是我们的，却婉拒了", "ours, and declined"),
    "alarmed": ("当成危险", "taken for danger"),
    "off_declined": ("不相干的，婉拒了", "off subject declined"),
    "auroc": ("把握分得清答得了和答不了", "AUROC of confidence, answerable against not"),
}
PARTS: tuple[tuple[str, Callable[[GoldQuestion], str]], ...] = (
    ("language", lambda one: one.lang),
    ("age", lambda one: age_band(one.age_months)),
    ("style", lambda one: one.style or "not told"),
    ("main topic", lambda one: one.topics[0]),
)
_WEAKEST = 25
_FAILURES = 40


def age_band(months: int | None) -> str:
    if months is None:
        return "no age"
    return next((f"{low:02}–{high:02} months" for low, high in BANDS if low <= months < high), "older")


def estimates(look: Look) -> Iterator[tuple[str, Estimate]]:
    """In the order of `NAMES`."""
    given: dict[str, Estimate | None] = {
        **{one.name: getattr(look.measured.figures, one.name) for one in fields(Figures)},
        "withdrawn_misled": look.withdrawal.misled,
        "withdrawn_answered": look.withdrawal.answered,
    }
    for name in NAMES:
        each = given[name]
        if each is not None:
            yield name, each


def missed(look: Look) -> list[str]:
    return [name for name, each in estimates(look) if name in BARS and not BARS[name].held(each.value)]


def as_text(look: Look) -> str:
    lines = [f"{' '.join(NAMES[name])}: {_told(each)}{_bar(name)}" for name, each in estimates(look)]
    lines += [f"每问平均 CPU  CPU a question: {look.cpu_ms:.1f} ms"]
    lines += ["", "答错了的  Wrongly answered:", *_listed(worst(look.measured.asked)[:10])]
    return "\n".join(lines)


def as_json(look: Look) -> dict[str, object]:
    measured = look.measured
    return {
        "half": look.half,
        "edition": measured.edition,
        "passages": measured.passages,
        "model": measured.model,
        "figures": {name: asdict(each) for name, each in estimates(look)},
        "missed": missed(look),
        "bins": [asdict(one) for one in measured.bins],
        "parts": {name: [asdict(part) for part in parted(measured.asked, by)] for name, by in PARTS},
        "not_held": measured.not_held,
        "cpu_ms": round(look.cpu_ms, 2),
        "misled": [_row(one) for one in worst(measured.asked)],
        "lost": [_row(one) for one in lost(measured.asked)],
        "withdrawn_misled": [_row(one) for one in worst(look.withdrawal.asked)],
    }


def as_markdown(look: Look) -> str:
    measured = look.measured
    ours, near, off = (len(of_sort(measured.asked, sort)) for sort in Sort)
    starter = "--starter " if measured.edition == STARTER else ""
    parts = [
        "# The right answer, or a person",
        f"Written by `peiban evaluate {starter}--half {look.half} --report FILE` on that half of `tests/golden/questions`: {ours}"
        f" questions of parents, {near} near misses, {off} off the subject, asked of {measured.passages} passages by the model"
        f" `{measured.model}`. Right is a passage that carries a topic of the question, a generous label: a passage of the right topic"
        " may still answer another question. Intervals are 95%, by bootstrap (by Wilson where all cases are alike)."
        f" CPU a question, screening included: {look.cpu_ms:.1f} ms on the machine that wrote this.",
        table(("figure", "share", "of", "95%", "at least", "goal", "held"), _rows(look)),
        f"Withdrawal: {look.withdrawal.passages} passages, a seeded choice of those that come first and rightly for a question, taken"
        f" out one at a time, and their {len(look.withdrawal.asked)} questions asked again.",
        _short_of(look),
        "## Does confidence keep its word?",
        "Questions of parents and near misses, by tenths of the confidence told.",
        table(("told", "right", "questions"), ((f"{b.confidence:.2f}", f"{b.right:.2f}", str(b.of)) for b in measured.bins)),
        "## Where it is weak",
        *(_apart(measured, name, by) for name, by in PARTS),
        "## Wrongly answered, surest first",
        _failures(worst(measured.asked)),
        "## The right passage not among the first five",
        _failures(lost(measured.asked)),
        "## Withdrawn, and wrongly answered",
        _failures(worst(look.withdrawal.asked)),
        look.looks,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _rows(look: Look) -> Iterator[tuple[str, ...]]:
    for name, each in estimates(look):
        bar = BARS.get(name)
        words = (*bar.words, "yes" if bar.held(each.value) else "**no**") if bar else ("", "", "")
        yield NAMES[name][1], f"{each.value:.3f}", str(each.of), interval(each.low, each.high), *words


def _short_of(look: Look) -> str:
    """One sentence a bar that is missed, and what the interval says of it."""
    told = []
    values = dict(estimates(look))
    for name in missed(look):
        each, bar = values[name], BARS[name]
        doubt = bar.held(each.high if not bar.most else each.low)
        chance = "the interval holds the bar" if doubt else "chance does not explain it"
        told.append(f"- {NAMES[name][1]}: {each.value:.3f}, {abs(each.value - bar.least):.3f} short of {bar.words[0]}; {chance}.")
    return "\n".join(("Short of the bar:", "", *told)) if told else "Every bar is held."


def _apart(measured: Measured, name: str, by: Callable[[GoldQuestion], str]) -> str:
    parts = list(parted(measured.asked, by))
    if len(parts) > _WEAKEST:
        parts = sorted(parts, key=lambda part: (part.right_first.value, -part.right_first.of))[:_WEAKEST]
        name = f"{name} (the {_WEAKEST} weakest)"
    rows = (
        (
            part.name,
            str(part.right_first.of),
            _short(part.right_first),
            _short(part.in_three),
            _short(part.answered),
            _short(part.right_among_answered),
        )
        for part in parts
    )
    return table((name, "questions", "right first", "in three", "answered", "right among answered"), rows)


def _short(each: Estimate) -> str:
    return f"{each.value:.2f}" if each.of else ""


def _told(each: Estimate) -> str:
    return f"{each.value:.3f} ({each.of}, {interval(each.low, each.high)})"


def _bar(name: str) -> str:
    return f"  [{BARS[name].words[0]}]" if name in BARS else ""


def _failures(asked: Sequence[Asked]) -> str:
    more = f"\n\nand {len(asked) - _FAILURES} more." if len(asked) > _FAILURES else ""
    return ("\n".join(_listed(asked[:_FAILURES])) or "None.") + more


def _listed(asked: Sequence[Asked]) -> list[str]:
    return [
        f"- {one.question.name} ({one.question.sort}, {one.surest.confidence:.2f}) {one.question.text} — {', '.join(_found(one))}"
        for one in asked
    ]


def _row(one: Asked) -> dict[str, object]:
    return {
        "id": one.question.name,
        "kind": one.question.sort,
        "text": one.question.text,
        "topics": one.question.topics,
        "outcome": one.surest.outcome,
        "confidence": round(one.surest.confidence, 4),
        "found": _found(one),
    }


def _found(one: Asked) -> list[str]:
    return [found.slug for found in one.surest.found[:3]]
