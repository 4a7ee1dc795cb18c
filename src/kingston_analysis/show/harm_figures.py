"""Harm as a figure: shares of offences, of severity and of harm side by side."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kingston_analysis.measures.harm import Harm
from kingston_analysis.results import DIGITS, tidy
from kingston_analysis.show import wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.harm_views import CAMBRIDGE, SEVERITY
from kingston_analysis.show.table import DisplayTable, Heading
from kingston_analysis.show.theme import BLUE, GREY, ORANGE, TEAL, themed

# By column of shares: what it is a share of, and the colour of its bars.
SHARES = {
    "share": ("offences", BLUE),
    "severity_share": ("severity", ORANGE),
    "harm_share": ("harm", TEAL),
}
BAR_STEP = 17
# The words after the longest bar need over a third of a narrow chart.
ROOM_FOR_LABELS = 1.75


def harm_figure(harm: Harm, area: str, period: str, tables: tuple[str, ...]) -> Figure | None:
    """Set shares of offences, severity and harm side by side, by group or else by offence.

    None where there are not two groups or offences to share anything.
    """
    parts = shared_parts(harm)
    if parts.empty:
        return None
    first, last = parts.iloc[0], parts.iloc[-1]
    # Rounded, since of two parts both differ alike and the last digit would choose.
    telling = parts.loc[(parts["severity_share"] - parts["share"]).abs().round(DIGITS).idxmax()]
    return Figure(
        id="harm",
        heading=f"{telling['place']}: {_shares(telling)} in {period}",
        chart=_shares_chart(parts),
        alternative=f"Bars for {len(parts)} kinds of offence. Most severe, {first['place']}: "
        f"{_shares(first)}. Least severe, {last['place']}: {_shares(last)}.",
        table=_parts_table(parts, area, period),
        tables=tables,
        period=period,
        note=f"Severity is the {SEVERITY}, harm the {CAMBRIDGE}. All shares are of the offences "
        "that can be weighed.",
    )


def shared_parts(harm: Harm) -> pd.DataFrame:
    """Return the groups, or of one group the offences, with something recorded.

    Returns place, recorded, value (offences weighed) and the three shares; no row where there would
    be one, since it has all of everything.
    """
    groups = len(harm.groups) > 1
    frame = harm.groups if groups else harm.mapped.assign(recorded=harm.mapped["value"])
    names = frame["offence_group"].str.lower() if groups else frame["name"]
    place = names.map(wording.sentence_start)
    parts = frame.assign(place=place)[["place", "recorded", "value", *SHARES]]
    parts = parts[parts["value"] > 0]
    return parts if len(parts) > 1 else parts[0:0]


def _shares(row: pd.Series) -> str:
    texts = [f"{wording.share(row[name])} of {what}" for name, (what, _) in SHARES.items()]
    return f"{texts[0]}, {texts[1]} and {texts[2]}"


def _parts_table(parts: pd.DataFrame, area: str, period: str) -> DisplayTable:
    headings = [
        Heading("Kind of offence"),
        Heading("Offences recorded", "count"),
        Heading("Offences weighed", "count"),
        Heading("Share of offences weighed", "percent"),
        Heading("Share of severity", "percent"),
        Heading("Share of Cambridge harm", "percent"),
    ]
    title = f"Shares of offences, severity and harm, {area}, {period}"
    return DisplayTable(title, headings, parts.to_numpy().tolist())


def _shares_chart(parts: pd.DataFrame) -> alt.LayerChart:
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
        alt.layer(
            names.mark_text(align="left", baseline="middle", fontWeight="bold").encode(
                place, text="place:N", x=alt.value(0), yOffset=slots
            ),
            alt.Chart(bars)
            .mark_bar()
            .encode(place, length, slots, color=alt.Color("of:N", scale=colours, legend=None)),
            alt.Chart(bars)
            .mark_text(align="left", baseline="middle", dx=4, color=GREY)
            .encode(place, length, slots, text="label:N"),
        ).properties(height=alt.Step(BAR_STEP, **{"for": "offset"}))
    )
