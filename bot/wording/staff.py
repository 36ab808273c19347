"""Words for staff in their own chat: cards, confirmations, hints. Plain and short: they are read between two home visits."""

from sqlmodel import col, select

from bot.dialogue.events import Block, Button
from bot.wording.rendering import Rows, View, Worded, alert, label, small, text, title, words
from care.cases import queries as cases
from care.cases.models import Case, CaseKind, CaseState, Outcome
from care.cases.queries import CaseView
from care.safety.child_writing import TOPIC as CHILD_WRITES
from care.text import age_in_words, without_numbers
from knowledge import topics
from knowledge.models import SETTLED, Passage, Revision


def _case(view: View) -> CaseView | None:
    case_id = view.facts.get("case_id") or view.message.case_id
    case = view.session.get(Case, case_id) if case_id else None
    return cases.view(view.session, case) if case else None


def _kind(view: View, kind: CaseKind) -> str:
    return {
        CaseKind.NO_ANSWER: view._("没有现成答案"),
        CaseKind.ASKED_FOR_PERSON: view._("家长想找老师"),
        CaseKind.UNREADABLE: view._("语音或照片，机器看不懂"),
        CaseKind.URGENT: view._("要当天联系"),
        CaseKind.DANGER: view._("紧急"),
    }[kind]


def _about(view: View, case: CaseView) -> str:
    age = age_in_words(case.child_age, view.lang) if case.child_age is not None else view._("月龄不详")
    parts = [view._("家长 {alias}", alias=case.alias), view._("孩子 {age}", age=age), case.place or view._("地区不详")]
    return " · ".join(parts)


def _masked(view: View, said: str) -> str:
    """No family's number goes through Telegram, also when she wrote it among her words."""
    return without_numbers(said, instead=view._("（电话号码，请到工作台看）"))


def _words_of(view: View, case: CaseView) -> str:
    if _sealed(view, case):
        return view._("这是一件要保护的事。内容要先记下为什么看，才打得开。")
    lines = []
    for entry in case.entries:
        if entry.kind == "parent":
            media = view._("（有照片或语音，请到工作台看）") if entry.media_key else ""
            lines.append(view._("「{text}」", text=_masked(view, entry.text)[:600]) + media if entry.text else media)
    return "\n".join(lines[-3:])


def _sealed(view: View, case: CaseView) -> bool:
    """A protected case shows its words only to whoever has just said why she reads it."""
    return case.case.protected and not view.facts.get("looked")


def _opening(view: View, case: CaseView) -> Rows:
    """One tap that says why, for the log, and opens the words."""
    if not _sealed(view, case) or case.case.state is CaseState.CLOSED:
        return ()
    if case.case.owner_id == view.message.staff_id:
        return ((Button(view._("看内容（记下：我在负责）"), f"look:{case.case.key}:mine"),),)
    return ((Button(view._("看内容（记下：值班接到）"), f"look:{case.case.key}:duty"),),)


def _nearest(view: View, case: CaseView) -> str:
    if not case.case.nearest:
        return ""
    query = select(Revision, Passage.slug).join(Passage, col(Passage.id) == col(Revision.passage_id))
    query = query.where(col(Passage.slug).in_(case.case.nearest), col(Revision.state).in_(SETTLED)).order_by(col(Revision.number))
    titles = {slug: revision.says().wording(view.lang).title for revision, slug in view.session.exec(query)}
    listed = "\n".join(f"· {titles[slug]}" for slug in case.case.nearest if slug in titles)
    return view._("相近的内容：") + "\n" + listed if listed else ""


def _card_buttons(view: View, case: CaseView) -> Rows:
    key = case.case.key
    console = _console_case(view, key)
    door = (Button(view._("到工作台看"), url=console),) if console else (Button(view._("工作台链接"), "console"),)
    opening = _opening(view, case)
    if case.case.state is CaseState.OPEN:
        return ((Button(view._("我来答"), f"take:{key}"),), *opening, door)
    if case.case.owner_id == view.message.staff_id and case.case.state is not CaseState.CLOSED:
        return (*opening, (Button(view._("放回去"), f"back:{key}"), Button(view._("办完了"), f"close:{key}")), door)
    return (door,)


def _console_case(view: View, case_id: int) -> str:
    base = view.services.settings.public_url.rstrip("/")
    return f"{base}/console/cases/{case_id}" if base else ""


@words("case_card")
def case_card(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    head = view._("个案 {number}：{kind}", number=case.case.key, kind=_kind(view, case.case.kind))
    topic = topics.by_slug().get(case.case.topic)
    notes = [_about(view, case)]
    if topic:
        notes.append(view._("话题：{topic}", topic=topic.name(view.lang)))
    if case.owner:
        notes.append(view._("由 {name} 在答", name=case.owner))
    if case.case.topic == CHILD_WRITES:
        notes.append(view._("像是孩子自己在写：说简单的话，不要他证明什么，不答应替他保密。"))
    if view.facts.get("handed_by"):
        notes.append(view._("{name} 转给您的", name=view.facts["handed_by"]))
    due = view._("请马上处理") if case.case.first else view._("答复时限 {by}", by=view.moment(case.case.due_at.isoformat()))
    nearest = _nearest(view, case)
    blocks = [title(head), small("\n".join([*notes, due])), text(_words_of(view, case) or view._("（没有文字）"))]
    return (*blocks, *((small(nearest),) if nearest else ()), *_hint(view, case)), _card_buttons(view, case)


def _hint(view: View, case: CaseView) -> tuple[Block, ...]:
    """How to answer; nothing on the card of a case that somebody else answers."""
    if case.case.state is CaseState.OPEN:
        return (small(view._("点「我来答」，再回复这条消息，就发给这位家长。")),)
    if case.case.owner_id == view.message.staff_id:
        return (small(view._("回复这条消息就发给这位家长。")),)
    return ()


@words("danger_card")
def danger_card(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    head = view._("紧急求助 · 个案 {number}", number=case.case.key)
    hint = view._("已先回了家长急救电话。请马上接手，回复这条消息就发给家长。")
    buttons = _card_buttons(view, case)
    if case.case.state is CaseState.OPEN:
        take, *rest = buttons
        buttons = (take, (Button(view._("看到了，马上来"), f"seen:{case.case.key}"),), *rest)
    return (alert(head), small(_about(view, case)), text(_words_of(view, case)), small(hint)), buttons


@words("follow_answered")
def follow_answered(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    head = view._("家长 {alias} 回了今天的问候（个案 {number}）", alias=case.alias, number=case.case.key)
    return (title(head), text(_words_of(view, case))), _card_buttons(view, case)


@words("protected_waits")
def protected_waits(view: View) -> Worded:
    """To those who may not read it, where nobody who may can be reached."""
    case = _case(view)
    if case is None:
        return gone(view)
    said = view._(
        "有一件要保护的事在等（个案 {number}，{place}）。只有指定的同事能看，现在一位也叫不到。请马上告诉管理员。",
        number=case.case.key,
        place=case.place or view._("地区不详"),
    )
    return (alert(said),), ()


@words("not_emergency")
def not_emergency(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    said = view._(
        "家长 {alias}（个案 {number}）按了「不是紧急情况」。按的不一定是她本人：请还是联系上，确认平安再办完。",
        alias=case.alias,
        number=case.case.key,
    )
    return (text(said),), _card_buttons(view, case)


@words("number_left")
def number_left(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    said = view._(
        "家长 {alias}（个案 {number}）留了电话。接手以后，在工作台看，看一次记一次。", alias=case.alias, number=case.case.key
    )
    return (text(said),), _card_buttons(view, case)


@words("acknowledged")
def acknowledged(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    said = view._("记下了，先不再叫别人。个案 {number} 还没有人接：十分钟内请接手，不然会接着往上叫。", number=case.case.key)
    return (text(said),), _card_buttons(view, case)


@words("case_more")
def case_more(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    head = view._("家长 {alias} 又说了（个案 {number}）", alias=case.alias, number=case.case.key)
    return (title(head), text(_words_of(view, case)), small(view._("回复这条消息就发给这位家长。"))), _card_buttons(view, case)


def gone(view: View) -> Worded:
    return (text(view._("这个个案已经不在了。")),), ()


@words("taken")
def taken(view: View) -> Worded:
    case = _case(view)
    alias = case.alias if case else ""
    said = view._(
        "接下了：家长 {alias}（个案 {number}）。回复这条消息，就发给这位家长。",
        alias=alias,
        number=view.facts.get("case_id") or view.message.case_id,
    )
    return (text(said),), _card_buttons(view, case) if case else ()


@words("already_taken")
def already_taken(view: View) -> Worded:
    name = view.facts["name"] or view._("有人")
    if view.facts.get("unsent"):
        return (text(view._("{name} 已经接了，您这句没有发出去。", name=name)),), ()
    return (text(view._("{name} 已经接了，您不用管了，谢谢。", name=name)),), ()


@words("not_delivered")
def not_delivered(view: View) -> Worded:
    case = _case(view)
    if case is None:
        return gone(view)
    said = view._(
        "没有送到：家长 {alias}（个案 {number}）把机器人停了。回信留在网页上，等她回来看。",
        alias=case.alias,
        number=case.case.key,
    )
    return (text(said),), _card_buttons(view, case)


@words("reply_sent")
def reply_sent(view: View) -> Worded:
    return (text(view._("已发出，家长 {alias}。", alias=view.facts["alias"])),), ()


@words("reply_held")
def reply_held(view: View) -> Worded:
    case = _case(view)
    said = view._("一分钟后发给家长 {alias}：\n「{text}」", alias=view.facts["alias"], text=view.facts["text"][:500])
    asked = view._("她问的是：「{question}」", question=_masked(view, case.question)[:60]) if case and case.question else ""
    return (text(said), *((small(asked),) if asked else ())), (
        (Button(view._("撤回，不发"), f"undo:{view.facts['message_id']}"),),
    )


@words("undone")
def undone(view: View) -> Worded:
    return (text(view._("撤回了，家长没有看到。")),), ()


@words("too_late_to_undo")
def too_late(view: View) -> Worded:
    return (text(view._("已经发出去了，撤不回来。可以再补一句。")),), ()


@words("which_case")
def which_case(view: View) -> Worded:
    rows = []
    for case_id in view.facts["case_ids"]:
        case = view.session.get(Case, case_id)
        if case:
            shown = cases.view(view.session, case)
            rows.append((Button(_listed(view, shown), f"to:{case_id}"),))
    return (text(view._("您手上有几位家长，这句话发给谁？\n「{text}」", text=view.facts["text"][:300])),), tuple(rows)


def _listed(view: View, case: CaseView) -> str:
    mark = "🔴 " if case.case.first else ""
    words = "" if _sealed(view, case) else _masked(view, case.question)
    return label(f"{mark}{case.alias} · {words or _kind(view, case.case.kind)}")


@words("no_open_case")
def no_open_case(view: View) -> Worded:
    return (text(view._("您手上没有在等回复的家长，这句话没有发出去。要给哪位家长，请回复那张卡片。")),), (
        (Button(view._("看个案"), "cases"),),
    )


@words("not_held")
def not_held(view: View) -> Worded:
    return (text(view._("这个个案不在您手上，或者已经办完了。")),), ((Button(view._("看个案"), "cases"),),)


@words("put_back")
def put_back(view: View) -> Worded:
    return (text(view._("放回去了，别的老师可以接。")),), ()


@words("closed")
def closed(view: View) -> Worded:
    return (text(view._("办完了，辛苦。")),), ()


def _outcome(view: View, outcome: Outcome) -> str:
    return {
        Outcome.SAFE: view._("联系上了，人已经平安"),
        Outcome.IN_CARE: view._("在医院或急救人员手上"),
        Outcome.REPORTED: view._("报了警，或交给街道、民政、妇联"),
        Outcome.NOT_REACHED: view._("一直联系不上，交代给上级了"),
        Outcome.NO_DANGER: view._("弄清楚了，不是危险"),
    }[outcome]


@words("ask_outcome")
def ask_outcome(view: View) -> Worded:
    case_id = view.facts.get("case_id") or view.message.case_id
    rows = tuple((Button(_outcome(view, one), f"ended:{case_id}:{one.value}"),) for one in Outcome)
    return (text(view._("紧急的个案（{number}）要记下结果才能办完。后来怎样？", number=case_id)),), rows


@words("ask_outcome_words")
def ask_outcome_words(view: View) -> Worded:
    case_id = view.facts.get("case_id") or view.message.case_id
    ended = _outcome(view, Outcome(view.facts["outcome"]))
    said = view._(
        "个案 {number}：{outcome}。请回复这条消息，写一句后来怎样、谁在管，就办完了。这句只记在个案里，不发给家长。",
        number=case_id,
        outcome=ended,
    )
    return (text(said),), ()


@words("outcome_length")
def outcome_length(view: View) -> Worded:
    return (text(view._("还没有办完：这一句要有字，不超过五百字。请再回复一次那条消息。")),), ()


@words("case_list")
def case_list(view: View) -> Worded:
    rows = []
    for case_id in view.facts["case_ids"]:
        case = view.session.get(Case, case_id)
        if case:
            shown = cases.view(view.session, case)
            rows.append((Button(_listed(view, shown), f"card:{case_id}"),))
    if not rows:
        return (text(view._("眼下没有等着的个案。")),), ()
    return (text(view._("等着的个案，点开看：")),), tuple(rows)


@words("rated")
def rated(view: View) -> Worded:
    stars = {3: view._("帮上了"), 2: view._("帮了一点"), 1: view._("没帮上")}[view.facts["rating"]]
    return (text(view._("个案 {number} 的家长说：{rating}。", number=view.facts["case_id"], rating=stars)),), ()


@words("console_link")
def console_link(view: View) -> Worded:
    base = view.services.settings.public_url.rstrip("/") or f"http://127.0.0.1:{view.services.settings.port}"
    link = f"{base}/console/link/{view.facts['token']}"
    return (text(view._("工作台链接，10分钟内有效，只能用一次，不要转给别人：\n{link}", link=link)),), ()


@words("on_duty")
def on_duty(view: View) -> Worded:
    return (text(view._("您在岗了，新个案会发给您。")),), ((Button(view._("休息"), "off"),),)


@words("off_duty")
def off_duty(view: View) -> Worded:
    return (text(view._("好好休息。新个案和紧急求助都不会发给您，手上的个案还在。")),), ((Button(view._("回来上岗"), "on"),),)


@words("staff_welcome")
def staff_welcome(view: View) -> Worded:
    said = view._("{name}，连上了。家长的问题会发到这里：点「我来答」，再回复那张卡片，就发给那位家长。", name=view.facts["name"])
    return (text(said),), staff_doors(view)


@words("staff_help")
def staff_help(view: View) -> Worded:
    lines = view._(
        "回复一张卡片：直接发给那位家长。\n"
        "不回复卡片直接写：我先告诉您发给谁，一分钟内可以撤回。\n"
        "/cases 等着的个案　/console 工作台链接　/off 休息　/on 上岗"
    )
    return (text(lines),), staff_doors(view)


def staff_doors(view: View) -> Rows:
    return ((Button(view._("看个案"), "cases"), Button(view._("工作台链接"), "console")),)


@words("staff_revoked")
def staff_revoked(view: View) -> Worded:
    said = view._(
        "您的工作账号停用了，这里不再收发家长的消息，您写的也不会发给家长。自己家里有孩子的事，像别的家长一样直接问就行。"
    )
    return (text(said),), ()


@words("staff_edited")
def staff_edited(view: View) -> Worded:
    return (text(view._("您改的那句，家长看不到，她那里还是原来的话。要更正，请再回复一次那张卡片。")),), ()


@words("staff_words_only")
def staff_words_only(view: View) -> Worded:
    return (text(view._("给家长的回复请打字，照片和语音暂时转不过去。")),), ()


@words("reply_length")
def reply_length(view: View) -> Worded:
    return (text(view._("没有发出去：回复要有字，也不要超过三千字。")),), ()


@words("staff_stale")
def staff_stale(view: View) -> Worded:
    return (text(view._("这个按钮或卡片已经过时了，什么也没有动。")),), ((Button(view._("看个案"), "cases"),),)
