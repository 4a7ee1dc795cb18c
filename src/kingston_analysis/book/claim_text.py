"""The ledger of claims as the Markdown of its page."""

from __future__ import annotations

import math
from collections import Counter
from typing import get_args

from kingston_analysis.book.claim_sentences import Counted, claim_sentences
from kingston_analysis.book.guard.check import Backing
from kingston_analysis.plan.claims import Extremum
from kingston_analysis.plan.verdicts import ClaimVerdict, JudgedClaim, RankFound
from kingston_analysis.show.wording import (
    agreeing,
    counted,
    number,
    rank,
    sentence_start,
)

WHOSE = {"plan": "A statement of the plan", "ours": "A statement of this book"}


def claim_lines(judged: list[JudgedClaim], numbers: Counter[Backing], named: Counted) -> list[str]:
    """Write how many claims have which verdict, what vouches for numbers, and every claim.

    Each stands with the sentence that its test makes, so that a word such as *most* has its
    threshold beside it. `named` gives what a series counts.
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
            *(f"- Tested: {made}" for made in claim_sentences(each.claim.test, named)[:1]),
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


def anchor(claim: str) -> str:
    """Return the place of a claim on the ledger's page."""
    return f"claim-{claim}"
