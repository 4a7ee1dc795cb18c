"""How often the rules of a control chart find something where nothing happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

import numpy as np

from kingston_analysis.measures.months import VERDICT_RULES, Rule, control_chart
from kingston_analysis.measures.seasons import estimate_seasons
from kingston_analysis.study import results
from kingston_analysis.study.results import Tally
from kingston_analysis.study.simulated import AREAS, Setting, as_months, counts, random_numbers

PART = 3
# Years of months: the least with which a chart starts, and as many as a full baseline needs.
HISTORIES = (2, 3)
RULES = get_args(Rule)
ALL_RULES = "all rules together"
VERDICT = f"verdict rules together ({', '.join(VERDICT_RULES)})"
TARGET = 0.05


def false_alarm_tallies(setting: Setting, sets: int) -> Iterator[Tally]:
    """Chart steady series of so many sets of areas, and count those with a signal in the year."""
    numbers = random_numbers(PART, setting)
    for years in HISTORIES:
        signalled: Counter[str] = Counter()
        for _ in range(sets):
            signalled += _signalled(numbers, setting, years)
        for method in [*RULES, VERDICT, ALL_RULES]:
            nominal = TARGET if method == VERDICT else None
            about = (method, setting, years, nominal)
            yield Tally(results.FALSE_ALARM, *about, sets * AREAS, signalled[method])


def _signalled(numbers: np.random.Generator, setting: Setting, years: int) -> Counter[str]:
    months = as_months(counts(numbers, setting, AREAS, years * 12))
    profile = estimate_seasons(months)
    found: Counter[str] = Counter()
    for _, own in months.groupby("area"):
        signals = control_chart(own[["period", "value"]], profile).signals
        rules = {str(signal.rule) for signal in signals}
        found.update(rules)
        if rules:
            found[ALL_RULES] += 1
        if rules & set(VERDICT_RULES):
            found[VERDICT] += 1
    return found
