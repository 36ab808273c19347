"""In which language a person writes to us, and how an age or a text with a telephone number in it is shown."""

import re

from knowledge.content import Lang

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")


def lang_of(text: str, *, otherwise: str) -> Lang:
    """One Chinese character is enough for zh; en takes two words, so that «ok» or «38.5C» does not switch."""
    if _CHINESE.search(text):
        return "zh"
    if len(_WORD.findall(text)) >= 2:
        return "en"
    return "en" if otherwise == "en" else "zh"


def age_in_words(months: int, lang: Lang) -> str:
    """「8个月」「2岁」「2岁半」「3岁5个月」; «8 months», «2 years», «3 years 5 months». Before birth says so."""
    if months < 0:
        return "出生前" if lang == "zh" else "before birth"
    years, rest = divmod(months, 12)
    if lang == "zh":
        if not years:
            return "刚出生" if months == 0 else f"{months}个月"
        return f"{years}岁" + ("" if not rest else "半" if rest == 6 else f"{rest}个月")
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((years, "year"), (rest, "month")) if count]
    return " ".join(parts) or "newborn"


HIDDEN_NUMBER = "☎•••••••"
"""Stands where a number was, in either language."""


def numbers_in(text: str) -> list[str]:
    """Every mobile number in the text, its digits alone."""
    return [re.sub(r"[- ]", "", found) for found in _MOBILE.findall(text)]


def without_numbers(text: str, *, instead: str) -> str:
    """The text with every mobile number in it replaced."""
    return _MOBILE.sub(instead, text)
