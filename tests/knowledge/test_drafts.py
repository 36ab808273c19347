"""What may be missing while a passage is written, what is not kept at all, and what differs between two wordings."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import actions, drafts, topics
from knowledge.comparing import Mark, differences
from knowledge.content import PassageContent
from knowledge.drafts import Draft, DraftSource, DraftWording, Finding, Problem
from knowledge.markdown import Parsed, parse, parse_folder, write

HONEY = parse_folder(Path(__file__).parents[1] / "fixtures" / "passages")[0].content
WHOLE = drafts.from_content(HONEY.model_dump(mode="json"))


def changed(**zh: object) -> Draft:
    return replace(WHOLE, zh=replace(WHOLE.zh, **zh))  # type: ignore[arg-type]


def found(draft: Draft) -> dict[str, Problem]:
    return {one.where: one.problem for one in drafts.findings(draft)}


def test_a_whole_passage_goes_there_and_back() -> None:
    assert drafts.findings(WHOLE) == ()
    content = drafts.to_content(WHOLE, slug=HONEY.slug)
    assert content == HONEY.model_dump(mode="json")
    assert drafts.fingerprint(content) == actions.fingerprint(HONEY)


def test_an_empty_form_names_every_field_that_must_be_filled() -> None:
    assert set(found(Draft())) == {
        "zh_title", "zh_text", "zh_questions", "en_title", "en_text", "en_questions", "topics", "age", "audiences", "sources",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "field", "problem"),
    [
        (changed(title=""), "zh_title", Problem.MISSING),
        (changed(title="长" * 301), "zh_title", Problem.TOO_LONG),
        (changed(text="太短"), "zh_text", Problem.TOO_SHORT),
        (changed(text="字" * 1201), "zh_text", Problem.TOO_LONG),
        (changed(text="先说一句够二十个字的话，凑够字数。\n# en: 偷偷换一种语言"), "zh_text", Problem.MARKUP),
        (changed(more="字" * 3001), "zh_more", Problem.TOO_LONG),
        (changed(more="## more"), "zh_more", Problem.MARKUP),
        (changed(questions=("一", "二")), "zh_questions", Problem.TOO_FEW),
        (changed(questions=("一", "二", "一")), "zh_questions", Problem.TWICE),
        (changed(questions=("一", "二", "长" * 301)), "zh_questions", Problem.LINE_TOO_LONG),
        (changed(danger_signs=tuple(map(str, range(41)))), "zh_danger_signs", Problem.TOO_MANY),
        (replace(WHOLE, topics=()), "topics", Problem.MISSING),
        (replace(WHOLE, topics=("no_such_topic",)), "topics", Problem.UNKNOWN),
        (replace(WHOLE, topics=("fears", "fears")), "topics", Problem.TWICE),
        (replace(WHOLE, topics=("fears", "lying", "siblings", "autonomy")), "topics", Problem.TOO_MANY),
        (replace(WHOLE, age_months=(3, None)), "age", Problem.MISSING),
        (replace(WHOLE, age_months=(12, 12)), "age", Problem.ORDER),
        (replace(WHOLE, age_months=(-11, 12)), "age", Problem.OUT_OF_RANGE),
        (replace(WHOLE, age_months=(0, 217)), "age", Problem.OUT_OF_RANGE),
        (replace(WHOLE, audiences=("everybody",)), "audiences", Problem.UNKNOWN),
        (replace(WHOLE, sources=(DraftSource("", "标题", 2020),)), "sources", Problem.TOO_SHORT),
        (replace(WHOLE, sources=(DraftSource("机构", "标题", 1900),)), "sources", Problem.NO_YEAR),
    ],
)
def test_each_problem_is_found_in_its_field(draft: Draft, field: str, problem: Problem) -> None:
    assert found(draft) == {field: problem}


lines = st.text(max_size=40)
wordings = st.builds(
    DraftWording, title=lines, text=lines, more=lines, questions=st.tuples(lines, lines), danger_signs=st.tuples(lines)
)
ages = st.tuples(st.none() | st.integers(-20, 300), st.none() | st.integers(-20, 300))
anything = st.builds(
    Draft,
    zh=wordings,
    en=wordings,
    topics=st.lists(st.sampled_from(sorted(topics.by_slug())), max_size=4).map(tuple),
    age_months=ages,
    audiences=st.lists(st.sampled_from(["new_parents", "nobody"]), max_size=2).map(tuple),
    sources=st.lists(st.builds(DraftSource, lines, lines, st.integers(0, 3000)), max_size=2).map(tuple),
)


@given(anything)
def test_whatever_is_half_written_is_kept_and_read_back(draft: Draft) -> None:
    content = drafts.to_content(draft, slug="x")
    assert drafts.from_content(content) == draft
    assert drafts.fingerprint(content)
    shown = drafts.as_shown(draft)
    assert shown.zh.title
    assert shown.en.text


@given(anything)
def test_what_has_no_finding_is_a_passage(draft: Draft) -> None:
    if not drafts.findings(draft):
        assert drafts.to_content(draft, slug="x")["slug"] == "x"


@given(lines.map(drafts.clean), st.text(min_size=25, max_size=60).map(drafts.clean), lines.map(drafts.lines_of))
def test_what_may_be_submitted_goes_into_a_file_and_back(title: str, text: str, signs: tuple[str, ...]) -> None:
    draft = changed(title=" ".join(title.split()), text=text, danger_signs=tuple(dict.fromkeys(signs)))
    if not drafts.findings(draft):
        content = PassageContent.model_validate(drafts.to_content(draft, slug=HONEY.slug))
        parsed = Parsed(content, reviewed=True, reviewed_by="罗医生")
        assert parse(write(parsed), name=f"{HONEY.slug}.md") == parsed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202e反着写的\u202c", "反着写的"),
        ("看不\u200b见\ufeff的", "看不见的"),
        ("一\r\n\r\n\r\n\r\n二  \n", "一\n\n二"),
        ("有\x00控\x07制\x1b符", "有控制符"),
        ("👨\u200d👩\u200d👧 一家", "👨\u200d👩\u200d👧 一家"),
        ("  \n ", ""),
    ],
)
def test_what_nobody_can_see_is_not_kept(typed: str, kept: str) -> None:
    assert drafts.clean(typed) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    assert drafts.clean(drafts.clean(typed)) == drafts.clean(typed)


def test_a_difference_shows_both_sides_and_marks_what_changed() -> None:
    (only,) = differences(WHOLE, changed(title=WHOLE.zh.title.replace("蜂蜜", "糖")))
    assert only.field == "zh_title"
    assert "".join(piece.text for piece in only.old) == WHOLE.zh.title
    assert [piece.text for piece in only.old if piece.mark is Mark.CHANGED] == ["蜂蜜"]
    assert [piece.text for piece in only.new if piece.mark is Mark.CHANGED] == ["糖"]


def test_a_question_more_is_one_line_more() -> None:
    (only,) = differences(WHOLE, changed(questions=(*WHOLE.zh.questions, "还能问啥")))
    assert [piece.text for piece in only.new if piece.mark is Mark.CHANGED] == ["还能问啥\n"]
    assert all(piece.mark is Mark.SAME for piece in only.old)


@pytest.mark.parametrize("signs", ["。", "。，"])
def test_a_few_signs_over_and_over_take_no_time(signs: str) -> None:
    (only,) = differences(changed(more=signs * (3000 // len(signs))), changed(more=(signs * 1400)[:-1] + "完"))
    assert "".join(piece.text for piece in only.new).endswith("完")


@given(anything, anything)
def test_the_pieces_of_a_difference_are_the_whole_text(old: Draft, new: Draft) -> None:
    for one in differences(old, new):
        assert one.old != one.new


def test_a_finding_that_is_not_kept_is_one_of_the_known() -> None:
    assert Finding("zh_title", Problem.TOO_LONG).problem in drafts.NOT_KEPT
    assert Problem.MISSING not in drafts.NOT_KEPT
