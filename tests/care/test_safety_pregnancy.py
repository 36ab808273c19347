"""Danger to a woman with child: her own first line, and the months of a pregnancy are no child's age."""

import pytest

from care.safety import Level, screen
from care.safety.first_lines import chosen_line
from care.safety.signs import read_figures

NOW, TODAY = "call_and_lie_on_side_pregnant", "see_midwife_today_pregnant"


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("羊水破了", NOW),
        ("我怀起八个月了 流血了", NOW),
        ("我怀起八个月了。流血了！", NOW),
        ("怀孕七个月 肚子里娃儿半天不动了", NOW),
        ("怀孕五个月 见红了", NOW),
        ("孕晚期头痛眼花脚肿", NOW),
        ("怀孕肚子痛得很", NOW),
        ("怀孕胎动没有了", NOW),
        ("my waters broke", NOW),
        ("32 weeks pregnant and bleeding", NOW),
        ("baby has not moved all day, 7 months pregnant", NOW),
        ("怀孕六个月胎动少了点", TODAY),
        ("30 weeks pregnant, baby moving less", TODAY),
    ],
)
def test_a_pregnant_woman_in_danger_reads_a_line_meant_for_her(words: str, act: str) -> None:
    line = chosen_line(screen(words, age_months=2))
    assert line is not None
    assert line.act == act


@pytest.mark.parametrize(
    "words",
    [
        "怀孕七个月 大宝突然全身抽搐",
        "我怀孕了 大宝从楼梯滚下来 头一直流血止不住",
        "I'm pregnant and my toddler is having a seizure",
    ],
)
def test_an_older_child_in_danger_is_not_answered_as_the_mother(words: str) -> None:
    line = chosen_line(screen(words))
    assert line is not None
    assert line.level is Level.EMERGENCY
    assert line.act != NOW


@pytest.mark.parametrize(
    "words", ["怀孕七个月", "怀起两个月了", "孕32周", "怀孕,三个月了", "2 months pregnant", "pregnant for 2 months"]
)
def test_how_long_a_pregnancy_lasts_is_no_age(words: str) -> None:
    assert read_figures(words).age_months is None


@pytest.mark.parametrize(
    ("words", "months"), [("怀孕了,三个月的娃发烧38", 3), ("7 months pregnant and my 2 month old has a fever", 2)]
)
def test_the_age_of_a_child_beside_it_is_read(words: str, months: float) -> None:
    assert read_figures(words).age_months == months
