"""Statutory coverage as the Markdown of its page."""

from __future__ import annotations

from itertools import groupby

from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.plan.coverage import Met
from kingston_analysis.plan.law import Requirement


def statutory_lines(met: list[Met], later: list[Requirement]) -> list[str]:
    """Write, law by law, where each requirement is met or why it is waived.

    `later` are requirements that were not in force yet.
    """
    waived = [each for each in met if each.waived]
    met_ones = [each for each in met if each.parts]
    lines = [f"{len(met_ones)} of {len(met)} requirements in force are met, {len(waived)} waived."]
    for law, found in groupby(met, key=lambda each: _law(each.requirement)):
        lines += ["", f"## {law}"]
        confirmed = ""
        for each in found:
            if each.requirement.confirmed != confirmed:
                confirmed = each.requirement.confirmed
                lines += ["", f"Confirmed: {confirmed}."]
            lines += ["", f"**{each.requirement.asks}**", "", *_where(each)]
    for coming in later:
        day = day_in_words(coming.since)
        lines += ["", "## Not in force for this edition", ""]
        lines.append(f"**{coming.asks}** {_law(coming)}. ")
        lines[-1] += f"It holds from {day}."
    return lines


def _where(met: Met) -> list[str]:
    if met.waived:
        return [f"- Waived: {met.waived}"]
    return [f"- {{doc}}`/{part.page}`: {part.says}" for part in met.parts]


def _law(each: Requirement) -> str:
    return f"{each.instrument}, {each.provision}"
