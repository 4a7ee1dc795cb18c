"""What it takes to turn the ranking: as sentences and tables."""

from __future__ import annotations

import pandas as pd

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.turns import Swap, Turn
from kingston_analysis.show import wording
from kingston_analysis.show.matrix_views import named
from kingston_analysis.show.table import DisplayTable, Heading


def turns_table(
    turns: dict[str, Turn | None], matrix: Matrix, now: set[str], titles: dict
) -> DisplayTable:
    """Set down the smallest change of one weight that takes each ranked topic in or out."""
    rows = []
    for topic, turn in turns.items():
        told = ["no single weight can", "[z]", "[z]"]
        if turn:
            heading = matrix.scheme.heading(turn.heading).title
            told = [heading, wording.share(turn.now), wording.share(turn.then)]
        rows.append([titles[topic], "in" if topic in now else "out", *told])
    names = ("Area of crime", "Now", "Weight that must change", "From", "To")
    headings = [Heading(name) for name in names]
    return DisplayTable(
        "The smallest change of one weight that moves an area in or out", headings, rows
    )


def swaps_table(without: list[Swap], other: list[Swap], titles: dict[str, str]) -> DisplayTable:
    """Set down who comes in and goes out without each heading, or with another measure."""
    told = [(f"Without {each.done}", each) for each in without]
    told += [(f"{each.done} by its other measure", each) for each in other]
    rows = [
        [done, named(s.comes, titles) or "none", named(s.goes, titles) or "none"]
        for done, s in told
    ]
    headings = [Heading(name) for name in ("If it were done", "Comes in", "Goes out")]
    return DisplayTable("The first by other headings and measures", headings, rows)


def swaps_sentence(without: list[Swap], other: list[Swap]) -> str:
    """Say how often leaving a heading out, or another measure, changes who is among the first."""
    turned = [each.done for each in without if each.comes or each.goes]
    words = "Leaving out one heading changes who is among the first in "
    words += f"{len(turned)} of {len(without)} cases"
    words += f" ({', '.join(turned)}). " if turned else ". "
    for each in other:
        turned = each.comes or each.goes
        words += (
            f"{each.done} by its other measure {'changes' if turned else 'does not change'} it. "
        )
    return words.strip()


def agreement_sentence(pairs: pd.DataFrame, matrix: Matrix) -> str:
    """Say which headings go together so closely that one thing may be counted twice."""
    limit = matrix.scheme.sensitivity.double_counting
    title = {each.id: each.title for each in matrix.scheme.headings}
    strong = pairs[pairs["rho"] >= limit]
    if pairs.empty:
        return "Too few areas are scored to tell whether headings count the same thing twice."
    if strong.empty:
        return f"No two headings go together closely (Spearman's ρ of {limit:g} or more)."
    listed = "; ".join(
        f"{title[row.first]} and {title[row.second]} (ρ {row.rho:.2f}, {row.topics} areas)"
        for row in strong.itertuples()
    )
    return f"These headings go together closely, so one thing may be counted twice: {listed}."


def agreement_table(pairs: pd.DataFrame, matrix: Matrix) -> DisplayTable:
    """Set down the correlation of every two headings."""
    title = {each.id: each.title for each in matrix.scheme.headings}
    rows = [
        [title[row.first], title[row.second], f"{row.rho:+.2f}".replace("-", "−"), row.topics]
        for row in pairs.itertuples()
    ]
    headings = [
        Heading("Heading"),
        Heading("And"),
        Heading("Spearman's ρ"),
        Heading("Areas scored under both", "count"),
    ]
    return DisplayTable("Do the headings count the same thing twice?", headings, rows)
