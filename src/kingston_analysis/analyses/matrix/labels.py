"""Labels of the matrix: how its ranks, scores, values and lists of topics are written."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kingston_analysis.matrix.cells import Computed, Matrix
from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scheme import Style
from kingston_analysis.results import DEMONSTRATION, Gap
from kingston_analysis.show import wording
from kingston_analysis.show.wording import agreeing, number_in_words

STYLES: dict[Style, str] = {"percent": ",.1%", "ratio": ",.2f", "signed": "+,.1f", "number": ",.0f"}
MARKS = {"demonstration": " [d]", "partnership": " [j]"}


def mark(found: Matrix, topics: Iterable[str] | None = None) -> str:
    """Return the mark of what rests on the scores of topics, or of all that are ranked."""
    return MARKS["demonstration"] if rests_on(found, topics) else ""


def rests(found: Matrix) -> list[str]:
    """Return the sentence that the ranks rest on demonstration values, where they do."""
    return [f"This {words}."] if (words := rests_on(found)) else []


def rests_on(found: Matrix, topics: Iterable[str] | None = None) -> str:
    """Say that the scores of topics, or of all that are ranked, are demonstrations, if any is."""
    shown = found.demonstrates(found.ranked if topics is None else topics)
    return f"rests partly on {DEMONSTRATION}s" if shown else ""


def rank_label(rank: float, found: Matrix) -> str:
    """Write a rank with its mark, or that there is none."""
    return "not ranked" if np.isnan(rank) else f"{rank:.0f}{mark(found)}"


def why_not_ranked(found: Matrix, topic: str) -> Gap:
    """Say how many computed headings have a figure of a topic, and how many are needed."""
    count = found.figures(topic)
    have = f"{number_in_words(count) if count else 'none'} of the computed headings"
    needed = found.scheme.fewest_computed
    return Gap(
        f"It cannot be ranked on evidence: {have} {'have' if count > 1 else 'has'} a figure, and "
        f"{number_in_words(needed)} {agreeing(needed, 'is', 'are')} needed."
    )


def score_label(score: float) -> str:
    """Write a score: whole, or to one decimal place."""
    if np.isnan(score):
        return "[x]"
    return f"{score:.0f}" if score % 1 == 0 else f"{score:.1f}"


def judged_score(judged: Judged) -> str:
    """Write a score that people gave, with its mark."""
    return score_label(judged.score) + MARKS[judged.kind]


def value_label(computed: Computed) -> str:
    """Write the value behind a computed score in the style of its measure, with its unit."""
    bands = computed.bands
    return f"{format_measure(computed.value.estimate.value, bands.style)} ({bands.unit})"


def format_measure(value: float, style: Style) -> str:
    """Write a number in the style of a measure."""
    return f"{value:{STYLES[style]}}".replace("-", "−")


def listed_topics(topics: Iterable[str], titles: dict[str, str]) -> str:
    """List topics in a sentence: robbery, burglary and fraud; nothing where there are none."""
    names = [titles[each][:1].lower() + titles[each][1:] for each in topics]
    return wording.listed(names) if names else ""
