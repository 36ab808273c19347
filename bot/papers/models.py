"""A sheet in words, every one of them in its reader's language; `sheets.typ` lays it out."""

from dataclasses import dataclass
from typing import Literal

from knowledge.content import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A few words and what they name: «目标» and the aim, minutes and what is done in them."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on every one. `review` is empty once a local expert has read it, `imprint` tells which text this is."""

    head: str
    title: str
    review: str
    source: str
    imprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Sheet):
    """`lines` get a box to tick, `blanks` a line to write on."""

    kind: Literal["card"] = "card"
    whom: str
    lines: tuple[str, ...]
    help_title: str
    numbers: tuple[HelpLine, ...]
    help: str
    blanks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Sheet):
    kind: Literal["plan"] = "plan"
    before: tuple[Part, ...]
    steps: tuple[Part, ...]
    after: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """`address` is where the chat page has it, `label` what leads there, `name` the name of its file without the ending."""

    lang: Lang
    address: str
    label: str
    name: str
    sheet: Card | Plan
