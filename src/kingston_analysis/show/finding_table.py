"""Findings as a small table of text, for those who read a notebook."""

from __future__ import annotations

from collections.abc import Iterable

from kingston_analysis.results import Finding

HEADINGS = ("finding", "period", "value", "95% interval", "unit", "verdict, or why no value")
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
    value, interval = finding.value, finding.interval
    if value is None:
        return (finding.name, finding.period or "", "[x]", "", "", finding.missing or "")
    return (
        finding.name,
        finding.period or "",
        value if isinstance(value, str) else f"{value:,}",
        f"{interval[0]:,} to {interval[1]:,}" if interval else "",
        finding.unit,
        finding.verdict or "",
    )
