"""Words of homework: the task, what to send, what came, and the trainer's comment made one warm message of its four parts."""

from bot.dialogue.events import Block, Button
from bot.wording.rendering import SOUNDS, Rows, View, Worded, small, text, title, words
from care.families.models import Channel, Child
from care.homework import queries
from care.homework.models import Homework, HomeworkComment, HomeworkState, Verdict
from care.homework.queries import HomeworkView
from care.text import age_in_words
from kit import clock
from kit.accounts.models import Staff
from knowledge.homework import TaskWording

_ENDS = "。！？!?~～…."


def _homework(view: View) -> Homework | None:
    return view.session.get(Homework, view.facts["homework_id"])


def _task(view: View, homework: Homework) -> TaskWording | None:
    task = queries.task_of(homework)
    return task.wording(view.lang) if task else None


def _name(view: View, homework: Homework) -> str:
    task = _task(view, homework)
    return task.title if task else view._("以前的一个小任务")


def _gone(view: View) -> Worded:
    return (text(view._("这个小任务已经不在了。")),), (_door(view),)


def _door(view: View) -> tuple[Button, ...]:
    return (Button(view._("亲子小任务"), "hw"),)


def _ways(view: View, homework: Homework, *, how: bool) -> Rows:
    """What she can do with it, as it stands now."""
    key = homework.key
    hand_in = Button(view._("交作业"), f"hw:give:{key}")
    if homework.state is HomeworkState.GIVEN:
        first = (Button(view._("怎么做"), f"hw:how:{key}"), hand_in) if how else (hand_in,)
        return (first, (Button(view._("换一个"), f"hw:other:{key}"), Button(view._("以后再说"), f"hw:later:{key}")))
    if homework.state is HomeworkState.AGAIN:
        return ((hand_in, Button(view._("看老师的点评"), f"hw:read:{key}")),)
    return ((Button(view._("看老师的点评"), f"hw:read:{key}"),),)


@words("homework_needs_age")
def needs_age(view: View) -> Worded:
    return (text(view._("小任务是按月龄配的。先告诉我孩子多大，马上就给您一个。")),), ()


@words("homework_task")
def task(view: View) -> Worded:
    homework = _homework(view)
    found = _task(view, homework) if homework else None
    if homework is None or found is None:
        return _gone(view)
    child = view.session.get(Child, homework.child_id)
    months = child.corrected_months(clock.today()) if child else None
    head = view._("亲子小任务：{title}", title=found.title)
    fits = (small(view._("给{age}的孩子，几分钟就够。", age=age_in_words(months, view.lang))),) if months is not None else ()
    again = (text(view._("老师想请您再试一次，看看点评，再交一回。")),) if homework.state is HomeworkState.AGAIN else ()
    return (title(head), *fits, *again, text(found.why), *_unreviewed(view, homework)), _ways(view, homework, how=True)


def _unreviewed(view: View, homework: Homework) -> tuple[Block, ...]:
    known = queries.task_of(homework)
    if known and known.review.state == "unreviewed":
        return (small(view._("这个小任务是我们写的，本地专家还没有审过。")),)
    return ()


@words("homework_how")
def how(view: View) -> Worded:
    homework = _homework(view)
    found = _task(view, homework) if homework else None
    if homework is None or found is None:
        return _gone(view)
    sending = view._("交什么：{send}", send=found.send)
    return (title(found.title), text(found.do), text(sending)), _ways(view, homework, how=False)


@words("homework_only_one")
def only_one(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return _gone(view)
    return (text(view._("这个月龄眼下没有别的了，就这一个。不想做也没关系。")),), _ways(view, homework, how=True)


@words("homework_none")
def none(view: View) -> Worded:
    child = view.session.get(Child, view.facts["child_id"])
    months = child.corrected_months(clock.today()) if child else None
    if months is None or months < 0:
        said = view._("等孩子出生了，就有小任务一起做。")
    elif months >= 72:
        said = view._("小任务眼下只有六岁以内的。六岁以上的，您有事直接问我。")
    else:
        said = view._("这个月龄的小任务，您都做过了，真好。过阵子月龄大了，又有新的。")
    waiting = [row for key in view.facts["waiting"] if (row := view.session.get(Homework, key))]
    rows = tuple((Button(view._("看老师的点评"), f"hw:read:{row.key}"),) for row in waiting[:1])
    return (text(said),), rows


@words("homework_later")
def later(view: View) -> Worded:
    return (text(view._("好的，不着急。什么时候想做了，再点「亲子小任务」。")),), (_door(view),)


@words("homework_hand_in")
def hand_in(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return _gone(view)
    if not view.facts.get("photos"):
        return _ask_photos(view, homework)
    said = view._("请把照片、录像、语音或者几句话发到这里，可以一次发好几张。手和书就够，不用拍脸。")
    seen = small(view._("只有您的老师和管理员看得到。录像20兆以内。孩子不舒服就先不做，急事打120。"))
    return (title(_name(view, homework)), text(said), seen), _handing_ways(view, homework)


def _handing_ways(view: View, homework: Homework) -> Rows:
    return ((Button(view._("先不交"), f"hw:later:{homework.key}"),),)


@words("homework_goes_on")
def goes_on(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return _gone(view)
    said = view._("作业「{title}」还等着您，拍好、写好发过来就行。", title=_name(view, homework))
    if view.facts.get("photos"):
        said = _now_send(view, homework)
    return (text(said),), _handing_ways(view, homework)


def _now_send(view: View, homework: Homework) -> str:
    """She has just agreed. Some tasks take no photo, to protect the child."""
    task = queries.task_of(homework)
    if task and task.photos == "none":
        return view._("现在把「{title}」的录音或者几句话发来就行。", title=_name(view, homework))
    return view._("现在把「{title}」的照片、录像或者语音发来就行。", title=_name(view, homework))


@words("homework_ask_photos")
def ask_photos(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return _gone(view)
    return _ask_photos(view, homework, came=True)


def _ask_photos(view: View, homework: Homework, *, came: bool = False) -> Worded:
    """Consent for this one purpose; without it words will do."""
    lost = (text(view._("照片和录音要您点了头我才收，刚才那一份没有存下来。")),) if came and not view.facts.get("case_id") else ()
    asked = view._(
        "作业里的照片、录像、语音，只给带您的老师和管理员看，点评完九十天就删，您随时可以不给看。可以吗？不愿意也行，写几句话一样算交了。"
    )
    urgent = small(view._("孩子喊不醒、喘不上气、抽筋：先打120。"))
    yes, no = Button(view._("可以给老师看"), "consent:photos:1"), Button(view._("不要，我写几句话"), "consent:photos:0")
    return (title(_name(view, homework)), *lost, text(asked), urgent), ((yes,), (no,), *_handing_ways(view, homework))


@words("homework_no_photo")
def no_photo(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return _gone(view)
    said = view._("这个小任务不收照片，是为了护着孩子，刚才那张没有存下来。写几句话，或者发一段语音就好。")
    return (text(said),), _handing_ways(view, homework)


@words("homework_received")
def received(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return _gone(view)
    came = _what_came(view)
    blocks: list[Block] = []
    if came:
        late = view.facts["late"]
        said = view._("又收到{what}，和前面交的放在一起了。", what=came) if late else view._("收到您的作业：{what}。", what=came)
        blocks.append(text(said))
        if homework.due_at:
            blocks.append(text(view._("老师 {by} 前点评，到时我告诉您。", by=view.moment(homework.due_at.isoformat()))))
    blocks += _what_did_not(view)
    more = Button(view._("再补一点"), f"hw:give:{homework.key}")
    wrong = Button(view._("这不是作业，请老师看"), f"hw:not:{homework.key}")
    blocks.append(small(view._("要是孩子喊不醒、喘不上气、抽筋、一直吐，先打120，不要等。")))
    return tuple(blocks), ((more,), (wrong,)) if came else ((more,),)


def _what_came(view: View) -> str:
    facts = view.facts
    parts = [
        view._("照片 {count} 张", count=facts["photos"]) if facts["photos"] else "",
        view._("录像 {count} 段", count=facts["films"]) if facts["films"] else "",
        view._("语音 {count} 段", count=facts["voices"]) if facts["voices"] else "",
        view._("文字") if facts["texts"] else "",
    ]
    return view._("、").join(part for part in parts if part)


def _what_did_not(view: View) -> list[Block]:
    facts, said = view.facts, []
    if facts["held"]:
        said.append(
            view._(
                "有 {count} 张先放到一边了：机器怕里面有没穿好衣服的地方，它也常常看走眼。"
                "为了护着孩子，先由我们一位专人看过再说，不是说您做得不对。手和书就够了。",
                count=facts["held"],
            )
        )
    if facts["doubles"]:
        said.append(view._("有 {count} 份和前面的一样，只留了一份。", count=facts["doubles"]))
    if facts["failed"] and facts["came"] > 1:
        which = view._("、").join(str(number) for number in facts["failed"])
        said.append(view._("第 {which} 份没有收到，可能是坏了或者太大，请把它再发一次。", which=which))
    elif facts["failed"]:
        said.append(view._("这一份没有收到，可能是坏了或者太大。换一张，或者写几句话也行。"))
    return [text(one) for one in said]


@words("homework_news")
def news(view: View) -> Worded:
    """On Telegram neutral, since others may see the phone; it opens on a tap. On the page she has opened it already."""
    if view.message.channel == Channel.TELEGRAM:
        return (text(view._("您有一条新消息。")),), ((Button(view._("打开看"), f"hw:open:{view.facts['comment_id']}"),),)
    return comment(view)


@words("homework_comment")
def comment(view: View) -> Worded:
    row = view.session.get(HomeworkComment, view.facts["comment_id"])
    homework = view.session.get(Homework, row.homework_id) if row else None
    if row is None or homework is None:
        return _gone(view)
    return tuple(_comment(view, homework, row)), _after(view, homework)


def _recording(view: View) -> str:
    row = view.session.get(HomeworkComment, view.facts["comment_id"])
    return row.voice_key if row else ""


def _recording_in_the_open(view: View) -> str:
    """On Telegram a notice stays neutral: the recording comes when it is opened."""
    return "" if view.message.channel == Channel.TELEGRAM else _recording(view)


SOUNDS |= {"homework_comment": _recording, "homework_news": _recording_in_the_open}


def _comment(view: View, homework: Homework, row: HomeworkComment) -> list[Block]:
    """One warm message: seen, answered, why, and one small step."""
    name = view.session.get_one(Staff, row.staff_id).name.removesuffix("老师")
    head = view._("{name}老师看了「{title}」：", name=name, title=_name(view, homework))
    seen = [view._("我看到{saw}", saw=row.saw)] if row.saw else []
    rest = [_sentence(view, part) for part in (*seen, row.did, row.why) if part]
    said = [text(("" if view.lang == "zh" else " ").join(rest))] if rest else []
    step = [text(view._("下回可以试一试：{step}", step=_sentence(view, row.step)))] if row.step else []
    end = (
        view._("辛苦您了，这个小任务做好了。") if row.verdict is Verdict.DONE else view._("不着急，哪天方便再做一回，发来我看。")
    )
    return [title(head), *said, *step, *_voice(view, row), text(end)]


def _sentence(view: View, part: str) -> str:
    """With an end, so that the parts read as one."""
    part = part.strip()
    return part if part[-1:] in _ENDS else part + ("。" if view.lang == "zh" else ".")


def _voice(view: View, row: HomeworkComment) -> list[Block]:
    return [text(view._("老师还录了一段话给您。"))] if row.voice_key else []


def _after(view: View, homework: Homework) -> Rows:
    if homework.state is HomeworkState.AGAIN:
        return ((Button(view._("再交一次"), f"hw:give:{homework.key}"), Button(view._("怎么做"), f"hw:how:{homework.key}")),)
    return ((Button(view._("再来一个小任务"), "hw"),),)


@words("homework_said")
def said_so_far(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return _gone(view)
    blocks = [title(view._("「{title}」：{state}", title=_name(view, homework), state=_state(view, homework)))]
    for row in queries.comments(view.session, homework):
        blocks += _comment(view, homework, row)
    return tuple(blocks), _after(view, homework) if homework.state is not HomeworkState.HANDED_IN else (_door(view),)


def _state(view: View, homework: Homework) -> str:
    if homework.state is HomeworkState.HANDED_IN and homework.due_at:
        return view._("交了，老师 {by} 前点评", by=view.moment(homework.due_at.isoformat()))
    return {
        HomeworkState.AGAIN: view._("老师请您再试一次"),
        HomeworkState.DONE: view._("做好了"),
    }.get(homework.state, view._("还没有交"))


# For staff.


@words("homework_card")
def card(view: View) -> Worded:
    homework = _homework(view)
    if homework is None:
        return (text(view._("这份作业已经不在了。")),), ()
    shown = queries.view(view.session, homework)
    head = view._("作业 {number}：{title}", number=homework.key, title=_name(view, homework))
    due = view._("请在 {by} 前点评", by=view.moment(homework.due_at.isoformat())) if homework.due_at else ""
    lines = [_about(view, shown), due, view._("照片和录音只在工作台里看。")]
    return (title(head), small("\n".join(line for line in lines if line))), (_console(view, f"homework/{homework.key}"),)


def _about(view: View, shown: HomeworkView) -> str:
    age = age_in_words(shown.child_age, view.lang) if shown.child_age is not None else view._("月龄不详")
    alias = view._("、").join(shown.aliases)
    return " · ".join([view._("家长 {alias}", alias=alias), view._("孩子 {age}", age=age), shown.place or view._("地区不详")])


@words("picture_held")
def picture_held(view: View) -> Worded:
    said = view._("有 {count} 张作业照片拦下来了，要您先看一眼。除了您，谁也打不开。", count=view.facts["count"])
    return (text(said),), (_console(view, "homework/held"),)


def _console(view: View, page: str) -> tuple[Button, ...]:
    base = view.services.settings.public_url.rstrip("/")
    if base:
        return (Button(view._("到工作台看"), url=f"{base}/console/{page}"),)
    return (Button(view._("工作台链接"), "console"),)
