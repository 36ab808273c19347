"""Words for staff in their own chat: cards, confirmations, hints. Plain and short: they are read between two home visits."""

from bot.dialogue.events import Block, Button
from bot.wording.cards import card_buttons, case_of, gone, kind_of, masked, sealed
from bot.wording.rendering import Rows, View, Worded, label, small, text, words
from care.cases import queries as cases
from care.cases.models import Case
from care.cases.queries import CaseView


@words("already_taken")
def already_taken(view: View) -> Worded:
    name = view.facts["name"] or view._("有人")
    if view.facts.get("unsent"):
        return (text(view._("{name} 已经接了，您这句没有发出去。", name=name)),), ()
    return (text(view._("{name} 已经接了，您不用管了，谢谢。", name=name)),), ()


@words("not_delivered")
def not_delivered(view: View) -> Worded:
    case = case_of(view)
    if case is None:
        return gone(view)
    said = view._(
        "没有送到：家长 {alias}（个案 {number}）把机器人停了。回信留在网页上，等她回来看。",
        alias=case.alias,
        number=case.case.key,
    )
    return (text(said),), card_buttons(view, case)


@words("reply_sent")
def reply_sent(view: View) -> Worded:
    said = view._("已发出，家长 {alias}。", alias=view.facts["alias"])
    return (text(said), *_asked(view)), ()


@words("reply_held")
def reply_held(view: View) -> Worded:
    said = view._("一分钟后发给家长 {alias}：\n「{text}」", alias=view.facts["alias"], text=view.facts["text"][:500])
    return (text(said), *_asked(view)), ((Button(view._("撤回，不发"), f"undo:{view.facts['message_id']}"),),)


def _asked(view: View) -> tuple[Block, ...]:
    """Her question beside the reply: an alias alone does not show that it is the wrong family."""
    case = case_of(view)
    if case is None or not case.question or sealed(view, case):
        return ()
    return (small(view._("她问的是：「{question}」", question=masked(view, case.question)[:60])),)


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
    asked = view._("您没有回复卡片。这句话要发给家长吗？发给谁，点一下：\n「{text}」", text=view.facts["text"][:300])
    return (text(asked),), (*rows, (Button(view._("不发"), "drop"),))


@words("not_sent")
def not_sent(view: View) -> Worded:
    return (text(view._("好，没有发出去。")),), ()


def _listed(view: View, case: CaseView) -> str:
    mark = "🔴 " if case.case.first else ""
    words = "" if sealed(view, case) else masked(view, case.question)
    return label(f"{mark}{case.alias} · {words or kind_of(view, case)}")


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


@words("staff_welcome")
def staff_welcome(view: View) -> Worded:
    said = view._("{name}，连上了。家长的问题会发到这里：点「我来答」，再回复那张卡片，就发给那位家长。", name=view.facts["name"])
    return (text(said),), staff_doors(view)


@words("staff_help")
def staff_help(view: View) -> Worded:
    lines = view._(
        "回复一张卡片：一分钟后发给那位家长，这之前可以撤回；紧急的马上发。\n"
        "不回复卡片直接写：我先问您发给谁，您点了才发。\n"
        "回复只能打字，照片和语音发不过去；家长的照片和语音在工作台看。\n"
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
    return (text(view._("这个没有发给家长：给家长的回复请打字，照片和语音暂时转不过去。")),), ()


@words("reply_length")
def reply_length(view: View) -> Worded:
    return (text(view._("没有发出去：回复要有字。")),), ()


@words("reply_too_long")
def reply_too_long(view: View) -> Worded:
    said = view._("没有发出去：最多 {most} 个字，多了 {over} 个。请分成两条，各回复一次那张卡片。", **view.facts)
    return (text(said),), ()


@words("reply_to_no_card")
def reply_to_no_card(view: View) -> Worded:
    said = view._("您这句没有发出去：您回复的那条消息不是哪位家长的卡片，或者太旧了。请点开个案，回复新的卡片。")
    return (text(said),), ((Button(view._("看个案"), "cases"),),)


@words("staff_stale")
def staff_stale(view: View) -> Worded:
    return (text(view._("这个按钮或卡片已经过时了，什么也没有动。")),), ((Button(view._("看个案"), "cases"),),)
