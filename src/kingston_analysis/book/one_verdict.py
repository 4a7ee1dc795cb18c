"""One verdict: what a book calls a change agrees with its interval, and with every other book."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kingston_analysis.errors import Problem
from kingston_analysis.measures.differences import differences, of_kind
from kingston_analysis.results import Findings, number_of, read_findings

# The finding of *What changed* that counts the changes which are judged otherwise than before.
TOLD = ("changed", "judged_otherwise")
# Which way an interval of a change lies, by the words of its verdict.
WAYS = {"rose": 1, "fell": -1, "no clear change": 0, "no clear trend": 0}


def verdict_problems(findings: Findings, file: Path) -> Iterator[Problem]:
    """Find each finding whose verdict its own interval denies."""
    for each in findings:
        if each.verdict not in WAYS or each.interval is None:
            continue
        low, high = each.interval
        if WAYS[each.verdict] != (1 if low > 0 else -1 if high < 0 else 0):
            what = f"'{each.page}.{each.name}' of {each.period} is called '{each.verdict}'"
            yield Problem(f"{what}, and its interval is {low:g} to {high:g}.", file)


def words_problems(findings: Findings, texts: Mapping[str, str]) -> Iterator[str]:
    """Say where a page's text calls a change a rise or fall that its finding does not.

    `texts` are by the name of the page. A change is known by its size, in per cent or offences.
    """
    counts = {(f.page, f.subject, f.period): f.value for f in findings if f.measure == "count"}
    for each in findings:
        if each.measure != "change" or each.verdict != "no clear change" or each.page not in texts:
            continue
        sizes = [f"{abs(number_of(each)):,.1f}%"] if each.value is not None else []
        years = [p for page, subject, p in counts if (page, subject) == (each.page, each.subject)]
        at = years.index(each.period) if each.period in years else 0
        pair = [counts[each.page, each.subject, years[n]] for n in (at - 1, at)] if at else []
        if len(numbers := [n for n in pair if isinstance(n, int | float)]) == 2:
            sizes.append(f"{abs(numbers[1] - numbers[0]):,.0f}, from {numbers[0]:,.0f}")
        for size in sizes:
            # No digit follows: from 50 is not from 500. A trend's move is one *a year on average*.
            said = rf"\b(rose|fell) by {re.escape(size)}(?!,?\d| a year)"
            if found := re.search(said, texts[each.page]):
                of = f"{each.what} in {each.period}"
                yield f"{of}: no clear change, yet the page says '{found[0]}'."


def books_problems(site: Path) -> Iterator[Problem]:
    """Find, between neighbouring editions of an area, changes judged otherwise without a word.

    The later edition's *What changed* says of how many changes, whose figures are the same, the
    verdict is another; so many there must be.
    """
    files = sorted(site.glob("*/*/findings.json"))
    for _, of_area in itertools.groupby(files, key=lambda file: file.parent.parent):
        for before, now in itertools.pairwise(of_area):
            earlier, later = read_findings(before), read_findings(now)
            differing = of_kind(differences(earlier, later), "judged otherwise")
            told = next((f.value for f in later if (f.page, f.measure) == TOLD), 0)
            if len(differing) != told:
                names = ", ".join(f"{each.page}.{each.indicator}" for each in differing)
                edition = before.parent.name
                many = "1 change is" if len(differing) == 1 else f"{len(differing)} changes are"
                what = f"{many} judged otherwise than in edition {edition}"
                yield Problem(f"{what} ({names}), and *What changed* tells of {told}.", now)
