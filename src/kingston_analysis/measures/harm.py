"""Harm: the same offences weighed by two indices, per head, and what each of them rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.measures.change import LEVEL
from kingston_analysis.measures.variation import normal_quantile
from kingston_analysis.results import Estimate, Gap, ends_of

PER = 1000
MAPPED, LEFT_OUT, UNMAPPED = "mapped", "left out", "not mapped"
SUBGROUP = "cambridge_subgroup"
# Fewer than seven offences of one weight leave ends that lie farther apart, and so do fewer than
# about seven heavy ones that outweigh all others.
WIDEST = 5
ONE_ONLY = Gap(
    "Only one of these kinds of offence can be weighed, so there is no figure without the one that "
    "adds most."
)
NONE_RECORDED = Gap("No offence that can be weighed was recorded.")
NO_WEIGHT = Gap("All offences that were recorded and can be weighed have a weight of nought.")
# By index, the column with the weight of one offence, and those with the ends of what it may weigh.
IndexName = Literal["severity", "days"]
INDICES: dict[str, IndexName] = {"severity": "severity", "harm": "days"}
ENDS: dict[IndexName, tuple[str, str]] = {
    "severity": ("least_severity", "greatest_severity"),
    "days": ("fewest_days", "most_days"),
}


@dataclass(frozen=True)
class Index:
    """An index per 1,000 residents, over the offences that can be weighed.

    `adds_most` names the offence that adds most (count · weight); None where none adds anything.
    `like_it` names those whose difference from it noise can explain, the nearest first.
    `most_severe` names those recorded whose weight is greatest; none where all weigh the same.
    `without` is the index without the offence that adds most. `bounds` is what the index of all
    offences would be if each of the rest weighed as little, and as much, as it may. `gap` says why
    the index says nothing, where it does not: too few offences carry it.
    """

    rate: Estimate
    adds_most: str | None
    most_severe: tuple[str, ...]
    without: Estimate | Gap
    bounds: tuple[float, float]
    gap: Gap | None
    like_it: tuple[str, ...] = ()

    @property
    def known(self) -> Estimate | Gap:
        """Return the index, or why it says nothing."""
        return self.gap or self.rate


@dataclass(frozen=True)
class Indices:
    """Both indices over the same offences: the Crime Severity Score, and Cambridge's in days."""

    severity: Index
    days: Index


@dataclass(frozen=True)
class Harm:
    """The harm of some offences in one area and period, by both indices over the same offences.

    `offences` has a row for each: what `weights_of` gives (where an offence names nothing that it
    may be, the ends are those of all these offences), value, share (of all offences recorded),
    and severity_share and harm_share of all that is weighed; what adds most to severity first,
    those without weights last. `groups` has offence_group, value (weighed), the same shares, and
    recorded, weighed or not.
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
    def is_whole(self) -> bool:
        """Tell whether every offence recorded has weights."""
        return self.weighed_count == self.total

    @property
    def reasons(self) -> list[str]:
        """Return why offences have no weights, each reason once."""
        return _reasons(self.offences)


def weights_of(mapping: pd.DataFrame, ons: pd.DataFrame, cambridge: pd.DataFrame) -> pd.DataFrame:
    """Join each offence to its weight in both indices.

    `mapping` has offence_group, offence, name, status, home_office_codes (joined by "; "),
    cambridge_subgroup (likewise) and reason; `ons` home_office_code and weight; `cambridge`
    offence_subgroup and min_, median_ and max_days. Adds severity (the mean weight of the codes)
    and days (the mean of the subgroups' medians), which are missing unless the offence is mapped,
    and what it may weigh: least_severity, greatest_severity, fewest_days and most_days, missing
    where no code or subgroup is named; what the Cambridge index leaves out has no days. Raises
    KingstonError for a code or subgroup that is not in its table, and for a mapped offence without.
    """
    mapped = (mapping["status"] == MAPPED).set_axis(mapping["offence"])
    codes, subgroups = (_named(mapping, each, mapped) for each in ("home_office_codes", SUBGROUP))
    weights = _looked_up(codes, ons.set_index("home_office_code"), "Home Office code")
    days = _looked_up(subgroups, cambridge.set_index("offence_subgroup"), "Cambridge subgroup")
    numbers = {
        "severity": weights["weight"].groupby(level=0).mean(),
        "days": days["median_days"].groupby(level=0).mean(),
        "least_severity": weights["weight"].groupby(level=0).min(),
        "greatest_severity": weights["weight"].groupby(level=0).max(),
        "fewest_days": days["min_days"].groupby(level=0).min(),
        "most_days": days["max_days"].groupby(level=0).max(),
    }
    kept = mapping[["offence_group", "offence", "name", "status", "reason"]]
    joined = {name: kept["offence"].map(each.astype("float64")) for name, each in numbers.items()}
    for index in ENDS:
        joined[index] = joined[index].where(kept["status"] == MAPPED)
    for end in ENDS["days"]:
        # The Cambridge index leaves these out, so in it they weigh nothing.
        joined[end] = joined[end].mask(kept["status"] == LEFT_OUT, 0.0)
    return kept.assign(**joined)


def _named(mapping: pd.DataFrame, column: str, mapped: pd.Series) -> pd.Series:
    """Return what a column names, one row each; what is not mapped need not name anything."""
    names = mapping.set_index("offence")[column].astype("string").str.split("; ").explode()
    return names[names.notna() | mapped.reindex(names.index)].astype(object)


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

    `counts` has offence and value, with a row also for what was not recorded; `weights` is what
    `weights_of` gives, `phi` is how many times more than Poisson the counts vary. The Crime
    Severity Score is Σ count · weight / residents (Office for National Statistics 2016); the
    Cambridge Crime Harm Index Σ count · days / residents (Sherman, Neyroud and Neyroud 2016),
    without what police activity finds. Both are per 1,000 residents, with `gamma_limits` for the
    heaviest of all the offences, recorded or not. Raises KingstonError for a wrong count, an
    offence that the weights do not know, and no residents.
    """
    _check_counts(counts, weights, ["offence"])
    _check_residents(population)
    rows = counts[["offence", "value"]].astype({"value": "float64"})
    rows = _bounded(rows.merge(weights, on="offence"))
    mapped = rows[rows["status"] == MAPPED]
    parts = {f"{name}_share": mapped["value"] * mapped[each] for name, each in INDICES.items()}
    parts["share"] = rows["value"]
    rows = rows.assign(**{name: each / (each.sum() or math.nan) for name, each in parts.items()})
    order = ["severity_share", "value", "offence"]
    rows = rows.sort_values(order, ascending=[False, False, True], ignore_index=True)
    if mapped.empty:
        none = Gap(" ".join(["None of these offences can be weighed.", *_reasons(rows)]))
        return Harm(rows, _by_group(rows), none)
    found = (_index(rows, each, population / PER, phi, level) for each in INDICES.values())
    return Harm(rows, _by_group(rows), Indices(*found))


def _reasons(offences: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(offences["reason"][offences["status"] != MAPPED]))


def _by_group(rows: pd.DataFrame) -> pd.DataFrame:
    every = rows.groupby("offence_group")
    recorded = every[["value", "share"]].sum().rename(columns={"value": "recorded"})
    mapped = rows[rows["status"] == MAPPED].groupby("offence_group")
    sums = mapped[["value", "severity_share", "harm_share"]].sum(min_count=1)
    order = ["severity_share", "offence_group"]
    sums = sums.join(recorded).reset_index()
    return sums.sort_values(order, ascending=[False, True], ignore_index=True)


def _index(
    rows: pd.DataFrame, index: IndexName, thousands: float, phi: float, level: float
) -> Index:
    mapped = rows[rows["status"] == MAPPED]
    rate = _rate(mapped, index, thousands, phi, level)
    ends = [(rows["value"] * each).sum() / thousands for each in _may_weigh(rows, index)]
    bounds = (float(ends[0]), float(ends[1]))
    if not rate.value:
        none = NO_WEIGHT if mapped["value"].any() else NONE_RECORDED
        return Index(rate, None, (), none, bounds, none)
    adds = mapped["value"] * mapped[index]
    adds_most = int(adds.argmax())
    rest = mapped.drop(index=mapped.index[adds_most])
    without = _rate(rest, index, thousands, phi, level) if len(rest) else ONE_ONLY
    if isinstance(without, Estimate):
        without = _too_wide(without) or without
    recorded = mapped[mapped["value"] > 0]
    heaviest = recorded[recorded[index] == recorded[index].max()]
    most_severe = tuple(heaviest["name"]) if len(heaviest) < len(recorded) else ()
    name = mapped["name"].iloc[adds_most]
    like_it = _like(adds.set_axis(mapped["name"]), adds.to_numpy() * mapped[index], phi, level)
    return Index(rate, name, most_severe, without, bounds, _too_wide(rate), like_it)


def _like(adds: pd.Series, variances: pd.Series, phi: float, level: float) -> tuple[str, ...]:
    """Name what noise cannot tell from the first: what differs by less than z √(φ(v_a + v_b))."""
    most = int(adds.argmax())
    varied = phi * (variances.to_numpy() + variances.iloc[most])
    near = adds[(adds.iloc[most] - adds <= normal_quantile(level) * np.sqrt(varied)) & (adds > 0)]
    others = near.drop(adds.index[most]).sort_values(ascending=False, kind="stable")
    return tuple(others.index)


def _bounded(rows: pd.DataFrame) -> pd.DataFrame:
    """Let what names nothing that it may be lie within what all the offences given may weigh."""
    filled = {}
    for least, greatest in ENDS.values():
        filled[least] = rows[least].fillna(rows[least].min())
        filled[greatest] = rows[greatest].fillna(rows[greatest].max())
    return rows.assign(**filled)


def _may_weigh(rows: pd.DataFrame, index: IndexName) -> tuple[pd.Series, pd.Series]:
    """Return the least and the greatest that each offence may weigh; the mapped, what they do."""
    least, greatest = (
        rows[index].where(rows["status"] == MAPPED, rows[end]) for end in ENDS[index]
    )
    return least, greatest


def _rate(
    mapped: pd.DataFrame, index: IndexName, thousands: float, phi: float, level: float
) -> Estimate:
    weight, count = mapped[index], mapped["value"]
    total, squares = float((weight * count).sum()), float((weight**2 * count).sum())
    low, high = gamma_limits(total, phi * squares, phi * float(weight.max()), level)
    return Estimate(total / thousands, low / thousands, high / thousands, level=level)


def _too_wide(rate: Estimate) -> Gap | None:
    """Return why an index says nothing, where its ends lie more than `WIDEST` times apart."""
    low, high = ends_of(rate)
    if high <= WIDEST * low:
        return None
    level = rate.level * 100
    return Gap(
        f"Too few offences carry the figure: its {level:g}% interval, {low:,.1f} to {high:,.1f} "
        f"for every 1,000 residents, has an upper end more than {WIDEST} times the lower."
    )


def gamma_limits(
    total: float, variance: float, heaviest: float, level: float
) -> tuple[float, float]:
    """Return the limits of what lies behind a weighted sum of counts.

    The lower is the quantile of the gamma distribution with the sum's mean and variance, the upper
    that of the one to which a further offence of the greatest weight is added (Fay and Feuer 1997,
    equations 4 and 5). `heaviest` is the greatest weight that an offence *could* have, not that of
    one recorded, or a rare heavy offence that did not happen would not count. Where counts vary φ
    times more than Poisson, they are taken to come φ at a time: give φ Σ weight² · count for the
    variance, φ · weight for the heaviest.
    """
    tail = (1 - level) / 2
    low = _gamma_quantile(tail, total, variance)
    return low, _gamma_quantile(1 - tail, total + heaviest, variance + heaviest**2)


def _gamma_quantile(probability: float, mean: float, variance: float) -> float:
    if not (mean and variance):
        return mean
    return float(special.gammaincinv(mean**2 / variance, probability)) * variance / mean


def an_offence(found: Harm, index: IndexName, phi: float, level: float = LEVEL) -> Estimate:
    """Return the mean weight of the weighed offences by an index.

    The mean is Σ count · weight / Σ count; by the delta method the variance of the sum is φ Σ count
    · (weight - mean)². The limits are `gamma_limits` of what each offence weighs more than the
    lightest, and no more than the heaviest weighs.
    """
    counts, weights = found.mapped["value"], found.mapped[index]
    many, lightest, heaviest = found.weighed_count, float(weights.min()), float(weights.max())
    if lightest == heaviest:
        return Estimate(heaviest, heaviest, heaviest, level=level)
    mean = float((counts * weights).sum()) / many
    variance = phi * float((counts * (weights - mean) ** 2).sum())
    more, most = (mean - lightest) * many, phi * (heaviest - lightest)
    low, high = (lightest + end / many for end in gamma_limits(more, variance, most, level))
    return Estimate(mean, min(low, mean), max(mean, min(high, heaviest)), level=level)


def bounds_of_an_offence(found: Harm, index: IndexName) -> tuple[float, float]:
    """Return what all offences may weigh on average, the rest at its least and its greatest."""
    sums = ((found.offences["value"] * e).sum() for e in _may_weigh(found.offences, index))
    least, greatest = (float(each) / found.total for each in sums)
    return least, greatest


def harm_by_area(
    counts: pd.DataFrame, weights: pd.DataFrame, populations: pd.DataFrame
) -> pd.DataFrame:
    """Weigh the same offences in several areas.

    `counts` has area, offence and value, `populations` area and population. Returns area,
    severity_rate and harm_rate, both per 1,000 residents, and the rank by each, 1 for the lowest,
    as severity_rank and harm_rank, and from the other end as severity_rank_top and harm_rank_top.
    A rank that hangs on what the rest of the offences weigh is missing; severity_rank_least and
    severity_rank_most (and those of harm) are the ends between which it lies. No row where no
    offence has weights. Raises what `weigh_harm` raises.
    """
    _check_counts(counts, weights, ["area", "offence"])
    rows = counts[["area", "offence", "value"]].astype({"value": "float64"})
    rows = _bounded(rows.merge(weights, on="offence"))
    if not rows["status"].eq(MAPPED).any():
        rows = rows[0:0]
    people = populations.set_index("area")["population"].astype("float64")
    people = people.reindex(rows["area"].unique())
    for area, residents in people.items():
        _check_residents(residents, f" of {area}")
    found = {}
    for name, weight in INDICES.items():
        rate, low, high = (
            (rows["value"] * each).groupby(rows["area"]).sum() / people * PER
            for each in (rows[weight], *_may_weigh(rows, weight))
        )
        # How many areas lie lower for sure, how many may, and how many lie higher for sure.
        lower = pd.Series([(high < each).sum() for each in low], rate.index)
        may = pd.Series([(low < each).sum() for each in high], rate.index) - (low < high)
        higher = pd.Series([(low > each).sum() for each in high], rate.index)
        found[f"{name}_rate"] = rate
        found[f"{name}_rank"] = (1 + lower).where(lower == may)
        found[f"{name}_rank_top"] = (1 + higher).where(lower == may)
        found[f"{name}_rank_least"], found[f"{name}_rank_most"] = 1 + lower, 1 + may
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
