"""Findings as a small table of text, for those who read a notebook."""

from __future__ import annotations

from collections.abc import Iterable

from kingston_analysis.results import Finding

HEADINGS = ("finding", "period", "value", "interval", "unit", "in words")
VALUE = HEADINGS.index("value")


def finding_table(findings: Iterable[Finding]) -> str:
    """Write findings in aligned columns, one a line; a column that says nothing is left out."""
    rows = [_cells(each) for each in findings]
    used = [n for n in range(len(HEADINGS)) if n <= VALUE or any(row[n] for row in rows)]
    widths = {n: max(len(row[n]) for row in (HEADINGS, *rows)) for n in used}
    lines = [
        "  ".join(f"{row[n]:{'>' if n == VALUE else '<'}{widths[n]}}" for n in used)
        for row in (HEADINGS, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)


def _cells(finding: Finding) -> tuple[str, ...]:
    """Write a finding's cells; the last holds its verdict, its text, or why it has no value."""
    value, interval = finding.value, finding.interval
    number, unit, words = "[x]", "", finding.missing
    if isinstance(value, str):
        number, words = "", value
    elif value is not None:
        number, unit, words = f"{value:,}", finding.unit, finding.verdict
    between = f"{interval[0]:,} to {interval[1]:,} ({_level(finding)})" if interval else ""
    return (finding.name, finding.period or "", number, between, unit, words or "")


def _level(finding: Finding) -> str:
    return f"{(finding.level or 0.95) * 100:g}%"
