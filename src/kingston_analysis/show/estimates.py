"""Words for estimated numbers of offences: signed, rounded, with their 95% interval."""

from __future__ import annotations

from kingston_analysis.results import Estimate
from kingston_analysis.show.table import written

ROUNDED = "Parts are rounded, so their sum can differ by one or two."


def signed(value: float) -> str:
    """Write a number of offences, whole and with its sign; nothing has no sign."""
    return written(float(value), "signed count")


def interval(estimate: Estimate) -> str:
    """Write the ends of a 95% interval."""
    return f"{signed(estimate.low)} to {signed(estimate.high)}"


def with_interval(estimate: Estimate) -> str:
    """Write a number with its interval: +16 (95% interval −213 to +245)."""
    return f"{signed(estimate.value)} (95% interval {interval(estimate)})"


def by_chance(estimate: Estimate) -> str:
    """Say whether a number can be chance."""
    return "it can be chance" if estimate.allows(0) else "it is more than chance explains"
