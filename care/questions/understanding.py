"""What a whole message asks: one question, several, or one that goes on from the question before it. Each is considered as such.

The same for the conversation and for `peiban ask`. Writes nothing and needs no database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from care.editions.bundles import OpenEdition
from care.questions import followups
from care.questions.considering import Considered, Found, consider
from care.questions.doses import asks_for_dose
from care.questions.followups import Form
from care.questions.models import Outcome
from care.questions.splitting import Split, split
from care.safety.models import Level, Screened
from care.safety.screening import BY_NET, BY_NET_UNSURE, screen
from index.ages import age_in
from index.text import regular
from knowledge.content import Lang

_FOUND = (Outcome.ANSWER, Outcome.CHOOSE)
_TITLES_AGAIN = 3
_LONGEST_TOLD = 60
_WORST_FIRST = tuple(Level)


@dataclass(frozen=True, slots=True)
class Before:
    """The question just before this message. `shown` is the slug of the passage she was shown for it; empty where there was none:
    then it is heard for danger, and what names nothing of its own follows it to the person to whom it was `handed`.
    """

    text: str
    shown: str
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """One for each question of the message, in its order. `goes_on` when it was read with the question before it."""

    questions: tuple[Considered, ...]
    goes_on: bool = False

    @property
    def first(self) -> Considered:
        return self.questions[0]


def screen_message(text: str, *, age_months: int | None = None, before: Before | None = None) -> Screened:
    """The worst of the whole, of each of its questions, and of what it tells together with the question before it.

    Where that last one decides, the words of both are what a person has to read; else hers alone.
    """
    whole = screen(text, age_months=age_months)
    parts = split(text).parts
    told = age_in(regular(text))
    age = age_months if told is None else round(told)
    said = [replace(screen(part, age_months=age), text=text) for part in parts] if len(parts) > 1 else []
    if before and len(text) <= _LONGEST_TOLD and not followups.another_child(text):
        said += _joined(before, text, age_months=age_months)
    return min((whole, *said), key=lambda one: _WORST_FIRST.index(one.level))


def _joined(before: Before, text: str, *, age_months: int | None) -> list[Screened]:
    """What only together is a danger: «he fell off the bed», and then «he has vomited three times». Two messages that are not one
    story can sound like danger to the classifier; there the rules alone are heard.
    """
    both = screen(followups.joined(before.text, text), age_months=age_months)
    goes_on = followups.tells_on(text) or followups.form_of(text) is not Form.NONE
    return [both] if goes_on or both.rule not in (BY_NET, BY_NET_UNSURE) else []


def understand(
    said: Screened, edition: OpenEdition, *, lang: Lang, age_months: int | None = None, before: Before | None = None
) -> Understood:
    """`age_months` is the age on record; one told in the words beats it."""
    if said.level is Level.NORMAL:
        several = _several(said, edition, lang=lang, age_months=age_months)
        if several:
            return Understood(several)
    alone = consider(said, edition, lang=lang, age_months=age_months)
    if before and before.handed and followups.form_of(said.text) is Form.BARE:
        return Understood((replace(alone, outcome=Outcome.RELAY, choices=()),), goes_on=True)
    if before is None or not before.shown or said.level is not Level.NORMAL:
        return Understood((alone,))
    return _with_before(alone, edition, lang=lang, age_months=age_months, before=before)


def _several(said: Screened, edition: OpenEdition, *, lang: Lang, age_months: int | None) -> tuple[Considered, ...]:
    """Empty unless the search agrees with the form: at least two parts are found, about different things."""
    form = split(said.text)
    if len(form.parts) == 1:
        return ()
    told = age_in(regular(said.text))
    age = age_months if told is None else round(told)
    considered = tuple(
        consider(replace(said, text=part), edition, lang=lang, age_months=age) for part in form.parts if _says_something(part)
    )
    return considered if _agreed(considered, form) else ()


def _agreed(considered: tuple[Considered, ...], form: Split) -> bool:
    """Where she says herself that she asks more than one thing, one sure answer is enough: the others are a person's."""
    answered = _topics(one for one in considered if one.outcome is Outcome.ANSWER)
    if len(answered) > 1:
        return True
    ours = _topics(one for one in considered if one.outcome is not Outcome.DECLINE)
    return form.said and len(ours) > 1 and any(one.outcome in _FOUND for one in considered)


def _topics(considered: Iterable[Considered]) -> set[str]:
    return {one.best.topic for one in considered if one.found}


def _says_something(part: str) -> bool:
    return any(character.isalnum() for character in part)


def _with_before(alone: Considered, edition: OpenEdition, *, lang: Lang, age_months: int | None, before: Before) -> Understood:
    text = alone.screened.text
    form = followups.form_of(text)
    if form is Form.NONE or not followups.speaks_the_same(before.text, text):
        return Understood((alone,))
    if asks_for_dose(text, before=before.text):
        return Understood((replace(alone, outcome=Outcome.RELAY, choices=()),), goes_on=True)
    both = replace(alone.screened, text=followups.joined(before.text, text))
    together = replace(consider(both, edition, lang=lang, age_months=age_months), screened=alone.screened)
    if followups.goes_on(form, alone=alone, together=together, shown=before.shown):
        return Understood((_not_the_same_again(together, before.shown),), goes_on=True)
    if form is Form.BARE:  # found by chance: the words name nothing that could be searched for
        return Understood((replace(together, outcome=Outcome.RELAY, choices=()),), goes_on=True)
    return Understood((alone,))


def _not_the_same_again(together: Considered, shown: str) -> Considered:
    """She has just read that passage: it stands as a title beside what is near it."""
    if together.outcome is not Outcome.ANSWER or together.best.slug != shown or len(together.found) < 2:
        return together
    return replace(together, outcome=Outcome.CHOOSE, choices=_slugs(together.found[:_TITLES_AGAIN]))


def _slugs(found: tuple[Found, ...]) -> tuple[str, ...]:
    return tuple(one.slug for one in found)
