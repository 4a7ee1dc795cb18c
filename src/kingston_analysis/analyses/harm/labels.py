"""Labels: the names of the two indices, and how an amount of harm is written."""

from __future__ import annotations

from kingston_analysis.measures.harm import (
    INDICES,
    Harm,
    Index,
    Indices,
)

SEVERITY, CAMBRIDGE = "Crime Severity Score", "Cambridge Crime Harm Index"
# What leaves out offences is no Crime Severity Score.
PARTIAL = "severity of the offences that can be weighed"


def severity_name(found: Harm) -> str:
    """Name the severity index of what is weighed."""
    return SEVERITY if found.is_whole else PARTIAL


def harm_number(value: float) -> str:
    """Write an amount of harm: from 100 on whole, below with one decimal."""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def named_indices(indices: Indices) -> dict[str, Index]:
    """Return the indices by the name that their shares and ranks have."""
    return {name: getattr(indices, index) for name, index in INDICES.items()}


def weigh_alike(found: Harm) -> bool:
    """Tell whether all offences that were recorded and can be weighed have the same weights."""
    recorded = found.mapped[found.mapped["value"] > 0]
    return bool(recorded[list(INDICES.values())].nunique().le(1).all())
