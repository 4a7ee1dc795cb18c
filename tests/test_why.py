"""Why: a change in parts that add up to it, by offence and by ward."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_fixture import KINGSTON, PROJECT, made_table, real_series, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.tables import periods
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.measures.parts import Divided, divided, undivided
from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.why import change_by_ward, decompose
from kingston_analysis.notebook import open_edition
from kingston_analysis.results import Gap

POISSON = Variation(1.0, math.inf, "boroughs")
# With infinite degrees of freedom so many standard errors either way hold 99.5 of 100.
Z = 2.807034
COUNTS = st.integers(0, 100_000)
PARTS = st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=12)
VARIATIONS = st.builds(Variation, st.floats(1, 20), st.floats(2, 200), st.just("years"))


def counts(rows: dict[str, tuple[float, float]], name: str = "part") -> pd.DataFrame:
    return pd.DataFrame(
        [(part, *pair) for part, pair in rows.items()], columns=[name, "before", "after"]
    )


def both(rows: list[tuple[int, int, int, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make own counts and those of all boroughs, of which the own are a part."""
    own = {f"part {n}": (before, after) for n, (before, after, _, _) in enumerate(rows)}
    others = {f"part {n}": (row[0] + row[2], row[1] + row[3]) for n, row in enumerate(rows)}
    return counts(own), counts(others)


# All boroughs: 1,000 + 1,000 = 2,000 before and 1,200 + 1,000 = 2,200 after, so G = +10%.
# Assault g = +20%, harassment g = 0%.
OWN = counts({"Assault": (100, 150), "Harassment": (50, 40)})
ALL = counts({"Assault": (1_000, 1_200), "Harassment": (1_000, 1_000)})


def test_a_decomposition_worked_by_hand():
    found = decompose(OWN, ALL, POISSON)
    assault, harassment = (found.parts.set_index("part").loc[n] for n in ("Assault", "Harassment"))
    # 100 * 10% = 10; 100 * (20% - 10%) = 10; 150 - 100 * 1.2 = 30
    assert assault[["change", "common", "mix", "local"]].tolist() == pytest.approx([50, 10, 10, 30])
    # 50 * 10% = 5; 50 * (0% - 10%) = -5; 40 - 50 * 1 = -10
    expected = [-10, 5, -5, -10]
    assert harassment[["change", "common", "mix", "local"]].tolist() == pytest.approx(expected)
    assert found.common.value == pytest.approx(10 + 5)
    assert found.mix.value == pytest.approx(10 - 5)
    assert found.local.value == pytest.approx(30 - 10)
    assert (found.before, found.change) == (150, 40)


def test_its_intervals_worked_by_hand():
    found = decompose(
        OWN, ALL, Variation(4.0, math.inf, "years"), of_total=Variation(2.0, math.inf, "years")
    )
    # S = 150 / 2,000 = 0.075, S * R = 0.0825.
    # Own before: 100 + 50, after: 150 + 40; the others': 900 + 950 before, 1,050 + 960 after.
    own = (0.1 - 0.0825) ** 2 * 150 + 0.075**2 * 190
    others = 0.0825**2 * 1_850 + 0.075**2 * 2_010
    common = 4 * own + 2 * others
    assert common == pytest.approx(4 * 1.1147 + 2 * 23.8978, abs=1e-3)
    assert found.common.high - 15 == pytest.approx(Z * math.sqrt(common), rel=1e-6)
    # Assault: s = 100 / 1,000, r = 1.2; 1 - s = 0.9
    assault = 4 * 0.9**2 * (150 + 1.2**2 * 100) + 2 * 0.1**2 * (1_050 + 1.2**2 * 900)
    # Harassment: s = 50 / 1,000, r = 1; 1 - s = 0.95
    harassment = 4 * 0.95**2 * (40 + 50) + 2 * 0.05**2 * (960 + 950)
    low = found.parts.set_index("part").loc["Assault", "low"]
    assert 30 - low == pytest.approx(Z * math.sqrt(assault), rel=1e-6)
    reach = Z * math.sqrt(assault + harassment)
    assert 20 - found.local.low == pytest.approx(reach, rel=1e-6)


def test_the_interval_of_the_mix_worked_by_hand():
    found = decompose(OWN, ALL, POISSON)
    # R = 1.1, S * R = 0.0825; assault: r - R = 0.1, s * r = 0.12, s - S = 0.025
    assault = (0.1 - 0.12 + 0.0825) ** 2 * 100 + 0.025**2 * 150
    assault += (0.0825 - 0.12) ** 2 * 900 + 0.025**2 * 1_050
    # harassment: r - R = -0.1, s * r = 0.05, s - S = -0.025
    harassment = (-0.1 - 0.05 + 0.0825) ** 2 * 50 + 0.025**2 * 40
    harassment += (0.0825 - 0.05) ** 2 * 950 + 0.025**2 * 960
    reach = Z * math.sqrt(assault + harassment)
    assert found.mix.high - 5 == pytest.approx(reach, rel=1e-6)


def test_what_moved_with_london_is_not_known_exactly_though_it_moved_little():
    """A change of 0.2% in all boroughs was +4 (+4 to +4); their counts vary too."""
    own, every = counts({"Violence": (2_191, 2_260)}), counts({"Violence": (170_000, 170_340)})
    common = decompose(own, every, POISSON).common
    # s = 0.01289, r = 1.002; the others' s² * (170,340 - 2,260 + r² * (170,000 - 2,191)) = 55.9,
    # the own (g - s r)² * 2,191 + s² * 2,260 = 0.6; 2.807034 √56.5 = 21.1
    assert common.value == pytest.approx(4.4, abs=0.05)
    assert common.high - common.value == pytest.approx(21.1, abs=0.1)


@pytest.mark.parametrize("level", [0.95, JUDGED_AT])
def test_the_interval_of_the_local_part_holds_the_truth_as_often_as_it_says(level):
    """Own counts of 100 among 1,000, both varying; the boroughs' counts taken as fixed miss it."""
    numbers = np.random.default_rng(14)
    held = {"common": 0, "local": 0}
    for _ in range(1_000):
        mine, others = numbers.poisson(100, 2), numbers.poisson(900, 2)
        every = counts({"A": tuple(mine + others)})
        found = decompose(counts({"A": tuple(mine)}), every, POISSON, level=level)
        held["common"] += found.common.allows(0)
        held["local"] += found.local.allows(0)
    # Nothing changed: 95 of 100, give or take 1.4 (√(0.95 * 0.05 / 1,000) * 2); 99.5, give or take
    # 0.45
    band = 2 * math.sqrt(level * (1 - level) / 1_000)
    assert held["common"] / 1_000 == pytest.approx(level, abs=band)
    assert held["local"] / 1_000 == pytest.approx(level, abs=band)


def test_the_boroughs_together_vary_by_chance_as_each_of_them_does_weighed_by_its_count():
    burglary = real_series("burglary")
    counts = burglary.yearly[burglary.yearly["period"].eq("2010/11")].set_index("area")["value"]
    own = {area: replace(burglary, area=area).variation("2010/11").phi for area in counts.index}
    weighed = sum(own[area] * count for area, count in counts.items()) / counts.sum()
    assert burglary.variation_together("2010/11").phi == pytest.approx(weighed)
    assert min(own.values()) < weighed < max(own.values())


def test_a_part_whose_variation_is_known_has_its_own_and_the_sums_keep_that_of_the_whole_count():
    own_and_together = Variation(4.0, math.inf, "months"), Variation(2.0, 3.0, "months")
    found = decompose(OWN, ALL, POISSON, of_parts={"Assault": own_and_together})
    parts = found.parts.set_index("part")
    # Assault, as above: 4 * 0.81 * (150 + 1.44 * 100) + 2 * 0.01 * (1,050 + 1.44 * 900) = 999.5,
    # and t(3) is 7.453 at 99.5%.
    assault = 4 * 0.9**2 * 294 + 2 * 0.1**2 * 2_346
    assert parts.loc["Assault", "high"] - 30 == pytest.approx(
        7.45332 * math.sqrt(assault), rel=1e-6
    )
    # Harassment: φ = 1 for all, 0.9025 * 90 + 0.0025 * 1,910 = 86.0
    harassment = 0.95**2 * 90 + 0.05**2 * 1_910
    assert parts.loc["Harassment", "high"] + 10 == pytest.approx(
        Z * math.sqrt(harassment), rel=1e-6
    )
    assert found.borrowing == ("Harassment",)
    assert found.local == decompose(OWN, ALL, POISSON).local


@pytest.mark.parametrize(("edition", "least"), [(2008, 7), (2010, 7), (2011, 1), (2016, 1)])
def test_a_local_part_has_one_interval_on_all_pages_of_an_edition(edition, least):
    """Violence in edition 2010: −412 was −683 to −141 on its page and −819 to −4 in all crime."""
    view = open_edition("sources", edition=edition, area=KINGSTON, project=PROJECT).view
    told: dict[tuple[float, ...], list[tuple[str, float, float]]] = {}
    for page, topic in view.pages.items():
        if isinstance(topic.decomposition, Gap):
            continue
        for each in topic.decomposition.parts.to_dict("records"):
            same = each["before"], each["after"], round(each["local"], 6)
            if each["before"] and each["after"]:
                told.setdefault(same, []).append((page, each["low"], each["high"]))
    twice = [pages for pages in told.values() if len({page for page, *_ in pages}) > 1]
    assert len(twice) >= least
    for (_, *first), *others in twice:
        for _, *other in others:
            assert other == pytest.approx(first, rel=1e-9)


def test_few_degrees_of_freedom_behind_either_variation_widen_the_intervals():
    known, few = Variation(2.0, math.inf, "years"), Variation(2.0, 3.0, "years")
    sure = decompose(OWN, ALL, known, of_total=known).common
    for pair in ((known, few), (few, known)):
        unsure = decompose(OWN, ALL, pair[0], of_total=pair[1]).common
        # t(3) is 7.453 at 99.5%, where the normal quantile is 2.807
        assert (unsure.high - 15) / (sure.high - 15) == pytest.approx(7.453 / 2.807, abs=0.001)


def test_few_degrees_of_freedom_widen_the_intervals():
    sure = decompose(OWN, ALL, Variation(2.0, math.inf, "years"), level=0.95).local
    unsure = decompose(OWN, ALL, Variation(2.0, 3.0, "years"), level=0.95).local
    # t(3) is 3.182 where the normal quantile is 1.960
    assert (unsure.high - 20) / (sure.high - 20) == pytest.approx(3.182 / 1.960, abs=0.001)


def test_a_level_of_80_per_cent_narrows_the_intervals_and_clears_more():
    found = decompose(OWN, ALL, POISSON, level=0.8)
    # The normal quantile is 1.281552; the variance as above, with φ = 1 for all.
    variance = 0.9**2 * 294 + 0.1**2 * 2_346 + 0.95**2 * 90 + 0.05**2 * 1_910
    assert 20 - found.local.low == pytest.approx(1.281552 * math.sqrt(variance), rel=1e-6)
    assert found.local.level == 0.8
    # z of assault: 30 / √261.6 = 1.85: beyond 1.28, and not beyond 2.81.
    clear = found.parts.set_index("part")["clear"]
    assert clear["Assault"]
    assert not decompose(OWN, ALL, POISSON).parts["clear"].any()
    east = change_by_ward(WARDS, 200, 150, POISSON, level=0.8).frame.set_index("ward").loc["East"]
    # As below: the variance is 65.
    assert -10 - east["low"] == pytest.approx(1.281552 * math.sqrt(65), rel=1e-6)


@given(PARTS, VARIATIONS)
def test_the_parts_add_up_to_the_change(rows, variation):
    own, others = both(rows)
    found = decompose(own, others, variation)
    change = sum(after - before for before, after, _, _ in rows)
    sums = found.common.value + found.mix.value + found.local.value
    assert sums == pytest.approx(change, abs=1e-9)
    table = found.parts
    assert table["change"].sum() == change
    by_part = table["common"] + table["mix"] + table["local"] - table["change"]
    assert by_part.abs().max() < 1e-9
    # A sum of a dozen numbers, each of up to a few hundred thousand, is true to their last digits.
    for name, whole in (("common", found.common), ("mix", found.mix), ("local", found.local)):
        assert table[name].sum() == pytest.approx(whole.value, abs=1e-8)


@given(PARTS, VARIATIONS)
def test_intervals_contain_their_estimate(rows, variation):
    found = decompose(*both(rows), variation)
    for part in (found.common, found.mix, found.local):
        assert part.low <= part.value <= part.high
    assert (found.parts["low"] <= found.parts["local"]).all()
    assert (found.parts["local"] <= found.parts["high"]).all()
    assert not found.parts.isna().any(axis=None)


@given(PARTS, VARIATIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, variation, chance):
    own, others = both(rows)
    first = decompose(own, others, variation)
    shuffled = [frame.iloc[chance.sample(range(len(rows)), len(rows))] for frame in (own, others)]
    second = decompose(*shuffled, variation)
    pd.testing.assert_frame_equal(first.parts, second.parts)
    assert (first.common, first.mix, first.local) == (second.common, second.mix, second.local)


def test_one_kind_of_offence_has_no_mix():
    found = decompose(counts({"Theft": (80, 100)}), counts({"Theft": (1_000, 1_100)}), POISSON)
    # 80 * 10% = 8; 100 - 88 = 12
    assert (found.mix.value, found.mix.low, found.mix.high) == (0, 0, 0)
    assert found.common.value == pytest.approx(8)
    assert found.local.value == pytest.approx(12)


def test_an_offence_that_no_borough_had_before_is_wholly_local():
    own = counts({"New": (0, 7), "Old": (10, 10)})
    found = decompose(own, counts({"New": (0, 90), "Old": (900, 900)}), POISSON)
    new = found.parts.set_index("part").loc["New"]
    assert (new["common"], new["mix"], new["local"]) == (0, 0, 7)
    # It is part of what all boroughs together had: 990 of 900, so G is +10%.
    assert found.common.value == pytest.approx(1)
    assert found.change == 7


def test_an_offence_that_the_area_did_not_have_before_is_local():
    own = counts({"New here": (0, 7), "Old": (10, 10)})
    found = decompose(own, counts({"New here": (90, 80), "Old": (900, 900)}), POISSON)
    assert found.parts.set_index("part").loc["New here", "local"] == 7


def test_where_nothing_happened_anywhere_nothing_is_divided_by():
    found = decompose(counts({"Theft": (0, 0)}), counts({"Theft": (0, 0)}), POISSON)
    assert found.change == found.common.value == found.mix.value == found.local.value == 0
    assert not found.parts["clear"].any()


def test_a_missing_figure_is_told_and_not_computed_with():
    for wrong in (counts({"Theft": (math.nan, 7)}), counts({"Theft": (7, math.nan)})):
        found = decompose(wrong, counts({"Theft": (90, 80)}), POISSON)
        assert "missing" in found.why
        assert "missing" in decompose(counts({"Theft": (9, 8)}), wrong, POISSON).why


def test_no_parts_at_all_are_told():
    assert decompose(counts({}), counts({}), POISSON).why


def test_a_break_that_labels_is_carried():
    assert decompose(OWN, ALL, POISSON, caution="Counted anew.").caution == "Counted anew."


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (counts({"Assault": (-1, 2), "Harassment": (1, 2)}), r"'Assault'.*negative"),
        (counts({"Assault": (math.inf, 2), "Harassment": (1, 2)}), r"'Assault'.*infinite"),
        (counts({"Assault": (1, 2)}), r"'Harassment'.*not both"),
        (pd.concat([OWN, OWN]), r"'Assault' stands twice"),
    ],
)
def test_counts_that_cannot_be_are_refused(own, message):
    with pytest.raises(KingstonError, match=message):
        decompose(own, ALL, POISSON)


def test_a_part_is_clear_where_its_interval_leaves_out_nought_however_many_are_compared():
    # z of the first: 60 / √(160 + 100) = 3.7; the second: 38 / √(138 + 100) = 2.5; 2.81 is clear.
    own = counts({"A": (100, 160), "B": (100, 138), **{f"C{n}": (100, 100) for n in range(8)}})
    every = counts(dict.fromkeys(own["part"], (1000, 1000)))
    found = decompose(own, every, POISSON).parts.set_index("part")
    assert found["clear"].to_dict() == {name: name == "A" for name in own["part"]}
    for part in ("A", "B"):
        alone = decompose(own[own["part"] == part], every[every["part"] == part], POISSON).parts
        assert alone["clear"].tolist() == [part == "A"]


@given(PARTS, VARIATIONS)
def test_what_is_clear_is_what_the_interval_says(rows, variation):
    parts = decompose(*both(rows), variation).parts
    assert (parts["clear"] == ((parts["low"] > 0) | (parts["high"] < 0))).all()


# Borough 200 → 150, a growth of -25%; the wards add up to 180 → 153.
WARDS = counts({"East": (120, 80), "West": (60, 73)}, "ward")


def test_wards_worked_by_hand():
    found = change_by_ward(WARDS, 200, 150, Variation(4.0, math.inf, "years"), level=0.95)
    east, west = (found.frame.set_index("ward").loc[name] for name in ("East", "West"))
    # East: -40, of which 120 * -25% = -30 as the borough and -10 its own; West: +13 = -15 + 28
    assert east[["change", "as_area", "own"]].tolist() == pytest.approx([-40, -30, -10])
    assert west[["change", "as_area", "own"]].tolist() == pytest.approx([13, -15, 28])
    # No ward: 200 - 180 = 20 before, 150 - 153 = -3 after
    assert found.unplaced.tolist() == pytest.approx([20, -3, -23, -5, -18])
    # East holds s = 0.6; r = 0.75; the others had 200 - 120 = 80 before and 150 - 80 = 70 after:
    # 0.16 (80 + 0.5625 * 120) + 0.36 (70 + 0.5625 * 80) = 23.6 + 41.4 = 65
    assert -10 - east["low"] == pytest.approx(2 * 1.959964 * math.sqrt(65), rel=1e-6)
    assert east["change_high"] + 40 == pytest.approx(2 * 1.959964 * math.sqrt(200), rel=1e-6)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=20), COUNTS, COUNTS, VARIATIONS)
def test_wards_and_what_has_none_add_up_to_the_boroughs_change(rows, before, after, variation):
    wards = counts({f"ward {n}": pair for n, pair in enumerate(rows)}, "ward")
    found = change_by_ward(wards, before, after, variation)
    assert found.frame["change"].sum() + found.unplaced["change"] == after - before
    for name, expected in (("as_area", after - before if before else 0), ("own", None)):
        whole = found.frame[name].sum() + found.unplaced[name]
        wanted = expected if expected is not None else (0 if before else after)
        # The growth of a borough that had one offence is up to a hundred thousand times its counts.
        assert whole == pytest.approx(wanted, abs=1e-9 * (1 + abs(found.frame[name]).sum()))
    assert (found.frame["low"] <= found.frame["own"]).all()
    assert (found.frame["own"] <= found.frame["high"]).all()
    assert not found.frame.isna().any(axis=None)


def test_a_missing_ward_or_borough_count_is_told():
    assert change_by_ward(WARDS, math.nan, 150, POISSON).why
    assert change_by_ward(counts({"East": (1, math.nan)}, "ward"), 200, 150, POISSON).why
    assert change_by_ward(counts({}, "ward"), 200, 150, POISSON).why
    with pytest.raises(KingstonError, match="'East' stands twice"):
        change_by_ward(pd.concat([WARDS, WARDS]), 200, 150, POISSON)


def real_violence(first: str, second: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return Kingston's and all boroughs' violence by offence, the two labels of GBH together."""
    table = real_table("recorded_crime_month_2008_2016").frame
    kept = table[table["offence_group"] == "Violence Against the Person"]
    kept = kept[kept["area"].isin(load_areas(PROJECT).borough_names)]
    labels = {"Grievous Bodily Harm": "GBH and wounding", "Wounding/GBH": "GBH and wounding"}
    kept = kept.assign(
        part=kept["offence"].replace(labels), period=kept["month"].map(periods.financial_year_of)
    )
    return tuple(
        rows.pivot_table(index="part", columns="period", values="offences", aggfunc="sum")
        .reset_index()
        .rename(columns={first: "before", second: "after"})[["part", "before", "after"]]
        for rows in (kept[kept["area"] == KINGSTON], kept)
    )


def test_kingstons_violence_of_2014_15_rose_with_london():
    found = decompose(*real_violence("2013/14", "2014/15"), Variation(3.0, 20.0, "months"))
    # 592 + 547 + 524 + 284 + 73 + 32 + 1 = 2,053 and 609 + 840 + 770 + 311 + 70 + 40 + 3 = 2,643
    assert (found.before, found.change) == (2_053, 590)
    assert found.common.value == pytest.approx(577.6, abs=0.1)
    assert found.mix.value == pytest.approx(-3.7, abs=0.1)
    assert found.local.value == pytest.approx(16.2, abs=0.1)
    assert found.local.low < 0 < found.local.high


# The parts, of which a count is made

YEARS = ("2005/06", "2006/07")
BOTH_YEARS = {
    ("Ashby", "Homes"): (600, 400),
    ("Ashby", "Shops"): (400, 300),
    ("Burnham", "Homes"): (900, 950),
    ("Burnham", "Shops"): (500, 450),
}


def parts_of(
    counts: dict[tuple[str, str], tuple[float, float]], breaks: list[dict] | None = None
) -> Divided | Gap:
    """Divide the counts of Ashby and all boroughs by kind, in the two years."""
    rows = [
        (area, year, kind, count)
        for (area, kind), pair in counts.items()
        for year, count in zip(YEARS, pair, strict=True)
    ]
    table = made_table(["area", "financial_year", "kind", "value"], rows, breaks=breaks)
    return divided(table.frame, table.meta, "kind", {}, "Ashby", ["Ashby", "Burnham"], YEARS)


def a_break(effect: str, touches: object) -> list[dict]:
    return [{"at": "2006/07", "what": "Counted anew.", "touches": touches, "effect": effect}]


def test_an_area_and_all_boroughs_are_divided_into_the_same_parts():
    found = parts_of({**BOTH_YEARS, ("Elsewhere", "Homes"): (9_000, 9_000)})
    assert found.own.equals(counts({"Homes": (600.0, 400.0), "Shops": (400.0, 300.0)}))
    # 600 + 900, 400 + 950; 400 + 500, 300 + 450: what is no borough is left out.
    assert found.everyone.equals(counts({"Homes": (1_500.0, 1_350.0), "Shops": (900.0, 750.0)}))
    assert found.caution is None


@pytest.mark.parametrize("area", ["Ashby", "Burnham"])
def test_a_part_that_is_suppressed_anywhere_leaves_nothing_divided(area):
    assert parts_of({**BOTH_YEARS, (area, "Homes"): (600, math.nan)}) == Gap(
        "One of the figures is suppressed or missing."
    )


def test_a_year_without_parts_leaves_nothing_divided():
    table = made_table(["area", "financial_year", "kind", "value"], [("Ashby", YEARS[1], "A", 5.0)])
    found = divided(table.frame, table.meta, "kind", {}, "Ashby", ["Ashby"], YEARS)
    assert found == Gap("Figures by kind are not held for both 2005/06 and 2006/07.")


def test_a_break_of_a_part_refuses_or_labels_and_names_it():
    homes = {"kind": ["Homes"]}
    assert parts_of(BOTH_YEARS, a_break("refuse", homes)) == Gap("Homes: Counted anew.")
    assert parts_of(BOTH_YEARS, a_break("label", homes)).caution == "Homes: Counted anew."


def test_parts_that_swapped_their_names_are_one():
    found = parts_of(BOTH_YEARS, a_break("swap", {"kind": ["Shops", "Homes"]}))
    assert found.own.equals(counts({"Homes or Shops": (1_000.0, 700.0)}))


def test_a_count_without_parts_is_its_only_part_and_needs_the_same_boroughs_in_both_years():
    rows = [("Ashby", YEARS[0], 100.0), ("Ashby", YEARS[1], 90.0), ("Burnham", YEARS[0], 50.0)]
    years = pd.DataFrame(rows, columns=["area", "period", "value"])
    unknown = Gap("The same boroughs are not known in both years.")
    assert undivided(years, "Arson", "Ashby", YEARS) == unknown
    assert undivided(years[:2], "Arson", "Burnham", YEARS) == unknown
    found = undivided(years[:2], "Arson", "Ashby", YEARS)
    assert found.own.equals(counts({"Arson": (100.0, 90.0)}))
    assert found.everyone.equals(found.own)
