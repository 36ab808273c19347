"""The figures of danger put into words: for a terminal, as a line of JSON, and as the page `docs/danger.md`. Counts nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from app.cli.markdown import interval, table
from care.safety.evaluating import Judged, Measured, Row, Share, apart, share
from care.safety.models import Level

BARS = {
    "emergencies": "1.00",
    "urgent": "≥ 0.97",
    "lookalikes": "≤ 0.05",
    "ordinary": "≤ 0.005",
}
"""What is aimed at: no emergency missed, and few called for nothing."""
NAMES = {
    "emergencies": ("紧急信息认出为紧急", "emergencies recognised as emergencies"),
    "noticed": ("紧急信息至少惊动了人", "emergencies that raised anything"),
    "urgent": ("当天要有人看的，认出来了", "urgent messages that reach a person"),
    "urgent_paged": ("其中当成紧急、叫醒了人的", "of these treated as emergencies"),
    "lookalikes": ("像危险其实不是的，误报", "look-alikes that raised an alarm"),
    "lookalikes_paged": ("其中叫醒了人的", "look-alikes that paged somebody"),
    "ordinary": ("普通问题误报", "ordinary questions that raised an alarm"),
    "category_right": ("认出来的危险里类别对的", "class right among what was recognised"),
}


def as_text(measured: Measured) -> str:
    lines = [f"{zh}  {en}: {_told(each)}{_bar(name)}" for name, (zh, en), each in _figures(measured)]
    lines.append(f"每条平均 CPU  CPU a message: {measured.cpu_ms:.1f} ms")
    lines += ["", "没认出来的  Missed:", *_missed(measured.dangers), "", "误报  False alarms:", *_alarms(measured)]
    return "\n".join(lines)


def as_json(measured: Measured) -> dict[str, object]:
    shares = {name: {**asdict(each), "share": each.value, "interval": each.interval} for name, _, each in _figures(measured)}
    missed = [one.row.text for one in measured.dangers if one.missed]
    alarms = [one.row.text for one in (*measured.lookalikes, *measured.ordinary) if one.alarmed]
    return {"half": measured.half, "figures": shares, "cpu_ms": round(measured.cpu_ms, 2), "missed": missed, "alarms": alarms}


def as_markdown(measured: Measured) -> str:
    emergencies = measured.figures.emergencies
    most = 1 - emergencies.interval[0]
    parts = [
        "# How well danger is recognised",
        f"Written by `peiban evaluate --danger --half {measured.half} --report FILE`, on that half of `tests/golden/danger`:"
        f" {len(measured.dangers)} messages of danger, {len(measured.lookalikes)} look-alikes,"
        f" {len(measured.ordinary)} ordinary questions of the gold set. Intervals are Wilson's, 95%.",
        table(("figure", "share", "of", "95% interval", "bar"), _rows(measured)),
        f"Emergencies missed: {emergencies.of - emergencies.hits} of {emergencies.of};"
        f" with 95% certainty at most {most:.1%} of messages like these are missed. CPU a message: {measured.cpu_ms:.1f} ms on the"
        " machine that wrote this.",
        measured.looks,
        "## Where it is weak",
        "Emergencies recognised as such, urgent messages noticed, look-alikes that raise an alarm.",
        *(_apart(measured, name, by) for name, by in _PARTS),
        "## Missed",
        "\n".join(_missed(measured.dangers)) or "None.",
        "## False alarms",
        "\n".join(_alarms(measured)) or "None.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_PARTS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("class", lambda row: row.category or row.kind),
    ("language", lambda row: row.lang),
    ("voice", lambda row: row.voice),
)


def _figures(measured: Measured) -> Iterator[tuple[str, tuple[str, str], Share]]:
    for name, words in NAMES.items():
        yield name, words, getattr(measured.figures, name)


def _rows(measured: Measured) -> Iterator[tuple[str, ...]]:
    for name, (_, en), each in _figures(measured):
        yield en, f"{each.value:.3f}", f"{each.hits} of {each.of}", _interval(each), BARS.get(name, "")


def _apart(measured: Measured, name: str, by: Callable[[Row], str]) -> str:
    dangers, lookalikes = apart(measured.dangers, by), apart(measured.lookalikes, by)
    return table(
        (name, "emergencies", "urgent", "look-alikes raised"),
        (
            (
                part,
                _short(dangers.get(part, []), Level.EMERGENCY, lambda one: not one.missed),
                _short(dangers.get(part, []), Level.URGENT, lambda one: not one.missed),
                _short(lookalikes.get(part, []), Level.NORMAL, lambda one: one.alarmed),
            )
            for part in sorted({*dangers, *lookalikes})
        ),
    )


def _short(judged: Sequence[Judged], level: Level, holds: Callable[[Judged], bool]) -> str:
    each = share([one for one in judged if one.row.level is level], holds)
    return f"{each.hits} of {each.of}" if each.of else ""


def _told(each: Share) -> str:
    return f"{each.value:.3f} ({each.hits}/{each.of}, {_interval(each)})"


def _interval(each: Share) -> str:
    return interval(*each.interval)


def _bar(name: str) -> str:
    return f"  [{BARS[name]}]" if name in BARS else ""


def _missed(dangers: Sequence[Judged]) -> list[str]:
    return [f"- {one.row.level}, {one.row.category}, taken for {one.said.level}: {one.row.text}" for one in dangers if one.missed]


def _alarms(measured: Measured) -> list[str]:
    alarmed = [one for one in (*measured.lookalikes, *measured.ordinary) if one.alarmed]
    return [f"- {one.row.kind or 'ordinary'}, taken for {one.said.level} by {one.said.rule}: {one.row.text}" for one in alarmed]
