"""The border at which text becomes HTML, SVG, Markdown, CSV or Typst: text stays text."""

from __future__ import annotations

import csv
import io
import re

import pytest
import typst
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import Markup
from tables_fixture import PROJECT

from kingston_analysis.book.draw import _svg
from kingston_analysis.errors import KingstonError
from kingston_analysis.show.escaping import (
    ForeignMarkupError,
    csv_cell,
    details_markdown,
    drawing,
    own_html,
    plain_markdown,
    split_details,
    typst_string,
)
from kingston_analysis.show.figure_html import figure_csv
from kingston_analysis.show.table import DisplayTable, Heading

SOURCE = PROJECT.root / "src" / "kingston_analysis"
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</th></tr></table><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{ 7*7 }}",
]


def one_cell(text: str) -> DisplayTable:
    return DisplayTable(text, [Heading(text)], [[text]])


@pytest.mark.parametrize("text", ACTIVE)
def test_a_table_shows_any_text_as_it_is(text):
    made = one_cell(text).as_html()

    soup = BeautifulSoup(made, "html.parser")
    assert [each.get_text() for each in soup.select("caption, thead th, tbody th")] == [text] * 3
    assert soup.find(["script", "img", "svg"]) is None


@given(TEXTS)
def test_our_tables_come_back_out_of_a_notebook_as_they_were(text):
    made = one_cell(text).as_details()

    assert own_html(str(made)) == made


@pytest.mark.parametrize(
    "foreign",
    [
        '<div class="kb-scroll"><script>alert(1)</script></div>',
        '<div class="kb-scroll" onclick="alert(1)">x</div>',
        '<div class="kb-scroll" style="position:fixed">x</div>',
        "<div class=kb-scroll>x</div>",
        '<div class="kb-scroll"><a href="https://example.org">x</a></div>',
        '<div class="kb-scroll"><img src="x"></div>',
        '<div class="kb-scroll"><!-- x --></div>',
        '<div class="kb-scroll" class="x<script>">x</div>',
        "<DIV>x</DIV>",
        "1 < 2",
    ],
)
def test_html_with_anything_that_our_tables_have_not_is_foreign(foreign):
    with pytest.raises(ForeignMarkupError):
        own_html(foreign)


def test_foreign_html_is_named_from_where_it_begins():
    with pytest.raises(ForeignMarkupError, match=r"^<script>alert\(1\)</script> x$"):
        own_html("<p>It</p><script>alert(1)</script>\n x")


@pytest.mark.parametrize(
    ("inside", "foreign"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<a href="https://example.org"><text>x</text></a>', "<a>"),
        ('<image href="https://example.org/x.png"/>', "<image>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<style>g{}</style>", "<style>"),
        ('<g onclick="alert(1)"/>', '<g onclick="…">'),
        ('<path fill="url(https://example.org)"/>', '<path fill="…">'),
        ('<path style="fill: red"/>', '<path style="…">'),
        ("<g>", "no SVG: mismatched tag"),
    ],
)
def test_a_picture_that_runs_links_or_fetches_is_refused(inside, foreign):
    with pytest.raises(ForeignMarkupError, match=f"^{re.escape(foreign)}"):
        drawing(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>')


def test_a_picture_with_a_document_type_is_refused():
    with pytest.raises(ForeignMarkupError, match="<!DOCTYPE>"):
        drawing('<!DOCTYPE svg [<!ENTITY x "y">]><svg/>')


def test_a_picture_of_marks_and_text_passes_with_its_own_gradients():
    svg = '<svg><g><path fill="url(#c1)" d="M0,0"/><text>Crime &lt;b&gt;</text></g></svg>'

    assert drawing(svg) == Markup(svg)


def chart(**encoding):
    data = {
        "values": [{"x": "</text><script>alert(1)</script>", "y": 1, "to": "https://example.org"}]
    }
    shown = {"x": {"field": "x", "type": "nominal"}, "y": {"field": "y", "type": "quantitative"}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": data,
        "mark": "bar",
        "encoding": {**shown, **encoding},
        "usermeta": {"figure": "own"},
    }


def test_the_labels_of_a_drawn_chart_are_text():
    svg = _svg(chart(), 300, "own")

    assert "script" not in [each.name for each in BeautifulSoup(svg, "html.parser").find_all()]
    assert "&lt;/text&gt;&lt;script" in svg


def test_a_drawn_chart_with_links_is_refused_by_the_figures_name():
    linked = chart(href={"field": "to", "type": "nominal"})

    with pytest.raises(KingstonError, match=r"The chart of own holds <a>, .* without links"):
        _svg(linked, 300, "own")


@given(TEXTS)
def test_plain_markdown_shows_any_text_as_it_is(text):
    shown = MarkdownIt("commonmark").render(f"a{plain_markdown(text)}b")

    assert BeautifulSoup(shown, "html.parser").find("p").get_text() == f"a{text}b"


@pytest.mark.parametrize("text", ["{raw}`x`", "[x](https://example.org)", "![x](y)", "*x*", "`x`"])
def test_plain_markdown_has_no_markup(text):
    shown = MarkdownIt("commonmark").render(plain_markdown(text))

    assert shown == f"<p>{text}</p>\n"


def test_details_are_taken_apart_and_their_body_stays_markdown():
    written = details_markdown("A <b> & B", "One\n\n</details><script>alert(1)</script>\n\n- two")

    opening, body, closing = split_details(written)
    assert opening == '<details class="kb-details">\n<summary>A &lt;b&gt; &amp; B</summary>\n'
    assert body == "One\n\n</details><script>alert(1)</script>\n\n- two"
    assert closing == "</details>\n"


def test_what_only_looks_like_details_is_no_html_of_ours():
    assert split_details("<details><summary>x</summary>\n\nx\n\n</details>") is None


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1",
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_told_to_be_text(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "cell", [-5, -0.5, "-5", "+12.5%", "-1,234", "+0.3% to +10.6%", "[x]", "−5", "a=b"]
)
def test_numbers_and_other_texts_of_a_csv_stay_as_they_are(cell):
    assert csv_cell(cell) == cell


def test_the_csv_of_a_figure_holds_no_formula_in_heading_or_cell():
    table = DisplayTable("It", [Heading("=A1"), Heading("n", "count")], [["@x", -5], ["=1", None]])

    text = figure_csv({"table": table.as_data()})
    assert list(csv.reader(io.StringIO(text))) == [["'=A1", "n"], ["'@x", "-5"], ["'=1", "[x]"]]


@pytest.mark.parametrize(
    "text", ['"; #panic("x")', "\\", '\\"', "#sys.version", "]#eval(1)[", "$x$"]
)
def test_typst_takes_any_text_for_a_text(text, tmp_path):
    file = tmp_path / "x.typ"
    file.write_text(f"#metadata({typst_string(text)}) <x>", encoding="utf-8")

    assert typst.query(str(file), "<x>", field="value", one=True) == __import__("json").dumps(text)


def test_html_is_made_at_this_border_alone():
    """A template says nothing of what is safe, and nobody else makes Markup or raw nodes."""
    made = {"Markup(": {"show/escaping.py"}, "nodes.raw(": {"book/in_book.py"}}
    for module in SOURCE.rglob("*.py"):
        text, place = module.read_text("utf-8"), module.relative_to(SOURCE).as_posix()
        for what, places in made.items():
            assert what not in text or place in places, f"{place}: {what}"
    for template in SOURCE.rglob("*.j2"):
        assert not re.search(r"\|\s*safe\b|autoescape", template.read_text("utf-8")), template.name
