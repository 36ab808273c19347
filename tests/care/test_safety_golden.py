"""How well danger is recognised on written-out messages of parents; what a row holds is told in `tests/golden/danger/README.md`.

Of the tuning half every third row is screened, of the reporting half every one; a file has one test that lists its misses. The
floors are what was really reached, less a margin for a few rows; what issue 4 asks for stands beside the figures in docs/danger.md.
"""

import pytest

from care.safety.evaluating import SETS, Row, alike, danger_figures, held_out, judge, read_rows
from care.safety.models import Category, Level

DANGER = read_rows(SETS / "danger" / "tuning" / "danger.jsonl")
LOOKALIKES = read_rows(SETS / "danger" / "tuning" / "lookalikes.jsonl")
SAID = read_rows(SETS / "danger" / "tuning" / "said.jsonl")
LEAST_EMERGENCIES, LEAST_URGENT = 0.88, 0.75
"""Reached: 0.90 and 0.78; at the first look 0.90 and 0.82."""
MOST_LOOKALIKES, MOST_ORDINARY = 0.12, 0.014
"""Reached: 0.100 and 0.008; at the first look 0.108 and 0.014."""
MOST_SAID = 0.025
"""Reached: 5 of 226, 18 before the net was trained on such rows. Wanted is 0.01; a bar that gave 4 lost 66 more known emergencies."""
CLASSES = sorted(set(Category) - {Category.UNREADABLE, Category.ERROR, Category.NONE})


@pytest.mark.parametrize("half", ["tuning", "reporting"])
def test_the_sets_cover_classes_languages_and_voices(half: str) -> None:
    for name in ("danger", "lookalikes"):
        rows = read_rows(SETS / "danger" / half / f"{name}.jsonl")
        assert len({row.text for row in rows}) == len(rows) >= 150
        assert {row.lang for row in rows} == {"zh", "en"}
        assert {"mother", "father", "grandparent"} <= {row.voice for row in rows}
    dangers = read_rows(SETS / "danger" / half / "danger.jsonl")
    assert {row.category for row in dangers} == set(CLASSES)


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_is_promised_holds_on_the_reporting_half() -> None:
    reported = danger_figures(SETS, half="reporting")
    reached, missed = reported.figures, [one.row.text for one in reported.dangers if one.missed]
    assert min(reached.emergencies.value, reached.noticed.value) >= LEAST_EMERGENCIES, missed
    assert reached.urgent.value >= LEAST_URGENT, missed
    assert reached.lookalikes.value <= MOST_LOOKALIKES, [one.row.text for one in reported.lookalikes if one.alarmed]
    assert reached.ordinary.value <= MOST_ORDINARY, [one.row.text for one in reported.ordinary if one.alarmed]


def test_the_statements_are_many_and_of_both_languages() -> None:
    assert len({row.text for row in SAID}) == len(SAID) >= 500
    assert {row.level for row in SAID} == {Level.NORMAL}
    assert {row.lang for row in SAID if held_out(row)} == {"zh", "en"}


def test_next_to_no_ordinary_statement_that_was_held_out_raises_an_alarm() -> None:
    judged = judge([row for row in SAID if held_out(row)])
    alarms = [(one.row.text, one.said.rule) for one in judged if one.alarmed]
    assert len(alarms) <= MOST_SAID * len(judged), alarms


@pytest.mark.slow
def test_known_dangers_stay_recognised_and_in_their_class() -> None:
    judged = judge(DANGER[::3])
    missed = [one.row.text for one in judged if one.row.level is Level.EMERGENCY and one.missed]
    wrong = [one.row.text for one in judged if one.alarmed and one.said.category != one.row.category]
    # reached: 105 and 102 of 1,881; the rows that were hardest to hear are among them
    assert len(missed) <= 0.065 * len(judged), missed
    assert len(wrong) <= 0.065 * len(judged), wrong


@pytest.mark.slow
def test_known_lookalikes_stay_ordinary() -> None:
    alarms = [one.row.text for one in judge(LOOKALIKES[::3]) if one.alarmed]
    assert len(alarms) <= 0.05 * len(LOOKALIKES[::3]), alarms


def _by_threes(rows: list[Row]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for three in _threes(row.text):
            found.setdefault(three, set()).add(row.text)
    return found


def _threes(text: str) -> set[str]:
    signs = "".join(sign for sign in text.lower() if sign.isalnum())
    return {signs[at : at + 3] for at in range(max(1, len(signs) - 2))}
