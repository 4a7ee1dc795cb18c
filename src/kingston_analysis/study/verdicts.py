"""Whether what is said of a change and a trend is right, where the truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd

from kingston_analysis.measures.change import JUDGED_AT, compare
from kingston_analysis.measures.movement import ENOUGH_CHANGES, USUAL, movements
from kingston_analysis.measures.series import YEARS_OF_NOISE
from kingston_analysis.measures.trend import SHORTEST, LogLinearTrend, log_linear_trend, running
from kingston_analysis.measures.variation import (
    Variation,
    counting_noise,
    noise_between_years,
    noise_squares,
)
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.study import results
from kingston_analysis.study.panels import (
    AR,
    INDEPENDENT,
    PROCESSES,
    STEP,
    TRENDS,
    WANDERING,
    Panel,
    Process,
    draw,
)
from kingston_analysis.study.results import Tally
from kingston_analysis.study.simulated import SEED, Setting

PART = 1
MEANS, DISPERSION = (3, 10, 40, 180), 2
# The shortest history from which it is told what is usual, and a longer one.
HISTORIES = (ENOUGH_CHANGES + 2, 8)
TREND_HISTORIES = (SHORTEST, 5)
FROM_MONTHS, FROM_YEARS = "noise from months", "noise from years"
ANOTHER, UNUSUAL = "the level is another", "unusual"
MOVES, SLOPE = "how far this usually moves in a year", "trend"
RUNNING, ONE_STEP = "years running", "one step"
FALL = 0.2
# (process, dispersion, fall): every process, other dispersions where nothing happens, and falls.
Case = tuple[Process, int, float]
CASES: list[Case] = [
    *((process, DISPERSION, 0.0) for process in PROCESSES),
    *((INDEPENDENT, dispersion, 0.0) for dispersion in (1, 4)),
    *((process, DISPERSION, FALL) for process in (INDEPENDENT, AR[-1], WANDERING[-1])),
]


def judge(years: pd.DataFrame, noise: Mapping[str, Variation], level: float) -> pd.DataFrame:
    """Judge each area's last year as `Series.change` does.

    Returns, by area, low and high (of the ratio to the year before), another (the level is), usual
    (it moved no farther than it usually does; missing where that is not told) and unusual. Without
    the areas that cannot be compared.
    """
    moved = movements(years, pd.Series({area: each.phi for area, each in noise.items()}))
    unusual = {} if isinstance(moved, Gap) else moved["unusual"].to_dict()
    found = {}
    for area, *_, before, after in years.itertuples():
        change = compare(before, after, noise[area], level=level)
        if isinstance(change.ratio, Estimate) and change.ratio.ends:
            another = change.verdict in ("rose", "fell")
            usual = not unusual[area] if area in unusual else None
            found[area] = (*change.ratio.ends, another, usual, another and usual is False)
    columns = ["low", "high", "another", "usual", "unusual"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns)


def noise_of(years: pd.DataFrame, squares: pd.DataFrame | None) -> dict[str, Variation]:
    """Learn each area's counting noise as `Series.variation` does, from squares or from years."""
    own = {} if squares is None else counting_noise(squares)
    others = noise_between_years(years)
    return {area: own.get(area, others) for area in years.index}


def verdict_tallies(case: Case, mean: int, panels: int) -> Iterator[Tally]:
    """Judge the last year and the trend of so many panels of a case."""
    process, dispersion, fall = case
    setting = Setting(mean, dispersion)
    for years in HISTORIES:
        about = _name(process, fall)
        numbers = np.random.default_rng([SEED, PART, *about.encode(), mean, dispersion, years])
        drawn = [draw(numbers, process, setting, years, fall) for _ in range(panels)]
        tally = partial(Tally, setting=setting, years=years, process=about)
        for learned in (FROM_MONTHS, FROM_YEARS):
            yield from _changes(drawn, case, learned, tally)
        if years == TREND_HISTORIES[-1] and not fall:
            for length in TREND_HISTORIES:
                yield from _trends(drawn, process, partial(tally, years=length))


def _name(process: Process, fall: float) -> str:
    return f"{process.name}, then a fall of {fall:.0%}" if fall else process.name


def _changes(
    drawn: list[Panel], case: Case, learned: str, tally: partial[Tally]
) -> Iterator[Tally]:
    process, _, fall = case
    found = pd.concat([_judged(panel, process, learned) for panel in drawn])
    told = found.dropna(subset=["usual"])
    method = f"{{}}, {learned}".format
    covered = found["low"].le(found["true"]) & found["true"].le(found["high"])
    yield _of(tally, results.HELD, method("change on the year before"), covered, JUDGED_AT)
    if fall:
        yield _of(tally, results.SEEN, method(ANOTHER), found["another"])
        yield _of(tally, results.SEEN, method(UNUSUAL), told["unusual"])
        return
    nothing = round(1 - USUAL, 3)
    yield _of(tally, results.WRONG, method(UNUSUAL), told["unusual"], nothing)
    yield _of(tally, results.HELD, method(MOVES), told["usual"], USUAL)
    if process.stays:
        nothing = round(1 - JUDGED_AT, 3)
        yield _of(tally, results.WRONG, method(ANOTHER), found["another"], nothing)
    elif process.returns:
        yield _of(tally, results.PASSING, method(ANOTHER), found["another"])


def _judged(panel: Panel, process: Process, learned: str) -> pd.DataFrame:
    squares = _squares(panel) if learned == FROM_MONTHS else None
    found = judge(panel.years, noise_of(panel.years, squares), JUDGED_AT)
    judged = panel.years.index[-process.judged :]
    return found.assign(true=panel.ratio).loc[found.index.isin(judged)]


def _squares(panel: Panel) -> pd.DataFrame:
    latest = panel.months["period"].unique()[-12 * YEARS_OF_NOISE :]
    return noise_squares(panel.months[panel.months["period"].isin(latest)])


def _trends(drawn: list[Panel], process: Process, tally: partial[Tally]) -> Iterator[Tally]:
    counted: Counter[str] = Counter()
    for panel in drawn:
        counted += _trend_counts(panel, process, tally.keywords["years"])
    judged = counted["judged"]
    if process.drift is not None:
        yield tally(results.HELD, SLOPE, nominal=USUAL, series=judged, happened=counted["held"])
    happened = {SLOPE: counted["told"], RUNNING: counted["running"]}
    for method, times in happened.items():
        about = {"series": judged, "happened": times}
        # Of a walk it is true that it fell years running, and that it has no trend.
        nothing = process.returns if method == RUNNING else process.drift == 0
        if process.drift:
            yield tally(results.SEEN, method, nominal=None, **about)
        elif nothing:
            nominal = round(1 - USUAL, 3) if method == SLOPE else None
            yield tally(results.WRONG, method, nominal=nominal, **about)
    if tally.keywords["years"] > SHORTEST and process in (INDEPENDENT, STEP, *TRENDS):
        measure = results.SEEN if process is STEP else results.WRONG
        nominal = None if process is STEP else round(1 - USUAL, 3)
        times = counted["one step"]
        yield tally(measure, ONE_STEP, nominal=nominal, series=judged, happened=times)


def _trend_counts(panel: Panel, process: Process, length: int) -> Counter[str]:
    latest = panel.years.iloc[:, -length:]
    noise = noise_of(panel.years, _squares(panel))
    found: Counter[str] = Counter()
    for area in panel.years.index[-process.judged :]:
        found_trend = log_linear_trend(latest, area, noise[area].phi)
        if not isinstance(found_trend, LogLinearTrend):
            continue
        found["judged"] += 1
        found["told"] += found_trend.verdict != "no clear trend"
        found["held"] += found_trend.slope.allows(np.exp(process.drift or 0))
        found["running"] += running(latest.loc[area], noise[area]) is not None
        found["one step"] += found_trend.step is not None
    return found


def _of(
    tally: partial[Tally], measure: str, method: str, cases: pd.Series, nominal: float | None = None
) -> Tally:
    happened = int(cases.astype(bool).sum())
    return tally(measure, method, nominal=nominal, series=len(cases), happened=happened)
