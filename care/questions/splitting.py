"""Several questions in one message, told apart by their form alone. Whether they really are about different things only a search
knows: see understanding.

Rather one too few than one too many. What tells of a child belongs to the question that follows it, and a question that leans
on the one before it ("是不是缺钙", "要紧不") stays with it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from care.questions.followups import Form, form_of

MOST = 5
_SHORTEST = 3
_HAN = r"[\u3400-\u9fff]"
_FURTHER_ZH = (
    r"(?:(?:还有|另外|此外)(?:就是|呢|一个(?:问题|事)?|一件事|个事|一点|想问|请?问)*"
    r"|(?:还|也|再|顺便|顺带)(?:想|要)?(?:请?问|请教)(?:您|你|老师)?(?:一?[哈下个句]子?)?|对了|其次|再一个|再就是)"
    r"(?!没有|没得|点|些|[一二两三四五六七八九十几半\d]+(?:个|天|岁|周|次|颗))"
)
_FURTHER_EN = (
    r"(?:(?:and )?also|and another (?:thing|question)|another (?:thing|question)|one more (?:thing|question)"
    r"|(?:and )?(?:secondly|second question)|by the way|on another note)\b"
)
_FURTHER = re.compile(rf"{_FURTHER_ZH}(?:[,，、 ]*{_FURTHER_ZH})*|{_FURTHER_EN}", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[\s，,。；;：:？?！!]))"
    r"(?:[（(]?(?P<digit>[1-9])(?:[)）、．]|[.:](?=\D))|(?P<ring>[①②③④⑤⑥⑦⑧⑨])|第(?P<word>[一二三四五])(?:[个点条件]?(?:问题|事)?(?:就?是)?[,，、:：]?))\s*"
)
_END = re.compile(r"(?<=[?？!！。；;\n])\s*")
_PAUSE = re.compile(rf"(?<=[,，、])\s*|(?<={_HAN})\s+(?={_HAN})")
_ASKS = re.compile(
    r"[?？]|吗|咋|怎么(?!都|也)|怎样|啷个|如何|要不要|能不能|可不可以|有没有|该不该|行不行|够不够|好不好|管不管|需不需要|要得不"
    r"|为什么|为啥|什么时候|[玩吃买做用穿是叫]什么|好久(?:可以|能|才|加|打|开始)|多久|多少|多大|哪[里个种样]|[在去到]哪|哪儿|几(?:次|顿|点|岁)|[^\s要可能是好会行对有得]不$|不[?？]$|(?:可以|能|要|得|行|对|好|有)不(?![\u3400-\u9fff])|没得?$"
    r"|^(?:how|what|when|why|where|which|who|can|could|may|should|do|does|did|is|are|will|would)\b"
    r"|\b(?:how|when|what|should|can|may) (?:do|does|to|is|are|can|should|i|we|he|she|my|much|many|long|often)\b",
    re.IGNORECASE,
)
_ENDS_ASKING = re.compile(r"(?:咋办|怎么办|咋个办|咋整|咋弄|怎么弄|吗|呢|嘛|不|要得不|多少|多久|好久)$")
_LEANS = re.compile(
    r"^(?:那|这|它|他们?|她们?|以后|是不是|是因为|会不会|还有没有|有没有(?:关系|问题|事|影响|别的|其他)|跟这|和这|还是|先|正常|要紧|严不严重|严重|该怎么|该咋"
    r"|应该|到底|请问|谢谢|老师|麻烦|急|怎么办|怎么回事|怎么弄|咋办|咋个办|咋回事|咋整|啷个办|为什么|为啥|要不要(?:去|看|带|紧|停|管)"
    r"|需不需要(?:去|看)|用不用|正不正常|哪[个样种]|(?:请|您|你们?)"
    r"|is (?:it|that|this)\b|are (?:they|these)\b|should i worry|what (?:should|can|do) (?:i|we) do\b|what first|why\b|how to deal"
    r"|thanks|thank you|please)",
    re.IGNORECASE,
)


_MAY = re.compile(
    r"^(?:还?能不能|还?可不可以|还?可以|要不要|需要|需不需要|该不该|用不用|(?:can|may|should) (?:i|he|she|we)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Split:
    """`parts` in her own words, in order; the whole text alone when it asks one thing. `said` when she counts them or says «also»."""

    parts: tuple[str, ...]
    said: bool


def split(text: str) -> Split:
    """At most `MOST` parts; a message that seems to have more is left whole."""
    whole = text.strip()
    counted = _numbered(whole)
    found = counted or _questions(_clauses(whole))
    if not 1 < len(found) <= MOST:
        return Split((whole,), said=False)
    return Split(tuple(found), said=bool(counted or _FURTHER.search(whole)))


def _numbered(text: str) -> list[str]:
    """Of a list that counts 1, 2, 3: its items, with what stands before it given to the first."""
    marks = list(_NUMBER.finditer(text))
    if len(marks) < 2 or [_value(mark) for mark in marks] != list(range(1, len(marks) + 1)):
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    items = [_bare(text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
    return items if all(len(item) >= _SHORTEST for item in items) else []


def _value(mark: re.Match[str]) -> int:
    if mark["digit"]:
        return int(mark["digit"])
    return "①②③④⑤⑥⑦⑧⑨".index(mark["ring"]) + 1 if mark["ring"] else "一二三四五".index(mark["word"]) + 1


@dataclass(frozen=True, slots=True)
class _Clause:
    """`further` is the word like «also» that opens it."""

    further: str
    said: str


def _clauses(text: str) -> Iterator[_Clause]:
    further = ""
    for sentence in _END.split(text):
        for piece in _PAUSE.split(sentence):
            for clause in _cut(piece):
                said = any(character.isalnum() for character in clause.said)
                if said:
                    yield replace(clause, further=clause.further or further)
                further = "" if said else clause.further or further


def _cut(piece: str) -> Iterator[_Clause]:
    """Where nothing stands between them ("怎么办还有…") only what ends like a question is cut off."""
    for mark in _FURTHER.finditer(piece):
        before, after = piece[: mark.start()], piece[mark.end() :]
        if not _bare(before) or _ENDS_ASKING.search(_bare(before)):
            yield from (_Clause("", before),) if _bare(before) else ()
            yield _Clause(mark[0], after)
            return
    yield _Clause("", piece)


def _questions(clauses: Iterable[_Clause]) -> list[str]:
    """A new question begins only where the one before has asked, and this one stands by itself."""
    made: list[list[str]] = [[]]
    asked, told, last = False, list[str](), ""
    for clause in clauses:
        asks = bool(_ASKS.search(_bare(clause.said)))
        leans = _leans(_bare(clause.said), after=last, further=bool(clause.further))
        last = _bare(clause.said)
        if asked and clause.further and not leans:
            made[-1] += told
            made.append([clause.said])
            told = []
        elif asked and asks and not leans:
            made.append([*told, clause.said])
            told = []
        elif asked and not asks:
            told.append(clause.further + clause.said)
        else:
            made[-1] += [*told, clause.further + clause.said]
            asked, told = asked or asks, []
    made[-1] += told
    return [_bare(" ".join(said.strip() for said in one)) for one in made]


def _leans(clause: str, *, after: str, further: bool) -> bool:
    """It needs what was said before: «正常吗», or one more «能不能 …» about the same trouble."""
    if _LEANS.search(clause):
        return True
    again = _MAY.search(clause) and _MAY.search(after)
    return not further and bool(again or form_of(clause) is Form.BARE)


def _bare(text: str) -> str:
    """Without marks and spaces around it, but with its own question mark."""
    return text.strip(" \t\n,，、。.;；:：!！…~～-")
