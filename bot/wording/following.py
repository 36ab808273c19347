"""Words of the morning after a danger. Whoever else picks up the phone learns nothing from them: no word of what it was about."""

from bot.dialogue.events import Button
from bot.wording.rendering import Rows, View, Worded, text, words


def _no_more(view: View, label: str) -> Rows:
    return ((Button(label, f"follow:no:{view.message.case_id}"),),)


@words("follow_ask")
def follow_ask(view: View) -> Worded:
    said = view._("{at} 左右，我来问候您一声，好吗？您点「好」我才来。", at=view.moment(view.facts["at"]))
    yes = (Button(view._("好"), f"follow:yes:{view.message.case_id}"),)
    return (text(said),), (yes, *_no_more(view, view._("不用")))


@words("follow_agreed")
def follow_agreed(view: View) -> Worded:
    said = view._("好，{at} 左右见。改主意了，点一下就不来了。", at=view.moment(view.facts["at"]))
    return (text(said),), _no_more(view, view._("不用来了"))


@words("follow_refused")
def follow_refused(view: View) -> Worded:
    return (text(view._("好，不来打扰。有事随时找我。")),), ()


@words("follow_up")
def follow_up(view: View) -> Worded:
    case_id = view.message.case_id
    well = (Button(view._("都好"), f"follow:well:{case_id}"),)
    talk = (Button(view._("想跟老师说一句"), f"follow:talk:{case_id}"),)
    said = view._("早上好，我来问候一声。您和娃儿今天怎么样？回我一句，或者点一下，老师看得到。")
    return (text(said),), (well, talk, *_no_more(view, view._("不用再问候")))


@words("follow_thanks")
def follow_thanks(view: View) -> Worded:
    return (text(view._("谢谢您回我，记下了，老师看得到。有事随时说。")),), ()
