"""Figures outside the book: what JupyterLab, nbconvert and other viewers show of a notebook."""

from __future__ import annotations

import re
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kingston_analysis.book.assemble import _readable
from kingston_analysis.book.draw import draw_all
from kingston_analysis.book.drawn_notebook import SVG, with_drawings
from kingston_analysis.book.mime import Elements
from kingston_analysis.pages.outputs import figures_in
from kingston_analysis.results import MIME
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.mimes import CAPTION, FIGURE
from kingston_analysis.show.table import DisplayTable, Heading

ALTERNATIVE = "Bar chart of burglary: 120 in 2005/06 & 97 in 2006/07."
# What JupyterLab 4 draws, the preferred first: its renderers of Vega-Lite stand before the others.
JUPYTERLAB = (FIGURE, "text/html", "text/markdown", SVG, "text/plain")


def figure(note: str = "") -> Figure:
    frame = pd.DataFrame({"period": ["2005/06", "2006/07"], "value": [120, 97]})
    chart = alt.Chart(frame).mark_bar().encode(x="period:O", y="value:Q")
    table = DisplayTable("Burglary", [Heading("Year"), Heading("Offences", "count")], [])
    return Figure(
        "burglary-years", "Burglary <fell>", chart, ALTERNATIVE, table, ("t",), "2006/07", note
    )


@pytest.fixture
def executed() -> nbformat.NotebookNode:
    """Make a notebook that shows one figure, as a run leaves it."""
    bundles = figure("2006/07 is *provisional*.").as_bundles({})
    outputs = [new_output("display_data", each) for each in bundles]
    return new_notebook(cells=[new_code_cell("change", outputs=outputs, execution_count=1)])


@pytest.fixture
def published(executed: nbformat.NotebookNode, tmp_path: Path) -> nbformat.NotebookNode:
    draw_all(figures_in(executed), tmp_path)
    return with_drawings(executed, tmp_path)


def shown(notebook: nbformat.NotebookNode, preferred: tuple[str, ...]) -> list[tuple[str, object]]:
    """Return of each output the type that a viewer shows, and what it shows."""
    bundles = [output["data"] for cell in notebook.cells for output in cell.outputs]
    kinds = [next(kind for kind in preferred if kind in bundle) for bundle in bundles]
    return [(kind, bundle[kind]) for kind, bundle in zip(kinds, bundles, strict=True)]


@pytest.mark.parametrize("made", ["executed", "published"])
def test_jupyterlab_shows_heading_chart_and_note(made, request):
    heading, chart, note = shown(request.getfixturevalue(made), JUPYTERLAB)
    assert heading == ("text/html", "<h3>Burglary &lt;fell&gt;</h3>")
    assert chart[0] == FIGURE
    assert note == ("text/html", "<p>2006/07 is *provisional*.</p>")


def test_a_figure_without_a_note_shows_none():
    assert [CAPTION in each for each in figure().as_bundles({})] == [True, False]


def test_nbconvert_shows_heading_and_chart_of_a_published_notebook(published):
    text, _ = HTMLExporter().from_notebook_node(published)
    assert "<h3>Burglary &lt;fell&gt;</h3>" in text
    assert len(re.findall('<img[^>]* src="data:image/svg', text)) == 1
    assert re.search("Burglary &lt;fell&gt;</h3>.*<img.*2006/07 is", text, re.DOTALL)


def test_a_published_notebook_is_the_executed_one_and_its_drawings(executed, published):
    nbformat.validate(published)
    [drawing] = [output["data"].pop(SVG) for output in published.cells[0].outputs[1:2]]
    assert nbformat.writes(published) == nbformat.writes(executed)
    assert drawing.startswith('<svg role="img" aria-label="Bar chart of burglary: 120 in 2005/06 &')
    assert "aria-hidden" not in drawing


def test_a_notebook_is_published_with_equal_bytes_from_drawings_made_twice(executed, tmp_path):
    twice = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        draw_all(figures_in(executed), folder)
        twice.append(nbformat.writes(with_drawings(executed, folder)))
    assert twice[0] == twice[1]


def test_the_book_which_has_them_in_its_own_figures_leaves_captions_out(executed):
    [cell] = _readable(executed, None).cells
    assert [set(output["data"]) for output in cell.outputs] == [{FIGURE, "text/plain"}]


def test_a_page_of_a_topic_has_its_title_and_any_other_keeps_its_own():
    made = ["# Any topic\n\nWhat it shows.", "# Method"]
    for title, first in (("Robbery", "# Robbery\n\nWhat it shows."), (None, made[0])):
        cells = _readable(new_notebook(cells=[new_markdown_cell(each) for each in made]), title)
        assert [cell.source for cell in cells.cells] == [first, "# Method"]


def test_of_a_cell_readers_see_what_it_shows_and_nothing_of_one_that_only_publishes_or_sets():
    shown, found = (new_output("display_data", each) for each in ({"text/html": ""}, {MIME: []}))
    cells = [
        new_markdown_cell("Words"),
        new_code_cell(outputs=[shown], metadata={"tags": ["injected-parameters"]}),
        new_code_cell(outputs=[shown, found]),
        new_code_cell(outputs=[found]),
        new_code_cell(),
    ]
    readable = _readable(new_notebook(cells=cells), None).cells
    tags = [cell.metadata.get("tags", [])[-1:] for cell in readable]
    assert tags == [[], ["remove-cell"], ["remove-input"], ["remove-cell"], ["remove-cell"]]


def test_jupyter_book_writes_no_notebook_again():
    written = Elements(None, None).write_file(["evidence", "robbery.ipynb"], b"{}")
    assert written == ""
