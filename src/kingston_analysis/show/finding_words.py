"""Words for findings: how one reads in a sentence."""

from __future__ import annotations

from kingston_analysis.results import Estimate, Finding
from kingston_analysis.show import wording


def change_words(finding: Finding) -> str:
    """Write a change as a verb phrase with its interval; one that cannot be compared says so."""
    if finding.value is None:
        return "cannot be compared"
    ratio = Estimate(finding.value, *finding.interval).map(lambda percent: 1 + percent / 100)
    words = wording.change_in_words(finding.verdict, ratio)
    return f"{words} ({wording.interval_in_words(ratio)})"
