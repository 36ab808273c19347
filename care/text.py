"""In which language a person writes to us."""

import re

from knowledge.content import Lang

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")


def lang_of(text: str, *, otherwise: str) -> Lang:
    """One Chinese character is enough for zh; en takes two words, so that «ok» or «38.5C» does not switch."""
    if _CHINESE.search(text):
        return "zh"
    if len(_WORD.findall(text)) >= 2:
        return "en"
    return "en" if otherwise == "en" else "zh"
