"""Methods: how often projections mislead, on made-up and real series."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

import pandas as pd

from kingston_analysis.data.names import slug
from kingston_analysis.measures.forecast import BacktestRecord
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.wording import agreeing, counted, number, sentence_start, share, varying
from kingston_analysis.views.edition import EditionView

STUDY = "alarm_study"
# The study's name of the year-ends that are projected as on these pages.
PROJECTION = "year-end, variation from earlier years"
CAPTIONS = {
    "interval holds the truth": "How often an interval holds the truth",
}


@analysis("How often projections mislead")
def alarm_quality(view: EditionView) -> Iterator[Part]:
    """Show how the intervals of projections fare where the truth is known."""
    study = view.load(STUDY)
    frame = study.frame[study.frame["measure"].isin(CAPTIONS)]
    yield frame
    yield study.meta.description
    for measure, caption in CAPTIONS.items():
        yield _table(caption, frame[frame["measure"] == measure])
    yield Publication(tuple(_findings(frame)), (STUDY,))


@analysis("How often the projections held")
def forecast_record(view: EditionView) -> Iterator[Part]:
    """Count the real year-ends that were inside what was projected for them, by first indicator.

    Each was projected from its known months and the years before it, for every borough.
    """
    records = {
        page.primary.indicator.title: found.record
        for page in view.pages.values()
        if not page.primary.all_months.empty and not isinstance(found := page.year_end, Gap)
    }
    known = {title: each for title, each in records.items() if each.scored or each.rough}
    if not known:
        yield Gap("No year that was projected in this edition's months is over yet.")
        return
    yield pd.DataFrame({"indicator": title, **asdict(each)} for title, each in known.items())
    everything = _added_up(list(known.values()))
    study = view.load(STUDY).frame
    yield " ".join(
        filter(None, [_coverage_sentence(everything, study), _rough_sentence(everything)])
    )
    yield _record_table({**known, "All of these": everything})
    yield Publication(tuple(_record_findings(everything)), tuple(_tables(view)))


def _added_up(records: list[BacktestRecord]) -> BacktestRecord:
    counts = ("scored", "covered_80", "covered_95", "rough", "covered_rough")
    years = tuple(sorted({year for each in records for year in each.years}))
    areas = max(each.areas for each in records)
    return BacktestRecord(
        years, areas, *(sum(getattr(each, of) for each in records) for of in counts)
    )


def _coverage_sentence(record: BacktestRecord, study: pd.DataFrame) -> str:
    """Say how often the intervals held, in the real past and on made-up series."""
    if not record.scored:
        return (
            "No year-end that was projected with an interval is over yet, so nobody knows how "
            "often the intervals hold."
        )
    made_up = study[(study["method"] == PROJECTION) & (study["nominal"] == 0.95)]["result"]
    held = " to ".join(dict.fromkeys(map(share, (made_up.min(), made_up.max()))))
    return (
        f"In {counted(record.areas, 'boroughs')} {counted(record.scored, 'year-ends')} "
        f"{agreeing(record.scored, 'was', 'were')} projected with intervals as wide as earlier "
        "years alone made them. The 80% interval held in "
        f"{_of_all(record.covered_80, record.scored)}, the 95% interval in "
        f"{_of_all(record.covered_95, record.scored)}. On made-up series of different kinds the "
        f"95% interval held the true figure in {held} of cases."
    )


def _rough_sentence(record: BacktestRecord) -> str:
    """Say how often the ranges held that were given where there were too few earlier years."""
    if not record.rough:
        return ""
    return (
        "Where there were too few earlier years to learn from, "
        f"{counted(record.rough, 'year-ends')} had a rough range only. It held "
        f"in {_of_all(record.covered_rough, record.rough)}, so it is not given a percentage."
    )


def _of_all(count: int, total: int) -> str:
    return f"{number(count)} of {number(total)} ({share(count / total)})"


def _record_table(records: dict[str, BacktestRecord]) -> DisplayTable:
    """Show, by indicator, how many year-ends were projected and how many ended inside."""

    def inside(count: str, of: str) -> Callable[[tuple[str, BacktestRecord]], str | None]:
        def cell(row: tuple[str, BacktestRecord]) -> str | None:
            total = getattr(row[1], of)
            return _of_all(getattr(row[1], count), total) if total else None

        return cell

    return table(
        "How many real year-ends were inside what was projected",
        list(records.items()),
        Column("Figure", lambda row: row[0]),
        Column("Years", lambda row: _first_to_last(row[1].years), missing="none yet"),
        Column("Projected with intervals", lambda row: row[1].scored, "count"),
        Column("Inside the 80% interval", inside("covered_80", "scored"), missing="[z]"),
        Column("Inside the 95% interval", inside("covered_95", "scored"), missing="[z]"),
        Column("With a rough range", lambda row: row[1].rough, "count"),
        Column("Inside the rough range", inside("covered_rough", "rough"), missing="[z]"),
    )


def _first_to_last(years: tuple[str, ...]) -> str | None:
    return " to ".join(dict.fromkeys((years[0], years[-1]))) if years else None


def _record_findings(record: BacktestRecord) -> Iterator[Finding]:
    values = {
        "scored": record.scored,
        "held_80": record.covered_80,
        "held_95": record.covered_95,
        "rough": record.rough,
        "held_rough": record.covered_rough,
    }
    for name, value in values.items():
        yield finding(name, None, value, "year-ends of boroughs", subject="projections")


def _tables(view: EditionView) -> list[str]:
    """Return the tables that the months of the projections come from."""
    return sorted({name for each in view.pages.values() for name in each.primary.months_sources})


def _table(caption: str, rows: pd.DataFrame) -> DisplayTable:
    """Show the methods by one measure, each with its worst and best kind of made-up series."""
    groups = rows.groupby(["method", "years", "nominal"], dropna=False, sort=False)
    return table(
        caption,
        [group for _, group in groups],
        Column("Method or rule", lambda group: sentence_start(group["method"].iloc[0])),
        Column("Years of history", lambda group: int(group["years"].iloc[0]), "count"),
        Column("Intended", lambda group: _nominal(group["nominal"].iloc[0])),
        Column("Lowest share of series (95% interval)", lambda group: _share(group, "idxmin")),
        Column("Highest share of series (95% interval)", lambda group: _share(group, "idxmax")),
        Column("Made-up series", lambda group: int(group["series"].sum()), "count"),
    )


def _nominal(share: float) -> str:
    return "no claim" if pd.isna(share) else f"{share:.0%}"


def _share(group: pd.DataFrame, end: str) -> str:
    """Write the lowest or highest share with its interval, and of which kind of series it is."""
    row = group.loc[group["result"].agg(end)]
    kind = f"{int(row['mean_a_month'])} a month, {varying(row['dispersion'])}"
    return f"{share(row['result'])} ({share(row['low'])} to {share(row['high'])}); {kind}"


def _findings(frame: pd.DataFrame) -> Iterator[Finding]:
    """Give the lowest and highest result of each method, over all kinds of series."""
    groups = frame.groupby(["measure", "method"], sort=False)["result"]
    for end, results in (("lowest", groups.min()), ("highest", groups.max())):
        for row in results.reset_index().to_dict("records"):
            of = f"{slug(row['measure'])}.{slug(row['method'])}"
            yield finding(end, None, row["result"], "share of made-up series", subject=of)
