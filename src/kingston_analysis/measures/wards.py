"""Places inside the area: each ward's count, share and change, and how concentrated they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.measures.change import JUDGED_AT, LEVEL, Change, compare
from kingston_analysis.measures.level import rows_of
from kingston_analysis.measures.variation import Variation

SEED = 20_080_401
DRAWS = 2_000


@dataclass(frozen=True)
class Concentration:
    """How few wards hold half of what happened, beside what chance alone would show.

    `low` and `high` are the ends of the interval of the number of wards by chance alone, dealt
    to equal wards or as another count lies.
    """

    wards: int
    holding_half: int
    low: int
    high: int


@dataclass(frozen=True)
class Wards:
    """The wards of one period.

    `frame` has ward, value, share (of the wards' sum) and before (the year before, where held),
    highest first; `changes` has a Change for each ward. `unplaced` is the area's own count less the
    wards' sum: positive where offences have no ward, negative where the two come from different
    extractions. Of nothing, nothing is concentrated: None.
    """

    period: str
    frame: pd.DataFrame
    changes: dict[str, Change]
    concentration: Concentration | None
    total: float
    placed: float

    @property
    def unplaced(self) -> float:
        """Return the area's count less the wards' sum, signed."""
        return self.total - self.placed


def ward_rows(
    frame: pd.DataFrame, select: dict[str, list[str]], period: str, value: str
) -> pd.DataFrame:
    """Add up the rows that an indicator selects, as columns ward, period and value.

    A ward's period with a suppressed value has no sum: it is left missing.
    """
    picked = rows_of(frame, select).rename(columns={period: "period", value: "value"})
    picked = picked.astype({"period": "str"})
    return picked.groupby(["ward", "period"], as_index=False)[["value"]].sum(
        min_count=1, skipna=False
    )


def by_ward(
    rows: pd.DataFrame,
    period: str,
    before: str,
    total: float,
    variation: Variation,
    breaks: Sequence[tuple[str, str]] = (),
    level: float = JUDGED_AT,
) -> Wards:
    """Describe the wards of a period, and how each changed since the one before.

    `rows` has ward, period and value; `total` is the area's own count; `breaks` are (effect, what)
    of the registered breaks between the two periods; `level` is that of intervals and verdicts.
    `variation` is the counting noise of the area's own count, of which a ward's is a part.
    """
    wide = rows.pivot(index="ward", columns="period", values="value").astype(float)
    wide = wide.reindex(columns=[before, period])
    frame = pd.DataFrame({"value": wide[period], "before": wide[before]}).rename_axis("ward")
    frame = frame.dropna(subset=["value"]).reset_index()
    sum_of_wards = float(frame["value"].sum())
    frame["share"] = frame["value"] / sum_of_wards if sum_of_wards else 0.0
    frame = frame.sort_values(["value", "ward"], ascending=[False, True]).reset_index(drop=True)
    counts = zip(frame["before"], frame["value"], strict=True)
    compared = [compare(then, now, variation, breaks, level=level) for then, now in counts]
    changes = dict(zip(frame["ward"], compared, strict=True))
    dense = concentration(frame["value"], phi=variation.phi) if sum_of_wards else None
    return Wards(period, frame, changes, dense, total, sum_of_wards)


def concentration(
    values: pd.Series,
    level: float = LEVEL,
    like: pd.Series | None = None,
    phi: float = 1.0,
) -> Concentration:
    """Count how few wards hold half, beside as many offences dealt to equal wards by chance.

    Dealt instead to wards in proportion to `like`, counts by the same wards, where it is given.
    `level` is that of the interval by chance; where counts vary `phi` times more than Poisson,
    offences are dealt φ at a time. The comparison is needed since also chance alone
    never deals equally (Bernasco and Steenbeek 2017 make the same point of small counts).
    """
    counts = values.to_numpy(dtype=float)
    weights = np.ones(len(counts)) if like is None else like.to_numpy(dtype=float)
    dealt = np.random.default_rng(SEED).multinomial(
        round(counts.sum() / phi), weights / weights.sum(), size=DRAWS
    )
    tail = (1 - level) / 2
    low, high = np.quantile(_holding_half(dealt), [tail, 1 - tail], method="nearest")
    return Concentration(len(counts), int(_holding_half(counts[None])[0]), int(low), int(high))


def _holding_half(counts: np.ndarray) -> np.ndarray:
    """Return, for each row, the fewest places that together hold half of its sum."""
    cumulated = np.cumsum(-np.sort(-counts, axis=1), axis=1)
    return (cumulated < counts.sum(axis=1, keepdims=True) / 2).sum(axis=1) + 1
