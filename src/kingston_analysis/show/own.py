"""An analyst's own chart and number, made into a figure and a finding like any other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from numbers import Real
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from kingston_analysis.data.areas import slug
from kingston_analysis.data.editions import Edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.breaks import breaks_between
from kingston_analysis.data.tables.load import Table
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.results import Estimate, Finding, Gap, finding
from kingston_analysis.show.alternative import alternative_of
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable, Format, Heading, plain_value
from kingston_analysis.show.theme import BLUE, ORANGE, PURPLE, TEAL, themed

# A reader gets every row as a table.
MOST_ROWS = 500
NAME = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*\.)*[a-z][a-z0-9]*(_[a-z0-9]+)*")
LEVEL = 0.95
WRITTEN = "Write a year as 2008/09 or 2008, a month as 2009-01, a year's last day as 2009-12-31."


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
    span = _known_span("page.figure", frame, tables, edition)
    return Figure(
        id=identifier,
        heading=heading,
        chart=_in_our_look(chart),
        alternative=alternative.strip() or alternative_of(specification, frame, shown),
        table=shown,
        tables=tuple(table.name for table in tables),
        period=span or _span(_periods_held(tables), edition) or "[z]",
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
    _known_span("page.table", frame, tables, edition)
    return _table(caption, _with_index(frame), {})


def own_caveats(rows: pd.DataFrame, tables: list[Table]) -> str:
    """Say of each registered break between the first and last period of some rows what happened."""
    return " ".join(f"Note a break in the series: {what}" for what in _crossed(rows, tables))


def _crossed(rows: pd.DataFrame, tables: list[Table]) -> dict[str, bool]:
    """Return what happened at the breaks that rows cross, and whether each is known to refuse.

    Rows that do not say which of a table's rows they come from may come from any.
    """
    found: dict[str, bool] = {}
    rows, named = _with_index(rows), _periods_of(rows, tables)
    kinds = _kinds_of(named)
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
    _check_area(where, rows, tables, area)
    read = _span(_periods_of(rows, tables), edition)
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


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its index, where that has a name, among the columns."""
    return frame.reset_index() if any(frame.index.names) else frame


def _periods_of(frame: pd.DataFrame, tables: list[Table]) -> list[str]:
    """Return the periods that a frame names, in order, as tables write them.

    They stand in `period`, or in a column that is called as in one of the tables; else in those
    that hold nothing else, whatever they are called, and in the names of columns at last.
    """
    spans = [table.meta.period for table in tables if table.meta.period]
    kinds = sorted({span.kind for span in spans}, key=lambda kind: kind != "month")
    columns = list(_columns(frame))
    known = ("period", *(span.column for span in spans))
    named = [values for each in known for name, values in columns if name == each][:1]
    if not named:
        alike = [values for name, values in columns if _hold_periods(name, values, kinds)]
        named = next(filter(None, (_of_kind(alike, kind, kinds) for kind in kinds)), alike[:1])
    found = [text for values in named for text in _texts_of(values, kinds)]
    return sorted({*(found or [str(name) for name in frame if _is_period(str(name))])})


def _columns(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Give the columns of a frame by name, and those of its index."""
    for name, values in frame.items():
        yield str(name), values
    for number, index_name in enumerate(frame.index.names):
        yield str(index_name), frame.index.get_level_values(number).to_series()


def _hold_periods(name: str, values: pd.Series, kinds: list[periods.Kind]) -> bool:
    """Tell whether a column holds periods alone, and no months where no table has months.

    A number is a year only where the column's name says so.
    """
    if pd.api.types.is_numeric_dtype(values.infer_objects()) and "year" not in name.casefold():
        return False
    texts = _texts_of(values, kinds)
    months_of_years = _kinds_of(texts) == ["month"] and "month" not in kinds
    return bool(texts) and all(map(_is_period, texts)) and not months_of_years


def _is_period(text: str) -> bool:
    return "1900" <= text < "2100" and bool(periods.kinds_of(text))


def _of_kind(
    columns: list[pd.Series], kind: periods.Kind, kinds: list[periods.Kind]
) -> list[pd.Series]:
    return [each for each in columns if kind in _kinds_of(_texts_of(each, kinds))]


def _kinds_of(found: list[str]) -> list[periods.Kind]:
    """List the kinds of which all of some periods may be."""
    first, *others = [periods.kinds_of(each) for each in found] or [[]]
    return [kind for kind in first if all(kind in other for other in others)]


def _texts_of(values: pd.Series, kinds: list[periods.Kind]) -> list[str]:
    """Write each of a column's periods once, as tables do: a day as the period it lies in."""
    kind = kinds[0] if kinds else "month"
    return [_as_text(each, kind) for each in values.dropna().unique()]


def _as_text(value: object, kind: periods.Kind) -> str:
    if isinstance(value, pd.Period):
        first, last = value.start_time.date(), value.end_time.date()
        for each in ("month", "financial_year", "calendar_year"):
            text = periods.holding(first, each)
            if (periods.starts(text, each), periods.ends(text, each)) == (first, last):
                return text
    if isinstance(value, np.datetime64 | date):
        return periods.holding(pd.Timestamp(value).date(), kind)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _periods_held(tables: list[Table]) -> list[str]:
    return sorted({each for table in tables for each in _periods_of(table.frame, [table])})


def _known_span(
    where: str, frame: pd.DataFrame, tables: list[Table], edition: Edition
) -> str | None:
    """Write the first and last period of a frame; refuse one of none that a break may cross."""
    found = _periods_of(frame, tables)
    broken = [table.name for table in tables if table.meta.breaks]
    if broken and not found:
        what = f"{where}: no column says of which periods the rows are, and {broken[0]} has breaks."
        raise KingstonError(what, f"Keep the column of periods, under any name. {WRITTEN}")
    return _span(found, edition)


def _span(found: list[str], edition: Edition) -> str | None:
    """Write the first and last of some periods; refuse one that the edition may not see."""
    for each in found:
        if not periods.kinds_of(each):
            raise KingstonError(f"'{each}' is no period.", WRITTEN)
        if not any(edition.is_visible(each, kind) for kind in periods.kinds_of(each)):
            what = f"'{each}' is no period that was over when the edition's evidence ends."
            raise KingstonError(what, "Take rows from a table that `page.view.load` gave.")
    if not found:
        return None
    if not _kinds_of(found):
        what = f"{found[0]} and {found[-1]} are periods of two kinds."
        raise KingstonError(what, "Give rows of years, or rows of months, alone.")
    return found[0] if found[0] == found[-1] else f"{found[0]} to {found[-1]}"


def _check_area(where: str, rows: pd.DataFrame, tables: list[Table], area: str) -> None:
    held = [(table, c.name) for table in tables for c in table.meta.columns if c.areas]
    known = {"area", *(name for _, name in held)}
    columns = [values for name, values in _columns(rows) if name in known]
    if not columns:
        places = {area, *(str(each) for table, name in held for each in table.frame[name].unique())}
        columns = [values for _, values in _columns(rows) if {*map(str, values)} <= places]
    if not columns and not all(table.meta.covers == area for table in tables):
        remedy = "Keep their column of areas in the rows, under any name."
        raise KingstonError(f"{where}: the rows do not say of which area they are.", remedy)
    others = sorted({str(each) for values in columns for each in values} - {area})
    if others:
        what = f"{where}: the page is of {area}, and there are rows of {', '.join(others[:3])}."
        raise KingstonError(what, 'Take those of the page: `frame[frame["area"] == area]`.')


def _check_value(where: str, value: Any) -> None:
    if isinstance(value, Estimate) and value.ends and value.level != LEVEL:
        what = f"{where}: its interval holds at {value.level:.0%}."
        raise KingstonError(what, f"A finding's interval holds at {LEVEL:.0%}.")
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
