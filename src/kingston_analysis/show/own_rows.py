"""Of which periods and areas an analyst's rows are, whatever their columns are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table
from kingston_analysis.errors import KingstonError

WRITTEN = "Write a year as 2008/09 or 2008, a month as 2009-01, a year's last day as 2009-12-31."


def with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its index, where that has a name, among the columns."""
    return frame.reset_index() if any(frame.index.names) else frame


def periods_of(frame: pd.DataFrame, tables: list[Table]) -> list[str]:
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
    months_of_years = kinds_of_all(texts) == ["month"] and "month" not in kinds
    return bool(texts) and all(map(_is_period, texts)) and not months_of_years


def _is_period(text: str) -> bool:
    return "1900" <= text < "2100" and bool(periods.kinds_of(text))


def _of_kind(
    columns: list[pd.Series], kind: periods.Kind, kinds: list[periods.Kind]
) -> list[pd.Series]:
    return [each for each in columns if kind in kinds_of_all(_texts_of(each, kinds))]


def kinds_of_all(found: list[str]) -> list[periods.Kind]:
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


def periods_of_tables(tables: list[Table]) -> list[str]:
    """Return the periods that tables hold, in order."""
    return sorted({each for table in tables for each in periods_of(table.frame, [table])})


def known_span(
    where: str, frame: pd.DataFrame, tables: list[Table], edition: Edition
) -> str | None:
    """Write the first and last period of a frame; refuse one of none that a break may cross."""
    found = periods_of(frame, tables)
    broken = [table.name for table in tables if table.meta.breaks]
    if broken and not found:
        what = f"{where}: no column says of which periods the rows are, and {broken[0]} has breaks."
        raise KingstonError(what, f"Keep the column of periods, under any name. {WRITTEN}")
    return span_of(found, edition)


def span_of(found: list[str], edition: Edition) -> str | None:
    """Write the first and last of some periods; refuse one that the edition may not see."""
    for each in found:
        if not periods.kinds_of(each):
            raise KingstonError(f"'{each}' is no period.", WRITTEN)
        if not any(edition.is_visible(each, kind) for kind in periods.kinds_of(each)):
            what = f"'{each}' is no period that was over when the edition's evidence ends."
            raise KingstonError(what, "Take rows from a table that `page.view.load` gave.")
    if not found:
        return None
    if not kinds_of_all(found):
        what = f"{found[0]} and {found[-1]} are periods of two kinds."
        raise KingstonError(what, "Give rows of years, or rows of months, alone.")
    return found[0] if found[0] == found[-1] else f"{found[0]} to {found[-1]}"


def check_area(where: str, rows: pd.DataFrame, tables: list[Table], area: str) -> None:
    """Raise KingstonError where rows are of another area, or do not say of which they are."""
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
