"""A passage while it is being written: the shape of `knowledge.content` with holes, and what is still to be mended in it.

Nothing here is stored or shown; saving is `knowledge.writing`.
"""

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from knowledge import topics
from knowledge.content import Audience, Lang, PassageContent, Source, Wording

LONGEST_LINE = 300
LONGEST_TEXT = 1200
LONGEST_MORE = 3000
SHORTEST_TEXT = 20
FEWEST_QUESTIONS = 3
MOST_QUESTIONS = 40
MOST_SOURCES = 12
MOST_TOPICS = 3
EARLIEST, LATEST = -10, 216  # months; negative is before birth
YEARS = (1950, 2100)

# What moves words about on the screen or cannot be seen at all, and that nobody types on purpose into a passage: marks of
# direction, zero-width spaces, line separators, tags. The joiner within an emoji stays.
_HIDDEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_MARKUP = re.compile(r"^\s*#", re.MULTILINE)


class Problem(StrEnum):
    MISSING = "missing"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LINE_TOO_LONG = "line_too_long"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    TWICE = "twice"
    MARKUP = "markup"
    UNKNOWN = "unknown"
    NO_NUMBER = "no_number"
    NO_YEAR = "no_year"
    ORDER = "order"
    OUT_OF_RANGE = "out_of_range"


# With one of these a draft cannot be kept; all others only keep it from being submitted.
NOT_KEPT = frozenset({Problem.TOO_LONG, Problem.LINE_TOO_LONG, Problem.TOO_MANY, Problem.NO_NUMBER, Problem.NO_YEAR})


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is the name of a field of the form: `zh_title`, `en_questions`, `topics`, `age`, `sources`, …"""

    where: str
    problem: Problem
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftWording:
    title: str = ""
    text: str = ""
    more: str = ""
    questions: tuple[str, ...] = ()
    danger_signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSource:
    organisation: str
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Draft:
    """`age_months` is (from, to), either of them None while it is not filled in."""

    zh: DraftWording = DraftWording()
    en: DraftWording = DraftWording()
    topics: tuple[str, ...] = ()
    age_months: tuple[int | None, int | None] = (None, None)
    audiences: tuple[str, ...] = ()
    sources: tuple[DraftSource, ...] = ()

    def wording(self, lang: Lang) -> DraftWording:
        return self.zh if lang == "zh" else self.en

    @property
    def empty(self) -> bool:
        return not any((one.title, one.text, one.more, one.questions) != ("", "", "", ()) for one in (self.zh, self.en))


def visible(words: str) -> str:
    """Without characters that cannot be seen or that turn the line about."""
    plain = _HIDDEN.sub("", words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(char for char in plain if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))


def clean(words: str) -> str:
    """As it is kept: visible, without trailing blanks and more than one empty line together."""
    lines = [line.rstrip() for line in visible(words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def lines_of(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in clean(words).split("\n") if line.strip())


def from_content(content: dict[str, Any]) -> Draft:
    """From what a revision holds, whole or not."""
    ages = content.get("age_months") or (None, None)
    return Draft(
        zh=_wording(content.get("zh") or {}),
        en=_wording(content.get("en") or {}),
        topics=tuple(content.get("topics") or ()),
        age_months=(ages[0], ages[1]),
        audiences=tuple(content.get("audiences") or ()),
        sources=tuple(DraftSource(**one) for one in content.get("sources") or ()),
    )


def _wording(given: dict[str, Any]) -> DraftWording:
    return DraftWording(
        title=given.get("title") or "",
        text=given.get("text") or "",
        more=given.get("more") or "",
        questions=tuple(given.get("questions") or ()),
        danger_signs=tuple(given.get("danger_signs") or ()),
    )


def to_content(draft: Draft, *, slug: str) -> dict[str, Any]:
    """As a revision holds it, in the order of `PassageContent`."""
    raw: dict[str, Any] = json.loads(json.dumps(asdict(draft)))
    ordered = {"slug": slug, **{key: raw[key] for key in ("topics", "age_months", "audiences", "zh", "en", "sources")}}
    return ordered if findings(draft) else PassageContent.model_validate(ordered).model_dump(mode="json")


def fingerprint(content: dict[str, Any]) -> str:
    """That of `knowledge.actions.fingerprint` for what is whole."""
    try:
        text = PassageContent.model_validate(content).model_dump_json()
    except ValueError:
        text = json.dumps(content, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_shown(draft: Draft) -> PassageContent:
    """For a preview: what is missing stands as three dots."""
    low, high = draft.age_months
    known = [name for name in draft.audiences if name in set(Audience)]
    return PassageContent.model_construct(
        slug="preview",
        topics=draft.topics,
        age_months=(low if low is not None else 0, high if high is not None else 72),
        audiences=tuple(Audience(name) for name in known),
        sources=tuple(Source.model_construct(**asdict(one)) for one in draft.sources),
        zh=_as_shown(draft.zh),
        en=_as_shown(draft.en),
    )


def _as_shown(one: DraftWording) -> Wording:
    return Wording.model_construct(**{**asdict(one), "title": one.title or "……", "text": one.text or "……"})


def findings(draft: Draft) -> tuple[Finding, ...]:
    """What keeps `draft` from being submitted, in the order of the form. Empty: it is a whole passage."""
    found = [*_of_wording("zh", draft.zh), *_of_wording("en", draft.en)]
    found += _of_topics(draft.topics)
    found += _of_ages(draft.age_months)
    if not draft.audiences:
        found.append(Finding("audiences", Problem.MISSING))
    elif set(draft.audiences) - set(Audience):
        found.append(Finding("audiences", Problem.UNKNOWN))
    return tuple(found + _of_sources(draft.sources))


def _of_wording(lang: Lang, wording: DraftWording) -> list[Finding]:
    found = _of_text(f"{lang}_title", wording.title, longest=LONGEST_LINE)
    found += _of_text(f"{lang}_text", wording.text, longest=LONGEST_TEXT, shortest=SHORTEST_TEXT)
    found += _of_text(f"{lang}_more", wording.more, longest=LONGEST_MORE, may_be_empty=True)
    found += _of_lines(f"{lang}_questions", wording.questions, fewest=FEWEST_QUESTIONS)
    return found + _of_lines(f"{lang}_danger_signs", wording.danger_signs)


def _of_text(name: str, text: str, *, longest: int, shortest: int = 1, may_be_empty: bool = False) -> list[Finding]:
    if not text:
        return [] if may_be_empty else [Finding(name, Problem.MISSING)]
    if len(text) > longest:
        return [Finding(name, Problem.TOO_LONG, {"most": longest, "now": len(text)})]
    if len(text) < shortest:
        return [Finding(name, Problem.TOO_SHORT, {"least": shortest, "now": len(text)})]
    return [Finding(name, Problem.MARKUP)] if _MARKUP.search(text) else []


def _of_lines(name: str, lines: tuple[str, ...], *, fewest: int = 0) -> list[Finding]:
    long = next((number for number, line in enumerate(lines, start=1) if len(line) > LONGEST_LINE), 0)
    if long:
        return [Finding(name, Problem.LINE_TOO_LONG, {"line": long, "most": LONGEST_LINE})]
    if len(lines) > MOST_QUESTIONS:
        return [Finding(name, Problem.TOO_MANY, {"most": MOST_QUESTIONS, "now": len(lines)})]
    if len(lines) < fewest:
        return [Finding(name, Problem.TOO_FEW, {"least": fewest, "now": len(lines)})]
    twice = next((line for number, line in enumerate(lines) if line in lines[:number]), "")
    return [Finding(name, Problem.TWICE, {"line": twice})] if twice else []


def _of_topics(chosen: tuple[str, ...]) -> list[Finding]:
    if not chosen:
        return [Finding("topics", Problem.MISSING)]
    if set(chosen) - set(topics.by_slug()):
        return [Finding("topics", Problem.UNKNOWN)]
    if len(chosen) > MOST_TOPICS:
        return [Finding("topics", Problem.TOO_MANY, {"most": MOST_TOPICS, "now": len(chosen)})]
    return [Finding("topics", Problem.TWICE, {"line": ""})] if len(set(chosen)) < len(chosen) else []


def _of_ages(ages: tuple[int | None, int | None]) -> list[Finding]:
    low, high = ages
    if low is None or high is None:
        return [Finding("age", Problem.MISSING)]
    if not low < high:
        return [Finding("age", Problem.ORDER)]
    return [] if low >= EARLIEST and high <= LATEST else [Finding("age", Problem.OUT_OF_RANGE)]


def _of_sources(sources: tuple[DraftSource, ...]) -> list[Finding]:
    if not sources:
        return [Finding("sources", Problem.MISSING)]
    if len(sources) > MOST_SOURCES:
        return [Finding("sources", Problem.TOO_MANY, {"most": MOST_SOURCES, "now": len(sources)})]
    if any(not (one.organisation and one.title) for one in sources):
        return [Finding("sources", Problem.TOO_SHORT)]
    if any(len(one.organisation) > LONGEST_LINE or len(one.title) > LONGEST_LINE for one in sources):
        return [Finding("sources", Problem.LINE_TOO_LONG, {"line": 1, "most": LONGEST_LINE})]
    return [] if all(YEARS[0] <= one.year <= YEARS[1] for one in sources) else [Finding("sources", Problem.NO_YEAR)]
