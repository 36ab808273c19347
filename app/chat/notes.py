"""Short sentences that the page shows once, named in its address so that a plain form can lead to them."""

from app.web.languages import mark, translate
from knowledge.content import Lang

_NOTES = {
    "again": mark("没发出去：这一页放得太久了。您的话还在下面，请再按一次“发送”。"),
    "busy": mark("您发得太快了，请等一分钟再发。要是孩子有危险，马上打120。"),
    "upload": mark("您的话收到了，但是附上的文件我们打不开。请换一张照片（JPG、PNG）或者一段录音。"),
    "large": mark("这个文件太大了，发不了。请发小一点的照片，或者短一点的录音（20兆以内）。要是孩子有危险，马上打120。"),
    "budget": mark(
        "您发来的已经很多了，%(until)s 以后才收得下。没发出去的字还在下面。孩子有危险，马上打120；这样的话什么时候都收。"
    ),
    "empty": mark("没有看到字，也没有看到照片或录音（空的文件打不开）。请打字，或者重新选一张照片、录一段语音。"),
    "long": mark("这段话太长了，没有发出去，字还在下面。请分成几段发，每段一万字以内。要是孩子有危险，马上打120。"),
    "code": mark("没有找到这个回访码。请看看六个数字有没有输错；过了六十天的码也用不了了。"),
    "tries": mark("试的次数太多了，请过一刻钟再试。急的话，直接在这里再问一次。"),
    "back": mark("找到了，这是您之前的对话。"),
}


def note(name: str, lang: Lang, **facts: object) -> str:
    """Nothing for a name that we did not give, or whose facts stand in no address."""
    if name not in _NOTES or ("%(" in _NOTES[name] and not facts):
        return ""
    return translate(_NOTES[name], lang, **facts)
