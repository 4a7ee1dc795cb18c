"""How often the actual lies within the intervals of forecast year-ends, or a rough range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from kingston_analysis.measures.forecast import forecast_areas
from kingston_analysis.study import results
from kingston_analysis.study.results import Tally
from kingston_analysis.study.simulated import AREAS, CUT, Setting, as_months, counts, random_numbers

PART = 2
ROUGH, CALIBRATED = "year-end from its months", "year-end, variation from earlier years"
# By how many earlier years there are: the intervals that are given, with the level they claim.
INTERVALS: dict[int, tuple[str, dict[str, float | None]]] = {
    0: (ROUGH, {"": None}),
    7: (CALIBRATED, {"_80": 0.80, "_95": 0.95}),
}
# Areas differ: from half the setting's mean to twice.
SIZES = np.geomspace(0.5, 2, AREAS)[:, None]


def forecast_coverage_tallies(setting: Setting, sets: int) -> Iterator[Tally]:
    """Project the years in progress of so many sets of areas, with and without a record."""
    numbers = random_numbers(PART, setting)
    for earlier, (method, levels) in INTERVALS.items():
        covered: Counter[str] = Counter()
        for _ in range(sets):
            covered += _covered(numbers, setting, earlier)
        for of, level in levels.items():
            about = (method, setting, earlier, level)
            yield Tally(results.COVERAGE, *about, sets * AREAS, covered[of])


def _covered(numbers: np.random.Generator, setting: Setting, earlier: int) -> Counter[str]:
    """Count the areas whose year ended inside each interval, of one set."""
    drawn = counts(numbers, setting, AREAS, (earlier + 2) * 12, SIZES)
    actual = drawn[:, -12:].sum(axis=1)
    months = as_months(drawn[:, : CUT - 12])
    # Before the first year that could be scored, its last months were known, as in the tables.
    visible = months[months["period"] >= months["period"].unique()[CUT]]
    ends = forecast_areas(visible).ends.groupby("area", sort=True).last()
    return Counter(
        {
            of: int(((ends[f"low{of}"] <= actual) & (actual <= ends[f"high{of}"])).sum())
            for of in INTERVALS[earlier][1]
        }
    )
