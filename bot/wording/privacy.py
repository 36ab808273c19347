"""Words about her own data: what is kept, what she agrees to, what she takes out, has erased, or shares with her family."""

from typing import Any

from bot.dialogue.events import Block, Button
from bot.wording.families import four_doors
from bot.wording.flows import child_line
from bot.wording.rendering import Rows, View, Worded, label, small, text, words
from care.families.models import Caregiver, Channel, Child
from care.privacy.exporting import link_token
from care.privacy.models import ConsentPurpose, Standing
from care.privacy.queries import standings

Standings = dict[ConsentPurpose, Standing]


def _standings(view: View) -> Standings:
    """As they are now, not as they were when the message was queued: an old panel on the page must not lie."""
    who = view.session.get(Caregiver, view.message.caregiver_id) if view.message.caregiver_id else None
    return standings(view.session, who) if who else dict.fromkeys(ConsentPurpose, Standing.UNASKED)


def _purpose(view: View, purpose: ConsentPurpose) -> str:
    return {
        ConsentPurpose.ANSWERING: view._("把您问的话记下来，好接着答您"),
        ConsentPurpose.PHOTOS: view._("您交的作业照片、录音给带您的老师看"),
        ConsentPurpose.IMPROVING: view._("拿您对答案的评价去改答案"),
        ConsentPurpose.RESEARCH: view._("去掉身份，拿去做研究"),
    }[purpose]


def _toggle(view: View, purpose: ConsentPurpose, now: Standing) -> Button:
    yes = {
        ConsentPurpose.ANSWERING: view._("可以记我问的话"),
        ConsentPurpose.PHOTOS: view._("作业照片可以给老师看"),
        ConsentPurpose.IMPROVING: view._("可以拿我的评价改答案"),
        ConsentPurpose.RESEARCH: view._("可以拿去做研究"),
    }
    no = {
        ConsentPurpose.ANSWERING: view._("不要记我问的话"),
        ConsentPurpose.PHOTOS: view._("作业照片不要给老师看"),
        ConsentPurpose.IMPROVING: view._("不要拿我的评价改答案"),
        ConsentPurpose.RESEARCH: view._("不要拿去做研究"),
    }
    given = now is Standing.GIVEN
    return Button((no if given else yes)[purpose], f"consent:{purpose.value}:{0 if given else 1}")


def _abroad(view: View) -> tuple[Block, ...]:
    if view.message.channel != Channel.TELEGRAM:
        return ()
    return (text(view._("您用的是 Telegram，消息会经过国外的服务器；不愿意的话，可以用我们的网页。")),)


@words("ask_consent")
def ask_consent(view: View) -> Worded:
    asked = view._(
        "跟您商量一件事：我想把您问的话记下来，下回好接着答，您自己也翻得到。"
        "可以不同意，照样答您。同意了，留一年；不同意，答完就删；您不说，一天后删。"
    )
    apart = view._("请老师看的、有危险的，要留着办事，不在这里头。随时发 /privacy 改主意。")
    yes, no = Button(view._("可以记"), "consent:answering:1"), Button(view._("不要记"), "consent:answering:0")
    return (text(asked), *_abroad(view), small(apart)), ((yes, no), (Button(view._("看看每一样"), "privacy"),))


@words("consent_saved")
def consent_saved(view: View) -> Worded:
    purpose = ConsentPurpose(view.facts["purpose"])
    if view.facts["given"]:
        said = view._("记下了，您同意：{what}。随时可以收回。", what=_purpose(view, purpose))
    else:
        said = view._("好的，不做这件事：{what}。以前为它留下的，已经删了。", what=_purpose(view, purpose))
    now = {} if view.facts.get("alone") else _standings(view)
    open_ones = [(one, standing) for one, standing in now.items() if standing is Standing.UNASKED]
    more = (text(view._("还有几样，您点了才算，不点就不做：")),) if open_ones else ()
    rows = tuple((_toggle(view, one, standing),) for one, standing in open_ones)
    return (text(said), *more), (*rows, (Button(view._("我的信息"), "privacy"),))


@words("privacy")
def privacy(view: View) -> Worded:
    kept = view._(
        "我们只记这些：您问的话、发来的语音和照片、老师的回话，还有把回话送给您要用的聊天号。"
        "孩子的出生月份、小名，您在哪个区县，您愿意说才记。"
        "老师看得到您问的话、孩子多大、在哪里，看不到您的名字和电话。"
    )
    use = view._(
        "不卖给谁，也不发广告。您同意记的话留一年；转给老师的，还有紧急求助，办完后留三年，里面的照片和语音办完后留三个月。"
    )
    who = view._("由{operator}负责。有疑问，点「找老师」。", operator=view.services.settings.operator_name)
    now = _standings(view)
    state = "\n".join(f"· {_purpose(view, one)}：{_said(view, standing)}" for one, standing in now.items())
    if view.lang == "en":
        state = state.replace("：", ": ")
    asked = view._("同意没同意，点一下就改：")
    return (text(kept), text(use), *_abroad(view), text(asked + "\n" + state), small(who)), _panel(view, now)


def _said(view: View, standing: Standing) -> str:
    return {
        Standing.GIVEN: view._("同意了"),
        Standing.REFUSED: view._("没同意"),
        Standing.UNASKED: view._("还没问过您"),
    }[standing]


def _panel(view: View, now: Standings) -> Rows:
    toggles = tuple((_toggle(view, purpose, standing),) for purpose, standing in now.items())
    on_page = ((Button(view._("离开这个手机"), "leave"),),) if view.message.channel == Channel.WEB else ()
    return (
        *toggles,
        (Button(view._("取走我的资料"), "export"), Button(view._("清掉这里"), "clear")),
        (Button(view._("删孩子的资料"), "forget:child"), Button(view._("全部删掉"), "forget:all")),
        *on_page,
        (Button(view._("家里人一起用"), "share"), Button(view._("找老师"), "person")),
    )


@words("export_link")
def export_link(view: View) -> Worded:
    base = view.services.settings.public_url.rstrip("/")
    if view.message.channel != Channel.WEB and not base:
        said = view._("您的资料可以取走，只是这里还不能直接下载。点「找老师」说一声，我们给您。")
        return (text(said),), ((Button(view._("找老师"), "person"),),)
    address = f"{base if view.message.channel != Channel.WEB else ''}/privacy/export/"
    link = address + link_token(view.message, signing_key=view.services.signing_key)
    said = view._("您的资料都在这一个文件里：对话、照片和语音、每一条记录。半小时内点下面下载。")
    own = view._("别人拿到这个链接也能下载，请不要转发。")
    return (text(said), small(own)), ((Button(view._("下载我的资料"), url=link),),)


@words("need_code")
def need_code(view: View) -> Worded:
    said = view._(
        "手机可能不在您自己手里，所以这一步要先认一下：请在这一页最下面输入六位回访码，再回来点一次。"
        "忘了回访码，点「找老师」。"
    )  # fmt: skip
    return (text(said),), ((Button(view._("找老师"), "person"), Button(view._("我的信息"), "privacy")),)


@words("ask_forget")
def ask_forget(view: View) -> Worded:
    child = view.session.get(Child, view.facts["child_id"]) if view.facts.get("child_id") else None
    press = f"forget:child:{child.key}:yes" if child else "forget:all:yes"
    keep = Button(view._("不删了"), "privacy")
    if child is None:
        said = view._("要把您的对话、孩子的资料、照片和语音全部删掉吗？删了找不回来。")
        return (text(said), *_open_cases(view)), ((Button(view._("全部删掉"), press), keep),)
    said = view._("要删掉「{child}」的资料吗？删了找不回来。", child=child_line(view, child))
    only = (text(view._("您只记了这一个孩子，问过的话也会一起删。")),) if view.facts.get("only") else ()
    return (text(said), *only), ((Button(view._("删掉"), press), keep),)


def _open_cases(view: View) -> tuple[Block, ...]:
    count = view.facts.get("open_cases")
    if not count:
        return ()
    return (text(view._("有{count}件紧急或者保护孩子的事，法律要求留着，这次不删。", count=count)),)


@words("ask_forget_which")
def ask_forget_which(view: View) -> Worded:
    return (text(view._("要删哪个孩子的资料？")),), _children(view, "forget:child")


def _children(view: View, verb: str) -> Rows:
    known = [child for key in view.facts["child_ids"] if (child := view.session.get(Child, key))]
    return tuple((Button(label(child_line(view, child)), f"{verb}:{child.key}"),) for child in known)


@words("forgotten")
def forgotten(view: View) -> Worded:
    done = view._("删好了。回执 {number}，{at}。", number=view.facts["number"], at=view.moment(view.facts["at"]))
    blocks = [text(done), text(_counted(view)), *_what_stays(view)]
    if view.facts.get("shared"):
        blocks.append(text(view._("您这边和孩子断开了。家里还有别人在用，那边的孩子资料还在。")))
    if not view.facts.get("child"):
        blocks.append(text(view._("这张回执和送它用的聊天号，一天后也删掉。")))
    if view.message.channel == Channel.TELEGRAM:
        blocks.append(text(view._("Telegram 里的聊天记录在您手机上，请您自己删：长按这个对话，点删除。")))
    blocks.append(small(view._("备份里旧的那份会跟着备份过期；要是用备份恢复，会马上再删一次。")))
    return tuple(blocks), ()


def _counted(view: View) -> str:
    erased = view.facts["erased"]
    counts = {
        "questions": erased.get("question", 0),
        "lines": erased.get("message", 0),
        "cases": erased.get("case", 0),
        "files": erased.get("files", 0),
    }
    return view._("删掉了：问题{questions}个，对话{lines}条，转给老师的事{cases}件，照片和语音{files}个。", **counts)


def _what_stays(view: View) -> list[Block]:
    blocks = []
    if view.facts.get("open_cases"):
        said = view._(
            "没有删的：有{count}件紧急或者保护孩子的事还没办完，法律要求留着；办完以前，老师还要能找到您。",
            count=view.facts["open_cases"],
        )
        blocks.append(text(said))
    if view.facts.get("kept_until"):
        until = view.moment(view.facts["kept_until"])
        blocks.append(text(view._("没有删的：保护孩子的记录，法律要求留到{until}，到时自动删。", until=until)))
    return blocks


@words("cleared")
def cleared(view: View) -> Worded:
    """Says nothing of what was there."""
    if view.message.channel == Channel.TELEGRAM:
        return (text(view._("和老师说的话已经从这里清掉。两天以前的，要您自己长按删。")),), ()
    return (text(view._("和老师说的话已经从这里清掉。全部删掉，到「我们记下什么」里点。")),), ()


@words("leaving")
def leaving(view: View) -> Worded:
    said = view._(
        "离开以后，这个手机上就看不到您的对话了。以后想回来，要用这个回访码：{code}。请先抄下来，六十天内有效，以前的码不能用了。",
        code=view.facts["return_code"],
    )
    return (text(said),), ((Button(view._("抄好了，离开"), "leave:yes"), Button(view._("不离开"), "privacy")),)


@words("share_code")
def share_code(view: View) -> Worded:
    child = view.session.get(Child, view.facts["child_id"])
    name = child_line(view, child) if child else view._("孩子")
    said = view._(
        "把这个码给家里人：{code}。对方把码发给我，就一起照看「{child}」了。一天内有效，只能用一次。",
        code=view.facts["code"],
        child=name,
    )
    only = view._("一起用的只有孩子的资料。各人问的话，各人自己看得到。")
    others = tuple((_remove(view, one),) for one in view.facts["others"])
    return (text(said), small(only)), others


def _remove(view: View, other: dict[str, Any]) -> Button:
    since = view.moment(other["since"])
    press = f"unshare:{view.facts['child_id']}:{other['caregiver_id']}"
    return Button(label(view._("请出{since}加入的家人", since=since)), press)


@words("ask_share_which")
def ask_share_which(view: View) -> Worded:
    return (text(view._("要和家里人一起照看哪个孩子？")),), _children(view, "share")


@words("joined")
def joined(view: View) -> Worded:
    child = view.session.get(Child, view.facts["child_id"])
    name = child_line(view, child) if child else view._("孩子")
    return (text(view._("加好了，您和家里人一起照看「{child}」。您问的话只有您自己看得到。", child=name)),), four_doors(view)


@words("join_unknown")
def join_unknown(view: View) -> Worded:
    said = view._("这个码用不了：可能打错了，用过了，或者过了一天。请家里人再给您一个。")
    return (text(said),), four_doors(view)


@words("join_later")
def join_later(view: View) -> Worded:
    return (text(view._("试的次数太多了，请过一刻钟再试。")),), four_doors(view)


@words("unshared")
def unshared(view: View) -> Worded:
    return (text(view._("好了，那边看不到这个孩子的资料了。我们不会通知。")),), ()
