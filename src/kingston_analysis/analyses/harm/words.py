"""Words: what the two indices come to, what they rest on and how far they agree."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from kingston_analysis.analyses.harm.labels import (
    CAMBRIDGE,
    PARTIAL,
    SEVERITY,
    harm_number,
    severity_name,
    weigh_alike,
)
from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.measures.harm import (
    ONE_ONLY,
    UNMAPPED,
    Harm,
    Index,
    IndexName,
    Indices,
)
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show import wording
from kingston_analysis.views.harm import WeighedYear

MOST: dict[IndexName, str] = {
    "severity": "the most severe offence is",
    "days": "the offence with most days is",
}


def instruments(scored: WeighedYear) -> str:
    """Name the editions of the weights, and when what is used was first published, if later."""
    severity, days = map(_edition, scored.editions)
    text = f"{SEVERITY}: {severity}. {CAMBRIDGE}: {days}."
    names = (f"the {SEVERITY}", f"the {CAMBRIDGE}", "the estimate of residents")
    first, *more = [
        f"{name} {{}}in {day}" for name, day in zip(names, scored.published, strict=True) if day
    ] or [""]
    if not first:
        return text
    dated = wording.listed([first.format("was first published "), *(e.format("") for e in more)])
    return (
        f"{text} This edition's evidence ends on {day_in_words(scored.until)}. "
        f"{wording.sentence_start(dated)}."
    )


def _edition(text: str | None) -> str:
    return text[:1].lower() + text[1:] if text else "edition not stated"


def amounts(found: Harm, indices: Indices, area: str, period: str) -> list[str]:
    """Give a paragraph on each index, and one on what they rest on."""
    if not found.weighed_count:
        none = f"No offence that can be weighed was recorded in {area} in {period}."
        return [" ".join(filter(None, [none, _covered(found)]))]
    severity, days = indices.severity, indices.days
    where = f"{area} in {period}"
    who = "These offences"
    first = f"In {where} these offences came to a {SEVERITY} of {{}} for every 1,000 residents."
    if not found.is_whole:
        who = "The offences that can be weighed"
        first = f"In {where} the {PARTIAL} was {{}} for every 1,000 residents."
    if isinstance(severity.known, Gap):
        first = f"For {where} no {severity_name(found)} is given. {severity.known.why}"
    second = f"{who} came to {{}} of the {CAMBRIDGE} for every 1,000 residents."
    if isinstance(days.known, Gap):
        second = f"No {CAMBRIDGE} is given. {days.known.why}"
    rest = [_agreement(found, indices), _days_apart(found, days), _covered(found)]
    return [
        " ".join([first.format(_rate(severity.rate)), *_about(found, severity, "severity")]),
        " ".join([second.format(_rate(days.rate, "days")), *_about(found, days, "days")]),
        " ".join(filter(None, rest)),
    ]


def _about(found: Harm, index: Index, name: IndexName) -> Iterator[str]:
    """Give the bounds of an index, what adds most to it, what weighs most, and it without."""
    if not found.is_whole:
        others = found.total - found.weighed_count
        least, greatest = map(harm_number, index.bounds)
        yield (
            f"If the other {_other(others)} counted too, it lies between {least} and {greatest}, "
            f"depending on what {wording.agreeing(others, 'it weighs', 'they weigh')}."
        )
    if not index.adds_most or index.without == ONE_ONLY:
        return
    adds_most = f"{wording.sentence_start(index.adds_most)} adds most to it"
    if index.most_severe and index.adds_most not in index.most_severe:
        yield f"{adds_most}, but {MOST[name]} {' or '.join(index.most_severe)}."
    else:
        yield f"{adds_most}."
    if index.like_it:
        alike = _counted_names(index.like_it)
        yield f"The counts vary too much by chance to tell {index.adds_most} from {alike}."
    if isinstance(index.without, Estimate):
        yield f"Without {index.adds_most}, it would be {_rate(index.without)}."
    else:
        yield f"Without {index.adds_most}, too few kinds of offence are left to give a figure."


def _counted_names(names: tuple[str, ...]) -> str:
    """Name a few offences, or say how many others they are."""
    if len(names) < wording.MOST_NAMED:
        return wording.listed(names)
    return f"{wording.number_in_words(len(names))} other offences"


def _other(count: float) -> str:
    return wording.agreeing(count, "one is", f"{wording.number(count)} are")


def _rate(rate: Estimate, unit: str = "") -> str:
    value = f"{harm_number(rate.value)} {unit}".strip()
    if rate.ends is None:
        return value
    low, high = map(harm_number, rate.ends)
    return f"{value} ({wording.interval_name(rate.level)} {low} to {high})"


def _agreement(found: Harm, indices: Indices) -> str:
    first, second = indices.severity.adds_most, indices.days.adds_most
    if not (first and second):
        return ""
    if len(found.mapped) == 1:
        return ONE_ONLY.why
    if weigh_alike(found) and (found.mapped["value"] > 0).sum() > 1:
        return (
            "All the offences weighed here have the same weight, so a chart of shares would show "
            "nothing."
        )
    if first == second:
        return "The two indices can disagree; here the same offence adds most to both."
    if second in indices.severity.like_it or first in indices.days.like_it:
        return (
            "The two indices can disagree. The counts vary too much by chance to show whether they "
            "do here."
        )
    return (
        f"The two indices can disagree, and here they do: {first} adds most to one, {second} to "
        "the other."
    )


def _days_apart(found: Harm, days: Index) -> str:
    """Say how far apart the days lie of which the offence that adds most has the median."""
    rows = found.mapped[found.mapped["name"] == days.adds_most]
    if rows.empty or rows["fewest_days"].equals(rows["most_days"]):
        return ""
    row = rows.iloc[0]
    return (
        "The days are the middle of a list of offences, not the full index: for "
        f"{row['name']} the list runs from {row['fewest_days']:,.0f} to {row['most_days']:,.0f}."
    )


def _covered(found: Harm) -> str:
    recorded = wording.number(found.total)
    if isinstance(found.covered, Gap):
        return ""
    if found.is_whole:
        return f"Both cover all {recorded} offences recorded."
    return (
        f"Both cover {wording.number(found.weighed_count)} of the {recorded} offences recorded "
        f"({wording.share(found.covered)}); the table says why the others are in neither, and what "
        "they may weigh."
    )


def without_weight(offences: pd.DataFrame, mapping: str) -> Iterator[str]:
    """Name the recorded offences of which no weight is known, and where a person can give one."""
    unknown = offences[(offences["status"] == UNMAPPED) & (offences["value"] > 0)]
    if len(unknown):
        yield (
            f"No weight that is more than a guess is held for {wording.listed(unknown['name'])}. "
            f"Weights are added in the table `{mapping}`, in the folder `data/tables`."
        )


def other_count(series: Series, recorded: float, year: str) -> Iterator[str]:
    """Say that offences were counted from another table than the year, where the counts differ."""
    count = series.own["value"].get(year, math.nan)
    if not math.isnan(count) and count != recorded:
        yield (
            "The offences weighed here come from the table of months, which has "
            f"{wording.number(recorded)} in {year}, and not {wording.number(count)} as the table "
            "of years."
        )
