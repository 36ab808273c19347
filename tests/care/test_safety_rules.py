"""Every rule of danger keeps its own examples, and the rules cover every class in both languages."""

import re
from importlib.resources import files

import pytest
import yaml

from care.safety import Category, Level, screen
from care.safety.rules import rule_book
from care.safety.screening import by_rules

RANK = {Level.NORMAL: 0, Level.URGENT: 1, Level.EMERGENCY: 2}
EXAMPLES = [(rule, words) for rule in rule_book().rules for words in rule.must]
LOOKALIKES = [(rule, words) for rule in rule_book().rules for words in rule.never]


def test_every_example_is_at_least_as_bad_as_its_rule_says() -> None:
    said = [(rule, words, screen(words)) for rule, words in EXAMPLES]
    assert [(rule.name, words) for rule, words, screened in said if RANK[screened.level] < RANK[rule.level]] == []


def test_no_lookalike_meets_its_rule() -> None:
    assert [(rule.name, words) for rule, words in LOOKALIKES if by_rules(words).rule == rule.name] == []


def test_every_rule_has_a_name_of_its_own_and_an_example() -> None:
    rules = rule_book().rules
    assert len({rule.name for rule in rules}) == len(rules)
    assert [rule.name for rule in rules if not rule.must] == []


@pytest.mark.parametrize("category", sorted(set(Category) - {Category.UNREADABLE, Category.ERROR, Category.NONE}))
def test_every_class_is_told_in_both_languages(category: Category) -> None:
    examples = [words for rule, words in EXAMPLES if rule.category is category and rule.level is Level.EMERGENCY]
    assert any(re.search(r"[\u3400-\u9fff]", words) for words in examples)
    assert any(re.fullmatch(r"[ -~]+", words) for words in examples)


def test_no_pattern_mixes_scripts() -> None:
    """A part is searched by script, so English words in a Chinese pattern would never be found in an English message."""
    written = yaml.safe_load(files("care.safety").joinpath("rules.yaml").read_text(encoding="utf-8"))
    mixed = [
        (rule["name"], pattern)
        for rule in written["rules"]
        for pattern in rule["says"]
        if re.search(r"[\u3400-\u9fff]", pattern) and re.search(r"[a-z]{3}", pattern)
    ]
    assert mixed == []
