"""What an editor should look at again in a passage, by its words alone. What only a search can show is `index.self_retrieval`'s.

What must be there at all is `knowledge.drafts`': with one of its findings nothing is submitted, these here only have to be seen.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from knowledge import courses, guidance, homework, topics
from knowledge.content import Lang, PassageContent, Wording
from knowledge.numbers import Numbers

NUMBERS_SHOWN = frozenset({"120", "110", "119", "12356", "12338"})
CORE_ZH = (80, 220)
"""Chinese characters: one phone screen."""
CORE_EN = (40, 150)
"""Words."""
LONGEST_SENTENCE_ZH = 60
LEAST_QUESTIONS = {"zh": 6, "en": 4}
MOST_TOPICS_ON_AVERAGE = 2.0
STOCK_LENGTH = 8
STOCK_SHARE = 0.05

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_RUN = re.compile(r"[\u4e00-\u9fff]+")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_AMOUNT = r"[\d年月日.]|[.,]\d|\s*(?:毫|克|厘|天|个|次|分|岁|周|小|days|ml|cm|g\b)"
_PHONE = re.compile(rf"(?<![\d.])(?:1[12]\d|12\d{{3}}|400\d{{4,}}|1[3-9]\d{{9}})(?!{_AMOUNT})")
_DOSE = re.compile(r"\d+(?:\.\d+)?\s*(?:毫克|mg\b|IU\b|国际单位|微克|μg|mcg)|每公斤|per kilo", re.IGNORECASE)
_NOT = r"(?:不|没|别|莫|哪|难|not|no|never|nobody|cannot|n't|n’t)[^，。；,.;]{0,12}"
_CLAIMS = {
    "治好": re.compile(r"根治|包治|药到病除|\bwill cure\b|\bmiracle\b"),
    "保证": re.compile(r"保证(?:能|会|让|不会|你|您)|百分之百|百分百|绝对(?:安全|不会|有效)|\bguaranteed? (?:to|that)|100 ?%"),
    "怪罪": re.compile(
        r"都怪你|都是你的错|是你没带好|你不配|不负责任的(?:妈|爸|家长)|\byour fault\b|bad (?:mother|father|parent)\b"
    ),
    "诊断": re.compile(
        r"(?:就是|肯定是|一定是)(?:自闭症|孤独症|多动症|抑郁症|缺钙|缺锌)|(?:is|must be) (?:autistic|ADHD|depressed)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend, in a sentence that says how. `slug` is empty for what concerns the whole set.

    `where` is the name of a field of the form, as in `knowledge.drafts`; `other` the slug of a passage to compare with.
    """

    slug: str
    rule: str
    zh: str
    en: str
    where: str = ""
    other: str = ""


def check(passages: Sequence[PassageContent]) -> list[Finding]:
    """Every finding, passage by passage, then those of the set."""
    each = [finding for passage in passages for rule in _RULES for finding in rule(passage)]
    numbers = Numbers.of(passages)
    each += [finding for passage in passages for finding in contradictions(passage, numbers)]
    return [*each, *_asked_twice(passages), *_many_topics(passages), *_stock_phrases(passages)]


def of_passage(passage: PassageContent) -> list[Finding]:
    """What can be told from the passage alone: fast enough to run while somebody types."""
    return [finding for rule in _RULES for finding in rule(passage)]


def contradictions(passage: PassageContent, numbers: Numbers) -> Iterator[Finding]:
    """Numbers that other passages agree to give otherwise."""
    for clash in numbers.clashes(passage, slug=passage.slug):
        said, others = clash.said, clash.others
        yield Finding(
            passage.slug, "number", f"关于{said.subject}，这里写的是「{said.words}」，别的几篇都写「{others}」，请对一对。",
            f"About {said.subject_en} this says “{said.words}”, the other passages “{others}”; check which is right.",
            where="zh_text", other=clash.slug,
        )  # fmt: skip


def _length(passage: PassageContent) -> Iterator[Finding]:
    count = len(_CHINESE.findall(passage.zh.text))
    low, high = CORE_ZH
    if not low <= count <= high:
        yield Finding(
            passage.slug, "length", f"中文正文有 {count} 个字，要在 {low} 到 {high} 之间；长的挪到“往下看”里。",
            f"The Chinese core has {count} characters; keep it between {low} and {high} and move the rest to what unfolds.",
            where="zh_text",
        )  # fmt: skip
    words = len(passage.en.text.split())
    low, high = CORE_EN
    if not low <= words <= high:
        yield Finding(
            passage.slug, "length", f"英文正文有 {words} 个词，要在 {low} 到 {high} 之间。",
            f"The English core has {words} words; keep it between {low} and {high}.", where="en_text",
        )  # fmt: skip


def _reading(passage: PassageContent) -> Iterator[Finding]:
    for sentence in _SENTENCE.findall(passage.zh.text):
        count = len(_CHINESE.findall(sentence))
        if count > LONGEST_SENTENCE_ZH:
            yield Finding(
                passage.slug, "reading", f"有一句 {count} 个字，念起来会断气，请拆开：「{sentence.strip()[:20]}…」",
                f"One Chinese sentence has {count} characters; break it up: “{sentence.strip()[:20]}…”", where="zh_text",
            )  # fmt: skip


def _questions(passage: PassageContent) -> Iterator[Finding]:
    for lang in get_args(Lang):
        count, least = len(passage.wording(lang).questions), LEAST_QUESTIONS[lang]
        if count < least:
            yield Finding(
                passage.slug, "questions", f"家长的问法（{lang}）只有 {count} 条，至少写 {least} 条。",
                f"Only {count} questions in {lang}; write at least {least}.", where=f"{lang}_questions",
            )  # fmt: skip


def _phones(passage: PassageContent) -> Iterator[Finding]:
    found = {number: where for where, words in _shown(passage) for number in _PHONE.findall(words)}
    for number in sorted(found.keys() - NUMBERS_SHOWN):
        yield Finding(
            passage.slug, "phone", f"电话 {number} 不在核对过的名单里，请删去。",
            f"The number {number} is not on the verified list; take it out.", where=found[number],
        )  # fmt: skip


def _doses(passage: PassageContent) -> Iterator[Finding]:
    for where, words in _shown(passage):
        if found := _DOSE.search(words):
            yield Finding(
                passage.slug, "dose", f"写了用量「{found[0]}」，用量只能由医生说，请删去。",
                f"It gives a dose (“{found[0]}”); doses are a doctor's to give, take it out.", where=where,
            )  # fmt: skip


def _claims(passage: PassageContent) -> Iterator[Finding]:
    for where, words in _shown(passage):
        for rule, pattern in _CLAIMS.items():
            for found in pattern.finditer(words):
                if not re.search(_NOT + "$", words[: found.start()]):
                    yield Finding(
                        passage.slug, "claim", f"「{found[0]}」像是在{rule}，家长会当真，请换个说法。",
                        f"“{found[0]}” promises, blames or diagnoses; say it another way.", where=where,
                    )  # fmt: skip


def _vomiting(passage: PassageContent) -> Iterator[Finding]:
    for where, words in _shown(passage):
        if "催吐" in re.sub(r"(?:不要|别|莫|不能|不|不用|先别)[^，。；]{0,6}催吐", "", words):
            yield Finding(
                passage.slug, "vomiting", "提到催吐，请写明不要自己催吐。", "It mentions making a child vomit; say clearly not to.",
                where=where,
            )  # fmt: skip
            return


_RULES: tuple[Callable[[PassageContent], Iterator[Finding]], ...] = (
    _length, _reading, _questions, _phones, _doses, _claims, _vomiting,
)  # fmt: skip


def _shown(passage: PassageContent) -> Iterator[tuple[str, str]]:
    """Everything that a parent reads of it, by field."""
    for lang in get_args(Lang):
        wording: Wording = passage.wording(lang)
        yield f"{lang}_title", wording.title
        yield f"{lang}_text", wording.text
        yield f"{lang}_more", wording.more
        yield f"{lang}_danger_signs", "\n".join(wording.danger_signs)


def _asked_twice(passages: Iterable[PassageContent]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for passage in passages:
        for question in (*passage.zh.questions, *passage.en.questions):
            other = first.setdefault(question.casefold(), passage.slug)
            if other != passage.slug:
                yield Finding(
                    passage.slug, "asked_twice", f"「{question}」在 {other} 里也列着，请留在更合适的一篇。",
                    f"“{question}” is listed in {other} too; leave it where it fits better.",
                )  # fmt: skip


def _many_topics(passages: Sequence[PassageContent]) -> Iterator[Finding]:
    average = sum(len(passage.topics) for passage in passages) / max(len(passages), 1)
    if average > MOST_TOPICS_ON_AVERAGE:
        yield Finding(
            "", "topics", f"每篇平均 {average:.2f} 个主题，最多 {MOST_TOPICS_ON_AVERAGE:.0f} 个；只留真正讲到的。",
            f"{average:.2f} topics a passage on average, at most {MOST_TOPICS_ON_AVERAGE:.0f}; keep those it is really about.",
        )  # fmt: skip


def _stock_phrases(passages: Sequence[PassageContent]) -> Iterator[Finding]:
    """Eight characters in a row that stand in too many passages sound like a form."""
    counted = Counter(phrase for passage in passages for phrase in _phrases(passage))
    for phrase, count in counted.most_common():
        if count <= max(STOCK_SHARE * len(passages), 3):
            return
        yield Finding(
            "", "stock_phrase", f"「{phrase}」在 {count} 篇里一模一样，请换着说。",
            f"“{phrase}” stands word for word in {count} passages; vary it.",
        )  # fmt: skip


def _phrases(passage: PassageContent) -> set[str]:
    text = f"{passage.zh.text}\n{passage.zh.more}"
    return {run[at : at + STOCK_LENGTH] for run in _RUN.findall(text) for at in range(len(run) - STOCK_LENGTH + 1)}


def unknown_names(passages: Sequence[PassageContent]) -> Iterator[Finding]:
    """Passages and tasks that guidance packages and courses name and that do not exist. Raises BadBatch for files that are not well
    formed."""
    known, tasks = {passage.slug for passage in passages}, homework.tasks()
    for package in guidance.packages():
        yield from (_unknown(package.slug, one.passage) for one in package.guides if one.passage and one.passage not in known)
    for course in courses.courses():
        yield from (_unknown(course.slug, slug) for scene in course.passages for slug in scene if slug not in known)
        yield from (_unknown(course.slug, task) for task in course.tasks if task not in tasks)


def _unknown(where: str, name: str) -> Finding:
    return Finding(where, "unknown", f"提到的 {name} 不存在，请改名或删去。", f"It names {name}, which does not exist.")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many passages carry each topic at each age. `counts[topic][band]`; bands are months, from inclusive to exclusive."""

    bands: tuple[tuple[int, int], ...]
    counts: dict[str, tuple[int, ...]]


BANDS = ((-9, 0), (0, 4), (4, 6), (6, 12), (12, 24), (24, 36), (36, 48), (48, 73))


def coverage(passages: Sequence[PassageContent]) -> Coverage:
    """A passage counts in every band that its ages touch, under each of its topics."""
    counts = {
        topic: tuple(sum(topic in one.topics and _touches(one.age_months, band) for one in passages) for band in BANDS)
        for topic in topics.group_of()
    }
    return Coverage(BANDS, counts)


def _touches(ages: tuple[int, int], band: tuple[int, int]) -> bool:
    return ages[0] < band[1] and band[0] < ages[1]
