"""Write for people what differs on one page: each cell with old and new value."""

from __future__ import annotations

import json
import os.path
from typing import Any

from kingston_analysis.review.differences import MISSING, TOLERANCE, Difference
from kingston_analysis.review.judge import JudgedCell
from kingston_analysis.review.outputs import compare_outputs

MOST = 10
WIDTH = 80
# How much of what two long values share is shown before their difference.
LEAD = 20


def page_report(page: str, cells: list[JudgedCell]) -> str:
    """Write what differs on a page; numbers that differ in their last digits stand apart."""
    lines: list[str] = []
    last_digits: list[str] = []
    for cell in (each for each in cells if each.verdict == "failed"):
        found = [] if cell.error else compare_outputs(cell.stored, cell.got)
        last_digits += [f"cell {cell.number}, {_told(each)}" for each in found if each.within]
        if told := _reasons(cell, found):
            lines += [f"  Cell {cell.number}, `{_first_line(cell)}`:", *_some(told)]
    if not_run := [str(cell.number) for cell in cells if cell.verdict == "not run"]:
        lines.append(f"  Not run: cell {', '.join(not_run)}.")
    only = "" if lines else ", only in the last digits"
    if last_digits:
        how_many = f"{len(last_digits):,} number{'s differ' if last_digits[1:] else ' differs'}"
        lines.append(f"  {how_many} by less than 1 part in {1 / TOLERANCE:,.0f}:")
        lines += _some(last_digits)
    return "\n".join([f"{page} differs{only}.", *lines])


def _reasons(cell: JudgedCell, found: list[Difference]) -> list[str]:
    if cell.error:
        return [cell.error]
    if not found:
        return ["nbval finds a difference that is none of data."]
    return [_told(each) for each in found if not each.within]


def _some(told: list[str]) -> list[str]:
    more = [f"… and {len(told) - MOST:,} more."] if len(told) > MOST else []
    return [f"    {each}" for each in (*told[:MOST], *more)]


def _told(difference: Difference) -> str:
    path, old, new = difference.path, *_shown(difference.old, difference.new)
    if difference.old is MISSING:
        return f"{path} is new: {new}"
    if difference.new is MISSING:
        return f"{path} is gone; it was {old}"
    return f"{path}: was {old}, is now {new}"


def _shown(old: Any, new: Any) -> tuple[str, str]:
    """Write two values as JSON; of long ones the part that begins shortly before they differ."""
    texts = [str(v) if v is MISSING else json.dumps(v, ensure_ascii=False) for v in (old, new)]
    start = 0
    if max(map(len, texts)) > WIDTH:
        start = max(len(os.path.commonprefix(texts)) - LEAD, 0)
    return _cut(texts[0], start), _cut(texts[1], start)


def _cut(text: str, start: int = 0) -> str:
    end = start + WIDTH
    return "…" * (start > 0) + text[start:end] + "…" * (len(text) > end)


def _first_line(cell: JudgedCell) -> str:
    return _cut(cell.source.strip().partition("\n")[0])
