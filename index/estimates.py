"""What a measured figure is: a value with how far it may be off. How it is worked out is in `intervals`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure of `of` cases with its interval of 95%; of no case nothing is known: 0, anywhere between 0 and 1."""

    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Cases whose confidence fell into one tenth: how sure was said on average, and how many of them were right."""

    confidence: float
    right: float
    of: int
