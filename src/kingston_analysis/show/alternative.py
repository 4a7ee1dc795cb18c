"""What a plain chart shows, in words for those who cannot see it, made of its specification."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kingston_analysis.errors import KingstonError
from kingston_analysis.show.figure import LONGEST, SHORTEST
from kingston_analysis.show.table import DisplayTable, Format, format_cell, plain_value
from kingston_analysis.show.wording import like

MARKS = {"bar": "Bar chart", "line": "Line chart", "area": "Area chart"}
PLAIN_MARKS = (*MARKS, "point", "circle", "square", "tick")
# Channels that add nothing to what x and y say.
SILENT = {"x", "y", "tooltip", "order"}


def alternative_of(specification: dict[str, Any], frame: pd.DataFrame, shown: DisplayTable) -> str:
    """Describe one simple mark: of what, by what, from where to where, its ends.

    Raises KingstonError where the chart says more than that, or too little for a sentence.
    """
    text = _described(specification, frame, {h.title: h.format for h in shown.headings})
    if text is None or not SHORTEST <= len(text) <= LONGEST:
        what = "page.figure: an alternative cannot be made for this chart."
        remedy = (
            f'Say in {SHORTEST} to {LONGEST} characters what it shows: `alternative="…"`, for '
            "those who cannot see it."
        )
        raise KingstonError(what, remedy)
    return text


def _described(
    specification: dict[str, Any], frame: pd.DataFrame, formats: dict[str, Format]
) -> str | None:
    mark, channels = specification.get("mark"), specification.get("encoding", {})
    kind = str(mark.get("type") if isinstance(mark, dict) else mark)
    axes = [channels.get(each, {}) for each in ("x", "y")]
    drawn = [each for each in axes if each.get("type") == "quantitative"]
    along = [each for each in axes if each not in drawn]
    is_plain = kind in PLAIN_MARKS and len(drawn) == len(along) == 1
    if not is_plain or "transform" in specification or _says_more(channels, along[0]):
        return None
    (measure, by) = (each[0]["field"].replace("\\", "") for each in (drawn, along))
    known = frame.dropna(subset=[measure])
    if known.empty or known[by].duplicated().any():
        return None
    first, last = (plain_value(known[by].iloc[n]) for n in (0, -1))
    subject, across = _named(drawn[0], measure), _named(along[0], by)
    shown_as = f"{MARKS.get(kind, 'Chart')} of {subject} by {across}, {first} to {last}"
    if len(known) > 1 and known[measure].nunique() == 1:
        return f"{shown_as}: {format_cell(known[measure].iloc[0], formats[measure])} in each."
    ends = {"highest": known[measure].max(), "lowest": known[measure].min()}
    told = [
        f"{end} {format_cell(value, formats[measure])} "
        f"({_places(known.loc[known[measure] == value, by])})"
        for end, value in ends.items()
    ]
    return f"{shown_as}: {' and '.join(told)}."


def _places(names: pd.Series) -> str:
    """Name those that have one value, or say how many they are."""
    return like([*map(str, map(plain_value, names))], "others")


def _says_more(channels: dict[str, Any], along: dict[str, Any]) -> bool:
    """Tell whether anything but x and y, each a column as it is, is drawn."""
    axes = (channels["x"], channels["y"])
    if not all("field" in each and not each.keys() & {"aggregate", "bin"} for each in axes):
        return True
    others = (each for name, each in channels.items() if name not in SILENT)
    return any(
        isinstance(each, dict)
        and each.get("field") != along["field"]
        and each.keys() & {"field", "aggregate", "condition"}
        for each in others
    )


def _named(axis: dict[str, Any], field: str) -> str:
    title = axis.get("title")
    words = title if isinstance(title, str) and title else field.replace("_", " ")
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
