"""An analyst's own chart and number, made into a figure and a finding like any other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from numbers import Real
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.names import slug
from kingston_analysis.data.tables.breaks import breaks_between
from kingston_analysis.data.tables.load import Table
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.results import Estimate, Finding, Gap, finding
from kingston_analysis.show.alternative import alternative_of
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.own_rows import (
    WRITTEN,
    check_area,
    kinds_of_all,
    known_span,
    periods_of,
    periods_of_tables,
    span_of,
    with_index,
)
from kingston_analysis.show.table import DisplayTable, Format, Heading, plain_value
from kingston_analysis.show.theme import BLUE, ORANGE, PURPLE, TEAL, themed

# A reader gets every row as a table.
MOST_ROWS = 500
NAME = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*\.)*[a-z][a-z0-9]*(_[a-z0-9]+)*")


def own_figure(
    chart: Any,
    heading: str,
    alternative: str,
    tables: list[Table],
    note: str,
    name: str,
    edition: Edition,
) -> Figure:
    """Make a figure of an Altair chart: its frame becomes the table, in the house's look.

    Raises KingstonError for what is no chart that fits every screen, has no heading, no frame or
    no known column, and where an alternative is missing that cannot be made.
    """
    if not heading.strip():
        remedy = 'Give what the chart shows as `heading="…"`.'
        raise KingstonError("page.figure: the figure has no heading.", remedy)
    _check_tables("page.figure", tables)
    frame = _frame_of(chart)
    specification = chart.to_dict()
    _check_fields(specification, frame)
    identifier = name or slug(heading)
    if slug(identifier) != identifier:
        what = f"page.figure: '{identifier}' cannot be a figure's name."
        raise KingstonError(what, f"Write it as '{slug(identifier)}'.")
    shown = _table(heading, frame, specification)
    span = known_span("page.figure", frame, tables, edition)
    return Figure(
        id=identifier,
        heading=heading,
        chart=_in_our_look(chart),
        alternative=alternative.strip() or alternative_of(specification, frame, shown),
        table=shown,
        tables=tuple(table.name for table in tables),
        period=span or span_of(periods_of_tables(tables), edition) or "[z]",
        note=" ".join(filter(None, [note, own_caveats(frame, tables)])),
    )


def own_table(
    frame: pd.DataFrame, caption: str, tables: list[Table], edition: Edition
) -> DisplayTable:
    """Make a table for readers of a frame.

    Raises KingstonError where it has no caption or too many rows, for a period that the edition may
    not see, and where no table is named.
    """
    _check_tables("page.table", tables)
    if not caption.strip():
        remedy = 'Give what the table shows as `caption="…"`.'
        raise KingstonError("page.table: the table has no caption.", remedy)
    if not 1 <= len(frame) <= MOST_ROWS:
        what = f"page.table: the frame has {len(frame):,} rows."
        raise KingstonError(what, f"Give it 1 to {MOST_ROWS}.")
    known_span("page.table", frame, tables, edition)
    return _table(caption, with_index(frame), {})


def own_caveats(rows: pd.DataFrame, tables: list[Table]) -> str:
    """Say of each registered break between the first and last period of some rows what happened."""
    return " ".join(f"Note a break in the series: {what}" for what in _crossed(rows, tables))


def _crossed(rows: pd.DataFrame, tables: list[Table]) -> dict[str, bool]:
    """Return what happened at the breaks that rows cross, and whether each is known to refuse.

    Rows that do not say which of a table's rows they come from may come from any.
    """
    found: dict[str, bool] = {}
    rows, named = with_index(rows), periods_of(rows, tables)
    kinds = kinds_of_all(named)
    for table in tables:
        if not named or table.meta.period is None:
            continue
        kind = table.meta.period.kind if table.meta.period.kind in kinds else kinds[0]
        for each in table.meta.breaks:
            touches = {} if each.touches == "all" else each.touches
            select = {
                name: [str(row) for row in rows[name].unique()] if name in rows else touched[:1]
                for name, touched in touches.items()
            }
            alone = table.meta.model_copy(update={"breaks": [each]})
            for effect, what in breaks_between(alone, select, named[0], named[-1], kind):
                sure = effect == "refuse" and all(column in rows for column in touches)
                found[what] = found.get(what, False) or sure
    return found


def own_finding(
    name: str,
    value: Estimate | Gap | float | str,
    unit: str,
    rows: pd.DataFrame,
    tables: list[Table],
    period: str | None,
    area: str,
    edition: Edition,
) -> Finding:
    """Make a finding of a value and the rows that it comes from, which tell its period.

    Raises KingstonError for a name that cannot be one, a value that is no number, rows that are
    empty, of another area, of no or other periods, or on both sides of a break that refuses, and
    where no table is named.
    """
    where = f"page.finding('{name}')"
    if not NAME.fullmatch(name):
        remedy = "Use small letters, digits and _, as in `share_of_all`; a subject before a dot."
        raise KingstonError(f"{where}: this cannot be a finding's name.", remedy)
    _check_value(where, value)
    _check_tables(where, tables)
    if not isinstance(rows, pd.DataFrame) or rows.empty:
        what = "there are no rows" if isinstance(rows, pd.DataFrame) else "the rows are no frame"
        remedy = "Give the rows that the value comes from, as in `rows=frame.tail(1)`."
        raise KingstonError(f"{where}: {what}.", remedy)
    check_area(where, rows, tables, area)
    read = span_of(periods_of(rows, tables), edition)
    if read is None:
        what = f"{where}: the rows do not say of which period they are."
        raise KingstonError(what, f"Keep their column of periods in them. {WRITTEN}")
    if period not in (None, read):
        remedy = "Leave `period` out, or give the rows of that period alone."
        raise KingstonError(f"{where}: the rows are of {read}, not of {period}.", remedy)
    refusing = [what for what, refuses in _crossed(rows, tables).items() if refuses]
    if refusing and not isinstance(value, Gap):
        what = f"{where}: the rows of {read} cannot be compared across a break: {refusing[0]}"
        remedy = "Take the rows of one side of it, or publish `Gap(why)`."
        raise KingstonError(what, remedy)
    subject, _, measure = name.rpartition(".")
    unit = unit or (value.unit if isinstance(value, Estimate) else "")
    return finding(measure, read, value, unit, subject=subject)


# What both must have


def _check_tables(where: str, tables: list[Table]) -> None:
    if not tables:
        remedy = 'Name those that the figures come from: `tables=["…"]`.'
        raise KingstonError(f"{where}: no table is named.", remedy)


def _check_value(where: str, value: Any) -> None:
    number = value.value if isinstance(value, Estimate) else value
    if isinstance(number, Gap) or (isinstance(number, str) and number.strip()):
        return
    if isinstance(number, bool) or not isinstance(number, Real) or not math.isfinite(number):
        what = f"{where}: its value is {number!r}, which is no number."
        raise KingstonError(what, "What is not known is `Gap(why)`: say why there is none.")


# The chart


def _frame_of(chart: Any) -> pd.DataFrame:
    """Return the one frame that a chart is drawn on."""
    if not isinstance(chart, alt.Chart | alt.LayerChart):
        what = f"page.figure: `{type(chart).__name__}` is no single Altair chart."
        raise KingstonError(what, "Draw one `alt.Chart`, or layers of them, for each figure.")
    frames = {id(each): each for each in _data_of(chart)}
    frame = next(iter(frames.values()), None)
    if len(frames) != 1 or not isinstance(frame, pd.DataFrame):
        what = "page.figure: the chart is not drawn on one frame."
        remedy = (
            "Make it as `alt.Chart(frame)`, all layers on the same; a fixed line takes "
            "`alt.datum(5)`."
        )
        raise KingstonError(what, remedy)
    if not 1 <= len(frame) <= MOST_ROWS:
        what = f"page.figure: the chart's frame has {len(frame):,} rows."
        raise KingstonError(what, f"Give it those that are drawn, 1 to {MOST_ROWS}.")
    return frame


def _data_of(chart: Any) -> Iterator[Any]:
    if chart.data is not alt.Undefined:
        yield chart.data
    for layer in getattr(chart, "layer", ()):
        yield from _data_of(layer)


def _check_fields(specification: dict[str, Any], frame: pd.DataFrame) -> None:
    """Refuse what draws nothing, without a word, and what does not fit a narrow screen."""
    channels = specification.get("encoding", {})
    if facets := channels.keys() & {"row", "column", "facet"}:
        what = f"page.figure: the channel '{min(facets)}' makes several charts of one."
        raise KingstonError(what, "Draw one chart for each figure.")
    # A transform makes columns of its own.
    if "transform" in specification:
        return
    for layer in specification.get("layer", ()):
        _check_fields(layer, frame)
    for name, channel in channels.items():
        field = str(channel.get("field", "")).replace("\\", "") if isinstance(channel, dict) else ""
        if field and field not in frame:
            what = f"page.figure: '{name}' asks for the column '{field}', which is not there."
            raise KingstonError(what, nearest(field, map(str, frame.columns)))


def _in_our_look(chart: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    made = themed(chart)
    made.config.mark = alt.MarkConfig(color=BLUE)
    made.config.range = alt.RangeConfig(category=[BLUE, TEAL, ORANGE, PURPLE])
    return made


# Its table


def _table(heading: str, frame: pd.DataFrame, specification: dict[str, Any]) -> DisplayTable:
    shares = _drawn_as_shares(specification)
    headings = [
        Heading(str(name), "percent" if name in shares else _format(frame[name]))
        for name in frame.columns
    ]
    rows = [[plain_value(each) for each in row] for row in frame.itertuples(index=False)]
    return DisplayTable(heading, headings, rows)


def _drawn_as_shares(specification: dict[str, Any]) -> set[str]:
    """Return the columns whose axis is written in per cent."""
    channels = specification.get("encoding", {}).values()
    found = {
        str(each.get("field"))
        for each in channels
        if isinstance(each, dict) and str((each.get("axis") or {}).get("format", "")).endswith("%")
    }
    layers = (_drawn_as_shares(layer) for layer in specification.get("layer", ()))
    return found.union(*layers)


def _format(column: pd.Series) -> Format:
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return "text"
    # A year is a number without separators.
    if str(column.name).endswith("year"):
        return "text"
    known = column.dropna()
    if (known % 1 == 0).all():
        return "count"
    return "rate" if known.abs().max() >= 1 else "small"
