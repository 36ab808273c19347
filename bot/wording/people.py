"""Words of danger, of handing over to a person, and of her answer."""

from bot.dialogue.events import Block, Button
from bot.wording.answers import asked_words
from bot.wording.rendering import Rows, View, Worded, alert, small, text, title, words
from care.cases.models import Case, CaseKind, CaseState
from care.safety.first_lines import FirstLine, first_lines
from care.safety.models import Category, Level

_NOTHING_TO_HIDE = frozenset({Category.MEDICAL, Category.CHOKING, Category.POISON, Category.FIRE, Category.MISSING})


def _line(view: View) -> FirstLine | None:
    """One act stands in several lines: which one is meant is told by the category and by who writes."""
    act, category = view.facts.get("act"), view.facts.get("category")
    lines = [line for line in first_lines() if line.act == act and category in (None, line.category)]
    by_child = bool(view.facts.get("child_writing"))
    return next((line for line in lines if bool(line.child_writing) == by_child), lines[0] if lines else None)


def _first(view: View, line: FirstLine | None) -> tuple[Block, ...]:
    return (alert(line.zh if view.lang == "zh" else line.en),) if line else ()


def _call(view: View, line: FirstLine | None, *, at_once: bool) -> Rows:
    if line is None or not line.number:
        return ()
    label = view._("马上打{number}", number=line.number) if at_once else view._("打{number}", number=line.number)
    return ((Button(label, tel=line.number),),)


@words("emergency")
def emergency(view: View) -> Worded:
    line = _line(view)
    nobody = (text(_nobody(view)),) if view.facts.get("nobody") else ()
    return (*_first(view, line), *nobody), (*_call(view, line, at_once=True), *_calm(view), *_clear_if_feared(view))


def _calm(view: View) -> Rows:
    """Where a case stands behind the reply; to staff who are parents too there is none."""
    case_id = view.message.case_id
    if not case_id or view.message.staff_id:
        return ()
    return (*_phone(view), (Button(view._("不是紧急情况"), f"calm:{case_id}"),))


def _phone(view: View) -> Rows:
    nobody = view.facts.get("nobody")
    label = view._("留个电话，老师上岗了打给您") if nobody else view._("留个电话，请老师打过来")
    return ((Button(label, f"phone:{view.message.case_id}"),),)


def _on(view: View) -> Rows:
    """The way back to ordinary questions while her danger is open."""
    case_id = view.message.case_id
    return ((Button(view._("我要问别的事"), f"other:{case_id}"),),) if case_id and not view.message.staff_id else ()


@words("asks_other")
def asks_other(view: View) -> Worded:
    return (text(view._("好，您问。那个求助没有撤，还开着；要是情况又急了，马上打120，再跟我说一声。")),), ()


@words("calm_noted")
def calm_noted(view: View) -> Worded:
    """Nothing is called off: it may be somebody else who pressed."""
    said = view._("记下了，这个求助不撤，接手的人会看到您按了这个。您可以接着问别的；要是情况变了，马上打120，再跟我说一声。")
    return (text(said),), ()


def _clear(view: View) -> Rows:
    """Whoever else takes up this phone need not read what was said to a person."""
    return ((Button(view._("清掉这里"), "clear"),),)


def _clear_if_feared(view: View) -> Rows:
    """Not where a body is in danger and nobody in the house is feared: there one button is enough."""
    feared = view.facts.get("category") not in _NOTHING_TO_HIDE and not view.message.staff_id
    return _clear(view) if feared else ()


def _nobody(view: View) -> str:
    """Who else answers at this hour, by the kind of danger. Only numbers that FACTS 2.3 calls verified or that everybody knows."""
    if view.facts.get("category") == "self_harm":
        return view._("这会儿我们没有人值班。120和110一直有人接；想说话可以打12356，大多数时候有人接。")
    return view._("这会儿我们没有人值班，请马上打上面的电话，那边一直有人接。")


def _not_reached(view: View) -> str:
    """Somebody is on duty and was paged, but no page has arrived yet."""
    if view.facts.get("category") == "self_harm":
        return view._("我们值班的人还没联系上。120和110一直有人接；想说话可以打12356，大多数时候有人接。")
    return view._("我们值班的人还没联系上，请马上打上面的电话，那边一直有人接。")


@words("duty_reached")
def duty_reached(view: View) -> Worded:
    return (text(view._("已经通知我们值班的人，他们会尽快联系您。电话先打，不要等。")),), ()


@words("duty_nobody")
def duty_nobody(view: View) -> Worded:
    return (text(_not_reached(view)),), ()


@words("urgent")
def urgent(view: View) -> Worded:
    line = _line(view)
    nobody = view.facts.get("nobody")
    handed = _nobody_today(view) if nobody else view._("已经转给老师，{by} 前有人联系您。", by=view.moment(view.facts["by"]))
    return (*_first(view, line), text(handed), *_code(view)), (
        *_call(view, line, at_once=False),
        *(_phone(view) if nobody else ()),
        *_on(view),
        *_clear_if_feared(view),
    )


def _nobody_today(view: View) -> str:
    """Of no hour is said when somebody comes: nobody knows it."""
    if view.facts.get("child_writing"):
        return view._("这会儿我们没有人值班，老师一上岗就看你这条。等不得就打110，一直有人接。")
    if view.facts.get("category") == "self_harm":
        return view._("这会儿我们没有人值班，老师一上岗就看您这条。120和110一直有人接；想说话可以打12356，大多数时候有人接。")
    return view._("这会儿我们没有人值班，老师一上岗就看您这条。等不得就打110，一直有人接。")


@words("unreadable")
def unreadable(view: View) -> Worded:
    """Most are rashes and lullabies: the line of danger stands in it, without alarm."""
    line = _line(view)
    media = view.facts.get("media")
    known = {"voice": view._("语音收到了"), "photo": view._("照片收到了")}
    what = known.get(str(media), view._("收到了"))
    said = view._("{what}，已经转给老师，{by} 前回您。", what=what, by=view.moment(view.facts["by"]))
    mine = ((Button(view._("这是作业"), f"hw:move:{view.message.case_id}"),),) if view.facts.get("task") else ()
    danger = (text(line.zh if view.lang == "zh" else line.en),) if line else ()
    return (text(said), *danger, *_code(view)), (*mine, *_call(view, line, at_once=False))


@words("relay")
def relay(view: View) -> Worded:
    by = view.moment(view.facts["by"])
    if view.facts.get("joined"):
        said = view._("这句也转给老师了，和前面的一起，{by} 前回您。", by=by)
    elif view.facts.get("asked"):
        said = view._("转给老师了，{by} 前回您。", by=by)
    else:
        said = view._("这个问题，我手上没有审过的答案，不敢乱说。已经转给老师，{by} 前回您。", by=by)
    urgent_note = view._("要是孩子喊不醒、喘不上气、抽筋、一直吐，先打120，不要等。")
    return (text(said), *_code(view), small(urgent_note)), ()


@words("relay_parts")
def relay_parts(view: View) -> Worded:
    """What is left of a message with several questions, under the answers to the others."""
    by = view.moment(view.facts["by"])
    asked = [one for key in view.facts["question_ids"] if (one := asked_words(view, key))]
    said = view._("剩下的，我手上没有审过的答案，不敢乱说。已经转给老师，{by} 前回您。", by=by)
    if asked:
        quoted = view._("、").join(view._("「{asked}」", asked=one) for one in asked)
        said = view._("{asked}：这个我手上没有审过的答案，不敢乱说。已经转给老师，{by} 前回您。", asked=quoted, by=by)
    urgent_note = view._("要是孩子喊不醒、喘不上气、抽筋、一直吐，先打120，不要等。")
    return (text(said), *_code(view), small(urgent_note)), ()


def _code(view: View) -> tuple[Block, ...]:
    code = view.facts.get("return_code")
    if not code:
        return ()
    said = view._("老师的回信会放在这个网页上。请抄下回访码 {code}，换了手机也能用它找回来。", code=code)
    return (text(said),)


@words("child_here")
def child_here(view: View) -> Worded:
    """To a child who writes alone. No secret is promised and nothing is asked."""
    hello = view._("你好。我是一个电脑程序，不是真人。你说的话我给老师看，{by} 前有人回你。", by=view.moment(view.facts["by"]))
    near = view._("你身边有信得过的大人吗？现在就去找他，告诉他。")
    danger = view._("要是有人打你、伤害你，或者你很害怕：你先打110，告诉他们你的地址，我陪你。这不是你的错。")
    return (text(hello), text(near), alert(danger)), ((Button(view._("打{number}", number="110"), tel="110"),), *_clear(view))


@words("heard")
def heard(view: View) -> Worded:
    """Her words in the middle of talk with a person. Nothing is said of who has read them."""
    if view.facts.get("child"):
        return (text(view._("我看到了，这句也给老师看。害怕的话，先去找一个大人；有人伤害你，马上打110。")),), _clear(view)
    if view.facts["danger"]:
        said = view._("收到，已经加到这个求助里，接手的人看得到。")
        if view.facts.get("over"):
            said = view._("收到，这句也加到求助里了。真的没事了，点下面「我要问别的事」就可以接着问；要是又不对，马上打120。")
        elif view.facts.get("nobody"):
            said = view._("收到，已经加到这个求助里。这会儿我们没有人值班，老师一上岗就看得到。电话要是还没打，先打，不要等。")
        elif view.facts.get("at_once"):
            said = view._("收到，已经加到这个求助里，接手的人看得到。电话要是还没打，先打，不要等。")
        return (text(said),), (*_call_of_case(view), *_on(view), *_clear(view))
    return (text(view._("这句也转给老师了。")),), _clear(view)


def _call_of_case(view: View) -> Rows:
    """The number that goes with the danger of the open case, before all else."""
    case = view.session.get(Case, view.message.case_id) if view.message.case_id else None
    if case is None:
        return ()
    level = Level.EMERGENCY if case.kind is CaseKind.DANGER else Level.URGENT
    lines = (line for line in first_lines() if line.number and (line.level, line.category) == (level, case.category))
    return _call(view, next(lines, None), at_once=level is Level.EMERGENCY)


@words("case_reply")
def case_reply(view: View) -> Worded:
    """On Telegram neutral, since others may see the phone; it opens on a tap. On the page she has opened it already. When a life
    hangs on it and nobody in the house is feared, a tap is one too many.
    """
    case = view.session.get(Case, view.message.case_id) if view.message.case_id else None
    at_once = case is not None and case.kind is CaseKind.DANGER and case.category in _NOTHING_TO_HIDE
    if view.message.channel == "telegram" and not at_once:
        return (text(view._("您有一条新消息。")),), ((Button(view._("打开看"), f"open:{view.message.number}"),),)
    return case_reply_opened(view)


@words("case_reply_opened")
def case_reply_opened(view: View) -> Worded:
    """Whether it helped is not asked while a danger is open: there the number stands."""
    case_id = view.message.case_id
    rating = (
        Button(view._("帮上了"), f"rate:{case_id}:3"),
        Button(view._("帮了一点"), f"rate:{case_id}:2"),
        Button(view._("没帮上"), f"rate:{case_id}:1"),
    )
    head = view._("{name}老师回您：", name=view.facts["name"].removesuffix("老师"))
    first = _open_danger_call(view)
    return (title(head), text(view.facts["text"])), (
        *(first if first is not None else (rating,)),
        (Button(view._("再跟老师说一句"), f"say:{case_id}"), Button(view._("清掉这里"), "clear")),
    )


def _open_danger_call(view: View) -> Rows | None:
    """None where no danger is open."""
    case = view.session.get(Case, view.message.case_id) if view.message.case_id else None
    danger = case is not None and case.kind is CaseKind.DANGER and case.state is not CaseState.CLOSED
    return _call_of_case(view) if danger else None


@words("thanks_for_rating")
def thanks_for_rating(view: View) -> Worded:
    more = ((Button(view._("再跟老师说一句"), f"say:{view.message.case_id}"),),) if view.facts["rating"] < 3 else ()
    return (text(view._("谢谢您，老师会看到。")),), more
