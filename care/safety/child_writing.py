"""Whether ordinary words sound like a child's own. Reads `child_writing.yaml`; what is answered then is decided in `bot.dialogue`."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from care.safety.normal_form import plain
from kit import yaml_text

TOPIC = "urgent:child_writing"
"""The topic of the case in which a person looks after it."""


@dataclass(frozen=True, slots=True)
class _Signs:
    child: re.Pattern[str]
    adult: re.Pattern[str]


def sounds_like_a_child(text: str) -> bool:
    """A sign of a child and none of an adult."""
    written = plain(text)
    return bool(_signs().child.search(written)) and not _signs().adult.search(written)


@cache
def _signs() -> _Signs:
    told = yaml_text.read(files("care.safety").joinpath("child_writing.yaml").read_text(encoding="utf-8"))
    return _Signs(*(re.compile("|".join(f"(?:{one})" for one in told[name])) for name in ("signs", "adults")))
