"""Made-up tables for the tests of rules: every place, year and group in one arithmetic."""

from __future__ import annotations

import pandas as pd
from tables_fixture import made_table

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.rules.check import check_rules
from kingston_analysis.data.rules.faults import RuleFault
from kingston_analysis.data.rules.models import TableRules
from kingston_analysis.data.tables.load import Table

COLUMNS = ["area", "financial_year", "offence_group", "offences"]
TOTAL = "All"
PLACES = [f"{letter}ton" for letter in "ABCDEFGHIJKLMNOPQRST"]
AREAS = Areas.model_validate(
    {
        "boroughs": [
            {"code": name, "name": name, "part": "North" if n < 10 else "South"}
            for n, name in enumerate(PLACES)
        ],
        "others": [{"name": "North", "kind": "group", "parts": ["North"]}],
    }
)
GRID = {"absent": "unknown", "because": "made up", "place": "area", "boroughs": True}


def rules_of(**given: object) -> TableRules:
    """Make rules from what a file would say."""
    return TableRules.model_validate(given)


def table_of(rows: list[tuple], kind: str = "financial_year") -> Table:
    """Make a table of area, period, group and count."""
    return made_table(COLUMNS, rows, kind=kind)


def faults_of(
    table: Table, rules: TableRules, *others: Table, earlier: pd.DataFrame | None = None
) -> list[RuleFault]:
    """Hold a made-up table against rules; `others` are the tables that they name."""
    known = {each.name: each for each in others}
    return check_rules(table, rules, AREAS, known.__getitem__, earlier)
