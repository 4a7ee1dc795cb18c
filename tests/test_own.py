"""An analyst's own chart and number: what they become, and what is refused with a remedy."""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pandas as pd
import pytest
from small_project import small_project
from tables_fixture import made_table

from kingston_analysis.data.tables.metadata import Break
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import Estimate, Gap, NotebookPage, open_edition
from kingston_analysis.project import Project
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.mimes import FIGURE
from kingston_analysis.show.own import own_caveats

TABLE = "offences_year"
HEADING = "Robbery, year by year"
ALTERNATIVE = "Robberies of five years as dots, each the same as the year before it."


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("own"))


@pytest.fixture
def page(project: Project) -> NotebookPage:
    return open_edition("own", edition=2008, area="Ashby", project=project)


@pytest.fixture
def burglaries(page: NotebookPage) -> pd.DataFrame:
    """Return the burglaries of Ashby: 120 in 2002/03, and 12 more in each year after it."""
    frame = page.view.load(TABLE).frame
    return frame[(frame["area"] == "Ashby") & (frame["offence"] == "Burglary")]


def bars(frame: pd.DataFrame) -> alt.Chart:
    count = alt.Y("count:Q", title="Burglaries")
    return alt.Chart(frame[["financial_year", "count"]]).mark_bar().encode(
        alt.X("financial_year:O", title=None), count
    )  # fmt: skip


def figure_of(page: NotebookPage, chart: object, **changes: object) -> Figure:
    given = {"heading": HEADING, "tables": [TABLE], **changes}
    [figure] = page.figure(chart, **given).figures
    return figure


def refusal(call, *arguments: object, **options: object) -> str:
    """Return what is said where a call is refused: what is wrong, and what to do."""
    with pytest.raises(KingstonError) as caught:
        call(*arguments, **options)
    [problem] = caught.value.problems
    assert problem.remedy
    return str(problem)


# A chart


def test_a_chart_becomes_a_figure_with_its_own_frame_as_table(page, burglaries):
    figure = figure_of(page, bars(burglaries))

    assert (figure.heading, figure.id) == (HEADING, "robbery-year-by-year")
    assert [heading.title for heading in figure.table.headings] == ["financial_year", "count"]
    assert figure.table.rows == [
        ["2002/03", 120], ["2003/04", 132], ["2004/05", 144], ["2005/06", 156], ["2006/07", 168]
    ]  # fmt: skip
    assert figure.tables == (TABLE,)
    assert figure.period == "2002/03 to 2006/07"


def test_one_mark_over_x_and_y_is_described(page, burglaries):
    assert figure_of(page, bars(burglaries)).alternative == (
        "Bar chart of burglaries by financial year, 2002/03 to 2006/07: highest 168 (2006/07) "
        "and lowest 120 (2002/03)."
    )


def test_where_all_are_the_same_no_end_is_called_the_highest(page, burglaries):
    figure = figure_of(page, bars(burglaries.assign(count=88)))
    assert figure.alternative.endswith(" to 2006/07: 88 in each.")


def test_it_has_the_look_of_ours(page, burglaries):
    specification = figure_of(page, bars(burglaries)).as_bundle({})[FIGURE]

    assert specification["width"] == 640
    assert specification["config"]["mark"] == {"color": "#12436D"}


def test_the_page_shows_it_and_an_analyst_goes_on_with_its_frame(page, burglaries):
    answer = page.figure(bars(burglaries), heading=HEADING, tables=TABLE)

    assert list(answer.frame["count"]) == [120, 132, 144, 156, 168]


def test_a_column_whose_axis_is_in_per_cent_is_written_so_in_the_table(page, burglaries):
    frame = burglaries.assign(share=burglaries["count"] / 1000)
    share = alt.Y("share:Q", axis=alt.Axis(format=".0%"))
    chart = alt.Chart(frame[["financial_year", "share"]]).mark_line().encode(
        x="financial_year:O", y=share
    )  # fmt: skip

    figure = figure_of(page, chart)

    assert "2002/03 | 12.0%" in figure.table.as_text()
    assert "highest 16.8% (2006/07)" in figure.alternative


def test_the_numbers_of_a_table_are_written_by_what_they_are(page):
    frame = pd.DataFrame(
        {
            "place": ["North", "South"],
            "mid_year": [2005, 2006],
            "count": [1200.0, None],
            "rate": [12.34, 1.0],
            "risk": [0.01234, 0.5],
            "day": pd.to_datetime(["2006-05-01", "2006-05-02"]),
        }
    )
    chart = alt.Chart(frame).mark_bar().encode(x="place:N", y="count:Q")

    assert figure_of(page, chart, alternative=ALTERNATIVE).table.as_text().splitlines()[2:] == [
        "North | 2005 | 1,200 | 12.3 | 0.012 | 2006-05-01",
        "South | 2006 | [x] | 1.0 | 0.500 | 2006-05-02",
    ]


def test_what_has_no_period_of_its_own_is_of_all_that_its_tables_hold(page, burglaries):
    chart = alt.Chart(burglaries[["offence", "count"]].tail(1)).mark_bar()

    chart = chart.encode(x="offence:N", y="count:Q")

    assert figure_of(page, chart, alternative=ALTERNATIVE).period == "2002/03 to 2006/07"


def layered(frame: pd.DataFrame) -> alt.LayerChart:
    base = alt.Chart(frame[["financial_year", "count"]]).encode(x="financial_year:O", y="count:Q")
    return base.mark_line() + base.mark_point()


def coloured(frame: pd.DataFrame) -> alt.Chart:
    return bars(frame.assign(offence="Burglary")).encode(color="count:Q")


def summed(frame: pd.DataFrame) -> alt.Chart:
    return alt.Chart(frame).mark_bar().encode(x="offence:N", y="sum(count):Q")


def several_a_year(frame: pd.DataFrame) -> alt.Chart:
    return bars(pd.concat([frame, frame]))


@pytest.mark.parametrize("draw", [layered, coloured, summed, several_a_year])
def test_where_an_alternative_cannot_be_made_it_is_asked_for(page, burglaries, draw):
    said = refusal(page.figure, draw(burglaries), heading=HEADING, tables=[TABLE])

    assert "an alternative cannot be made for this chart." in said
    assert 'alternative="…"' in said
    given = figure_of(page, draw(burglaries), alternative=ALTERNATIVE)
    assert given.alternative == ALTERNATIVE


@pytest.mark.parametrize("heading", ["", "  "])
def test_a_figure_without_heading_is_refused(page, burglaries, heading):
    said = refusal(page.figure, bars(burglaries), heading=heading, tables=[TABLE])

    assert "the figure has no heading" in said


def test_a_figure_of_no_table_is_refused(page, burglaries):
    assert "no table is named" in refusal(page.figure, bars(burglaries), heading=HEADING)


def test_a_figure_of_a_table_that_is_not_there_is_refused_with_the_nearest(page, burglaries):
    said = refusal(page.figure, bars(burglaries), heading=HEADING, tables=["offence_year"])

    assert "Did you mean 'offences_year'" in said


UNFIT = {
    "no Altair chart": (lambda _: object(), "`object` is no single Altair chart"),
    "two charts": (lambda f: bars(f) | bars(f), "`HConcatChart` is no single Altair chart"),
    "small multiples": (
        lambda f: bars(f).encode(column="financial_year:O"),
        "'column' makes several charts of one",
    ),
    "no frame": (lambda _: alt.Chart("there.csv").mark_bar(), "not drawn on one frame"),
    "two frames": (lambda f: bars(f) + bars(f.tail(1)), "not drawn on one frame"),
    "no row": (lambda f: bars(f.head(0)), "has 0 rows"),
    "more rows than a reader reads": (
        lambda f: bars(pd.concat([f] * 101)),
        "has 505 rows. Give it those that are drawn",
    ),
    "a column that is not there": (
        lambda f: bars(f).encode(y="counts:Q"),
        "'y' asks for the column 'counts', which is not there. Did you mean 'count'?",
    ),
    "a year after the edition's evidence": (
        lambda f: bars(f.assign(financial_year="2009/10")),
        "'2009/10' is no period that was over when the edition's evidence ends.",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_chart_that_does_not_fit_a_page_is_refused(page, burglaries, name):
    draw, told = UNFIT[name]

    assert told in refusal(
        page.figure, draw(burglaries), heading=HEADING, tables=[TABLE], alternative=ALTERNATIVE
    )


# A number


def test_a_number_is_published_with_the_period_of_its_rows_and_its_tables(page, burglaries):
    answer = page.finding("most", 168.0, unit="burglaries", rows=burglaries.tail(1), tables=TABLE)

    [found] = answer.findings
    assert (found.name, found.period, found.value) == ("most", "2006/07", 168)
    assert found.unit == "burglaries"
    assert list(answer.frame["count"]) == [168]


def test_rows_of_several_years_give_the_first_and_the_last(page, burglaries):
    [found] = page.finding("sum", 720.0, rows=burglaries, tables=[TABLE]).findings

    assert found.period == "2002/03 to 2006/07"


def test_rows_may_have_the_period_as_their_index(page):
    own = page.view.topic("burglary").primary.own

    [found] = page.finding("last", 168.0, rows=own.tail(1), tables=[TABLE]).findings

    assert found.period == "2006/07"


def test_an_estimate_brings_its_interval_and_its_unit(page, burglaries):
    estimate = Estimate(168.0, 143.5, 195.4, "burglaries")

    [found] = page.finding("most", estimate, rows=burglaries.tail(1), tables=[TABLE]).findings

    assert (found.value, found.interval, found.unit) == (168, (143.5, 195.4), "burglaries")


def test_an_interval_of_another_level_brings_its_level(page, burglaries):
    estimate = Estimate(168.0, 130.0, 215.0, "burglaries", level=0.995)

    [found] = page.finding("most", estimate, rows=burglaries.tail(1), tables=[TABLE]).findings

    assert (found.interval, found.level) == ((130, 215), 0.995)


def test_a_gap_is_published_with_its_reason(page, burglaries):
    gap = Gap("Nobody counted.")

    [found] = page.finding("most", gap, rows=burglaries.tail(1), tables=[TABLE]).findings

    assert (found.value, found.missing) == (None, "Nobody counted.")


def test_a_subject_stands_before_the_name_as_in_ours(page, burglaries):
    [found] = page.finding("grove-ward.most", 1, rows=burglaries, tables=[TABLE]).findings

    assert (found.subject, found.measure) == ("grove-ward", "most")


REFUSED = {
    "a name with a space": ({"name": "most of all"}, "cannot be a finding's name"),
    "a name that a text would take for a period": ({"name": "most@2006"}, "cannot be a finding's"),
    "no number": ({"value": float("nan")}, "its value is nan, which is no number"),
    "nothing": ({"value": None}, "its value is None, which is no number"),
    "a verdict for a number": ({"value": True}, "its value is True, which is no number"),
    "no table": ({"tables": []}, "no table is named"),
    "no rows": ({"rows": lambda f: f.head(0)}, "there are no rows"),
    "one row alone": ({"rows": lambda f: f.iloc[0]}, "the rows are no frame"),
    "a period typed otherwise": (
        {"period": "2006/07"},
        "the rows are of 2002/03 to 2006/07, not of 2006/07. Leave `period` out",
    ),
    "rows of no period": (
        {"rows": lambda f: f.drop(columns="financial_year")},
        "do not say of which period",
    ),
    "rows of a year to come": (
        {"rows": lambda f: f.assign(financial_year="2007/08")},
        "'2007/08' is no period that was over",
    ),
    "rows of a year that is none": (
        {"rows": lambda f: f.assign(financial_year="2006/08")},
        "'2006/08' is no period",
    ),
    "rows of no area": ({"rows": lambda f: f.drop(columns="area")}, "of which area they are"),
    "rows of another area": (
        {"rows": lambda f: f.assign(area="Colne")},
        "the page is of Ashby, and there are rows of Colne.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_number_that_says_not_what_it_is_is_refused(page, burglaries, name):
    changes, told = REFUSED[name]
    rows = changes.get("rows", lambda frame: frame)(burglaries)
    given = {"name": "most", "value": 1.0, "tables": [TABLE], **changes, "rows": rows}

    assert told in refusal(page.finding, **given)


# A table


def test_a_frame_becomes_a_table_with_its_caption(page, burglaries):
    answer = page.table(burglaries[["financial_year", "count"]], caption="It", tables=TABLE)

    [shown] = answer.tables
    assert (shown.caption, shown.rows[-1]) == ("It", ["2006/07", 168])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"tables": [TABLE]}, "the table has no caption"),
        ({"caption": "It"}, "no table is named"),
    ],
)
def test_a_table_without_caption_or_source_is_refused(page, burglaries, given, told):
    assert told in refusal(page.table, burglaries, **given)


# A break in the series


ANEW = {"at": "2005/06", "what": "Counted anew.", "touches": {"offence": ["Burglary"]}}


@pytest.fixture
def broken(page: NotebookPage, monkeypatch: pytest.MonkeyPatch):
    """Return what registers a break of burglaries in 2005/06, of a given effect."""
    table = page.view.load(TABLE)

    def register(effect: str) -> None:
        found = [Break.model_validate({**ANEW, "effect": effect})]
        meta = table.meta.model_copy(update={"breaks": found})
        monkeypatch.setitem(page.view.scope._tables, TABLE, replace(table, meta=meta))

    return register


def test_a_break_that_the_rows_cross_is_said_of_figure_table_and_number(page, burglaries, broken):
    broken("label")

    said = "Note a break in the series: Counted anew."
    assert figure_of(page, bars(burglaries), note="Ours.").note == f"Ours. {said}"
    assert page.finding("sum", 1.0, rows=burglaries, tables=[TABLE]).words == said
    assert page.table(burglaries, caption="It", tables=[TABLE]).words == said


def test_what_lies_on_one_side_or_is_not_touched_has_no_caveat(page, burglaries, broken):
    broken("refuse")

    others = burglaries.assign(offence="Robbery")
    for rows in (burglaries.tail(2), burglaries.head(3), others):
        assert page.finding("sum", 1.0, rows=rows, tables=[TABLE]).words == ""


def test_a_number_across_a_break_that_refuses_is_refused_and_a_gap_is_not(page, burglaries, broken):
    broken("refuse")

    told = refusal(page.finding, "sum", 1.0, rows=burglaries, tables=[TABLE])
    assert "cannot be compared across a break: Counted anew." in told
    assert page.finding("sum", Gap("Broken."), rows=burglaries, tables=[TABLE]).findings


YEAR_ENDS = {"2002/03": 2003, "2003/04": 2004, "2004/05": 2005, "2005/06": 2006, "2006/07": 2007}
# The years of a frame, as an analyst may hold them.
HELD_AS = {
    "text": lambda years: years,
    "periods of pandas": lambda years: pd.PeriodIndex(
        [f"{YEAR_ENDS[year]}" for year in years], freq="Y-MAR"
    ),
    "first days": lambda years: pd.to_datetime([f"{year[:4]}-04-01" for year in years]),
    "calendar years": lambda years: [YEAR_ENDS[year] for year in years],
}


@pytest.mark.parametrize("held", HELD_AS)
def test_periods_are_known_by_what_a_column_holds_whatever_it_is_called(
    page, burglaries, broken, held
):
    broken("label")
    rows = burglaries[["area", "count"]].assign(Year=HELD_AS[held](burglaries["financial_year"]))
    renamed = rows.rename(columns={"area": "Borough"})

    said = "Note a break in the series: Counted anew."
    assert page.table(renamed, caption="It", tables=[TABLE]).words == said
    assert page.finding("sum", 1.0, rows=renamed, tables=[TABLE]).words == said
    chart = alt.Chart(renamed[["Year", "count"]]).mark_bar().encode(x="Year:O", y="count:Q")
    assert figure_of(page, chart, alternative=ALTERNATIVE).note == said


def test_days_and_periods_of_pandas_are_written_as_the_table_writes_its_years(page, burglaries):
    for held in ("text", "periods of pandas", "first days"):
        rows = burglaries.drop(columns="financial_year").assign(
            Year=HELD_AS[held](burglaries["financial_year"])
        )
        [found] = page.finding("sum", 1.0, rows=rows, tables=[TABLE]).findings
        assert found.period == "2002/03 to 2006/07"


def test_of_several_columns_of_periods_the_first_and_the_last_count(page, broken):
    broken("label")
    rows = pd.DataFrame({"From": ["2002/03"], "To": ["2006/07"], "count": [1]})

    assert page.table(rows, caption="It", tables=[TABLE]).words
    assert not page.table(rows.assign(To="2004/05"), caption="It", tables=[TABLE]).words


def test_years_that_head_columns_are_periods(page, burglaries, broken):
    broken("label")
    wide = burglaries.pivot(index="area", columns="financial_year", values="count")

    assert page.table(wide, caption="It", tables=[TABLE]).words
    assert not page.table(wide[["2002/03", "2003/04"]], caption="It", tables=[TABLE]).words


def test_rows_of_no_known_period_are_refused_where_their_table_has_breaks(page, burglaries, broken):
    broken("label")
    misspelt = burglaries[["count"]].assign(Year=burglaries["financial_year"].str.replace("/", "-"))
    # A count between 1900 and 2100 is no year.
    counts = burglaries[["offence"]].assign(count=2005)

    for rows in (misspelt, counts):
        told = refusal(page.table, rows, caption="It", tables=[TABLE])
        assert "no column says of which periods the rows are, and offences_year has breaks" in told
        assert "Write a year as 2008/09" in told
    chart = alt.Chart(counts.head(1)).mark_bar().encode(x="offence:N", y="count:Q")
    assert "page.figure: no column says" in refusal(
        page.figure, chart, heading=HEADING, tables=[TABLE], alternative=ALTERNATIVE
    )


def test_rows_of_another_area_are_refused_whatever_their_column_is_called(page, burglaries):
    renamed = burglaries.rename(columns={"area": "Borough"}).assign(Borough="Burnham")

    told = refusal(page.finding, "sum", 1.0, rows=renamed, tables=[TABLE])
    assert "the page is of Ashby, and there are rows of Burnham." in told


@pytest.mark.parametrize("wrong", ["2006/07 ", "2009/01", "Jan 2009"])
def test_a_misspelt_period_is_told_with_how_one_is_written(page, burglaries, wrong):
    rows = burglaries.assign(financial_year=wrong)

    for told in (
        refusal(page.finding, "sum", 1.0, rows=rows, tables=[TABLE]),
        refusal(page.figure, bars(rows), heading=HEADING, tables=[TABLE], alternative=ALTERNATIVE),
    ):
        assert f"'{wrong}' is no period. Write a year as 2008/09" in told
        assert "a month as 2009-01" in told


def test_months_and_years_in_one_column_are_refused(page):
    rows = pd.DataFrame({"area": "Ashby", "period": ["2005/06", "2006-04"]})

    assert "periods of two kinds" in refusal(page.finding, "x", 1, rows=rows, tables=[TABLE])


@pytest.mark.parametrize(
    "held",
    [
        ["2008-04", "2008-06"],
        pd.to_datetime(["2008-04-01", "2008-06-30"]),
        pd.PeriodIndex(["2008-04", "2008-06"], freq="M"),
    ],
    ids=["text", "days", "periods of pandas"],
)
def test_months_of_a_monthly_table_are_known_under_any_name(held):
    found = [Break(at="2008-05", what="Counted anew.", touches="all", effect="label")]
    rows = [("Ashby", "2008-04", 1.0)]
    table = made_table(["area", "month", "value"], rows, kind="month", breaks=found)

    said = own_caveats(pd.DataFrame({"Month": held, "Offences": [5, 6]}), [table])

    assert said == "Note a break in the series: Counted anew."


def test_months_of_two_topics_are_rows_of_a_number(page):
    one, other = (page.view.topic(each).primary for each in ("burglary", "robbery"))
    rows = pd.concat([one.months.assign(topic="burglary"), other.months.assign(topic="robbery")])
    tables = [*one.months_sources, *other.months_sources]

    [found] = page.finding("sum", rows["value"].sum(), rows=rows, tables=tables).findings

    assert found.period == f"{one.months['period'].iloc[0]} to {one.months['period'].iloc[-1]}"


# What is made and never shown


def test_what_was_made_and_never_shown_is_told_where_the_page_ends(page, burglaries):
    figure = page.figure(bars(burglaries), heading=HEADING, tables=[TABLE])
    number = page.finding("sum", 1.0, rows=burglaries, tables=[TABLE])

    with pytest.raises(KingstonError) as caught:
        page.not_known()

    said = [str(each) for each in caught.value.problems]
    mended = "was made, and no cell shows it. End the cell in it, or write `display(…)`."
    assert said == [f"The figure '{HEADING}' {mended}", f"The finding 'sum' {mended}"]
    page.show(figure)
    page.show(number)
    assert page.not_known().words
