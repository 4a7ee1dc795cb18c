"""The matrix as one table, and in words: what comes first, and on what that rests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kingston_analysis.matrix.cells import Cell, Matrix
from kingston_analysis.show import wording
from kingston_analysis.show.table import DisplayTable, Heading

MARKS = {"demonstration": " [d]", "partnership": " [j]"}
NOT_RANKED = "not ranked"


def matrix_table(matrix: Matrix, ranks: pd.DataFrame, titles: dict[str, str]) -> DisplayTable:
    """Set every topic beside every heading, by rank, with the number of the score in each cell."""
    headings = matrix.scheme.headings
    shown = [
        Heading("Area of crime"),
        Heading("Rank"),
        Heading("Total of 100", "rate"),
        *(Heading(each.title, "score") for each in headings),
        Heading(f"Scored of {len(headings)}", "count"),
    ]
    rows = [
        [
            titles[topic],
            rank_words(row["rank"]),
            "[z]" if np.isnan(row["total"]) else row["total"],
            *(score_cell(matrix.cells[topic][each.id]) for each in headings),
            row["scored"],
        ]
        for topic, row in ranks.iterrows()
    ]
    return DisplayTable("Scores from 1 to 5", shown, rows)


def rank_words(rank: float) -> str:
    """Write a rank, or that there is none."""
    return NOT_RANKED if np.isnan(rank) else f"{rank:.0f}"


def score_words(score: float) -> str:
    """Write a score: whole, or to one decimal place."""
    return "[x]" if np.isnan(score) else f"{score:.0f}" if score % 1 == 0 else f"{score:.1f}"


def score_cell(cell: Cell) -> str:
    """Write a cell's score, marked where people gave it."""
    mark = MARKS[cell.judged.kind] if cell.basis == "judged" else ""
    return score_words(cell.score) + mark


def matrix_sentence(matrix: Matrix, ranks: pd.DataFrame, titles: dict[str, str]) -> str:
    """Say which topics come first, how much rests on judgement, and which are not ranked."""
    first = named(ranks.index[ranks["rank"] <= matrix.scheme.first], titles)
    left = named(ranks.index[ranks["rank"].isna()], titles)
    ranked = len(matrix.ranked)
    if not ranked:
        words = "**No area of crime can be ranked.** None is scored under enough headings. "
    elif ranked <= matrix.scheme.first:
        words = f"Only {ranked} can be ranked, so all of them are among the first "
        words += f"{first_words(matrix)}: {first}. "
    else:
        words = f"The first {first_words(matrix)} of {ranked} ranked areas are {first}. "
    if matrix.scored:
        words += (
            f"{wording.share(matrix.share_judged())} of the weight behind all scores rests on "
            f"judgement, {wording.share(1 - matrix.share_judged())} on figures. "
        )
    if left:
        words += (
            f"Not ranked, since fewer than {matrix.scheme.fewest} headings are scored: {left}. "
        )
    return words.strip()


def demonstration_note(matrix: Matrix) -> str:
    """Warn that judgements are demonstration values, where any are; or that there are none."""
    judged = [cell.judged for row in matrix.cells.values() for cell in row.values() if cell.judged]
    if not judged:
        return (
            "**No judgements are held for this borough and edition.** Only the computed headings "
            "are scored; the judged ones stay empty."
        )
    if any(each.kind == "demonstration" for each in judged):
        return (
            "**The judged scores are demonstration values.** The partnership's own scores were "
            "never published. Those marked [d] were put down by this book's authors to show how "
            "the matrix works. They are not the partnership's views."
        )
    return ""


def compared_sentence(
    matrix: Matrix, ranks: pd.DataFrame, alone: set[str], emerged: tuple[str, ...], titles: dict
) -> str:
    """Set the first by the full matrix beside those by figures alone, and those of the plan."""
    order = list(matrix.cells)
    full = set(ranks.index[ranks["rank"] <= matrix.scheme.first])
    listed = named(sorted(alone, key=order.index), titles)
    if not alone:
        words = "By figures alone no area can be ranked. "
    elif len(alone) < matrix.scheme.first:
        words = (
            f"By figures alone, judgements left out, only {len(alone)} can be ranked: {listed}. "
        )
    else:
        words = (
            f"By figures alone, judgements left out, the first {first_words(matrix)} are {listed}. "
        )
    if not emerged:
        return words.strip()
    both = [each for each in emerged if each in full]
    gone = [each for each in emerged if each not in full]
    come = [each for each in order if each in full and each not in emerged]
    words += f"Of the {len(emerged)} areas that the plan says emerged, {len(both)} are also here"
    words += f" among the first {first_words(matrix)}. " if full else ". "
    if gone:
        words += f"The plan has, and this matrix has not: {named(gone, titles)}. "
    if come:
        words += f"This matrix has, and the plan has not: {named(come, titles)}. "
    return words + "The plan does not publish its scores, so where the two differ cannot be traced."


def named(topics: Any, titles: dict[str, str]) -> str:
    """List topics in a sentence: robbery, burglary and fraud."""
    names = [titles[each][:1].lower() + titles[each][1:] for each in topics]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def first_words(matrix: Matrix) -> str:
    """Write how many come first: seven."""
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    number = matrix.scheme.first
    return words[number - 1] if number <= len(words) else str(number)
