"""The ledger of claims as the Markdown of its page."""

from __future__ import annotations

import math
from collections import Counter
from typing import get_args

from kingston_analysis.book.guard.check import Backing
from kingston_analysis.plan.claims import (
    ClaimTest,
    ComparisonTest,
    DirectionTest,
    ExtremeTest,
    Extremum,
    RankTest,
    ShareTest,
    Untestable,
    ValueTest,
)
from kingston_analysis.plan.verdicts import ClaimVerdict, JudgedClaim, RankFound
from kingston_analysis.show.wording import (
    agreeing,
    counted,
    listed,
    number,
    number_in_words,
    rank,
    sentence_start,
)

WHOSE = {"plan": "A statement of the plan", "ours": "A statement of this book"}


def claim_lines(judged: list[JudgedClaim], numbers: Counter[Backing]) -> list[str]:
    """Write how many claims have which verdict, what vouches for numbers, and every claim.

    Each stands with what its test asks, so that a word such as *most* has its threshold beside it.
    """
    verdicts = Counter(each.verdict for each in judged)
    counts = ", ".join(
        f"{verdict}: {verdicts[verdict] or 'none'}" for verdict in get_args(ClaimVerdict)
    )
    there = agreeing(len(judged), "There is", "There are")
    lines = [
        f"{there} {counted(len(judged), 'claims')}. {sentence_start(counts)}.",
        "",
        _vouched(numbers),
    ]
    for each in judged:
        lines += [
            "",
            f"({anchor(each.claim.id)})=",
            f"**{WHOSE[each.claim.voice]}:** {each.claim.text}",
            "",
            *_asked(each.claim.test),
            f"- **Verdict: {each.verdict}.** {sentence_start(each.why).rstrip('.')}.",
            *(f"- {figure}." for figure in figures(each)),
        ]
    return lines


def _vouched(numbers: Counter[Backing]) -> str:
    """Say what the numbers and words of direction of the written pages are tied to."""
    bound, made, plain = numbers["finding"], numbers["claim"], numbers["exception"]
    words = agreeing(bound, "number or word", "numbers and words")
    claims = f"{made or 'no'} {agreeing(made, 'claim is', 'claims are')} made"
    return (
        f"In the pages that people wrote for this edition, {bound or 'no'} {words} such as “rose” "
        f"{agreeing(bound, 'is', 'are')} tied to computed results and {claims}; {plain or 'no'} "
        f"{agreeing(plain, 'sentence', 'sentences')} with a number, a direction, a comparison or a "
        f"quantity {agreeing(plain, 'is', 'are')} not tied: what the plan or a law says, and "
        "explanations. Each of these is listed as an exception, with its reason."
    )


def figures(judged: JudgedClaim) -> list[str]:
    """Write the figures behind a claim, a sentence without its full stop each."""
    return [_rank(each) if isinstance(each, RankFound) else each for each in judged.evidence]


def _rank(found: RankFound) -> str:
    place = _place(found.rank, found.extremum)
    return f"{found.year}: {place} of {number(found.areas)} by {found.measure}"


def _place(place: float, extremum: Extremum) -> str:
    ends = (place, math.inf) if extremum == "lowest" else (math.inf, place)
    return rank(*ends)


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
            if test.at_most and test.at_most > 1:
                among = number_in_words(test.at_most)
                return f"among the {among} {test.extremum}, in {listed(test.periods)}"
            place = _place(test.exactly or 1, test.extremum)
            return f"the {place}, in {listed(test.periods)}"
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
