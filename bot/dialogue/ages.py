"""How old the child is: on record, or told in the parent's own words a short while ago. Nothing is written here.

What she told is read again from her talk, so that it is forgotten with it.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.dialogue.turn import Turn
from care.families import queries as families
from care.messages import queries as messages
from care.privacy import queries as consents
from care.privacy.models import ConsentPurpose
from index.ages import age_and_rest
from index.text import regular
from kit import clock

LASTS = timedelta(hours=1)
OLDEST = 18 * 12
"""Beyond it the words are about a grown-up."""
_YEAR_MONTH = re.compile(r"(20\d\d)\s*[年./-]\s*(1[0-2]|0?[1-9])(?!\d)")
_BOUND = re.compile(r"不[到满足]|未满|没满|没到|under |less than |not (?:yet|quite) ", re.IGNORECASE)
_BESIDE = re.compile(
    r"(?:我|咱|你|您|家|的|们|那个|这个|个|小|大|老|一|二|孙娃子?|外?孙[子女]?|重孙|女儿|儿子|女[娃孩]?|男[娃孩]?|幺|妹|弟|娃|儿|宝宝?|宝贝|乖"
    r"|孩子|小孩|姑娘|丫头|崽|([豆毛乐贝妞萌果米糖甜阳壮明丽球圆团])\1|[一二三四五六]年级|今年|现在|刚|才|快|满|差不多|有|是|到|了|啦|哈|嘛|哦|呢|啊|大约|左右|多|点|过|虚岁|零|月|份|生|出|于"
    r"|\d{1,2}(?:日|号|天)?|my|our|son|daughter|baby|child|kid|girl|boy|is|hes|shes|he|she|its|it|s|old|now|just|almost|born|in|and|a|the)*"
)


def stated(text: str) -> int | None:
    """The age in months that words tell which tell hardly anything else."""
    if _BOUND.search(text):
        return None
    told = age_and_rest(regular(text))
    return _childs(told[0]) if told and _hardly_more(told[1]) else None


def in_words(text: str) -> int | None:
    """The one age that is told among other things."""
    told = age_and_rest(regular(text))
    return _childs(told[0]) if told and age_and_rest(told[1]) is None else None


def birth_month_stated(text: str) -> date | None:
    """ "2024年3月", "2024-03" or an age like "一岁半", with hardly anything beside it."""
    written = _YEAR_MONTH.search(text)
    if written and _hardly_more(regular(text.replace(written[0], " ", 1))):
        return _sensible(date(int(written[1]), int(written[2]), 1))
    months = stated(text)
    return born(months) if months is not None else None


def born(months_ago: int) -> date:
    return clock.today().replace(day=1) - relativedelta(months=months_ago)


def lately(turn: Turn) -> int | None:
    """What she told last within the hour; nothing of who wants nothing kept. "Not yet two" tells no age."""
    return next(
        (months for text in _said_lately(turn) if not _BOUND.search(text) and (months := in_words(text)) is not None), None
    )


def stated_lately(turn: Turn) -> int | None:
    """What she told by itself within the hour, and we said that it was noted."""
    return next((months for text in _said_lately(turn) if (months := stated(text)) is not None), None)


def _said_lately(turn: Turn) -> Sequence[str]:
    if consents.refuses(turn.session, turn.who, ConsentPurpose.ANSWERING):
        return ()
    return messages.words_since(turn.session, turn.who, since=clock.now() - LASTS)


def known(turn: Turn) -> int | None:
    """Of the child she asks about; where no child is on record, as she told it."""
    if families.children(turn.session, turn.who):
        return families.current_age(turn.session, turn.who)
    bounds = [months for text in _said_lately(turn) if _BOUND.search(text) and (months := in_words(text)) is not None]
    exact = lately(turn)
    return min([*bounds[:1], *([exact] if exact is not None else [])], default=None)  # the younger is the more in danger


def _hardly_more(rest: str) -> bool:
    return bool(_BESIDE.fullmatch("".join(character for character in rest if character.isalnum())))


def _childs(months: float) -> int | None:
    return round(months) if months <= OLDEST else None


def _sensible(month: date) -> date | None:
    today = clock.today()
    return month if today - relativedelta(months=OLDEST) <= month <= today + relativedelta(months=10) else None
