"""Which written-out messages of danger are recognised at this moment, and which were when an edition was let through before.

No edition changes that: rules and weights do, which come with a new release of the program or from whoever edits them. Screening
them all takes half a minute, so it is done only when something it depends on has changed.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import care.safety
from care.editions.verdict import Dangers
from care.safety.evaluating import judge, read_rows

MESSAGES = Path("danger", "tuning", "danger.jsonl")
_RULES = Path(care.safety.__path__[0])
_NAME = 16


def recognised(gold: Path, *, before: Dangers) -> Dangers:
    """`before` itself where nothing has changed since. Without written-out messages nothing is known."""
    path = gold / MESSAGES
    if not path.is_file():
        return Dangers()
    of = _checksum([*sorted(one for one in _RULES.iterdir() if one.is_file()), path])
    if of == before.of:
        return before
    judged = judge(read_rows(path))
    return Dangers(of=of, recognised=tuple(name_of(one.row.text) for one in judged if one.alarmed), messages=len(judged))


def lost(gold: Path, *, before: Dangers, now: Dangers) -> tuple[str, ...]:
    """The messages that were recognised before and, though they are still written out, are not now."""
    gone = set(before.recognised) - set(now.recognised)
    path = gold / MESSAGES
    return tuple(row.text for row in read_rows(path) if name_of(row.text) in gone) if gone and path.is_file() else ()


def name_of(text: str) -> str:
    """How a message is named in what is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:_NAME]


def _checksum(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
