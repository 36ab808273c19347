"""The child's age as parents write it, in months, and how well an age fits the band of a passage."""

import re
import unicodedata

_NUMBER_ZH = r"[0-9]+(?:\.[0-9])?|[二两俩三四五六七八九]?十[一二三四五六七八九]?|[一二两俩三四五六七八九]"
_WORDS_EN = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(1, 13),
        strict=True,
    )
)
_NUMBER_EN = r"[0-9]+(?:\.[0-9])?|" + "|".join(_WORDS_EN)

# A time that passed is no age: 咳了两个月, 怀孕三个月, 早产一个多月, "for two months".
_NO_AGE_ZH = r"(?<![了过孕产晚])(?<!早产了)"
_NO_AGE_EN = r"(?<!for )(?<!in )(?<!past )(?<!last )(?<!every )"

_YEARS_ZH = re.compile(rf"(?P<years>{_NUMBER_ZH})(?:周岁|岁)(?P<more>半|多|几)?零?(?:(?P<months>{_NUMBER_ZH})个?月)?")
_MONTHS_ZH = re.compile(rf"{_NO_AGE_ZH}(?P<months>{_NUMBER_ZH})(?:个(?P<more>半|多)?月|月龄|月大|(?:mo|m)(?![a-z]))")
_YEARS_EN = re.compile(
    rf"\b{_NO_AGE_EN}(?P<years>{_NUMBER_EN})[ -](?:(?P<more>and a half)[ -])?(?:years?|yrs?|yo)\b"
    rf"(?:[ -]old)?(?P<more_after> and a half)?(?:,? (?:and )?(?P<months>{_NUMBER_EN}) months?)?"
)
_MONTHS_EN = re.compile(rf"\b{_NO_AGE_EN}(?P<months>{_NUMBER_EN})[ -]?(?:months?|mos?|m)\b")
_SAID = {"半岁": 6.0, "满月": 1.0, "月子": 0.5, "新生儿": 0.5, "刚出生": 0.0, "周岁": 12.0, "满岁": 12.0, "newborn": 0.5}


def age_in(regular_text: str) -> float | None:
    """The age in months that a regular text names, or None. "一岁多" and "two and a half" stand for half a year more."""
    told = age_and_rest(regular_text)
    return told[0] if told else None


def age_and_rest(regular_text: str) -> tuple[float, str] | None:
    """As `age_in`, with what the text says beside the age."""
    for pattern in (_YEARS_ZH, _MONTHS_ZH, _YEARS_EN, _MONTHS_EN):
        found = pattern.search(regular_text)
        if found:
            return _months(found.groupdict()), f"{regular_text[: found.start()]} {regular_text[found.end() :]}"
    return next(((months, regular_text.replace(said, " ", 1)) for said, months in _SAID.items() if said in regular_text), None)


def age_fit(age_months: float | None, band: tuple[int, int] | None) -> float:
    """1 inside the band or where either is unknown; outside it falls with the distance, and 0 means much too far.

    Parents round, children differ and contacts have several children, so an age is far only at nine months plus half
    the age away from the band.
    """
    if age_months is None or band is None:
        return 1.0
    low, high = band
    away = max(low - age_months, age_months - high, 0.0)
    return max(0.0, 1.0 - away / (9.0 + age_months / 2.0))


def _months(groups: dict[str, str | None]) -> float:
    years, months = groups.get("years"), groups.get("months")
    more = groups.get("more") or groups.get("more_after")
    if years is None:
        return _number(months) + (0.5 if more else 0.0)
    return 12.0 * _number(years) + _number(months) + (6.0 if more else 0.0)


def _number(written: str | None) -> float:
    if not written:
        return 0.0
    if written[0].isascii():
        return float(_WORDS_EN.get(written) or written)
    tens, ten, ones = written.rpartition("十")
    return 10.0 * (_digit(tens) if tens else 1.0) * bool(ten) + (_digit(ones) if ones else 0.0)


def _digit(character: str) -> float:
    return 2.0 if character in "两俩" else unicodedata.numeric(character)
