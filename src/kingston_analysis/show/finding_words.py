"""Words for findings: how one reads in a sentence."""

from __future__ import annotations

from kingston_analysis.results import Finding
from kingston_analysis.show import wording


def change_words(finding: Finding) -> str:
    """Write a change as a verb phrase with its interval; one that cannot be compared says so."""
    if finding.value is None:
        return "cannot be compared"
    ratios = [1 + each / 100 for each in (finding.value, *finding.interval)]
    words = wording.change_in_words(finding.verdict, ratios[0])
    return f"{words} ({wording.interval_in_words(*ratios[1:])})"
