"""Figures a message tells: the child's age, the temperature, for how many days. Reads them; what they mean stands in the rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORDS = {
    "one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_ZH_NUMBER = re.compile(
    r"(?<=[度点])[一二三四五六七八九]|[零一二两俩三四五六七八九]?十[一二三四五六七八九]?|[零一二两俩三四五六七八九](?=[个岁天周度点月日])"
)
_N = r"(\d{1,3}(?:\.\d)?)"
_WHO = r"(?:宝宝|宝贝|娃儿?|幺儿|孩子|小孩|崽崽?|女儿|儿子|妹妹?|弟弟?|孙子|孙女|外孙|婴儿|他|她|它|老大|老二|大的|小的)"
_LASTING = (
    r"(?:[咳烧拉吐泻病用闹哭痛堵屙热停睡憋等过打吵吃喝搞稀嗽秘涕塞]|肚子)"
    r"了?(?:快|有|都|好几|差不多)?$"
)
_AGE_MONTHS = (
    (re.compile(rf"{_N}个?月(?:都|还|倒)?(?:不到|没到|没满)"), 1.0, -0.1),
    (re.compile(rf"还(?:差|有|剩)[^,]{{0,5}}(?:才|就|到)?满?{_N}个?月"), 1.0, -0.1),
    (re.compile(rf"{_N}岁半"), 12.0, 6.0),
    (re.compile(rf"{_N}岁零?{_N}个?月"), 12.0, 0.0),
    (re.compile(rf"{_N}岁(?!月)"), 12.0, 0.0),
    (re.compile(rf"(?<![\d岁零]){_N}个(?:多|半)?月"), 1.0, 0.0),
    (re.compile(rf"(?<![\d岁零]){_N}个?月(?:龄|大)"), 1.0, 0.0),
    (re.compile(rf"{_N}(?:个?星期|周)(?:大|的|多)"), 0.23, 0.0),
    (re.compile(rf"(?:出生|生下来|生了?|才|刚){_N}(?:个?星期|周)"), 0.23, 0.0),
    (re.compile(rf"(?:出生|生下来|才|刚|满)(?:第|了)?{_N}(?:多|来|几)?天|{_N}(?:多|来|几)?天(?:大|的?{_WHO})"), 0.0329, 0.0),
    (re.compile(rf"{_WHO}(?:才|刚|今天)?(?:第|满)?{_N}(?:多|来)?天(?=$|[ ,的]|大|体温|发烧)"), 0.0329, 0.0),
    (re.compile(rf"(?:不到|未满|没满|不满|没到|没得){_N}个?月"), 1.0, -0.1),
    (re.compile(rf"(?:under|almost|nearly|not yet) {_N} months?"), 1.0, -0.1),
    (re.compile(rf"(?:is|'s|only|just) {_N} (?:weeks?|wks?)\b"), 0.23, 0.0),
    (re.compile(rf"(?<!for ){_N}[\s-]?(?:months?|mos?|mths?|m/o)\b(?!\s+(?:ago|now|straight|later))"), 1.0, 0.0),
    (re.compile(rf"{_N}[\s-]?(?:weeks?|wks?)[\s-]?(?:old|baby)"), 0.23, 0.0),
    (re.compile(rf"{_N}[\s-]?days?[\s-]?(?:old|baby)"), 0.0329, 0.0),
    (re.compile(rf"{_N}[\s-]?(?:years?|yrs?|y/?o)[\s-]?(?:old)?\b(?!\s+ago)"), 12.0, 0.0),
)
_YEARS_AND_MONTHS = re.compile(r"\b(\d)\s?(?:years?|yrs?|y)\b,?\s?(?:and\s)?(\d{1,2})\s?(?:months?|mos?|m)\b")
_NEWBORN = re.compile(
    r"新生儿|月子里的?娃|坐月子|刚出生|刚生下来|(?:刚|才|没|未)满月|满月的?(?:娃|宝|崽|幺)|月娃|月子头?里?的?娃|newborn|new born"
)
_HALF_YEAR = re.compile(r"(?<![\d一年])半岁|半岁多|half a year old")
_HUNDRED_DAYS = re.compile(r"(?:刚过|满|过了|才)?百天|满?一百天|100天")
_CELSIUS = re.compile(
    r"(?<![\d.])(3[4-9]|4[0-3])(?:(?:\.|点|度)([0-9])(?!\d)|(?:度|c\b|摄氏|℃)|(?=[^\d.岁个月天斤周mwy块元号点楼]|$))"
)
_FAHRENHEIT = re.compile(r"(?<![\d.])(9[4-9]|10[0-8])(?:\.(\d))?\s?(?:f\b|degrees|度|fahrenheit)|(?<![\d.])(10[0-6])\.(\d)")
_DAYS = re.compile(
    r"(?:烧|热|热度|fever|temperature)[^,]{0,14}?(\d{1,2})\s?(?:天|日(?!本)|days?)|(\d{1,2})\s?(?:天|days?)[^,]{0,10}(?:烧|fever|temperature)"
)
_WEEK = re.compile(r"(?:烧|热).{0,6}(?:[一1]个?(?:星期|周|礼拜)|好几天)|fever.{0,20}(?:a|one|whole|1) week")
_NTH_DAY = re.compile(r"day (\d{1,2}) of (?:the |his |her )?fever")


_SO_FAR = r"\d{1,2}(?:\.\d)?个?(?:多|半)?(?:月|周|星期|礼拜|天)"
_HOW_FAR_PREGNANT = re.compile(
    rf"(?:怀(?!疑)[^,\d]{{0,6}}|孕[^,\d]{{0,4}}|妊娠|肚子?里[^,\d]{{0,5}}){_SO_FAR}"
    rf"|孕了?[ ,]+{_SO_FAR}(?!大|龄|的?{_WHO})|{_SO_FAR}的?(?:身孕|孕|大肚)"
    r"|\d{1,2}[\s-]?(?:weeks?|wks?|months?|mos?)[\s-]?(?:pregnant|along|gestation|in(?:to)? (?:my|the|her) pregnancy)"
    r"|pregnant[^,\d]{0,10}\d{1,2}[\s-]?(?:weeks?|wks?|months?|mos?)\b(?![\s-]?old)"
)
"""How long a woman has been pregnant is no child's age."""
_PREGNANT = re.compile(
    r"(?<![备避代不])怀?孕(?!的?时|前|之前|那|吐|酮)|怀(?:起|着|上|了)(?!的?时|疑)|怀(?:二|三|双)|妊娠|胎动|预产期|临产|大肚子|肚子?里头?的?(?:娃|宝|孩子|胎)"
    r"|(?<!was )(?<!were )(?<!get )(?<!got )(?<!not )\bpregnant|\b(?:this|my|her|late|early|during|in) pregnancy|trimester"
    r"|\d周了?[ ,]*(?:见红|破水|宫缩)|weeks? (?:along|gestation)|due date|\bdue in \d|\bin labou?r\b"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one sentence tells in figures; None where nothing is told."""

    age_months: float | None
    highest_celsius: float | None
    lowest_celsius: float | None
    fever_days: int | None
    pregnant: bool
    """Somebody is with child now, as far as the words tell."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known around one sentence: its own figures, else those of the whole message. More words never make it safer."""

    ages: tuple[float, ...]
    """In months. An age told in the sentence beats the rest; else any age told elsewhere or on record may be meant."""
    highest_celsius: float | None
    lowest_celsius: float | None
    fever_days: int | None
    measured_here: bool
    """The sentence itself tells a temperature."""
    pregnant: bool


def read_figures(sentence: str) -> Figures:
    """`sentence` is plain; of several ages the lowest counts, because it is the most at risk."""
    numbers = with_figures(sentence)
    celsius = _celsius(numbers)
    return Figures(
        age_months=_told_age(_HOW_FAR_PREGNANT.sub(" ", numbers)),
        highest_celsius=max(celsius, default=None),
        lowest_celsius=min(celsius, default=None),
        fever_days=_fever_days(numbers),
        pregnant=bool(_PREGNANT.search(numbers)),
    )


def together(figures: Sequence[Figures]) -> Figures:
    """The worst figures of several sentences."""
    return Figures(
        age_months=min((one.age_months for one in figures if one.age_months is not None), default=None),
        highest_celsius=max((one.highest_celsius for one in figures if one.highest_celsius is not None), default=None),
        lowest_celsius=min((one.lowest_celsius for one in figures if one.lowest_celsius is not None), default=None),
        fever_days=max((one.fever_days for one in figures if one.fever_days is not None), default=None),
        pregnant=any(one.pregnant for one in figures),
    )


def signs_around(sentence: Figures, message: Figures, *, age_on_record: int | None) -> Signs:
    """What is known for one sentence of a message."""
    elsewhere = tuple(age for age in (message.age_months, age_on_record) if age is not None)
    return Signs(
        ages=elsewhere if sentence.age_months is None else (sentence.age_months,),
        highest_celsius=message.highest_celsius,
        lowest_celsius=message.lowest_celsius,
        fever_days=message.fever_days,
        measured_here=sentence.highest_celsius is not None,
        pregnant=message.pregnant,
    )


def with_figures(text: str) -> str:
    """Chinese and short English number words as digits."""
    figured = _ZH_NUMBER.sub(lambda found: str(_zh_value(found.group())), text)
    figured = _YEARS_AND_MONTHS.sub(lambda found: f"{int(found[1]) * 12 + int(found[2])} months", figured)
    return re.sub(
        rf"\b({'|'.join(_WORDS)})(?=[\s-](?:and a half )?(?:day|week|month|year))",
        lambda found: str(_WORDS[found.group()]),
        figured,
    )


def _zh_value(word: str) -> int:
    tens, mark, ones = word.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if mark else 0) + _DIGITS.get(ones, 0)


def _told_age(text: str) -> float | None:
    ages = [
        age
        for pattern, unit, extra in _AGE_MONTHS
        for found in pattern.finditer(text)
        if (age := _age(found, text, unit, extra)) is not None
    ]
    if _NEWBORN.search(text):
        ages.append(0.5)
    if _HUNDRED_DAYS.search(text):
        ages.append(3.0)
    if _HALF_YEAR.search(text):
        ages.append(6.0)
    return min(ages, default=None)


def _age(found: re.Match[str], text: str, unit: float, extra: float) -> float | None:
    """None when the figure is how long something lasted, as in 咳了一个月, or the age of an adult."""
    if re.search(_LASTING, text[max(0, found.start() - 8) : found.start()]):
        return None
    first, *more = [float(number) for number in found.groups() if number]
    months = first * unit + extra + (more[0] if more else 0.0)
    return months if months < 15 * 12 else None


def _celsius(text: str) -> list[float]:
    found = [float(f"{whole}.{tenth or 0}") for whole, tenth in _CELSIUS.findall(text)]
    found += [(float(f"{a or c}.{b or d or 0}") - 32) / 1.8 for a, b, c, d in _FAHRENHEIT.findall(text)]
    return [round(degrees, 1) for degrees in found]


def _fever_days(text: str) -> int | None:
    days = [int(first or second) for first, second in _DAYS.findall(text)] + [int(day) for day in _NTH_DAY.findall(text)]
    return max(days) if days else 7 if _WEEK.search(text) else None
