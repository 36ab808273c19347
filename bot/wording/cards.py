"""Cards of cases for staff in their own chat: who asks, what she said, what can be done with it."""

from sqlmodel import col, select

from bot.dialogue.events import Block, Button
from bot.wording.rendering import Rows, View, Worded, alert, small, text, title, words
from care.cases import queries as cases
from care.cases.models import Case, CaseEntry, CaseKind, CaseState, EntryKind
from care.cases.queries import CaseView
from care.questions import queries as questions
from care.safeguarding.queries import readable
from care.safety.child_writing import TOPIC as CHILD_WRITES
from care.text import age_in_words, without_numbers
from kit.accounts.models import Staff
from knowledge import topics
from knowledge.models import SETTLED, Passage, Revision


def case_of(view: View) -> CaseView | None:
    case_id = view.facts.get("case_id") or view.message.case_id
    case = view.session.get(Case, case_id) if case_id else None
    return cases.view(view.session, case) if case else None


def kind_of(view: View, case: CaseView) -> str:
    if case.case.kind is CaseKind.UNREADABLE:
        return _unreadable(view, next((entry.media_kind for entry in case.entries if entry.media_kind), ""))
    return {
        CaseKind.NO_ANSWER: view._("没有现成答案"),
        CaseKind.ASKED_FOR_PERSON: view._("家长想找老师"),
        CaseKind.URGENT: view._("要当天联系"),
        CaseKind.DANGER: view._("紧急"),
    }[case.case.kind]


def _unreadable(view: View, media: str) -> str:
    known = {"voice": view._("语音，机器听不懂"), "photo": view._("照片，机器看不懂"), "file": view._("文件，机器看不懂")}
    return known.get(media, view._("语音或照片，机器看不懂"))


def media_words(view: View, entry: CaseEntry) -> str:
    known = {
        "voice": view._("（有语音，请到工作台听）"),
        "photo": view._("（有照片，请到工作台看）"),
        "file": view._("（有文件，请到工作台看）"),
    }
    return known.get(entry.media_kind, view._("（有照片或语音，请到工作台看）"))


def _about(view: View, case: CaseView) -> str:
    age = age_in_words(case.child_age, view.lang) if case.child_age is not None else view._("月龄不详")
    parts = [view._("家长 {alias}", alias=case.alias), view._("孩子 {age}", age=age), case.place or view._("地区不详")]
    return " · ".join(parts)


def masked(view: View, said: str) -> str:
    """No family's number goes through Telegram, also when she wrote it among her words."""
    return without_numbers(said, instead=view._("（电话号码，请到工作台看）"))


def words_of(view: View, case: CaseView) -> str:
    if sealed(view, case):
        return view._("这是一件要保护的事。内容要先记下为什么看，才打得开。")
    lines = []
    for entry in case.entries:
        if entry.kind == "parent":
            media = media_words(view, entry) if entry.media_key else ""
            lines.append(view._("「{text}」", text=masked(view, entry.text)[:600]) + media if entry.text else media)
    return "\n".join(lines[-3:])


def _asked_before(view: View, case: CaseView) -> tuple[Block, ...]:
    """What she asked the machine shortly before: often it says what her last words leave out."""
    if sealed(view, case):
        return ()
    asked = [masked(view, one.text)[:200] for one in questions.asked_shortly_before(view.session, case.case)]
    return tuple(small(view._("之前问过机器：「{text}」", text=one)) for one in asked[-3:])


def _answered_before(view: View, case: CaseView) -> tuple[Block, ...]:
    """The last reply, so that whoever takes over does not say it again, or the contrary."""
    replies = [entry for entry in case.entries if entry.kind is EntryKind.REPLY and entry.undone_at is None]
    if not replies or sealed(view, case):
        return ()
    return (small(view._("前面回过她：「{text}」", text=masked(view, replies[-1].text)[:300])),)


def _note(case: CaseView) -> str:
    """What a colleague wrote when she handed it on or put it back last. Nothing of a protected case stands in the chat."""
    moved = [entry for entry in case.entries if entry.kind is EntryKind.EVENT and entry.text in ("taken", "open")]
    said = [str(entry.facts["words"]) for entry in moved if entry.facts.get("words")]
    return said[-1] if said and not case.case.protected else ""


def sealed(view: View, case: CaseView) -> bool:
    """A protected case shows its words only to whoever has lately said why she reads it."""
    reader = view.session.get(Staff, view.message.staff_id) if view.message.staff_id else None
    return reader is None or not readable(view.session, case.case, by=reader)


def _opening(view: View, case: CaseView) -> Rows:
    """One tap that says why, for the log, and opens the words."""
    if not sealed(view, case) or case.case.state is CaseState.CLOSED:
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


def card_buttons(view: View, case: CaseView) -> Rows:
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
    case = case_of(view)
    if case is None:
        return gone(view)
    head = view._("个案 {number}：{kind}", number=case.case.key, kind=kind_of(view, case))
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
    if note := _note(case):
        notes.append(view._("交代：{note}", note=masked(view, note)))
    due = _until(view, case.case)
    nearest = _nearest(view, case)
    blocks = [title(head), small("\n".join([*notes, due])), text(words_of(view, case) or view._("（没有文字）"))]
    more = (
        *_asked_before(view, case),
        *_answered_before(view, case),
        *((small(nearest),) if nearest else ()),
        *_hint(view, case),
    )
    return (*blocks, *more), card_buttons(view, case)


def _until(view: View, case: Case) -> str:
    """One urgency a card: an urgent one is due by when the parent was told."""
    if case.kind is CaseKind.DANGER:
        return view._("请马上处理")
    due = view.services.hours.promised(case.opened_at) if case.kind is CaseKind.URGENT else case.due_at
    return view._("答复时限 {by}", by=view.moment(due.isoformat()))


def _hint(view: View, case: CaseView) -> tuple[Block, ...]:
    """How to answer; nothing on the card of a case that somebody else answers."""
    if case.case.state is CaseState.OPEN:
        return (small(view._("点「我来答」，再回复这条消息，就发给这位家长。")),)
    if case.case.owner_id == view.message.staff_id:
        return (small(view._("回复这条消息就发给这位家长。")),)
    return ()


@words("danger_card")
def danger_card(view: View) -> Worded:
    case = case_of(view)
    if case is None:
        return gone(view)
    head = view._("紧急求助 · 个案 {number}", number=case.case.key)
    hint = view._("已先回了家长急救电话。请马上接手，回复这条消息就发给家长。")
    buttons = card_buttons(view, case)
    if case.case.state is CaseState.OPEN:
        take, *rest = buttons
        buttons = (take, (Button(view._("看到了，马上来"), f"seen:{case.case.key}"),), *rest)
    before = _asked_before(view, case)
    return (alert(head), small(_about(view, case)), text(words_of(view, case)), *before, small(hint)), buttons


@words("follow_answered")
def follow_answered(view: View) -> Worded:
    case = case_of(view)
    if case is None:
        return gone(view)
    head = view._("家长 {alias} 回了今天的问候（个案 {number}）", alias=case.alias, number=case.case.key)
    return (title(head), text(words_of(view, case))), card_buttons(view, case)


@words("protected_waits")
def protected_waits(view: View) -> Worded:
    """To those who may not read it, where nobody who may can be reached."""
    case = case_of(view)
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
    case = case_of(view)
    if case is None:
        return gone(view)
    said = view._(
        "家长 {alias}（个案 {number}）按了「不是紧急情况」。按的不一定是她本人：请还是联系上，确认平安再办完。",
        alias=case.alias,
        number=case.case.key,
    )
    return (text(said),), card_buttons(view, case)


@words("number_left")
def number_left(view: View) -> Worded:
    case = case_of(view)
    if case is None:
        return gone(view)
    said = view._(
        "家长 {alias}（个案 {number}）留了电话。接手以后，在工作台看，看一次记一次。", alias=case.alias, number=case.case.key
    )
    return (text(said),), card_buttons(view, case)


@words("acknowledged")
def acknowledged(view: View) -> Worded:
    case = case_of(view)
    if case is None:
        return gone(view)
    said = view._("记下了，先不再叫别人。个案 {number} 还没有人接：十分钟内请接手，不然会接着往上叫。", number=case.case.key)
    if case.case.owner_id == view.message.staff_id:
        said = view._("记下了，您正在联系个案 {number} 的家长。十分钟里不叫别人。", number=case.case.key)
    return (text(said),), card_buttons(view, case)


@words("case_more")
def case_more(view: View) -> Worded:
    case = case_of(view)
    if case is None:
        return gone(view)
    head = view._("家长 {alias} 又说了（个案 {number}）", alias=case.alias, number=case.case.key)
    return (title(head), text(words_of(view, case)), small(view._("回复这条消息就发给这位家长。"))), card_buttons(view, case)


def gone(view: View) -> Worded:
    return (text(view._("这个个案已经不在了。")),), ()


@words("taken")
def taken(view: View) -> Worded:
    case = case_of(view)
    alias = case.alias if case else ""
    said = view._(
        "接下了：家长 {alias}（个案 {number}）。回复这条消息，就发给这位家长。",
        alias=alias,
        number=view.facts.get("case_id") or view.message.case_id,
    )
    return (text(said),), card_buttons(view, case) if case else ()
