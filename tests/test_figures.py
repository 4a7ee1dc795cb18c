"""Figures: one bundle of data each, drawn from only the columns that are drawn, and their HTML."""

from __future__ import annotations

import csv
import io
import json
import math
from functools import cache

import altair as alt
import pandas as pd
import pytest
from monthly_fixture import months_of
from pages_fixture import answer_of, made_page
from tables_fixture import (
    KINGSTON,
    PROJECT,
    made_indicator,
    made_people,
    made_table,
    real_series,
    real_table,
)

from kingston_analysis.analyses.comparison.ranks import boroughs_figure
from kingston_analysis.analyses.level import over_the_years
from kingston_analysis.analyses.wards import wards
from kingston_analysis.data.topics import load_topics
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.seasons import estimate_seasons
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.wards import Wards, by_ward, ward_rows
from kingston_analysis.show.answer import Answer
from kingston_analysis.show.escaping import drawing
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.figure_html import (
    Drawing,
    csv_path,
    figure_csv,
    figure_html,
    notebook_path,
)
from kingston_analysis.show.mimes import FIGURE as MIME
from kingston_analysis.show.table import DisplayTable, Heading, format_cell

PALETTE = {"#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1"}
EVIDENCE = {
    "template": "topic",
    "parameters": {"edition": 2008, "area": "Ashby"},
    "sources": [
        {
            "table": "offences",
            "title": "Offences",
            "publisher": "The Office",
            "licence": "OGL",
            "extraction": "2007",
            "hash": "sha256:12",
        }
    ],
}
LONG = 40
CHOSEN = [
    (topic.id, number)
    for topic in load_topics(PROJECT).values()
    for number, indicator in enumerate(topic.indicators)
    if number == 0 or len(indicator.counted) >= LONG
]


def made_figure(alternative="A chart of a few burglaries over two years.", **more) -> Figure:
    frame = pd.DataFrame({"period": ["2005/06"], "value": [120]})
    chart = alt.Chart(frame).mark_bar().encode(x="period:O", y="value:Q")
    rows = [["2005/06", 120.0], ["2006/07", None], ["2007/08", "[c]"]]
    table = DisplayTable("Burglary", [Heading("Year"), Heading("Offences", "count")], rows)
    told = {"id": "burglary-years", "heading": "Burglary fell", "period": "2005/06"} | more
    return Figure(chart=chart, alternative=alternative, table=table, tables=("offences",), **told)


@cache
def real_figures(area: str) -> dict[str, Figure]:
    """Return the figures of every topic's first indicator and of those with a long name."""
    made = {}
    for topic, number in CHOSEN:
        series = real_series(topic, number, area)
        name = f"{topic} {series.indicator.id}"
        if series.known:
            made |= {f"{name} years": each for each in over_the_years(made_page(series)).figures}
            if len(series.comparable) > 1:
                made[f"{name} boroughs"] = boroughs_figure(series)
        if series.has_pattern:
            made[f"{name} months"] = months_figure(series)
    if area == KINGSTON:
        made["wards"] = ward_figure()
    return made


def months_figure(series: Series) -> Figure:
    """Show months with the limits that they allow, as a page does."""
    breaks = list(dict.fromkeys(month for month, _, _ in series.month_breaks()))
    everyone = estimate_seasons(series.all_months, breaks)
    [figure] = months_of(series, everyone).figures
    return figure


@cache
def specifications() -> dict[str, dict]:
    made = real_figures(KINGSTON).items()
    return {name: figure.as_bundle(EVIDENCE)[MIME] for name, figure in made}


@cache
def ward_answer(level: float = 0.95) -> Answer:
    table, primary = real_table("ward_crime_year"), real_series("all-recorded-crime")
    rows = ward_rows(table.frame, primary.indicator.select, "financial_year", "offences")

    def describe(level: float) -> Wards:
        return by_ward(
            rows, "2006/07", "2005/06", 13_105, primary.variation("2006/07"), level=level
        )

    seen = {"primary": primary, "wards": describe(0.95), "describe_wards": describe}
    return answer_of(wards, {"level": level}, **seen)


def ward_figure() -> Figure:
    [figure] = ward_answer().figures
    return figure


def layers_of(specification: dict) -> list[dict]:
    return specification.get("layer", [specification])


def columns_drawn(layer: dict) -> set[str]:
    """Return the fields that a layer's encodings name, conditions included."""
    text = json.dumps(layer["encoding"])
    named = {each["field"] for each in layer["encoding"].values() if "field" in each}
    return named | {name for name in ("place", "period", "month") if f"datum.{name}" in text}


@pytest.mark.parametrize("length", [0, 39, 251])
def test_an_alternative_that_is_too_short_or_too_long_is_refused(length):
    with pytest.raises(KingstonError, match=f"'burglary-years'.* has {length} characters.*40 to"):
        made_figure("a" * length)


@pytest.mark.parametrize("length", [40, 250])
def test_an_alternative_of_forty_to_two_hundred_and_fifty_characters_is_taken(length):
    assert len(made_figure("a" * length).alternative) == length


def test_a_bundle_holds_the_specification_and_text_and_nothing_else():
    bundle = made_figure(note="A break.").as_bundle(EVIDENCE)
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "text/plain"} == {MIME, "text/plain"}
    for said in ("A chart of a few", "2005/06 | 120"):
        assert said in bundle["text/plain"]


def test_all_about_a_figure_stands_in_its_usermeta():
    about = made_figure().as_bundle(EVIDENCE)[MIME]["usermeta"]
    assert about["figure"] == "burglary-years"
    assert about["heading"] == "Burglary fell"
    assert about["table"]["rows"][0] == ["2005/06", 120.0]
    assert about["evidence"] == {"period": "2005/06", **EVIDENCE}


def test_the_same_figure_gives_the_same_bundle_twice():
    first, second = (json.dumps(ward_figure().as_bundle(EVIDENCE)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("area", [KINGSTON, "Hammersmith and Fulham"])
def test_real_figures_can_be_made_and_the_longest_names_fit(area):
    """Making a figure refuses an alternative that is too short or too long."""
    made = real_figures(area)
    assert len(made) > 40
    for name, figure in made.items():
        assert 40 <= len(figure.alternative) <= 250, name
        assert "nan" not in (figure.alternative + figure.heading).lower().split(), name


def test_a_specification_holds_only_the_columns_that_are_drawn():
    for name, specification in specifications().items():
        for layer in layers_of(specification):
            data = layer.get("data") or specification["data"]
            rows = specification["datasets"][data["name"]]
            drawn = columns_drawn(layer)
            assert {column for row in rows for column in row} <= drawn, name


def test_bars_begin_at_zero_and_text_is_large_enough():
    for name, specification in specifications().items():
        for layer in layers_of(specification):
            for encoding in layer["encoding"].values():
                if encoding.get("type") == "quantitative" and "format" not in encoding:
                    assert encoding["scale"]["zero"] is True, name
        axis = specification["config"]["axis"]
        assert min(axis["labelFontSize"], axis["titleFontSize"]) >= 12
        assert axis["labelAngle"] == 0


def test_colours_are_of_the_palette_and_at_most_four():
    for name, specification in specifications().items():
        layers = json.dumps(layers_of(specification)).lower()
        used = {each for each in PALETTE if each in layers}
        assert 1 <= len(used) <= 4, name
        assert layers.count('"#') == sum(layers.count(f'"{each}"') for each in used), name


def test_a_real_figures_table_holds_the_numbers_that_are_drawn():
    figure = ward_figure()
    drawn = {
        (row["place"], row["value"])
        for rows in figure.chart.to_dict()["datasets"].values()
        for row in rows
    }
    assert drawn == {(row[0], row[1]) for row in figure.table.rows[:-2]}
    assert len(drawn) == 16
    assert ("Grove", 4_079) in drawn


def test_wards_show_what_has_no_ward_as_a_signed_line():
    *_, rest, total = ward_figure().table.rows
    assert rest[1] == 13_105 - 12_888
    assert total[1] == 13_105


def test_the_sentence_on_wards_gives_both_shares():
    text = ward_answer().words
    for said in ("Grove ward had 4,079", "13,105", "31.1%", "31.6%", "217 more than the sum"):
        assert said in text


def test_the_findings_on_wards_give_the_first_its_shares_and_how_many_hold_half():
    found = {each.name: each.value for each in ward_answer().findings}
    assert (found["ward_top_name"], found["ward_top_count"]) == ("Grove", 4_079)
    assert found["ward_top_share"] == pytest.approx(4_079 / 12_888)
    assert found["ward_top_share_all"] == pytest.approx(4_079 / 13_105)
    # Half of 12,888 is 6,444: 4,079 + 1,096 + 841 = 6,016 are fewer, with 765 more it is 6,781.
    assert found["wards_holding_half"] == 4
    assert found["ward_gap"] == 13_105 - 12_888


def test_the_change_of_a_ward_is_its_count_over_that_of_the_year_before_less_one():
    counts = {"Grove": (500.0, 400.0), "Tudor": (200.0, 300.0)}
    rows = [
        (ward, period, count)
        for ward, pair in counts.items()
        for period, count in zip(("2005/06", "2006/07"), pair, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["ward", "period", "value"])
    noise = Variation(1.0, math.inf, "months")
    found = by_ward(frame, "2006/07", "2005/06", 700, noise)
    answer = answer_of(wards, primary=real_series("all-recorded-crime"), wards=found)
    table = answer.figures[0].table
    place = [heading.title for heading in table.headings].index("Change on the year before")
    changes = {row[0]: row[place] for row in table.rows[:-2]}
    assert changes == {
        "Grove": pytest.approx(400 / 500 - 1),
        "Tudor": pytest.approx(300 / 200 - 1),
    }


def test_a_lower_level_narrows_the_intervals_of_wards_and_is_named_in_them():
    usual, narrow = (ward_answer(level).figures[0].table for level in (0.95, 0.8))
    titles = [heading.title for heading in narrow.headings]
    assert "80% interval of the change" in titles
    assert not any("95%" in title for title in titles)
    place = titles.index("80% interval of the change")
    widths = [[width(row[place]) for row in table.rows[:-2]] for table in (usual, narrow)]
    assert all(b < a for a, b in zip(*widths, strict=True))
    assert ward_answer(0.8).findings == ward_answer().findings


def width(interval: str) -> float:
    low, high = (float(end.replace("−", "-").strip("+%")) for end in interval.split(" to "))
    return high - low


def test_the_heading_of_months_says_how_far_they_go():
    rows = [("Ashby", f"2005-{n:02}", 37.0 if n == 6 else 20.0) for n in range(4, 13)]
    table = made_table(["area", "month", "value"], rows, kind="month")
    people = made_people({"Ashby": {2005: 10_000}})
    figure = months_figure(make_series(made_indicator(), "Ashby", table, people, ["Ashby"]))
    assert figure.heading == "Burglary, by month: 20 to 37 a month"


ABOUT = made_figure(heading="Burglary <fell>", note="A & B").as_bundle(EVIDENCE)[MIME]["usermeta"]
DRAWING = Drawing(drawing('<svg class="wide"></svg>'), drawing('<svg class="narrow"></svg>'))


def page_of(about=ABOUT) -> str:
    return figure_html(about, "burglary", DRAWING, "../", "abc123")


def test_a_figure_as_html_needs_no_script():
    text = page_of()
    assert "<script" not in text.lower()
    assert "onclick" not in text.lower()
    assert "http" not in text


def test_a_figure_as_html_has_heading_alternative_both_drawings_and_table():
    text = page_of()
    assert "Burglary &lt;fell&gt;</h3>" in text
    assert "A &amp; B" in text
    assert text.count(f'role="img" aria-label="{ABOUT["alternative"]}"') == 2
    assert DRAWING.wide in text
    assert DRAWING.narrow in text
    assert "<caption>Burglary</caption>" in text
    assert text.count("<details") == text.count("<summary>") == 2


def test_a_figure_as_html_tells_where_it_comes_from():
    text = page_of()
    for said in ("The Office", "OGL", "sha256:12", "template topic", "“Ashby”", "“2008”", "abc123"):
        assert said in text
    assert f'href="../{csv_path("burglary", "burglary-years")}"' in text
    assert f'href="../{notebook_path("burglary")}"' in text


def test_a_source_that_is_not_told_stops_the_page():
    lacking = {**ABOUT, "evidence": {**ABOUT["evidence"], "sources": [{"table": "offences"}]}}
    with pytest.raises(Exception, match="publisher"):
        page_of(lacking)


def test_the_csv_has_exactly_the_values_of_the_table():
    rows = list(csv.reader(io.StringIO(figure_csv(ABOUT))))
    assert rows == [
        ["Year", "Offences"],
        ["2005/06", "120"],
        ["2006/07", "[x]"],
        ["2007/08", "[c]"],
    ]


def test_the_csv_of_every_real_figure_says_what_its_table_says():
    for name, figure in real_figures(KINGSTON).items():
        about = specifications()[name]["usermeta"]
        header, *rows = csv.reader(io.StringIO(figure_csv(about)))
        styles = [heading.format for heading in figure.table.headings]
        assert header == [heading.title for heading in figure.table.headings]
        shown = [
            [format_cell(c, s) for c, s in zip(row, styles, strict=True)]
            for row in figure.table.rows
        ]
        read = [
            [format_cell(read_as(s, c), s) for c, s in zip(row, styles, strict=True)]
            for row in rows
        ]
        assert read == shown, name


def read_as(style: str, cell: str) -> float | str:
    """Read a cell of a CSV; what is no number is text or a shorthand."""
    try:
        return cell if style == "text" else float(cell)
    except ValueError:
        return cell


def test_a_number_that_is_missing_is_not_written_as_nan():
    nothing = {**ABOUT["table"], "rows": [["2005/06", math.nan]]}
    assert "nan" not in figure_csv({**ABOUT, "table": nothing})
