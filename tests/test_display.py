"""Display tables: caption, scopes, numbers, shorthands; every text escaped."""

from __future__ import annotations

import json
import math
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.show.table import (
    SHORTHANDS,
    DisplayTable,
    Heading,
    format_cell,
    shorthands,
    table_from_data,
)

TABLE = DisplayTable(
    "Offences by year",
    [Heading("Year"), Heading("Offences", "count"), Heading("Change", "signed percent")],
    [["2005/06", 15141.0, "[x]"], ["2006/07 [b]", 13105.0, -0.134], ["2007/08", math.nan, None]],
)


class Tags(HTMLParser):
    """Collect the opening tags with their attributes, and the text of the page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data.strip())

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize(
    ("cell", "style", "text"),
    [
        (13105.0, "count", "13,105"),
        (13105, "count", "13,105"),
        (85.2818, "rate", "85.3"),
        (0.311255, "percent", "31.1%"),
        (-0.0732, "signed percent", "−7.3%"),
        (0.0732, "signed percent", "+7.3%"),
        (-217.0, "signed count", "−217"),
        (217.0, "signed count", "+217"),
        ("2006/07", "text", "2006/07"),
        ("cannot be compared", "count", "cannot be compared"),
        (2008, "text", "2008"),
        ("[c]", "count", "[c]"),
    ],
)
def test_a_cell_is_written_in_the_style_of_its_column(cell, style, text):
    assert format_cell(cell, style) == text


@pytest.mark.parametrize("style", ["count", "rate", "percent", "signed percent", "text"])
@pytest.mark.parametrize("cell", [None, math.nan])
def test_a_number_that_is_missing_is_never_an_empty_cell(cell, style):
    assert format_cell(cell, style) == "[x]"


@pytest.mark.parametrize("cell", [0.0004, -0.0004, 0.0, -0.0])
def test_what_rounds_to_nothing_has_no_sign(cell):
    assert format_cell(cell, "signed percent") == "0.0%"
    assert format_cell(cell, "signed count") == "0"
    assert format_cell(cell, "rate") == "0.0"


# Numbers are first rounded to nine significant digits: up to ten million, to within 0.005.
@given(st.floats(-1e7, 1e7), st.sampled_from(["count", "rate", "signed count"]))
def test_a_written_number_reads_back_to_the_rounded_one(value, style):
    read = float(format_cell(value, style).replace(",", "").replace("−", "-"))
    assert read == pytest.approx(value, abs=(0.05 if style == "rate" else 0.5) + 0.0051)


def test_html_has_caption_and_scopes():
    tags = Tags(TABLE.as_html())
    assert len(tags.all("caption")) == 1
    assert TABLE.caption in tags.words
    assert [each.get("scope") for each in tags.all("th")] == ["col"] * 3 + ["row"] * 3
    assert len(tags.all("td")) == 3 * 2


def test_numbers_are_marked_for_alignment_and_text_is_not():
    tags = Tags(TABLE.as_html())
    classes = [each.get("class") for each in tags.all("th")[:3]]
    assert classes == [None, "kb-number", "kb-number"]
    assert {each.get("class") for each in tags.all("td")} == {"kb-number"}


def test_html_has_no_script_and_no_empty_cell():
    text = TABLE.as_html()
    assert "<script" not in text
    assert not re.search(r"<t[hd][^>]*>\s*</t[hd]>", text)


def test_the_shorthands_that_are_used_are_explained_and_no_others():
    assert set(shorthands(TABLE)) == {"[b]", "[x]"}
    text = TABLE.as_html()
    assert f"[b] {SHORTHANDS['b']}" in text
    assert f"[x] {SHORTHANDS['x']}" in text
    assert SHORTHANDS["c"] not in text


def test_a_table_without_shorthands_has_no_legend():
    plain = DisplayTable("Offences", [Heading("Year")], [["2005/06"]])
    assert shorthands(plain) == {}
    assert "kb-note" not in plain.as_html()


def test_all_six_shorthands_of_the_government_analysis_function_are_known():
    assert set(SHORTHANDS) == set("bcprxz")


NASTY = "<script>alert('x')</script> & \"quoted\""


def test_text_is_escaped_wherever_it_stands():
    table = DisplayTable(NASTY, [Heading(NASTY), Heading(NASTY)], [[NASTY, NASTY]])
    text = table.as_html()
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 6  # label, caption, two headings, two cells
    tags = Tags(text)
    assert tags.all("div")[0]["aria-label"] == NASTY


def test_text_has_the_same_cells_as_html():
    lines = TABLE.as_text().splitlines()
    assert lines == [
        "Offences by year",
        "Year | Offences | Change",
        "2005/06 | 15,141 | [x]",
        "2006/07 [b] | 13,105 | −13.4%",
        "2007/08 | [x] | [x]",
    ]
    words = Tags(TABLE.as_html()).words
    for line in lines[1:]:
        assert set(line.split(" | ")) <= set(words)


def test_a_row_of_the_wrong_length_is_refused():
    crooked = DisplayTable("Offences", [Heading("Year"), Heading("Offences")], [["2005/06"]])
    with pytest.raises(ValueError, match=r"shorter|longer"):
        crooked.as_text()


def test_a_table_comes_back_from_a_notebooks_output_as_it_was():
    whole = DisplayTable(TABLE.caption, TABLE.headings, TABLE.rows[:2])
    assert table_from_data(json.loads(json.dumps(whole.as_data()))) == whole
