import pytest

from index.intervals import auroc, bins, calibration_error, mean, surely_fell, wilson


def test_a_share_has_an_interval_also_where_all_are_right() -> None:
    assert mean([True] * 10) == mean([1.0] * 10)
    assert mean([True] * 10).low == pytest.approx(0.722, abs=1e-3)
    half = mean([True, False] * 50)
    assert half.low < 0.45 < half.value == 0.5 < 0.55 < half.high
    assert (mean([]).of, mean([]).high) == (0, 1.0)
    assert wilson(0, 100)[1] == pytest.approx(0.037, abs=1e-3)


def test_a_confidence_that_keeps_its_word_has_no_error() -> None:
    told = [0.25] * 4 + [0.75] * 4
    right = [True, False, False, False, True, True, True, False]
    assert calibration_error(told, right).value == 0.0
    assert [(one.confidence, one.right, one.of) for one in bins(told, right)] == [(0.25, 0.25, 4), (0.75, 0.75, 4)]
    assert calibration_error([1.0, 1.0], [False, False]).value == 1.0


def test_how_well_two_kinds_are_told_apart() -> None:
    apart = auroc([0.9, 0.8, 0.2, 0.1], [True, True, False, False])
    assert apart
    assert (apart.value, apart.of) == (1.0, 4)
    assert auroc([0.5, 0.5], [True, True]) is None


@pytest.mark.parametrize(
    ("lost", "won", "real"), [(0, 0, False), (0, 9, False), (1, 0, False), (3, 3, False), (12, 1, True), (200, 0, True)]
)
def test_a_fall_is_real_when_chance_does_not_explain_it(lost: int, won: int, real: bool) -> None:
    before = [True] * lost + [False] * won + [True] * (200 - lost - won)
    now = [False] * lost + [True] * won + [True] * (200 - lost - won)
    assert surely_fell(before, now) is real
