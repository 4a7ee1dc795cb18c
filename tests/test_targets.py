"""Targets: what is aimed at, how likely it is to be met, and baselines that cannot slip."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats
from tables_fixture import PROJECT, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.topics import Indicator, Topic
from kingston_analysis.data.yaml_models import Known, Strict, load_yaml
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.measures.change import compare
from kingston_analysis.measures.variation import Variation, noise_between_years
from kingston_analysis.plan.baselines import freeze, years_between
from kingston_analysis.plan.chances import (
    BANDS,
    Chance,
    band_of,
    chance,
    goal,
    leads,
    likelihood,
)
from kingston_analysis.plan.target_faults import target_problems
from kingston_analysis.plan.targets import Target
from kingston_analysis.results import Gap

TARGET = TypeAdapter(Target)
# Counts with steps of ±10% on the log scale: the mean squared step is 0.01.
STEADY = pd.Series(
    {
        year: 1000 * math.exp(0.1 * (n % 2))
        for n, year in enumerate(years_between("2000/01", "2008/09"))
    }
)
OF = {"topic": "violence", "indicator": "offences", "measure": "count"}


def made(kind: str, **more: Any) -> Target:
    """Make a target of a kind, to be met in 2010/11 where nothing else is said."""
    common = {"id": "fewer", "title": "Fewer", **OF, "period": "2010/11"}
    return TARGET.validate_python({**common, "kind": kind, **more})


def at(side: str, value: float, **more: Any) -> Target:
    return made("absolute", **{"is": side, "value": value, **more})


def baseline(value: float, period: str = "2007/08") -> dict[str, Any]:
    return {"period": period, "value": value, "frozen": freeze(*OF.values(), period, value)}


def trend_baseline(*values: float, first: str, last: str) -> dict[str, Any]:
    frozen = freeze(*OF.values(), f"{first} to {last}", values)
    return {"first": first, "last": last, "value": values, "frozen": frozen}


def known(value: float, period: str = "2010/11") -> pd.Series:
    """Return the steady series and the figure of the target's year."""
    return pd.concat([STEADY, pd.Series({period: value})])


# What each kind asks for


def test_an_absolute_target_asks_for_its_value():
    assert goal(at("at most", 900)) == 900
    assert chance(at("at most", 900), known(900), 1).met is True
    assert chance(at("at most", 900), known(901), 1).met is False
    assert chance(at("at least", 900), known(901), 1).met is True


def test_a_percentage_is_taken_of_the_baseline():
    fewer = made("percent", change=-10, baseline=baseline(3_240))
    assert goal(fewer) == 2_916  # 3,240 · 0.9
    assert fewer.side == "at most"
    assert chance(fewer, known(2_916), 1).met is True
    assert chance(fewer, known(2_917), 1).met is False
    more = made("percent", change=5, baseline=baseline(200))
    assert (goal(more), more.side) == (210, "at least")


@pytest.mark.parametrize(("change", "side"), [(-0.5, "at most"), (0.5, "at least")])
def test_a_change_of_less_than_one_per_cent_has_a_side_too(change, side):
    assert made("percent", change=change, baseline=baseline(3_240)).side == side


def test_a_relative_target_compares_the_rates_of_the_same_year():
    target = made("relative", measure="rate", group="Outer London", value=0.9, **{"is": "at most"})
    own, people = known(1_700), pd.Series(100_000, index=known(1).index)
    # 1,700 of 100,000 is 17 per 1,000; 17 / 20 = 0.85.
    found = chance(target, own, 1, people, pd.Series(20.0, index=own.index))
    assert found.latest == pytest.approx(0.85)
    assert found.met is True
    # 17 / 18 = 0.94
    assert chance(target, own, 1, people, pd.Series(18.0, index=own.index)).met is False


def test_success_under_national_indicator_39_is_a_rate_below_the_projected_trend():
    # Rates that grew 8% a year to 2007/08, projected three years on to 2010/11.
    rates = [10 * 1.08**year for year in range(5)]
    frozen = trend_baseline(*rates, first="2003/04", last="2007/08")
    ni39 = made("trend", baseline=frozen)
    assert goal(ni39) == pytest.approx(rates[-1] * 1.08**3)
    assert chance(ni39, known(rates[-1] * 1.05**3), 1).met is True  # growth of 5% a year
    assert chance(ni39, known(rates[-1] * 1.09**3), 1).met is False
    assert chance(ni39, known(goal(ni39)), 1).met is False  # on the trend is not below it


def test_a_margin_moves_the_goal_below_the_trend():
    # 1.4% below the trend was needed in 2008 for a difference beyond chance.
    frozen = trend_baseline(10, 10, 10, first="2005/06", last="2007/08")
    target = made("trend", margin=1.4, baseline=frozen)
    assert goal(target) == pytest.approx(10 * 0.986)
    assert chance(target, known(9.87), 1).met is False
    assert chance(target, known(9.85), 1).met is True


def test_a_ceiling_holds_in_every_year_to_the_end():
    ceiling = made("ceiling", since="2008/09", value=1_100)
    fine = pd.concat([STEADY, pd.Series({"2009/10": 1_100.0})])  # 2008/09 is 1,000
    assert chance(ceiling, fine, 1).met is None  # 2010/11 is still to come
    assert chance(ceiling, pd.concat([fine, pd.Series({"2010/11": 900.0})]), 1).met is True
    # One year above is enough, whatever comes after.
    broken = pd.concat([STEADY, pd.Series({"2009/10": 1_101.0})])
    assert chance(ceiling, broken, 1).met is False


def test_a_floor_is_broken_by_one_year_below():
    floor = made("floor", since="2008/09", value=950)
    assert chance(floor, known(940, "2009/10"), 1).met is False
    assert chance(floor, known(950, "2009/10"), 1).met is None


def test_a_reporting_target_asks_for_more():
    target = made("reporting", change=20, baseline=baseline(150))
    assert (goal(target), target.side) == (180, "at least")  # 150 · 1.2
    assert chance(target, known(180), 1).met is True
    assert chance(target, known(179), 1).met is False


def test_what_is_only_watched_has_no_goal_and_no_probability():
    found = chance(made("monitor"), STEADY, 1)
    assert (found.goal, found.met) == (None, None)
    assert found.latest == STEADY.iloc[-1]
    assert found.probability == Gap("No goal is set; the figure is watched.")


# How likely it is


def test_the_probability_worked_by_hand():
    # From 1,000 in 2008/09, two years on; the eight steps known have the mean square 0.01, and two
    # counts of 1,000 differ by chance with the variance 2/1,000.
    found = chance(at("at most", 1_200), STEADY, 1)
    spread = math.sqrt(2 * (0.01 + 2 / 1_000))
    assert found.probability == pytest.approx(stats.t(8).cdf(math.log(1_200 / 1_000) / spread))
    reach = stats.t(8).ppf(0.975) * spread
    assert found.expected.value == pytest.approx(1_000)
    assert found.expected.low == pytest.approx(1_000 * math.exp(-reach))
    assert found.expected.high == pytest.approx(1_000 * math.exp(reach))


def test_where_no_step_was_seen_two_counts_still_differ_by_chance():
    still = pd.Series(100.0, index=STEADY.index)
    # φ = 2 of counts of 100 gives 2 · 2/100 a step.
    found = chance(at("at most", 120), still, 2)
    spread = math.sqrt(2 * (2 * 2 / 100))
    assert found.probability == pytest.approx(stats.t(8).cdf(math.log(1.2) / spread))


def test_where_it_stands_is_as_likely_to_be_bettered_as_not():
    assert chance(at("at most", STEADY.iloc[-1]), STEADY, 1).probability == pytest.approx(0.5)


def test_a_step_over_a_break_is_no_move_of_the_figure():
    # Each count before 2003/04 is a third: the step of log 3 over the break would be the largest.
    broken = STEADY.where(STEADY.index >= "2003/04", STEADY / 3)
    found = chance(at("at most", 1_200), broken, 1, since="2003/04")
    # Five steps are left, of the mean square 0.01.
    spread = math.sqrt(2 * (0.01 + 2 / 1_000))
    assert found.probability == pytest.approx(stats.t(5).cdf(math.log(1_200 / 1_000) / spread))


def test_a_ceiling_over_two_years_is_less_likely_than_a_goal_at_their_end():
    # Two years of a normal walk: from the quadrant formula, P(both ≤ 0) = 1/4 + asin(√½)/2π = 3/8;
    # it holds for Student's t too, which scales all years alike.
    ceiling = made("ceiling", since="2009/10", value=STEADY.iloc[-1])
    assert chance(ceiling, STEADY, 1).probability == pytest.approx(3 / 8, abs=1e-3)
    floor = made("floor", since="2009/10", value=STEADY.iloc[-1])
    assert chance(floor, STEADY, 1).probability == pytest.approx(3 / 8, abs=1e-3)


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (STEADY.iloc[-1:], "No step from year to year is known; 4 are needed."),
        (STEADY.iloc[-2:], "Only one step from year to year is known; 4 are needed."),
        (STEADY.iloc[-4:], "Only 3 steps from year to year are known; 4 are needed."),
        (STEADY.iloc[:0], "No figure is held."),
        (known(0, "2009/10"), "The newest figure is zero, from which no ratio can be projected."),
        (
            known(900, "2011/12"),
            "A figure of a year that the target holds in is suppressed or missing.",
        ),
    ],
)
def test_what_cannot_be_foretold_says_why(own, reason):
    found = chance(at("at most", 900), own, 1)
    assert (found.probability, found.met) == (Gap(reason), None)


def test_a_rate_needs_a_population_and_a_ratio_a_group():
    found = chance(at("at most", 9, measure="rate"), STEADY, 1)
    assert found.probability == Gap("No population is held, so there is no rate.")
    target = made("relative", measure="rate", group="Outer London", value=1, **{"is": "at most"})
    found = chance(target, STEADY, 1, pd.Series(9e4, index=STEADY.index))
    assert found.probability == Gap("No rate of Outer London is held.")


def test_the_intervals_hold_on_figures_that_came():
    frame = real_table("recorded_crime_year").frame
    boroughs = frame[frame["area"].isin(load_areas(PROJECT).borough_names)]
    held = []
    for _, rows in boroughs.groupby("offence_group"):
        wide = rows.pivot(index="area", columns="financial_year", values="offences").dropna()
        for last in ("2005/06", "2008/09", "2011/12"):
            phi = noise_between_years(wide.loc[:, :last]).phi
            year = years_between(last, "2015/16")[2]
            for _, counts in wide.iterrows():
                found = chance(at("at most", 1, period=year), counts[:last], phi).expected
                held.append(found.low <= counts[year] <= found.high)
    assert 0.85 <= sum(held) / len(held) <= 0.99


SIDES = st.sampled_from(["at most", "at least"])
VALUES = st.floats(1, 1e6)
SERIES = st.lists(st.floats(1, 1e5), min_size=5, max_size=9).map(
    lambda counts: pd.Series(counts, index=STEADY.index[-len(counts) :])
)


@given(own=SERIES, value=VALUES, phi=st.floats(1, 20))
def test_at_most_and_at_least_of_one_value_leave_nothing_over(own, value, phi):
    both = [chance(at(side, value), own, phi).probability for side in ("at most", "at least")]
    assert sum(both) == pytest.approx(1)


@given(own=SERIES, value=VALUES, looser=st.floats(1, 10), phi=st.floats(1, 20))
def test_a_looser_target_is_never_less_likely(own, value, looser, phi):
    strict, loose = (
        chance(at("at most", each), own, phi).probability for each in (value, value * looser)
    )
    assert loose >= strict
    strict, loose = (
        chance(at("at least", each), own, phi).probability for each in (value, value / looser)
    )
    assert loose >= strict


@given(side=SIDES, value=st.floats(500, 2_000), times=st.floats(0.5, 100))
def test_counts_and_goal_scaled_alike_leave_the_chance_as_it_was(side, value, times):
    # φ grows with the counts, or chance would weigh less among larger ones.
    before = chance(at(side, value), STEADY, 2).probability
    after = chance(at(side, value * times), STEADY * times, 2 * times).probability
    assert after == pytest.approx(before, abs=1e-9)


# Bands and direction


@pytest.mark.parametrize(
    ("probability", "symbol", "words"),
    [
        (1.0, "●", "likely to be met"),
        (0.8, "●", "likely to be met"),
        (0.7999, "◕", "more likely than not to be met"),
        (0.5, "◕", "more likely than not to be met"),
        (0.4999, "◔", "less likely than not to be met"),
        (0.2, "◔", "less likely than not to be met"),
        (0.1999, "○", "unlikely to be met"),
        (0.0, "○", "unlikely to be met"),
    ],
)
def test_a_probability_falls_in_one_of_four_bands(probability, symbol, words):
    assert (band_of(probability).symbol, band_of(probability).label) == (symbol, words)


def test_the_bands_differ_without_colour():
    assert len(BANDS) == len({each.symbol for each in BANDS}) == len({each.label for each in BANDS})


@pytest.mark.parametrize(
    ("before", "after", "side", "where"),
    [
        (3_240, 3_003, "at most", "towards the target"),
        (3_240, 3_003, "at least", "away from the target"),
        (3_003, 3_240, "at most", "away from the target"),
        (3_003, 3_240, "at least", "towards the target"),
        (40, 30, "at most", ""),  # the interval holds 1
        (0, 30, "at most", ""),  # cannot be compared
    ],
)
def test_a_direction_is_given_only_where_chance_is_excluded(before, after, side, where):
    latest = compare(before, after, Variation(1, math.inf, "months"))
    assert leads(at(side, 1_000), latest) == where


def test_nothing_leads_towards_a_goal_that_is_not_set():
    assert leads(made("monitor"), compare(100, 10, Variation(1, math.inf, "months"))) == ""
    assert leads(at("at most", 9), None) == ""


# How likely, in words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Chance(probability=0.76), "◕ More likely than not to be met, in 76 of 100"),
        # Rounded down, never into the band above.
        (Chance(probability=0.7999), "◕ More likely than not to be met, in 79 of 100"),
        (Chance(probability=0.001), "○ Unlikely to be met, in fewer than 1 of 100"),
        (Chance(probability=0.99), "● Likely to be met, in 99 of 100"),
        (Chance(probability=0.9999), "● Likely to be met, in more than 99 of 100"),
        (Chance(met=True), "Met"),
        (Chance(met=False), "Not met"),
        (Chance(Gap("No figure is held.")), "Not available: No figure is held."),
    ],
)
def test_how_likely_in_words(found, words):
    assert likelihood(found) == words


# Bad input


class _Theme(Strict):
    id: str
    targets: Known[tuple[Target, ...]]


GOOD = """\
id: violence
targets:
  - id: fewer-assaults
    title: Fewer assaults
    objective: less-violence
    topic: violence
    indicator: offences
    measure: count
    period: 2010/11
    kind: percent
    change: -10
    baseline:
      period: 2007/08
      value: 3240
      frozen: {frozen}
"""
FROZEN = freeze("violence", "offences", "count", "2007/08", 3_240)


def faults(tmp_path: Path, *changes: tuple[str, str], taken: tuple[str, ...] = ()) -> list[str]:
    """Read the good theme with changes in its text; return what is wrong from its line on."""
    text = GOOD.format(frozen=FROZEN)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "theme.yml"
    file.write_text(text, encoding="utf-8")
    try:
        theme = load_yaml(PROJECT, file, _Theme)
    except KingstonError as error:
        return [_from_line(each) for each in error.problems]
    found = target_problems(
        theme.targets, {"violence": TOPIC}, ["less-violence"], file, ("targets",), taken
    )
    return [_from_line(each) for each in found]


def _from_line(problem: Problem) -> str:
    return f"{problem.line}: {problem.what} {problem.remedy}".strip()


TOPIC = Topic(
    id="violence",
    title="Violence",
    about="Made up.",
    indicators=[
        Indicator.model_validate(
            {
                "id": "offences",
                "title": "Violence",
                "counted": "offences",
                "table": "crime",
                "select": {},
                "unit": "offences",
                "polarity": "lower is better",
                "from": "2000/01",
                "rate": False,
            }
        )
    ],
)


def test_a_sound_target_has_no_problem(tmp_path):
    assert faults(tmp_path) == []


def test_a_target_without_a_baseline_is_told_at_its_line(tmp_path):
    without = GOOD[GOOD.index("    baseline:") :].format(frozen=FROZEN)
    assert faults(tmp_path, (without, "")) == [
        "3: The key 'targets.fewer-assaults.baseline' is missing. Add it."
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "period: 2010/11",
            "period: 2010/12",
            "9: targets.fewer-assaults.period: '2010/12' is not a financial year: the second "
            "year must follow "
            "the first. Correct it. Given: '2010/12'.",
        ),
        (
            "period: 2010/11",
            "period: 2006/07",
            "9: The target 'fewer-assaults': 2006/07 is not after its baseline, 2007/08. "
            "Correct whichever is wrong.",
        ),
        (
            "kind: percent",
            "kind: percentage",
            "3: targets.fewer-assaults: the target's `kind` is percentage; write one of "
            "absolute, percent, "
            "relative, trend, floor, ceiling, reporting, monitor. Correct it.",
        ),
        (
            "change: -10",
            "change: 0",
            "3: targets.fewer-assaults: `change` is 0, which is no direction; set a ceiling or "
            "a floor. "
            "Correct it.",
        ),
        (
            "objective: less-violence",
            "objective: less-violenc",
            "5: The target 'fewer-assaults': there is no objective 'less-violenc'. "
            "Did you mean 'less-violence'?",
        ),
        (
            "measure: count",
            "measure: rate",
            "8: The target 'fewer-assaults': the indicator 'offences' has no rate. "
            "Name another indicator, or use its count.",
        ),
    ],
)
def test_bad_input_is_told_with_line_value_and_remedy(tmp_path, old, new, message):
    assert message in faults(tmp_path, (old, new))


@pytest.mark.parametrize(
    ("key", "line", "what"),
    [("topic", 6, "no topic 'violenc'"), ("indicator", 7, "'violence' has no indicator 'offence'")],
)
def test_a_topic_and_an_indicator_that_are_not_there(tmp_path, key, line, what):
    wrong = {"topic": ("topic: violence", "topic: violenc"), "indicator": ("offences", "offence")}
    found = faults(tmp_path, wrong[key])
    assert found[0].startswith(f"{line}: The target 'fewer-assaults': {what}. Did you mean ")


def test_an_id_stands_once_among_all_themes(tmp_path):
    said = "3: The target 'fewer-assaults' stands twice. Keep one."
    assert faults(tmp_path, taken=("fewer-assaults",)) == [said]


def test_a_baseline_cannot_be_changed_in_silence(tmp_path):
    now = freeze("violence", "offences", "count", "2007/08", 3_300)
    assert faults(tmp_path, ("value: 3240", "value: 3300")) == [
        "15: The baseline of 'fewer-assaults' was changed: it is not what `frozen` was made of. "
        "Restore it. If it was re-based on purpose, log it under `rebased` with a reason and "
        f"write frozen: {now}"
    ]


def test_a_baseline_is_re_based_with_a_day_and_a_reason(tmp_path):
    now = freeze("violence", "offences", "count", "2007/08", 3_300)
    log = "      rebased:\n        - {date: 2009-05-01, was: 3240, reason: New counting rules.}\n"
    new = (("value: 3240", "value: 3300"), (f"{FROZEN}\n", f"{now}\n{log}"))
    assert faults(tmp_path, *new) == []
    assert faults(tmp_path, *new, ("date: 2009-05-01", "date: 2009-02-30"))[0].startswith(
        "17: targets.fewer-assaults.baseline.rebased.1.date: Input should be a valid date"
    )
    assert faults(tmp_path, *new, (", reason: New counting rules.", "")) == [
        "17: The key 'targets.fewer-assaults.baseline.rebased.1.reason' is missing. Add it."
    ]


def test_the_hash_tells_whole_numbers_written_either_way_alike():
    assert freeze(*OF.values(), "2007/08", 3_240) == freeze(*OF.values(), "2007/08", 3_240.0)
    assert freeze(*OF.values(), "2007/08", 3_240) != freeze(*OF.values(), "2006/07", 3_240)


def test_a_trend_needs_a_figure_for_each_of_its_years():
    frozen = trend_baseline(9, 10, 11, first="2003/04", last="2007/08")
    with pytest.raises(ValueError, match="2003/04 to 2007/08 has 5 years, `value` has 3"):
        made("trend", baseline=frozen)
