"""One spelling for many: a message brought to simplified, lower-case sentences parted into clauses. Judges nothing."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

HAN = "\u3400-\u9fff"
_LONGEST = 4000
"""Characters that are read; a longer message is read at both ends, where people put what matters."""

_SENTENCE_END = re.compile(rf"[。!?;…\n\r]+|\.(?=\s|$)|(?<=[{HAN}])\.{{2,}}")
_CLAUSE_MARK = re.compile(r"\s*[,、:~]+\s*")
_LONE = re.compile(rf"(?<![{HAN}])([{HAN}])[ \t.\-*_/·•|+#~,、]+(?=[{HAN}](?![{HAN}]))")
_HAN_GAP = re.compile(rf"(?<=[{HAN}])[ \t.\-*_/·•|+#]+(?=[{HAN}0-9])|(?<=[0-9])\s+(?=[{HAN}])")
_SPACES = re.compile(r"[ \t]+")
_MARKS = str.maketrans({"’": "'", "‘": "'", "´": "'", "“": '"', "”": '"', "．": ".", "°": "度"})
_UNWRITTEN = frozenset({"So", "Sk", "Cs", "Cf", "Co", "Cn", "Mn", "Me", "Cc"})
"""Unicode categories of emoji, combining marks and signs without width."""


def plain(text: str) -> str:
    """Simplified characters, lower case, ordinary width, no emoji."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]}\n{text[-_LONGEST // 2 :]}"
    whole = text.encode("utf-8", "ignore").decode()  # half a sign, left over from a cut emoji, cannot be converted
    folded = unicodedata.normalize("NFKC", whole.translate(_MARKS)).lower().replace("°", "度")
    simple: str = _simplifier().convert(folded)
    return "".join(sign for sign in simple if sign == "\n" or unicodedata.category(sign) not in _UNWRITTEN)


def sentences(plain_text: str) -> tuple[str, ...]:
    """The sentences, clauses parted by a comma; a blank between two Chinese words counts as a comma."""
    return _split(_LONE.sub(r"\1", plain_text), ",")


def run_together(plain_text: str) -> tuple[str, ...]:
    """The same sentences with every mark between Chinese words dropped: catches words split to pass a filter."""
    return _split(plain_text, "")


def _split(plain_text: str, mark: str) -> tuple[str, ...]:
    parts = (_SPACES.sub(" ", _CLAUSE_MARK.sub(mark or "", _HAN_GAP.sub(mark, part))) for part in _SENTENCE_END.split(plain_text))
    return tuple(part.strip(" ,") for part in parts if part.strip(" ,"))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
