"""The rule set of `rules.yaml`, loaded and compiled once: which words mean which danger, and what takes their meaning away."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from care.safety.models import Category, Level
from care.safety.normal_form import HAN
from care.safety.signs import Signs
from kit import yaml_text

_REPEAT = re.compile(r"\{\d*,?\d*\}")
_SLOT = re.compile(r"\{([A-Z_]+)\}")
_NEVER = re.compile(r"(?!)")
_HAN_SIGN = re.compile(f"[{HAN}]")
_LETTER = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Guard:
    """Words before or after a match that take its danger away: a negation, a story, a drill, a question asked ahead."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    cancelled_by: re.Pattern[str]

    def covers(self, sentence: str, found: re.Match[str]) -> bool:
        told = self.before.search(sentence[: found.start()]) or self.after.match(sentence[found.end() :])
        return bool(told) and not self.cancelled_by.search(sentence)


@dataclass(frozen=True, slots=True)
class When:
    """Figures a rule asks for; an unknown figure never satisfies a bound."""

    age_below: float | None = None
    age_from: float | None = None
    celsius_from: float | None = None
    celsius_below: float | None = None
    celsius_unknown: bool = False
    fever_days_from: int | None = None
    pregnant: bool = False

    def holds(self, signs: Signs) -> bool:
        if self.pregnant and not signs.pregnant:
            return False
        if self.celsius_unknown and signs.measured_here:
            return False
        return (
            self._holds_for_an_age(signs.ages)
            and _at_least(signs.highest_celsius, self.celsius_from)
            and _below(signs.lowest_celsius, self.celsius_below)
            and _at_least(signs.fever_days, self.fever_days_from)
        )

    def _holds_for_an_age(self, ages: tuple[float, ...]) -> bool:
        if self.age_below is None and self.age_from is None:
            return True
        return any(_at_least(age, self.age_from) and _below(age, self.age_below) for age in ages)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of naming one danger."""

    name: str
    level: Level
    category: Category
    says_in_chinese: re.Pattern[str]
    says_in_letters: re.Pattern[str]
    unless: re.Pattern[str]
    guards: tuple[Guard, ...]
    past: Level
    """What remains when the words tell of the past: a blow of last year still wants a person."""
    when: When
    must: tuple[str, ...] = field(repr=False)
    never: tuple[str, ...] = field(repr=False)

    def found_in(self, part: str) -> Iterator[re.Match[str]]:
        """Where the part says it. Each script is searched only where it occurs, which halves the cost of a message."""
        if self.says_in_chinese is not _NEVER and _HAN_SIGN.search(part):
            yield from self.says_in_chinese.finditer(part)
        if self.says_in_letters is not _NEVER and _LETTER.search(part):
            yield from self.says_in_letters.finditer(part)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything of `rules.yaml`, compiled; rules stand worst first."""

    rules: tuple[Rule, ...]
    past: Guard
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    child_writes: re.Pattern[str]
    adult_writes: re.Pattern[str]
    about_another: re.Pattern[str]

    def respelled(self, plain_text: str) -> str:
        """Latin letters and look-alike characters put for a word are turned back into the word."""
        for pattern, word in self.spellings:
            plain_text = pattern.sub(word, plain_text)
        return plain_text


@cache
def rule_book() -> RuleBook:
    """The rule set of this release."""
    written = yaml_text.read(files("care.safety").joinpath("rules.yaml").read_text(encoding="utf-8"))
    slots = _filled_slots(written["slots"])
    guards = {name: _guard(entry, slots) for name, entry in written["guards"].items()}
    rules = [_rule(entry, slots, guards) for entry in written["rules"]]
    return RuleBook(
        rules=tuple(sorted(rules, key=lambda rule: rule.level is not Level.EMERGENCY)),
        past=guards["past"],
        spellings=tuple((re.compile(pattern), word) for pattern, word in written["spellings"].items()),
        child_writes=_any_of(written["child_writes"], slots),
        adult_writes=_any_of(written["adult_writes"], slots),
        about_another=_any_of(written["about_another"], slots),
    )


def _rule(entry: Mapping[str, object], slots: Mapping[str, str], guards: Mapping[str, Guard]) -> Rule:
    says = _list(entry, "says")
    return Rule(
        name=str(entry["name"]),
        level=Level(str(entry["level"])),
        category=Category(str(entry["category"])),
        says_in_chinese=_any_of([words for words in says if not _is_in_letters(words)], slots),
        says_in_letters=_any_of([words for words in says if _is_in_letters(words)], slots),
        unless=_any_of(_list(entry, "unless"), slots),
        guards=tuple(guards[name] for name in _list(entry, "guards", default=("negated", "told", "rehearsed", "asked_ahead"))),
        past=Level(str(entry.get("past", Level.NORMAL))),
        when=_when(entry),
        must=_list(entry, "must"),
        never=_list(entry, "never"),
    )


def _is_in_letters(fragment: str) -> bool:
    """Whether a fragment is English; slots hold Chinese words."""
    return not _HAN_SIGN.search(fragment) and "{" not in _REPEAT.sub("", fragment) and bool(_LETTER.search(fragment))


def _when(entry: Mapping[str, object]) -> When:
    written = entry.get("when", {})
    if not isinstance(written, dict):
        raise TypeError(f"rule {entry['name']}: `when` is a table of figures")
    return When(**written)


def _guard(entry: Mapping[str, object], slots: Mapping[str, str]) -> Guard:
    reach = entry["reach"]
    between = f".{{0,{reach}}}" if entry.get("across_clauses") else f"[^,]{{0,{reach}}}"
    return Guard(
        before=_wrapped(_list(entry, "before"), slots, "(?:{})" + between + "$"),
        after=_wrapped(_list(entry, "after"), slots, between + "(?:{})"),
        cancelled_by=_any_of(_list(entry, "cancelled_by"), slots),
    )


def _list(entry: Mapping[str, object], key: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    written = entry.get(key, default)
    if not isinstance(written, list | tuple):
        raise TypeError(f"{entry.get('name', key)}: `{key}` is a list")
    return tuple(str(line) for line in written)


def _any_of(fragments: tuple[str, ...] | list[str], slots: Mapping[str, str]) -> re.Pattern[str]:
    return _wrapped(fragments, slots, "(?:{})")


def _wrapped(fragments: tuple[str, ...] | list[str], slots: Mapping[str, str], frame: str) -> re.Pattern[str]:
    if not fragments:
        return _NEVER
    return re.compile(frame.replace("{}", "|".join(_written_out(fragment, slots) for fragment in fragments)))


def _filled_slots(written: Mapping[str, list[str]]) -> dict[str, str]:
    """A slot may use the slots above it."""
    filled: dict[str, str] = {}
    for name, words in written.items():
        filled[name] = f"(?:{'|'.join(_written_out(word, filled) for word in words)})"
    return filled


def _written_out(fragment: str, slots: Mapping[str, str]) -> str:
    """`~` stands for up to eight characters, `~~` for up to thirty, `{WHO}` for any word of that slot."""
    gaps = fragment.replace("~~", ".{0,30}?").replace("~", ".{0,8}?")
    return _SLOT.sub(lambda found: slots[found.group(1)], gaps)


def _at_least(figure: float | None, bound: float | None) -> bool:
    return bound is None or (figure is not None and figure >= bound)


def _below(figure: float | None, bound: float | None) -> bool:
    return bound is None or (figure is not None and figure < bound)
