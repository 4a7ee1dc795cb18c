"""What an interval says of what was expected: supported, not supported, or no clear answer."""

from __future__ import annotations

from typing import Literal

from kingston_analysis.results import Estimate, ends_of

Outcome = Literal["supported", "not supported", "no clear answer", "does not apply", "no data"]
Expected = Literal["rise", "fall", "none", "above", "below"]

# A movement within a tenth either way is too small for any partnership to act on.
MARGIN = 0.10


def outcome_of(expect: Expected, found: Estimate, nothing: float, margin: float) -> Outcome:
    """Hold an interval against what was expected; `nothing` is where no difference lies.

    A direction is supported where the whole interval lies on its side, and not supported where it
    lies on the other; an interval with `nothing` inside is left to `outcome_of_unclear`.
    """
    if found.allows(nothing):
        return outcome_of_unclear(expect, found, nothing, margin)
    side = ("rise", "above") if ends_of(found)[0] > nothing else ("fall", "below")
    return "supported" if expect in side else "not supported"


def outcome_of_unclear(expect: Expected, found: Estimate, nothing: float, margin: float) -> Outcome:
    """Tell an interval that shows nothing of note from one that is too wide to tell.

    It shows nothing of note where it lies within `margin` of nothing on both sides (two one-sided
    tests, Schuirmann 1987, here at the stricter level of the interval's own two sides).
    """
    low, high = ends_of(found)
    if nothing - margin <= low and high <= nothing + margin:
        return "supported" if expect == "none" else "not supported"
    return "no clear answer"


def nearest_to_zero(found: Estimate) -> float:
    """Return the smallest size that an interval allows."""
    return 0.0 if found.allows(0) else min(map(abs, ends_of(found)))


def farthest(found: Estimate) -> float:
    """Return the largest size that an interval allows."""
    return max(map(abs, ends_of(found)))
