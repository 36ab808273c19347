"""The register of personal data in plain words: what is kept, what for, how long. Nothing in the register may lack its words."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from babel.dates import format_timedelta

from app.web.languages import LOCALES, mark, translate
from care.privacy.register import PERSONAL, Personal, Purpose
from knowledge.content import Lang

_AS_LONG = mark("您用多久就留多久")

WORDS: dict[str, str] = {
    "caregiver": mark("您的代号（老师只看得到代号）、语言和大致的地方"),
    "contact": mark("怎么找到您：这个浏览器的号码，或者您的 Telegram"),
    "child": mark("孩子的小名和出生年月，您愿意说才有"),
    "care_of": mark("您和孩子的关系"),
    "consent": mark("您同意了什么、没同意什么"),
    "return_code": mark("回访码（只留加密后的样子）"),
    "share_code": mark("请家人一起用的码（只留加密后的样子）"),
    "dialog": mark("说到一半的话停在哪一步"),
    "question": mark("您问过的问题"),
    "feedback": mark("您说有没有帮上忙"),
    "message": mark("您和我们的对话"),
    "recall_notice": mark("给您看过的内容里，哪些后来更正了，要告诉您"),
    "gap_question": mark("您问过、我们正照着写的问题，写好了要告诉您"),
    "case": mark("转给老师的事"),
    "case_entry": mark("转给老师的话、照片和语音"),
    "duty_page": mark("有危险时叫了哪位值班的人"),
    "call_number": mark("有危险时您留的电话（加密存着，只有接手的人看得到）"),
    "follow_up": mark("第二天要不要来问候您，您怎么说的"),
    "case_look": mark("要保护的事，谁什么时候打开看过"),
    "homework": mark("给孩子布置的小作业"),
    "homework_item": mark("您交作业的照片、视频、语音和话"),
    "homework_comment": mark("老师对作业的点评"),
    "handing_in": mark("正在交哪一份作业"),
    "inbox_update": mark("刚收到、正在处理的消息"),
    "forgotten": mark("您叫我们删过资料这件事（只留加密后的样子，免得以后又恢复出来）"),
    "attempt": mark("输回访码试了几次，一天里发了多少（只留加密后的样子）"),
}
"""The tables that hold something of families; those that hold only staff are not a parent's matter. A test misses none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Things kept equally long for one purpose."""

    things: tuple[str, ...]
    purpose: Purpose
    lasts: str


def kept(lang: Lang) -> tuple[Kept, ...]:
    """In the order of the register, tables of one purpose and one time together."""
    mine = [entry for entry in PERSONAL if entry.table in WORDS]
    groups = groupby(mine, key=lambda entry: (entry.purpose, entry.keep))
    return tuple(_worded(tuple(entries), lang) for _, entries in groups)


def _worded(entries: tuple[Personal, ...], lang: Lang) -> Kept:
    things = tuple(translate(WORDS[entry.table], lang) for entry in entries)
    return Kept(things, entries[0].purpose, _lasts(entries[0].keep, lang))


def _lasts(keep: timedelta | None, lang: Lang) -> str:
    return translate(_AS_LONG, lang) if keep is None else format_timedelta(keep, locale=LOCALES[lang])
