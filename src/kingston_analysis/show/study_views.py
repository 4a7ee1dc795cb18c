"""The simulation study of the methods, as tables for readers."""

from __future__ import annotations

import pandas as pd

from kingston_analysis.data.areas import slug
from kingston_analysis.results import Finding, finding
from kingston_analysis.show import wording
from kingston_analysis.show.table import DisplayTable, Heading

CAPTIONS = {
    "interval holds the truth": "How often an interval holds the truth",
    "change is noticed": "How often a fall is noticed that should stand out",
    "false alarm": "How often something is found where nothing happened, in a year",
}


def study_values(frame: pd.DataFrame) -> list[Finding]:
    """Give the findings: the lowest and highest result of each method, over all kinds of series."""
    groups = frame.groupby(["measure", "method"], sort=False)["result"]
    found, of = {"lowest": groups.min(), "highest": groups.max()}, "share of made-up series"
    return [
        finding(end, None, value, of, subject=f"{slug(measure)}.{slug(method)}")
        for end, results in found.items()
        for (measure, method), value in results.items()
    ]


def study_tables(frame: pd.DataFrame) -> list[DisplayTable]:
    """Show each measure of the study, with its worst and best kinds of made-up series.

    `frame` has measure, method, mean_a_month, dispersion, years, nominal (may be missing), series,
    result, low and high, the 95% interval of the result.
    """
    return [
        _table(caption, frame[frame["measure"] == measure]) for measure, caption in CAPTIONS.items()
    ]


def _table(caption: str, rows: pd.DataFrame) -> DisplayTable:
    headings = [
        Heading("Method or rule"),
        Heading("Years of history", "count"),
        Heading("Meant to be"),
        Heading("Lowest share of series (95% interval)"),
        Heading("Highest share of series (95% interval)"),
        Heading("Made-up series", "count"),
    ]
    groups = rows.groupby(["method", "years", "nominal"], dropna=False, sort=False)
    cells = [
        [
            wording.sentence_start(method),
            int(years),
            "no claim" if pd.isna(nominal) else f"{nominal:.0%}",
            _told(group.loc[group["result"].idxmin()]),
            _told(group.loc[group["result"].idxmax()]),
            int(group["series"].sum()),
        ]
        for (method, years, nominal), group in groups
    ]
    return DisplayTable(caption, headings, cells)


def _told(row: pd.Series) -> str:
    """Write a share with its interval, and of which kind of series."""
    interval = f"{wording.share(row['low'])} to {wording.share(row['high'])}"
    kind = f"{int(row['mean_a_month'])} a month, variation {row['dispersion']:g} times Poisson"
    return f"{wording.share(row['result'])} ({interval}); {kind}"
