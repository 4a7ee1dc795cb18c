"""The part of a page where a reader moves the weights of the matrix and sees the ranks change."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd
from markupsafe import Markup

from kingston_analysis.matrix.scheme import HIGHEST, LOWEST
from kingston_analysis.matrix.scoring import DECIMALS, ranking
from kingston_analysis.show.escaping import html
from kingston_analysis.show.table import JUDGED
from kingston_analysis.show.wording import first_places, listed, number_in_words

# The range of a slider, wide enough for the agreed weights of any scheme.
SLIDER_END, STEP = 5, 0.5

AGREED = "These are the agreed weights."
NOTHING_RANKED = "All weights are 0, so nothing is ranked."
RESTS = "The ranks rest partly on demonstration values."


def weight_explorer_html(matrix: dict[str, Any]) -> Markup:
    """Write the table by the agreed weights, and the sliders for readers with scripts."""
    weights = {each["id"]: each["weight"] for each in matrix["headings"]}
    titles = {each["id"]: each["title"] for each in matrix["headings"]}
    places, marked = first_places(matrix["first"]), matrix["demonstrates"]
    texts = {"places": places, "agreed": AGREED, "nothing": NOTHING_RANKED}
    texts |= {"mark": " [d]" if marked else "", "rests": f" {RESTS}" if marked else ""}
    return html(
        "weighing.html.j2",
        headings=matrix["headings"],
        rows=_rows(matrix, weights, texts["mark"]),
        places=places,
        fewest=number_in_words(matrix["fewest_computed"]),
        computed=listed(each["title"] for each in matrix["headings"] if each["computed"]),
        ends=(LOWEST, HIGHEST),
        tie_breaks=[titles[each] for each in matrix["tie_breaks"]],
        highest=max(SLIDER_END, *map(math.ceil, weights.values())),
        step=STEP,
        mark=texts["mark"],
        meaning=JUDGED["d"],
        news="" if any(weights.values()) else NOTHING_RANKED,
        data={**matrix, "words": texts},
    )


def _rows(
    matrix: dict[str, Any], weights: dict[str, float], mark: str
) -> list[dict[Hashable, Any]]:
    """Rank the topics; those that share a rank, or have none, stand by the alphabet."""
    titles = pd.Series({each["id"]: each["title"] for each in matrix["topics"]}, name="title")
    scores = pd.DataFrame(
        [each["scores"] for each in matrix["topics"]],
        index=titles.index,
        columns=list(weights),
        dtype=float,
    )
    ranked = [each["id"] for each in matrix["topics"] if each["ranked"]]
    found = ranking(scores, pd.Series(weights), matrix["tie_breaks"], ranked)
    ordered = found.join(titles).sort_values(["rank", "title"]).rename_axis("topic").reset_index()
    return [_row(each, matrix["first"], mark) for each in ordered.to_dict("records")]


def _row(found: dict[Hashable, Any], first: int, mark: str) -> dict[Hashable, Any]:
    ranked = not math.isnan(found["rank"])
    ends = [f"{round(found[end], DECIMALS):.1f}" for end in ("lowest", "highest")]
    return {
        **found,
        "rank": f"{found['rank']:.0f}{mark}" if ranked else "not ranked",
        "total": "none" if "nan" in ends else " to ".join(dict.fromkeys(ends)) + mark,
        "within": found["rank"] <= first,
        "move": "same" if ranked else "not ranked",
    }
