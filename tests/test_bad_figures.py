"""Figures that are wrong are refused by name; figures that are awkward say nothing that is not so.

A table with a wrong figure is not loaded, and the message names table, area and period. What is
no fault but cannot be compared (a gap, a zero, a single year) has a verdict with its reason. No
sentence, table or finding ever holds what is no number.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages_fixture import answer_of, made_page
from tables_fixture import (
    KINGSTON,
    made_indicator,
    made_people,
    made_table,
    real_table,
    sound_project,
    vouch_for,
)

from kingston_analysis.analyses.change import change
from kingston_analysis.analyses.comparison import comparison
from kingston_analysis.analyses.indicators import indicators
from kingston_analysis.analyses.level import headline, over_the_years
from kingston_analysis.analyses.wards import wards
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.wards import Wards, by_ward
from kingston_analysis.notebook import open_topic
from kingston_analysis.results import Gap, as_json
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable

NO_NUMBER = re.compile(r"(?<![a-z])(nan|nat|inf|infinity)(?![a-z])", re.I)
HIDDEN = math.nan


# What is refused when a table is loaded.


def refusal(folder: Path, table: str, text: str, row: str, *more: tuple[str, str]) -> str:
    """Put a row into a table of the sound project and load it; return what is said of it."""
    project = sound_project(folder)
    tables = project.tables
    data, meta = tables / f"{table}.csv", tables / f"{table}.yml"
    for file, old, new in [(data, text, row), *((meta, *each) for each in more)]:
        content = file.read_text(encoding="utf-8")
        assert old in content
        file.write_text(content.replace(old, new), encoding="utf-8")
    vouch_for(data)
    with pytest.raises(KingstonError) as caught:
        load(project, table)
    return str(caught.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Ashby,2006/07,Burglary,-90", "-90 is below 0"),
        ("Ashby,2006/07,Burglary,90.5", "'90.5' is not a whole number"),
        ("Ashby,2006/07,Burglary,inf", "'inf' is not a whole number"),
        ("Ashby,2006/07,Burglary,many", "'many' is not a whole number"),
        ("Ashby,2006/07,Burglary,", "an empty cell stands where a value is required"),
        ("Ashby,2006/07,Burglary,90\nAshby,2006/07,Burglary,90", "Rows with the same area"),
        ("Asbhy,2006/07,Burglary,90", "'Asbhy' is not a name in data/areas.yml"),
    ],
)
def test_a_wrong_row_is_refused_with_table_area_and_period(row, said, tmp_path):
    message = refusal(tmp_path, "offences", "Ashby,2006/07,Burglary,90", row)
    assert said in message
    assert "offences.csv:3" in message
    assert row.split(",")[0] in message
    assert "2006/07" in message


def test_a_month_that_stands_twice_is_refused_with_table_area_and_month(tmp_path):
    rows = "area,financial_year,offence_group,offences\n" + "".join(
        f"{area},{month},Burglary,7\n"
        for area in ("Ashby", "Burnham")
        for month in ("2006-04", "2006-05", "2006-06")
    )
    sound = (sound_project(tmp_path / "read").tables / "offences.csv").read_text("utf-8")
    message = refusal(
        tmp_path / "written",
        "offences",
        sound,
        rows + "Burnham,2006-05,Burglary,7\n",
        ("kind: financial_year", "kind: month"),
        ("first: 2005/06", "first: 2006-04"),
        ("last: 2006/07", "last: 2006-06"),
    )
    assert "Rows with the same area" in message
    # The header is line 1, so that Burnham's May stands in line 6 and once more in line 8.
    assert "offences.csv:6" in message
    assert "Lines 6, 8" in message
    assert "Burnham" in message
    assert "2006-05" in message


@pytest.mark.parametrize("residents", [0, -1])
def test_a_population_of_zero_is_refused_with_table_area_and_year(residents):
    people = made_people({"Ashby": {2005: 40_000, 2006: residents}})
    table = made_table(["area", "financial_year", "value"], [("Ashby", "2006/07", 90.0)])
    with pytest.raises(KingstonError, match=r"'population'.*Ashby.*2006"):
        make_series(made_indicator(), "Ashby", table, people, ["Ashby"])


def test_an_indicator_without_a_rate_needs_no_population():
    people = made_people({"Ashby": {2006: 0}})
    table = made_table(["area", "financial_year", "value"], [("Ashby", "2006/07", 90.0)])
    series = make_series(made_indicator(rate=False), "Ashby", table, people, ["Ashby"])
    assert series.own["value"].to_dict() == {"2006/07": 90}


def test_the_population_that_is_held_may_hold_no_zero():
    [column] = [e for e in real_table("population").meta.columns if e.name == "population"]
    assert column.minimum == 1


COUNTS_HELD = [
    "alcohol_admissions_aged_11_18",
    "drug_admissions_year",
    "flagged_crime_month",
    "incidents_year",
    "recorded_crime_month_2008_2016",
    "recorded_crime_month_2010_2026",
    "recorded_crime_year",
    "ward_crime_year",
    "ward_incidents_year",
]


@pytest.mark.parametrize("name", COUNTS_HELD)
def test_every_count_that_is_held_is_a_whole_number_from_zero_and_stands_once(name):
    meta = real_table(name).meta
    [value] = [each for each in meta.columns if each.name == meta.value]
    assert (value.type, value.minimum) == ("integer", 0)
    assert meta.period.column in meta.keys
    assert {"area", "ward"} & set(meta.keys)


@pytest.mark.parametrize("area", ["Kingston", "Atlantis", "City of London", "Outer London", ""])
def test_an_area_that_is_no_borough_is_refused_by_name(area):
    with pytest.raises(KingstonError, match=f"There is no borough '{area}'"):
        open_topic(edition=2016, area=area, topic="robbery")


def test_a_topic_that_does_not_exist_is_refused_by_name():
    with pytest.raises(KingstonError, match=r"no topic 'robery'\. Did you mean 'robbery'"):
        open_topic(edition=2016, area=KINGSTON, topic="robery")


# What is no fault, but cannot be compared.

PEOPLE = made_people(
    {area: dict.fromkeys(range(2002, 2008), 40_000) for area in ("Ashby", "Burnham")}
)


def years(*counts: float | None, beside: tuple[float | None, ...] = (), people=PEOPLE) -> Series:
    """Make a series of years to 2006/07, without a row where there is None."""
    rows = [
        (area, shifted("2006/07", "financial_year", n - len(values) + 1), value)
        for area, values in (("Ashby", counts), ("Burnham", beside))
        for n, value in enumerate(values)
        if value is not None
    ]
    table = made_table(["area", "financial_year", "value"], rows)
    return make_series(made_indicator(), "Ashby", table, people, ["Ashby", "Burnham"])


def months(*counts: float | None) -> Series:
    """Make a series of months from April 2005 on, without a row where there is None."""
    rows = [
        ("Ashby", shifted("2005-04", "month", n), value)
        for n, value in enumerate(counts)
        if value is not None
    ]
    table = made_table(["area", "month", "value"], rows, kind="month")
    indicator = made_indicator().model_copy(update={"since": "2005-04"})
    return make_series(indicator, "Ashby", table, PEOPLE, ["Ashby", "Burnham"])


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (years(100.0, None, 90.0), "No figure for the year before is held."),
        (years(90.0), "No figure for the year before is held."),
        (years(0.0, 90.0), "One of the two counts is zero."),
        (years(90.0, 0.0), "One of the two counts is zero."),
        (years(0.0, 0.0), "One of the two counts is zero."),
        (years(HIDDEN, 90.0), "One of the two figures is suppressed or missing."),
    ],
    ids=["a gap", "one point", "zero before", "zero", "zero twice", "suppressed"],
)
def test_what_cannot_be_compared_says_why(series, reason):
    found = series.change()
    assert (found.verdict, found.ratio) == ("cannot be compared", Gap(reason))
    assert found.noticeable_fall is found.noticeable_rise is None


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (years(100.0, None, 100.0, 90.0), "No figure for 2004/05 is held."),
        (years(100.0, 90.0), "No figures for 2003/04 and 2004/05 are held."),
        (years(100.0, HIDDEN, 100.0, 90.0), "One of the two figures is suppressed or missing."),
        (years(0.0, 0.0, 0.0, 90.0), "One of the two counts is zero."),
    ],
    ids=["a gap", "two points", "suppressed", "zeros"],
)
def test_what_cannot_be_set_against_three_years_says_why(series, reason):
    found = series.change_on_mean()
    assert (found.verdict, found.ratio) == ("cannot be compared", Gap(reason))


def test_a_year_with_a_month_missing_is_no_year_and_bridges_nothing():
    # April 2005 to March 2008 without January 2007: 2006/07 has eleven months.
    counts = [10.0] * 36
    counts[21] = None
    series = months(*counts)
    assert series.own["value"].to_dict() == {"2005/06": 120, "2007/08": 120}
    assert series.change().ratio == Gap("No figure for the year before is held.")


def test_a_part_year_of_which_a_month_is_missing_is_not_compared():
    counts = [10.0] * 15
    counts[1] = None
    assert isinstance(months(*counts).own_part_year, Gap)


@pytest.mark.parametrize("counts", [[10.0] * 12 + [0.0] * 3, [0.0] * 12 + [10.0] * 3, [0.0] * 15])
def test_a_part_year_of_zero_cannot_be_compared(counts):
    found = months(*counts).change_so_far()
    assert (found.verdict, found.ratio) == (
        "cannot be compared",
        Gap("One of the two counts is zero."),
    )


def test_one_zero_among_three_years_does_not_hinder_their_mean():
    # (120 + 0 + 120) / 3 = 80
    assert years(120.0, 0.0, 120.0, 40.0).change_on_mean().ratio.value == pytest.approx(40 / 80)


def test_a_zero_year_has_the_interval_of_a_zero_count():
    # Of one borough nothing is learned, so φ is that of others, 2: -2 ln 0.025 = 2 · 3.688879.
    low, high = years(90.0, 0.0).intervals.loc["2006/07"]
    assert (low, high) == (0, pytest.approx(2 * 3.688879))


# Whatever the figures, nothing that is no number is said.

AWKWARD = {
    "a gap": years(100.0, None, 90.0),
    "a gap of years, beside whole ones": years(100.0, None, None, 90.0, beside=(1.0,) * 4),
    "one point": years(90.0),
    "one point, beside more": years(90.0, beside=(80.0, 70.0)),
    "one point of zero": years(0.0),
    "zero in the latest year": years(90.0, 80.0, 70.0, 0.0),
    "zero before": years(90.0, 80.0, 0.0, 70.0),
    "zero in the first year": years(0.0, 80.0, 90.0, 70.0),
    "zero in every year": years(0.0, 0.0, 0.0, 0.0),
    "zero in every borough": years(0.0, 0.0, beside=(0.0, 0.0)),
    "zero in every borough before": years(0.0, 9.0, beside=(0.0, 9.0)),
    "zero in every borough now": years(9.0, 0.0, beside=(9.0, 0.0)),
    "zero in the other borough": years(90.0, 80.0, beside=(0.0, 0.0)),
    "suppressed before": years(90.0, HIDDEN, 80.0),
    "suppressed now": years(90.0, 80.0, HIDDEN),
    "suppressed but for one": years(HIDDEN, HIDDEN, 80.0, HIDDEN),
    "suppressed in every year": years(HIDDEN, HIDDEN),
    "suppressed in the other borough": years(90.0, 80.0, beside=(HIDDEN, HIDDEN)),
    "very small": years(1.0, 2.0, 1.0, 1.0, 2.0, 1.0),
    "always the same": years(*[50.0] * 8),
    "very large": years(1e6, 3e6, 1e3, 2e6, 5.0, 1e6),
    "without residents": years(90.0, 80.0, people=made_people({"Burnham": {2006: 9}})),
    "the area in no row": years(beside=(80.0, 70.0)),
    "no month": months(None, 10.0, *[None] * 10),
    "eleven months": months(*[10.0] * 11),
    "one year of months": months(*[10.0] * 12),
    "months with a gap": months(*[10.0] * 20, None, *[10.0] * 15),
    "months of zero": months(*[0.0] * 36),
    "a year of zeros among the months": months(*[10.0] * 12, *[0.0] * 12, *[10.0] * 12),
    "months of which some are suppressed": months(*[10.0] * 20, HIDDEN, *[10.0] * 15),
    "a part year of zero": months(*[10.0] * 12, 0.0, 0.0, 0.0),
    "a part year after zeros": months(*[0.0] * 12, 9.0, 9.0, 9.0),
}


@pytest.mark.parametrize("series", AWKWARD.values(), ids=AWKWARD)
def test_nothing_that_is_no_number_is_said_shown_or_found(series):
    told = list(said_of(series))
    assert told
    for text in told:
        assert not NO_NUMBER.search(text), text


def said_of(series: Series) -> Iterator[str]:
    """Write out whatever the sentences, tables, figures and findings of a page say of a series."""
    page = made_page(series)
    for ask in (headline, over_the_years, change, comparison, indicators):
        answer = ask(page)
        yield answer.words
        yield from map(str, answer.gaps)
        for table in answer.tables:
            yield from table_in_words(table)
        for figure in answer.figures:
            yield from figure_in_words(figure)
        yield from findings_in_words(answer.findings)


def table_in_words(table: DisplayTable) -> Iterator[str]:
    yield from (table.as_text(), table.as_html(), json.dumps(table.as_data(), allow_nan=False))


def figure_in_words(figure: Figure) -> Iterator[str]:
    bundle = figure.as_bundle({})
    yield json.dumps(bundle, allow_nan=False, ensure_ascii=False)
    yield from table_in_words(figure.table)


def findings_in_words(values) -> Iterator[str]:
    for finding in values:
        assert finding.value is not None or finding.missing, finding
        assert finding.value == finding.value, finding
        yield str(finding)
        yield as_json([finding])


# Wards.


def wards_of(pairs: dict[str, tuple[float, float]], total: float) -> Wards:
    rows = [
        (ward, period, count)
        for ward, pair in pairs.items()
        for period, count in zip(("2005/06", "2006/07"), pair, strict=True)
        if count is not None
    ]
    frame = made_table(["ward", "period", "value"], rows).frame
    return by_ward(frame, "2006/07", "2005/06", total, Variation(1.0, math.inf, "months"))


AWKWARD_WARDS = {
    "none in any ward": wards_of({"Grove": (3.0, 0.0), "Tudor": (4.0, 0.0)}, 0),
    "none in any ward, some without": wards_of({"Grove": (3.0, 0.0), "Tudor": (4.0, 0.0)}, 5),
    "none before": wards_of({"Grove": (0.0, 3.0), "Tudor": (0.0, 4.0)}, 7),
    "none at all": wards_of({"Grove": (0.0, 0.0), "Tudor": (0.0, 0.0)}, 0),
    "the area says none": wards_of({"Grove": (3.0, 2.0), "Tudor": (4.0, 1.0)}, 0),
    "one ward": wards_of({"Grove": (3.0, 2.0)}, 2),
    "one suppressed": wards_of({"Grove": (3.0, HIDDEN), "Tudor": (4.0, 1.0)}, 3),
    "suppressed before": wards_of({"Grove": (HIDDEN, 9.0), "Tudor": (HIDDEN, 1.0)}, 10),
    "not held before": wards_of({"Grove": (None, 9.0), "Tudor": (None, 1.0)}, 10),
}


@pytest.mark.parametrize("found", AWKWARD_WARDS.values(), ids=AWKWARD_WARDS)
def test_nothing_that_is_no_number_is_said_of_wards(found):
    answer = answer_of(wards, primary=years(9.0, 9.0), wards=found)
    texts = [answer.words, *findings_in_words(answer.findings)]
    for figure in answer.figures:
        texts += figure_in_words(figure)
    for text in texts:
        assert not NO_NUMBER.search(text), text


def test_of_wards_without_any_offence_none_is_said_to_have_most_or_half():
    found = AWKWARD_WARDS["none at all"]
    answer = answer_of(wards, primary=years(9.0, 9.0), wards=found)
    text = answer.words
    assert answer.figures == []
    assert "Grove ward had" not in text
    assert "hold half" not in text
    assert "No ward had any" in text
    for finding in answer.findings:
        assert finding.value is None or finding.name == "ward_gap", finding


def test_wards_of_which_every_number_was_withheld_are_described_without_any():
    found = wards_of({"Grove": (3.0, HIDDEN), "Tudor": (4.0, HIDDEN)}, 7)
    assert found.frame.empty
    assert found.changes == {}
    assert found.concentration is None
    assert (found.placed, found.unplaced) == (0, 7)
