"""Statutory coverage as the Markdown of its page."""

from __future__ import annotations

from kingston_analysis.plan.coverage import Met
from kingston_analysis.plan.law import Requirement
from kingston_analysis.tables.periods import day_in_words


def statutory_lines(met: list[Met], later: list[Requirement]) -> list[str]:
    """Write where each requirement is met, what is waived, and what was not in force yet."""
    waived = [each for each in met if each.waived]
    held = [each for each in met if each.parts]
    lines = [f"{len(held)} of {len(met)} requirements in force are met, {len(waived)} waived.", ""]
    lines += [
        "```{list-table} What the law asks, and where it is met",
        ":header-rows: 1",
        "",
        *_row("It asks", "Law", "Where it is met"),
    ]
    for each in held:
        parts = " ".join(f"{{doc}}`/{part.page}`: {part.says}" for part in each.parts)
        lines += _row(each.requirement.asks, _law(each.requirement), parts)
    lines.append("```")
    for each in waived:
        lines += ["", f"**Waived:** {each.requirement.asks} {each.waived}"]
    for each in later:
        day = day_in_words(each.since)
        lines += ["", f"**Not in force for this edition:** {each.asks} It holds from {day}."]
    return lines


def _row(*cells: str) -> list[str]:
    first, *others = cells
    return [f"* - {first}", *(f"  - {cell}" for cell in others)]


def _law(each: Requirement) -> str:
    return f"{each.instrument}, {each.provision}. Confirmed: {each.confirmed}."
