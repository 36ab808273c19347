"""Words of what is printed: the card of a course for the wall, and the plan of its class for the instructor."""

import re
from collections.abc import Callable, Iterator, Mapping

from babel.dates import format_date

from bot.papers.models import Card, HelpLine, Paper, Part, Plan
from bot.wording.answers import band, named
from bot.wording.rendering import InLang
from kit import clock
from knowledge.content import Lang
from knowledge.courses import Course

_NOT_IN_A_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def card(course: Course, lang: Lang, *, operator: str) -> Paper:
    said, view = course.wording(lang), InLang(lang)
    sheet = Card(
        head=view._("家长课堂：{title}", title=said.title),
        title=said.tool.title,
        whom=view._("{intro}（{band}）", intro=said.intro, band=band(view, course.age_months)),
        lines=said.tool.lines,
        help_title=view._("有事找谁"),
        numbers=tuple(HelpLine(number=number, name=_names(view)[number]) for number in course.numbers(lang)),
        help=view._("拿不准：问村医，或者乡镇卫生院、社区卫生服务中心的儿保门诊；也可以在「陪伴」里问老师。"),
        blanks=(view._("村医电话"), view._("村社电话")),
        review=_review(view, course),
        source=_source(view, course),
        imprint=_imprint(view, course, operator),
    )
    return _paper(course, "card", view, label=view._("存下打印的那一页（PDF）"), title=said.tool.title, sheet=sheet)


def plan(course: Course, lang: Lang, *, operator: str) -> Paper:
    said, view = course.wording(lang), InLang(lang)
    sheet = Plan(
        head=view._("家长课堂：一小时课的教案"),
        title=said.title,
        before=(
            Part(name=view._("目标"), text=said.plan.aim),
            Part(name=view._("要带的东西"), text=said.plan.bring),
        ),
        steps=tuple(_steps(view, course)),
        after=(
            Part(name=view._("回家试"), text=said.plan.home),
            Part(name=view._("发给家长的卡"), text=said.tool.title),
        ),
        review=_review(view, course),
        source=_source(view, course),
        imprint=_imprint(view, course, operator),
    )
    title = view._("教案 {title}", title=said.title)
    return _paper(course, "plan", view, label=view._("存下教案（PDF）"), title=title, sheet=sheet)


PARTS: Mapping[str, Callable[..., Paper]] = {"card": card, "plan": plan}


def _paper(course: Course, part: str, view: InLang, *, label: str, title: str, sheet: Card | Plan) -> Paper:
    name = " ".join(_NOT_IN_A_FILE_NAME.sub(" ", title).split())
    return Paper(view.lang, f"/papers/{part}/{view.lang}/{course.slug}.pdf", label, name, sheet)


def _steps(view: InLang, course: Course) -> Iterator[Part]:
    begin = 0
    for step in course.wording(view.lang).plan.steps:
        end = begin + step.minutes
        yield Part(name=view._("{begin}–{end} 分钟", begin=begin, end=end), text=step.text)
        begin = end


def _names(view: InLang) -> dict[str, str]:
    """Who answers at `knowledge.courses.HELP_NUMBERS`."""
    return {
        "120": view._("急救"),
        "110": view._("报警"),
        "119": view._("火警"),
        "12356": view._("心里难受，有人听您说（不一定整夜有人接）"),
        "12338": view._("妇联：挨打受气、家里的难处（一般上班时间接）"),
    }


def _review(view: InLang, course: Course) -> str:
    return view._("待本地专家审核") if course.review.state == "unreviewed" else ""


def _source(view: InLang, course: Course) -> str:
    return view._("来源：{sources}", sources=named(course.sources, view.lang))


def _imprint(view: InLang, course: Course, operator: str) -> str:
    day = format_date(clock.today(), "long", locale="zh_CN" if view.lang == "zh" else "en_GB")
    return view._(
        "{operator}，「陪伴」家长课堂，版号 {mark}，{day}印。内容会更新，版号变了就换新的一张。",
        operator=operator,
        mark=course.mark,
        day=day,
    )
