"""Words for staff about danger in their own hands: nothing written yet, and going off duty while it is open."""

from bot.dialogue.events import Button
from bot.wording.cards import card_buttons, case_of, gone, words_of
from bot.wording.rendering import Rows, View, Worded, alert, small, text, words


@words("danger_unwritten")
def danger_unwritten(view: View) -> Worded:
    case = case_of(view)
    if case is None:
        return gone(view)
    head = view._("个案 {number} 是您接的，家长还在等：还没有写，也没有打电话。", number=case.case.key)
    hint = view._("五分钟内写一句，或者到工作台看电话打过去。正在联系，就点一下；不然放回去，叫别的同事来接。")
    at_it = (Button(view._("正在联系家长"), f"seen:{case.case.key}"),)
    return (alert(head), text(words_of(view, case)), small(hint)), (at_it, *card_buttons(view, case))


@words("off_with_danger")
def off_with_danger(view: View) -> Worded:
    """Nothing has changed yet: she is still on duty."""
    numbers = [str(key) for key in view.facts["case_ids"]]
    said = view._("您手上还有没办完的紧急个案：{numbers}。您走了，家长再说什么就没有人看。", numbers=view._("、").join(numbers))
    choice = view._("先转给同事（点下面的个案，放回去，值班的人马上收到），或者照样休息：我马上叫值班的人来接。")
    alone = (alert(view._("现在没有别的同事值班。您走了，要等有人上岗才有人接。")),) if view.facts["alone"] else ()
    open_ones: Rows = tuple((Button(view._("看个案 {number}", number=number), f"card:{number}"),) for number in numbers)
    return (text(said), *alone, small(choice)), (*open_ones, (Button(view._("照样休息，转给别人"), "off:yes"),))


@words("off_duty")
def off_duty(view: View) -> Worded:
    back = ((Button(view._("回来上岗"), "on"),),)
    paged = view.facts.get("paged", -1)
    if paged > 0:
        said = view._("好好休息。手上的紧急个案已经叫值班的人来接，新的不会发给您。")
        return (text(said),), back
    if paged == 0:
        said = view._("好好休息。手上的紧急个案放回去了，可是现在没有人值班：谁先上岗，就先叫谁。")
        return (text(said),), back
    return (text(view._("好好休息。新个案和紧急求助都不会发给您，手上的个案还在。")),), back
