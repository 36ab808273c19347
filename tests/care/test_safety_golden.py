"""How well danger is recognised on written-out messages of parents; what a row holds is told in `tests/golden/danger/README.md`.

The reporting half is screened once a run. The floors are what was really reached, less a margin for a few rows; what issue 4 asks for
stands beside the figures in docs/danger.md.
"""

import pytest

from care.safety.evaluating import SETS, Judged, Measured, Row, alike, danger_figures, judge, read_rows
from care.safety.models import Category, Level

DANGER = read_rows(SETS / "danger" / "tuning" / "danger.jsonl")
LOOKALIKES = read_rows(SETS / "danger" / "tuning" / "lookalikes.jsonl")
LEAST_EMERGENCIES, LEAST_URGENT = 0.73, 0.60
"""Reached at the first look: 0.76 and 0.65."""
MOST_LOOKALIKES, MOST_ORDINARY = 0.10, 0.02
"""Reached at the first look: 0.083 and 0.010."""
CLASSES = sorted(set(Category) - {Category.UNREADABLE, Category.ERROR, Category.NONE})


@pytest.fixture(scope="module")
def reported() -> Measured:
    return danger_figures(SETS, half="reporting")


@pytest.fixture(scope="module")
def tuned() -> tuple[list[Judged], list[Judged]]:
    return judge(DANGER), judge(LOOKALIKES)


@pytest.mark.parametrize("half", ["tuning", "reporting"])
def test_the_sets_cover_classes_languages_and_voices(half: str) -> None:
    for name in ("danger", "lookalikes"):
        rows = read_rows(SETS / "danger" / half / f"{name}.jsonl")
        assert len({row.text for row in rows}) == len(rows) >= 150
        assert {row.lang for row in rows} == {"zh", "en"}
        assert {"mother", "father", "grandparent"} <= {row.voice for row in rows}
    dangers = read_rows(SETS / "danger" / half / "danger.jsonl")
    # fire is no class of the facts that the writer of the reporting half worked from
    assert set(CLASSES) - {Category.FIRE} <= {row.category for row in dangers} <= set(CLASSES)


def test_no_row_of_the_reporting_half_is_nearly_one_of_the_tuning_half() -> None:
    tuning = _by_threes([*DANGER, *LOOKALIKES])
    twins = [
        (row.text, other)
        for name in ("danger", "lookalikes")
        for row in read_rows(SETS / "danger" / "reporting" / f"{name}.jsonl")
        for other in sorted({text for three in _threes(row.text) for text in tuning.get(three, ())})
        if alike(row.text, other) > 0.5
    ]
    assert twins == []


def test_emergencies_of_the_reporting_half_are_recognised(reported: Measured) -> None:
    missed = [one.row.text for one in reported.dangers if one.missed]
    assert reported.figures.emergencies.value >= LEAST_EMERGENCIES, missed
    assert reported.figures.noticed.value >= LEAST_EMERGENCIES, missed


def test_urgent_messages_of_the_reporting_half_reach_a_person(reported: Measured) -> None:
    missed = [one.row.text for one in reported.dangers if one.missed]
    assert reported.figures.urgent.value >= LEAST_URGENT, missed


def test_few_lookalikes_of_the_reporting_half_raise_an_alarm(reported: Measured) -> None:
    alarms = [one.row.text for one in reported.lookalikes if one.alarmed]
    assert reported.figures.lookalikes.value <= MOST_LOOKALIKES, alarms


def test_next_to_no_ordinary_question_raises_an_alarm(reported: Measured) -> None:
    alarms = [one.row.text for one in reported.ordinary if one.alarmed]
    assert reported.figures.ordinary.value <= MOST_ORDINARY, alarms


@pytest.mark.slow
def test_known_wordings_stay_recognised(tuned: tuple[list[Judged], list[Judged]]) -> None:
    dangers, lookalikes = tuned
    missed = [one.row.text for one in dangers if one.row.level is Level.EMERGENCY and one.missed]
    alarms = [one.row.text for one in lookalikes if one.alarmed]
    assert len(missed) <= 0.03 * len(dangers), missed
    assert len(alarms) <= 0.05 * len(lookalikes), alarms


@pytest.mark.slow
def test_the_category_that_chooses_the_first_line_is_nearly_always_right(tuned: tuple[list[Judged], list[Judged]]) -> None:
    wrong = [one.row.text for one in tuned[0] if one.alarmed and one.said.category != one.row.category]
    assert len(wrong) <= 0.06 * len(tuned[0]), wrong


def _by_threes(rows: list[Row]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for three in _threes(row.text):
            found.setdefault(three, set()).add(row.text)
    return found


def _threes(text: str) -> set[str]:
    signs = "".join(sign for sign in text.lower() if sign.isalnum())
    return {signs[at : at + 3] for at in range(max(1, len(signs) - 2))}
