"""Words about passages: what is to be mended in a field, and what the fields, audiences, topics and ages are called."""

from app.web.languages import mark, translate, translations
from care.text import age_in_words
from knowledge import source_names, topics
from knowledge.comparing import Difference, Piece
from knowledge.content import Audience, Lang
from knowledge.drafts import DraftSource, Finding, Problem

LABELS: dict[str, str] = {
    "zh_title": mark("中文题目"),
    "zh_text": mark("中文正文"),
    "zh_more": mark("中文「往下看」"),
    "zh_questions": mark("中文的问法"),
    "zh_danger_signs": mark("中文的危险信号"),
    "en_title": mark("英文题目"),
    "en_text": mark("英文正文"),
    "en_more": mark("英文「往下看」"),
    "en_questions": mark("英文的问法"),
    "en_danger_signs": mark("英文的危险信号"),
    "topics": mark("主题"),
    "age": mark("适合的年龄"),
    "audiences": mark("给哪些家庭"),
    "sources": mark("来源"),
}

AUDIENCES: dict[Audience, str] = {
    Audience.NEW_PARENTS: mark("新手爸妈"),
    Audience.ORDINARY_FAMILIES: mark("一般家庭"),
    Audience.SPECIAL_NEEDS: mark("孩子有特殊需要的家庭"),
    Audience.GUARDIANSHIP_RISK: mark("照看有困难的家庭"),
}

_SENTENCES: dict[Problem, str] = {
    Problem.MISSING: mark("这里还没有写。"),
    Problem.TOO_SHORT: mark("太短了，至少要 %(least)s 个字，现在是 %(now)s 个。"),
    Problem.TOO_LONG: mark("太长了，最多 %(most)s 个字，现在是 %(now)s 个。"),
    Problem.LINE_TOO_LONG: mark("第 %(line)s 行太长了，一行最多 %(most)s 个字。"),
    Problem.TOO_FEW: mark("至少写 %(least)s 行，现在有 %(now)s 行。"),
    Problem.TOO_MANY: mark("最多 %(most)s 个，现在有 %(now)s 个。"),
    Problem.TWICE: mark("「%(line)s」写了两遍，留一遍就够了。"),
    Problem.MARKUP: mark("有一行用 # 开头。家长看到的就是您写的字，不用这些记号，请去掉。"),
    Problem.UNKNOWN: mark("选的这一项现在没有了，请重新选。"),
    Problem.NO_NUMBER: mark("年龄请填数字，比如 1 岁 6 个月，或者 18 个月。"),
    Problem.NO_YEAR: mark("请填出版的年份，四位数字，1950 年以后。"),
    Problem.ORDER: mark("「到」要比「从」大。"),
    Problem.OUT_OF_RANGE: mark("年龄最早到出生前 10 个月，最晚到 18 岁。"),
}
_SPECIAL: dict[tuple[str, Problem], str] = {
    ("topics", Problem.MISSING): mark("请至少选一个主题，最主要的放在第一个。"),
    ("topics", Problem.TWICE): mark("同一个主题选了两遍。"),
    ("age", Problem.MISSING): mark("请填从多大到多大，岁和月填一个就行。"),
    ("audiences", Problem.MISSING): mark("请至少勾一项。"),
    ("sources", Problem.MISSING): mark("每一篇都要有来源，请选一个，或者添一个新的。"),
    ("sources", Problem.TOO_SHORT): mark("来源要写清是哪个机构、哪份资料。"),
}


def finding(found: Finding, lang: Lang) -> str:
    """One sentence that says how to mend it."""
    sentence = _SPECIAL.get((found.where, found.problem), _SENTENCES[found.problem])
    return translate(sentence, lang, **found.facts) if found.facts else translate(sentence, lang)


def label(field: str, lang: Lang) -> str:
    return translate(LABELS[field], lang)


def topic_name(slug: str, lang: Lang) -> str:
    known = topics.by_slug().get(slug)
    return known.name(lang) if known else slug


def source(one: DraftSource, lang: Lang) -> str:
    """As it stands under a passage."""
    organisation, title = source_names.named(one.organisation, lang), source_names.named(one.title, lang)
    return f"{organisation}，{title}（{one.year}）" if lang == "zh" else f"{organisation}, {title} ({one.year})"


def source_name(name: str, lang: Lang) -> str:
    """Of an organisation or a title alone."""
    return source_names.named(name, lang)


def ages(months: tuple[int | None, int | None], lang: Lang) -> str:
    """«12个月到3岁»; what is not filled in stands as dots."""
    low, high = ("……" if month is None else _age(month, lang) for month in months)
    return translate("%(low)s到%(high)s", lang, low=low, high=high)


def _age(month: int, lang: Lang) -> str:
    if month < 0:
        words = translations(lang).ngettext("出生前%(num)s个月", "出生前%(num)s个月", -month)
        return words % {"num": -month}
    return age_in_words(month, lang)


def pieces(difference: Difference, side: tuple[Piece, ...], lang: Lang) -> list[Piece]:
    """One side of a difference in names instead of what is stored."""
    return [Piece(piece.mark, "".join(_named(difference.field, line, lang) for line in _lines(piece.text))) for piece in side]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _named(field: str, line: str, lang: Lang) -> str:
    bare = line.rstrip("\n")
    end = line[len(bare) :]
    if field == "topics":
        return topic_name(bare, lang) + end
    if field == "audiences":
        return translate(AUDIENCES[Audience(bare)], lang) + end if bare in set(Audience) else line
    if field == "age":
        return (_age(int(bare), lang) if bare.removeprefix("-").isdecimal() else bare) + end
    return line
