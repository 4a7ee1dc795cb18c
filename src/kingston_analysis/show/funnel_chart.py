"""The funnel chart: areas' rates by their residents, with the limits in which areas differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import altair as alt
import numpy as np
import pandas as pd

from kingston_analysis.measures.funnel import LIMITS, Funnel
from kingston_analysis.show.display import tidy
from kingston_analysis.show.theme import BLUE, GREY, NARROW, TEAL, WIDE, themed

HEIGHT = 320
# Shares of the axes left free: above for the highest name, beside for the outermost marks.
ABOVE, BESIDE = 1.1, 0.05
SOLID, DASHED = [1, 0], [5, 4]
# More names than these hide the marks on a phone.
NAMES = 5
# What a vertical axis, a letter, half a line of text and the radius of a dot take, in pixels.
AXIS, LETTER, HALF_LINE, DOT = 38, 7.3, 8, 4
# The limits are the lines of this chart; others would be taken for limits.
PLAIN = alt.Axis(tickCount=5, grid=False)
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
    ("left", 0, -28),
    ("left", 0, 28),
    ("right", 0, -28),
    ("right", 0, 28),
]


def funnel_chart(found: Funnel, own: str, axis: str) -> alt.LayerChart:
    """Draw the areas of a funnel and its limits; the own area and those outside bear names.

    The own area is a dark diamond, the others are dots. The outer limits are solid lines, the
    inner ones dashed, and the rate of all areas together is a thick line.
    """
    room = Room(found)
    points = found.frame[["area", "population", "rate"]]
    is_own = points["area"] == own
    layers = list(_lines(found, room))
    layers += [_marks(points[~is_own], room, color=TEAL, size=45)]
    layers += [_marks(points[is_own], room, color=BLUE, size=170, shape="diamond")]
    for row, spot in placed_names(found, own, room):
        look = {"fontWeight": "bold", "color": BLUE} if row["area"] == own else {}
        layers.append(_text(row, room, row["area"], spot, **look))
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

    def height(self, column: str) -> alt.Y:
        """Return the encoding of a column of rates."""
        scale = alt.Scale(domain=[0, self.top], nice=False)
        return alt.Y(f"{column}:Q", title=None, scale=scale, axis=PLAIN)

    def pixels(self, people: pd.Series, rate: pd.Series, width: int) -> tuple:
        """Return how far right and down a mark stands in a chart of this whole width."""
        low, high = self.ends
        return (people - low) / (high - low) * (width - AXIS), HEIGHT * (1 - rate / self.top)


def _lines(found: Funnel, room: Room) -> Iterator[alt.Chart]:
    drawn = found.curve.assign(all=found.rate).map(tidy)
    looks = {name: (1.2, SOLID if "998" in name else DASHED) for name in LIMITS}
    for name, (thick, dash) in {**looks, "all": (2.5, SOLID)}.items():
        line = alt.Chart(drawn).mark_line(color=GREY, strokeWidth=thick, strokeDash=dash)
        yield line.encode(room.across, room.height(name))
    for name, words in {"high998": "99.8%", "high95": "95%"}.items():
        last = drawn[["population", name]].tail(1).rename(columns={name: "rate"})
        yield _text(last.iloc[0], room, words, ("right", 0, -8))


def _marks(points: pd.DataFrame, room: Room, **look) -> alt.Chart:
    drawn = points[["population", "rate"]].map(tidy)
    marks = alt.Chart(drawn).mark_point(filled=True, opacity=1, **look)
    return marks.encode(room.across, room.height("rate"))


def _text(at: pd.Series, room: Room, words: str, spot: tuple, **look) -> alt.Chart:
    align, dx, dy = spot
    drawn = pd.DataFrame({name: [tidy(at[name])] for name in ("population", "rate")})
    text = alt.Chart(drawn).mark_text(text=words, align=align, dx=dx, dy=dy, **look)
    return text.encode(room.across, room.height("rate"))


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
    across, down = room.pixels(row["population"], row["rate"], width)
    length = LETTER * len(row["area"])
    left = across + dx - {"left": 0, "center": length / 2, "right": length}[align]
    return left, left + length, down + dy - HALF_LINE, down + dy + HALF_LINE


def _hidden(row: pd.Series, spot: tuple, placed: list, room: Room) -> float:
    """Count what a name would hide: a name or the chart's edge 100, a mark 10, a line 3."""
    cost = 0.0
    frame, curve = room.found.frame, room.found.curve.assign(all=room.found.rate)
    others = frame[frame["area"] != row["area"]]
    for width in (WIDE, NARROW):
        left, right, upper, lower = box(row, spot, room, width)
        across, down = room.pixels(others["population"], others["rate"], width)
        inside = across.between(left - DOT, right + DOT) & down.between(upper - DOT, lower + DOT)
        cost += 10 * int(inside.sum())
        for name in (*LIMITS, "all"):
            _, line = room.pixels(row["population"], curve[name].median(), width)
            cost += 3 * (upper <= line <= lower)
        cost += 100 * (left < 0 or right > width - AXIS or upper < 0 or lower > HEIGHT)
        for earlier in placed:
            a, b, c, d = box(*earlier, room, width)
            cost += 100 * (a <= right and left <= b and c <= lower and upper <= d)
    return cost
