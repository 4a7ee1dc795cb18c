"""Families: the comparisons that a page makes together, and so corrects together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import LEVEL, Change, decided
from kingston_analysis.measures.series import Series

Timespan = Literal["year", "three years", "part year"]


@dataclass(frozen=True)
class Compared:
    """One comparison of a family: a series' latest year, or year in progress, with what."""

    series: Series
    span: Timespan
    change: Change


@dataclass(frozen=True)
class Family:
    """The comparisons of a page, each with the verdict that it has among all of them.

    `base` is the year with which the latest is compared, where that is not the one before it;
    `level` that of the intervals and verdicts.
    """

    members: tuple[Compared, ...]
    base: str | None = None
    level: float = LEVEL

    @property
    def size(self) -> int:
        """Return how many of the comparisons could be made."""
        return sum(each.change.p is not None for each in self.members)

    def of(self, series: Series, span: Timespan = "year") -> Change:
        """Return one comparison of a series; raise KingstonError where it is not among them."""
        for each in self.members:
            if each.series is series and each.span == span:
                return each.change
        what = (
            f"{series.indicator.title}: no comparison over the {span} is among those of the page."
        )
        raise KingstonError(what, "Compare the series itself: `series.change()`.")


def family(
    full_years: list[Series],
    in_progress: list[Series],
    *,
    base: str | None = None,
    level: float = LEVEL,
) -> Family:
    """Compare each series' latest year with the year before, or `base`, and with the three before.

    Years in progress are compared with the same months a year before.
    """
    made = [*_made(full_years, in_progress, base, level)]
    verdicts = decided((each.change for each in made), level)
    pairs = zip(made, verdicts, strict=True)
    return Family(tuple(replace(each, change=verdict) for each, verdict in pairs), base, level)


def yearly_changes(series: Series) -> dict[str, Change]:
    """Compare every year of a series with the one before: a family of its own."""
    years = list(series.own.index)
    return dict(zip(years, decided(series.change(year) for year in years), strict=True))


def _made(
    full_years: list[Series], in_progress: list[Series], base: str | None, level: float
) -> Iterator[Compared]:
    for series in full_years:
        yield Compared(series, "year", series.change(base=base, level=level))
        yield Compared(series, "three years", series.change_on_mean(level))
    for series in in_progress:
        yield Compared(series, "part year", series.change_so_far(level))
