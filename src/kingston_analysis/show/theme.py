"""One look for every chart: the Government Analysis Function palette, large horizontal text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import altair as alt

AnyChart = TypeVar("AnyChart", bound="alt.TopLevelMixin")

# Categorical palette of the Government Analysis Function, in its order.
BLUE, TEAL, PURPLE, ORANGE, GREY, LIGHT_PURPLE = (
    "#12436D",
    "#28A197",
    "#801650",
    "#F46A25",
    "#3D3D3D",
    "#A285D1",
)
GRID = "#D0D0D0"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
FONT_SIZE = 13
# Whole widths, axes included: a narrow chart fits a page 320 pixels wide without being scaled.
WIDE, NARROW = 640, 288


def themed(chart: AnyChart) -> AnyChart:
    """Give a chart the house's look; the build draws it wide and, for a phone, narrow."""
    # What draws reads the widths here, and makes no chart.
    import altair as alt

    axis = alt.AxisConfig(
        labelFontSize=FONT_SIZE,
        titleFontSize=FONT_SIZE,
        labelColor=GREY,
        titleColor=GREY,
        titleFontWeight="normal",
        gridColor=GRID,
        domainColor=GREY,
        tickColor=GREY,
        labelAngle=0,
    )
    return chart.properties(
        width=WIDE,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        # All at once: each of Altair's `configure_…` methods copies the whole chart.
        config=alt.Config(
            font=FONT,
            background="transparent",
            padding=4,
            axis=axis,
            title=alt.TitleConfig(font=FONT, fontSize=FONT_SIZE, color=GREY),
            view=alt.ViewConfig(stroke=None),
            text=alt.MarkConfig(font=FONT, fontSize=FONT_SIZE, color=GREY),
        ),
    )
