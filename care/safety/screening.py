"""Every text, caption and note of a parent passes here first. Pure reading: pages nobody, stores nothing, never raises."""

from collections.abc import Iterable

from care.safety.models import Category, Level, Screened
from care.safety.normal_form import plain, run_together, sentences
from care.safety.rules import Rule, RuleBook, rule_book
from care.safety.signs import Signs, read_signs

_WORST_FIRST = (Level.EMERGENCY, Level.URGENT)


def screen(text: str, *, age_months: int | None = None) -> Screened:
    """What danger the words tell, decided by their worst part.

    `age_months` is the child's age on record; an age told in the words beats it. Never raises: whatever goes wrong inside counts as urgent.
    """
    try:
        return _screened(text, age_months)
    except Exception:  # a failure here must still bring a person
        return Screened(text, Level.URGENT, Category.ERROR, "screening_failed", child_writing=False, infant=None)


def unreadable(text: str = "") -> Screened:
    """For a voice note or picture that nothing can read: a person must look. `text` is a caption, if one came with it."""
    captioned = screen(text)
    if captioned.level is Level.EMERGENCY:
        return captioned
    return Screened(text, Level.URGENT, Category.UNREADABLE, "nothing_could_read_it", captioned.child_writing, captioned.infant)


def _screened(text: str, age_months: int | None) -> Screened:
    book = rule_book()
    written = book.respelled(plain(text))
    signs = read_signs(written, age_months=age_months)
    spoken = sentences(written)
    level, rule = _worst(book, (*spoken, *(part for part in run_together(written) if part not in spoken)), signs)
    infant = None if signs.age_months is None else signs.age_months < 12
    child = bool(book.child_writes.search(written)) and not book.adult_writes.search(written)
    if rule is None:
        return Screened(text, Level.NORMAL, Category.NONE, "", child, infant)
    return Screened(text, level, rule.category, rule.name, child, infant)


def _worst(book: RuleBook, parts: Iterable[str], signs: Signs) -> tuple[Level, Rule | None]:
    """The worst level any rule gives any part, and the first rule that gives it."""
    parts = tuple(parts)
    worst: tuple[Level, Rule | None] = (Level.NORMAL, None)
    for rule in book.rules:
        if worst[0] is rule.level or not rule.when.holds(signs):
            continue
        level = _level_by(rule, book, parts)
        if level is Level.EMERGENCY:
            return level, rule
        if level is Level.URGENT and worst[1] is None:
            worst = (level, rule)
    return worst


def _level_by(rule: Rule, book: RuleBook, parts: tuple[str, ...]) -> Level:
    levels = [level for part in parts if (level := _level_of_part(rule, book, part)) is not Level.NORMAL]
    return min(levels, key=_WORST_FIRST.index, default=Level.NORMAL)


def _level_of_part(rule: Rule, book: RuleBook, part: str) -> Level:
    first = rule.says.search(part)
    if first is None or rule.unless.search(part):
        return Level.NORMAL
    for found in rule.says.finditer(part):
        if any(guard.covers(part, found) for guard in rule.guards):
            continue
        return rule.past if book.past.covers(part, found) else rule.level
    return Level.NORMAL
