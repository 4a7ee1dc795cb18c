"""Parts: what an indicator's count is made of in two years, for one area and for all boroughs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.breaks import breaks_between
from kingston_analysis.data.tables.metadata import Metadata
from kingston_analysis.measures.level import rows_of
from kingston_analysis.results import Gap

SIDES = ("before", "after")
# Which values of which columns a count takes.
Select = dict[str, list[str]]


@dataclass(frozen=True)
class Divided:
    """The parts of a count in two years that can be compared.

    `own` and `everyone` have part, before and after, for the area and for all boroughs together.
    `selects` tells by part which rows of the table it counts; a count taken as one has none.
    `kinds` is the gap for which a count that has parts is taken as one.
    """

    own: pd.DataFrame
    everyone: pd.DataFrame
    caution: str | None = None
    kinds: Gap | None = None
    selects: Mapping[str, Select] = field(default_factory=dict)

    def named(self, names: dict[str, str]) -> Divided:
        """Return the same with other names of parts; what has none keeps its own."""
        own, everyone = (
            frame.assign(part=frame["part"].replace(names)) for frame in (self.own, self.everyone)
        )
        selects = {names.get(part, part): rows for part, rows in self.selects.items()}
        return replace(self, own=own, everyone=everyone, selects=selects)


def divided(
    frame: pd.DataFrame,
    meta: Metadata,
    by: str,
    select: Select,
    area: str,
    boroughs: list[str],
    years: tuple[str, str],
) -> Divided | Gap:
    """Divide what a selection counts by the values of a column, in two financial years.

    `frame` holds a table's visible rows, by financial year or by month; values that exchanged
    their names (a registered swap) are one part.
    """
    column, names = meta.span.column, _joined(meta, by)
    sides = {
        each: side for side, year in zip(SIDES, years, strict=True) for each in _in(year, meta)
    }
    rows = rows_of(frame[frame[column].isin(sides) & frame["area"].isin(boroughs)], select)
    if set(sides) != set(rows[column].unique()):
        both, kind = " and ".join(years), by.replace("_", " ")
        return Gap(f"Figures by {kind} are not held for both {both}.")
    keys = [rows["area"], rows[by].replace(names).rename("part"), rows[column].map(sides)]
    wide = rows[meta.value_column].astype("float").groupby(keys).sum(skipna=False).unstack()
    if wide.isna().any(axis=None):
        return Gap("One of the figures is suppressed or missing.")
    wide = wide[[*SIDES]].rename_axis(columns=None).reset_index()
    selects = {part: {**select, by: _values(part, names)} for part in wide["part"].unique()}
    refused, labelled = _breaks(meta, selects, years)
    if refused:
        return Gap(refused)
    everyone = wide.groupby("part", as_index=False)[["before", "after"]].sum()
    own = wide[wide["area"] == area][["part", "before", "after"]].reset_index(drop=True)
    return Divided(own, everyone, labelled, selects=selects)


def undivided(
    series_years: pd.DataFrame, part: str, area: str, years: tuple[str, str]
) -> Divided | Gap:
    """Take a count that has no parts as its only part.

    `series_years` has area, period and value of the boroughs.
    """
    wide = series_years.pivot(index="area", columns="period", values="value").reindex(
        columns=[*years]
    )
    wide = wide.dropna(how="all")
    if area not in wide.index or wide.isna().any(axis=None):
        return Gap("The same boroughs are not known in both years.")
    wide.columns = ["before", "after"]
    rows = wide.assign(part=part)[["part", "before", "after"]]
    everyone = rows.groupby("part", as_index=False).sum()
    return Divided(rows.loc[[area]].reset_index(drop=True), everyone)


def _in(year: str, meta: Metadata) -> list[str]:
    """Return the periods of the table that a financial year is made of."""
    if meta.span.kind != "month":
        return [year]
    april = periods.starts(year, "financial_year").isoformat()[:7]
    return [periods.shifted(april, "month", step) for step in range(12)]


def _joined(meta: Metadata, by: str) -> dict[str, str]:
    touches = [e.touches for e in meta.breaks if e.effect == "swap"]
    swaps = [each[by] for each in touches if each != "all" and by in each]
    return {name: " or ".join(sorted(names)) for names in swaps for name in names}


def _values(part: str, names: dict[str, str]) -> list[str]:
    """Return the values of the column that are one part."""
    return [name for name, joined in names.items() if joined == part] or [part]


def _breaks(
    meta: Metadata, selects: Mapping[str, Select], years: tuple[str, str]
) -> tuple[str | None, str | None]:
    """Return what refuses the comparison of a part, and what labels one."""
    found: dict[str, dict[str, None]] = {"refuse": {}, "label": {}}
    for part, chosen in selects.items():
        for effect, what in breaks_between(meta, chosen, *years, "financial_year"):
            found[effect][f"{part}: {what}"] = None
    return " ".join(found["refuse"]) or None, " ".join(found["label"]) or None
