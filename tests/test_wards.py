"""Places inside the area: wards with share and change, and how concentrated they are."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.wards import Wards, by_ward, concentration, ward_rows
from kingston_analysis.results import Gap

YEAR, BEFORE = "2006/07", "2005/06"
POISSON = Variation(1.0, math.inf, "months")
WARDS = pd.DataFrame(
    [
        ("Grove", "2006/07", "All", 40),
        ("Tudor", "2006/07", "All", 10),
        ("Alexandra", "2006/07", "All", 10),
        ("Grove", "2005/06", "All", 999),
        ("Grove", "2006/07", "Burglary", 3),
    ],
    columns=["ward", "year", "group", "offences"],
)


def of(groups: list[str], total: float) -> Wards:
    return by_ward(
        ward_rows(WARDS, {"group": groups}, "year", "offences"), YEAR, BEFORE, total, POISSON
    )


def moved(counts: dict[str, tuple[float, float]], breaks=(), phi: float = 1.0) -> Wards:
    """Describe wards of which the counts of two years are given, none without a ward."""
    rows = pd.DataFrame(
        [
            (ward, period, count)
            for ward, pair in counts.items()
            for period, count in zip((BEFORE, YEAR), pair, strict=True)
        ],
        columns=["ward", "period", "value"],
    )
    total, noise = sum(after for _, after in counts.values()), Variation(phi, math.inf, "months")
    return by_ward(rows, YEAR, BEFORE, total, noise, breaks)


def counted(*values: float) -> pd.Series:
    return pd.Series(values, dtype=float)


def test_wards_of_a_year_highest_first_with_their_share_and_what_has_no_ward():
    wards = of(["All"], 64)
    assert wards.frame[["ward", "value"]].to_numpy().tolist() == [
        ["Grove", 40],
        ["Alexandra", 10],
        ["Tudor", 10],
    ]
    assert wards.frame["share"].tolist() == [pytest.approx(each / 60) for each in (40, 10, 10)]
    assert (wards.total, wards.placed, wards.unplaced) == (64, 60, 4)


def test_wards_that_add_up_to_more_than_the_area_leave_a_negative_difference():
    assert of(["All"], 57).unplaced == -3


def test_groups_that_are_selected_together_are_added_up_ward_by_ward():
    frame = of(["All", "Burglary"], 64).frame
    assert frame.set_index("ward")["value"].to_dict() == {"Grove": 43, "Alexandra": 10, "Tudor": 10}
    assert frame["ward"].is_unique


def test_a_group_that_is_suppressed_leaves_the_sum_of_its_ward_missing():
    rows = WARDS.astype({"offences": "Int64"})
    rows.loc[rows["group"] == "Burglary", "offences"] = pd.NA
    sums = ward_rows(rows, {"group": ["All", "Burglary"]}, "year", "offences")
    value = sums.set_index(["ward", "period"])["value"]
    assert pd.isna(value["Grove", "2006/07"])
    assert value["Tudor", "2006/07"] == 10


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=16).filter(any))
def test_shares_of_the_wards_add_up_to_one(counts):
    wards = moved({f"Ward {n}": (1, count) for n, count in enumerate(counts)})
    assert wards.frame["share"].sum() == pytest.approx(1)


PAIRS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=8)


@settings(max_examples=40, deadline=None)
@given(PAIRS, st.integers(0, 5_000))
def test_what_has_a_ward_and_what_has_none_add_up_to_the_areas_count(pairs, total):
    counts = {f"Ward {n}": pair for n, pair in enumerate(pairs)}
    rows = pd.DataFrame(
        [(ward, YEAR, after) for ward, (_, after) in counts.items()],
        columns=["ward", "period", "value"],
    )
    wards = by_ward(rows, YEAR, BEFORE, total, POISSON)
    assert wards.placed == sum(after for _, after in pairs)
    assert wards.placed + wards.unplaced == wards.total == total


@settings(max_examples=30, deadline=None)
@given(PAIRS, st.randoms())
def test_the_order_of_rows_does_not_matter(pairs, chance):
    counts = {f"Ward {n}": pair for n, pair in enumerate(pairs)}
    names = list(counts)
    chance.shuffle(names)
    there, back = moved(counts), moved({name: counts[name] for name in names})
    pd.testing.assert_frame_equal(there.frame, back.frame)
    assert there.concentration == back.concentration
    assert there.changes.keys() == back.changes.keys()
    for ward, change in there.changes.items():
        again = back.changes[ward]
        assert change.verdict == again.verdict
        if isinstance(change.ratio, Gap):
            assert change.ratio == again.ratio
        else:
            assert change.ratio.value == again.ratio.value
            assert change.ratio.ends == pytest.approx(again.ratio.ends)


def test_a_change_of_a_ward_worked_by_hand():
    grove = moved({"Grove": (300, 100), "Tudor": (100, 300)}, phi=4.0).changes["Grove"]
    # z(0.9975) = 2.807034; √(4 (1/300 + 1/100)) = 0.230940: as noisy as the area's own count.
    reach = 2.807034 * math.sqrt(4 * (1 / 300 + 1 / 100))
    assert grove.ratio.value == pytest.approx(100 / 300)
    assert grove.ratio.low == pytest.approx(100 / 300 * math.exp(-reach), rel=1e-5)
    assert grove.ratio.high == pytest.approx(100 / 300 * math.exp(+reach), rel=1e-5)


def test_what_other_wards_did_does_not_change_what_one_is_called():
    still = {f"Ward {n:02}": (400, 400) for n in range(18)}
    wild = {f"Ward {n:02}": (100, 900) for n in range(18)}
    alone, beside, among = (moved(each | {"Grove": (400, 300)}) for each in ({}, still, wild))
    assert alone.changes["Grove"] == beside.changes["Grove"] == among.changes["Grove"]


def test_a_ward_that_moved_far_from_all_others_changed_clearly():
    pairs = {f"Ward {n:02}": (400, 400) for n in range(18)}
    wards = moved(pairs | {"Grove": (400, 100)})
    assert wards.changes["Grove"].verdict == "fell"
    assert {each.verdict for name, each in wards.changes.items() if name != "Grove"} == {
        "no clear change"
    }


def test_a_break_that_refuses_leaves_no_ward_compared():
    pairs = {"Grove": (300, 100), "Tudor": (100, 300)}
    wards = moved(pairs, [("refuse", "Counted anew.")])
    for each in wards.changes.values():
        assert (each.verdict, each.ratio) == ("cannot be compared", Gap("Counted anew."))
    assert wards.frame.set_index("ward")["value"].to_dict() == {"Grove": 100, "Tudor": 300}


def test_a_break_that_labels_is_told_with_every_ward():
    wards = moved({"Grove": (300, 100), "Tudor": (100, 300)}, [("label", "Renamed.")])
    assert {each.caution for each in wards.changes.values()} == {"Renamed."}


def test_without_the_year_before_no_ward_is_compared():
    wards = by_ward(
        ward_rows(WARDS, {"group": ["All"]}, "year", "offences"), YEAR, "2004/05", 60, POISSON
    )
    assert {each.verdict for each in wards.changes.values()} == {"cannot be compared"}
    assert all(isinstance(each.ratio, Gap) for each in wards.changes.values())


def test_a_ward_that_had_none_the_year_before_cannot_be_compared_and_the_others_can():
    wards = moved({"Grove": (0, 100), "Tudor": (100, 110), "Alexandra": (90, 100)})
    assert wards.changes["Grove"].verdict == "cannot be compared"
    assert "zero" in wards.changes["Grove"].ratio.why
    assert {wards.changes[ward].verdict for ward in ("Tudor", "Alexandra")} == {"no clear change"}


@pytest.mark.parametrize(
    ("values", "holding_half"),
    [
        ((50, 30, 20), 1),  # 50 of 100 are half
        ((49, 31, 20), 2),  # 49 are not, 49 + 31 are
        ((20, 31, 49), 2),  # whatever their order
        ((25, 25, 25, 25), 2),
        ((21, 20, 20, 20, 19), 3),  # 41 are not, 61 are
        ((7,), 1),
    ],
)
def test_the_fewest_wards_that_hold_half_counted_by_hand(values, holding_half):
    found = concentration(counted(*values))
    assert found.holding_half == holding_half
    assert found.wards == len(values)


def test_what_chance_alone_gives_for_two_wards_is_that_one_holds_half():
    # Of two wards the larger always holds half or more.
    found = concentration(counted(60, 40))
    assert (found.low, found.high) == (1, 1)


def test_what_chance_alone_gives_for_three_offences_in_three_wards_worked_by_hand():
    # Half of three is 1.5. 3-0-0 (3 of 27 ways) and 2-1-0 (18 of 27) hold it in one ward, 1-1-1
    # (6 of 27, 22%) in two: the 2.5th percentile is one ward, the 97.5th is two.
    found = concentration(counted(1, 1, 1))
    assert (found.low, found.high) == (1, 2)
    # The 75th is one.
    half = concentration(counted(1, 1, 1), level=0.5)
    assert (half.low, half.high) == (1, 1)


@pytest.mark.parametrize("each", [3, 40, 1_000])
def test_wards_with_the_same_count_are_no_more_concentrated_than_chance(each):
    found = concentration(counted(*[each] * 16))
    assert found.holding_half == 8
    assert found.low <= found.high <= found.holding_half


def test_one_ward_that_holds_everything_is_more_concentrated_than_chance():
    found = concentration(counted(160, *[0] * 15))
    assert found.holding_half == 1 < found.low


def test_of_few_offences_chance_alone_leaves_most_wards_without_any():
    # Four offences in sixteen wards: two wards can hold half at the most.
    found = concentration(counted(4, *[0] * 15))
    assert found.high == 2
    assert found.low == 1 == found.holding_half


def test_chance_is_the_same_every_time():
    assert concentration(counted(9, 8, 1)) == concentration(counted(9, 8, 1))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=12).filter(any))
def test_half_is_held_by_some_wards_and_never_by_more_than_half_of_them(values):
    found = concentration(counted(*values))
    assert 1 <= found.holding_half <= math.ceil(len(values) / 2)
    assert 1 <= found.low <= found.high <= math.ceil(len(values) / 2)


def test_where_nothing_happened_no_ward_holds_half_of_it():
    wards = moved({"Grove": (0, 0), "Tudor": (3, 0)})
    assert wards.concentration is None
    assert wards.frame["share"].tolist() == [0, 0]
    assert (wards.placed, wards.unplaced) == (0, 0)
    assert {each.verdict for each in wards.changes.values()} == {"cannot be compared"}


def test_a_ward_whose_number_was_withheld_has_no_share_and_the_rest_has():
    wards = moved({"Grove": (30, 40), "Tudor": (30, math.nan), "Alexandra": (10, 20)})
    assert wards.frame.set_index("ward")["share"].to_dict() == {
        "Grove": pytest.approx(40 / 60),
        "Alexandra": pytest.approx(20 / 60),
    }
    assert set(wards.changes) == {"Grove", "Alexandra"}


def test_beside_another_count_chance_deals_as_that_one_lies():
    # Half of 90 and 10 lies in one ward however they are dealt; as 50 and 50 lie too.
    assert concentration(counted(90, 10), like=counted(9, 1)).high == 1
    # 600 offences in three wards alike are held by two; dealt as 8 to 1 to 1 they lie in one.
    even = counted(200, 200, 200)
    assert (concentration(even).low, concentration(even).high) == (2, 2)
    beside = concentration(even, like=counted(8, 1, 1))
    assert (beside.holding_half, beside.low, beside.high) == (2, 1, 1)


def test_offences_that_come_several_at_a_time_are_dealt_so():
    # 30 offences that come ten at a time are three, as worked by hand above: one ward or two.
    found = concentration(counted(10, 10, 10), phi=10.0)
    assert (found.low, found.high) == (1, 2)
    # One by one, 30 in three wards leave no ward with half of them in 95 of 100.
    assert concentration(counted(10, 10, 10)).high == 2


def test_what_lies_like_the_other_count_is_no_more_concentrated_than_it():
    values = counted(400, 200, 100, 50, 50)
    found = concentration(values, like=values)
    assert found.low <= found.holding_half <= found.high
