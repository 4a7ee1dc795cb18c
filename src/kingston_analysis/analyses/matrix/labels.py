"""Labels of the matrix: how its ranks, scores, values and lists of topics are written."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kingston_analysis.matrix.cells import Computed
from kingston_analysis.matrix.scheme import Style
from kingston_analysis.show import wording

STYLES: dict[Style, str] = {"percent": ",.1%", "ratio": ",.2f", "signed": "+,.1f", "number": ",.0f"}


def rank_label(rank: float) -> str:
    """Write a rank, or that there is none."""
    return "not ranked" if np.isnan(rank) else f"{rank:.0f}"


def score_label(score: float) -> str:
    """Write a score: whole, or to one decimal place."""
    if np.isnan(score):
        return "[x]"
    return f"{score:.0f}" if score % 1 == 0 else f"{score:.1f}"


def value_label(computed: Computed) -> str:
    """Write the value behind a computed score in the style of its measure, with its unit."""
    bands = computed.bands
    return f"{format_measure(computed.value.estimate.value, bands.style)} ({bands.unit})"


def format_measure(value: float, style: Style) -> str:
    """Write a number in the style of a measure."""
    return f"{value:{STYLES[style]}}".replace("-", "−")


def listed_topics(topics: Iterable[str], titles: dict[str, str]) -> str:
    """List topics in a sentence: robbery, burglary and fraud; nothing where there are none."""
    names = [titles[each][:1].lower() + titles[each][1:] for each in topics]
    return wording.listed(names) if names else ""
