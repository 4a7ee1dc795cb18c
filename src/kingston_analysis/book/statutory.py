"""Statutory coverage as the Markdown of its page."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.plan.coverage import CoveredBy, Met
from kingston_analysis.plan.law import Requirement
from kingston_analysis.show.wording import agreeing, counted, listed


def statutory_lines(met: list[Met], later: list[Requirement]) -> list[str]:
    """Write, law by law, where each requirement is met, in form only or not, or why it is waived.

    `later` are requirements that were not in force yet.
    """
    states = Counter(each.state for each in met)
    of = f"Of {counted(len(met), 'requirements')} in force"
    counts = [
        _so_many(states["met"], "met"),
        _so_many(states["in form only"], "met in form only"),
        _so_many(states["waived"], "waived"),
    ]
    lines = [f"{of}, {listed(counts)}."]
    for law, found in groupby(met, key=lambda each: _law(each.requirement)):
        lines += ["", f"## {law}"]
        confirmed = ""
        for each in found:
            if each.requirement.confirmed != confirmed:
                confirmed = each.requirement.confirmed
                lines += ["", f"Confirmed: {confirmed}."]
            lines += ["", f"**{each.requirement.asks}**{_state(each)}", "", *_where(each)]
    if later:
        lines += ["", "## Not in force for this edition"]
    for coming in later:
        day = day_in_words(coming.since)
        lines += ["", f"**{coming.asks}** {_law(coming)}. It holds from {day}."]
    return lines


def _so_many(count: int, what: str) -> str:
    return f"{count} {agreeing(count, 'is', 'are')} {what}" if count else f"none is {what}"


def _state(met: Met) -> str:
    return " Met in form only." if met.state == "in form only" else ""


def _where(met: Met) -> list[str]:
    if met.waived:
        return [f"- Waived: {met.waived}"]
    return [f"- {{doc}}`/{each.part.page}`: {each.part.says}{_but(each)}" for each in met.parts]


def _but(each: CoveredBy) -> str:
    return f" In form only: {each.in_form_only}" if each.in_form_only else ""


def _law(each: Requirement) -> str:
    return f"{each.instrument}, {each.provision}"
