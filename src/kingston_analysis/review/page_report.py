"""Write for people what differs on one page: each cell with old and new value."""

from __future__ import annotations

import json
import os.path

from kingston_analysis.review.differences import MISSING, TOLERANCE, OutputDifference
from kingston_analysis.review.judge import JudgedCell
from kingston_analysis.review.outputs import compare_outputs

MOST = 10
VALUE_WIDTH = 80
# How much of what two long values share is shown before their difference.
SHARED_START = 20


def page_report(page: str, cells: list[JudgedCell]) -> str:
    """Write what differs on a page; numbers that differ in their last digits stand apart."""
    lines: list[str] = []
    last_digits: list[str] = []
    for cell in (each for each in cells if each.verdict == "failed"):
        found = [] if cell.error else compare_outputs(cell.stored, cell.got)
        last_digits += [
            f"cell {cell.number}, {_difference_text(each)}" for each in found if each.within
        ]
        if reasons := _reasons(cell, found):
            lines += [f"  Cell {cell.number}, `{_first_line(cell)}`:", *_some(reasons)]
    if not_run := [str(cell.number) for cell in cells if cell.verdict == "not run"]:
        lines.append(f"  Not run: cell {', '.join(not_run)}.")
    only = "" if lines else ", only in the last digits"
    if last_digits:
        how_many = f"{len(last_digits):,} number{'s differ' if last_digits[1:] else ' differs'}"
        lines.append(f"  {how_many} by less than 1 part in {1 / TOLERANCE:,.0f}:")
        lines += _some(last_digits)
    return "\n".join([f"{page} differs{only}.", *lines])


def _reasons(cell: JudgedCell, found: list[OutputDifference]) -> list[str]:
    if cell.error:
        return [cell.error]
    if not found:
        return ["nbval finds a difference that is none of data."]
    return [_difference_text(each) for each in found if not each.within]


def _some(texts: list[str]) -> list[str]:
    more = [f"… and {len(texts) - MOST:,} more."] if len(texts) > MOST else []
    return [f"    {each}" for each in (*texts[:MOST], *more)]


def _difference_text(difference: OutputDifference) -> str:
    path, old, new = difference.path, *_shown(difference.old, difference.new)
    if difference.old is MISSING:
        return f"{path} is new: {new}"
    if difference.new is MISSING:
        return f"{path} is gone; it was {old}"
    return f"{path}: was {old}, is now {new}"


def _shown(old: object, new: object) -> tuple[str, str]:
    """Write two values as JSON; of long ones the part that begins shortly before they differ."""
    texts = [str(v) if v is MISSING else json.dumps(v, ensure_ascii=False) for v in (old, new)]
    start = 0
    if max(map(len, texts)) > VALUE_WIDTH:
        start = max(len(os.path.commonprefix(texts)) - SHARED_START, 0)
    return _cut(texts[0], start), _cut(texts[1], start)


def _cut(text: str, start: int = 0) -> str:
    end = start + VALUE_WIDTH
    before, after = "…" if start else "", "…" if len(text) > end else ""
    return f"{before}{text[start:end]}{after}"


def _first_line(cell: JudgedCell) -> str:
    return _cut(cell.source.strip().partition("\n")[0])
