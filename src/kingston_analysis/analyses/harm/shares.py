"""Shares: each kind of offence as a share of offences, of severity and of harm."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kingston_analysis.analyses.harm.labels import CAMBRIDGE, SEVERITY, weigh_alike
from kingston_analysis.measures.harm import (
    Harm,
)
from kingston_analysis.results import DIGITS, tidy
from kingston_analysis.show import wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, table
from kingston_analysis.show.theme import BLUE, GREY, ORANGE, TEAL, themed

# By column of shares: what it is a share of, and the colour of its bars.
SHARES = {
    "share": ("all offences", BLUE),
    "severity_share": ("severity", ORANGE),
    "harm_share": ("harm", TEAL),
}
BAR_STEP = 17
# The words after the longest bar need over a third of a narrow chart.
ROOM_FOR_LABELS = 1.75


def shares_figure(
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


def shares_by_kind(found: Harm) -> pd.DataFrame:
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
    return parts if len(parts) > 1 and not weigh_alike(found) else parts[0:0]


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
