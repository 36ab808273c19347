"""How far a measured figure may be off: intervals by bootstrap, and how well a told confidence keeps its word. Library calls only."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import stats  # type: ignore[import-untyped]

from index.estimates import Bin, Estimate

Floats = npt.NDArray[np.float64]

SURE = 0.95
_RESAMPLES = 2000
_SEED = 20261123
_BINS = 10


def mean(values: npt.ArrayLike) -> Estimate:
    """Of measured values, or the share of those that hold. Where all are alike a bootstrap knows nothing, so Wilson's it is."""
    cases = np.asarray(values, dtype=np.float64)
    if not len(cases):
        return Estimate(value=0.0, low=0.0, high=1.0, of=0)
    if np.ptp(cases):
        low, high = _bootstrap((cases,), np.mean)
    else:
        low, high = wilson(round(float(cases.sum())), len(cases)) if cases[0] in (0.0, 1.0) else (cases[0], cases[0])
    return Estimate(value=float(cases.mean()), low=float(low), high=float(high), of=len(cases))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Of a share, by Wilson's score; `of` is at least 1."""
    low, high = stats.binomtest(hits, of).proportion_ci(SURE, method="wilson")
    return float(low), float(high)


def auroc(confidences: npt.ArrayLike, positive: npt.ArrayLike) -> Estimate | None:
    """How often a positive case has the higher confidence of the two; None without both kinds."""
    given, holds = np.asarray(confidences, dtype=np.float64), np.asarray(positive, dtype=bool)
    if holds.all() or not holds.any():
        return None
    sides = given[holds], given[~holds]
    low, high = _bootstrap(sides, _area, resamples=500) if min(map(len, sides)) > 1 else (0.0, 1.0)
    return Estimate(value=float(_area(*sides)), low=low, high=high, of=len(given))


def _area(positive: Floats, negative: Floats, axis: int = -1) -> Floats:
    pairs = positive.shape[axis] * negative.shape[axis]
    counted: Floats = stats.mannwhitneyu(positive, negative, axis=axis, method="asymptotic").statistic / pairs
    return counted


def bins(confidences: npt.ArrayLike, right: npt.ArrayLike) -> tuple[Bin, ...]:
    """Tenths of confidence that hold a case, lowest first."""
    given, holds = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(given):
        return ()
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    found = stats.binned_statistic(given, [given, holds], statistic="mean", bins=edges)
    sizes = np.bincount(found.binnumber - 1, minlength=_BINS)
    return tuple(
        Bin(confidence=float(said), right=float(was), of=int(size))
        for said, was, size in zip(*found.statistic, sizes, strict=True)
        if size
    )


def calibration_error(confidences: npt.ArrayLike, right: npt.ArrayLike) -> Estimate:
    """Expected calibration error over tenths: by how much, on average, the confidence told is not the share that was right."""
    given, holds = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(given):
        return Estimate(value=0.0, low=0.0, high=1.0, of=0)
    value = _gap(given, holds)
    low, high = _bootstrap((given, holds), _gap, resamples=500, paired=True) if len(given) > 1 else (value, value)
    # Drawing cases again can only widen the gaps of tenths that keep their word, so the value itself may lie below all draws.
    return Estimate(value=value, low=min(low, value), high=max(high, value), of=len(given))


def _gap(confidences: Floats, right: Floats) -> float:
    """The differences of each tenth add up signed, so the mean over all cases weighs each tenth by its size."""
    tenths = np.minimum((confidences * _BINS).astype(np.int64), _BINS - 1)
    return float(np.abs(np.bincount(tenths, weights=confidences - right, minlength=_BINS)).sum() / len(confidences))


def surely_fell(before: npt.ArrayLike, now: npt.ArrayLike) -> bool:
    """Whether the same cases hold less often now, by a paired bootstrap that is 95% sure of it."""
    change = np.asarray(now, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    if not len(change) or change.mean() >= 0:
        return False
    if not np.ptp(change):
        return True  # every single case fell
    highest = _bootstrap((change,), np.mean, alternative="less")[1]
    return highest < 0


def _bootstrap(
    cases: tuple[Floats, ...],
    statistic: Callable[..., object],
    *,
    resamples: int = _RESAMPLES,
    paired: bool = False,
    alternative: str = "two-sided",
) -> tuple[float, float]:
    found = stats.bootstrap(
        cases,
        statistic,
        n_resamples=resamples,
        batch=250,
        confidence_level=SURE,
        alternative=alternative,
        method="percentile",
        paired=paired,
        rng=np.random.default_rng(_SEED),
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
