"""What screening says about a message: how fast somebody must act, and about what. No rules live here."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How fast somebody must act."""

    EMERGENCY = "emergency"
    """The reply begins with a number and one act; a person on duty is paged at once."""
    URGENT = "urgent_human"
    """A person gets in touch the same day."""
    NORMAL = "normal"


class Category(StrEnum):
    """What the danger is about; decides the first line of the reply."""

    MEDICAL = "medical"
    CHOKING = "choking"
    POISON = "poison"
    FIRE = "fire"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    ABUSE = "abuse"
    MISSING = "missing"
    GUARDIANSHIP = "guardianship"
    UNREADABLE = "unreadable"
    """A voice note or picture that nothing could read: a person must look."""
    ERROR = "error"
    """Screening itself failed, which counts as urgent."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Screened:
    """A person's words after screening. Only `care.safety.screening` makes one: whoever holds it knows that danger was looked for."""

    text: str
    level: Level
    category: Category
    rule: str
    """Name of the rule that decided, for the audit and for whoever edits `rules.yaml`; `second_net` or `second_net_unsure` where
    the classifier did; empty when nothing did."""
    child_writing: bool
    """A child seems to write, without an adult: the reply uses simple words."""
    infant: bool | None
    """Under one year; None when neither the words nor the record say."""
    about_another: bool = False
    """Despair or self-harm that is told is somebody else's: the reply says how to help her."""
