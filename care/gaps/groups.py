"""Unanswered questions put together by what they mean, with how many families asked, of which age, and where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from care.gaps.asked import Asked, Lack
from index.encoders import Encoder
from index.grouping import grouped

BANDS: tuple[tuple[int, int], ...] = ((-10, 0), (0, 6), (6, 12), (12, 24), (24, 36), (36, 72))
"""Months, from and below."""


@dataclass(frozen=True, slots=True)
class Group:
    """`asked` begins with the question that is most like the others."""

    asked: tuple[Asked, ...]

    @property
    def families(self) -> int:
        return len({one.caregiver_id for one in self.asked})

    @property
    def ages(self) -> list[tuple[tuple[int, int] | None, int]]:
        """How many of each band, youngest first; None are those whose age nobody knows."""
        counts = Counter(_band(one.age_months) for one in self.asked)
        return [(band, counts[band]) for band in (*BANDS, None) if counts[band]]

    @property
    def districts(self) -> list[tuple[str, int]]:
        return Counter(one.district for one in self.asked).most_common()

    @property
    def lacks(self) -> list[tuple[Lack, int]]:
        counts = Counter(one.lack for one in self.asked)
        return [(lack, counts[lack]) for lack in Lack if counts[lack]]


def of(asked: Sequence[Asked], encoder: Encoder) -> list[Group]:
    """The biggest first."""
    places = grouped(encoder.encode([one.text for one in asked])) if asked else []
    return [Group(tuple(asked[place] for place in one)) for one in places]


def _band(months: int | None) -> tuple[int, int] | None:
    if months is None:
        return None
    return next((band for band in BANDS if band[0] <= months < band[1]), BANDS[-1] if months >= 0 else BANDS[0])
