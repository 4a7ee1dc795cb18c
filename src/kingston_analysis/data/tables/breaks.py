"""Registered breaks: which of them lie between two periods of what an indicator selects."""

from __future__ import annotations

from typing import Literal

from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.metadata import Break, Metadata

Effect = Literal["refuse", "label"]


def breaks_between(
    meta: Metadata, select: dict[str, list[str]], first: str, second: str, kind: periods.Kind
) -> list[tuple[Effect, str]]:
    """Return (effect, what happened) of the breaks that a comparison of two periods would cross.

    A break is crossed when the earlier period begins before it and the later one ends after it,
    so a year in the middle of which the break falls can be compared with neither neighbour.
    """
    if meta.period is None:
        return []
    start, end = periods.starts(first, kind), periods.ends(second, kind)
    crossed = [e for e in meta.breaks if start < periods.starts(e.at, meta.period.kind) <= end]
    effects = [(effect_on(each, select), each.what) for each in crossed]
    return [(effect, what) for effect, what in effects if effect]


def effect_on(each: Break, select: dict[str, list[str]]) -> Effect | None:
    """Tell what a break does to the rows that an indicator selects.

    It has its own effect where it touches all of them; where it touches only some, their sum can
    still be compared, with the label.
    """
    touches = {} if each.touches == "all" else each.touches
    chosen = [(set(select.get(name, [])), set(values)) for name, values in touches.items()]
    if not all(selected & touched for selected, touched in chosen):
        return None
    if each.effect == "swap":
        return None if all(touched <= selected for selected, touched in chosen) else "refuse"
    return each.effect if all(selected <= touched for selected, touched in chosen) else "label"
