"""Tables: both indices, each offence, and the offences that are in neither."""

from __future__ import annotations

import pandas as pd

from kingston_analysis.analyses.harm.labels import CAMBRIDGE, harm_number, severity_name
from kingston_analysis.measures.harm import (
    ENDS,
    MAPPED,
    Harm,
    Index,
    IndexName,
    Indices,
)
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show import wording
from kingston_analysis.show.table import Column, DisplayTable, Row, table


def indices_table(found: Harm, indices: Indices, where: str) -> DisplayTable:
    """Set both indices side by side, each with and without the offence that adds most to it."""
    interval = wording.interval_name(indices.severity.rate.level)
    name = wording.sentence_start(severity_name(found))
    bounds = Column("With the rest at its least and greatest", lambda row: _bounds(row[1]))
    return table(
        f"Harm by two indices, {where}",
        [(name, indices.severity), (f"{CAMBRIDGE}, days", indices.days)],
        Column("Index", lambda row: row[0]),
        Column("For every 1,000 residents", lambda row: _value(row[1].known), "rate"),
        Column(interval, lambda row: _interval(row[1].rate)),
        *([] if found.is_whole else [bounds]),
        Column("Adds most", lambda row: row[1].adds_most, missing="[z]"),
        Column("Weighs most", lambda row: "; ".join(row[1].most_severe) or "[z]"),
        Column("Without what adds most", lambda row: _value(row[1].without), "rate", missing="[z]"),
        Column(f"{interval} without it", lambda row: _interval(row[1].without)),
    )


def _value(rate: Estimate | Gap) -> float | Gap:
    return rate if isinstance(rate, Gap) else rate.value


def _interval(rate: Estimate | Gap) -> str:
    known = isinstance(rate, Estimate) and rate.ends
    return f"{known[0]:,.1f} to {known[1]:,.1f}" if known else "[z]"


def _bounds(index: Index) -> str:
    return " to ".join(f"{end:,.1f}" for end in index.bounds)


def harm_of_offences(offences: pd.DataFrame, where: str) -> DisplayTable:
    """List each offence with its count, weights and shares."""
    return table(
        f"Harm of each offence, {where}",
        offences,
        Column("Offence", _name),
        Column("Offences", "value", "count"),
        Column("Share of all offences", "share", "percent", "[z]"),
        Column("Severity weight", "severity", "rate", "[z]"),
        Column("Share of severity weighed", "severity_share", "percent", "[z]"),
        Column("Cambridge days, median", "days", "rate", "[z]"),
        Column(
            "Fewest to most days", lambda row: _ends(row, "days") if _has_weight(row) else "[z]"
        ),
        Column("Share of Cambridge harm weighed", "harm_share", "percent", "[z]"),
        Column(
            "In the indices?", lambda row: "Yes" if _has_weight(row) else f"No: {row['status']}"
        ),
    )


def unweighed_offences(offences: pd.DataFrame, where: str) -> DisplayTable:
    """List the offences that are in neither index, with what they may weigh and the reason."""
    return table(
        f"Offences that are not weighed, {where}",
        offences[offences["status"] != MAPPED],
        Column("Offence", _name),
        Column("Offences", "value", "count"),
        Column("Least to greatest severity weight", lambda row: _ends(row, "severity")),
        Column("Fewest to most days", lambda row: _ends(row, "days")),
        Column("Why it is in neither index", "reason"),
    )


def _name(row: Row) -> str:
    return wording.sentence_start(row["name"])


def _has_weight(row: Row) -> bool:
    return bool(row["status"] == MAPPED)


def _ends(row: Row, index: IndexName) -> str:
    """Write the least and the greatest that an offence may weigh; days are whole."""
    least, greatest = (row[end] for end in ENDS[index])
    if pd.isna(least):
        return "[z]"
    texts = (f"{end:,.0f}" if index == "days" else harm_number(end) for end in (least, greatest))
    return " to ".join(dict.fromkeys(texts))
