"""Level, as a page says and shows it: the headline, and the years with their intervals."""

from __future__ import annotations

import math

import pytest
from pages_fixture import made_page
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.analyses.level import headline, over_the_years
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.show.figure import Figure

YEARS = [
    ("Ashby", "2004/05", 100.0),
    ("Ashby", "2005/06", math.nan),
    ("Ashby", "2006/07", 90.0),
    ("Burnham", "2006/07", 50.0),
]
TWO_YEARS = [("Ashby", "2005/06", 4_000.0), ("Ashby", "2006/07", 1_000.0)]
ANEW = {"at": "2006/07", "what": "Counted anew.", "touches": "all", "effect": "refuse"}


def made_series(rows=YEARS, breaks=()) -> Series:
    table = made_table(["area", "financial_year", "value"], rows, breaks=list(breaks))
    people = made_people({"Ashby": {2004: 10_000, 2005: 10_000, 2006: 10_000}})
    return make_series(made_indicator(), "Ashby", table, people, ["Ashby", "Burnham"])


WHISKERS = "Thin lines show the 95% interval: how far chance alone can move a year's count."


def years_of(series: Series, **options: float) -> Figure:
    """Show the years of a series, on a page that compares nothing else."""
    [figure] = over_the_years(made_page(series), **options).figures
    return figure


def drawn_in(figure: Figure) -> list[dict]:
    return [row for rows in figure.chart.to_dict()["datasets"].values() for row in rows]


def test_the_headline_is_what_the_topic_is_about_the_level_and_the_change():
    about, said, *_ = headline(made_page(made_series(TWO_YEARS))).words.split("\n\n")
    assert about == "Made up."
    assert said.startswith("1,000 burglaries were recorded in Ashby in 2006/07, 100.0 for every")
    assert "Burglaries fell by 75.0%, from 4,000 in 2005/06 to 1,000 in 2006/07" in said


def test_a_rank_is_told_among_boroughs_and_never_of_one_alone():
    # 1,000 offences among 10,000 residents are 100 for every 1,000.
    level = "1,000 burglaries were recorded in Ashby in 2006/07, 100.0 for every 1,000 residents."
    alone = headline(made_page(made_series(TWO_YEARS))).words
    beside = headline(made_page(made_series([*TWO_YEARS, ("Burnham", "2006/07", 50.0)]))).words
    assert f"{level} Burglaries" in alone
    assert f"{level} That is the highest count" in beside


def test_the_heading_says_what_happened_whatever_else_the_page_compares():
    # φ is 2: ln(75/400) = -1.67 is 9.4 times √(2 (1/400 + 1/75)).
    fallen = made_series([("Ashby", "2005/06", 400.0), ("Ashby", "2006/07", 75.0)])
    steady = made_series([("Ashby", "2005/06", 100.0), ("Ashby", "2006/07", 100.0)])
    said = "Burglary fell by 81.2% in 2006/07, more than chance explains"
    first, second = over_the_years(made_page(fallen, steady)).figures
    assert years_of(fallen).heading == first.heading == said
    assert second.heading == "Burglary showed no clear change in 2006/07"


def test_a_suppressed_year_is_marked_and_not_drawn():
    figure = years_of(made_series())
    by_year = {row[0]: row[1] for row in figure.table.rows}
    assert by_year == {"2004/05": 100, "2005/06": "[c]", "2006/07": 90}
    assert {row["period"] for row in drawn_in(figure)} == {"2004/05", "2006/07"}


def test_a_break_is_marked_in_table_and_note():
    figure = years_of(made_series(breaks=[ANEW]))
    assert figure.table.rows[-1][0] == "2006/07 [b]"
    assert "Counted anew." in figure.note
    assert years_of(made_series()).note == WHISKERS


def test_every_year_has_its_interval_in_chart_and_table():
    figure = years_of(made_series(TWO_YEARS))
    assert figure.table.headings[-1].title == "95% interval of the count"
    # Of one borough nothing is learned, φ is 2: 4000 e^(∓1.959964 √(2/4000)) and of 1000 likewise
    assert [row[-1] for row in figure.table.rows] == ["3,828 to 4,179", "916 to 1,092"]
    ends = {row["period"]: (row["low"], row["high"]) for row in drawn_in(figure) if "low" in row}
    assert ends["2006/07"] == pytest.approx((916.1, 1_091.6), abs=0.1)
    assert ends["2005/06"] == pytest.approx((3_828.5, 4_179.2), abs=0.1)


def test_a_suppressed_year_has_no_interval():
    figure = years_of(made_series())
    assert [row[-1] for row in figure.table.rows][1] == "[c]"


MANY = [("Ashby", f"200{n}/0{n + 1}", 100.0 + n) for n in range(1, 7)]


def test_only_the_latest_years_are_shown_where_so_many_are_asked_for():
    figure = years_of(made_series(MANY), years=2)
    assert [row[0] for row in figure.table.rows] == ["2005/06", "2006/07"]
    assert {row["period"] for row in drawn_in(figure)} == {"2005/06", "2006/07"}
    assert figure.period == "2005/06 to 2006/07"
    assert "from 105 in 2005/06 to 106 in 2006/07" in figure.alternative
    assert figure.heading == years_of(made_series(MANY)).heading


def test_a_year_without_a_figure_is_none_of_the_years_asked_for():
    figure = years_of(made_series(), years=2)
    assert [row[0] for row in figure.table.rows] == ["2004/05", "2005/06", "2006/07"]


def test_more_years_than_are_held_are_all_of_them():
    every = years_of(made_series(MANY)).table.as_data()
    assert years_of(made_series(MANY), years=99).table.as_data() == every


def test_a_break_before_the_years_that_are_shown_is_not_marked():
    broken = made_series(MANY, [ANEW | {"at": "2005/06"}])
    assert "Counted anew." in years_of(broken, years=3).note
    figure = years_of(broken, years=2)
    assert figure.note == WHISKERS
    assert figure.table.rows[0][0] == "2005/06"


def test_a_lower_level_narrows_the_intervals_and_is_named_in_them():
    usual, narrow = (years_of(made_series(), level=level) for level in (0.95, 0.8))
    assert narrow.note == WHISKERS.replace("95%", "80%")
    assert narrow.table.headings[-1].title == "80% interval of the count"
    ends = [
        [(row["low"], row["high"]) for row in drawn_in(figure) if "low" in row]
        for figure in (usual, narrow)
    ]
    assert ends[0]
    assert all(a[0] < b[0] < b[1] < a[1] for a, b in zip(*ends, strict=True))


@pytest.mark.parametrize("years", [0, -3])
def test_no_years_at_all_are_refused(years):
    with pytest.raises(KingstonError, match=f"no latest {years} years"):
        over_the_years(made_page(made_series()), years=years)


def test_the_frame_holds_the_years_of_every_indicator_that_has_several():
    page = made_page(
        made_series(), made_series([("Ashby", "2006/07", 7.0)]), made_series(TWO_YEARS)
    )
    frame = over_the_years(page, years=1).frame
    assert list(frame["value"]) == [90, 1_000]
    assert {"indicator", "area", "period", "rate", "rank_count", "low", "high"} <= {*frame.columns}


def test_one_year_only_is_said_to_be_one():
    answer = over_the_years(made_page(made_series([("Ashby", "2006/07", 7.0)])))
    [gap] = answer.gaps
    assert gap.gap.why == "Only one year of figures is held for burglaries."


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([2005, 2006], "90 in both years, 2005/06 and 2006/07"),
        ([2004, 2005, 2006], "90 in every year with a figure, 2004/05 to 2006/07"),
    ],
)
def test_counts_that_are_all_the_same_have_neither_a_highest_nor_a_lowest(years, said):
    figure = years_of(made_series([("Ashby", f"{y}/0{y % 100 + 1}", 90.0) for y in years]))
    assert figure.alternative == f"Bar chart of burglaries by year: {said}."


def test_years_that_noise_cannot_tell_apart_are_called_alike():
    """Alone, a borough's counts vary twice as much as Poisson counts do, as those of others.

    900 and 905 are alike, as 5 is less than 2.81 √(2 · (900 + 905)) = 169; 500 is like no other, as
    200 is more than 2.81 √(2 · (700 + 500)) = 138.
    """
    rows = {"2003/04": 905.0, "2004/05": 500.0, "2005/06": 900.0, "2006/07": 700.0}
    figure = years_of(made_series([("Ashby", year, value) for year, value in rows.items()]))
    assert figure.alternative == (
        "Bar chart of burglaries by year, from 905 in 2003/04 to 700 in 2006/07; highest 905 in "
        "2003/04, no clear difference from 2005/06; lowest 500 in 2004/05."
    )


def test_years_on_both_sides_of_a_break_are_not_set_side_by_side():
    rows = {"2002/03": 9_000.0, "2003/04": 905.0, "2004/05": 500.0, "2005/06": 900.0}
    anew = {**ANEW, "at": "2003/04"}
    made = [("Ashby", year, value) for year, value in rows.items()]
    assert years_of(made_series(made, breaks=[anew])).alternative == (
        "Bar chart of burglaries by year, from 9,000 in 2002/03 to 900 in 2005/06; since 2003/04, "
        "highest 905 in 2003/04, no clear difference from 2005/06; lowest 500 in 2004/05."
    )
    # Where the latest year alone is left, nothing is the highest.
    anew = {**ANEW, "at": "2005/06"}
    assert years_of(made_series(made, breaks=[anew])).alternative == (
        "Bar chart of burglaries by year, from 9,000 in 2002/03 to 900 in 2005/06."
    )
