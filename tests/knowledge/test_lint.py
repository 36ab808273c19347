"""Every rule of the lint finds what it is for, and leaves alone what only looks like it."""

import pytest

from knowledge import lint
from knowledge.content import Audience, PassageContent, Source, Wording
from knowledge.numbers import Numbers

ZH = "娃儿一岁以前不要吃蜂蜜，煮开了也不行，满一岁再慢慢尝。" * 4
EN = "Honey waits until the first birthday, cooked or not, and even then a taste is enough for a small child. " * 3


def passage(*, slug: str = "honey", zh: str = ZH, more: str = "", en: str = EN, asked: str = "蜂蜜") -> PassageContent:
    zh_questions = tuple(f"{asked}能不能吃{number}" for number in range(6))
    en_questions = tuple(f"{asked} honey {number}" for number in range(4))
    return PassageContent(
        slug=slug,
        topics=("honey_under_1",),
        age_months=(0, 12),
        audiences=(Audience.NEW_PARENTS,),
        zh=Wording(title="蜂蜜", text=zh, more=more, questions=zh_questions),
        en=Wording(title="Honey", text=en, questions=en_questions),
        sources=(Source(organisation="世界卫生组织", title="肉毒中毒", year=2023),),
    )


def test_a_good_passage_has_no_findings() -> None:
    assert lint.check([passage()]) == []


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("打 12345 问一问。", "phone"),
        ("打13812345678问一问。", "phone"),
        ("每次 5 毫克就好。", "dose"),
        ("每公斤体重喂一点。", "dose"),
        ("这个办法保证能好。", "claim"),
        ("这都是你的错。", "claim"),
        ("他这样就是自闭症。", "claim"),
        ("赶快催吐。", "vomiting"),
        ("慢" * 70 + "。", "reading"),
    ],
)
def test_each_rule_finds_what_it_is_for(more: str, rule: str) -> None:
    text = {"zh": ZH + more} if rule == "reading" else {"more": more}
    assert [finding.rule for finding in lint.check([passage(**text)])] == [rule]


INNOCENT = [
    "先打120，再喊人。",
    "12356 白天夜里都有人接。",
    "水温 120 毫升。",
    "不要自己催吐。",
    "谁也不能保证能好。",
    "不是都怪你。",
    "118 厘米高。",
]


@pytest.mark.parametrize("more", INNOCENT)
def test_what_only_looks_like_it_is_left_alone(more: str) -> None:
    assert lint.check([passage(more=more)]) == []


def test_length_counts_what_stands_on_the_first_screen() -> None:
    assert [
        finding.rule
        for finding in lint.check([passage(zh="短短的一句话，短短的一句话，短短的一句话。", en="Too short to be of use, this.")])
    ] == [
        "length",
        "length",
    ]


def test_a_question_listed_twice_names_the_other_passage() -> None:
    found = lint.check([passage(), passage(slug="other")])
    assert {finding.rule for finding in found} == {"asked_twice"}
    assert "honey" in found[0].zh


def test_a_phrase_that_stands_everywhere_is_named_once_a_phrase() -> None:
    found = lint.check([passage(slug=f"p{number}", asked=f"问{number}") for number in range(5)])
    assert {finding.rule for finding in found} == {"stock_phrase"}


def test_a_number_alone_against_several_is_named_with_theirs() -> None:
    others = [
        passage(slug=f"p{number}", zh=f"第{number}篇：蜂蜜满一岁以后再吃，别的甜食另外再说一说。", asked=f"问{number}")
        for number in range(3)
    ]
    numbers = Numbers.of([*others, passage(slug="slip", zh="蜂蜜满六个月以后再吃，别的甜食另外再说一说。")])
    found = list(lint.contradictions(passage(slug="slip", zh="蜂蜜满六个月以后再吃，别的甜食另外再说一说。"), numbers))
    assert [(one.rule, one.where, one.other) for one in found] == [("number", "zh_text", "p0")]
    assert "满一岁" in found[0].zh
    assert "honey" in found[0].en
    assert not list(lint.contradictions(others[0], numbers))
    assert not list(lint.contradictions(passage(slug="new", zh="苹果满六个月以后再吃，别的甜食另外再说一说。"), numbers))


def test_coverage_counts_a_passage_in_every_age_it_touches() -> None:
    counted = lint.coverage([passage()])
    assert dict(zip(counted.bands, counted.counts["honey_under_1"], strict=True))[(6, 12)] == 1
    assert dict(zip(counted.bands, counted.counts["honey_under_1"], strict=True))[(12, 24)] == 0
