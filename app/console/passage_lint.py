"""What is to be mended in a passage, and what is only to be seen, as its pages show it: each in a sentence that leads to its field."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from app.console import passage_words
from care.editions import neighbours
from care.editions.errors import NoEdition
from care.services import Services
from knowledge import comparing, drafts, lint, queries
from knowledge.content import Lang
from knowledge.drafts import Draft, Problem
from knowledge.lint import Finding
from knowledge.models import Revision

_PLACES = {"topics": "topic1", "age": "from_years"}
"""Fields that stand in the form under another name; all others are their own anchor."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at. `anchor` is the field in the form, `other` the number of a passage to compare with, or 0."""

    label: str
    sentence: str
    anchor: str
    other: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """`missing` is not written at all yet, `wrong` must be mended before it is submitted, `doubtful` must only be seen."""

    missing: tuple[Line, ...] = ()
    wrong: tuple[Line, ...] = ()
    doubtful: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.wrong or self.doubtful)


def told(
    session: Session, draft: Draft, lang: Lang, *, found: Iterable[drafts.Finding] = (), stored: Iterable[dict[str, Any]] = ()
) -> Told:
    """`found` is what keeps it from being submitted; `stored` what was seen when it was saved, against the whole curriculum."""
    missing: list[Line] = []
    wrong: list[Line] = []
    for one in found:
        nothing = one.problem is Problem.MISSING or one.facts.get("now") == 0
        (missing if nothing else wrong).append(_line(one.where, passage_words.finding(one, lang), lang))
    doubts = doubtful(draft, stored)
    numbers = queries.numbers_of(session, {one.other for one in doubts if one.other})
    lines = [_line(one.where, one.zh if lang == "zh" else one.en, lang, other=numbers.get(one.other, 0)) for one in doubts]
    return Told(tuple(missing), tuple(wrong), tuple(dict.fromkeys(lines)))


def doubtful(draft: Draft, stored: Iterable[dict[str, Any]] = ()) -> Sequence[Finding]:
    """What the words alone tell, but for fields that must be mended anyway, and what was stored."""
    unfit = {one.where for one in drafts.findings(draft)}
    own = lint.of_passage(drafts.as_shown(draft))
    return [*(one for one in own if one.where not in unfit), *(Finding(**row) for row in stored)]


def still_stored(newest: Revision | None, draft: Draft) -> list[dict[str, Any]]:
    """What was stored with the newest revision about fields that nobody has touched since; numbers are looked at as she types."""
    if newest is None:
        return []
    touched = comparing.changed_fields(drafts.from_content(newest.content), draft)
    return [row for row in newest.warnings if row["where"] not in touched and row["rule"] != "number"]


def numbers(services: Services, draft: Draft, *, slug: str = "") -> list[dict[str, str]]:
    """Numbers that stand alone against other passages: quick, since each edition is counted once."""
    try:
        edition = services.library.current()
    except NoEdition:
        return []
    return [asdict(one) for one in neighbours.contradictions(drafts.as_shown(draft), slug=slug, edition=edition)]


def against_the_rest(services: Services, draft: Draft, *, slug: str = "") -> list[dict[str, str]]:
    """What takes the other passages to see, to be stored with the revision: a second of work, so never in a transaction."""
    if drafts.findings(draft):
        return []
    try:
        edition = services.library.current()
    except NoEdition:
        return []
    found = neighbours.findings(drafts.as_shown(draft), slug=slug, edition=edition, encoder=services.library.encoder)
    return [asdict(one) for one in found]


def _line(where: str, sentence: str, lang: Lang, *, other: int = 0) -> Line:
    return Line(passage_words.label(where, lang), sentence, _PLACES.get(where, where), other)
