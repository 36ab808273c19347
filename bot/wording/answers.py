"""Words of answers: a passage, its continuation, titles to choose from, the menu."""

from bot.dialogue.events import Block, Button
from bot.wording import recalls
from bot.wording.rendering import Rows, Speaking, View, Worded, label, small, text, title, words
from care.questions.models import Question
from care.text import age_in_words
from knowledge import source_names, topics
from knowledge.content import AgeBand, Lang, PassageContent, Source
from knowledge.models import Revision


def _revision(view: View) -> Revision:
    return view.session.get_one(Revision, view.facts["revision_id"])


def named(sources: tuple[Source, ...], lang: Lang) -> str:
    if lang == "zh":
        return "；".join(f"{source.organisation}，{source.title}（{source.year}）" for source in sources)
    return "; ".join(
        f"{source_names.named(one.organisation, lang)}, {source_names.named(one.title, lang)} ({one.year})" for one in sources
    )


def band(view: Speaking, age_months: AgeBand) -> str:
    low, high = age_months
    if low <= 0 and high >= 72:
        return view._("各个年龄都适用")
    if high <= 0:
        return view._("怀孕时用")
    return view._("适合{low}到{high}", low=age_in_words(low, view.lang), high=age_in_words(high, view.lang))


def _under_passage(view: Speaking, ids: str, *, more: bool) -> Rows:
    rating = (Button(view._("有帮助"), f"helped:{ids}:1"), Button(view._("没帮上"), f"helped:{ids}:0"))
    on = (Button(view._("往下看"), f"more:{ids}"),) if more else ()
    person = Button(view._("问老师"), f"person:{ids.partition(':')[0]}")
    return (*((on,) if on else ()), rating, (person, Button(view._("相关的"), f"related:{ids}")))


def passage(view: Speaking, content: PassageContent, *, reviewed: bool, ids: str = "0:0") -> Worded:
    """A passage as a parent reads it. `ids` are those of the question and of the revision, for the buttons under it."""
    wording = content.wording(view.lang)
    blocks: list[Block] = [title(wording.title), text(wording.text)]
    if wording.danger_signs:
        signs = "\n".join(f"· {sign}" for sign in wording.danger_signs)
        blocks.append(text(view._("有下面的情况，马上去医院或打120：") + "\n" + signs))
    notes = [band(view, content.age_months), view._("来源：{sources}", sources=named(content.sources, view.lang))]
    if not reviewed:
        notes.append(view._("待本地专家审核"))
    return (*blocks, small("\n".join(notes))), _under_passage(view, ids, more=bool(wording.more))


def rest_of_passage(view: Speaking, content: PassageContent, *, ids: str = "0:0") -> Worded:
    """What unfolds under it."""
    wording = content.wording(view.lang)
    return (title(wording.title), text(wording.more or wording.text)), _under_passage(view, ids, more=False)


def _ids(view: View) -> str:
    return f"{view.facts.get('question_id') or 0}:{view.message.facts['revision_id']}"


@words("answer")
def answer(view: View) -> Worded:
    revision = _revision(view)
    shown = passage(view, revision.says(), reviewed=view.facts["reviewed"], ids=_ids(view))
    return recalls.instead(view, revision) or shown


@words("read_on")
def read_on(view: View) -> Worded:
    revision = _revision(view)
    return recalls.instead(view, revision) or rest_of_passage(view, revision.says(), ids=_ids(view))


def _title_buttons(view: View) -> Rows:
    rows = []
    for revision_id in view.facts["revision_ids"]:
        content = view.session.get_one(Revision, revision_id).says()
        press = f"show:{view.facts.get('question_id') or 0}:{revision_id}"
        rows.append((Button(label(content.wording(view.lang).title), press),))
    return tuple(rows)


@words("choices")
def choices(view: View) -> Worded:
    person = (Button(view._("都不是，请老师回答"), f"person:{view.facts.get('question_id') or 0}"),)
    return (text(_which(view)),), (*_title_buttons(view), person)


def _which(view: View) -> str:
    if view.facts.get("related"):
        return view._("这些也和您问的有关：")
    if view.facts.get("again"):
        return view._("接着刚才那个问题，您问的是下面哪一个？点一下就看。")
    asked = asked_words(view, view.facts.get("question_id")) if view.facts.get("part") else ""
    if asked:
        return view._("「{asked}」，您问的是下面哪一个？点一下就看。", asked=asked)
    return view._("您问的是下面哪一个？点一下就看。")


def asked_words(view: View, question_id: int | None) -> str:
    """Her own words, as far as they are still kept."""
    question = view.session.get(Question, question_id) if question_id else None
    return " ".join(question.text.split()).rstrip("。.") if question else ""


@words("menu")
def menu(view: View) -> Worded:
    buttons = [Button(group.name(view.lang), f"group:{group.slug}") for group in topics.groups()]
    pairs = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    return (text(view._("想看哪方面的？")),), (
        *pairs,
        (Button(view._("这个月的指导"), "guide"), Button(view._("家长课堂"), "courses")),
        (Button(view._("亲子小任务"), "hw"),),
    )


@words("titles")
def titles(view: View) -> Worded:
    group = next(group for group in topics.groups() if group.slug == view.facts["group"])
    age = view.facts.get("age_months")
    head = view._("{group}：点一个看。", group=group.name(view.lang))
    if age is not None:
        head = view._("{group}：点一个看，最适合{age}的在前面。", group=group.name(view.lang), age=age_in_words(age, view.lang))
    more = ((Button(view._("还有别的"), f"titles:{view.message.number}"),),) if view.facts.get("rest") else ()
    return (text(head),), (*_title_buttons(view), *more, (Button(view._("回到目录"), "menu"),))


@words("nothing_here")
def nothing_here(view: View) -> Worded:
    return (text(view._("这一类眼下还没有内容。您可以直接问我，答不上来我就请老师答。")),), (
        (Button(view._("回到目录"), "menu"),),
    )


@words("nothing_related")
def nothing_related(view: View) -> Worded:
    return (text(view._("眼下没有别的相关内容。您可以接着问，或者看看目录。")),), ((Button(view._("看看目录"), "menu"),),)


@words("decline")
def decline(view: View) -> Worded:
    said = view._("这个我不懂，怕说错了误您的事。我只会答养孩子、教孩子的事，比如吃饭、睡觉、生病、发脾气。")
    return (text(said),), (
        (Button(view._("想和老师说说"), f"person:{view.facts['question_id']}"), Button(view._("看看目录"), "menu")),
    )


@words("glad_it_helped")
def glad(view: View) -> Worded:
    return (text(view._("那就好。有事随时问我。")),), ()


@words("ask_why_reason")
def ask_why(view: View) -> Worded:
    version = view.facts["version"]
    reasons = (
        ("not_my_question", view._("不是我问的")),
        ("wrong_age", view._("年龄不对")),
        ("hard_to_do", view._("做不到")),
        ("hard_to_understand", view._("看不懂")),
    )
    rows = tuple((Button(label, f"f:{version}:{reason}"),) for reason, label in reasons)
    return (text(view._("谢谢您告诉我。是哪里没帮上？点一下，或者写一句。")),), (
        *rows,
        (Button(view._("不说了"), f"f:{version}:skip"),),
    )


@words("thanks_for_why")
def thanks_for_why(view: View) -> Worded:
    said = view._("记下了，写内容的老师会看到。要不要请老师直接回答您？")
    return (text(said),), ((Button(view._("请老师回答"), f"person:{view.facts.get('question_id') or 0}"),),)
