"""Screening as the conversation uses it: ages, pictures, failures, long and odd texts, and that the worst part decides."""

import random
import re
import time
from typing import Never

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from care.safety import Category, Level, checking, screen, screening, unreadable
from care.safety.checking import check
from care.safety.errors import BrokenRules
from care.safety.evaluating import Row
from care.safety.screening import by_rules
from tests.care.test_safety_golden import DANGER, LOOKALIKES

RANK = {Level.NORMAL: 0, Level.URGENT: 1, Level.EMERGENCY: 2}
ORDINARY = [row.text for row in LOOKALIKES]


@pytest.mark.parametrize(
    "words",
    [
        "宝宝喊不醒 嘴巴乌了",
        "娃儿吞了纽扣电池",
        "我想抱到娃儿一起跳下去",
        "他又在打我拿起刀",
        "娃儿走脱了找不到",
        "my baby is not breathing",
    ],
)
def test_emergencies_that_must_hold(words: str) -> None:
    assert screen(words).level is Level.EMERGENCY


@pytest.mark.parametrize(
    "words", ["发烧38.5怎么办 一岁半", "娃娃被蚊子咬了", "累死了", "八个月的娃可以吃蜂蜜不", "股票明天涨不涨", "", "😀"]
)
def test_ordinary_words_that_must_hold(words: str) -> None:
    assert screen(words).level is Level.NORMAL


@pytest.mark.parametrize(
    ("words", "age_months", "level"),
    [
        ("发烧38.2", 2, Level.EMERGENCY),
        ("发烧38.2", 3, Level.NORMAL),
        ("发烧了怎么办", 2, Level.EMERGENCY),
        ("发烧39.1", 4, Level.URGENT),
        ("发烧39.1", 6, Level.NORMAL),
        ("发烧39.1", None, Level.NORMAL),
        ("一岁半 发烧39.1", 2, Level.NORMAL),
        ("两个月 发烧38.2", 18, Level.EMERGENCY),
        ("老大三岁发烧39度。老二两个月没事", None, Level.NORMAL),
        ("宝宝才两个月。体温38.4", None, Level.EMERGENCY),
        ("一岁两个月发烧38.4", None, Level.NORMAL),
        ("1 year 2 months old with a fever of 38.4", None, Level.NORMAL),
        ("fever of 101.5F, 10 weeks old", None, Level.EMERGENCY),
        ("二十天的宝宝体温37.6", None, Level.EMERGENCY),
        ("四个月宝宝体温37.6", None, Level.NORMAL),
        ("咳嗽两个月了 现在发烧38.5", 30, Level.NORMAL),
    ],
)
def test_age_decides_about_fever(words: str, age_months: int | None, level: Level) -> None:
    assert screen(words, age_months=age_months).level is level


def test_age_told_or_on_record_says_whether_it_is_an_infant() -> None:
    assert screen("八个月 噎到了").infant is True
    assert screen("噎到了", age_months=30).infant is False
    assert screen("噎到了").infant is None


def test_a_child_who_writes_is_noticed() -> None:
    assert screen("爸爸正在打我 我躲在床底下").child_writing
    assert not screen("老公正在打我 娃儿在旁边哭").child_writing


@pytest.mark.parametrize(
    "words", ["不 想 活 了 药 都 买 好 了", "不。想。活。了。绳子都准备好了", "我不想活了，药已经買好了", "想si 刀就在手邊"]
)
def test_words_split_or_respelled_to_pass_a_filter(words: str) -> None:
    assert screen(words).level is Level.EMERGENCY


def test_what_nobody_can_read_goes_to_a_person_and_a_dangerous_caption_decides() -> None:
    assert (unreadable().level, unreadable().category) == (Level.URGENT, Category.UNREADABLE)
    assert unreadable("看哈这个").category is Category.UNREADABLE
    assert unreadable("宝宝喊不醒").level is Level.EMERGENCY
    assert unreadable("发烧五天了").category is Category.MEDICAL


def _broken(*_: object) -> Never:
    raise RuntimeError("broken")


def test_a_failure_inside_brings_a_person_and_is_in_the_operators_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "plain", _broken)
    with capture_logs() as logged:
        failed = screen("宝宝喊不醒")
    assert (failed.level, failed.category, failed.text) == (Level.URGENT, Category.ERROR, "宝宝喊不醒")
    assert [(line["event"], line["log_level"]) for line in logged] == [("screening_failed", "error")]
    assert "宝宝" not in str(logged)


@pytest.mark.parametrize(
    ("words", "level"), [("今天吃什么好", Level.URGENT), ("发烧五天了", Level.URGENT), ("宝宝喊不醒", Level.EMERGENCY)]
)
def test_a_broken_second_net_brings_a_person_and_leaves_what_the_rules_found(
    monkeypatch: pytest.MonkeyPatch, words: str, level: Level
) -> None:
    monkeypatch.setattr(screening, "second_net", _broken)
    with capture_logs() as logged:
        assert screen(words).level is level
    assert [line["event"] for line in logged] == ["second_net_failed"] * (level is Level.URGENT)


def test_files_that_cannot_be_used_are_named_before_a_server_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    check()
    monkeypatch.setattr(checking, "rule_book", _broken)
    with pytest.raises(BrokenRules, match="broken"):
        check()


@pytest.mark.parametrize("words", ["我婆婆把娃儿丢在车站就走了", "我给孩子留了一封信，衣服都叠好了"])
def test_the_second_net_hears_what_no_rule_says(words: str) -> None:
    assert by_rules(words).level is Level.NORMAL
    assert screen(words).level is Level.EMERGENCY


@pytest.mark.parametrize("words", ["宝宝喊不醒 嘴巴乌了", "娃儿遭狗咬了", "发烧五天了", "活起没得意思"])
def test_the_second_net_never_lowers(words: str) -> None:
    assert RANK[screen(words).level] >= RANK[by_rules(words).level] > 0


@pytest.mark.parametrize("place", ["江津", "巫山", "城口", "合川"])
def test_the_name_of_a_place_is_none_whatever_the_age_on_record(place: str) -> None:
    assert {screen(place, age_months=age).level for age in (1, 5, 8, 30)} == {Level.NORMAL}


def test_danger_at_the_end_of_a_long_dictation_is_heard() -> None:
    talk = "今天我们去公园玩了滑梯然后又去买了菜回来他睡了一觉起来吃了半碗粥然后画了一会儿画" * 12
    assert screen(talk).level is Level.NORMAL
    assert screen(talk + "然后他突然抽筋了喊不醒").level is Level.EMERGENCY
    assert screen(talk + "然后他突然抽筋了喊不醒" + talk).level is Level.EMERGENCY
    assert screen(talk + "。滚烫的粥洒在宝宝身上了。" + talk).level is Level.EMERGENCY


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.none() | st.integers(min_value=-3, max_value=300))
@example("\ud800", 2)
@example("3" * 300, None)
@example("岁" * 50 + "1" * 50, 1)
def test_never_raises_and_never_fails_inside(words: str, age_months: int | None) -> None:
    screened = screen(words, age_months=age_months)
    assert screened.text == words
    assert screened.category is not Category.ERROR


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(DANGER),
    st.lists(st.sampled_from(ORDINARY) | st.text(max_size=40), max_size=3),
    st.lists(st.sampled_from(ORDINARY) | st.text(max_size=40), max_size=3),
)
def test_the_worst_part_decides(danger: Row, before: list[str], after: list[str]) -> None:
    """Ordinary sentences around a dangerous one never make it safer to the rules."""
    alone = by_rules(danger.text, age_months=danger.age_months)
    together = screen("\n".join([*before, danger.text, *after]), age_months=danger.age_months)
    assert RANK[together.level] >= RANK[alone.level]


@pytest.mark.slow
@pytest.mark.parametrize(("mark", "most_lost"), [(", ", 0.2), ("\n", 0.03)])
def test_danger_among_ordinary_words_is_nearly_always_heard(mark: str, most_lost: float) -> None:
    """Words of the neighbouring clause may excuse too much where no mark parts them, so this is a figure."""
    pairs = random.Random(7)  # the same pairs at every run
    drawn = [(pairs.choice(DANGER), pairs.choice(ORDINARY)) for _ in range(150)]
    alone = {row.text: screen(row.text, age_months=row.age_months).level for row, _ in drawn}
    texts = [(row, f"{words}{mark}{row.text}") for row, words in drawn] + [
        (row, f"{row.text}{mark}{words}") for row, words in drawn
    ]
    lost = [text for row, text in texts if RANK[screen(text, age_months=row.age_months).level] < RANK[alone[row.text]]]
    assert len(lost) <= most_lost * len(texts), lost


@pytest.mark.slow
def test_a_message_costs_little() -> None:
    """Under five milliseconds of a quiet machine with the default encoder; the bound here leaves room for a busy one."""
    rows = [row.text for row in (*DANGER[::8], *LOOKALIKES[::8])]
    screen("一句话")
    started = time.process_time()
    for words in rows:
        screen(words)
    assert (time.process_time() - started) / len(rows) < 0.012


@pytest.mark.parametrize(
    "words", ["我想" * 2000, "打" * 4000, "he is " * 700, "，".join("发烧" for _ in range(1500)), "1" * 4000, "没" * 4000]
)
def test_a_hostile_message_does_not_hold_up_the_line(words: str) -> None:
    screen("一句话")
    started = time.process_time()
    screen(words)
    assert time.process_time() - started < 1.5


def test_the_text_is_kept_as_it_was_written() -> None:
    assert screen("  寶寶喊不醒 \n").text == "  寶寶喊不醒 \n"
    assert re.fullmatch(r"[a-z_]+", screen("宝宝喊不醒").rule)


@pytest.mark.parametrize("before", [0, 500, 3990, 4100, 9000, 30_000])
@pytest.mark.parametrize("after", [0, 5000])
def test_danger_anywhere_in_a_long_message_is_found(before: int, after: int) -> None:
    said = screen("今天天气好。" * (before // 6) + "娃儿抽筋喊不醒。" + "今天天气好。" * (after // 6))
    assert said.level is Level.EMERGENCY
    assert len(said.text) >= before - 6


@pytest.mark.parametrize("text", ["我要把我的资料删了", "我想把聊天记录删了", "把我的话删了", "删除我的资料", "delete my data"])
def test_a_wish_to_have_records_deleted_is_no_farewell(text: str) -> None:
    assert screen(text).level is Level.NORMAL


@pytest.mark.parametrize("text", ["我想把自己删了", "把聊天记录删了我就去死", "我把话都说完了 不活了"])
def test_a_farewell_is_heard_beside_it(text: str) -> None:
    assert screen(text).level is not Level.NORMAL
