"""Sentences about a series, written from its figures."""

from __future__ import annotations

import math

from kingston_analysis.measures.changes import Change
from kingston_analysis.measures.series import Series
from kingston_analysis.show import wording
from kingston_analysis.tables import periods


def level(series: Series) -> str:
    """Say how many there were in the latest year, as a count, a rate and a rank by each."""
    row, latest = series.own.loc[series.latest], series.latest
    count = f"{wording.number(row['value'])} {series.indicator.counted}"
    text = f"{series.area} had {count} in {latest}"
    if not math.isnan(row["rate"]):
        text += f", {row['rate']:.1f} for every 1,000 residents"
    return text + "." + _standing(series)


def _standing(series: Series) -> str:
    row = series.own.loc[series.latest]
    if len(series.comparable) < 2 or math.isnan(row["rank_count"]):
        return ""
    count = f"the {wording.rank(row['rank_count'])} count"
    boroughs = f" among {int(row['areas'])} London boroughs"
    if math.isnan(row["rank_rate"]):
        return f" That is {count}{boroughs}."
    return f" That is {count} and the {wording.rank(row['rank_rate'])} rate{boroughs}."


def changed(series: Series) -> str:
    """Say how the latest year compares with the one before, with interval and verdict."""
    before = periods.shifted(series.latest, series.kind, -1)
    if before not in series.own.index:
        return f"There is no figure for {before}, so no change can be given."
    counts = [wording.number(series.own["value"][p]) for p in (before, series.latest)]
    subject = wording.sentence_start(series.indicator.counted)
    return _comparison(series.change(), subject, counts, before, series.latest)


def changed_so_far(series: Series) -> str:
    """Say how the known months of the year in progress compare with those a year before."""
    row = series.own_part_year
    first, last = (periods.in_words(row[name], "month") for name in ("first", "last"))
    counts = [wording.number(row[name]) for name in ("before", "value")]
    subject = f"In the part year from {first} to {last}, {series.indicator.counted}"
    return _comparison(
        series.change_so_far(), subject, counts, "the same months a year earlier", ""
    )


def _comparison(change: Change, subject: str, counts: list[str], before: str, after: str) -> str:
    if change.verdict == "cannot be compared":
        return (
            f"{subject}: {counts[0]} in {before} and {counts[1]} {after and f'in {after}'} "
            f"cannot be compared. {change.reason}".replace("  ", " ")
        )
    span = f"from {counts[0]} in {before} to {counts[1]}" + (f" in {after}" if after else "")
    if change.verdict == "no clear change":
        text = (
            f"{subject} showed no clear change, {span} ({wording.percent(change.ratio)}, "
            f"{wording.interval_in_words(change.low, change.high)}): a difference of this size can "
            "be chance. A fall would have had to reach about "
            f"{change.noticeable:.0%} to be noticed."
        )
    else:
        text = (
            f"{subject} {wording.change_in_words(change.verdict, change.ratio)}, {span} "
            f"({wording.interval_in_words(change.low, change.high)}): more than chance explains."
        )
    return f"{text} Note a break in the series: {change.caution}" if change.caution else text


def direction(series: Series) -> str:
    """Write a figure's heading: what happened in the latest year."""
    change, title = series.change(), series.indicator.title
    if change.verdict == "cannot be compared":
        count = wording.number(series.own["value"][series.latest])
        return f"{title}: {count} in {series.latest}, not comparable with the year before"
    if change.verdict == "no clear change":
        return f"{title} showed no clear change in {series.latest}"
    words = wording.change_in_words(change.verdict, change.ratio)
    return f"{title} {words} in {series.latest}, more than chance explains"
