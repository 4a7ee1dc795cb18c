"""The review of executed pages: nbval judges them as stored, the report says what differs."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from system_project import snapshot

from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page
from kingston_analysis.results import MIME as FINDINGS
from kingston_analysis.review import judge, verdicts
from kingston_analysis.review.judge import JudgedCell
from kingston_analysis.review.page_report import page_report
from kingston_analysis.review.report import PageReview, review_pages, review_report
from kingston_analysis.show.mimes import FIGURE

AREA = "Ashby"
RATE = 12.5
DISPLAY = "from IPython.display import display"
Cell = tuple[str, list[dict[str, Any]]]


def shown(data: dict[str, Any]) -> Cell:
    """Return a cell that shows something, and the output that it stores."""
    return f"{DISPLAY}\ndisplay({data!r}, raw=True)", [new_output("display_data", data)]


def rate(value: float) -> dict[str, Any]:
    found = {"page": "robbery", "name": "rate", "period": "2015/16", "value": value}
    return {FINDINGS: [found], "text/plain": f"rate 2015/16: {value}"}


def chart(*counts: int) -> dict[str, Any]:
    rows = [{"year": 2014 + index, "offences": count} for index, count in enumerate(counts)]
    return {FIGURE: {"mark": "bar", "data": {"values": rows}, "usermeta": {"figure": "years"}}}


def stored(cell: Cell, data: dict[str, Any]) -> Cell:
    """Return a cell with another output in store than the one it gives."""
    return cell[0], [new_output("display_data", data)]


def printed(text: str) -> list[dict[str, Any]]:
    return [new_output("stream", text=text)]


def write(project: Project, name: str, *cells: Cell) -> None:
    """Write a page as a run leaves it: title, parameters, those of the page, then its cells."""
    code: list[Cell] = [("area = 'anywhere'", []), (f"area = '{AREA}'", []), *cells]
    notebook = new_notebook(cells=[new_markdown_cell("# A page")])
    for number, (source, outputs) in enumerate(code, 1):
        notebook.cells.append(new_code_cell(source, execution_count=number, outputs=outputs))
    notebook.cells[1].metadata["tags"] = ["parameters"]
    notebook.cells[2].metadata["tags"] = ["injected-parameters"]
    file = page(project, name).executed
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, file)


def write_all(project: Project) -> None:
    """Write one page of each kind."""
    says_area = ("print(area)", printed(f"{AREA}\n"))
    write(project, "agrees", says_area, shown(rate(RATE)), shown(chart(97, 92)))
    write(project, "altered", says_area, stored(shown(rate(RATE)), rate(RATE + 1)))
    write(project, "charted", stored(shown(chart(97, 92)), chart(97, 93)), shown(rate(RATE)))
    write(project, "digits", stored(shown(rate(RATE)), rate(12.5000000001)))
    many = stored(shown(chart(*range(20))), chart(*range(100, 120)))
    write(project, "many", many, stored(shown(rate(RATE)), rate(12.5000000001)))
    write(project, "raises", ("share = 1\nshare / 0", printed("1\n")), says_area)
    write(project, "empty", ("area", []))
    write(project, "stopped", says_area)
    half = nbformat.read(page(project, "stopped").executed, as_version=4)
    half.cells[-1].execution_count = None
    nbformat.write(half, page(project, "stopped").executed)
    page(project, "broken").executed.write_text('{"cells": [', encoding="utf-8")
    page(project, "other").executed.write_text('{"nbformat": 4}', encoding="utf-8")


NAMES = ["agrees", "altered", "charted", "digits", "many", "raises"]
NOT_JUDGED = ["empty", "stopped", "absent", "broken", "other"]


def page(project: Project, name: str) -> Page:
    return Page(project, "topic", name, 2016, AREA)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project in which the pages of these tests are kept."""
    return Project(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def reviews(project: Project) -> dict[str, PageReview]:
    """Review one page of each kind, once, two at a time."""
    write_all(project)
    before, done = snapshot(project.root), []
    with pytest.MonkeyPatch.context() as patch:
        # What someone sets for tests of their own says nothing to the review.
        patch.setenv("PYTEST_ADDOPTS", "--collect-only")
        found = review_pages([page(project, name) for name in NAMES + NOT_JUDGED], 2, done.append)
    assert sorted(map(str, done)) == sorted(str(page(project, name)) for name in NAMES + NOT_JUDGED)
    assert snapshot(project.root) == before, "a review writes nothing beside the pages"
    return {each.page.name: each for each in found}


def said(review: PageReview) -> str:
    """Return what the report says of a page, without the verdict on all pages."""
    text = review_report([review])
    assert "Traceback" not in text
    return text.partition("\n\n")[2].replace(f"{review.page}", review.page.name)


# What nbval judges


def test_the_first_line_is_the_verdict_on_all_pages(reviews):
    assert review_report(list(reviews.values())).splitlines()[0] == (
        "11 pages reviewed: 1 agrees, 5 differ, 3 were never run, 2 could not be judged."
    )


def test_a_page_that_gives_again_what_is_stored_agrees_with_its_parameters(reviews):
    review = reviews["agrees"]
    assert review.ok
    assert [cell.verdict for cell in review.cells] == ["passed"] * 5
    assert review_report([review]) == "1 page reviewed: 1 agrees, 0 differ, 0 were never run."


@pytest.mark.parametrize("name", [*NAMES[1:], *NOT_JUDGED])
def test_every_other_page_is_not_in_order(reviews, name):
    assert not reviews[name].ok


def test_a_number_altered_by_hand_is_told_with_its_cell_and_both_values(reviews):
    # Parameters, those of the page, one cell, then this: JupyterLab's [4], counting no title.
    assert said(reviews["altered"]).splitlines() == [
        "altered differs.",
        f"  Cell 4, `{DISPLAY}`:",
        "    findings[robbery.rate@2015/16].value: was 13.5, is now 12.5",
    ]


def test_the_altered_data_of_a_chart_are_told_as_data(reviews):
    assert said(reviews["charted"]).splitlines() == [
        "charted differs.",
        f"  Cell 3, `{DISPLAY}`:",
        "    figure years data[1].offences: was 93, is now 92",
    ]
    assert [cell.verdict for cell in reviews["charted"].cells][2:] == ["failed", "passed"]


def test_a_page_that_differs_in_the_last_digits_differs_and_the_report_says_so(reviews):
    assert reviews["digits"].cells[-1].verdict == "failed"
    assert said(reviews["digits"]).splitlines() == [
        "digits differs, only in the last digits.",
        "  1 number differs by less than 1 part in 1,000,000:",
        "    cell 3, findings[robbery.rate@2015/16].value: was 12.5000000001, is now 12.5",
    ]


def test_the_report_tells_ten_differences_of_a_cell_and_how_many_there_are(reviews):
    lines = said(reviews["many"]).splitlines()
    assert lines[2] == "    figure years data[0].offences: was 100, is now 0"
    assert lines[11:13] == [
        "    figure years data[9].offences: was 109, is now 9",
        "    … and 10 more.",  # 20 rows, 10 told
    ]
    assert lines[13] == "  1 number differs by less than 1 part in 1,000,000:"


def test_a_cell_that_fails_now_is_told_with_its_line_and_those_after_it_are_judged(reviews):
    assert said(reviews["raises"]).splitlines() == [
        "raises differs.",
        "  Cell 3, `share = 1`:",
        "    line 2: ZeroDivisionError: division by zero",
    ]
    assert reviews["raises"].cells[-1].verdict == "passed"


# What nbval does not judge


@pytest.mark.parametrize("name", ["empty", "stopped", "absent"])
def test_a_page_that_was_never_run_fails_and_nbval_is_not_asked(reviews, name):
    assert reviews[name].never_run
    assert not reviews[name].cells
    assert said(reviews[name]).endswith(f"{name}.ipynb: It was never run. Run `kingston run`.")


@pytest.mark.parametrize("name", ["broken", "other"])
def test_what_is_no_notebook_is_told_in_a_sentence(reviews, name):
    assert said(reviews[name]).endswith("It is not a notebook. Run `kingston run --force`.")


def test_a_kernel_that_dies_is_told_in_a_sentence(project, monkeypatch):
    monkeypatch.setattr(verdicts, "CELL_SECONDS", 2)
    write(project, "dies", ("import os\nos._exit(1)", printed("1\n")), ("area", []))
    [review] = review_pages([page(project, "dies")], 1, lambda _: None)
    assert not review.ok
    lines = said(review).splitlines()
    assert lines[:2] == ["dies differs.", "  Cell 3, `import os`:"]
    assert lines[2].startswith("    Timeout of 2 seconds exceeded")
    assert lines[2].endswith("Perhaps the kernel died, for want of memory.")
    assert lines[3] == "  Not run: cell 4."


def test_an_nbval_that_cannot_start_is_told_in_a_sentence(project, monkeypatch):
    write(project, "fine", ("print(1)", printed("1\n")))
    monkeypatch.setattr(verdicts, "NBVAL_COMMAND", (*verdicts.NBVAL_COMMAND, "--no-such-option"))
    [review] = review_pages([page(project, "fine")], 1, lambda _: None)
    assert said(review).startswith("fine: ")
    assert "nbval came to no verdict: " in said(review)
    assert said(review).endswith("error: unrecognized arguments: --no-such-option.")
    assert review_report([review]).startswith(
        "1 page reviewed: 0 agree, 0 differ, 0 were never run, 1 could not be judged."
    )


def test_a_kernel_that_does_not_start_is_tried_three_times(project, monkeypatch):
    write(project, "fine", ("print(1)", printed("1\n")))
    tries = []

    def not_started(page: Page, _: str) -> dict[str, Any]:
        tries.append(page)
        return {"0": {"verdict": "not run", "outputs": [], "error": "Kernel died"}}

    monkeypatch.setattr(judge, "verdicts", not_started)
    [review] = review_pages([page(project, "fine")], 1, lambda _: None)
    assert said(review).endswith("fine.ipynb: The kernel did not start: Kernel died.")
    assert len(tries) == 3


def test_an_interrupted_review_stops(project):
    write(project, "fine", ("print(1)", printed("1\n")))

    def interrupt(_: Page) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        review_pages([page(project, "absent"), page(project, "fine")], 1, interrupt)


# How it is told


def told(stored: str, got: str) -> str:
    """Return how the report tells the difference between two paragraphs."""
    old, new = ([new_output("display_data", {"text/markdown": each})] for each in (stored, got))
    return page_report("A page", [JudgedCell(3, "say(it)", "failed", old, new)])


def test_of_long_values_the_place_where_they_differ_is_told():
    same = "Robberies were recorded in every month of the year. " * 4
    line = told(f"{same}Most in May, as before.", f"{same}Most in June, as before.").splitlines()[2]
    before = f"…{same[-20 + len('Most in ') :]}Most in "  # twenty characters that both share
    assert line == (
        f'    output text line 1: was {before}May, as before.", is now {before}June, as before."'
    )


def test_what_only_nbval_sees_is_left_to_nbval():
    assert told("the same", "the same").splitlines()[2] == (
        "    nbval finds a difference that is none of data."
    )


def test_what_is_new_and_what_is_gone_is_told_as_such():
    assert told("a", "a\nb").splitlines()[2] == '    output text line 2 is new: "b"'
    assert told("a\nb", "a").splitlines()[2] == '    output text line 2 is gone; it was "b"'
