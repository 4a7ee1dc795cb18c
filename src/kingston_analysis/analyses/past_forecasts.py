"""Past forecasts: what the edition before projected, held against what came."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.measures.progress import (
    ForecastScore,
)
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.table import Column, table
from kingston_analysis.show.wording import (
    counted,
    number,
)
from kingston_analysis.views.edition import EditionView

FIRST = Gap("This is the first edition: there is no earlier projection to hold the year against.")
TWO_TABLES = (
    "Projections are made from the table of months, and what came is the count of the table of "
    "years: the two can differ a little."
)
NOT_KNOWN_YET = Gap("The count of the whole year is not known yet.")


@analysis("Projections scored")
def forecasts_scored(view: EditionView) -> Iterator[Part]:
    """Hold the last edition's forecasts against the actual year-ends.

    The intervals are the 80% and 95% that the forecasts were published with, or their rough range.
    """
    if view.before is None:
        yield FIRST
        return
    found, titles = list(_scores(view, view.before)), view.page_titles
    yield pd.DataFrame(
        {
            "page": each.page,
            "year": each.forecast.year,
            "forecast": each.forecast.expected,
            "low": each.forecast.within.low,
            "high": each.forecast.within.high,
            "low_80": each.forecast.within_80.low,
            "high_80": each.forecast.within_80.high,
            "low_95": each.forecast.within_95.low,
            "high_95": each.forecast.within_95.high,
            "actual": None if isinstance(each.actual, Gap) else each.actual,
        }
        for each in found
    )
    by_month = any(view.before.pages[each.page].primary.monthly_from for each in found)
    yield " ".join(
        [_scored_sentence(found, view.before.edition.edition), *([TWO_TABLES] if by_month else [])]
    )
    rough = not all(each.forecast.calibrated for each in found)
    if found:
        yield table(
            "Last edition's projections and what came",
            found,
            Column("Area of crime", lambda row: titles[row.page]),
            Column("Year", lambda row: row.forecast.year),
            Column("Projected", lambda row: round(row.forecast.expected), "count"),
            Column("80% interval", lambda row: _ends(row.forecast.within_80), missing="not known"),
            *(
                [Column("Rough range", lambda row: _ends(row.forecast.within), missing="[z]")]
                if rough
                else []
            ),
            Column("Came", "actual", "count"),
            Column("Where it came", _where),
        )


def _scores(view: EditionView, before: EditionView) -> Iterator[ForecastScore]:
    """Give the forecasts of the edition before beside the actual year-ends."""
    for name, page in before.pages.items():
        forecast = page.year_end
        if not isinstance(forecast, Gap) and name in view.pages:
            actual = view.scope.series(page.primary.indicator).own["value"].get(forecast.year)
            yield ForecastScore(name, forecast, NOT_KNOWN_YET if pd.isna(actual) else actual)


def _scored_sentence(found: list[ForecastScore], edition: int) -> str:
    """Say how often the actual count lay inside what the edition before had projected."""
    known = [each for each in found if not isinstance(each.actual, Gap)]
    if not known:
        return f"The {edition} edition projected no year that has since ended."
    said = [
        f"For {counted(len(known), 'areas of crime')}, the {edition} edition projected a year-end "
        "that is now known."
    ]
    calibrated = [each for each in known if each.forecast.calibrated]
    if calibrated:
        inside_80 = sum(each.covered(80) for each in calibrated)
        inside_95 = sum(each.covered(95) for each in calibrated)
        usual_80, usual_95 = (number(round(len(calibrated) * usual)) for usual in (0.80, 0.95))
        said.append(
            f"Of {number(len(calibrated))} with intervals, {number(inside_80)} ended inside the "
            f"80% interval ({usual_80} would be usual), and {number(inside_95)} inside the 95% "
            f"interval ({usual_95} would be usual)."
        )
    rough = [each for each in known if not each.forecast.calibrated]
    if rough:
        said.append(_rough_sentence(rough))
    said.append("Areas of crime overlap, so these are not so many separate tests.")
    return " ".join(said)


def _rough_sentence(rough: list[ForecastScore]) -> str:
    """Say how often the count ended inside a rough range, which goes with no probability."""
    inside = sum(each.covered() for each in rough)
    why = "since too few earlier year-ends were known to tell how often it holds"
    if len(rough) == 1:
        return f"One had a rough range only, {why}: it ended {'inside' if inside else 'outside'}."
    return (
        f"Of {number(len(rough))} with a rough range only, {why}, {number(inside)} ended inside it."
    )


def _ends(interval: Estimate) -> str | None:
    return None if interval.ends is None else " to ".join(map(number, interval.ends))


def _where(score: ForecastScore) -> str:
    if isinstance(score.actual, Gap):
        return "not known yet"
    if not score.forecast.calibrated:
        return f"{'inside' if score.covered() else 'outside'} the rough range"
    if score.covered(80):
        return "inside the 80% interval"
    return "inside the 95% interval" if score.covered(95) else "outside both"
