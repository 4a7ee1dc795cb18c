"""Hold tables against their rules; for what builds a book, and for what takes tables in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from kingston_analysis.data.areas import Areas, load_areas
from kingston_analysis.data.rules.comparisons import (
    TableSource,
    columns_faults,
    comparison_faults,
)
from kingston_analysis.data.rules.cube import cube_of
from kingston_analysis.data.rules.faults import RuleFault
from kingston_analysis.data.rules.grids import grid_faults
from kingston_analysis.data.rules.models import TableRules, Vintages, load_rules
from kingston_analysis.data.rules.outliers import confirmed_faults, filled, outlier_faults
from kingston_analysis.data.rules.shifts import shift_faults
from kingston_analysis.data.tables.load import Table, data_file, load
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.project import Project


def check_rules(
    table: Table,
    rules: TableRules,
    areas: Areas,
    tables: TableSource,
    earlier: pd.DataFrame | None = None,
) -> list[RuleFault]:
    """Find all that breaks a table's rules. The table may be one that no project holds yet.

    `tables` gives the other tables that rules name; `earlier` is the vintage held before, if any.
    Raises KingstonError where a rule names a table, column or group that is not there.
    """
    _refuse_unknown_columns(table, rules)
    found = list(_faults(table, rules, areas, tables))
    if rules.vintages and earlier is not None:
        found += _revised(table, rules.vintages, earlier)
    return confirmed_faults(table, rules.confirmed, found)


def _faults(
    table: Table, rules: TableRules, areas: Areas, tables: TableSource
) -> Iterator[RuleFault]:
    for each in rules.columns:
        yield from columns_faults(table, each)
    for rule in rules.comparisons:
        yield from comparison_faults(table, rule, tables, areas)
    if rules.grid is None:
        return
    cube = cube_of(table, rules.grid, areas)
    yield from grid_faults(table, rules.grid, cube)
    if rules.outliers:
        values = filled(table, rules.grid, cube)
        yield from shift_faults(table, rules.outliers, cube, values)
        yield from outlier_faults(table, rules.outliers, cube, values, tables)


def _refuse_unknown_columns(table: Table, rules: TableRules) -> None:
    """Raise KingstonError where rules name a column that the table does not have."""
    named = {name for each in rules.columns for name in (*each.rising, *each.parts)}
    named |= {each.total for each in rules.columns if each.total}
    named |= {rules.grid.place} if rules.grid else set()
    if unknown := sorted(named - set(table.frame)):
        what = f"The rules of '{table.name}' name the column '{unknown[0]}', which it has not."
        raise KingstonError(what, f"Columns: {', '.join(map(str, table.frame))}.")


def _revised(table: Table, rule: Vintages, earlier: pd.DataFrame) -> Iterator[RuleFault]:
    """Find figures that differ more from the vintage held before than revisions do."""
    keys, value = table.meta.keys, table.meta.value_column
    now = table.frame[[*keys, value]].assign(_row=np.arange(len(table.frame)))
    both = now.merge(earlier[[*keys, value]], on=keys, suffixes=("", "_before"))
    before = both[f"{value}_before"].astype("float64")
    far = ((both[value].astype("float64") - before).abs() > rule.within * before).fillna(False)
    for _, each in both[far].iterrows():
        name = ", ".join(str(each[key]) for key in keys)
        was, is_now = each[f"{value}_before"], each[value]
        what = f"{name}: {is_now:,.10g}, where the vintage before has {was:,.10g}."
        remedy = "Make sure that it is the same publisher's series."
        rows = (int(each["_row"]),)
        yield RuleFault(table.name, "vintages", what, rows, value, f"{is_now:.10g}", remedy)


def table_rule_problems(project: Project, names: Iterable[str]) -> Iterator[Problem]:
    """Find what breaks the rules of a project's tables, of those that can be read."""
    areas = load_areas(project)
    for name in names:
        try:
            rules, table = load_rules(project, name), load(project, name)
        except KingstonError:
            # Rules or table that cannot be read are told with all other files.
            continue
        if rules.none is None:
            file = data_file(project, name)
            for fault in check_rules(table, rules, areas, partial(load, project)):
                yield fault.as_problem(file)
