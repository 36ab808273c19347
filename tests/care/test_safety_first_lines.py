"""The first line of a reply to danger: one for every danger, the number first, nothing promised that may not be true."""

import re
from itertools import product

import pytest

from care.safety import Category, Level, Screened, first_line, screen, unreadable
from care.safety.first_lines import FirstLine, chosen_line, first_lines
from care.safety.rules import rule_book
from care.safety.screening import BY_NET, BY_NET_UNSURE
from care.safety.second_net import ALWAYS_NOW, CATEGORIES

LINES = first_lines()
DANGERS = {(level, rule.category, rule.name) for rule in rule_book().rules for level in (rule.level, rule.past)} | {
    (Level.URGENT, Category.UNREADABLE, "nothing_could_read_it"),
    (Level.URGENT, Category.ERROR, "screening_failed"),
    *((Level.EMERGENCY, category, BY_NET) for category in CATEGORIES),
    *((Level.URGENT, category, BY_NET) for category in CATEGORIES if category not in ALWAYS_NOW),
    *((level, Category.MEDICAL, BY_NET_UNSURE) for level in (Level.EMERGENCY, Level.URGENT)),
}
NUMBERS = {"120", "110", "119", "12356", "12338", "12345", "12110"}


def _key(line: FirstLine) -> str:
    return line.act


def test_each_act_names_one_line() -> None:
    assert len({line.act for line in LINES}) == len(LINES)


@pytest.mark.parametrize("danger", sorted(DANGERS), ids=str)
def test_every_danger_has_a_line_in_both_languages(danger: tuple[Level, Category, str]) -> None:
    level, category, rule = danger
    for child_writing, infant, another in product((True, False), (True, False, None), (True, False)):
        screened = Screened("", level, category, rule, child_writing, infant, another)
        assert bool(first_line(screened, "zh")) == bool(first_line(screened, "en")) == (level is not Level.NORMAL)


def test_every_line_is_chosen_for_something() -> None:
    chosen = {
        line.act
        for (level, category, rule), child, infant, another in product(DANGERS, (True, False), (True, False, None), (True, False))
        if (line := chosen_line(Screened("", level, category, rule, child, infant, another)))
    }
    assert {line.act for line in LINES} - chosen == set()


def test_rules_named_by_a_line_exist() -> None:
    assert {name for line in LINES for name in line.rules} <= {BY_NET_UNSURE, *(rule.name for rule in rule_book().rules)}


@pytest.mark.parametrize("line", [line for line in LINES if line.level is Level.EMERGENCY], ids=_key)
def test_an_emergency_begins_with_its_number(line: FirstLine) -> None:
    assert re.search(r"\d+", line.zh[:12]), line.zh
    assert re.search(r"\d+", line.en[:24]), line.en
    assert re.findall(r"\d{3,}", line.zh)[0] == re.findall(r"\d{3,}", line.en)[0] == line.number


@pytest.mark.parametrize("line", LINES, ids=_key)
def test_a_line_names_only_known_numbers_and_never_says_that_somebody_was_told(line: FirstLine) -> None:
    assert set(re.findall(r"\d{3,}", line.zh)) == set(re.findall(r"\d{3,}", line.en)) <= NUMBERS
    assert line.number in line.zh
    assert not re.search(r"已经|通知|值班|联系你|保密|不会告诉", line.zh)
    assert not re.search(
        r"(?i)\b(?:told|notified|on duty|will contact|is coming|are coming|secret|promise)\b", line.en.replace("you told me", "")
    )


@pytest.mark.parametrize("line", [line for line in LINES if line.child_writing], ids=_key)
def test_a_child_reads_short_words(line: FirstLine) -> None:
    assert len(line.zh) <= 75
    assert not re.search(r"急诊|胸外|冲压|催吐|监护", line.zh)


@pytest.mark.parametrize("line", LINES, ids=_key)
def test_a_line_fits_a_phone(line: FirstLine) -> None:
    assert len(line.zh) <= 110
    assert len(line.en) <= 330


@pytest.mark.parametrize(
    ("words", "age_months", "act"),
    [
        ("噎到了", 8, "call_and_back_blows_infant"),
        ("噎到了", 30, "call_and_abdominal_thrusts"),
        ("噎到了", None, "call_and_back_blows"),
        ("娃儿吞了纽扣电池", None, "call_with_package"),
        ("我想抱到娃儿一起跳下去", None, "put_child_safe_and_call"),
        ("他又在打我拿起刀", None, "leave_with_child_and_call"),
        ("娃儿走脱了找不到", None, "report_missing"),
        ("屋头着火了", None, "leave_fire_and_call"),
        ("家里一股煤气味", None, "leave_gas_and_call"),
        ("屋头烧炭烤火 娃儿脑壳昏", None, "leave_fumes_and_call"),
        ("爸爸正在打我 我躲在床底下", None, "child_calls_about_being_hurt"),
        ("两个月发烧38.2", None, "take_infant_to_hospital_now"),
        ("宝宝喊不醒", None, "call_and_lay_on_side"),
        ("my baby is not breathing", None, "call_and_press_chest_as_told"),
        ("娃儿遭狗咬了", None, "wash_bite_and_see_doctor_today"),
    ],
)
def test_the_line_suits_the_words(words: str, age_months: int | None, act: str) -> None:
    line = chosen_line(screen(words, age_months=age_months))
    assert line is not None
    assert line.act == act


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("我朋友想不开 一直说不想活了", "help_someone_in_despair"),
        ("隔壁那个媳妇想不开 天天哭起说要死", "help_someone_in_despair"),
        ("my wife keeps saying she wants to die", "help_someone_in_despair"),
        ("我老婆站在窗台上 说要跳楼", "stay_with_someone_in_despair"),
        ("my wife is on the roof and wants to jump", "stay_with_someone_in_despair"),
        ("我不想活了 老公天天骂我", "talk_to_someone"),
        ("老公逼得我不想活了", "talk_to_someone"),
        ("I want to die and my husband doesn't care", "talk_to_someone"),
    ],
)
def test_despair_of_another_is_not_answered_as_the_writers_own(words: str, act: str) -> None:
    line = chosen_line(screen(words))
    assert line is not None
    assert line.act == act


def test_ordinary_words_have_no_first_line_and_a_picture_has_one() -> None:
    assert first_line(screen("宝宝不爱吃饭"), "zh") == ""
    assert first_line(unreadable(), "zh").startswith("如果孩子喊不醒、喘不上气、抽筋，先打120")
