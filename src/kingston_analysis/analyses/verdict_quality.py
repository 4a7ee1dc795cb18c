"""Verdict quality: how often what these pages say of changes and trends is wrong, or missed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.data.names import slug
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.wording import agreeing, listed, sentence_start, share, varying
from kingston_analysis.views.edition import EditionView

STUDY = "alarm_study"
# The study's names of what is counted, and of what is said.
WRONG, HELD, SEEN = "said wrongly", "interval of a change holds the truth", "said rightly"
PASSING, REAL = "said of a level that comes back", "said of real years"
ANOTHER, UNUSUAL, TREND = "the level is another", "unusual", "trend"
RUNNING, ONE_STEP = "years running", "one step"
NO_CHANGE, MIDDLE = "no change lies in the 50% interval", 0.5
FROM_MONTHS = "noise from months"
STATEMENTS = {
    ANOTHER: "At a different level from the year before",
    UNUSUAL: "An unusual change",
    TREND: "A trend",
    RUNNING: "Three or more years running",
    ONE_STEP: "In one step",
}
INTERVALS = {
    "change on the year before": "changes on the year before",
    "how far this usually moves in a year": "how far a figure usually moves in a year",
    "trend": "trends",
}
NONE_CALLED = Gap(
    "In the real past, none of the boroughs' yearly figures would have been called a different "
    "level."
)
# What is meant to be wrong in 5 of 100 may be so in 7, a rarer fault twice as often as is meant;
# an interval may hold so much more or less often than it is meant to.
ALLOWED, TWICE, OFF = 0.07, 2, 0.03
# What is seen is shown for panels of so many years.
LENGTH = 5


@analysis("How often what is said of a change or a trend is wrong")
def verdict_quality(view: EditionView) -> Iterator[Part]:
    """Show how verdicts fare where the truth is known, and what they say of the real past."""
    frame = view.load(STUDY).frame
    parts = frame["method"].str.split(", ", expand=True)
    frame = frame.assign(statement=parts[0], source=parts[1])
    real = frame["measure"] == REAL
    known = [view.edition.is_visible(each, "financial_year") for each in frame[real]["period"]]
    made_up, past = frame[~real], _each_year_once(frame[real][known])
    yield pd.concat([made_up[made_up["measure"].isin([WRONG, HELD, SEEN, PASSING])], past])
    yield (
        "Panels of 32 made-up areas, whose truth is known, were judged as these pages judge the "
        "boroughs."
    )
    yield from _limit_sentences(made_up)
    yield _passing_sentence(made_up)
    yield _wrong_table(made_up)
    yield _seen_table(made_up)
    if len(past):
        yield _false_sentence(past)
        yield _together_sentence(past)
        yield _past_table(past)
    yield Publication((*_findings(made_up), *_past_findings(past)), (STUDY,))


def _each_year_once(past: pd.DataFrame) -> pd.DataFrame:
    """Keep one judgement of each year: that with noise from months, as on pages, where both are."""
    from_months = past["source"] == FROM_MONTHS
    judged = from_months.groupby(past["period"]).transform("any")
    return past[from_months | ~judged]


def limits(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the results that are worse than is allowed, beyond what chance explains.

    A statement may be wrong in `ALLOWED` of the series or `TWICE` as often as it is meant to be,
    whichever is less; an interval may be `OFF` by so much. A result is worse where its own interval
    is.
    """
    wrong, held = (frame[frame["measure"] == measure] for measure in (WRONG, HELD))
    allowed = (TWICE * wrong["nominal"]).clip(upper=ALLOWED).fillna(ALLOWED)
    off = (held["high"] < held["nominal"] - OFF) | (held["low"] > held["nominal"] + OFF)
    return pd.concat([wrong[wrong["low"] > allowed], held[off]])


def _limit_sentences(frame: pd.DataFrame) -> Iterator[str]:
    """Say in plain words where a statement is wrong, or an interval off, more than is allowed."""
    beyond = limits(frame)
    wrong = beyond[beyond["measure"] == WRONG]
    if wrong.empty:
        yield "No statement is wrong more often than is allowed in any kind of series."
    for statement, rows in wrong.groupby("statement", sort=False):
        yield (
            f"“{STATEMENTS[str(statement)]}” is wrongly said too often for counts of "
            f"{_kinds(rows)}. There it is false in up to "
            f"{share(rows['result'].max())} of areas{_source(rows)}."
        )
    narrow = beyond[(beyond["measure"] == HELD) & (beyond["result"] < beyond["nominal"])]
    for statement, rows in narrow.groupby("statement", sort=False):
        yield (
            f"The interval for {INTERVALS[str(statement)]} holds the true figure too seldom for "
            f"counts of {_kinds(rows)}. There it holds in {share(rows['result'].min())} of areas "
            f"at worst; {rows['nominal'].iloc[0] * 100:g}% is intended."
        )
    wide = beyond[(beyond["measure"] == HELD) & (beyond["result"] > beyond["nominal"])]
    if len(wide):
        names = [f"for {INTERVALS[str(name)]}" for name in dict.fromkeys(wide["statement"])]
        yield (
            f"Intervals {listed(names)} are often wider than need be: they err on the side of "
            "caution, and miss what a sharper method would see."
        )


def _kinds(rows: pd.DataFrame) -> str:
    """List what the counts do, with how far they vary."""
    kinds = dict.fromkeys(zip(rows["process"], rows["dispersion"], strict=True))
    names = listed(f"“{process}” ({varying(of)})" for process, of in kinds)
    return f"{agreeing(len(kinds), 'this kind', 'these kinds')}: {names}"


def _source(rows: pd.DataFrame) -> str:
    """Say from what it is learned how far counts vary by chance, where all rows have one source."""
    sources = set(rows["source"].dropna())
    if len(sources) != 1:
        return ""
    learned = sources.pop().removeprefix("noise from ")
    return f" when how far counts vary by chance is learned from {learned} alone"


def _passing_sentence(frame: pd.DataFrame) -> str:
    """Say that a level that is different need not stay so."""
    rows = frame[frame["measure"] == PASSING]
    return (
        "That the level was different says nothing about the years to come. In made-up series "
        "whose true level never changes for good, “a different level” is still said in "
        f"{_span(rows)} of cases: that one year differed, and the next may be as before."
    )


def _wrong_table(frame: pd.DataFrame) -> DisplayTable:
    """Show, by what the counts do, how often each statement is wrong."""
    rows = frame[frame["measure"] == WRONG]

    def cell(statement: str) -> Column:
        meant = rows[rows["statement"] == statement]["nominal"].max()
        claim = "" if pd.isna(meant) else f" (intended: {meant * 100:g}%)"

        def of(group: pd.DataFrame) -> str | None:
            chosen = group[group["statement"] == statement]
            return None if chosen.empty else _span(chosen)

        return Column(f"{STATEMENTS[statement]}{claim}", of, missing="[z]")

    return table(
        "How often something is said that is not true, in made-up areas",
        [group for _, group in rows.groupby("process", sort=False)],
        Column("What the counts do", lambda group: sentence_start(group["process"].iloc[0])),
        *map(cell, STATEMENTS),
    )


def _span(rows: pd.DataFrame) -> str:
    """Write the lowest and the highest share of some kinds of series."""
    low, high = share(rows["result"].min()), share(rows["result"].max())
    return low if low == high else f"{low} to {high}"


def _seen_table(frame: pd.DataFrame) -> DisplayTable:
    """Show, by what happens, how often it is seen with so many counts a month."""
    rows = frame[(frame["measure"] == SEEN) & (frame["years"] == LENGTH)]
    rows = rows[rows["source"].isna() | (rows["source"] == FROM_MONTHS)]
    means = sorted(int(mean) for mean in rows["mean_a_month"].unique())

    def cell(mean: int) -> Column:
        def of(group: pd.DataFrame) -> float:
            return float(group[group["mean_a_month"] == mean]["result"].iloc[0])

        return Column(f"{mean} a month", of, "percent")

    return table(
        f"How often what did happen is seen, in made-up areas with {LENGTH} years",
        [group for _, group in rows.groupby(["process", "statement"], sort=False)],
        Column("What happens", lambda group: sentence_start(group["process"].iloc[0])),
        Column("What is said", lambda group: STATEMENTS[group["statement"].iloc[0]]),
        *map(cell, means),
    )


def _false_sentence(past: pd.DataFrame) -> str:
    """Say what share of the rises and falls of the real past is false, and how that is known."""
    unmoved, called, level = _real_shares(past)
    if not called:
        return NONE_CALLED.why
    same = min(1.0, unmoved / MIDDLE)
    return (
        f"In the real past, {share(called)} of the boroughs' yearly figures would have been called "
        f"a different level. About {share(level * same / called)} of those statements are false. "
        "This is an estimate. If a figure did not change, zero should lie in the middle half of "
        f"its interval half the time. It does for {share(unmoved)} of figures, so at most "
        f"{share(same)} did not change; {level * 100:g}% of these will be called a rise or a fall "
        "by chance alone."
    )


def _real_shares(past: pd.DataFrame) -> tuple[float, float, float]:
    """Return the shares of no change in the middle half and of another level, and its error."""
    level = float(past[past["statement"] == ANOTHER]["nominal"].min())
    called = past[(past["statement"] == ANOTHER) & (past["nominal"] == level)]
    return _pooled(past[past["statement"] == NO_CHANGE]), _pooled(called), level


def _pooled(rows: pd.DataFrame) -> float:
    return float((rows["result"] * rows["series"]).sum() / rows["series"].sum())


def _together_sentence(past: pd.DataFrame) -> str:
    """Say that boroughs move together, by the years with most and fewest unusual changes."""
    rows = past[past["statement"] == UNUSUAL].sort_values("result")
    fewest, most = rows.iloc[0], rows.iloc[-1]
    if fewest["result"] == most["result"]:
        years = listed(sorted(rows["period"].unique()))
        return f"{share(most['result'])} of all figures were unusual in {years}."
    return (
        "Boroughs move together, so unusual changes cluster in certain years: from "
        f"{share(fewest['result'])} of all figures in {fewest['period']} to "
        f"{share(most['result'])} in {most['period']}, and {share(_pooled(rows))} over all years."
    )


def _past_table(past: pd.DataFrame) -> DisplayTable:
    """Show, by real year, how many of the boroughs' figures would have been called what."""
    level = past[past["statement"] == ANOTHER]["nominal"].min()

    def result(group: pd.DataFrame, statement: str) -> float:
        rows = group[group["statement"] == statement]
        return float(rows[rows["nominal"] == max(level, rows["nominal"].min())]["result"].iloc[0])

    return table(
        "What would have been said of recorded crime in the boroughs, by year",
        [group for _, group in past.groupby(["period", "source"])],
        Column("Year", lambda group: group["period"].iloc[0]),
        Column("How counts vary is learned", lambda group: group["source"].iloc[0][6:]),
        Column("Figures of boroughs", lambda group: int(group["series"].max()), "count"),
        Column(STATEMENTS[ANOTHER], lambda group: result(group, ANOTHER), "percent"),
        Column(STATEMENTS[UNUSUAL], lambda group: result(group, UNUSUAL), "percent"),
    )


def _findings(frame: pd.DataFrame) -> Iterator[Finding]:
    """Give the lowest and highest result of each statement, over all kinds of series."""
    rows = frame[frame["measure"].isin([WRONG, HELD, SEEN, PASSING])]
    groups = rows.groupby(["measure", "method"], sort=False)["result"]
    for end, results in (("lowest", groups.min()), ("highest", groups.max())):
        for row in results.reset_index().to_dict("records"):
            of = f"{slug(row['measure'])}.{slug(row['method'])}"
            yield finding(end, None, row["result"], "share of made-up series", subject=of)


def _past_findings(past: pd.DataFrame) -> Iterator[Finding]:
    """Give the share of the real past's rises and falls that is false."""
    if past.empty:
        return
    unmoved, called, level = _real_shares(past)
    value = level * min(1.0, unmoved / MIDDLE) / called if called else NONE_CALLED
    yield finding("false", None, value, "share of rises and falls", subject="real-past")
