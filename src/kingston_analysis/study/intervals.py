"""Whether intervals of a change hold the truth, and changes are noticed as often as told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import LEVEL, POWER, TOO_FEW, Change, compare
from kingston_analysis.measures.variation import Variation, of_boroughs, of_months, of_years
from kingston_analysis.results import require
from kingston_analysis.study import results
from kingston_analysis.study.results import Tally
from kingston_analysis.study.simulated import AREAS, Setting, as_months, counts, random_numbers

PART = 1
FROM_MONTHS, FROM_YEARS, FROM_BOROUGHS = "from months", "from years", "from boroughs"
# Years of history from which each way of learning the variation is tried, the shortest allowed too.
HISTORIES = {FROM_MONTHS: (2, 8), FROM_YEARS: (7, 10, 15), FROM_BOROUGHS: (2,)}
# So far from Poisson that the degrees of freedom behind its variation are those of the method.
RESTLESS = Setting(1_000_000, 10_000)
# The comparison with one year before, and with the mean of three.
AGAINST = {1: "the year before", 3: "the mean of three years before"}


@dataclass(frozen=True)
class _Case:
    """One way of comparing: how variation is learned, from how many years, with how many before."""

    learned: str
    years: int
    before: int

    @property
    def method(self) -> str:
        return f"change on {AGAINST[self.before]}, {self.learned}"


def interval_tallies(setting: Setting, series: int) -> Iterator[Tally]:
    """Compare the last year of so many series, half of them with a fall that should be noticed."""
    numbers = random_numbers(PART, setting)
    cases = [
        _Case(learned, years, before)
        for learned, lengths in HISTORIES.items()
        for years in lengths
        for before in AGAINST
        if years > before
    ]
    for case in cases:
        noticeable = _noticeable(numbers, setting, case)
        ratio = 1 - min(noticeable, TOO_FEW)
        steady = _compared(numbers, setting, case, series, 1.0)
        fallen = _compared(numbers, setting, case, series, ratio)
        yield from _tallies(setting, case, steady, fallen, ratio)
        # Of a larger fall no page says that it would have been noticed.
        if noticeable <= TOO_FEW:
            noticed = sum(each.verdict == "fell" for each in fallen)
            about = (case.method, setting, case.years, POWER)
            yield Tally(results.NOTICED, *about, len(fallen), noticed)


def _noticeable(numbers: np.random.Generator, setting: Setting, case: _Case) -> float:
    """Return the fall that is told to be noticeable to someone who knows the true dispersion."""
    learned = _variation(case, counts(numbers, RESTLESS, AREAS, case.years * 12))
    before = setting.mean * 12 * case.before
    if learned is None:
        raise KingstonError(f"With {case.years} years nothing is learned of the variation.")
    known = Variation(float(setting.dispersion), learned.df, "months")
    found = compare(before, before / case.before, known, years=case.before).noticeable
    if found is None:
        raise KingstonError(f"Of {setting.mean} a month no change can be told.")
    return found


def _compared(
    numbers: np.random.Generator, setting: Setting, case: _Case, series: int, ratio: float
) -> list[Change]:
    months = case.years * 12
    levels = np.repeat([1.0, ratio], [months - 12, 12])
    # Boroughs are learned from together: each in turn is the one whose count changed.
    series_drawn = AREAS if case.learned == FROM_BOROUGHS else 1
    found = []
    for _ in range(series):
        drawn = counts(numbers, setting, series_drawn, months)
        drawn[0] = counts(numbers, setting, 1, months, levels)[0]
        yearly = drawn[0].reshape(-1, 12).sum(axis=1)
        before = yearly[-1 - case.before : -1].sum()
        if variation := _variation(case, drawn):
            found.append(compare(before, yearly[-1], variation, years=case.before))
    return found


def _variation(case: _Case, drawn: np.ndarray) -> Variation | None:
    """Learn the variation as a page would, from series by month of which the first is its own.

    None where too many months are without a count: a page would then learn it another way.
    """
    if case.learned == FROM_MONTHS:
        return of_months(as_months(drawn[:1])[["period", "value"]])
    yearly = drawn.reshape(len(drawn), -1, 12).sum(axis=2)
    if case.learned == FROM_YEARS:
        names = [str(number) for number in range(yearly.shape[1])]
        return of_years(pd.Series(yearly[0], index=names), names[-1])
    return of_boroughs(pd.Series(yearly[:, -2]), pd.Series(yearly[:, -1]))


def _tallies(
    setting: Setting, case: _Case, steady: list[Change], fallen: list[Change], ratio: float
) -> Iterator[Tally]:
    covered = sum(require(each.ratio).allows(1) for each in steady)
    covered += sum(require(each.ratio).allows(ratio) for each in fallen)
    false_alarms = sum(each.verdict != "no clear change" for each in steady)
    about = (case.method, setting, case.years)
    yield Tally(results.COVERAGE, *about, LEVEL, len(steady) + len(fallen), covered)
    yield Tally(results.FALSE_ALARM, *about, round(1 - LEVEL, 2), len(steady), false_alarms)
