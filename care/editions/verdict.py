"""What the gate found, as it is kept: figures of an edition beside those of the one before it, the questions that broke, and the
reasons why it may not be published. Judged here, measured in `gate` and `dangers`.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from index.estimates import Estimate
from knowledge.content import Lang

FALL = 0.01
"""More than so much of right-first may not be lost, if chance does not explain it."""
FLOOR, FLOOR_OF = 0.5, 20
"""An edition is never published that puts the right passage first for fewer than half, where there are questions enough to say so."""


class Reason(StrEnum):
    """Why an edition may not be published."""

    FEWER_RIGHT = "fewer_right"
    DANGER_LOST = "danger_lost"
    TEXTS_MOVED = "texts_moved"
    FOREIGN_WEIGHTS = "foreign_weights"
    BELOW_FLOOR = "below_floor"
    NO_QUESTIONS = "no_questions"
    NOTHING_BESIDE = "nothing_beside"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class First(_Frozen):
    """The passage that an edition puts first; all of it is empty where it finds none."""

    slug: str = ""
    zh: str = ""
    en: str = ""
    """Titles."""


class Broken(_Frozen):
    """A gold question whose first passage was right before and is not now."""

    text: str
    lang: Lang
    age_months: int | None
    before: First
    now: First
    gone: bool
    """The passage that answered it is not in the edition any more."""


class Moved(_Frozen):
    """The text of passage `source` stands under that of `now`, while `source` is still there with another."""

    now: First
    source: First
    lang: Lang


class Comparison(_Frozen):
    """`before` is empty where there is nothing to compare with. Of figures named alike the same questions were asked."""

    asked: int
    questions: int
    """More than `asked` where the time ran out."""
    now: dict[str, Estimate]
    before: dict[str, Estimate]
    broken: tuple[Broken, ...]
    mended: int
    fell: bool
    moved: tuple[Moved, ...]
    foreign: bool
    """Its vectors are not those that the model gives its own questions."""

    @property
    def fall(self) -> float:
        """Of right-first, 0 to 1; negative where it rose."""
        return self.before["right_first"].value - self.now["right_first"].value if self.before else 0.0

    @property
    def reasons(self) -> tuple[Reason, ...]:
        first = self.now["right_first"]
        found = {
            Reason.FEWER_RIGHT: self.fell and self.fall > FALL,
            Reason.TEXTS_MOVED: bool(self.moved),
            Reason.FOREIGN_WEIGHTS: self.foreign,
            Reason.BELOW_FLOOR: first.of >= FLOOR_OF and first.value < FLOOR,
            Reason.NO_QUESTIONS: bool(self.before) and not self.questions,
        }
        return tuple(reason for reason, holds in found.items() if holds)


class Dangers(_Frozen):
    """The written-out messages of danger that were recognised, by their checksum; `of` changes with anything that recognising
    depends on."""

    of: str = ""
    recognised: tuple[str, ...] = ()
    messages: int = 0


class Verdict(_Frozen):
    """On edition `number`, with `against` live at the time (None: none yet). `of` changes with anything the verdict depends on."""

    number: int
    against: int | None
    of: str
    at: datetime
    comparison: Comparison
    dangers: Dangers = Dangers()
    lost_dangers: tuple[str, ...] = ()
    beside: bool = True
    """False when the live edition could not be opened, so that nothing was compared."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        more = {Reason.DANGER_LOST: bool(self.lost_dangers), Reason.NOTHING_BESIDE: not self.beside}
        return (*(reason for reason, holds in more.items() if holds), *self.comparison.reasons)

    @property
    def passed(self) -> bool:
        return not self.reasons
