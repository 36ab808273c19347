"""What every starter passage promises its reader."""

import re
from pathlib import Path

import pytest

from knowledge import topics
from knowledge.content import PassageContent
from knowledge.markdown import parse_folder

CURRICULUM = Path(__file__).parents[2] / "knowledge" / "curriculum"
PASSAGES = [parsed.content for parsed in parse_folder(CURRICULUM)]
NUMBERS_SHOWN = {"120", "110", "119", "12356", "12338"}
_PHONE = re.compile(r"(?<![\d.])(?:1[12]\d|12\d{3}|400\d{4,})(?!\d|[.,]\d|毫|克|厘|天|个|次|分|岁|周|小| )")


def by_slug(content: PassageContent) -> str:
    return content.slug


@pytest.mark.parametrize("content", PASSAGES, ids=by_slug)
def test_a_passage_fits_one_phone_screen_and_has_questions(content: PassageContent) -> None:
    assert 80 <= len(re.findall(r"[\u4e00-\u9fff]", content.zh.text)) <= 220
    assert len(content.zh.questions) >= 6
    assert len(content.en.questions) >= 4


@pytest.mark.parametrize("content", PASSAGES, ids=by_slug)
def test_only_verified_phone_numbers_are_shown(content: PassageContent) -> None:
    words = " ".join([content.zh.text, content.zh.more, *content.zh.danger_signs, content.en.text, content.en.more])
    assert (
        set(re.findall(r"(?<![\d.])(?:1[12]\d|12\d{3}|400\d{4,})(?!\d|[.,]\d|毫|克|厘|天|个|次|分|岁|周|小| )", words))
        <= NUMBERS_SHOWN
    )


@pytest.mark.parametrize("content", PASSAGES, ids=by_slug)
def test_no_dose_and_no_vomiting_is_advised(content: PassageContent) -> None:
    words = f"{content.zh.text}{content.zh.more}"
    assert not re.search(r"\d+\s*(毫克|mg|IU|国际单位)", words)
    assert "催吐" not in re.sub(r"(不要|别|莫|不能|不|不用|也别|先别)[^，。；]{0,6}催吐", "", words)


def test_every_question_is_listed_once() -> None:
    asked = [question for content in PASSAGES for question in (*content.zh.questions, *content.en.questions)]
    assert len(asked) == len(set(asked))


def test_every_group_of_the_menu_holds_something() -> None:
    led = {topics.group_of()[content.topics[0]].slug for content in PASSAGES}
    assert led == {group.slug for group in topics.groups()}


def test_honey_is_there() -> None:
    assert any(content.topics[0] == "honey_under_1" for content in PASSAGES)
