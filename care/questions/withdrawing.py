"""What is said when the passage that answers is not there: passages taken out one at a time, and their gold questions asked again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from care.editions.bundles import OpenEdition
from care.questions.evaluating import Asked, ask, of_sort, share
from care.questions.gold import Sort
from index.estimates import Estimate

MOST = 100
_SEED = 20261123


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """`asked` are the questions that one of the `passages` answered rightly, as they would be answered without it."""

    passages: int
    asked: tuple[Asked, ...]
    misled: Estimate
    """Answered by a passage of none of the question's topics."""
    answered: Estimate
    """Answered at all, be it by another passage of the topic, which may answer something else."""


def withdraw(edition: OpenEdition, asked: Sequence[Asked], *, most: int = MOST) -> Withdrawal:
    """Of the passages that come first, and rightly, for any of `asked`, up to `most` by a seeded choice. Nothing is built."""
    first: dict[str, list[Asked]] = {}
    for one in of_sort(asked, Sort.OURS):
        if one.right_first:
            first.setdefault(one.right_first.slug, []).append(one)
    chosen = sorted(random.Random(_SEED).sample(sorted(first), min(most, len(first))))  # noqa: S311 - repeatable on purpose
    again = [ask(without(edition, slug), one.question) for slug in chosen for one in first[slug]]
    return Withdrawal(
        passages=len(chosen),
        asked=tuple(again),
        misled=share(again, lambda one: one.misled),
        answered=share(again, lambda one: one.answered),
    )


def without(edition: OpenEdition, slug: str) -> OpenEdition:
    return edition.without({slug})
