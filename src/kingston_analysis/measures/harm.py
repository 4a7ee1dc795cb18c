"""Harm: the same offences weighed by two indices, per head, and what each of them rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.measures.change import LEVEL
from kingston_analysis.measures.variation import normal_quantile
from kingston_analysis.results import Estimate, Gap

PER = 1000
MAPPED = "mapped"
ONE_ONLY = Gap(
    "Only one of these offences can be weighed, so there is no figure without the heaviest."
)
# By index, the column with the weight of one offence.
IndexName = Literal["severity", "days"]
INDICES: dict[str, IndexName] = {"severity": "severity", "harm": "days"}


@dataclass(frozen=True)
class Index:
    """An index per 1,000 residents, the offence that adds most to it, and it without that offence.

    `heaviest` is None where no offence adds anything. Where no offence was recorded, the index has
    no interval.
    """

    rate: Estimate
    heaviest: str | None
    without: Estimate | Gap


@dataclass(frozen=True)
class Indices:
    """Both indices over the same offences: the Crime Severity Score, and Cambridge's in days."""

    severity: Index
    days: Index


@dataclass(frozen=True)
class Harm:
    """The harm of some offences in one area and period, by both indices over the same offences.

    `offences` has a row for each: what `weights_of` gives, value, and share, severity_share and
    harm_share of all that is weighed; most severe first, those without weights last. `groups` has
    offence_group, value, the same shares, and recorded, weighed or not.
    """

    offences: pd.DataFrame
    groups: pd.DataFrame
    indices: Indices | Gap

    @property
    def mapped(self) -> pd.DataFrame:
        """Return the offences that have weights."""
        return self.offences[self.offences["status"] == MAPPED]

    @property
    def total(self) -> float:
        """Return how many offences were recorded, weighed or not."""
        return float(self.offences["value"].sum())

    @property
    def weighed_count(self) -> float:
        """Return how many of the offences recorded have weights."""
        return float(self.mapped["value"].sum())

    @property
    def covered(self) -> float | Gap:
        """Return the share of the offences recorded that have weights."""
        return self.weighed_count / self.total if self.total else Gap("No offence was recorded.")

    @property
    def reasons(self) -> list[str]:
        """Return why offences have no weights, each reason once."""
        return _reasons(self.offences)


def weights_of(mapping: pd.DataFrame, ons: pd.DataFrame, cambridge: pd.DataFrame) -> pd.DataFrame:
    """Join each offence to its weight in both indices.

    `mapping` has offence_group, offence, name, status, home_office_codes (joined by "; "),
    cambridge_subgroup and reason; `ons` home_office_code and weight; `cambridge` offence_subgroup
    and min_, median_ and max_days. Adds severity (the mean weight of the codes), days (the median),
    fewest_days and most_days; they are missing unless the offence is mapped. Raises KingstonError
    for a code or subgroup that is not in its table.
    """
    mapped = mapping[mapping["status"] == MAPPED].set_index("offence")
    codes = mapped["home_office_codes"].str.split("; ").explode()
    subgroups = mapped["cambridge_subgroup"]
    weights = _looked_up(codes, ons.set_index("home_office_code"), "Home Office code")
    listed = _looked_up(subgroups, cambridge.set_index("offence_subgroup"), "Cambridge subgroup")
    numbers = {
        "severity": weights["weight"].groupby(level=0).mean(),
        "days": listed["median_days"],
        "fewest_days": listed["min_days"],
        "most_days": listed["max_days"],
    }
    kept = mapping[["offence_group", "offence", "name", "status", "reason"]]
    joined = {name: kept["offence"].map(each.astype("float64")) for name, each in numbers.items()}
    return kept.assign(**joined)


def _looked_up(names: pd.Series, listed: pd.DataFrame, what: str) -> pd.DataFrame:
    for offence, name in names[~names.isin(listed.index)].items():
        raise KingstonError(
            f"The offence '{offence}' is mapped to the {what} '{name}', which does not exist.",
            nearest(str(name), listed.index),
        )
    return listed.loc[names].set_axis(names.index)


def weigh_harm(
    counts: pd.DataFrame,
    weights: pd.DataFrame,
    population: float,
    phi: float,
    level: float = LEVEL,
) -> Harm:
    """Weigh the offences of one area and period.

    `counts` has offence and value, `weights` is what `weights_of` gives, `phi` is how many times
    more than Poisson the counts vary. The Crime Severity Score is Σ count · weight / residents
    (Office for National Statistics 2016); the Cambridge Crime Harm Index Σ count · days / residents
    (Sherman, Neyroud and Neyroud 2016), without what police activity finds. Both are per 1,000
    residents, with the interval ± z √(φ Σ weight² · count), never below zero, z being the normal
    quantile of its `level` (1.96 at 95%). Raises KingstonError for a wrong count, an offence that
    the weights do not know, and no residents.
    """
    _check_counts(counts, weights, ["offence"])
    _check_residents(population)
    rows = counts[["offence", "value"]].astype({"value": "float64"}).merge(weights, on="offence")
    mapped = rows[rows["status"] == MAPPED]
    parts = {f"{name}_share": mapped["value"] * mapped[each] for name, each in INDICES.items()}
    parts["share"] = mapped["value"]
    rows = rows.assign(**{name: each / (each.sum() or math.nan) for name, each in parts.items()})
    order = ["severity_share", "value", "offence"]
    rows = rows.sort_values(order, ascending=[False, False, True], ignore_index=True)
    if mapped.empty:
        none = Gap(" ".join(["None of these offences can be weighed.", *_reasons(rows)]))
        return Harm(rows, _by_group(rows), none)
    found = (_index(mapped, each, population, phi, level) for each in INDICES.values())
    return Harm(rows, _by_group(rows), Indices(*found))


def _reasons(offences: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(offences["reason"][offences["status"] != MAPPED]))


def _by_group(rows: pd.DataFrame) -> pd.DataFrame:
    recorded = rows.groupby("offence_group")["value"].sum().rename("recorded")
    mapped = rows[rows["status"] == MAPPED].groupby("offence_group")
    sums = mapped[["value", "share", "severity_share", "harm_share"]].sum(min_count=1)
    order = ["severity_share", "offence_group"]
    sums = sums.join(recorded).reset_index()
    return sums.sort_values(order, ascending=[False, True], ignore_index=True)


def _index(mapped: pd.DataFrame, weight: str, population: float, phi: float, level: float) -> Index:
    rate = _rate(mapped, weight, population, phi, level)
    if not rate.value:
        return Index(rate, None, Gap("No offence that can be weighed was recorded."))
    heaviest = int((mapped["value"] * mapped[weight]).argmax())
    rest = mapped.drop(index=mapped.index[heaviest])
    without = _rate(rest, weight, population, phi, level) if len(rest) else ONE_ONLY
    return Index(rate, mapped["name"].iloc[heaviest], without)


def _rate(
    mapped: pd.DataFrame, weight: str, population: float, phi: float, level: float
) -> Estimate:
    each, count = mapped[weight], mapped["value"]
    value = float((each * count).sum()) / population * PER
    if not count.sum():
        return Estimate(value, level=level)
    spread = math.sqrt(phi * float((each**2 * count).sum()))
    reach = normal_quantile(level) * spread / population * PER
    return Estimate(value, max(0.0, value - reach), value + reach, level=level)


def an_offence(found: Harm, index: IndexName, phi: float) -> tuple[float, float]:
    """Return the mean weight of the weighed offences by an index, and its standard error.

    The mean is Σ count · weight / Σ count; by the delta method its variance is φ Σ count · (weight
    - mean)² / (Σ count)², each count varying φ times more than Poisson.
    """
    counts, weights = found.mapped["value"], found.mapped[index]
    mean = float((counts * weights).sum()) / found.weighed_count
    spread = phi * float((counts * (weights - mean) ** 2).sum())
    return mean, math.sqrt(spread) / found.weighed_count


def harm_by_area(
    counts: pd.DataFrame, weights: pd.DataFrame, populations: pd.DataFrame
) -> pd.DataFrame:
    """Weigh the same offences in several areas.

    `counts` has area, offence and value, `populations` area and population. Returns area,
    severity_rate and harm_rate, both per 1,000 residents, and the rank by each, 1 for the lowest,
    as severity_rank and harm_rank, and from the other end as severity_rank_top and harm_rank_top;
    no row where no offence has weights. Raises what `weigh_harm` raises.
    """
    _check_counts(counts, weights, ["area", "offence"])
    rows = counts[["area", "offence", "value"]].astype({"value": "float64"})
    rows = rows.merge(weights, on="offence")
    if not rows["status"].eq(MAPPED).any():
        rows = rows[0:0]
    people = populations.set_index("area")["population"].astype("float64")
    people = people.reindex(rows["area"].unique())
    for area, residents in people.items():
        _check_residents(residents, f" of {area}")
    found = {}
    for name, weight in INDICES.items():
        rate = (rows["value"] * rows[weight]).groupby(rows["area"]).sum() / people * PER
        found[f"{name}_rate"] = rate
        found[f"{name}_rank"] = rate.rank(method="min")
        found[f"{name}_rank_top"] = rate.rank(method="min", ascending=False)
    return pd.DataFrame(found).rename_axis("area").reset_index()


def _check_residents(population: float, of: str = "") -> None:
    if not population > 0:
        known = "not known" if math.isnan(population) else f"{population:g}"
        raise KingstonError(
            f"The population{of} is {known}, so harm per head cannot be worked out.",
            "Give the mid-year population of the area and year.",
        )


def _check_counts(counts: pd.DataFrame, weights: pd.DataFrame, keys: list[str]) -> None:
    known = weights["offence"]
    for offence in counts["offence"][~counts["offence"].isin(known)]:
        raise KingstonError(f"There are no weights for '{offence}'.", nearest(offence, known))
    for _, row in counts[counts.duplicated(keys)].iterrows():
        named = " in ".join(row[key] for key in reversed(keys))
        raise KingstonError(f"{named} is counted twice.", "Give each offence once.")
    values = counts["value"].astype("float64")
    for place in np.flatnonzero(~(values.ge(0) & values.mod(1).eq(0))):
        value = values.iloc[place]
        named = " in ".join(counts[key].iloc[place] for key in reversed(keys))
        given = "not known" if math.isnan(value) else f"{value:g}"
        raise KingstonError(
            f"The count of {named} is {given}.", "A count is a whole number, 0 or more."
        )
