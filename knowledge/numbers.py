"""Numbers that passages give for the same thing: one that stands alone against several others is likely a slip. By words alone.

Ages, temperatures, hours and minutes of a few dozen things that parents act on. Doses are the lint's, which wants none at all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.content import PassageContent


class Kind(StrEnum):
    AGE = "age"
    TEMPERATURE = "temperature"
    HOURS = "hours"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Said:
    """`subject` is what the number is about; `value` in months, degrees, hours or minutes; `words` as they stand."""

    subject: str
    kind: Kind
    value: float
    words: str

    @property
    def subject_en(self) -> str:
        return _THINGS[self.subject][0]


@dataclass(frozen=True, slots=True)
class Clash:
    """What this passage says, and the number that the others agree on, with one that says it."""

    said: Said
    others: str
    slug: str


LEAST_OTHERS = 3
"""So many passages must say the same number before another one is called a slip."""
_NEAR = 14
"""How many characters may stand between a thing and its number."""

_THINGS = {
    "蜂蜜": ("honey", "蜂蜜"),
    "盐": ("salt", "盐(?!水)"),
    "糖": ("sugar", "加糖|放糖|添加糖"),
    "果汁": ("juice", "果汁"),
    "牛奶": ("cow's milk", "牛奶|鲜奶"),
    "辅食": ("first solid food", "辅食"),
    "整颗坚果": ("whole nuts", "坚果|花生|瓜子"),
    "屏幕": ("screens", "看屏幕|屏幕|看手机|看电视"),
    "午睡": ("naps", "午睡"),
    "枕头": ("a pillow", "枕头"),
    "发烧": ("fever", "发烧|发热|烧到|体温"),
    "洗澡水": ("bath water", "洗澡水|水温"),
    "安全座椅": ("the car seat", "安全座椅"),
    "母乳": ("breast milk only", "纯母乳|只吃母乳|只喂母乳"),
    "学步车": ("baby walkers", "学步车"),
    "趴着睡": ("sleeping on the tummy", "趴着睡|俯卧睡"),
    "户外": ("time outdoors", "户外活动|在户外|去户外"),
    "含氟牙膏": ("toothpaste with fluoride", "含氟牙膏"),
    "饭菜放置": ("leftovers", "剩饭|剩菜"),
}  # fmt: skip
_DIGITS = {
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_NUMBER = r"(?:\d+(?:\.\d+)?|十[一二]?|[一两二三四五六七八九]|半)"
_SIDE = "以前|以后|以内|以下|以上|之前|之后|前|后|内|起|再|才|就|还|大"
_KINDS = (
    (Kind.AGE, re.compile(rf"(?:满|不满|不到|到)?({_NUMBER})\s*(周岁|岁半|岁|个月|月龄)(?={_SIDE})")),
    (Kind.AGE, re.compile(rf"(?:满|不满|不到)({_NUMBER})\s*(周岁|岁半|岁|个月)")),
    (Kind.TEMPERATURE, re.compile(rf"({_NUMBER})\s*(℃|°C|度)")),
    (Kind.HOURS, re.compile(rf"({_NUMBER})\s*(个?小时|个?钟头)")),
    (Kind.MINUTES, re.compile(rf"({_NUMBER})\s*(分钟)")),
)  # fmt: skip
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_PATTERNS = {name: re.compile(words) for name, (_, words) in _THINGS.items()}


def said_in(passage: PassageContent) -> tuple[Said, ...]:
    """Every number of a thing in the Chinese wording, each once."""
    text = "\n".join((passage.zh.title, passage.zh.text, passage.zh.more, *passage.zh.danger_signs))
    return tuple(dict.fromkeys(one for sentence in _SENTENCE.findall(text) for one in _in_sentence(sentence)))


def _in_sentence(sentence: str) -> Iterator[Said]:
    for kind, pattern in _KINDS:
        for found in pattern.finditer(sentence):
            subject = _nearest(sentence, found.start(), found.end())
            value = _value(found[1], found[2])
            if subject and value is not None:
                yield Said(subject, kind, value, found[0])


def _nearest(sentence: str, start: int, end: int) -> str:
    """The thing that stands next to the number; empty when none is near."""
    distances = [
        (start - thing.end() if thing.end() <= start else thing.start() - end, name)
        for name, pattern in _PATTERNS.items()
        for thing in pattern.finditer(sentence)
    ]
    near = [(distance, name) for distance, name in distances if 0 <= distance <= _NEAR]
    return min(near)[1] if near else ""


def _value(number: str, unit: str) -> float | None:
    amount = 0.5 if number == "半" else _DIGITS.get(number)
    amount = float(number) if amount is None and number[0].isdecimal() else amount
    if amount is None:
        return None
    if unit in ("岁", "周岁"):
        return amount * 12
    return amount * 12 + 6 if unit == "岁半" else float(amount)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a set of passages says, counted once, to compare any number of passages with."""

    by_passage: Mapping[str, tuple[Said, ...]]
    counts: Mapping[tuple[str, Kind], Counter[float]] = field(default_factory=dict)

    @classmethod
    def of(cls, passages: Iterable[PassageContent]) -> "Numbers":
        by_passage = {passage.slug: said_in(passage) for passage in passages}
        counts: dict[tuple[str, Kind], Counter[float]] = {}
        for each in by_passage.values():
            for subject, kind, value in {(one.subject, one.kind, one.value) for one in each}:
                counts.setdefault((subject, kind), Counter())[value] += 1
        return cls(by_passage, counts)

    def clashes(self, passage: PassageContent, *, slug: str) -> list[Clash]:
        """Numbers of `passage` that no other one gives while several agree on another; `slug` is what it is among them, if it is."""
        mine = said_in(passage)
        found = {(one.subject, one.kind): one for one in mine if self._alone(one, mine, slug=slug)}
        return [self._clash(one, slug=slug) for one in found.values()]

    def _others(self, one: Said, *, slug: str) -> Counter[float]:
        counted = Counter(self.counts.get((one.subject, one.kind), {}))
        counted.subtract(
            {each.value for each in self.by_passage.get(slug, ()) if (each.subject, each.kind) == (one.subject, one.kind)}
        )
        return +counted

    def _alone(self, one: Said, mine: Sequence[Said], *, slug: str) -> bool:
        others = self._others(one, slug=slug)
        most = others.most_common(1)
        if not most or most[0][1] < LEAST_OTHERS or most[0][1] * 2 <= others.total():
            return False
        agreed = any((each.subject, each.kind, each.value) == (one.subject, one.kind, most[0][0]) for each in mine)
        return others[one.value] == 0 and not agreed

    def _clash(self, one: Said, *, slug: str) -> Clash:
        value = self._others(one, slug=slug).most_common(1)[0][0]
        where, words = next(
            (other, each.words)
            for other, said in self.by_passage.items()
            for each in said
            if other != slug and (each.subject, each.kind, each.value) == (one.subject, one.kind, value)
        )
        return Clash(one, words, where)
