"""Parts and wholes, within a table and between tables; columns of one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.rules.faults import RuleFault, excepted, selected
from kingston_analysis.data.rules.models import ColumnsRule, Comparison, RowSelection
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.tables.metadata import Span
from kingston_analysis.data.tables.periods import financial_year_of
from kingston_analysis.errors import KingstonError

TableSource = Callable[[str], Table]


def comparison_faults(
    table: Table, rule: Comparison, tables: TableSource, areas: Areas
) -> Iterator[RuleFault]:
    """Find groups of rows in which whole and parts do not agree.

    Only groups that both sides hold are compared; what is absent is for the grid to tell.
    """
    by = list(rule.by)
    whole, parts = (_rows(each, table, tables, areas) for each in (rule.total, rule.parts))
    found = whole.groupby(by)["_value"].sum(min_count=1).to_frame("whole")
    groups = parts.groupby(by)["_value"]
    found["least"], found["most"], found["sum"] = groups.min(), groups.max(), groups.sum()
    found = found.dropna().reset_index()
    wrong = found[_differs(found, rule)]
    wrong = wrong[~excepted(wrong, rule.known, _span(table, by))]
    rows = _rows_by(whole if rule.total.table is None else parts, by) if len(wrong) else {}
    for each in wrong.to_dict("records"):
        key = tuple(each[name] for name in by)
        yield _fault(table, rule, key, each, tuple(rows.get(key, ())))


def _span(table: Table, by: list[str]) -> Span | None:
    span = table.meta.period
    return span if span and span.column in by else None


def _differs(found: pd.DataFrame, rule: Comparison) -> pd.Series:
    # What a float cannot write exactly is no difference.
    slack = rule.within + rule.within_share * found["whole"] + 1e-9
    if rule.test == "sum":
        return (found["sum"] - found["whole"]).abs() > slack
    if rule.test == "at most":
        return found["sum"] > found["whole"] + slack
    return (found["whole"] < found["least"] - slack) | (found["whole"] > found["most"] + slack)


def _fault(
    table: Table, rule: Comparison, key: tuple[object, ...], each: dict, rows: tuple[int, ...]
) -> RuleFault:
    if rule.test != "between":
        text = f"the whole is {each['whole']:,.10g} and its parts add up to {each['sum']:,.10g}"
    else:
        ends = f"{each['least']:,.10g} and {each['most']:,.10g}"
        text = f"the whole is {each['whole']:,.10g}, and its parts lie between {ends}"
    what = f"{', '.join(map(str, key))}: {text}."
    column = rule.total.column or table.meta.value_column
    remedy = f"Correct the table, or declare why under `known` of '{rule.id}'."
    return RuleFault(table.name, rule.id, what, rows, column, f"{each['whole']:.10g}", remedy)


def _rows(side: RowSelection, own: Table, tables: TableSource, areas: Areas) -> pd.DataFrame:
    """Return the rows of one side with `_value`, and `_row`, their position in the table."""
    table = tables(side.table) if side.table and side.table != own.name else own
    frame = table.frame
    chosen = selected(frame, side.select)
    for column, unwanted in side.without.items():
        chosen &= ~frame[column].isin(unwanted)
    if side.members_of:
        chosen &= frame["area"].isin(_members(side.members_of, areas))
    values = frame[side.column or table.meta.value_column].astype("float64")
    rows = frame.assign(_value=values, _row=np.arange(len(frame)))[chosen]
    if side.year_of:
        rows = _full_years(rows, side.year_of)
    return rows.rename(columns=side.rename)


def _full_years(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    years = {month: financial_year_of(month) for month in rows[column].unique()}
    counts = pd.Series(years).value_counts()
    rows = rows.assign(financial_year=rows[column].map(years))
    return rows[rows["financial_year"].map(counts) == 12]


def _members(name: str, areas: Areas) -> list[str]:
    groups = [each for each in areas.other_places if each.name == name and each.parts]
    if not groups:
        remedy = "Name a group of data/areas.yml that has `parts`."
        raise KingstonError(f"`members_of`: '{name}' is no group of boroughs.", remedy)
    return areas.members(groups[0])


def _rows_by(rows: pd.DataFrame, by: list[str]) -> dict[tuple[object, ...], list[int]]:
    found = rows.groupby(by)["_row"].apply(list)
    return {key if isinstance(key, tuple) else (key,): each for key, each in found.items()}


def columns_faults(table: Table, rule: ColumnsRule) -> Iterator[RuleFault]:
    """Find rows whose columns do not rise in order, or do not add up to the whole."""
    frame = table.frame
    wrong = pd.Series(False, index=frame.index)
    for lower, higher in zip(rule.rising, rule.rising[1:], strict=False):
        wrong |= (frame[lower] > frame[higher]).fillna(False)
    if rule.total:
        wrong |= (frame[list(rule.parts)].sum(axis=1) != frame[rule.total]).fillna(False)
    rows = tuple(int(each) for each in np.flatnonzero(wrong))
    if rows:
        named = ", ".join([*rule.rising, *rule.parts, *filter(None, [rule.total])])
        what = f"{rule.because}; of {len(rows)} rows the columns {named} do not agree."
        yield RuleFault(table.name, rule.id, what, rows, rule.total or rule.rising[0])
