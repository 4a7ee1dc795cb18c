"""The ledger of claims as the Markdown of its page."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from kingston_analysis.book.narrative import WordKind
from kingston_analysis.plan.verdicts import ClaimVerdict, JudgedClaim
from kingston_analysis.show.wording import sentence_start

WHOSE = {"plan": "A statement of the plan", "ours": "A statement of this book"}


def claim_lines(judged: list[JudgedClaim], numbers: Counter[WordKind]) -> list[str]:
    """Write how many claims have which verdict, what vouches for numbers, and every claim."""
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
            f"- **Verdict: {each.verdict}.** {sentence_start(each.why).rstrip('.')}.",
            *(f"- {figure}." for figure in each.evidence),
        ]
    return lines


def anchor(claim: str) -> str:
    """Return the place of a claim on the ledger's page."""
    return f"claim-{claim}"
