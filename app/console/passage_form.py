"""What an editor typed into the form of a passage: from the form to a draft with its findings, and from a draft back to fields.

Nothing is stored here, and nothing typed is lost: a field that makes no sense goes back into the form as it was.
"""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field

from starlette.datastructures import FormData

from knowledge import drafts
from knowledge.content import Audience, Lang
from knowledge.drafts import Draft, DraftSource, DraftWording, Finding, Problem

PARTS = ("title", "text", "more", "questions", "danger_signs")
TOPICS = ("topic1", "topic2", "topic3")
AGES = ("from_when", "from_years", "from_months", "to_years", "to_months")
NEW_SOURCE = ("new_organisation", "new_title", "new_year")
BEFORE = "before"
_NAMES = (*(f"{lang}_{part}" for lang in ("zh", "en") for part in PARTS), *TOPICS, *AGES, *NEW_SOURCE)
_LONGEST_FIELD = 20_000


@dataclass(frozen=True, slots=True)
class Typed:
    """`sources` are those that stay, `picked` the one chosen from the list; both as the form carries them."""

    fields: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_NAMES, ""))
    audiences: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    picked: str = ""

    def draft(self) -> tuple[Draft, tuple[Finding, ...]]:
        """With everything that is to be mended in it, in the order of the form."""
        ages, bad_ages = _ages(self.fields)
        sources, bad_sources = _sources(self)
        made = Draft(
            zh=_wording(self.fields, "zh"),
            en=_wording(self.fields, "en"),
            topics=tuple(self.fields[name] for name in TOPICS if self.fields[name]),
            age_months=ages,
            audiences=tuple(audience.value for audience in Audience if audience.value in self.audiences),
            sources=sources,
        )
        mine = [*bad_ages, *bad_sources]
        where = {finding.where for finding in mine}
        return made, (*(finding for finding in drafts.findings(made) if finding.where not in where), *mine)


def of_form(form: FormData) -> Typed:
    return Typed(
        fields={name: _one(form, name) for name in _NAMES},
        audiences=tuple(_all(form, "audiences")),
        sources=tuple(dict.fromkeys(_all(form, "sources"))),
        picked=_one(form, "source_pick"),
    )


def of_draft(draft: Draft) -> Typed:
    fields = dict.fromkeys(_NAMES, "")
    for lang, one in (("zh", draft.zh), ("en", draft.en)):
        fields |= {f"{lang}_title": one.title, f"{lang}_text": one.text, f"{lang}_more": one.more}
        fields |= {f"{lang}_questions": "\n".join(one.questions), f"{lang}_danger_signs": "\n".join(one.danger_signs)}
    fields |= dict(zip(TOPICS, draft.topics, strict=False))
    low, high = draft.age_months
    if low is not None:
        fields["from_when"] = BEFORE if low < 0 else ""
        fields["from_years"], fields["from_months"] = map(str, divmod(abs(low), 12))
    if high is not None:
        fields["to_years"], fields["to_months"] = map(str, divmod(max(high, 0), 12))
    return Typed(fields=fields, audiences=draft.audiences, sources=tuple(map(as_value, draft.sources)))


def as_value(source: DraftSource) -> str:
    """How a box of the form names a source."""
    return json.dumps(astuple(source), ensure_ascii=False)


def from_value(value: str) -> DraftSource | None:
    """Nothing for what no form of ours holds."""
    try:
        organisation, title, year = json.loads(value)
    except (ValueError, TypeError):
        return None
    if not (isinstance(organisation, str) and isinstance(title, str) and type(year) is int and 0 <= year <= 9999):
        return None
    return DraftSource(drafts.clean(organisation), drafts.clean(title), year)


def with_sources_added(typed: Typed) -> Typed:
    """What was chosen or typed as a new source stands among the others, and its fields are free for the next."""
    made, findings = typed.draft()
    if any(finding.where == "sources" and finding.problem is not Problem.MISSING for finding in findings):
        return typed
    fields = typed.fields | dict.fromkeys(NEW_SOURCE, "")
    return Typed(fields=fields, audiences=typed.audiences, sources=tuple(map(as_value, made.sources)))


def _one(form: FormData, name: str) -> str:
    given = form.get(name, "")
    return drafts.visible(given)[:_LONGEST_FIELD] if isinstance(given, str) else ""


def _all(form: FormData, name: str) -> Iterable[str]:
    return (drafts.visible(given) for given in form.getlist(name)[:50] if isinstance(given, str))


def _wording(fields: dict[str, str], lang: Lang) -> DraftWording:
    return DraftWording(
        title=" ".join(drafts.clean(fields[f"{lang}_title"]).split()),
        text=drafts.clean(fields[f"{lang}_text"]),
        more=drafts.clean(fields[f"{lang}_more"]),
        questions=drafts.lines_of(fields[f"{lang}_questions"]),
        danger_signs=drafts.lines_of(fields[f"{lang}_danger_signs"]),
    )


def _ages(fields: dict[str, str]) -> tuple[tuple[int | None, int | None], list[Finding]]:
    try:
        low = _months(fields["from_years"], fields["from_months"])
        high = _months(fields["to_years"], fields["to_months"])
    except ValueError:
        return (None, None), [Finding("age", Problem.NO_NUMBER)]
    return (-low if low is not None and fields["from_when"] == BEFORE else low, high), []


def _months(years: str, months: str) -> int | None:
    """Nothing for two empty fields; one of them is enough. Raises ValueError."""
    given = [part.strip() for part in (years, months)]
    if not any(given):
        return None
    if any(part and not (part.isdecimal() and len(part) <= 3) for part in given):
        raise ValueError("no number of years or months")
    return 12 * int(given[0] or 0) + int(given[1] or 0)


def _sources(typed: Typed) -> tuple[tuple[DraftSource, ...], list[Finding]]:
    kept = [source for value in (*typed.sources, typed.picked) if (source := from_value(value))]
    organisation, title, year = (drafts.clean(typed.fields[name]) for name in NEW_SOURCE)
    found = []
    if year.isdecimal() and len(year) <= 4:
        kept.append(DraftSource(" ".join(organisation.split()), " ".join(title.split()), int(year)))
    elif organisation or title or year:
        found.append(Finding("sources", Problem.NO_YEAR))
    return tuple(dict.fromkeys(kept)), found
