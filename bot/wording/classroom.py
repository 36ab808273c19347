"""Words of the Parents' Classroom and of the guidance for an age."""

from bot.dialogue.events import Block, Button
from bot.papers.models import Paper
from bot.wording import papers
from bot.wording.answers import named
from bot.wording.rendering import PAPERS, Rows, View, Worded, label, small, text, title, words
from care.text import age_in_words
from knowledge import courses, guidance
from knowledge.content import Review, Source
from knowledge.guidance import GuideKind
from knowledge.models import Revision


def _back(view: View) -> tuple[Button, ...]:
    return (Button(view._("家长课堂"), "courses"), Button(view._("回到目录"), "menu"))


def _notes(view: View, review: Review, sources: tuple[Source, ...]) -> Block:
    notes = [view._("来源：{sources}", sources=named(sources, view.lang))]
    if review.state == "unreviewed":
        notes.append(view._("待本地专家审核"))
    return small("\n".join(notes))


def _kind(view: View, kind: GuideKind) -> str:
    return {
        GuideKind.PLAY: view._("耍一耍"),
        GuideKind.TALK: view._("说一说"),
        GuideKind.SAFETY: view._("防一防"),
        GuideKind.WATCH: view._("看一看"),
        GuideKind.SEE: view._("找谁问"),
    }[kind]


@words("guidance_needs_age")
def guidance_needs_age(view: View) -> Worded:
    return (text(view._("指导是按月龄配的。先告诉我孩子多大，马上就给您看。")),), ()


@words("guidance_none")
def guidance_none(view: View) -> Worded:
    age = age_in_words(view.facts["age_months"], view.lang)
    return (text(view._("{age}的指导我们还没有写好。您可以看看目录，或者直接问我。", age=age)),), (
        (Button(view._("看看目录"), "menu"),),
    )


@words("guidance")
def guidance_package(view: View) -> Worded:
    found = guidance.package(view.facts["package"])
    if found is None:
        return (text(view._("这份指导已经换新了，请再点一次。")),), ((Button(view._("这个月的指导"), "guide"),),)
    age = age_in_words(view.facts["age_months"], view.lang)
    said = [text(f"{_kind(view, one.kind)}\n{one.wording(view.lang)}") for one in found.guides]
    links = tuple(
        (_passage(view, view.facts["revisions"][one.passage]),) for one in found.guides if one.passage in view.facts["revisions"]
    )
    doors = (Button(view._("亲子小任务"), "hw"), Button(view._("家长课堂"), "courses"))
    return (title(view._("{age}的指导", age=age)), *said, _notes(view, found.review, found.sources)), (*links, doors)


def _passage(view: View, revision_id: int) -> Button:
    content = view.session.get_one(Revision, revision_id).says()
    return Button(label(content.wording(view.lang).title), f"show:0:{revision_id}")


@words("courses_none")
def courses_none(view: View) -> Worded:
    return (text(view._("课程就这些了。")),), (_back(view),)


@words("courses")
def all_courses(view: View) -> Worded:
    age = view.facts.get("age_months")
    head = view._("家长课堂：点一门看看。")
    if age is not None:
        head = view._("家长课堂：点一门看看，适合{age}的在前面。", age=age_in_words(age, view.lang))
    found = [one for one in map(courses.course, view.facts["courses"]) if one]
    rows: Rows = tuple((Button(label(one.wording(view.lang).title), f"course:{one.slug}"),) for one in found)
    more = ((Button(view._("还有别的"), f"courses:{view.facts['following']}"),),) if view.facts.get("following") else ()
    return (text(head),), (*rows, *more, (Button(view._("回到目录"), "menu"),))


def _gone(view: View) -> Worded:
    return (text(view._("这门课已经换新了，请从家长课堂里再选。")),), (_back(view),)


@words("course")
def course(view: View) -> Worded:
    found = courses.course(view.facts["course"])
    if found is None:
        return _gone(view)
    said = found.wording(view.lang)
    scenes: Rows = tuple(
        (Button(label(scene.title), f"scene:{found.slug}:{number}"),) for number, scene in enumerate(said.scenes)
    )
    card = (Button(label(said.tool.title), f"tool:{found.slug}"),)
    blocks = (title(said.title), text(said.intro), _notes(view, found.review, found.sources))
    return blocks, (*scenes, card, _back(view))


@words("course_scene")
def course_scene(view: View) -> Worded:
    found = courses.course(view.facts["course"])
    if found is None or view.facts["scene"] >= len(found.passages):
        return _gone(view)
    scene = found.wording(view.lang).scenes[view.facts["scene"]]
    passages: Rows = tuple((_passage(view, revision_id),) for revision_id in view.facts["revision_ids"])
    on = view.facts["scene"] + 1
    following = ((Button(view._("下一个场面"), f"scene:{found.slug}:{on}"),),) if on < len(found.passages) else ()
    back = (Button(view._("回到这门课"), f"course:{found.slug}"), Button(view._("问老师"), "person:0"))
    return (title(scene.title), text(scene.text)), (*passages, *following, back)


@words("course_tool")
def course_tool(view: View) -> Worded:
    found = courses.course(view.facts["course"])
    if found is None:
        return _gone(view)
    tool = found.wording(view.lang).tool
    lines = "\n".join(f"□ {line}" for line in tool.lines)
    keep = small(view._("可以截个图、抄下来贴在家里。也可以存下打印的那一页，请村委会、打印店打出来，黑白的就行。"))
    return (title(tool.title), text(lines), keep), ((Button(view._("回到这门课"), f"course:{found.slug}"),),)


def _printed_tool(view: View) -> Paper | None:
    found = courses.course(view.facts["course"])
    return papers.card(found, view.lang, operator=view.services.settings.operator_name) if found else None


PAPERS |= {"course_tool": _printed_tool}
