"""What the gate found on an edition, in sentences for a terminal. Judges nothing."""

from collections.abc import Iterator

from app.cli import terminal
from care.editions.verdict import FLOOR, Broken, Reason, Verdict

_SHOWN = 10


def tell(verdict: Verdict) -> None:
    for zh, en in sentences(verdict):
        terminal.say(zh, en)
    for one in verdict.comparison.broken[:_SHOWN]:
        terminal.say(*_broken(one))
    left = len(verdict.comparison.broken) - _SHOWN
    if left > 0:
        terminal.say(
            f"  还有 {left} 个，都在编辑台这一版的页面上。", f"  and {left} more, all on the edition's page of the console."
        )


def sentences(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """How it compares, and each reason for refusing it."""
    found = verdict.comparison
    now = found.now["right_first"]
    if found.before:
        before = found.before["right_first"]
        share = f"{before.value:.1%} → {now.value:.1%}"
        yield (
            f"第 {verdict.number} 版和第 {verdict.against} 版比，问了 {found.asked} 个问题：第一篇对的 {share}，"
            f"答坏了 {len(found.broken)} 个，答好了 {found.mended} 个。",
            f"Edition {verdict.number} beside edition {verdict.against}, asked {found.asked} questions: first passage right "
            f"{share}, {len(found.broken)} broken, {found.mended} mended.",
        )
    for reason in verdict.reasons:
        yield _reason(reason, verdict)


def _reason(reason: Reason, verdict: Verdict) -> tuple[str, str]:
    found = verdict.comparison
    match reason:
        case Reason.FEWER_RIGHT:
            return (
                f"第一篇对的少了 {100 * found.fall:.1f} 个百分点，不是碰巧。",
                f"Right first fell by {100 * found.fall:.1f} points, which chance does not explain.",
            )
        case Reason.DANGER_LOST:
            lost = "；".join(verdict.lost_dangers[:_SHOWN])
            return (
                f"有 {len(verdict.lost_dangers)} 条危险信息原来认得出，现在认不出了：{lost}",
                f"{len(verdict.lost_dangers)} messages of danger were recognised before and are not now: {lost}",
            )
        case Reason.TEXTS_MOVED:
            pairs = "；".join(f"《{one.now.zh}》← 《{one.source.zh}》({one.lang})" for one in found.moved[:_SHOWN])
            return (
                f"有 {len(found.moved)} 处正文换到了别的篇目下面：{pairs}",
                f"{len(found.moved)} texts stand under another passage than before: {pairs}",
            )
        case Reason.FOREIGN_WEIGHTS:
            return (
                "索引里的向量不是这个模型算的。请重新建这一版。",
                "The vectors in its index are not those of this model. Build the edition again.",
            )
        case Reason.BELOW_FLOOR:
            return (
                f"第一篇对的只有 {found.now['right_first'].value:.0%}，至少要有 {FLOOR:.0%}。",
                f"Right first is {found.now['right_first'].value:.0%}, and {FLOOR:.0%} is the least.",
            )
        case Reason.NO_QUESTIONS:
            return (
                "没有检查用的问题，说不出好坏。请看 GOLD_DIR 写对没有。",
                "There are no questions to ask it, so nothing can be said of it. See whether GOLD_DIR names the right folder.",
            )
        case Reason.NOTHING_BESIDE:
            return (
                f"第 {verdict.against} 版的文件打不开，没法比。可以重建它：peiban editions build {verdict.against}",
                f"Edition {verdict.against} cannot be opened, so there is nothing to compare with. "
                f"Build it again: peiban editions build {verdict.against}",
            )


def _broken(one: Broken) -> tuple[str, str]:
    gone_zh, gone_en = ("（这一篇没有了）", " (which is gone)") if one.gone else ("", "")
    return (
        f"  「{one.text}」原来是《{one.before.zh}》{gone_zh}，现在是《{one.now.zh or '没有'}》",
        f"  {one.text!r} had {one.before.slug}{gone_en}, and now has {one.now.slug or 'nothing'}",
    )
