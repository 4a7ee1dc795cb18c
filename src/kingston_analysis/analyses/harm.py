"""Harm: how much harm the topic's offences did, by two indices beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterator

import altair as alt
import pandas as pd

from kingston_analysis.data.names import slug
from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.measures.change import LEVEL, check_level
from kingston_analysis.measures.comparison.ranks import TOO_FEW_AREAS, enough_to_rank
from kingston_analysis.measures.harm import (
    ENDS,
    INDICES,
    MAPPED,
    ONE_ONLY,
    UNMAPPED,
    Harm,
    Index,
    IndexName,
    Indices,
)
from kingston_analysis.measures.series import Series
from kingston_analysis.results import DIGITS, Estimate, Finding, Gap, finding, tidy
from kingston_analysis.show import wording
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, Row, table
from kingston_analysis.show.theme import BLUE, GREY, ORANGE, TEAL, themed
from kingston_analysis.views.harm import WeighedYear
from kingston_analysis.views.topic import TopicView

SEVERITY, CAMBRIDGE = "Crime Severity Score", "Cambridge Crime Harm Index"
# What leaves out offences is no Crime Severity Score.
PARTIAL = "severity of the offences that can be weighed"
MOST: dict[IndexName, str] = {
    "severity": "the most severe offence is",
    "days": "the offence with most days is",
}
# By column of shares: what it is a share of, and the colour of its bars.
SHARES = {
    "share": ("all offences", BLUE),
    "severity_share": ("severity", ORANGE),
    "harm_share": ("harm", TEAL),
}
PUBLISHED_SHARES = {
    "share": ("share_of_offences", "share of all offences recorded"),
    "severity_share": ("share_of_severity", "share of severity weighed"),
    "harm_share": ("share_of_harm", "share of harm weighed"),
}
NO_RANK = Gap("The rank hangs on what the offences weigh that are in neither index.")
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
    parts = _parts(found)
    yield found.offences
    yield "\n\n".join(
        [
            f"Offences differ in the harm they do, so two indices weigh each one. The {SEVERITY} "
            f"weighs it by the sentences that courts pass. The {CAMBRIDGE} weighs it by the days "
            "in prison that are the starting point for a first offender.",
            *_amounts(found, indices, area, year),
            *_without_weight(found.offences, weighed.mapping),
            _instruments(weighed),
            *_standing(weighed, found, indices),
            *_other_count(view.primary, found.total, year),
        ]
    )
    if len(parts):
        yield _figure(parts, found, area, year, weighed.tables)
    where = f"{area}, {year}"
    yield OnRequest(_indices_table(found, indices, where))
    yield OnRequest(_offences_table(found.offences, where))
    if not found.is_whole:
        yield OnRequest(_unweighed_table(found.offences, where))
    if level == LEVEL:
        values = (*_values(found, indices, parts, year), *_ranks(weighed, indices))
        yield Publication(values, weighed.tables)


# Words


def _instruments(scored: WeighedYear) -> str:
    """Name the editions of the weights, and when what is used was first published, if later."""
    severity, days = map(_edition, scored.editions)
    text = f"{SEVERITY}: {severity}. {CAMBRIDGE}: {days}."
    names = (f"the {SEVERITY}", f"the {CAMBRIDGE}", "the estimate of residents")
    first, *more = [
        f"{name} {{}}in {day}" for name, day in zip(names, scored.published, strict=True) if day
    ] or [""]
    if not first:
        return text
    dated = wording.listed([first.format("was first published "), *(e.format("") for e in more)])
    return (
        f"{text} This edition's evidence ends on {day_in_words(scored.until)}. "
        f"{wording.sentence_start(dated)}."
    )


def _edition(text: str | None) -> str:
    return text[:1].lower() + text[1:] if text else "edition not stated"


def _amounts(found: Harm, indices: Indices, area: str, period: str) -> list[str]:
    """Give a paragraph on each index, and one on what they rest on."""
    if not found.weighed_count:
        none = f"No offence that can be weighed was recorded in {area} in {period}."
        return [" ".join(filter(None, [none, _covered(found)]))]
    severity, days = indices.severity, indices.days
    where = f"{area} in {period}"
    who = "These offences"
    first = f"In {where} these offences came to a {SEVERITY} of {{}} for every 1,000 residents."
    if not found.is_whole:
        who = "The offences that can be weighed"
        first = f"In {where} the {PARTIAL} was {{}} for every 1,000 residents."
    if isinstance(severity.known, Gap):
        first = f"For {where} no {_severity(found)} is given. {severity.known.why}"
    second = f"{who} came to {{}} of the {CAMBRIDGE} for every 1,000 residents."
    if isinstance(days.known, Gap):
        second = f"No {CAMBRIDGE} is given. {days.known.why}"
    rest = [_agreement(found, indices), _days_apart(found, days), _covered(found)]
    return [
        " ".join([first.format(_rate(severity.rate)), *_about(found, severity, "severity")]),
        " ".join([second.format(_rate(days.rate, "days")), *_about(found, days, "days")]),
        " ".join(filter(None, rest)),
    ]


def _severity(found: Harm) -> str:
    """Name the severity index of what is weighed."""
    return SEVERITY if found.is_whole else PARTIAL


def _about(found: Harm, index: Index, name: IndexName) -> Iterator[str]:
    """Give the bounds of an index, what adds most to it, what weighs most, and it without."""
    if not found.is_whole:
        others = found.total - found.weighed_count
        least, greatest = map(_number, index.bounds)
        yield (
            f"If the other {_other(others)} counted too, it lies between {least} and {greatest}, "
            f"depending on what {wording.agreeing(others, 'it weighs', 'they weigh')}."
        )
    if not index.adds_most or index.without == ONE_ONLY:
        return
    adds_most = f"{wording.sentence_start(index.adds_most)} adds most to it"
    if index.most_severe and index.adds_most not in index.most_severe:
        yield f"{adds_most}, but {MOST[name]} {' or '.join(index.most_severe)}."
    else:
        yield f"{adds_most}."
    if index.like_it:
        alike = _counted_names(index.like_it)
        yield f"The counts vary too much by chance to tell {index.adds_most} from {alike}."
    if isinstance(index.without, Estimate):
        yield f"Without {index.adds_most}, it would be {_rate(index.without)}."
    else:
        yield f"Without {index.adds_most}, too few kinds of offence are left to give a figure."


def _counted_names(names: tuple[str, ...]) -> str:
    """Name a few offences, or say how many others they are."""
    if len(names) < wording.MOST_NAMED:
        return wording.listed(names)
    return f"{wording.number_in_words(len(names))} other offences"


def _other(count: float) -> str:
    return wording.agreeing(count, "one is", f"{wording.number(count)} are")


def _rate(rate: Estimate, unit: str = "") -> str:
    value = f"{_number(rate.value)} {unit}".strip()
    if rate.ends is None:
        return value
    low, high = map(_number, rate.ends)
    return f"{value} ({wording.interval_name(rate.level)} {low} to {high})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _agreement(found: Harm, indices: Indices) -> str:
    first, second = indices.severity.adds_most, indices.days.adds_most
    if not (first and second):
        return ""
    if len(found.mapped) == 1:
        return ONE_ONLY.why
    if _weigh_alike(found) and (found.mapped["value"] > 0).sum() > 1:
        return (
            "All the offences weighed here have the same weight, so a chart of shares would show "
            "nothing."
        )
    if first == second:
        return "The two indices can disagree; here the same offence adds most to both."
    if second in indices.severity.like_it or first in indices.days.like_it:
        return (
            "The two indices can disagree. The counts vary too much by chance to show whether they "
            "do here."
        )
    return (
        f"The two indices can disagree, and here they do: {first} adds most to one, {second} to "
        "the other."
    )


def _days_apart(found: Harm, days: Index) -> str:
    """Say how far apart the days lie of which the offence that adds most has the median."""
    rows = found.mapped[found.mapped["name"] == days.adds_most]
    if rows.empty or rows["fewest_days"].equals(rows["most_days"]):
        return ""
    row = rows.iloc[0]
    return (
        "The days are the middle of a list of offences, not the full index: for "
        f"{row['name']} the list runs from {row['fewest_days']:,.0f} to {row['most_days']:,.0f}."
    )


def _covered(found: Harm) -> str:
    recorded = wording.number(found.total)
    if isinstance(found.covered, Gap):
        return ""
    if found.is_whole:
        return f"Both cover all {recorded} offences recorded."
    return (
        f"Both cover {wording.number(found.weighed_count)} of the {recorded} offences recorded "
        f"({wording.share(found.covered)}); the table says why the others are in neither, and what "
        "they may weigh."
    )


def _without_weight(offences: pd.DataFrame, mapping: str) -> Iterator[str]:
    """Name the recorded offences of which no weight is known, and where a person can give one."""
    unknown = offences[(offences["status"] == UNMAPPED) & (offences["value"] > 0)]
    if len(unknown):
        yield (
            f"No weight that is more than a guess is held for {wording.listed(unknown['name'])}. "
            f"Weights are added in the table `{mapping}`, in the folder `data/tables`."
        )


def _other_count(series: Series, recorded: float, year: str) -> Iterator[str]:
    """Say that offences were counted from another table than the year, where the counts differ."""
    count = series.own["value"].get(year, math.nan)
    if not math.isnan(count) and count != recorded:
        yield (
            "The offences weighed here come from the table of months, which has "
            f"{wording.number(recorded)} in {year}, and not {wording.number(count)} as the table "
            "of years."
        )


def _standing(full_year: WeighedYear, found: Harm, indices: Indices) -> Iterator[str]:
    """Say where an area stands by both indices per head, or why that is not known."""
    by_area, area = full_year.by_area, full_year.area
    row, many = by_area[by_area["area"] == area].iloc[0], len(by_area)
    if not enough_to_rank(many, full_year.boroughs):
        yield f"No rank is given. {TOO_FEW_AREAS.why}"
        return
    names = {"severity": f"the {SEVERITY}", "harm": f"the {CAMBRIDGE}"}
    if not found.is_whole:
        names["severity"] = "severity"
    shown = [n for n, index in _named(indices).items() if not index.gap]
    known = [n for n in shown if pd.notna(row[f"{n}_rank"])]
    if known:
        ranks = (f"the {_rank(by_area, row, n)} {names[n].removeprefix('the ')}" for n in known)
        yield (
            f"Of {many} London boroughs, {area} had {wording.listed(ranks)} per head, by the same "
            "offences."
        )
    if unknown := [n for n in shown if n not in known]:
        ranks = (
            f"from {_place(row, n, 'least')} to {_place(row, n, 'most')} by {names[n]}"
            for n in unknown
        )
        yield (
            f"No rank among the {many} London boroughs is given. Depending on what the other "
            f"offences weigh, {area} may stand anywhere {wording.listed(ranks)}, counted from the "
            "lowest."
        )


def _rank(by_area: pd.DataFrame, row: pd.Series, name: str) -> str:
    """Write an area's rank, and that another one has the same rate, if it has."""
    rank = wording.rank(row[f"{name}_rank"], row[f"{name}_rank_top"])
    shared = (by_area[f"{name}_rate"] == row[f"{name}_rate"]).sum() > 1
    return wording.joint(rank) if shared else rank


def _place(row: pd.Series, name: str, end: str) -> str:
    return wording.ordinal(int(row[f"{name}_rank_{end}"]))


def _named(indices: Indices) -> dict[str, Index]:
    """Return the indices by the name that their shares and ranks have."""
    return {name: getattr(indices, index) for name, index in INDICES.items()}


# Tables


def _indices_table(found: Harm, indices: Indices, where: str) -> DisplayTable:
    """Set both indices side by side, each with and without the offence that adds most to it."""
    interval = wording.interval_name(indices.severity.rate.level)
    name = wording.sentence_start(_severity(found))
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


def _offences_table(offences: pd.DataFrame, where: str) -> DisplayTable:
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


def _unweighed_table(offences: pd.DataFrame, where: str) -> DisplayTable:
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


def _days(row: Row) -> str:
    return _ends(row, "days") if _has_weight(row) else "[z]"


def _ends(row: Row, index: IndexName) -> str:
    """Write the least and the greatest that an offence may weigh; days are whole."""
    least, greatest = (row[end] for end in ENDS[index])
    if pd.isna(least):
        return "[z]"
    texts = (f"{end:,.0f}" if index == "days" else _number(end) for end in (least, greatest))
    return " to ".join(dict.fromkeys(texts))


# Figure


def _figure(
    parts: pd.DataFrame, found: Harm, area: str, period: str, tables: tuple[str, ...]
) -> Figure:
    """Set shares of offences, severity and harm side by side."""
    # Rounded, since of two parts both differ alike and the last digit would choose.
    of_weighed = parts["value"] / parts["value"].sum()
    telling = parts.iloc[(parts["severity_share"] - of_weighed).abs().round(DIGITS).argmax()]
    weighed, note = "", "All offences recorded can be weighed."
    if not found.is_whole:
        weighed = " that can be weighed"
        note = (
            "Shares of offences are of all that were recorded. Shares of severity and harm are of "
            f"those that can be weighed, {wording.number(found.weighed_count)} of "
            f"{wording.number(found.total)}."
        )
    return Figure(
        id="harm",
        heading=f"{telling['place']}: {_shares(telling)}{weighed} in {period}",
        chart=_chart(parts),
        alternative=_alternative(parts),
        table=table(
            f"Shares of offences, severity and harm, {area}, {period}",
            parts,
            Column("Kind of offence", "place"),
            Column("Offences recorded", "recorded", "count"),
            Column("Offences weighed", "value", "count"),
            Column("Share of all offences", "share", "percent"),
            Column("Share of severity weighed", "severity_share", "percent"),
            Column("Share of Cambridge harm weighed", "harm_share", "percent"),
        ),
        tables=tables,
        period=period,
        note=f"Severity is by the weights of the {SEVERITY}, harm by the days of the {CAMBRIDGE}. "
        f"{note}",
    )


def _alternative(parts: pd.DataFrame) -> str:
    """Say which part adds most to severity, and which is most severe for each offence."""
    adds_most, adds_least = parts.iloc[0], parts.iloc[-1]
    most_severe = parts.iloc[(parts["severity_share"] / parts["value"]).argmax()]
    text = f"Bars for {len(parts)} kinds of offence. "
    most = "Most severity"
    other = f"Least is from “{adds_least['place']}”: {_short(adds_least)}."
    if most_severe["place"] == adds_most["place"]:
        most = "Most severity, in all and per offence,"
    else:
        other = f"Per offence, most is from “{most_severe['place']}”: {_short(most_severe)}."
    return f"{text}{most} is from “{adds_most['place']}”: {_shares(adds_most)}. {other}"


def _parts(found: Harm) -> pd.DataFrame:
    """Return the groups, or of one group the offences, with something weighed.

    Returns place, recorded, value (offences weighed) and the three shares, what adds most to
    severity first; no row where there would be one, since it has all of everything, nor where all
    offences weigh the same, since the shares then do too.
    """
    groups = len(found.groups) > 1
    frame = found.groups if groups else found.mapped.assign(recorded=found.mapped["value"])
    names = frame["offence_group"].str.lower() if groups else frame["name"]
    place = names.map(wording.sentence_start)
    parts = frame.assign(place=place)[["place", "recorded", "value", *SHARES]]
    parts = parts[parts["value"] > 0].dropna(subset=list(SHARES))
    return parts if len(parts) > 1 and not _weigh_alike(found) else parts[0:0]


def _weigh_alike(found: Harm) -> bool:
    """Tell whether all offences that were recorded and can be weighed have the same weights."""
    recorded = found.mapped[found.mapped["value"] > 0]
    return bool(recorded[list(INDICES.values())].nunique().le(1).all())


def _shares(row: pd.Series) -> str:
    return wording.listed(f"{wording.share(row[n])} of {what}" for n, (what, _) in SHARES.items())


def _short(row: pd.Series) -> str:
    return wording.listed(wording.share(row[name]) for name in SHARES)


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
    """Give the findings: both indices, without what adds most, bounds, coverage and shares."""
    yield from _index_values("severity", "severity weight", found, indices.severity, period)
    yield from _index_values("harm_days", "days", found, indices.days, period)
    yield finding("harm_covered", period, found.covered, "share of offences")
    yield finding("harm_weighed", period, found.weighed_count, "offences")
    for _, part in parts.iterrows():
        for column, (name, unit) in PUBLISHED_SHARES.items():
            yield finding(name, period, part[column], unit, subject=slug(part["place"]))


def _index_values(
    name: str, weight: str, found: Harm, index: Index, period: str
) -> Iterator[Finding]:
    of = weight if found.is_whole else f"{weight} of the offences that can be weighed"
    unit = f"{of} per 1,000 residents"
    yield finding(name, period, index.known, unit)
    yield finding(f"{name}_without_heaviest", period, index.without, unit)
    if not found.is_whole:
        for end, bound in zip(("least", "greatest"), index.bounds, strict=True):
            yield finding(f"{name}_{end}", period, bound, f"{weight} per 1,000 residents")
    if index.adds_most:
        yield finding(f"{name}_heaviest", period, index.adds_most, "text")


def _ranks(full_year: WeighedYear, indices: Indices) -> Iterator[Finding]:
    """Give an area's ranks by both indices per head, from the lowest and from the highest."""
    by_area = full_year.by_area
    row = by_area[by_area["area"] == full_year.area].iloc[0]
    few = None if enough_to_rank(len(by_area), full_year.boroughs) else TOO_FEW_AREAS
    ends = {"rank": "rank from the lowest", "rank_top": "rank from the highest"}
    named = zip(("severity", "harm_days"), _named(indices).items(), strict=True)
    for name, (column, index) in named:
        for end, unit in ends.items():
            rank = row[f"{column}_{end}"]
            unknown = index.gap or few or (NO_RANK if pd.isna(rank) else None)
            yield finding(f"{name}_{end}", full_year.year, unknown or rank, unit)
