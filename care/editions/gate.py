"""The gate: what an edition answers to the gold questions, beside the edition that parents have now, and whether it may take its place.

Measures and judges; nothing is stored or published here, and nobody is told.
"""

import hashlib
import time
from collections.abc import Sequence
from typing import get_args

from care.editions.bundles import OpenEdition
from care.editions.verdict import Broken, Comparison, First, Moved
from care.questions.deciding import DecisionKind, decide
from care.questions.gold import GoldQuestion, Sort
from index import intervals
from index.estimates import Estimate
from knowledge.content import Lang, PassageContent

BUDGET_S = 20.0
"""For a whole check; of it the questions get what recognising danger leaves, and never less than `LEAST_S`."""
LEAST_S = 8.0
_KEPT = 100
_OWN = 12
_SAME = 0.98


class _Reply:
    """What an edition has for one question, without screening: danger is the same in every edition."""

    def __init__(self, edition: OpenEdition, question: GoldQuestion) -> None:
        result = edition.searcher.search(question.text, lang=question.lang, age_months=question.age_months, top=5)
        self.hits = result.hits
        self.answers = decide(result).kind is DecisionKind.ANSWER
        self._topics = set(question.topics)

    def right(self, first: int = 1) -> bool:
        return any(not self._topics.isdisjoint(hit.topics) for hit in self.hits[:first])

    def first(self, edition: OpenEdition) -> First:
        return _named(edition, self.hits[0].key) if self.hits else First()


def compare(
    candidate: OpenEdition, live: OpenEdition | None, *, questions: Sequence[GoldQuestion], budget_s: float = BUDGET_S
) -> Comparison:
    """Both are asked the parents' questions that `live` has a passage for (without it: that `candidate` has), until the time is up;
    in an order without meaning, so that those asked by then stand for all. Questions of editors' own belong into `questions` as well.
    """
    held = {topic for one in (live or candidate).passages.values() for topic in one.content.topics}
    fitting = [one for one in questions if one.sort is Sort.OURS and not held.isdisjoint(one.topics)]
    fitting.sort(key=lambda one: hashlib.sha256(one.name.encode()).digest())
    until = time.monotonic() + budget_s
    now, before = list[_Reply](), list[_Reply]()
    for question in fitting:
        if time.monotonic() > until:
            break
        now.append(_Reply(candidate, question))
        if live:
            before.append(_Reply(live, question))
    pairs = list(zip(fitting, before, now, strict=False)) if live else []
    broken = [(question, old, new) for question, old, new in pairs if old.right() and not new.right()]
    return Comparison(
        asked=len(now),
        questions=len(fitting),
        now=_figures(now),
        before=_figures(before) if live else {},
        broken=tuple(_broken(*one, live=live, candidate=candidate) for one in broken[:_KEPT]) if live else (),
        mended=sum(new.right() and not old.right() for _, old, new in pairs),
        fell=intervals.surely_fell([one.right() for one in before], [one.right() for one in now]) if live else False,
        moved=tuple(_moved(candidate, live)) if live else (),
        foreign=_foreign(candidate),
    )


def _figures(replies: Sequence[_Reply]) -> dict[str, Estimate]:
    return {
        "right_first": intervals.mean([one.right() for one in replies]),
        "in_three": intervals.mean([one.right(3) for one in replies]),
        "in_five": intervals.mean([one.right(5) for one in replies]),
        "answered": intervals.mean([one.answers for one in replies]),
        "right_among_answered": intervals.mean([one.right() for one in replies if one.answers]),
    }


def _broken(question: GoldQuestion, old: _Reply, new: _Reply, *, live: OpenEdition, candidate: OpenEdition) -> Broken:
    before = old.first(live)
    return Broken(
        text=question.text,
        lang=question.lang,
        age_months=question.age_months,
        before=before,
        now=new.first(candidate),
        gone=before.slug not in candidate.passages,
    )


def _moved(candidate: OpenEdition, live: OpenEdition) -> list[Moved]:
    """A text under another name is no renaming while its old name stays with a new text: somebody mixed up two passages."""
    found = []
    for lang in get_args(Lang):
        before = {_text(one.content, lang): slug for slug, one in live.passages.items()}
        for slug, one in candidate.passages.items():
            source = before.get(_text(one.content, lang), slug)
            kept = candidate.passages.get(source)
            if source != slug and kept and slug in live.passages and _text(kept.content, lang) != _text(one.content, lang):
                found.append(Moved(now=_named(candidate, slug), source=_named(live, source), lang=lang))
    return found[:_KEPT]


def _foreign(edition: OpenEdition) -> bool:
    """Whether not one of its own questions, put as it is listed, lies where it is listed."""
    listed = [(slug, one.content.zh.questions[0]) for slug, one in sorted(edition.passages.items()) if one.content.zh.questions]
    step = max(1, len(listed) // _OWN)
    found = [(slug, edition.searcher.search(question, lang="zh").hits) for slug, question in listed[::step][:_OWN]]
    cosines = [hit.dense for slug, hits in found for hit in hits if hit.key == slug]
    return bool(found) and max(cosines, default=0.0) < _SAME


def _text(content: PassageContent, lang: Lang) -> str:
    return content.wording(lang).text.strip()


def _named(edition: OpenEdition, slug: str) -> First:
    held = edition.passages.get(slug)
    return First(slug=slug, zh=held.content.zh.title, en=held.content.en.title) if held else First(slug=slug)
