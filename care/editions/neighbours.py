"""What a passage that is being written has to do with those that parents are answered from: the same again, or a question already
answered better. Asked of the published edition, so nothing is read from the database and nothing is built.
"""

from collections.abc import Iterator
from typing import get_args
from weakref import WeakKeyDictionary

import numpy as np

from care.editions.bundles import OpenEdition
from index.encoders import Encoder
from index.search import Searcher
from index.self_retrieval import TWIN
from knowledge import lint
from knowledge.content import Lang, PassageContent, Wording
from knowledge.lint import Finding
from knowledge.numbers import Numbers

_SAME_QUESTION = 0.93
"""The cosine over which two questions ask the same: paraphrases of one question in the gold set stay under it."""
_LOOKED_AT = 5
_ASKED = 12
"""So many questions of a passage and language are looked up: those after repeat the sense of the first."""


def findings(passage: PassageContent, *, slug: str, edition: OpenEdition, encoder: Encoder) -> list[Finding]:
    """`slug` is that of the passage being written, which is no neighbour of its own; empty for a new one."""
    one = passage.model_copy(update={"slug": slug})
    return [
        *contradictions(one, slug=slug, edition=edition),
        *_twin(one, edition, encoder),
        *(finding for lang in get_args(Lang) for finding in _asked_elsewhere(one, lang, edition)),
    ]


def contradictions(passage: PassageContent, *, slug: str, edition: OpenEdition) -> list[Finding]:
    """The part of `findings` that is quick enough for every pause in somebody's typing."""
    return list(lint.contradictions(passage.model_copy(update={"slug": slug}), _numbers(edition)))


_counted: WeakKeyDictionary[Searcher, Numbers] = WeakKeyDictionary()  # goes with its edition


def _numbers(edition: OpenEdition) -> Numbers:
    if edition.searcher not in _counted:
        _counted[edition.searcher] = Numbers.of(held.content for held in edition.passages.values())
    return _counted[edition.searcher]


def _twin(passage: PassageContent, edition: OpenEdition, encoder: Encoder) -> Iterator[Finding]:
    mine = _core(passage.zh)
    near = [hit.key for hit in edition.searcher.search(mine, lang="zh", top=_LOOKED_AT).hits]
    others = [key for key in near if key != passage.slug]
    if not others:
        return
    vectors = encoder.encode([mine, *(_core(edition.passages[key].content.zh) for key in others)])
    alike = np.asarray(vectors[1:] @ vectors[0])
    best = int(alike.argmax())
    if alike[best] > TWIN:
        title = edition.passages[others[best]].content
        yield Finding(
            passage.slug, "twin", f"和《{title.zh.title}》几乎说的是一回事。要是没有新的，请去改那一篇。",
            f"It says nearly the same as “{title.en.title}”. If nothing is new, change that one instead.",
            where="zh_text", other=others[best],
        )  # fmt: skip


def _core(wording: Wording) -> str:
    return f"{wording.title}\n{wording.text}"


def _asked_elsewhere(passage: PassageContent, lang: Lang, edition: OpenEdition) -> Iterator[Finding]:
    """Questions that another passage lists already, in these or nearly these words: a parent would get that one."""
    found: dict[str, list[str]] = {}
    for question in passage.wording(lang).questions[:_ASKED]:
        other = _who_lists(question, passage, lang, edition)
        if other:
            found.setdefault(other, []).append(question)
    for other, questions in found.items():
        title = edition.passages[other].content
        zh = "".join(f"「{question}」" for question in questions)
        en = ", ".join(f"“{question}”" for question in questions)
        yield Finding(
            passage.slug, "asked_elsewhere", f"{zh}会先找到《{title.zh.title}》：换个问法，或者留给那一篇。",
            f"{en}: “{title.en.title}” is found first. Ask another way, or leave it to that passage.",
            where=f"{lang}_questions", other=other,
        )  # fmt: skip


def _who_lists(question: str, passage: PassageContent, lang: Lang, edition: OpenEdition) -> str:
    hits = edition.searcher.search(question, lang=lang, age_months=sum(passage.age_months) / 2, top=2).hits
    first = next((hit for hit in hits if hit.key != passage.slug), None)
    return first.key if first and first.dense > _SAME_QUESTION and first.lang == lang else ""
