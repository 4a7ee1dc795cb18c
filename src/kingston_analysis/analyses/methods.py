"""Methods: how often projections and control charts mislead, on made-up series."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.data.areas import slug
from kingston_analysis.results import Finding, finding
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.wording import sentence_start, share
from kingston_analysis.views.edition import EditionView

STUDY = "alarm_study"
CAPTIONS = {
    "interval holds the truth": "How often an interval holds the truth",
    "false alarm": "How often something is found where nothing happened, in a year",
}


@analysis("How often charts and projections mislead")
def alarm_quality(view: EditionView) -> Iterator[Part]:
    """Show how projections and the rules of a control chart fare where the truth is known."""
    study = view.load(STUDY)
    frame = study.frame[study.frame["measure"].isin(CAPTIONS)]
    yield frame
    yield study.meta.description
    for measure, caption in CAPTIONS.items():
        yield _table(caption, frame[frame["measure"] == measure])
    yield Publication(tuple(_findings(frame)), (STUDY,))


def _table(caption: str, rows: pd.DataFrame) -> DisplayTable:
    """Show the methods by one measure, each with its worst and best kind of made-up series."""
    groups = rows.groupby(["method", "years", "nominal"], dropna=False, sort=False)
    return table(
        caption,
        [group for _, group in groups],
        Column("Method or rule", lambda group: sentence_start(group["method"].iloc[0])),
        Column("Years of history", lambda group: int(group["years"].iloc[0]), "count"),
        Column("Meant to be", lambda group: _nominal(group["nominal"].iloc[0])),
        Column("Lowest share of series (95% interval)", lambda group: _share(group, "idxmin")),
        Column("Highest share of series (95% interval)", lambda group: _share(group, "idxmax")),
        Column("Made-up series", lambda group: int(group["series"].sum()), "count"),
    )


def _nominal(share: float) -> str:
    return "no claim" if pd.isna(share) else f"{share:.0%}"


def _share(group: pd.DataFrame, end: str) -> str:
    """Write the lowest or highest share with its interval, and of which kind of series it is."""
    row = group.loc[group["result"].agg(end)]
    kind = f"{int(row['mean_a_month'])} a month, variation {row['dispersion']:g} times Poisson"
    return f"{share(row['result'])} ({share(row['low'])} to {share(row['high'])}); {kind}"


def _findings(frame: pd.DataFrame) -> Iterator[Finding]:
    """Give the lowest and highest result of each method, over all kinds of series."""
    groups = frame.groupby(["measure", "method"], sort=False)["result"]
    for end, results in (("lowest", groups.min()), ("highest", groups.max())):
        for row in results.reset_index().to_dict("records"):
            of = f"{slug(row['measure'])}.{slug(row['method'])}"
            yield finding(end, None, row["result"], "share of made-up series", subject=of)
