"""Places inside the area: each ward's count and share, and what lies outside all of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kingston_analysis.measures.levels import rows_of


@dataclass(frozen=True)
class Wards:
    """The wards of one period.

    `frame` has ward, value and share (of the offences with a ward), highest first. `unplaced` is
    the area's own count less the wards' sum: positive where offences have no ward, negative where
    the two come from different extractions.
    """

    period: str
    frame: pd.DataFrame
    total: float
    placed: float

    @property
    def unplaced(self) -> float:
        """Return the area's count less the wards' sum, signed."""
        return self.total - self.placed


def ward_rows(
    frame: pd.DataFrame, select: dict[str, list[str]], period: str, value: str
) -> pd.DataFrame:
    """Add up the rows that an indicator selects, as columns ward, period and value."""
    picked = rows_of(frame, select).rename(columns={period: "period", value: "value"})
    return picked.groupby(["ward", "period"], as_index=False)["value"].sum(min_count=1)


def by_ward(rows: pd.DataFrame, period: str, total: float) -> Wards:
    """Describe the wards of a period.

    `rows` has ward, period and value; `total` is the area's own count.
    """
    frame = rows[rows["period"] == period][["ward", "value"]].astype({"value": "float"})
    frame["share"] = frame["value"] / frame["value"].sum(min_count=1)
    frame = frame.sort_values(["value", "ward"], ascending=[False, True]).reset_index(drop=True)
    return Wards(period, frame, total, float(frame["value"].sum(min_count=1)))
