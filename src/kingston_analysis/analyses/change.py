"""Change: what is different from the year before, from the years before it, and so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.measures.change import LEVEL, Change, check_level
from kingston_analysis.measures.families import Compared, Family, family
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Gap, require
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.sentences import changed, comparison_in_words
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.views.topic import TopicView

LEARNED = {
    "months": "from the months",
    "years": "from the other years of the series",
    "boroughs": "from how much the boroughs differ in their movement",
}


@analysis("Change")
def change(view: TopicView, *, base: str | None = None, level: float = LEVEL) -> Iterator[Part]:
    """Compare each indicator with the year before and the three before, and the year so far.

    `base` takes the place of the year before; `level` is that of intervals and verdicts. Raises
    KingstonError where no indicator has an earlier year `base`.
    """
    made = _family(view, base, level)
    # The headline has said how the first changed on the year before.
    for series in view.series[1:] if made is view.changes else view.series:
        yield changed(series, made.of(series), base)
    if view.series:
        yield _on_mean(view.series[0], made.of(view.series[0], "three years"))
    if view.in_progress:
        yield _so_far(view.in_progress[0], made.of(view.in_progress[0], "part year"))
    if not made.members:
        yield view.primary_gap
        return
    rows = [_row(each, base) for each in made.members]
    yield pd.DataFrame(rows)
    yield _how_sure(made)
    yield _table(rows, made)
    yield _not_compared(made)


def _family(view: TopicView, base: str | None, level: float) -> Family:
    if base is None and level == LEVEL:
        return view.changes
    check_level(level)
    earlier = {year for each in view.series for year in each.own.index if year < each.latest}
    if base is not None and base not in earlier:
        what = f"No indicator of {view.topic.title} has a figure of '{base}' before its latest."
        raise KingstonError(what, nearest(base, sorted(earlier)))
    return family(view.series, view.in_progress, base=base, level=level)


# Words


def _on_mean(series: Series, found: Change) -> str:
    """Say how the latest year compares with the mean of the three before."""
    subject, latest = f"Against the three years before, {series.indicator.counted}", series.latest
    if isinstance(found.ratio, Gap):
        return f"{subject} cannot be compared. {found.ratio.why}"
    count = series.own["value"][latest]
    counts = [wording.number(round(count / found.ratio.value)), wording.number(count)]
    return comparison_in_words(found, subject, counts, " a year on average", f" in {latest}")


def _so_far(series: Series, found: Change) -> str:
    """Say how the known months of the year in progress compare with those a year before."""
    row = require(series.own_part_year)
    counts = [wording.number(row[name]) for name in ("before", "value")]
    subject = f"In the part year from {_months(series)}, {series.indicator.counted}"
    return comparison_in_words(found, subject, counts, " in the same months before", "")


def _how_sure(made: Family) -> str:
    """Say how the intervals and verdicts of a page's comparisons were made."""
    used = dict.fromkeys(e.change.variation.source for e in made.members if e.change.variation)
    if not used:
        return ""
    several = (
        f"This page makes {made.size} comparisons. The more are made, the more seem clear by "
        "chance, so the verdicts are corrected together (Benjamini and Hochberg: of those called "
        f"a rise or fall, {(1 - made.level) * 100:g}% may be false)."
    )
    return (
        f"How far a count varies by chance alone was learned "
        f"{'; '.join(LEARNED[each] for each in used)}. "
        f"{several if made.size > 1 else 'This page makes one comparison.'}"
    )


def _not_compared(made: Family) -> str:
    """List, as Markdown, the comparisons that could not be made, and why."""
    spans = {
        "year": f"the latest year with {made.base or 'the one before'}",
        "three years": "the latest year with the three before",
        "part year": "the year so far with the same months before",
    }
    lines = [
        f"- {each.series.indicator.title}, {spans[each.span]}: {each.change.ratio.why}"
        for each in made.members
        if isinstance(each.change.ratio, Gap)
    ]
    return "\n".join(["Not compared:", "", *lines]) if lines else ""


# Table


def _row(each: Compared, base: str | None) -> dict[str, Any]:
    """Return one comparison; ratio, low and high are missing where it could not be made."""
    series, found = each.series, each.change
    ratio = found.ratio if isinstance(found.ratio, Estimate) else Estimate(math.nan)
    counts, latest, before = series.own["value"], series.latest, base or series.before
    if each.span == "part year":
        part = require(series.own_part_year)
        earlier, later = (f"{_months(series, back)} (part year)" for back in (-12, 0))
        earlier_count, later_count = part["before"], part["value"]
    elif each.span == "year":
        earlier, later = before, latest
        earlier_count, later_count = counts.get(before), counts[latest]
    else:
        earlier, later = "mean of three years before", latest
        earlier_count, later_count = counts[latest] / ratio.value, counts[latest]
    return {
        "indicator": series.indicator.title,
        "earlier": earlier,
        "earlier_count": earlier_count,
        "later": later,
        "later_count": later_count,
        "verdict": found.verdict,
        "ratio": ratio.value,
        "low": ratio.low,
        "high": ratio.high,
        "p": found.p,
        "noticeable_fall": found.noticeable,
        "caution": found.caution,
    }


def _months(series: Series, back: int = 0) -> str:
    """Write from which month to which the year in progress is known, so many months back."""
    part = require(series.own_part_year)
    ends = (periods.shifted(part[name], "month", back) for name in ("first", "last"))
    return " to ".join(periods.in_words(month, "month") for month in ends)


def _table(rows: list[dict[str, Any]], made: Family) -> DisplayTable:
    return table(
        f"Changes: a family of {made.size}, corrected together",
        rows,
        Column("Indicator", "indicator"),
        Column("Verdict", lambda row: row["verdict"] + (" [b]" if row["caution"] else "")),
        Column("Change", _or_none(lambda row: row["ratio"] - 1), "signed percent"),
        Column(wording.interval_name(made.level), _or_none(_ends)),
        Column("Earlier period", "earlier"),
        Column("Count", "earlier_count", "count"),
        Column("Later period", "later"),
        Column("Count", "later_count", "count"),
    )


def _or_none(cell: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    return lambda row: "[z]" if row["low"] is None else cell(row)


def _ends(row: dict[str, Any]) -> str:
    return wording.percent_ends(Estimate(row["ratio"], row["low"], row["high"]))
