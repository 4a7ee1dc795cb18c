"""The funnel: the boroughs' rates by their residents, with the limits in which boroughs differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from kingston_analysis.measures.comparison.funnel import ENOUGH_AREAS, OUTER, OUTER_COLUMNS, Funnel
from kingston_analysis.measures.comparison.ranks import NO_RATE
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, Gap, finding, tidy
from kingston_analysis.show.charts import title_above
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.theme import BLUE, GREY, NARROW, TEAL, WIDE, themed

NO_FUNNEL = Gap(f"Fewer than {ENOUGH_AREAS} boroughs have a count and a population.")
RATE = "Rate per 1,000 residents"

HEIGHT = 320
# Shares of the axes left free: above for the highest name, beside for the outermost marks.
ABOVE, BESIDE = 1.1, 0.05
SOLID, DASHED = [1, 0], [5, 4]
# More names than these hide the marks on a phone.
NAMES = 5
# What a vertical axis, a letter, half a line of text and the radius of a dot take, in pixels.
AXIS, LETTER, HALF_LINE, DOT = 38, 7.3, 7, 3.5
# How far above or below its mark a name still stands beside it, in pixels.
BESIDE_MARK = 16
# Where a name can stand beside its mark: alignment, and pixels right and down.
Align = Literal["left", "right", "center"]
Spot = tuple[Align, int, int]
ALIGNS: tuple[Align, ...] = ("left", "right", "center")
# Best first.
SPOTS: list[Spot] = [
    ("left", 11, 0),
    ("right", -11, 0),
    ("left", 4, -15),
    ("left", 4, 15),
    ("right", -4, -15),
    ("right", -4, 15),
    ("center", 0, -16),
    ("center", 0, 16),
    *((align, 0, down) for align in ALIGNS for down in (-28, 28, -43, 43)),
]
# Left, right, upper and lower end, in pixels.
Box = tuple[float, float, float, float]


def funnel_sentence(series: Series, found: Funnel) -> str:
    """Say in what range boroughs of the area's size usually lie, and where the area lies."""
    row = _own(series, found)
    if row is None:
        return f"{series.area} has no rate in {series.latest}, so it has no place in the funnel."
    low, high = found.inner
    return (
        f"All boroughs together had {found.rate:.1f} {series.indicator.counted} for every 1,000 "
        f"residents in {series.latest}. Boroughs truly differ, and counts vary by chance: about "
        f"{found.level * 100:g} of 100 boroughs the size of {series.area} would lie between "
        f"{row[low]:.1f} and {row[high]:.1f}. {series.area} had {row['rate']:.1f}, "
        f"{_where(row, found)}{_how_rare(row, found)}."
    )


def _own(series: Series, found: Funnel) -> pd.Series | None:
    rows = found.frame[found.frame["area"] == series.area]
    return None if rows.empty else rows.iloc[0]


def _where(row: pd.Series, found: Funnel) -> str:
    """Say on which side of which limits a rate lies: of the outer ones, if it is outside them."""
    side, level = _side(row, found)
    return f"{side} the {_name(level)} limits"


def _side(row: pd.Series, found: Funnel) -> tuple[str, float]:
    low, high = found.inner
    if row["status"] != "within":
        return row["status"], OUTER
    if row[low] <= row["rate"] <= row[high]:
        return "within", found.level
    return "above" if row["rate"] > row[high] else "below", found.level


def _how_rare(row: pd.Series, found: Funnel) -> str:
    """Say how few boroughs of an area's size would have a rate so far out, if it is outside."""
    side, level = _side(row, found)
    if side == "within":
        return ""
    few, extreme = _name((1 - level) / 2), "high" if side == "above" else "low"
    return f": fewer than {few} of boroughs of its size would have so {extreme} a rate"


def funnel_finding(series: Series, found: Funnel | None) -> Finding:
    """Give the finding on where the area lies in the funnel."""
    if found is None:
        return finding("funnel_status", series.latest, NO_FUNNEL, "text")
    row = _own(series, found)
    where = NO_RATE if row is None else _where(row, found)
    return finding("funnel_status", series.latest, where, "text")


def funnel_figure(series: Series, found: Funnel) -> Figure:
    """Show the boroughs' rates by their residents, with limits for boroughs that truly differ."""
    row, year, title = _own(series, found), series.latest, series.indicator.title
    low, high = found.inner
    if row is None:
        heading, own = f"{title}: no rate for {series.area} in {year}", "no rate"
    else:
        heading = f"{title}: the rate of {series.area} in {year} was {_where(row, found)}"
        own = f"{row['rate']:.1f}, {_name(found.level)} limits {row[low]:.1f} to {row[high]:.1f}"
    outside = int((found.frame["status"] != "within").sum())
    return Figure(
        id=f"{series.indicator.id}-funnel",
        heading=heading,
        chart=_chart(found, series.area),
        alternative=f"Funnel chart of rates per 1,000 residents by number of residents, {year}. "
        f"{series.area}: {own}. All boroughs: {found.rate:.1f}. Outside the {_name(OUTER)} limits: "
        f"{outside} of {len(found.frame)}.",
        table=_table(found, f"{title} in {year}: rates and funnel limits"),
        tables=(series.table.name, "population"),
        period=year,
        note=f"The diamond is {series.area}, each dot another borough, the thick line all boroughs "
        "together. If only chance and the usual differences between boroughs were at work, about "
        f"{found.level * 100:g} of 100 would lie between the dashed lines and nearly all between "
        "the solid ones.",
    )


def _name(level: float) -> str:
    """Write a level, by which a pair of limits is named: 99.8%."""
    return f"{level * 100:g}%"


def _table(found: Funnel, caption: str) -> DisplayTable:
    names = [_name(each) for each in (OUTER, found.level, found.level, OUTER)]
    limits = zip(found.limits, ("Lower", "Lower", "Upper", "Upper"), names, strict=True)
    return table(
        caption,
        found.frame.sort_values(["rate", "area"], ascending=[False, True]),
        Column("Borough", "area"),
        Column("Residents", "population", "count"),
        Column(RATE, "rate", "rate"),
        *(Column(f"{end} {name} limit", limit, "rate") for limit, end, name in limits),
        Column(f"Beside the {_name(OUTER)} limits", "status"),
    )


# Chart


def _chart(found: Funnel, own: str) -> alt.Chart | alt.LayerChart:
    """Draw the areas of a funnel and its limits; the own area and those outside bear names.

    The own area is a dark diamond, the others are dots. The outer limits are solid lines, the
    inner ones dashed, and the rate of all areas together is a thick line.
    """
    axes = _axes(found)
    is_own = found.frame["area"] == own
    dots, diamond = (_plotted(found.frame[each], axes) for each in (~is_own, is_own))
    marks: dict[str, Any] = {"filled": True, "opacity": 1}
    layers: list[alt.Chart] = [
        *_lines(found, axes),
        dots.mark_point(**marks, color=TEAL, size=45),
        diamond.mark_point(**marks, color=BLUE, size=170, shape="diamond"),
    ]
    for row, (align, dx, dy) in _named(found, own, axes):
        name = _plotted(row.to_frame().T, axes)
        look: dict[str, Any] = {"text": row["area"], "align": align, "dx": dx, "dy": dy}
        if row["area"] == own:
            look |= {"fontWeight": "bold", "color": BLUE}
        layers.append(name.mark_text(**look))
    return themed(alt.LayerChart(layer=layers).properties(height=HEIGHT, title=title_above(RATE)))


@dataclass(frozen=True)
class _Axes:
    """From how many to how many residents a funnel reaches, up to which rate, and what is in it.

    `people` and `rates` are the areas'; `lines` the rates of the five lines at their middle.
    """

    low: float
    high: float
    top: float
    people: np.ndarray
    rates: np.ndarray
    lines: np.ndarray

    @property
    def encodings(self) -> tuple[alt.X, alt.Y]:
        # The limits are the lines of this chart; a grid would be taken for more of them.
        thousands = "format(datum.value / 1000, ',.0f')"
        across = alt.Axis(tickCount=5, labelExpr=thousands, grid=False)
        width = alt.Scale(domain=[self.low, self.high], nice=False, zero=False)
        height = alt.Scale(domain=[0, self.top], nice=False)
        return (
            alt.X("population:Q", title="Residents, in thousands", scale=width, axis=across),
            alt.Y("rate:Q", title=None, scale=height, axis=alt.Axis(tickCount=5, grid=False)),
        )

    def right(self, people: Any, width: int) -> Any:
        """Return how many pixels right a number of residents is in a chart of a whole width."""
        return (people - self.low) / (self.high - self.low) * (width - AXIS)

    def down(self, rate: Any) -> Any:
        """Return how many pixels below the chart's upper end a rate is."""
        return HEIGHT * (1 - rate / self.top)

    def box(self, row: pd.Series, spot: Spot, width: int) -> Box:
        """Return the place of an area's name."""
        align, dx, dy = spot
        length = LETTER * len(row["area"])
        shift = {"left": 0, "center": length / 2, "right": length}[align]
        left = self.right(row["population"], width) + dx - shift
        middle = self.down(row["rate"]) + dy
        return left, left + length, middle - HALF_LINE, middle + HALF_LINE


def _axes(found: Funnel) -> _Axes:
    """Leave room for marks and names."""
    people, rates = found.frame[["population", "rate"]].to_numpy(dtype=float).T
    low, high = float(people.min()), float(people.max())
    beside = BESIDE * (high - low) or 1.0
    top = tidy(max(float(rates.max()), float(found.curve[found.limits].to_numpy().max())) * ABOVE)
    lines = np.append(found.curve[found.limits].median().to_numpy(), found.rate)
    return _Axes(tidy(low - beside), tidy(high + beside), top, people, rates, lines)


def _plotted(frame: pd.DataFrame, axes: _Axes, *more: str) -> alt.Chart:
    """Put the numbers of a frame, and the columns that are named, on the axes."""
    numbers = frame[["population", "rate"]].map(tidy)
    return alt.Chart(numbers.join(frame[[*more]])).encode(*axes.encodings)


def _lines(found: Funnel, axes: _Axes) -> Iterator[alt.Chart]:
    outer, inner = _name(OUTER), _name(found.level)
    drawn = found.curve.melt("population", found.limits, "side", "rate")
    drawn["limit"] = drawn["side"].isin(OUTER_COLUMNS).map({True: outer, False: inner})
    dashes = alt.Scale(domain=[outer, inner], range=[SOLID, DASHED])
    limits = _plotted(drawn, axes, "side", "limit").mark_line(color=GREY, strokeWidth=1.2)
    dash = alt.StrokeDash("limit:N", scale=dashes, legend=None)
    yield limits.encode(detail="side:N", strokeDash=dash)
    ends = drawn[drawn["side"].isin(found.limits[2:])].groupby("side", sort=False).tail(1)
    names = _plotted(ends, axes, "limit").mark_text(align="right", dy=-8)
    yield names.encode(text="limit:N")
    together = found.curve[["population"]].assign(rate=found.rate).iloc[[0, -1]]
    yield _plotted(together, axes).mark_line(color=GREY, strokeWidth=2.5)


def _named(found: Funnel, own: str, axes: _Axes) -> list[tuple[pd.Series, Spot]]:
    """Choose the areas that are named, the own and the farthest outside, each with its spot.

    Each name takes the spot that hides fewest marks, lines and earlier names, counted in the wide
    and in the narrow chart.
    """
    frame = found.frame
    is_own = frame["area"] == own
    outside = frame[(frame["status"] != "within") & ~is_own]
    farthest = outside.loc[outside["score"].abs().sort_values(ascending=False).index]
    named = pd.concat([frame[is_own], farthest.head(NAMES - int(is_own.any()))])
    placed: list[tuple[pd.Series, Spot]] = []
    for _, row in named.iterrows():
        costs = [_hidden(row, spot, placed, axes) for spot in SPOTS]
        placed.append((row, SPOTS[int(np.argmin(costs))]))
    return placed


def _hidden(row: pd.Series, spot: Spot, placed: list[tuple[pd.Series, Spot]], axes: _Axes) -> int:
    """Count what a name would hide: a name or the chart's edge 100, a mark 10, a line 4.

    A name farther off than beside its mark is taken for another's: that counts too.
    """
    cost = max(0, abs(spot[2]) - BESIDE_MARK) * 2
    down, lines = axes.down(axes.rates), axes.down(axes.lines)
    for width in (WIDE, NARROW):
        across = axes.right(axes.people, width)
        left, right, upper, lower = axes.box(row, spot, width)
        beside = (across > left - DOT) & (across < right + DOT)
        cost += 10 * int((beside & (down > upper - DOT) & (down < lower + DOT)).sum())
        cost += 4 * int(((lines > upper) & (lines < lower)).sum())
        cost += 100 * (left < 0 or right > width - AXIS or upper < 0 or lower > HEIGHT)
        for earlier in placed:
            a, b, c, d = axes.box(*earlier, width)
            cost += 100 * (a <= right and left <= b and c <= lower and upper <= d)
    return cost
