"""The figures that a claim is about, as an edition's findings have them."""

from __future__ import annotations

from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.plan.claims import LATEST, SeriesRef
from kingston_analysis.results import Finding, Findings


class UnknownError(Exception):
    """Say why a figure is not known in an edition."""


class IndicatorValues:
    """The findings of an edition, looked up by series, measure and period."""

    def __init__(self, findings: Findings) -> None:
        self._series: dict[tuple[str, str, str], dict[str | None, Finding]] = {}
        for each in findings:
            if each.indicator:
                key = (each.page, each.indicator, each.measure)
                self._series.setdefault(key, {})[each.period] = each

    def period(self, of: SeriesRef, period: str) -> str:
        """Return a period by name, or the latest, which is the year assessed, if it is known."""
        if period != LATEST:
            return period
        latest, found = list(self._of(of, "count").items())[-1]
        if latest is None or found.value is None:
            raise UnknownError(found.missing or "No figure is known.")
        return latest

    def value(self, of: SeriesRef, measure: str, period: str) -> float:
        """Return a figure; raise UnknownError with the reason where the edition has none."""
        found = self._of(of, measure).get(self.period(of, period))
        if found is None or found.value is None:
            raise UnknownError(self._why_not(of, found, period))
        return float(found.value)

    def has(self, of: SeriesRef, measure: str) -> bool:
        """Tell whether a series has a measure at all: not every one has a rate."""
        return (of.page, of.indicator, measure) in self._series

    def change(self, of: SeriesRef, period: str) -> Finding:
        """Return the change of a year on the one before, which must be comparable."""
        found = self._of(of, "change").get(self.period(of, period))
        if found is None or found.value is None:
            raise UnknownError(self._why_not(of, found, period))
        return found

    def periods(self, of: SeriesRef, first: str, last: str) -> list[str]:
        """List the known periods of a series from the first to the last."""
        low, high = self.period(of, first), self.period(of, last)
        known = [p for p, each in self._of(of, "count").items() if p and each.value is not None]
        for ending in (low, high):
            if ending not in known:
                raise UnknownError(f"{ending} is not known in this edition.")
        return [period for period in known if low <= period <= high]

    def _of(self, of: SeriesRef, measure: str) -> dict[str | None, Finding]:
        key = (of.page, of.indicator, measure)
        if key in self._series:
            return self._series[key]
        known = {indicator for page, indicator, _ in self._series if page == of.page}
        if of.indicator in known:
            return {}
        if known:
            what = f"The page '{of.page}' publishes nothing of '{of.indicator}'."
            raise KingstonError(what, nearest(of.indicator, known))
        pages = {page for page, _, _ in self._series}
        raise KingstonError(
            f"There are no findings of a page '{of.page}'.", nearest(of.page, pages)
        )

    def _why_not(self, of: SeriesRef, found: Finding | None, period: str) -> str:
        if found is not None and found.missing:
            return found.missing
        if None in self._of(of, "count"):
            return self._of(of, "count")[None].missing or "No figure is known."
        return f"{period} is not known in this edition."
