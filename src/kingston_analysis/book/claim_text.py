"""The ledger of claims as the Markdown of its page."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from kingston_analysis.book.narrative import WordKind
from kingston_analysis.plan.claims import (
    ClaimTest,
    ComparisonTest,
    DirectionTest,
    ExtremeTest,
    RankTest,
    ShareTest,
    Untestable,
    ValueTest,
)
from kingston_analysis.plan.verdicts import ClaimVerdict, JudgedClaim
from kingston_analysis.show.wording import listed, number, ordinal, sentence_start

WHOSE = {"plan": "A statement of the plan", "ours": "A statement of this book"}


def claim_lines(judged: list[JudgedClaim], numbers: Counter[WordKind]) -> list[str]:
    """Write how many claims have which verdict, what vouches for numbers, and every claim.

    Each stands with what its test asks, so that a word such as *most* has its threshold beside it.
    """
    verdicts = Counter(each.verdict for each in judged)
    counts = ", ".join(f"{verdict}: {verdicts[verdict]}" for verdict in get_args(ClaimVerdict))
    lines = [
        f"There are {len(judged)} claims. {sentence_start(counts)}.",
        "",
        f"In the pages that people wrote for this edition, {numbers['bound']} numbers and words of "
        f"direction are bound to findings, {numbers['tested']} claims are made, and "
        f"{numbers['excepted']} numbers stand plain: dates, names of laws, and what explains how "
        "to read. All of these are listed as exceptions, each with its reason.",
    ]
    for each in judged:
        lines += [
            "",
            f"({anchor(each.claim.id)})=",
            f"**{WHOSE[each.claim.voice]}:** {each.claim.text}",
            "",
            *_asked(each.claim.test),
            f"- **Verdict: {each.verdict}.** {sentence_start(each.why).rstrip('.')}.",
            *(f"- {figure}." for figure in each.evidence),
        ]
    return lines


def _asked(test: ClaimTest) -> list[str]:
    return [] if isinstance(test, Untestable) else [f"- Tested as: {asked_in_words(test)}."]


def asked_in_words(test: ClaimTest) -> str:
    """Say what a test asks of the figures, with its threshold; of none, why it asks nothing."""
    match test:
        case ValueTest():
            ends = {"at least": test.at_least, "at most": test.at_most}
            bounds = [f"{side} {number(end)}" for side, end in ends.items() if end is not None]
            return f"a {test.measure} of {listed(bounds)}, in {test.period}"
        case DirectionTest():
            steps = f"{test.periods[0]} to {test.periods[-1]}"
            return f"{test.went} from each year to the next, {steps}"
        case RankTest():
            place = f"among the {test.at_most} {test.extremum}"
            if test.exactly:
                place = f"the {ordinal(test.exactly)} {test.extremum}"
            return f"{place}, in {listed(test.periods)}"
        case ExtremeTest():
            first, last = test.over
            return f"the {test.extremum} year of {first} to {last}: {test.period}"
        case ShareTest():
            ends = {"more": test.more_than, "less": test.less_than}
            [bound] = [f"{side} than {end:.0%}" for side, end in ends.items() if end is not None]
            return f"{bound} of the whole, in {test.period}"
        case ComparisonTest():
            times = f", {test.times:g} times or more," if test.times > 1 else ""
            return f"{test.direction} than the other{times} in {test.period}"
        case Untestable():
            return test.reason


def anchor(claim: str) -> str:
    """Return the place of a claim on the ledger's page."""
    return f"claim-{claim}"
