"""The funnel chart: areas' rates by their residents, with the limits in which areas differ."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import altair as alt
import numpy as np
import pandas as pd

from kingston_analysis.measures.comparison.funnel import LIMITS, Funnel
from kingston_analysis.results import tidy
from kingston_analysis.show.theme import BLUE, GREY, NARROW, TEAL, WIDE, themed

HEIGHT = 320
# Shares of the axes left free: above for the highest name, beside for the outermost marks.
ABOVE, BESIDE = 1.1, 0.05
SOLID, DASHED = [1, 0], [5, 4]
# More names than these hide the marks on a phone.
NAMES = 5
# What a vertical axis, a letter, half a line of text and the radius of a dot take, in pixels.
AXIS, LETTER, HALF_LINE, DOT = 38, 7.3, 7, 3.5
LIMIT_OF = {"low998": "99.8%", "low95": "95%", "high95": "95%", "high998": "99.8%"}
# How far above or below its mark a name still stands beside it, in pixels.
BESIDE_MARK = 16
# Where a name can stand beside its mark, best first: alignment, and pixels right and down.
SPOTS = [
    ("left", 11, 0),
    ("right", -11, 0),
    ("left", 4, -15),
    ("left", 4, 15),
    ("right", -4, -15),
    ("right", -4, 15),
    ("center", 0, -16),
    ("center", 0, 16),
    *itertools.product(("left", "right", "center"), (0,), (-28, 28, -43, 43)),
]


def funnel_chart(found: Funnel, own: str, axis: str) -> alt.LayerChart:
    """Draw the areas of a funnel and its limits; the own area and those outside bear names.

    The own area is a dark diamond, the others are dots. The outer limits are solid lines, the
    inner ones dashed, and the rate of all areas together is a thick line.
    """
    room = Room(found)
    points = found.frame[["area", "population", "rate"]]
    is_own = points["area"] == own
    layers = _lines(found, room)
    layers += [_marks(points[~is_own], room, color=TEAL, size=45)]
    layers += [_marks(points[is_own], room, color=BLUE, size=170, shape="diamond")]
    for row, spot in placed_names(found, own, room):
        look = {"fontWeight": "bold", "color": BLUE} if row["area"] == own else {}
        layers.append(_name(row, room, spot, **look))
    heading = alt.Title(axis, anchor="start", frame="bounds", fontWeight="normal", offset=8)
    return themed(alt.layer(*layers).properties(height=HEIGHT, title=heading))


@dataclass(frozen=True)
class Room:
    """The two axes of a funnel, with room for marks and names, and their places in pixels."""

    found: Funnel

    @cached_property
    def top(self) -> float:
        """Return the end of the vertical axis, in the unit of the rate."""
        frame, curve = self.found.frame, self.found.curve
        return tidy(max(float(frame["rate"].max()), float(curve["high998"].max())) * ABOVE)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Return the ends of the horizontal axis, in residents."""
        people = self.found.frame["population"]
        low, high = float(people.min()), float(people.max())
        beside = BESIDE * (high - low) or 1.0
        return tidy(low - beside), tidy(high + beside)

    @cached_property
    def across(self) -> alt.X:
        """Return the encoding of residents."""
        thousands = alt.Axis(
            tickCount=5, labelExpr="format(datum.value / 1000, ',.0f')", grid=False
        )
        scale = alt.Scale(domain=list(self.ends), nice=False, zero=False)
        return alt.X("population:Q", title="Residents, in thousands", scale=scale, axis=thousands)

    @cached_property
    def height(self) -> alt.Y:
        """Return the encoding of rates."""
        scale = alt.Scale(domain=[0, self.top], nice=False)
        # The limits are the lines of this chart; a grid would be taken for more of them.
        return alt.Y("rate:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5, grid=False))

    def right(self, people: float | np.ndarray, width: int) -> float | np.ndarray:
        """Return how many pixels right a mark stands in a chart of this whole width."""
        low, high = self.ends
        return (people - low) / (high - low) * (width - AXIS)

    def down(self, rate: float | np.ndarray) -> float | np.ndarray:
        """Return how many pixels below the chart's upper end a rate stands."""
        return HEIGHT * (1 - rate / self.top)

    @cached_property
    def marks(self) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """Return how far right and down all marks stand, by the chart's whole width."""
        people, rates = (self.found.frame[name].to_numpy() for name in ("population", "rate"))
        return {width: (self.right(people, width), self.down(rates)) for width in (WIDE, NARROW)}

    @cached_property
    def lines(self) -> np.ndarray:
        """Return how far down the five lines run, at their middle."""
        middle = self.found.curve[list(LIMITS)].median().to_numpy()
        return self.down(np.append(middle, self.found.rate))


def _lines(found: Funnel, room: Room) -> list[alt.Chart]:
    drawn = found.curve.melt("population", list(LIMITS), "side", "rate")
    drawn["limit"] = drawn["side"].map(LIMIT_OF)
    dashes = alt.Scale(domain=["99.8%", "95%"], range=[SOLID, DASHED])
    dash = alt.StrokeDash("limit:N", scale=dashes, legend=None)
    limits = _plotted(drawn).mark_line(color=GREY, strokeWidth=1.2)
    ends = drawn[drawn["side"].isin(["high998", "high95"])].groupby("side", sort=False).tail(1)
    names = _plotted(ends[["population", "rate", "limit"]]).mark_text(align="right", dy=-8)
    centre = _plotted(found.curve[["population"]].assign(rate=found.rate).iloc[[0, -1]])
    return [
        limits.encode(room.across, room.height, detail="side:N", strokeDash=dash),
        names.encode(room.across, room.height, text="limit:N"),
        centre.mark_line(color=GREY, strokeWidth=2.5).encode(room.across, room.height),
    ]


def _plotted(frame: pd.DataFrame) -> alt.Chart:
    numbers = frame[["population", "rate"]].map(tidy)
    return alt.Chart(numbers.join(frame.drop(columns=["population", "rate"])))


def _marks(points: pd.DataFrame, room: Room, **look) -> alt.Chart:
    marks = _plotted(points[["population", "rate"]]).mark_point(filled=True, opacity=1, **look)
    return marks.encode(room.across, room.height)


def _name(row: pd.Series, room: Room, spot: tuple, **look) -> alt.Chart:
    align, dx, dy = spot
    at = pd.DataFrame({name: [row[name]] for name in ("population", "rate")})
    text = _plotted(at).mark_text(text=row["area"], align=align, dx=dx, dy=dy, **look)
    return text.encode(room.across, room.height)


def placed_names(found: Funnel, own: str, room: Room) -> list[tuple[pd.Series, tuple]]:
    """Choose the areas that are named, the own and the farthest outside, each with its spot.

    Each name takes the spot that hides fewest marks, lines and earlier names, counted in the wide
    and in the narrow chart.
    """
    frame = found.frame
    is_own = frame["area"] == own
    outside = frame[(frame["status"] != "within") & ~is_own]
    farthest = outside.loc[outside["score"].abs().sort_values(ascending=False).index]
    named = pd.concat([frame[is_own], farthest.head(NAMES - int(is_own.any()))])
    placed: list[tuple[pd.Series, tuple]] = []
    for _, row in named.iterrows():
        costs = [_hidden(row, spot, placed, room) for spot in SPOTS]
        placed.append((row, SPOTS[int(np.argmin(costs))]))
    return placed


def box(row: pd.Series, spot: tuple, room: Room, width: int) -> tuple[float, float, float, float]:
    """Return left, right, upper and lower end of a name in pixels."""
    align, dx, dy = spot
    length = LETTER * len(row["area"])
    left = room.right(row["population"], width) + dx
    left -= {"left": 0, "center": length / 2, "right": length}[align]
    middle = room.down(row["rate"]) + dy
    return left, left + length, middle - HALF_LINE, middle + HALF_LINE


def _hidden(row: pd.Series, spot: tuple, placed: list, room: Room) -> int:
    """Count what a name would hide: a name or the chart's edge 100, a mark 10, a line 4.

    A name farther off than beside its mark is taken for another's: that counts too.
    """
    cost = max(0, abs(spot[2]) - BESIDE_MARK) * 2
    for width, (across, down) in room.marks.items():
        left, right, upper, lower = box(row, spot, room, width)
        beside = (across > left - DOT) & (across < right + DOT)
        cost += 10 * int((beside & (down > upper - DOT) & (down < lower + DOT)).sum())
        cost += 4 * int(((room.lines > upper) & (room.lines < lower)).sum())
        cost += 100 * (left < 0 or right > width - AXIS or upper < 0 or lower > HEIGHT)
        for earlier in placed:
            a, b, c, d = box(*earlier, room, width)
            cost += 100 * (a <= right and left <= b and c <= lower and upper <= d)
    return cost
