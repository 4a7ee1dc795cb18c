"""Month quality: how often a chart of months raises a false alarm, and how often a step shows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.data.names import slug
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.wording import listed, sentence_start, share, varying
from kingston_analysis.views.edition import EditionView

STUDY = "alarm_study"
# The study's names of what is counted, and of the rule.
MONTH = "a month outside its limits"
FALSE_ALARM, JUDGED, SHOWN = "false alarm", "months are judged one by one", "a step shows"
CAPTIONS = {
    FALSE_ALARM: "Years with a month outside its limits where only the past goes on",
    SHOWN: "Years with a month outside its limits after a step",
    JUDGED: "Charts on which months are judged one by one",
}
NOT_TRIED = Gap("The study that is held did not try charts of months; `make study` does.")


@analysis("How often a chart of months raises a false alarm")
def month_quality(view: EditionView) -> Iterator[Part]:
    """Show how charts of months fare where the truth is known, by what the counts do."""
    frame = view.load(STUDY).frame
    frame = frame[frame["method"] == MONTH]
    if not (frame["measure"] == FALSE_ALARM).any():
        yield NOT_TRIED
        return
    yield frame
    yield _sentence(frame[frame["measure"] == FALSE_ALARM])
    for measure, caption in CAPTIONS.items():
        yield _table(caption, frame[frame["measure"] == measure])
    yield Publication(tuple(_findings(frame)), (STUDY,))


def _sentence(false: pd.DataFrame) -> str:
    """Say how often an alarm is false, at the most, and where that is more than is meant."""
    worst, meant = false.sort_values("result").iloc[-1], false["nominal"].iloc[0]
    beyond = dict.fromkeys(false[false["low"] > meant]["process"])
    verdict = f"No kind of counts clearly has more than the intended {meant:.0%}."
    if beyond:
        kinds = listed(f"“{each}”" for each in beyond)
        verdict = (
            f"That is clearly more than the intended {meant:.0%} for counts that do this: {kinds}."
        )
    low, high = share(false["result"].min()), share(worst["result"])
    often = (
        f"{low} of the years judged month by month, whatever the counts do"
        if low == high
        else f"{low} to {high} of the years judged month by month, most often where the counts do "
        f"this: “{worst['process']}”"
    )
    return (
        "A month outside its limits is a false alarm if the made-up series only goes on as before. "
        f"That happens in {often}. {verdict}"
    )


def _table(caption: str, rows: pd.DataFrame) -> DisplayTable:
    """Show results by what the counts do and by how many there are in a month."""
    sizes = rows[["mean_a_month", "dispersion"]].drop_duplicates()
    return table(
        caption,
        [group for _, group in rows.groupby("process", sort=False)],
        Column("What the counts do", lambda group: sentence_start(group["process"].iloc[0])),
        *(_column(*size) for size in sizes.itertuples(index=False, name=None)),
    )


def _column(mean: int, dispersion: int) -> Column:
    def span(group: pd.DataFrame) -> str | None:
        found = group[(group["mean_a_month"] == mean) & (group["dispersion"] == dispersion)]
        if found.empty:
            return None
        return " to ".join(dict.fromkeys(share(found["result"].agg(end)) for end in ("min", "max")))

    return Column(f"{mean} a month, {varying(dispersion)}", span, missing="[z]")


def _findings(frame: pd.DataFrame) -> Iterator[Finding]:
    """Give the lowest and highest result of each measure, over all kinds of series."""
    groups = frame.groupby("measure", sort=False)["result"]
    for end, results in (("lowest", groups.min()), ("highest", groups.max())):
        for measure, result in results.items():
            of = f"{slug(str(measure))}.{slug(MONTH)}"
            yield finding(end, None, result, "share of made-up series", subject=of)
