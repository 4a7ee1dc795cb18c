"""A rare offence: whatever counts a series has, noughts, ones, gaps or a collapse, is measured.

An answer may be that nothing can be said. Library warnings are faults here: they end on a page.
"""

from __future__ import annotations

import math
from dataclasses import replace
from importlib import import_module
from itertools import chain

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tables_fixture import KINGSTON, PROJECT, made_indicator, made_people, made_table

from kingston_analysis.analyses.comparison.ranks import rank_findings, rank_sentence
from kingston_analysis.data.editions import load_edition, visible_to
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.data.topics import Topic
from kingston_analysis.measures.change import Change, Usual, compare
from kingston_analysis.measures.comparison.funnel import funnel
from kingston_analysis.measures.comparison.groups import Group, against_groups
from kingston_analysis.measures.comparison.ranks import rank_chances
from kingston_analysis.measures.forecast import forecast_year
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.months import control_chart
from kingston_analysis.measures.seasons import estimate_seasons, own_profile
from kingston_analysis.measures.variation import (
    Variation,
    counting_noise,
    noise_between_years,
    noise_squares,
    of_boroughs,
)
from kingston_analysis.measures.wards import by_ward
from kingston_analysis.measures.why import change_by_ward, decompose
from kingston_analysis.notebook import NotebookPage
from kingston_analysis.results import Gap
from kingston_analysis.views.scope import Scope
from kingston_analysis.views.topic import TopicView

pytestmark = pytest.mark.filterwarnings("error")

AREAS = ["Ashby", "Burnham", "Calder"]
PEOPLE = made_people({area: dict.fromkeys(range(2000, 2012), 50_000) for area in AREAS})
RARE = st.sampled_from([0, 0, 0, 1, 1, 2])
MISSING = math.nan
COUNTS = st.one_of(RARE, st.just(MISSING), st.integers(0, 3_000)).map(float)
# Stretches of the same kind of count: a series that begins, ends or pauses, as offences do.
KINDS = [st.just(0), RARE, st.just(MISSING), st.integers(0, 9), st.integers(2_000, 3_000)]
STRETCH = st.tuples(st.sampled_from(KINDS), st.integers(1, 24)).flatmap(
    lambda kind: st.lists(kind[0].map(float), min_size=kind[1], max_size=kind[1])
)
MONTHS = st.lists(STRETCH, min_size=1, max_size=3).map(lambda parts: [*chain(*parts)])
YEARS = st.lists(COUNTS, min_size=1, max_size=9)


def rows(first: str, kind: str, areas: list[list[float]]) -> list[tuple]:
    return [
        (area, shifted(first, kind, step), count)
        for area, counts in zip(AREAS, areas, strict=False)
        for step, count in enumerate(counts)
    ]


def frame(months: list[list[float]]) -> pd.DataFrame:
    return pd.DataFrame(rows("2003-01", "month", months), columns=["area", "period", "value"])


ALL_MONTHS = st.lists(MONTHS, min_size=1, max_size=3).map(frame)


@example(frame([[0.0] * 15 + [2000.0 + n for n in range(30)]]))
@given(ALL_MONTHS)
def test_months_of_any_kind_have_seasons_a_chart_and_a_projection(months):
    found = estimate_seasons(months)
    assert found.index.between(0, 12).all()
    own = months[months["area"] == "Ashby"][["period", "value"]]
    own_profile(own, months)
    control_chart(own, found, Variation(1.0, math.inf, "months"))
    forecast_year(months, "Ashby")
    for each in counting_noise(noise_squares(months)).values():
        assert 1 <= each.phi < math.inf
        assert each.df > 0


def of_months_of(months: pd.DataFrame):
    made = months.rename(columns={"period": "month"})
    table = made_table(["area", "month", "value"], list(made.itertuples(index=False)), kind="month")
    return make_series(made_indicator(), "Ashby", table, PEOPLE, AREAS)


def of_years_of(years: list[list[float]]):
    made = rows("2001/02", "financial_year", years)
    table = made_table(["area", "financial_year", "value"], made)
    return make_series(made_indicator(), "Ashby", table, PEOPLE, AREAS)


SERIES = st.one_of(
    ALL_MONTHS.map(of_months_of),
    st.lists(YEARS, min_size=1, max_size=3).map(of_years_of),
)


def assert_sound(found: Change) -> None:
    """Hold a comparison to its own reason, or to numbers that its verdict agrees with."""
    if isinstance(found.ratio, Gap):
        assert (found.verdict, found.unusual) == ("cannot be compared", False)
        return
    ends = [found.ratio.low, found.ratio.high]
    if isinstance(found.usual, Usual):
        ends += [found.usual.low, found.usual.high]
    assert all(map(math.isfinite, ends))
    assert (found.verdict == "no clear change") == found.ratio.allows(1)


@given(SERIES)
def test_a_series_of_any_kind_has_its_changes_intervals_and_variation(series):
    if not isinstance(series.own_part_year, Gap):
        assert_sound(series.change_so_far())
    if series.known:
        for each in [series.change_on_mean(), *map(series.change, series.own.index)]:
            assert_sound(each)
        assert isinstance(series.trend, Gap) or math.isfinite(series.trend.z)
        assert series.running is None or series.running.years >= 3
        intervals = series.intervals
        assert (intervals["low"] <= intervals["high"]).all()
        assert all(series.variation(year).phi >= 1 for year in series.own.index)
        assert len(series.comparable) != 1
        assert series.latest in series.unbroken.columns
    assert all(series.variation(year).phi >= 1 for year in series.years_of_months)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=12))
def test_areas_of_any_counts_have_ranks_limits_and_parts(pairs):
    names = [f"Area {number}" for number in range(len(pairs))]
    both = pd.DataFrame(pairs, columns=["before", "after"])
    varied = of_boroughs(both["before"], both["after"])
    values = both.assign(area=names, value=both["after"], population=50_000.0)
    if not math.isnan(pairs[0][1]):
        assert (
            0
            <= rank_chances(values, names, names[0], dict.fromkeys(names, varied)).count.chance
            <= 1
        )
    funnel(values, names)
    compare(*pairs[0], varied)
    parts = both.assign(part=names)
    decompose(parts, parts, varied)
    change_by_ward(both.assign(ward=names), both["before"].sum(), both["after"].sum(), varied)
    wards = both.assign(ward=names).melt("ward", var_name="period")
    by_ward(wards, "after", "before", both["after"].sum(), varied)
    counts = [pd.Series({"2005/06": b, "2006/07": a}) for b, a in (pairs[0], both.sum())]
    people = pd.Series({"2005/06": 50_000, "2006/07": 50_000})
    own, group = (Group("key", "Name", each, people) for each in counts)
    against_groups(own, [group], "2006/07", "2005/06", varied, varied)


@given(st.lists(st.lists(COUNTS, min_size=6, max_size=6), min_size=1, max_size=6))
def test_years_of_any_counts_say_how_they_vary(counts):
    assert 1 <= noise_between_years(pd.DataFrame(counts)).phi < math.inf


# A topic of a rare offence, on a page


HOMICIDE = Topic.model_validate(
    {
        "id": "homicide",
        "title": "Homicide",
        "about": "Offences in which someone was killed.",
        "indicators": [
            {
                "id": "murder",
                "title": "Murder",
                "counted": "murders",
                "table": "recorded_crime_month_2008_2016",
                "select": {"offence": ["Murder"]},
                "unit": "offences",
                "polarity": "lower is better",
                "from": "2008-01",
                "rate": True,
            }
        ],
        "not_held": ["The police's own reviews of deaths are not held."],
    }
)
ANALYSES = (
    *("level.headline", "level.over_the_years", "months.months", "seasons.seasons"),
    *("change.change", "comparison.comparison", "harm.harm", "wards.wards", "why.why"),
    *("hypotheses.hypotheses", "forecast.forecast", "indicators.indicators"),
)
# What becomes of the borough's counts, from the oldest month to the newest.
COUNTED = {
    "as published": lambda counts: counts,
    "none at all": lambda counts: counts * 0,
    "none of late": lambda counts: counts.mask(counts.index.isin(counts.index[-24:]), 0),
    "one in all": lambda counts: (counts * 0).mask(counts.index == counts.index[-5], 1),
    "all missing": lambda counts: counts * MISSING,
    "all missing but the last": lambda counts: counts.where(counts.index == counts.index[-1]),
}


@pytest.mark.parametrize("year", [2009, 2010, 2016])
@pytest.mark.parametrize("counted", COUNTED.values(), ids=COUNTED)
def test_a_rare_offence_as_a_topic_gives_a_page(year, counted):
    edition = load_edition(PROJECT, year)
    table = visible_to(load(PROJECT, HOMICIDE.indicators[0].table), edition)
    own = (table.frame["area"] == KINGSTON) & (table.frame["offence"] == "Murder")
    counts = table.frame.assign(offences=table.frame["offences"].astype(float))
    counts.loc[own, "offences"] = counted(counts[own].set_index("month")["offences"]).to_numpy()
    scope = Scope(PROJECT, edition, KINGSTON)
    scope._tables[table.name] = replace(table, frame=counts)
    page = NotebookPage("topic", {"topic": HOMICIDE.id}, TopicView(scope, HOMICIDE))

    for each in ANALYSES:
        module, name = each.split(".")
        answer = getattr(import_module(f"kingston_analysis.analyses.{module}"), name)(page)
        assert answer.words or answer.figures or answer.gaps or answer.findings, each
        page.show(answer)
    assert "reviews of deaths are not held" in page.not_known().words


def test_nothing_at_all_is_not_called_lowest_with_a_chance():
    table = made_table(
        ["area", "month", "value"], rows("2005-04", "month", [[0.0] * 12, [9.0] * 12]), kind="month"
    )
    series = make_series(made_indicator(), "Ashby", table, PEOPLE, AREAS)
    chances = rank_chances(series.comparable, AREAS, "Ashby", series.variations("2005/06"))

    assert "simulated" not in rank_sentence(series, chances)
    assert "From a count of 0 one cannot say" in rank_sentence(series, chances)
    assert {each.value for each in rank_findings(series, chances)} == {None}
