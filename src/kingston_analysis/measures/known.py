"""What must be known where it is used: the ends of an interval, the number of a finding."""

from __future__ import annotations

from kingston_analysis.errors import KingstonError
from kingston_analysis.results import Estimate, Finding


def ends_of(estimate: Estimate) -> tuple[float, float]:
    """Return the ends of an interval; raise KingstonError where none is known."""
    if estimate.ends is None:
        raise KingstonError(f"The estimate {estimate.value:g} has no interval.")
    return estimate.ends


def number_of(finding: Finding) -> float:
    """Return a finding's number; raise KingstonError where it has none."""
    if finding.value is None or isinstance(finding.value, str):
        raise KingstonError(f"The finding '{finding.name}' of {finding.period} is no number.")
    return finding.value
