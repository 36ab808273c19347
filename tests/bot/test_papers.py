"""Sheets of the Parents' Classroom for print: each on one page, with no number that its texts do not hold."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pylopdf_fonts_zh_cn as font_files
import pytest
from PIL import ImageFont

from bot.papers import setting
from bot.papers.models import Card, Paper
from bot.wording.papers import PARTS, card
from care.services import Services
from kit import typesetting
from knowledge import courses
from knowledge.content import Lang
from knowledge.courses import Course
from tests.fixtures.talk import Talker

OPERATOR = "沙坪坝区家庭教育指导中心"
LANGS: tuple[Lang, ...] = ("zh", "en")
HOSTILE = (
    '#panic("read as markup")',
    '#read("/etc/passwd")',
    '#import "@preview/tablex:0.0.8": *',
    "*bold* _slanted_ $x^2$ `code` @label <label> // gone",
    "= heading \\ #{ [ \"unclosed' ``` /* <script>alert(1)</script>",
)


def every_sheet() -> Iterator[Paper]:
    for course in courses.courses():
        for lang in LANGS:
            for make in PARTS.values():
                yield make(course, lang, operator=OPERATOR)


def course(slug: str) -> Course:
    found = courses.course(slug)
    assert found
    return found


def words_of(paper: Paper) -> Card:
    assert isinstance(paper.sheet, Card)
    return paper.sheet


def pages(paper: Paper, *, two_up: bool = False) -> int:
    made, warnings = typesetting.compiler(setting.TEMPLATE, setting.facts(paper, two_up=two_up)).compile_with_warnings(
        format="png", ppi=10
    )
    assert not warnings, (paper.address, warnings[0].message)
    return len(made) if isinstance(made, list) else 1


def test_every_sheet_is_one_page() -> None:
    assert [paper.address for paper in every_sheet() if pages(paper) != 1] == []


def test_every_sign_on_them_can_be_printed() -> None:
    font = ImageFont.truetype(str(font_files.sans_path()), 16)
    signs = set("".join(json.dumps(setting.facts(paper), ensure_ascii=False) for paper in every_sheet()))
    empty = bytes(font.getmask("\U0010ffff"))
    assert [sign for sign in sorted(signs) if sign.isprintable() and bytes(font.getmask(sign)) == empty] == []


def printed_lines(paper: Paper) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(typesetting.compiler(setting.TEMPLATE, setting.facts(paper)).query("<line>"))
    return found


def test_the_list_stands_there_word_for_word() -> None:
    paper = card(course("fever-at-midnight"), "zh", operator=OPERATOR)
    assert [line["text"] for line in printed_lines(paper)] == list(course("fever-at-midnight").zh.tool.lines)


def test_what_looks_like_markup_is_printed_as_it_was_written() -> None:
    """Were one of these read as markup there would be no page at all."""
    paper = card(course("fever-at-midnight"), "en", operator=OPERATOR)
    sheet = replace(words_of(paper), lines=HOSTILE, title=HOSTILE[0], whom=HOSTILE[1], source=HOSTILE[2], imprint=HOSTILE[4])
    hostile = replace(paper, sheet=sheet)
    assert pages(hostile) == 1
    assert [line["text"] for line in printed_lines(hostile)] == list(HOSTILE)


def test_a_list_that_is_too_long_for_a_page_goes_on_on_the_next() -> None:
    paper = card(course("fever-at-midnight"), "zh", operator=OPERATOR)
    longest = replace(paper, sheet=replace(words_of(paper), lines=("很长的一行" * 60,) * 10))
    assert pages(longest) > 1
    assert setting.pdf(longest).startswith(b"%PDF-")


@pytest.mark.parametrize("lang", LANGS)
def test_only_numbers_that_the_texts_hold_are_printed_as_help(lang: Lang) -> None:
    for one in courses.courses():
        sheet = words_of(card(one, lang, operator=OPERATOR))
        held = one.wording(lang).model_dump_json()
        assert all(line.number in held and line.name for line in sheet.numbers)
        in_the_list = set(re.findall(r"\b(?:1[12]0|119|12\d{3})\b", " ".join(sheet.lines), re.ASCII))
        assert in_the_list <= {line.number for line in sheet.numbers}, one.slug


def test_a_sheet_says_for_whom_from_where_and_that_nobody_has_reviewed_it() -> None:
    sheet = words_of(card(course("first-bites"), "zh", operator=OPERATOR))
    assert "给快满半岁到一岁的家" in sheet.whom
    assert "适合4个月到1岁2个月" in sheet.whom
    assert sheet.review == "待本地专家审核"
    assert sheet.source.startswith("来源：世界卫生组织")
    assert OPERATOR in sheet.imprint


def test_a_changed_word_changes_the_edition_on_the_sheet() -> None:
    before = course("first-bites")
    tool = before.zh.tool.model_copy(update={"title": "头一口饭的九条"})
    after = before.model_copy(update={"zh": before.zh.model_copy(update={"tool": tool})})
    assert before.mark in card(before, "zh", operator=OPERATOR).sheet.imprint
    assert after.mark != before.mark


def test_the_card_in_the_talk_comes_with_its_sheet(talker: Talker) -> None:
    found = course("fever-at-midnight")
    talker.presses_data(f"tool:{found.slug}")
    paper = talker.shown[0].paper
    assert paper
    assert (paper.name, paper.address) == ("四问一走卡", "/papers/card/zh/fever-at-midnight.pdf")
    assert "村委会" in talker.text


@pytest.fixture
def talker(services: Services) -> Talker:
    return Talker(services, "mother")
