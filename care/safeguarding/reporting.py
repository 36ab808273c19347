"""The archive for the report that the law asks for: what was said and done, each step with its time. Who told us stays out of it
unless she agreed. Minors Law art. 11; Law against Domestic Violence art. 14, which protects whoever reports.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from jinja2 import Environment
from sqlmodel import Session, col, select

from care.cases import queries as cases
from care.cases.models import Case, CaseEntry, EntryKind
from care.duty import waiting
from care.duty.models import PageState, Rung
from care.duty.queries import Call, calls
from care.families.models import Channel, Contact
from care.safeguarding import actions
from care.safeguarding.models import LookKind
from care.safeguarding.queries import Seen, looks
from care.text import age_in_words, without_numbers
from kit import clock
from kit.accounts.models import Staff
from kit.blobs import Blobs
from kit.errors import NotFound

_CATEGORIES = {
    "abuse": "孩子受伤害", "violence": "家里有人动手", "self_harm": "伤害自己", "missing": "孩子不见了", "guardianship": "没人照看",
}  # fmt: skip
_EVENTS = {
    "taken": "接手", "open": "放回等待", "answered": "回复", "closed": "结束", "acknowledged": "看到了，马上来",
    "not_emergency": "对方按了「不是紧急情况」", "asks_other": "对方接着问别的", "number_left": "对方留了电话",
    "number_seen": "看了电话", "holder_reminded": "提醒接手的人：还没有写，也没有打电话",
    "taken_back": "十五分钟没有动静，放回去叫别人",
}  # fmt: skip
_TOLD_ELSEWHERE = {"answered", waiting.NOBODY, waiting.CAME}
_OUTCOMES = {
    "safe": "联系上了，人已经平安", "in_care": "已经在医院或急救人员手上", "reported": "报了警，或者交给了街道、民政、妇联",
    "not_reached": "一直联系不上，已经交代给上级", "no_danger": "弄清楚了，不是危险",
}  # fmt: skip
_LOOKS = {LookKind.READ: "看内容", LookKind.REPORT: "取出报告，不写来信人", LookKind.REPORT_NAMED: "取出报告，写明来信人"}
_STATES = {PageState.REACHED: "送到了", PageState.FAILED: "没有送到", PageState.WAITING: "还在送"}


@dataclass(frozen=True, slots=True)
class Step:
    """`time` in China's time, to the second; `who` is a member of staff, or empty where it was the family or the system."""

    at: datetime
    who: str
    what: str
    words: str = ""

    @property
    def time(self) -> str:
        return f"{self.at.astimezone(clock.CHINA):%Y-%m-%d %H:%M:%S}"


def report(session: Session, blobs: Blobs, case: Case, *, by: Staff, operator: str, reason: str, named: bool = False) -> bytes:
    """A zip archive with a page to read and print, and the photos. `named` writes who told us, and her voice, since she agreed.

    That it was taken out stands in the log. Raises ReasonMissing, ReasonNeeded.
    """
    actions.open_page(session, case, by=by)
    kind = LookKind.REPORT_NAMED if named else LookKind.REPORT
    actions.look(session, case, by=by, reason=reason, kind=kind)
    view = cases.view(session, case)
    kept = [entry for entry in view.entries if entry.media_key and (named or entry.media_kind == "photo")]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("report.html", _page(session, case, view, by=by, operator=operator, named=named))
        for entry in kept:
            try:
                packed.writestr(f"media/{entry.id}{_SUFFIXES.get(entry.media_kind, '')}", blobs.get(entry.media_key))
            except NotFound:
                continue  # its time was over
    return archive.getvalue()


_SUFFIXES = {"photo": ".jpg", "voice": ".ogg"}


def _page(session: Session, case: Case, view: cases.CaseView, *, by: Staff, operator: str, named: bool) -> str:
    template = files("care.safeguarding").joinpath("report.html").read_text(encoding="utf-8")
    return (
        Environment(autoescape=True)
        .from_string(template)
        .render(
            number=case.key,
            operator=operator,
            by=by.name,
            made=Step(clock.now(), "", "").time,
            category=_CATEGORIES.get(case.category, ""),
            place=view.place or "不知道",
            age=age_in_words(view.child_age, "zh") if view.child_age is not None else "不知道",
            reporter=_reporter(session, case, view.alias) if named else "",
            steps=_steps(session, case, view),
        )
    )


def _reporter(session: Session, case: Case, alias: str) -> str:
    """Her alias and where she writes from; of a page's visitor nothing more is known."""
    query = select(Contact).where(Contact.caregiver_id == case.caregiver_id, Contact.channel == Channel.TELEGRAM)
    chats = [f"Telegram {contact.address}" for contact in session.exec(query.order_by(col(Contact.id)))]
    return "，".join([f"代号 {alias}", *chats])


def _steps(session: Session, case: Case, view: cases.CaseView) -> list[Step]:
    names = {staff.key: staff.name for staff in session.exec(select(Staff))}
    steps = [Step(case.opened_at, "", "系统判断为要保护的事，开了这个求助")]
    steps += [
        _said(entry, names) for entry in view.entries if not (entry.kind is EntryKind.EVENT and entry.text in _TOLD_ELSEWHERE)
    ]
    for call in calls(session, case.key):
        if call.nobody:
            steps.append(Step(call.at, "", "没有同事值班，叫不到人"))
            continue
        steps.append(Step(call.at, "", f"叫值班的人：{_called(call)}"))
        if call.settled_at:
            steps.append(Step(call.settled_at, "", f"{_called(call)}：{_STATES[call.state]}"))
    steps += [_looked(seen) for seen in looks(session, case)]
    return sorted(steps, key=lambda step: step.at)


def _said(entry: CaseEntry, names: dict[int, str]) -> Step:
    who = names.get(entry.staff_id or 0, "")
    if entry.kind is EntryKind.PARENT:
        media = "（附有照片）" if entry.media_kind == "photo" else "（附有语音或文件）" if entry.media_key else ""
        return Step(entry.at, "", f"来信{media}", without_numbers(entry.text, instead="（号码略）"))
    if entry.kind is EntryKind.REPLY:
        return Step(entry.at, who, "回复" + ("，后来撤回" if entry.undone_at else ""), entry.text)
    outcome = _OUTCOMES.get(str(entry.facts.get("outcome", "")), "")
    words = "。".join(part for part in (outcome, str(entry.facts.get("words", ""))) if part)
    handed = entry.facts.get("handed_to")
    what = f"转给 {names.get(handed, '')}" if isinstance(handed, int) else _EVENTS.get(entry.text, entry.text)
    return Step(entry.at, who, what, words)


def _called(call: Call) -> str:
    rung = {Rung.FIRST: "", Rung.EVERYBODY: "（往上一级）", Rung.LAST: "（最后一级）"}[call.rung]
    return (call.name or (f"值班地址 {call.place}" if call.place else "最后一个地址")) + rung


def _looked(seen: Seen) -> Step:
    return Step(seen.at, seen.name, _LOOKS[seen.kind], f"原因：{seen.reason}")
