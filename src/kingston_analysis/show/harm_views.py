"""Harm in sentences and a table: two indices beside each other."""

from __future__ import annotations

import pandas as pd

from kingston_analysis.measures.harm import MAPPED, Harm, Index
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show import wording
from kingston_analysis.show.table import DisplayTable, Heading, is_missing

SEVERITY, CAMBRIDGE = "Crime Severity Score", "Cambridge Crime Harm Index"


def harm_sentence(harm: Harm, area: str, period: str, editions: tuple[str, str]) -> str:
    """Say, in Markdown paragraphs, how much harm both indices show and what that rests on.

    There must be both; `editions` are those of the Crime Severity Score's weights and of the
    Cambridge index's days.
    """
    return "\n\n".join(
        [
            f"Offences differ in the harm they do, so two indices weigh each one. The {SEVERITY} "
            f"weighs it by the sentences that courts pass. The {CAMBRIDGE} weighs it by the days "
            "in prison that are the starting point for a first offender.",
            " ".join(filter(None, [*_amounts(harm, area, period), _covered(harm)])),
            f"{SEVERITY}: {_edition(editions[0])}. {CAMBRIDGE}: {_edition(editions[1])}.",
        ]
    )


def _edition(text: str) -> str:
    return text[:1].lower() + text[1:]


def _amounts(harm: Harm, area: str, period: str) -> list[str]:
    if not harm.weighed:
        return [f"No offence that can be weighed was recorded in {area} in {period}."]
    return [
        f"In {area} in {period} the offences that can be weighed came to a {SEVERITY} of "
        f"{_rate(harm.severity.rate)} for every 1,000 residents.{_without(harm.severity)}",
        f"They came to {_rate(harm.cambridge.rate, 'days')} of the {CAMBRIDGE} for every 1,000 "
        f"residents.{_without(harm.cambridge)}",
        alone.why if isinstance(alone := harm.severity.without, Gap) else _agreement(harm),
        _spread(harm),
    ]


def _without(index: Index) -> str:
    if isinstance(index.without, Gap):
        return ""
    return f" Without the one that adds most, {index.heaviest}, it would be {_rate(index.without)}."


def _rate(rate: Estimate, unit: str = "") -> str:
    value = f"{_figure(rate.value)} {unit}".strip()
    if rate.ends is None:
        return value
    return f"{value} (95% interval {_figure(rate.low)} to {_figure(rate.high)})"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _agreement(harm: Harm) -> str:
    first, second = harm.severity.heaviest, harm.cambridge.heaviest
    if first == second:
        return "The two indices can disagree; here the same offence adds most to both."
    return (
        f"The two indices can disagree, and here they do: {first} adds most to one, {second} to "
        "the other."
    )


def _spread(harm: Harm) -> str:
    """Say how far apart the days lie of which the heaviest offence has the median."""
    row = harm.mapped[harm.mapped["name"] == harm.cambridge.heaviest].iloc[0]
    if row["fewest_days"] == row["most_days"]:
        return ""
    return (
        "The days are the middle of a list of offences, not the full index: for "
        f"{row['name']} the list runs from {row['fewest_days']:,.0f} to {row['most_days']:,.0f}."
    )


def _covered(harm: Harm) -> str:
    recorded = wording.number(harm.total)
    if isinstance(harm.covered, Gap):
        return ""
    if harm.weighed == harm.total:
        return f"Both cover all {recorded} offences recorded."
    return (
        f"Both cover {wording.number(harm.weighed)} of the {recorded} offences recorded "
        f"({wording.share(harm.covered)}); the table says why the others are in neither."
    )


def harm_standing(by_area: pd.DataFrame, area: str) -> str:
    """Say where an area stands by both indices per head, given what `harm_by_area` returns."""
    row = by_area.set_index("area").loc[area]
    ranks = [wording.rank(row[f"{n}_rank"], row[f"{n}_rank_top"]) for n in ("severity", "harm")]
    return (
        f"Of {len(by_area)} London boroughs, {area} had the {ranks[0]} {SEVERITY} and the "
        f"{ranks[1]} {CAMBRIDGE} per head, by the same offences."
    )


def indices_table(harm: Harm, area: str, period: str) -> DisplayTable:
    """Set both indices side by side, each with and without the offence that adds most to it."""
    headings = [
        Heading("Index"),
        Heading("For every 1,000 residents", "rate"),
        Heading("95% interval"),
        Heading("Adds most"),
        Heading("Without it", "rate"),
        Heading("95% interval without it"),
    ]
    both = {SEVERITY: harm.severity, f"{CAMBRIDGE}, days": harm.cambridge}
    rows = [
        [name, *_rate_cells(index.rate), index.heaviest or "[z]", *_rate_cells(index.without)]
        for name, index in both.items()
    ]
    return DisplayTable(f"Harm by two indices, {area}, {period}", headings, rows)


def _rate_cells(rate: Estimate | Gap) -> list:
    if isinstance(rate, Gap):
        return ["[z]", "[z]"]
    return [rate.value, f"{rate.low:,.1f} to {rate.high:,.1f}" if rate.ends else "[z]"]


def harm_table(harm: Harm, area: str, period: str) -> DisplayTable:
    """List each offence with its count, weights and shares."""
    headings = [
        Heading("Offence"),
        Heading("Offences", "count"),
        Heading("Share of offences weighed", "percent"),
        Heading("Severity weight", "rate"),
        Heading("Share of severity", "percent"),
        Heading("Cambridge days, median", "rate"),
        Heading("Fewest to most days"),
        Heading("Share of Cambridge harm", "percent"),
        Heading("In the indices?"),
    ]
    rows = [_row(row) for _, row in harm.offences.iterrows()]
    return DisplayTable(f"Harm of each offence, {area}, {period}", headings, rows)


def unweighed_table(harm: Harm, area: str, period: str) -> DisplayTable:
    """List the offences that are in neither index, with the reason."""
    rows = harm.offences[harm.offences["status"] != MAPPED]
    names = rows["name"].map(wording.sentence_start)
    cells = [list(each) for each in zip(names, rows["value"], rows["reason"], strict=True)]
    headings = [
        Heading("Offence"),
        Heading("Offences", "count"),
        Heading("Why it is in neither index"),
    ]
    return DisplayTable(f"Offences that are not weighed, {area}, {period}", headings, cells)


def _row(row: pd.Series) -> list:
    name = wording.sentence_start(row["name"])
    if row["status"] != MAPPED:
        return [name, row["value"], *["[z]"] * 6, f"No: {row['status']}"]
    days = " to ".join(dict.fromkeys(f"{row[end]:,.0f}" for end in ("fewest_days", "most_days")))
    columns = ["share", "severity", "severity_share", "days", "harm_share"]
    cells = ["[z]" if is_missing(row[column]) else row[column] for column in columns]
    return [name, row["value"], *cells[:4], days, cells[4], "Yes"]
