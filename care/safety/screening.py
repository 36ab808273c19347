"""Every text, caption and note of a parent passes here first. Pure reading: pages nobody, stores nothing, never raises."""

import re
from dataclasses import dataclass, replace
from traceback import extract_tb

import structlog

from care.safety.models import Category, Level, Screened
from care.safety.normal_form import plain, run_together, sentences
from care.safety.rules import Rule, RuleBook, rule_book
from care.safety.second_net import Opinion, second_net
from care.safety.signs import Signs, read_figures, signs_around, together

_WORST_FIRST = (Level.EMERGENCY, Level.URGENT, Level.NORMAL)
_WINDOW, _OVERLAP, _FARTHEST = 4000, 200, 20_000
"""In characters. The first is as much as `plain` reads whole."""
BY_NET, BY_NET_UNSURE = "second_net", "second_net_unsure"
"""In the place of a rule's name: no rule decided, but the second net, with or without certainty of the class."""

_LONGEST_WISH = 24
_RECORDS, _AWAY = "(?:资料|信息|记录|聊天|聊天记录|话|账号|数据)", "(?:删|清|取消|注销|抹)"
_BEFORE = "(?:我|请|帮我|我想|我要|想|能不能|可不可以|怎么|咋个|把|你们|我们|说的|我的|都|全部|所有|这些|的|,|，| )*"
_AFTER = "(?:除|掉|了|空|干净|一下|我的|我们的|所有|全部|嘛|吧|吗|不|要得|可以|。|！|？)*"
_ASKED_FOR = "(?:please |can you |could you |i want to |how do i )*"
_OUR_RECORDS = re.compile(
    rf"{_BEFORE}{_RECORDS}(?:都|全部|全|给我| )*{_AWAY}{_AFTER}|{_BEFORE}{_AWAY}{_AFTER}{_RECORDS}{_AFTER}"
    rf"|{_ASKED_FOR}delete (?:all )?(?:my|our) (?:data|chat|messages|records|account|history)[.?!]*",
    re.IGNORECASE,
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence with what is known around it."""

    text: str
    signs: Signs


def screen(text: str, *, age_months: int | None = None) -> Screened:
    """What danger the words tell, decided by their worst part: by the rules, and where they leave it lower, by the second net.

    `age_months` is the child's age on record; an age told in the words beats it.
    Never raises: whatever goes wrong inside counts as urgent, and the operator's log says so.
    """
    try:
        ruled = by_rules(text, age_months=age_months)
    except Exception as error:  # a failure here must still bring a person
        _log.error("screening_failed", **_where(error))
        return _failed(text)
    if ruled.level is Level.EMERGENCY or _only_our_records(text):
        return ruled
    try:
        written = "\n".join(_written(window) for window in _windows(text))
        return _raised(ruled, second_net().opinion(written, age_months=age_months))
    except Exception as error:  # as above; what the rules found stays
        _log.error("second_net_failed", **_where(error))
        return _failed(text) if ruled.level is Level.NORMAL else ruled


def _only_our_records(text: str) -> bool:
    """A wish to have what we keep deleted, and nothing else: the net hears a farewell in it."""
    return len(text) <= _LONGEST_WISH and bool(_OUR_RECORDS.fullmatch(text.strip()))


def unreadable(text: str = "") -> Screened:
    """For a voice note or picture that nothing can read: a person must look. `text` is a caption, if one came with it."""
    captioned = screen(text)
    if captioned.level is not Level.NORMAL:
        return captioned
    return Screened(text, Level.URGENT, Category.UNREADABLE, "nothing_could_read_it", captioned.child_writing, captioned.infant)


def by_rules(text: str, *, age_months: int | None = None) -> Screened:
    """What the rules alone say. Raises whatever goes wrong: for figures and editors, never for a parent's words."""
    return min(
        (_ruled(window, age_months, whole=text) for window in _windows(text)), key=lambda said: _WORST_FIRST.index(said.level)
    )


def _windows(text: str) -> tuple[str, ...]:
    """A long message in overlapping parts, so that no danger hides in its middle. Of one that nobody types, both ends."""
    if len(text) > 2 * _FARTHEST:
        text = f"{text[:_FARTHEST]}\n{text[-_FARTHEST:]}"
    return tuple(text[start : start + _WINDOW] for start in range(0, max(1, len(text) - _OVERLAP), _WINDOW - _OVERLAP))


def _ruled(window: str, age_months: int | None, *, whole: str) -> Screened:
    """`whole` is the message that the window is a part of, or all of."""
    book, written = rule_book(), _written(window)
    parts = _parts(written, age_months)
    level, rule = _worst(book, parts)
    under_a_year = {age < 12 for part in parts for age in part.signs.ages}
    infant = under_a_year.pop() if len(under_a_year) == 1 else None
    child = bool(book.child_writes.search(written)) and not book.adult_writes.search(written)
    another = bool(book.about_another.search(written))
    if rule is None:
        return Screened(whole, Level.NORMAL, Category.NONE, "", child, infant, another)
    return Screened(whole, level, rule.category, rule.name, child, infant, another)


def _written(text: str) -> str:
    return rule_book().respelled(plain(text))


def _where(error: Exception) -> dict[str, str]:
    """For the log: never the words of the parent, which a full trace with its values, or the error's own sentence, may hold."""
    last = extract_tb(error.__traceback__)[-1]
    return {"error": type(error).__name__, "at": f"{last.filename}:{last.lineno}"}


def _failed(text: str) -> Screened:
    return Screened(text, Level.URGENT, Category.ERROR, "screening_failed", child_writing=False, infant=None)


def _raised(ruled: Screened, opinion: Opinion) -> Screened:
    """The net only raises. Where it is not certain of the class a line is said that fits any."""
    if _WORST_FIRST.index(opinion.level) >= _WORST_FIRST.index(ruled.level):
        return ruled
    if ruled.level is Level.URGENT and not opinion.sure:
        return ruled
    if opinion.certain_of_class:
        return replace(ruled, level=opinion.level, category=opinion.category, rule=BY_NET)
    return replace(ruled, level=opinion.level, category=Category.MEDICAL, rule=BY_NET_UNSURE)


def _parts(written: str, age_on_record: int | None) -> tuple[Part, ...]:
    """The sentences, and once more without the marks between their words where that reads differently."""
    spoken = sentences(written)
    texts = (*spoken, *(text for text in run_together(written) if text not in spoken))
    figures = [read_figures(text) for text in texts]
    message = together(figures)
    return tuple(
        Part(text, signs_around(own, message, age_on_record=age_on_record)) for text, own in zip(texts, figures, strict=True)
    )


def _worst(book: RuleBook, parts: tuple[Part, ...]) -> tuple[Level, Rule | None]:
    """The worst level any rule gives any part, and the first rule that gives it."""
    worst: tuple[Level, Rule | None] = (Level.NORMAL, None)
    for rule in book.rules:
        if worst[0] is rule.level:
            continue
        level = _level_by(rule, book, parts)
        if level is Level.EMERGENCY:
            return level, rule
        if level is Level.URGENT and worst[1] is None:
            worst = (level, rule)
    return worst


def _level_by(rule: Rule, book: RuleBook, parts: tuple[Part, ...]) -> Level:
    levels = [
        level for part in parts if rule.when.holds(part.signs) and (level := _level_of(part.text, rule, book)) is not Level.NORMAL
    ]
    return min(levels, key=_WORST_FIRST.index, default=Level.NORMAL)


def _level_of(text: str, rule: Rule, book: RuleBook) -> Level:
    levels = [_level_of_words(found, text, rule, book) for found in rule.found_in(text)]
    return min(levels, key=_WORST_FIRST.index, default=Level.NORMAL)


def _level_of_words(found: re.Match[str], text: str, rule: Rule, book: RuleBook) -> Level:
    if rule.unless.search(_around(found, text)) or any(guard.covers(text, found) for guard in rule.guards):
        return Level.NORMAL
    return rule.past if book.past.covers(text, found) else rule.level


def _around(found: re.Match[str], text: str) -> str:
    """The clauses of the match and one on each side: what stands farther off says nothing about these words."""
    before, after = text[: found.start()].split(","), text[found.end() :].split(",")
    return ",".join((*before[-2:-1], before[-1] + found.group() + after[0], *after[1:2]))
