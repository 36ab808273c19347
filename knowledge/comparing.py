"""What differs between two wordings of a passage, part by part, for showing them side by side."""

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.drafts import Draft

_TOKENS = re.compile(r"[A-Za-z0-9'’]+|\s|.", re.DOTALL)
_LINE = "\n"
_DULL = 20


class Mark(StrEnum):
    SAME = "same"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the form that differs; joined, the pieces of a side are what it says."""

    field: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def differences(old: Draft, new: Draft) -> tuple[Difference, ...]:
    """Field by field in the order of the form; lists are compared line by line, texts word by word (zh: sign by sign)."""
    before, after = _fields(old), _fields(new)
    return tuple(_difference(name, before[name], after[name]) for name in after if before[name] != after[name])


def changed_fields(old: Draft, new: Draft) -> frozenset[str]:
    """Which fields of the form differ, without saying how."""
    before, after = _fields(old), _fields(new)
    return frozenset(name for name in after if before[name] != after[name])


def _fields(draft: Draft) -> dict[str, str]:
    """Topics, audiences and ages stand as they are stored; whoever shows them gives them their names."""
    said: dict[str, str] = {}
    for lang, one in (("zh", draft.zh), ("en", draft.en)):
        said |= {f"{lang}_title": one.title, f"{lang}_text": one.text, f"{lang}_more": one.more}
        said |= {f"{lang}_questions": _LINE.join(one.questions), f"{lang}_danger_signs": _LINE.join(one.danger_signs)}
    low, high = draft.age_months
    return {
        **said,
        "topics": _LINE.join(draft.topics),
        "age": _LINE.join("" if month is None else str(month) for month in (low, high)),
        "audiences": _LINE.join(draft.audiences),
        "sources": _LINE.join(f"{one.organisation}｜{one.title}｜{one.year}" for one in draft.sources),
    }


def _difference(name: str, old: str, new: str) -> Difference:
    split = _by_line if name.rpartition("_")[2] in ("questions", "signs", "topics", "age", "audiences", "sources") else _by_word
    before, after = split(old), split(new)
    left: list[Piece] = []
    right: list[Piece] = []
    dull = len(set(after)) * _DULL < len(after)  # a few signs over and over would take seconds
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=dull).get_opcodes():
        mark = Mark.SAME if what == "equal" else Mark.CHANGED
        left += [Piece(mark, "".join(before[a:b]))] if b > a else []
        right += [Piece(mark, "".join(after[c:d]))] if d > c else []
    return Difference(name, tuple(left), tuple(right))


def _by_word(text: str) -> list[str]:
    return _TOKENS.findall(text)


def _by_line(text: str) -> list[str]:
    return [f"{line}\n" for line in text.splitlines()]  # the last one too, or one more line would change the one above it
