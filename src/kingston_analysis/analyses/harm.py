"""Harm: how much harm the topic's offences did, by two indices beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.data.areas import slug
from kingston_analysis.measures.change import LEVEL, check_level
from kingston_analysis.measures.harm import MAPPED, Harm, Index, Indices
from kingston_analysis.results import DIGITS, Estimate, Finding, Gap, finding, tidy
from kingston_analysis.show import wording
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.theme import BLUE, GREY, ORANGE, TEAL, themed
from kingston_analysis.views.topic import TopicView

SEVERITY, CAMBRIDGE = "Crime Severity Score", "Cambridge Crime Harm Index"
# By column of shares: what it is a share of, and the colour of its bars.
SHARES = {
    "share": ("offences", BLUE),
    "severity_share": ("severity", ORANGE),
    "harm_share": ("harm", TEAL),
}
BAR_STEP = 17
# The words after the longest bar need over a third of a narrow chart.
ROOM_FOR_LABELS = 1.75


@analysis("Harm")
def harm(view: TopicView, *, level: float = LEVEL) -> Iterator[Part]:
    """Weigh the offences of the latest full year by two indices, per head.

    `level` is that of the intervals. Findings have 95% intervals: at another level there are none.
    Raises KingstonError for a level that is none.
    """
    check_level(level)
    weighed = view.harm
    if isinstance(weighed, Gap):
        yield weighed
        return
    area, year, found = weighed.area, weighed.year, weighed.weigh(level)
    indices = found.indices
    if isinstance(indices, Gap):
        yield indices
        return
    by_area, parts = weighed.by_area, _parts(found)
    severity, days = map(_edition, weighed.editions)
    yield found.offences
    yield "\n\n".join(
        [
            f"Offences differ in the harm they do, so two indices weigh each one. The {SEVERITY} "
            f"weighs it by the sentences that courts pass. The {CAMBRIDGE} weighs it by the days "
            "in prison that are the starting point for a first offender.",
            " ".join(filter(None, [*_amounts(found, indices, area, year), _covered(found)])),
            f"{SEVERITY}: {severity}. {CAMBRIDGE}: {days}.",
            _standing(by_area, area),
        ]
    )
    if len(parts):
        yield _figure(parts, area, year, weighed.tables)
    where = f"{area}, {year}"
    yield OnRequest(_indices_table(indices, where))
    yield OnRequest(_offences_table(found.offences, where))
    yield OnRequest(_unweighed_table(found.offences, where))
    if level == LEVEL:
        values = (*_values(found, indices, parts, year), *_ranks(by_area, area, year))
        yield Publication(values, weighed.tables)


# Words


def _edition(text: str | None) -> str:
    return text[:1].lower() + text[1:] if text else "edition not stated"


def _amounts(found: Harm, indices: Indices, area: str, period: str) -> list[str]:
    if not found.weighed_count:
        return [f"No offence that can be weighed was recorded in {area} in {period}."]
    severity, days = indices.severity, indices.days
    return [
        f"In {area} in {period} the offences that can be weighed came to a {SEVERITY} of "
        f"{_rate(severity.rate)} for every 1,000 residents.{_without(severity)}",
        f"They came to {_rate(days.rate, 'days')} of the {CAMBRIDGE} for every 1,000 "
        f"residents.{_without(days)}",
        alone.why if isinstance(alone := severity.without, Gap) else _agreement(indices),
        _days_apart(found, days),
    ]


def _without(index: Index) -> str:
    if isinstance(index.without, Gap):
        return ""
    return f" Without the one that adds most, {index.heaviest}, it would be {_rate(index.without)}."


def _rate(rate: Estimate, unit: str = "") -> str:
    value = f"{_number(rate.value)} {unit}".strip()
    if rate.ends is None:
        return value
    low, high = map(_number, rate.ends)
    return f"{value} ({wording.interval_name(rate.level)} {low} to {high})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _agreement(indices: Indices) -> str:
    first, second = indices.severity.heaviest, indices.days.heaviest
    if first == second:
        return "The two indices can disagree; here the same offence adds most to both."
    return (
        f"The two indices can disagree, and here they do: {first} adds most to one, {second} to "
        "the other."
    )


def _days_apart(found: Harm, days: Index) -> str:
    """Say how far apart the days lie of which the heaviest offence has the median."""
    row = found.mapped[found.mapped["name"] == days.heaviest].iloc[0]
    if row["fewest_days"] == row["most_days"]:
        return ""
    return (
        "The days are the middle of a list of offences, not the full index: for "
        f"{row['name']} the list runs from {row['fewest_days']:,.0f} to {row['most_days']:,.0f}."
    )


def _covered(found: Harm) -> str:
    recorded = wording.number(found.total)
    if isinstance(found.covered, Gap):
        return ""
    if found.weighed_count == found.total:
        return f"Both cover all {recorded} offences recorded."
    return (
        f"Both cover {wording.number(found.weighed_count)} of the {recorded} offences recorded "
        f"({wording.share(found.covered)}); the table says why the others are in neither."
    )


def _standing(by_area: pd.DataFrame, area: str) -> str:
    """Say where an area stands by both indices per head."""
    row = by_area[by_area["area"] == area].iloc[0]
    ranks = [wording.rank(row[f"{n}_rank"], row[f"{n}_rank_top"]) for n in ("severity", "harm")]
    return (
        f"Of {len(by_area)} London boroughs, {area} had the {ranks[0]} {SEVERITY} and the "
        f"{ranks[1]} {CAMBRIDGE} per head, by the same offences."
    )


# Tables


def _indices_table(indices: Indices, where: str) -> DisplayTable:
    """Set both indices side by side, each with and without the offence that adds most to it."""
    interval = wording.interval_name(indices.severity.rate.level)
    return table(
        f"Harm by two indices, {where}",
        [(SEVERITY, indices.severity), (f"{CAMBRIDGE}, days", indices.days)],
        Column("Index", lambda row: row[0]),
        Column("For every 1,000 residents", lambda row: row[1].rate.value, "rate"),
        Column(interval, lambda row: _interval(row[1].rate)),
        Column("Adds most", lambda row: row[1].heaviest, missing="[z]"),
        Column("Without it", lambda row: _value(row[1].without), "rate", missing="[z]"),
        Column(f"{interval} without it", lambda row: _interval(row[1].without)),
    )


def _value(rate: Estimate | Gap) -> float | Gap:
    return rate if isinstance(rate, Gap) else rate.value


def _interval(rate: Estimate | Gap) -> str:
    known = isinstance(rate, Estimate) and rate.ends
    return f"{known[0]:,.1f} to {known[1]:,.1f}" if known else "[z]"


def _offences_table(offences: pd.DataFrame, where: str) -> DisplayTable:
    """List each offence with its count, weights and shares."""
    return table(
        f"Harm of each offence, {where}",
        offences,
        Column("Offence", _name),
        Column("Offences", "value", "count"),
        Column("Share of offences weighed", "share", "percent", "[z]"),
        Column("Severity weight", "severity", "rate", "[z]"),
        Column("Share of severity", "severity_share", "percent", "[z]"),
        Column("Cambridge days, median", "days", "rate", "[z]"),
        Column("Fewest to most days", _days),
        Column("Share of Cambridge harm", "harm_share", "percent", "[z]"),
        Column(
            "In the indices?", lambda row: "Yes" if _has_weight(row) else f"No: {row['status']}"
        ),
    )


def _unweighed_table(offences: pd.DataFrame, where: str) -> DisplayTable:
    """List the offences that are in neither index, with the reason."""
    return table(
        f"Offences that are not weighed, {where}",
        offences[offences["status"] != MAPPED],
        Column("Offence", _name),
        Column("Offences", "value", "count"),
        Column("Why it is in neither index", "reason"),
    )


def _name(row: dict[str, Any]) -> str:
    return wording.sentence_start(row["name"])


def _has_weight(row: dict[str, Any]) -> bool:
    return bool(row["status"] == MAPPED)


def _days(row: dict[str, Any]) -> str:
    if not _has_weight(row):
        return "[z]"
    return " to ".join(dict.fromkeys(f"{row[end]:,.0f}" for end in ("fewest_days", "most_days")))


# Figure


def _figure(parts: pd.DataFrame, area: str, period: str, tables: tuple[str, ...]) -> Figure:
    """Set shares of offences, severity and harm side by side."""
    first, last = parts.iloc[0], parts.iloc[-1]
    # Rounded, since of two parts both differ alike and the last digit would choose.
    telling = parts.iloc[(parts["severity_share"] - parts["share"]).abs().round(DIGITS).argmax()]
    return Figure(
        id="harm",
        heading=f"{telling['place']}: {_shares(telling)} in {period}",
        chart=_chart(parts),
        alternative=f"Bars for {len(parts)} kinds of offence. Most severe, {first['place']}: "
        f"{_shares(first)}. Least severe, {last['place']}: {_shares(last)}.",
        table=table(
            f"Shares of offences, severity and harm, {area}, {period}",
            parts,
            Column("Kind of offence", "place"),
            Column("Offences recorded", "recorded", "count"),
            Column("Offences weighed", "value", "count"),
            Column("Share of offences weighed", "share", "percent"),
            Column("Share of severity", "severity_share", "percent"),
            Column("Share of Cambridge harm", "harm_share", "percent"),
        ),
        tables=tables,
        period=period,
        note=f"Severity is the {SEVERITY}, harm the {CAMBRIDGE}. All shares are of the offences "
        "that can be weighed.",
    )


def _parts(found: Harm) -> pd.DataFrame:
    """Return the groups, or of one group the offences, with something recorded.

    Returns place, recorded, value (offences weighed) and the three shares; no row where there would
    be one, since it has all of everything.
    """
    groups = len(found.groups) > 1
    frame = found.groups if groups else found.mapped.assign(recorded=found.mapped["value"])
    names = frame["offence_group"].str.lower() if groups else frame["name"]
    place = names.map(wording.sentence_start)
    parts = frame.assign(place=place)[["place", "recorded", "value", *SHARES]]
    parts = parts[parts["value"] > 0]
    return parts if len(parts) > 1 else parts[0:0]


def _shares(row: pd.Series) -> str:
    return wording.listed(f"{wording.share(row[n])} of {what}" for n, (what, _) in SHARES.items())


def _chart(parts: pd.DataFrame) -> alt.LayerChart:
    """Draw under each place's name three bars that say themselves what they are."""
    bars = parts[["place", *SHARES]].melt("place", var_name="of", value_name="length")
    bars["length"] = bars["length"].map(tidy)
    bars["label"] = [
        f"{wording.share(share)} of {SHARES[of][0]}"
        for share, of in zip(bars["length"], bars["of"], strict=True)
    ]
    slots = alt.YOffset("of:N", sort=["place", *SHARES])
    place = alt.Y(
        "place:N", sort=list(parts["place"]), axis=None, scale=alt.Scale(paddingInner=0.2)
    )
    room = alt.Scale(domain=[0, float(bars["length"].max()) * ROOM_FOR_LABELS], nice=False)
    length = alt.X("length:Q", axis=None, scale=room)
    colours = alt.Scale(domain=list(SHARES), range=[colour for _, colour in SHARES.values()])
    names = alt.Chart(parts[["place"]].assign(of="place"))
    return themed(
        alt.LayerChart(
            layer=[
                names.mark_text(align="left", baseline="middle", fontWeight="bold").encode(
                    place, text="place:N", x=alt.value(0), yOffset=slots
                ),
                alt.Chart(bars)
                .mark_bar()
                .encode(place, length, slots, color=alt.Color("of:N", scale=colours, legend=None)),
                alt.Chart(bars)
                .mark_text(align="left", baseline="middle", dx=4, color=GREY)
                .encode(place, length, slots, text="label:N"),
            ]
        ).properties(height=alt.Step(BAR_STEP, **{"for": "offset"}))
    )


# Findings


def _values(found: Harm, indices: Indices, parts: pd.DataFrame, period: str) -> Iterator[Finding]:
    """Give the findings: both indices, without their heaviest offence, coverage and shares."""
    yield from _index_values("severity", "severity weight", indices.severity, period)
    yield from _index_values("harm_days", "days", indices.days, period)
    yield finding("harm_covered", period, found.covered, "share of offences")
    yield finding("harm_weighed", period, found.weighed_count, "offences")
    for _, part in parts.iterrows():
        for column, (what, _) in SHARES.items():
            unit = f"share of {what} weighed"
            yield finding(
                f"share_of_{what}", period, part[column], unit, subject=slug(part["place"])
            )


def _index_values(name: str, weight: str, index: Index, period: str) -> Iterator[Finding]:
    unit = f"{weight} per 1,000 residents"
    yield finding(name, period, index.rate, unit)
    yield finding(f"{name}_without_heaviest", period, index.without, unit)
    if index.heaviest:
        yield finding(f"{name}_heaviest", period, index.heaviest, "text")


def _ranks(by_area: pd.DataFrame, area: str, period: str) -> Iterator[Finding]:
    """Give an area's ranks by both indices per head, from the lowest and from the highest."""
    row = by_area[by_area["area"] == area].iloc[0]
    ends = {"rank": "rank from the lowest", "rank_top": "rank from the highest"}
    for name, column in (("severity", "severity"), ("harm_days", "harm")):
        for end, unit in ends.items():
            yield finding(f"{name}_{end}", period, row[f"{column}_{end}"], unit)
