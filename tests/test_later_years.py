"""No page of an edition speaks of a year after its extraction, in whatever it says or shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace

import pytest
from in_process import run_template
from system_project import copy_project
from tables_fixture import KINGSTON, PROJECT, real_table

from kingston_analysis import notebook
from kingston_analysis.analyses.sources import caveats, hashes, publishers
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.tables.metadata import table_names
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page, pages_named, pages_of
from kingston_analysis.results import MIME as FINDINGS
from kingston_analysis.results import Finding, Findings, from_objects
from kingston_analysis.show.mimes import FIGURE
from kingston_analysis.show.sources import caveats_of
from kingston_analysis.show.table import DisplayTable
from kingston_analysis.views import scope

# 2012 names one year and 2011/12 two.
YEAR = re.compile(r"(?<![\d,])((?:19|20)\d\d)(?:/(\d\d))?(?!\d|,\d)")
# That figures exist, since when and up to when, an edition may say: it is no figure.
SINCE_WHEN = re.compile(
    r"[Tt]he first figures held are for [^,]+,"
    r"|\bbefore (\w+ )?[\d/]+ (and after (\w+ )?[\d/]+ )?are not held"
    r"|not held before (\w+ )?[\d/]+"
    r"|begin with (\w+ )?[\d/]+, after this edition's evidence ends"
    # The year of an index's edition is a name.
    r"|Cambridge Crime Harm Index: \d{4} edition"
)
# What a column says of the file that was published, and the names and titles of tables.
METADATA = {"Table", "Tables", "Name in data/tables"}
METADATA |= {"Published as", "Period held", "Extraction", "Hash"}


def years_named(text: str) -> set[int]:
    text = SINCE_WHEN.sub("", text)
    return {int(m[1]) + step for m in YEAR.finditer(text) for step in (0, 1 if m[2] else 0)}


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("13,105 in 2006/07, 2,011 more", {2006, 2007}),
        ("from April 2010 to 2011", {2010, 2011}),
        ("the first figures held are for January 2016, which was not over in 2008", {2008}),
        ("Counts before August 2021 are not held. By ward they are not held before 2016.", set()),
        ("Figures begin with January 2008, after this edition's evidence ends.", set()),
        ("Figures begin with January 2008, and end with 2012.", {2008, 2012}),
    ],
)
def test_years_are_read_from_a_text(text, years):
    assert years_named(text) == years


AS_HTML = DisplayTable.as_html
# What each edition has here, so that what compares editions has something to compare.
IN_ALL = ("violence-against-the-person",)
FIRST, *LATER = edition_years(PROJECT)


def topics_of(year: int) -> list[str] | None:
    """Choose from an edition's topics: all of the first, and each in at least one of the others."""
    if year == FIRST:
        return None
    topics, turn = load_edition(PROJECT, year).topics, LATER.index(year)
    return [topic for n, topic in enumerate(topics) if topic in IN_ALL or n % len(LATER) == turn]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Copy the project, with some topics an edition: what a page reads is read as in the whole."""
    topics = {year: topics_of(year) for year in (FIRST, *LATER)}
    return Project(copy_project(tmp_path_factory.mktemp("years") / "project", topics).root)


def test_each_topic_is_looked_at_in_the_first_edition_and_in_a_later_one():
    """Were the editions to have topics of their own, some topic might be in no turn."""
    later = {topic for year in LATER for topic in topics_of(year)}
    every = {topic for year in (FIRST, *LATER) for topic in load_edition(PROJECT, year).topics}
    assert later == every == set(load_edition(PROJECT, FIRST).topics)


def said_by(page: Page) -> list[str]:
    """Return what a page says and shows."""
    outputs, shown = run_here(page)
    return [text for bundle in outputs for text in texts_of(bundle)] + [
        text for table in shown for text in cells_of(table)
    ]


@cache
def run_here(page: Page) -> tuple[list[dict], list[DisplayTable]]:
    """Run a page's template in this process; return its outputs and the tables among them."""
    outputs: list[dict] = []
    shown: list[DisplayTable] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebook, "display", lambda bundle, **_: outputs.append(bundle))
        patch.setattr(DisplayTable, "as_html", lambda it: (shown.append(it), AS_HTML(it))[1])
        patch.setattr(scope, "upstream_findings", found_here)
        # One project for all pages, so that what is read is parsed once.
        patch.setattr(Project, "_of_this_process", page.project)
        run_template(page)
    return outputs, shown


def found_here(project: Project, pages: list[str], edition: int, area: str) -> list[Finding]:
    """Run other pages in this process for their findings."""
    bundles = [
        b for name in pages for b in run_here(pages_named(project, [name], edition, area)[0])[0]
    ]
    return from_objects(each for bundle in bundles for each in bundle.get(FINDINGS, []))


def texts_of(bundle: dict) -> Iterator[str]:
    if "text/markdown" in bundle:
        yield re.sub("<summary>.*?</summary>", "", bundle["text/markdown"])
    for finding in bundle.get(FINDINGS, []):
        yield from (str(finding[each]) for each in ("period", "missing", "verdict"))
        yield finding["value"] if isinstance(finding["value"], str) else ""
    if FIGURE in bundle:
        about = bundle[FIGURE]["usermeta"]
        yield from (about["heading"], about["alternative"], about["note"])
        yield about["evidence"]["period"]
        yield about["table"]["caption"]
        yield from (cell for row in about["table"]["rows"] for cell in row if isinstance(cell, str))


def cells_of(table: DisplayTable) -> Iterator[str]:
    yield table.caption
    for row in table.rows:
        for cell, heading in zip(row, table.headings, strict=True):
            if isinstance(cell, str) and heading.title not in METADATA:
                yield cell


def page_on_sources(year: int, *tables: str) -> SimpleNamespace:
    """Open the page on sources of an edition whose pages drew on some tables."""
    page = notebook.open_edition("sources", edition=year, area=KINGSTON, project=PROJECT)
    found = Finding("count", None, 1, "", sources=tuple({"table": name} for name in tables))
    view = SimpleNamespace(
        edition=page.view.edition,
        page_titles={},
        load=page.view.load,
        findings=lambda *_: Findings([found]),
    )
    return SimpleNamespace(view=view)


def later(texts: list[str], last: int) -> list[str]:
    lines = [line for text in texts for line in text.splitlines()]
    return sorted({line for line in lines if max(years_named(line), default=0) > last})


@pytest.mark.parametrize("year", edition_years(PROJECT))
def test_no_page_of_an_edition_names_a_year_after_its_extraction(year, project):
    edition = load_edition(project, year)
    texts = []
    for page in pages_of(project, edition, KINGSTON):
        if page.template != "sources":
            texts += said_by(page)
    assert len(texts) > 200
    # That weights are younger than the edition is told, with their year.
    told = [text for text in texts if "was first published in" not in text]
    assert len(told) < len(texts) or year < 2010
    assert later(told, edition.extraction.year) == []


@pytest.mark.parametrize("year", edition_years(PROJECT))
def test_the_sources_of_an_edition_name_no_year_after_its_extraction(year, project):
    edition = load_edition(project, year)
    [page] = pages_of(project, edition, KINGSTON, "sources")
    texts = said_by(page)
    assert len(texts) > 10
    assert later(texts, edition.extraction.year) == []


@pytest.mark.parametrize("year", edition_years(PROJECT))
def test_caveats_breaks_and_our_changes_tell_of_no_year_after_the_extraction(year):
    page = page_on_sources(year, *table_names(PROJECT))
    lines = [line for line in caveats(page).words.splitlines() if line.startswith("- ")]
    assert len(lines) > 20
    assert later(lines, page.view.edition.extraction.year) == []


def test_what_an_edition_is_not_told_a_later_one_is():
    """The counter-check: there are caveats and breaks to be left out, and they are not lost."""
    table = real_table("recorded_crime_year")
    first, last = (caveats_of(table, load_edition(PROJECT, year)) for year in (2008, 2016))
    told = {each.at: f"Break at {each.at}: {each.what}" for each in table.meta.breaks}
    assert {at for at, text in told.items() if text in first} == {"2002/03"}
    assert all(text in last for text in told.values())


def test_metadata_may_say_since_when_figures_exist():
    page = page_on_sources(2016, "recorded_crime_month_2008_2016")
    assert "January 2008 to December 2016" in publishers(page).tables[0].as_text()
    [row] = hashes(page).tables[0].rows
    assert row[4] == real_table("recorded_crime_month_2008_2016").meta.hash
