"""Change: what is different from the year before, from the years before it, and so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.measures.change import JUDGED_AT, Change, Usual, check_level
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Gap, require
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.sentences import changed, comparison_in_words
from kingston_analysis.show.table import Column, DisplayTable, Row, table
from kingston_analysis.views.topic import TopicView

LEARNED = {
    "months": "from the months of all boroughs",
    "years": "from the years of all boroughs, since no months are held",
    "other indicators": "from other recorded crime, since neither months nor enough years are held",
}
Stretch = Literal["year", "three years", "part year"]


@dataclass(frozen=True)
class Compared:
    """One comparison of a page: a series' latest year, or year in progress, with what."""

    series: Series
    span: Stretch
    change: Change


@analysis("Change")
def change(view: TopicView, *, base: str | None = None, level: float = JUDGED_AT) -> Iterator[Part]:
    """Compare each indicator with the year before and the three before, and the year so far.

    `base` takes the place of the year before; `level` is that of intervals and verdicts. Raises
    KingstonError where no indicator has an earlier year `base`.
    """
    check_level(level)
    _check_base(view, base)
    made = [*_compared(view, base, level)]
    # The headline has said how the first changed on the year before.
    as_published = base is None and level == JUDGED_AT
    for each in made:
        if each.span == "year" and not (as_published and each.series is view.series[0]):
            yield changed(each.series, each.change, base)
    for span, say in (("three years", _on_mean), ("part year", _so_far)):
        if first := next((each for each in made if each.span == span), None):
            yield say(first.series, first.change)
    if not made:
        yield view.primary_gap
        return
    rows = [_row(each, base) for each in made]
    yield pd.DataFrame(rows)
    yield _how_sure(made)
    yield _table(rows, level)
    yield _not_compared(made, base)


def _check_base(view: TopicView, base: str | None) -> None:
    earlier = {year for each in view.series for year in each.own.index if year < each.latest}
    if base is not None and base not in earlier:
        what = f"No indicator of {view.topic.title} has a figure of '{base}' before its latest."
        raise KingstonError(what, nearest(base, sorted(earlier)))


def _compared(view: TopicView, base: str | None, level: float) -> Iterator[Compared]:
    for series in view.series:
        yield Compared(series, "year", series.change(base=base, level=level))
        yield Compared(series, "three years", series.change_on_mean(level))
    for series in view.in_progress:
        yield Compared(series, "part year", series.change_so_far(level))


# Words


def _on_mean(series: Series, found: Change) -> str:
    """Say how the latest year compares with the mean of the three before."""
    counted, latest = series.indicator.counted, series.latest
    if isinstance(found.ratio, Gap):
        subject = wording.sentence_start(counted)
        return f"{subject} cannot be compared with the three years before. {found.ratio.why}"
    count = series.own["value"][latest]
    counts = (round(count / found.ratio.value), count)
    subject = f"Against the three years before, {counted}"
    return comparison_in_words(found, subject, counts, " a year on average", f" in {latest}")


def _so_far(series: Series, found: Change) -> str:
    """Say how the known months of the year in progress compare with those a year before."""
    row = require(series.own_part_year)
    counts = (row["before"], row["value"])
    subject = f"In the part year from {_months(series)}, {series.indicator.counted}"
    return comparison_in_words(found, subject, counts, " in the same months of the year before", "")


def _how_sure(made: list[Compared]) -> str:
    """Say how the intervals and verdicts of a page's comparisons were made."""
    used = dict.fromkeys(e.change.variation.source for e in made if e.change.variation)
    if not used:
        return ""
    return (
        f"How far a count varies by chance alone was learned {_learned(used)}. A change is called "
        "a rise or a fall only if its interval does not include zero. Every edition uses the same "
        "level of interval. What moved more than it usually does in a year is called unusual."
    )


def _learned(sources: Iterable[str]) -> str:
    """Say from what it was learned how far counts vary, and that it was not the same for all."""
    first, *others = (LEARNED[each] for each in sources)
    if not others:
        return first
    return "; ".join([f"for some counts {first}", *(f"for others {each}" for each in others)])


def _not_compared(made: list[Compared], base: str | None) -> str:
    """List, as Markdown, the comparisons that could not be made, and why."""
    spans = {
        "year": f"the latest year with {base or 'the one before'}",
        "three years": "the latest year with the three before",
        "part year": "the year so far with the same months of the year before",
    }
    lines = [
        f"- {each.series.indicator.title}, {spans[each.span]}: {each.change.ratio.why}"
        for each in made
        if isinstance(each.change.ratio, Gap)
    ]
    return "\n".join(["Not compared:", "", *lines]) if lines else ""


# Table


def _row(each: Compared, base: str | None) -> Row:
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
        "usual_low": found.usual.low if isinstance(found.usual, Usual) else None,
        "usual_high": found.usual.high if isinstance(found.usual, Usual) else None,
        "unusual": found.unusual,
        "noticeable_fall": found.noticeable_fall,
        "noticeable_rise": found.noticeable_rise,
        "few": found.few,
        "caution": found.caution,
    }


def _months(series: Series, back: int = 0) -> str:
    """Write from which month to which the year in progress is known, so many months back."""
    part = require(series.own_part_year)
    ends = (periods.shifted(part[name], "month", back) for name in ("first", "last"))
    return " to ".join(periods.in_words(month, "month") for month in ends)


def _table(rows: list[Row], level: float) -> DisplayTable:
    return table(
        "Changes, each with its verdict",
        rows,
        Column("Indicator", "indicator"),
        Column("Verdict", _verdict),
        Column("Change", _or_none(lambda row: row["ratio"] - 1), "signed percent"),
        Column(wording.interval_name(level), _or_none(_ends)),
        Column("Usual in a year", _usual_ends),
        Column("Earlier period", "earlier"),
        Column("Count", "earlier_count", "count"),
        Column("Later period", "later"),
        Column("Count", "later_count", "count"),
    )


def _verdict(row: Row) -> str:
    unusual = ", unusually" if row["unusual"] else ""
    return f"{row['verdict']}{unusual}{' [b]' if row['caution'] else ''}"


def _usual_ends(row: Row) -> str:
    if row["usual_low"] is None:
        return "[z]"
    return wording.percent_ends(Estimate(1.0, row["usual_low"], row["usual_high"]))


def _or_none(cell: Callable[[Row], object]) -> Callable[[Row], object]:
    return lambda row: "[z]" if row["low"] is None or row["few"] else cell(row)


def _ends(row: Row) -> str:
    return wording.percent_ends(Estimate(row["ratio"], row["low"], row["high"]))
