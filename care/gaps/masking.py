"""What editors read of a question: without the child's name, numbers and addresses by which a family could be found."""

import re
from collections.abc import Collection

from care.text import lang_of, without_numbers

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|(?<!\w)@\w{3,}")
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){4,}")
_NAMED = re.compile(
    r"((?:我叫|名字叫|小名叫?|大名叫?|名叫|叫做)\s*)[\u4e00-\u9fff]{2,3}(?=[，。、,.!！?？ \n]|$)"
    r"|((?:[Mm]y name is|is called|named) )[A-Z][a-z]+"
)


def masked(text: str, *, names: Collection[str] = ()) -> str:
    """`names` are those on record for her children. One line."""
    child = "孩子" if lang_of(text, otherwise="zh") == "zh" else "my child"
    for name in sorted((one for one in names if len(one) > 1), key=len, reverse=True):
        text = re.sub(re.escape(name), child, text, flags=re.IGNORECASE)
    text = _ADDRESS.sub("＊", without_numbers(text, instead="＊"))
    text = _NAMED.sub(lambda found: f"{found[1] or found[2]}＊", _LONG_NUMBER.sub("＊", text))
    return " ".join(text.split())
