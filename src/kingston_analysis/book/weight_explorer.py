"""The part of a page where a reader moves the weights of the matrix and sees the ranks change."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from kingston_analysis.matrix.scoring import DECIMALS, ranking
from kingston_analysis.show.table import html
from kingston_analysis.show.wording import number_in_words

# The range of a slider, wide enough for the agreed weights of any scheme.
SLIDER_END, STEP = 5, 0.5

AGREED = "These are the agreed weights."
NOTHING_RANKED = "All weights are 0, so nothing is ranked."


def weight_explorer_html(matrix: dict[str, Any]) -> str:
    """Write the table by the agreed weights, and the sliders for readers with scripts."""
    weights = {each["id"]: each["weight"] for each in matrix["headings"]}
    titles = {each["id"]: each["title"] for each in matrix["headings"]}
    places = _places(matrix["first"])
    texts = {"places": places, "agreed": AGREED, "nothing": NOTHING_RANKED}
    return html(
        "weighing.html.j2",
        headings=matrix["headings"],
        rows=_rows(matrix, weights),
        places=places,
        fewest=matrix["fewest"],
        tie_breaks=[titles[each] for each in matrix["tie_breaks"]],
        highest=max(SLIDER_END, *map(math.ceil, weights.values())),
        step=STEP,
        news="" if any(weights.values()) else NOTHING_RANKED,
        data={**matrix, "words": texts},
    )


def _places(first: int) -> str:
    """Name the first places: first seven, first 12, and of one, first place."""
    return "first place" if first == 1 else f"first {number_in_words(first)}"


def _rows(matrix: dict[str, Any], weights: dict[str, float]) -> list[dict[Hashable, Any]]:
    """Rank the topics; those that share a rank, or have none, stand by the alphabet."""
    titles = pd.Series({each["id"]: each["title"] for each in matrix["topics"]}, name="title")
    scores = pd.DataFrame(
        [each["scores"] for each in matrix["topics"]],
        index=titles.index,
        columns=list(weights),
        dtype=float,
    )
    found = ranking(scores, pd.Series(weights), matrix["tie_breaks"], matrix["fewest"])
    ordered = found.join(titles).sort_values(["rank", "title"]).rename_axis("topic").reset_index()
    return [_row(each, matrix["first"]) for each in ordered.to_dict("records")]


def _row(found: dict[Hashable, Any], first: int) -> dict[Hashable, Any]:
    ranked = not math.isnan(found["rank"])
    return {
        **found,
        "rank": f"{found['rank']:.0f}" if ranked else "not ranked",
        "total": f"{round(found['total'], DECIMALS):.1f}" if ranked else "none",
        "within": found["rank"] <= first,
        "move": "same" if ranked else "not ranked",
    }
