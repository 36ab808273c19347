"""A message cut into the pieces that the second net reads, and the marks it sees in each: words, runs of characters, figures.

No weights here: training and answering read the same pieces through this module.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

from care.safety.normal_form import HAN
from care.safety.signs import Figures, read_figures, with_figures

BUCKETS = 1 << 15
"""Marks are hashed into so many places; a clash of two rare marks costs little."""
LONGEST = 60.0
"""Han signs of a piece; a Latin letter counts a third."""
STEP = LONGEST / 2
SHORTEST = 3.0
"""A sentence shorter than this says nothing alone."""

_SENTENCE_END = re.compile(r"[。!?;…\n\r]+|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"(?<=[,，。!?！？;；…\n\r、])|(?<=[a-z]\.)\s+|(?<=[a-z] )(?=and |but |so |then )")
_HAN = re.compile(f"[{HAN}]")
_BLANKS = re.compile(r"[\s,，。！？!?、；;:：~…\"'“”()（）.]+")
_DIGITS = re.compile(r"\d+")
_TOKENS = re.compile(r"[a-z]+|[^\sa-z]+")
_WORDS = re.compile(r"[a-z']+")


def pieces(plain_text: str) -> tuple[str, ...]:
    """The message, and each of its sentences alone; what is long as overlapping runs of clauses, each short enough to be weighed as
    one: danger in the last breath of a long dictation weighs as much as alone, and no word is left out.
    """
    sentences = [part for part in _SENTENCE_END.split(plain_text) if weight(part) >= SHORTEST]
    read_as = [plain_text, *sentences] if len(sentences) > 1 else [plain_text]
    return tuple(dict.fromkeys(run for part in read_as for run in _short_runs(part)))


def marks(piece: str, *, age_months: float | None = None) -> list[int]:
    """The places of a piece's marks, each once. `age_months` is the age told elsewhere or on record; one told in the piece beats it."""
    return sorted({crc32(mark.encode()) % BUCKETS for mark in (*_runs(piece), *_figures(piece, age_months))})


def weight(text: str) -> float:
    """How long a text is to read: in Han signs, a Latin letter counting a third."""
    han = len(_HAN.findall(text))
    return han + (len(text) - han) / 3


def _short_runs(text: str) -> tuple[str, ...]:
    if weight(text) <= LONGEST:
        return (text,) if text.strip() else ()
    runs: list[str] = []
    run: list[str] = []
    for clause in _clauses(text):
        if run and sum(map(weight, run)) + weight(clause) > LONGEST:
            runs.append("".join(run))
            while run and sum(map(weight, run)) > min(STEP, LONGEST - weight(clause)):
                run.pop(0)
        run.append(clause)
    runs.append("".join(run))
    return tuple(piece for piece in runs if piece.strip())


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSE_END.split(text):
        start, heavy = 0, 0.0
        for place, sign in enumerate(clause):
            heavy += weight(sign)
            if heavy > STEP and place > start:
                yield clause[start:place]
                start, heavy = place, weight(sign)
        if clause[start:]:
            yield clause[start:]


def _runs(piece: str) -> Iterator[str]:
    """Runs of one to three Han signs; words, their neighbours, and the letters inside, because people misspell."""
    text = _DIGITS.sub("0", _BLANKS.sub(" ", piece).strip())
    for token in _TOKENS.findall(text):
        if token[0].isascii() and token[0].isalpha():
            bounded = f"<{token}>"
            yield f"w{bounded}"
            yield from (f"e{bounded[at : at + size]}" for size in (3, 4) for at in range(len(bounded) - size + 1))
        else:
            yield from (token[at : at + size] for size in (1, 2, 3) for at in range(len(token) - size + 1))
    words = _WORDS.findall(text)
    yield from (f"b{one}_{two}" for one, two in pairwise(words))


def _figures(piece: str, age_months: float | None) -> Iterator[str]:
    if age_months is None and not _DIGITS.search(with_figures(piece)):
        return
    told = read_figures(piece)
    age = age_months if told.age_months is None else told.age_months
    young = "" if age is None else "under3" if age < 3 else "under6" if age < 6 else "under12" if age < 12 else "older"
    if young:
        yield f"#{young}"
    hot = _heat(told)
    if hot:
        yield f"#{hot}"
        yield f"#{young}{hot}"
    if told.fever_days is not None and told.fever_days >= 5:
        yield "#days5"


def _heat(told: Figures) -> str:
    if told.highest_celsius is None:
        return ""
    return "hot39" if told.highest_celsius >= 39 else "hot38" if told.highest_celsius >= 38 else "mild"
