"""Answers: their parts, what becomes of a gap, and that the runner keeps a page to its own name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_project import small_project

from kingston_analysis import notebook
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import open_edition, open_topic
from kingston_analysis.pages.execute import PageExecution, execute_page
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page
from kingston_analysis.results import MIME, Estimate, Gap, finding
from kingston_analysis.show.answer import Answer, OnRequest, Part, Publication, Unanswered, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.mimes import CAPTION, FIGURE
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.views.topic import TopicView

YEARS = pd.DataFrame({"year": ["2005/06", "2006/07"], "count": [3, 4]})
COLUMNS = (Column("Year", "year"), Column("Offences", "count", "count"))
FOUND = finding("count", "2006/07", Estimate(4, 2, 6), "offences")


def drawn() -> Figure:
    return Figure(
        id="years",
        heading="Four in the last year",
        chart=alt.Chart(YEARS).mark_line().encode(x="year:N", y="count:Q"),
        alternative="Three offences in 2005/06 and four in 2006/07, the last year.",
        table=table("Offences by year", YEARS, *COLUMNS),
        tables=("offences_year",),
        period="2005/06 to 2006/07",
    )


@analysis("How many there are")
def everything(_view: TopicView, least: int = 0) -> Iterator[Part]:
    """Give a part of every kind."""
    yield YEARS[YEARS["count"] > least]
    yield "There were **four**."
    yield drawn()
    yield "One more than before."
    yield table("By year", YEARS, *COLUMNS)
    yield OnRequest(table("By year, on request", YEARS, *COLUMNS))
    yield Publication((FOUND,), ("offences_year",))
    yield Gap("Nobody counted those before.")


@analysis("Who did it")
def unanswered(_view: TopicView) -> Iterator[Part]:
    """Give nothing but a reason."""
    yield Gap("Nobody counted those before.")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("small") / "project")


@pytest.fixture
def page(project: Project) -> notebook.NotebookPage[TopicView]:
    return open_topic(edition=2008, area="Ashby", topic="burglary", project=project)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return the list to which come the outputs of what is shown."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(notebook, "display", lambda bundle, **_: bundles.append(bundle))
    return bundles


# What it is made of


def test_the_parts_of_an_answer_are_at_hand_by_kind(page):
    answer = everything(page)
    assert answer.question == "How many there are"
    assert answer.words == "There were **four**.\n\nOne more than before."
    assert [each.id for each in answer.figures] == ["years"]
    assert answer.findings == [FOUND]
    assert answer.gaps == [Unanswered("How many there are", Gap("Nobody counted those before."))]
    assert [each.caption for each in answer.tables] == [
        "Offences by year",
        "By year",
        "By year, on request",
    ]


def test_the_frame_of_an_answer_is_its_own_or_that_of_its_first_table(page):
    assert everything(page).frame.equals(YEARS)
    made = Answer("Which", ("Words.", drawn()), page).frame
    assert made.to_dict("list") == {"Year": ["2005/06", "2006/07"], "Offences": [3, 4]}
    assert Answer("Which", ("Words.",), page).frame.empty


def test_a_frame_is_the_analysts_own_to_change(page):
    answer = everything(page)
    frame = answer.frame
    frame["count"] = 0
    assert answer.frame["count"].tolist() == [3, 4]


def test_what_an_analysis_takes_beside_the_page_is_given_to_it(page):
    assert everything(page, least=3).frame["count"].tolist() == [4]


def test_an_answer_prints_what_is_in_it(page):
    assert repr(everything(page)) == "How many there are: 1 figures, 3 tables, 1 findings, 1 gaps"
    assert repr(Answer("Which", ("Words.",), page)) == "Which: words alone"


# What is shown and published


def test_an_answer_shows_its_parts_in_their_order_and_no_frame(page, shown):
    everything(page)._ipython_display_()
    kinds = ["text/markdown", CAPTION, FIGURE, "text/markdown", "text/html", "text/html", MIME]
    assert [next(iter(each)) for each in shown] == [*kinds, "text/markdown"]


def test_what_is_published_says_of_which_page_area_topic_and_tables_it_is(page, shown):
    page.show(everything(page))
    [[found]] = [each[MIME] for each in shown if MIME in each]
    about = {name: found[name] for name in ("page", "template", "area", "topic")}
    assert about == {"page": "burglary", "template": "topic", "area": "Ashby", "topic": "burglary"}
    assert (found["name"], found["value"], found["interval"]) == ("count", 4, (2, 6))
    held = page.view.load("offences_year").meta.hash
    assert list(found["sources"]) == [{"table": "offences_year", "hash": held}]


def test_a_figure_says_by_which_notebook_and_parameters_it_was_made(page, shown):
    page.show(everything(page))
    [evidence] = [each[FIGURE]["usermeta"]["evidence"] for each in shown if FIGURE in each]
    assert evidence["template"] == "topic"
    assert evidence["parameters"] == {"edition": 2008, "area": "Ashby", "topic": "burglary"}


def test_an_answer_that_is_shown_twice_shows_and_publishes_the_same(page, shown):
    answer = everything(page)
    answer._ipython_display_()
    once = [*shown]
    answer._ipython_display_()
    assert shown == once + once


def test_an_empty_table_is_a_sentence_and_empty_words_are_nothing(page, shown):
    page.show(Answer("Which", ("", DisplayTable("Those left", [], [])), page))
    assert [each["text/markdown"] for each in shown] == ["Those left: none."]


# What is not known


def test_a_gap_becomes_one_sentence(page, shown):
    page.show(unanswered(page))
    assert [each["text/markdown"] for each in shown] == [
        "**Who did it: not available.** Nobody counted those before."
    ]


@pytest.mark.usefixtures("shown")
def test_a_page_lists_the_gaps_that_it_has_shown_and_one_reason_once(page):
    assert page.not_known().words == "Nothing is known to be missing."
    page.show(unanswered(page))
    page.show(everything(page))
    page.show(everything(page))
    listed = "- “Who did it” and “How many there are”: not available. Nobody counted those before."
    assert page.not_known().words == listed


@pytest.mark.usefixtures("shown")
def test_the_page_of_an_edition_lists_its_gaps_too(project):
    page = open_edition("matrix", edition=2008, area="Ashby", project=project)
    page.show(unanswered(page))
    assert page.not_known().words == "- “Who did it”: not available. Nobody counted those before."


# What the runner makes of it

OWN = "open_topic('own', edition=edition, area=area, topic=topic)"
FINDS = "from kingston_analysis.analyses.indicators import indicators\nindicators(page)"
DRAWS = "from kingston_analysis.analyses.level import over_the_years\nover_the_years(page)"


def run(project: Project, opening: str, *cells: str) -> PageExecution:
    """Run a notebook of one's own that opens its page in some way."""
    parameters = "edition: int = 2008  # help: .\narea: str = ''  # help: .\n"
    parameters += "topic: str = ''  # help: ."
    opens = f"from kingston_analysis.notebook import open_edition, open_topic\npage = {opening}"
    made = [
        new_markdown_cell("# Own"),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *map(new_code_cell, (opens, *cells)),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=made, metadata=kernel), project.notebooks / "own.ipynb")
    page = Page(project, "own", "own", 2008, "Ashby", "burglary")
    return execute_page(page, {}, "warm", cell_seconds=60)


def test_a_page_that_opens_itself_publishes_under_its_own_name(project):
    outcome = run(project, OWN, FINDS, DRAWS)
    assert outcome.problems == []
    assert {each["page"] for each in outcome.record.findings} == {"own"}
    assert len(outcome.record.figures) == 1


@pytest.mark.parametrize(
    ("opening", "cell", "other"),
    [
        (OWN.replace("'own', ", ""), FINDS, "template 'topic'"),
        (OWN.replace("'own', ", ""), DRAWS, "template 'topic'"),
        (OWN.replace("area=area", "area='Burnham'"), FINDS, "area 'Burnham'"),
        (OWN.replace("topic=topic", "topic='robbery'"), FINDS, "topic 'robbery'"),
        (OWN.replace("edition=edition", "edition=2007"), DRAWS, "edition 2007"),
    ],
)
def test_a_notebook_that_opens_the_page_of_another_is_refused(project, opening, cell, other):
    outcome = run(project, opening, cell)
    assert outcome.record is None
    assert [str(each) for each in outcome.problems] == [
        f"2008 Ashby: own: notebooks/own.ipynb: The notebook opened another page, with {other}. "
        "Open it as 'own', with the parameters that the notebook gets."
    ]


def test_a_finding_of_one_name_and_period_that_is_published_twice_is_refused(project):
    outcome = run(project, OWN, FINDS, "indicators(page)")
    assert outcome.record is None
    [problem] = map(str, outcome.problems)
    assert problem.startswith("2008 Ashby: own: notebooks/own.ipynb: cells 3 and 4: there are two")
    assert "the finding 'count' for 2002/03" in problem
    assert problem.endswith("Publish it once, or give one of them another name.")


TWICE = Publication((FOUND, FOUND), ("offences_year",))
REFUSED = {
    "a number": (4, "has a part that is none, of the type int"),
    "nothing": (None, "has a part that is none, of the type NoneType"),
    "a name of words": (
        Publication((finding("Years above mean", "2006/07", 4, "years"),), ("offences_year",)),
        "has a finding that is called 'Years above mean'",
    ),
    "a name twice": (TWICE, "has two findings 'count' for 2006/07"),
}


@pytest.mark.parametrize(("part", "what"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_part_and_what_is_no_name_is_refused_when_it_is_given(page, part, what):
    @analysis("How many")
    def given(_view: TopicView) -> Iterator[Any]:
        yield part

    with pytest.raises(KingstonError, match=f"The answer to 'How many' {what}"):
        given(page)
