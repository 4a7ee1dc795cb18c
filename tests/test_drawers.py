"""Charts are drawn by processes of their own, each once, while pages still run."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import nbformat
import pytest
from system_project import wait_until

from kingston_analysis.book.draw import WIDTHS, draw_all, drawing_file, specification_hash
from kingston_analysis.book.drawers import Drawers
from kingston_analysis.errors import KingstonError
from kingston_analysis.show.mimes import FIGURE


def bars(value: int) -> dict:
    return {
        "data": {"values": [{"year": "2006/07", "offences": value}]},
        "mark": "bar",
        "encoding": {"x": {"field": "offences", "type": "quantitative"}},
    }


def executed(file: Path, *charts: dict) -> Path:
    """Write a notebook that emitted charts."""
    cell = nbformat.v4.new_code_cell()
    cell.outputs = [
        nbformat.v4.new_output("display_data", data={FIGURE: chart}) for chart in charts
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), file)
    return file


@pytest.fixture
def notebooks(tmp_path: Path) -> list[Path]:
    return [
        executed(tmp_path / "one.ipynb", bars(3), bars(4)),
        executed(tmp_path / "other.ipynb", bars(4), bars(5), bars(4)),
        executed(tmp_path / "none.ipynb"),
    ]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_processes_draw_what_one_process_draws_also_after_that_has_drawn(notebooks, tmp_path):
    # Drawing leaves threads behind, for which a forked process would wait for ever.
    draw_all([bars(5), bars(4), bars(3)], tmp_path / "here")
    drawers = Drawers(tmp_path / "there", 2)
    for notebook in notebooks:
        drawers.draw(notebook)

    assert drawers.finish() == []
    assert len(contents(tmp_path / "there")) == 3 * len(WIDTHS)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_a_chart_is_asked_for_once_and_one_that_is_held_not_at_all(notebooks, tmp_path):
    folder = tmp_path / "charts"
    draw_all([bars(4)], folder)
    drawers = Drawers(folder, 1)
    asked = []
    drawers._ask = lambda them: asked.extend(them) or []
    for notebook in [*notebooks, *notebooks]:
        drawers.draw(notebook)
    drawers.finish()
    assert asked == [bars(3), bars(5)]


def test_a_held_chart_that_is_not_as_it_was_drawn_is_named_and_drawn_again(notebooks, tmp_path):
    folder = tmp_path / "charts"
    draw_all([bars(3), bars(4)], folder)
    before = contents(folder)
    spoilt = drawing_file(folder, specification_hash(bars(4)), "narrow")
    spoilt.write_bytes(spoilt.read_bytes()[:-9])

    drawers = Drawers(folder, 1)
    drawers.draw(notebooks[0])
    assert drawers.finish() == [spoilt]
    assert contents(folder) == before


def test_a_process_that_dies_is_told_of_and_what_is_missing_is_drawn_the_next_time(
    notebooks, tmp_path
):
    folder = tmp_path / "charts"
    drawers = Drawers(folder, 1)
    drawers.draw(notebooks[0])
    wait_until(lambda: drawers._processes)
    drawers._processes[0].kill()
    with pytest.raises(KingstonError, match=r"was ended by SIGKILL\. Build again;.*fewer --jobs"):
        drawers.finish()

    again = Drawers(folder, 1)
    again.draw(notebooks[0])
    again.finish()
    assert len(contents(folder)) == 2 * len(WIDTHS)


def test_a_chart_that_cannot_be_drawn_is_named(tmp_path):
    broken = {"mark": "no mark", "usermeta": {"figure": "burglary-years"}}
    drawers = Drawers(tmp_path / "charts", 1)
    drawers.draw(executed(tmp_path / "one.ipynb", broken))
    with pytest.raises(KingstonError, match="The chart of burglary-years cannot be drawn"):
        drawers.finish()


def test_a_place_that_cannot_be_written_is_named(notebooks, tmp_path):
    (tmp_path / "charts").write_text("in the way")
    drawers = Drawers(tmp_path / "charts", 1)
    drawers.draw(notebooks[0])
    why = os.strerror(errno.EEXIST)
    with pytest.raises(KingstonError, match=rf"could not be kept in .*charts: {why}\."):
        drawers.finish()


def test_the_processes_end_with_what_started_them(notebooks, tmp_path):
    drawers = Drawers(tmp_path / "charts", 1)
    drawers.draw(notebooks[0])
    wait_until(lambda: drawers._processes)
    process = drawers._processes[0]
    process.stdin.close()
    assert process.wait(timeout=60) == 0
