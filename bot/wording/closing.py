"""How a case ends: what staff are asked before it does, and what the parent is told who was promised an answer."""

from bot.dialogue.events import Block, Button
from bot.wording.cards import case_of, gone, masked, media_words
from bot.wording.rendering import View, Worded, small, text, words
from care.cases.models import Outcome
from care.cases.queries import CaseView


@words("closed")
def closed(view: View) -> Worded:
    told = (small(view._("家长那边说了一声，她还可以再说。")),) if view.facts.get("told") else ()
    return (text(view._("办完了，辛苦。")), *told), ()


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
    case = case_of(view)
    said = view._("紧急的个案（{number}）要记下结果才能办完。后来怎样？", number=case_id)
    return (*(_unanswered(view, case) if case else ()), text(said)), rows


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


@words("ask_unanswered")
def ask_unanswered(view: View) -> Worded:
    """To answer her is offered first: it is what she was promised."""
    case = case_of(view)
    if case is None:
        return gone(view)
    hint = small(view._("要回她，直接回复这条消息。"))
    rows = (
        (Button(view._("先回她"), f"card:{case.case.key}"),),
        (Button(view._("不用回，办完，跟她说一声"), f"close:{case.case.key}:{view.facts['seen']}"),),
    )
    return (*_unanswered(view, case), text(view._("还没有办完。")), hint), rows


def _unanswered(view: View, case: CaseView) -> tuple[Block, ...]:
    """Nothing of a protected case stands in the chat."""
    if not case.unanswered:
        return ()
    newest = case.unanswered[-1]
    if case.case.protected or not (newest.text or newest.media_key):
        return (text(view._("家长 {alias} 后来又说了，还没有回。", alias=case.alias)),)
    said = masked(view, newest.text)[:300] + (media_words(view, newest) if newest.media_key else "")
    if not case.replied:
        return (text(view._("家长 {alias} 说：「{said}」，还没有回过。", alias=case.alias, said=said)),)
    return (text(view._("家长 {alias} 后来又说：「{said}」，还没有回。", alias=case.alias, said=said)),)


@words("case_ended")
def case_ended(view: View) -> Worded:
    """To the parent, whose last words get no answer. Neutral, since others may see the phone."""
    name = str(view.facts["name"]).removesuffix("老师")
    said = view._("{name}老师看了您说的，这件事先办到这里。还有没说清楚的，点下面再说一句，老师看得到。", name=name)
    return (text(said),), ((Button(view._("再跟老师说一句"), f"say:{view.message.case_id}"),),)
