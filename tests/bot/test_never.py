"""What the bot never does, asked of every reply it can produce: notices, first lines, passages, lessons' words; zh and en."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import knowledge
from care.safety.first_lines import first_lines
from care.services import Services
from knowledge.content import Lang
from knowledge.markdown import parse_folder
from tests.bot.notices import every_message, everything, make_world

KNOWLEDGE = Path(knowledge.__path__[0])
CURRICULUM = KNOWLEDGE / "curriculum"
CATALOGUES = ("bot/locale/en/LC_MESSAGES/messages.po", "app/locale/en/LC_MESSAGES/chat.po")

SECRECY = re.compile(
    r"(?:我们?|这里|老师|值班的?人?)(?:会|一定|绝对|替你|帮你|给你)*(?:保密|保守秘密)|不会(?:告诉|让)(?:任何人|别人|其他人)|谁(?:都|也)不(?:会知道|告诉)"
    r"|(?i:\b(?:i|we)(?: will|.ll)? (?:keep|promise)[^.]{0,24}(?:secret|confidential)|(?:won.?t|will not"
    r"|never) tell any(?:one|body)|our secret)"
)
DIAGNOSIS = re.compile(
    r"(?:你(?:家|的)?|这(?:就|肯定|一定)?是|他(?:就|肯定)?是|诊断(?:为|是)|得的是|患了|患上了?)(?:孩子|宝宝|娃儿?)?(?:得了|患了|就是|肯定是|一定是)?"
    r"(?:自闭症|多动症|抑郁症|肺炎|脑膜炎|癫痫|川崎病|白血病|脑瘫|佝偻病)(?:。|，|！|了|$)"
    r"|(?i:your (?:child|baby|son|daughter) (?:has|suffers from|is) (?:autism|autistic|adhd|depression"
    r"|pneumonia|meningitis|epilepsy|leukaemia))"
    r"|(?i:\byou (?:have|are suffering from) (?:postnatal )?depression\b)"
)
DOSE = re.compile(
    r"(?:\d+(?:\.\d+)?|[一二两三四五半])\s*(?:毫克|mg|毫升/公斤|ml/kg|微克)(?!.{0,3}(?:铅|每升))|每公斤(?:体重)?.{0,6}(?:毫克|毫升|mg|ml)"
    r"|(?:布洛芬|对乙酰氨基酚|美林|泰诺林|退烧药|头孢|阿莫西林)[^。，,]{0,12}(?:喂|吃|服)(?:\d|[一二两三四五半])+\s*(?:毫升|片|粒|包|滴|ml)"
    r"|(?i:\d+(?:\.\d+)?\s*mg\b|\d+\s*ml (?:of|per kg)|give (?:\d|half|one|two)[^.]{0,8}(?:tablet|pill)s?)"
)
NOT = r"(?:不要?|别|不能|不用|不许|勿|千万不|先不|切勿|never|don.?t|do not|not|no|without|instead of|rather than|nor|neither|anyone)"
VOMIT = re.compile(
    r"催吐|抠(?:喉咙|嗓子)|抠吐|让(?:他|她|孩子|娃儿?|宝宝)吐出来"
    r"|(?i:make (?:him|her|them|the child|your child|anyone) (?:vomit|throw up|sick)|induce vomiting)"
)
NEGATED = re.compile(rf"(?i:{NOT})[^。！!.]{{0,60}}$")
PROOF = re.compile(
    r"(?:拍|发|留|找|给我)(?:张|下|些|我)?[^。，,]{0,6}(?:伤口?的?照片|证据)(?:给我|来|过来|发)|你(?:有|拿出?)(?:什么|没有)?证据|证明(?:一下)?你(?:说的)?|怎么证明"
    r"|(?i:send (?:me |us )?(?:a )?(?:photo|picture|proof) of (?:the|your) (?:bruise|injur|wound)"
    r"|can you prove|prove it|do you have (?:any )?proof)"
)
TOLD = re.compile(
    r"已经?(?:通知|告诉|联系|派|报告?)(?:了)?(?:我们)?(?:的)?(?:值班|警察|派出所|老师|医院|工作人员|专人|妇联|社区)|(?:值班的人|工作人员|老师|专人|救护车|警察)(?:正在|已经)(?:赶来|路上|看|来)"
    r"|(?i:(?:have|has|.ve) (?:already )?(?:told|notified|alerted|informed) (?:our|the|a|your|somebody"
    r"|someone)|(?:help|somebody|someone|an ambulance|police) is (?:on the|coming|under) ?way)"
)

TOLD_BY = {"duty_reached"}
TOLD_IN = "已经通知我们值班的人，他们会尽快联系您。电话先打，不要等。"
"""Queued when a page has reached a channel of somebody on duty, and never else: tests/bot/test_danger.py."""


def _coached(sentence: str) -> bool:
    """Vomiting is named without a word against it before."""
    return any(not NEGATED.search(sentence[: found.start()]) for found in VOMIT.finditer(sentence))


def _faults(words: str, *, told_allowed: bool = False) -> list[str]:
    checks = {"secrecy": SECRECY, "diagnosis": DIAGNOSIS, "dose": DOSE, "proof": PROOF}
    if not told_allowed:
        checks["told"] = TOLD
    found = [f"{name}: {sentence}" for sentence in _sentences(words) for name, wrong in checks.items() if wrong.search(sentence)]
    return found + [f"vomiting: {sentence}" for sentence in _sentences(words) if _coached(sentence)]


def _sentences(words: str) -> Iterator[str]:
    for line in re.split(r"[。！？\n]|(?<=[a-z])[.!?](?=\s|$)", words):
        if line.strip():
            yield line


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("放心，我们会保密的", "secrecy"),
        ("We will keep this a secret", "secrecy"),
        ("你孩子得了自闭症。", "diagnosis"),
        ("Your son has autism", "diagnosis"),
        ("布洛芬喂5毫升", "dose"),
        ("give 80 mg", "dose"),
        ("用手指抠喉咙", "vomiting"),
        ("make him vomit", "vomiting"),
        ("你有什么证据", "proof"),
        ("can you prove it", "proof"),
        ("已经通知值班的人", "told"),
        ("help is on the way", "told"),
    ],
)
def test_a_fault_is_seen(words: str, fault: str) -> None:
    assert [found.split(":")[0] for found in _faults(words)] == [fault]


def test_a_warning_against_it_is_no_fault() -> None:
    assert _faults("不要催吐，不灌水。Don't make the child vomit.") == []


def test_no_first_line_does_what_the_bot_never_does() -> None:
    assert [fault for line in first_lines() for words in (line.zh, line.en) for fault in _faults(words)] == []


def test_no_passage_does_what_the_bot_never_does() -> None:
    faults = [
        (parsed.content.slug, fault)
        for parsed in parse_folder(CURRICULUM)
        for wording in (parsed.content.zh, parsed.content.en)
        for fault in _faults("\n".join([wording.title, wording.text, wording.more, *wording.danger_signs]))
    ]
    assert faults == []


@pytest.mark.parametrize("folder", ["courses", "guidance", "tasks"])
def test_no_lesson_package_or_task_does_what_the_bot_never_does(folder: str) -> None:
    written = [path for path in sorted((KNOWLEDGE / folder).rglob("*")) if path.suffix in (".md", ".yaml")]
    assert written
    assert [(path.name, fault) for path in written for fault in _faults(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_no_sentence_of_the_talk_does_what_the_bot_never_does(name: str) -> None:
    """Also one that no scene brings up. That somebody was told stands in one sentence alone."""
    with (KNOWLEDGE.parent / name).open("rb") as written:
        entries = [entry for entry in read_po(written, locale="en") if entry.id]
    said = [(entry.id == TOLD_IN, words) for entry in entries for words in (*_each(entry.id), *_each(entry.string))]
    assert [fault for allowed, words in said for fault in _faults(words, told_allowed=allowed)] == []


def _each(words: object) -> tuple[str, ...]:
    """One sentence, or its singular and plural."""
    return tuple(map(str, words)) if isinstance(words, (list, tuple)) else (str(words),)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_notice_does_what_the_bot_never_does(services: Services, lang: Lang) -> None:
    """That somebody was told may stand in one notice alone: the one queued when a page has reached somebody."""
    with services.database.transaction() as session:
        faults = [
            (kind, fault)
            for kind, rendered in every_message(make_world(services, session), lang)
            for fault in _faults(everything(rendered), told_allowed=kind in TOLD_BY)
        ]
    assert faults == []
