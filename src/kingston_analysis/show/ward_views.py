"""Wards as a figure, a sentence and findings."""

from __future__ import annotations

from typing import Any

from kingston_analysis.measures.places import Wards
from kingston_analysis.measures.series import Series
from kingston_analysis.show import charts, wording
from kingston_analysis.show.display import DisplayTable, Heading, tidy
from kingston_analysis.show.figures import Figure


def wards_figure(wards: Wards, series: Series, table: str) -> Figure:
    """Show each ward's count and share, and what lies outside all of them as a signed line."""
    frame = wards.frame.rename(columns={"ward": "place"})[["place", "value"]]
    top, bottom = wards.frame.iloc[0], wards.frame.iloc[-1]
    unit = wording.sentence_start(series.indicator.unit)
    rows = [
        [row["ward"], row["value"], row["share"], row["value"] / wards.total]
        for _, row in wards.frame.iterrows()
    ]
    rows.append(
        ["Borough's count less the wards' sum", wards.unplaced, "[z]", wards.unplaced / wards.total]
    )
    rows.append([series.area, wards.total, "[z]", 1.0])
    headings = [
        Heading("Ward"),
        Heading(unit, "count"),
        Heading("Share of those with a ward", "percent"),
        Heading("Share of the borough's count", "percent"),
    ]
    return Figure(
        id="wards",
        heading=f"{top['ward']} ward had {wording.number(top['value'])} of the borough's "
        f"{wording.number(wards.total)} in {wards.period}",
        chart=charts.places_chart(frame, top["ward"], unit, ",.0f"),
        alternative=f"Bar chart of {series.indicator.counted} by ward in {wards.period}. Highest "
        f"{top['ward']}, {wording.number(top['value'])}; lowest {bottom['ward']}, "
        f"{wording.number(bottom['value'])}.",
        table=DisplayTable(f"{series.indicator.title} by ward, {wards.period}", headings, rows),
        tables=(table, series.table.name),
        period=wards.period,
    )


def wards_sentence(wards: Wards) -> str:
    """Say which ward has most, its share, and how far the wards' sum is from the borough's."""
    top = wards.frame.iloc[0]
    more = "more" if wards.unplaced >= 0 else "fewer"
    return (
        f"{top['ward']} ward had {wording.number(top['value'])} of the borough's "
        f"{wording.number(wards.total)}: {wording.share(top['value'] / wards.total)} of all, and "
        f"{wording.share(top['share'])} of those with a ward. The borough's own count is "
        f"{wording.number(abs(wards.unplaced))} {more} than the sum of its wards. No ward "
        "populations are held, so these are counts and shares, not rates."
    )


def ward_values(wards: Wards) -> list[dict[str, Any]]:
    """Give the findings on the ward with most offences."""
    top, period = wards.frame.iloc[0], wards.period
    return [
        {"name": "ward_top_name", "period": period, "value": top["ward"], "unit": "text"},
        {
            "name": "ward_top_count",
            "period": period,
            "value": tidy(top["value"]),
            "unit": "offences",
        },
        {
            "name": "ward_top_share",
            "period": period,
            "value": tidy(top["share"]),
            "unit": "share of offences with a ward",
        },
        {
            "name": "ward_top_share_all",
            "period": period,
            "value": tidy(top["value"] / wards.total),
            "unit": "share of all offences",
        },
        {
            "name": "ward_gap",
            "period": period,
            "value": tidy(wards.unplaced),
            "unit": "offences, borough less sum of wards",
        },
    ]
