"""`kingston build`: from executed pages to a published site, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from system_project import (
    AREA,
    BOOK,
    Copy,
    Said,
    ended,
    interrupted,
    is_readable,
    processes_of,
    snapshot,
    wait_until,
)
from tables_fixture import sound_project

from kingston_analysis.book.books import Book, refuse_to_drop
from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.records.key import Now

FINDING_KEYS = {
    "page",
    "template",
    "area",
    "topic",
    "name",
    "period",
    "value",
    "interval",
    "unit",
    "sources",
}


def article(page: Path) -> Tag:
    """Return what a page says, without the navigation round it."""
    found = BeautifulSoup(page.read_bytes(), "html.parser").find("article")
    assert isinstance(found, Tag)
    return found


def words(element: Tag) -> str:
    """Return the text of an element on one line."""
    return " ".join(element.get_text().split())


def rows(table: Tag) -> list[list[str]]:
    """Return the cells of a table's body."""
    return [
        [words(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")
    ]


# The whole edition of 2008: its plan, its evidence, and what the plan's first readers knew


@pytest.fixture(scope="module")
def book(plan_site: Copy) -> Path:
    """Return the published book of 2008."""
    return plan_site.site / AREA / "2008"


def test_the_overview_gives_the_borough_its_lowest_count_and_sixth_lowest_rate(book: Path) -> None:
    text = words(article(book / "evidence/overview.html"))

    assert "13,105 offences were recorded in Kingston upon Thames in 2006/07" in text
    assert "the lowest count and the sixth lowest rate among 32 London boroughs" in text


def test_the_landing_page_gives_the_same_count_and_ranks_as_the_overview(book: Path) -> None:
    text = words(article(book / "index.html"))

    assert "In 2006/07, 13,105 offences were recorded in Kingston upon Thames" in text
    assert "the lowest count and the sixth lowest rate" in text
    assert "among the 32 London boroughs compared" in text


def test_the_overview_gives_grove_ward_both_its_shares(book: Path) -> None:
    page = article(book / "evidence/overview.html")

    assert "Grove ward had 4,079 of the borough’s 13,105: 31.1% of all" in words(page)
    assert "31.6% of those with a ward" in words(page)
    grove = [row for row in rows(page.select("#overview-wards table")[0]) if row[0] == "Grove"]
    # The change is that from 4,602 in 2005/06. One ward of 16 at once: its interval alone is no
    # verdict, which is corrected for the others.
    change = ["−11.4%", "−18.8% to −3.2%", "no clear change"]
    assert grove == [["Grove", "4,079", "31.6%", "31.1%", *change]]


def test_violence_stands_fourth_lowest_by_count_and_13th_12th_11th_by_rate(book: Path) -> None:
    theme = article(book / "plans/2008-11/theme-violence.html")

    assert rows(theme.select("table")[0]) == [
        ["2004/05", "3,520", "fourth lowest", "13th lowest"],
        ["2005/06", "3,240", "fourth lowest", "12th lowest"],
        ["2006/07", "3,003", "fourth lowest", "11th lowest"],
    ]


def test_the_evidence_on_violence_gives_the_same_counts_and_ranks(book: Path) -> None:
    evidence = article(book / "evidence/violence-against-the-person.html")
    table = evidence.select("#violence-against-the-person-offences-years table")[0]

    shown = {row[0]: row for row in rows(table)}
    assert [shown[year][1:3] for year in ("2004/05", "2005/06", "2006/07")] == [
        ["3,520", "4"],
        ["3,240", "4"],
        ["3,003", "4"],
    ]
    assert [shown[year][4] for year in ("2004/05", "2005/06", "2006/07")] == ["13", "12", "11"]


def test_the_facts_equal_the_published_figures(plan_site: Copy) -> None:
    """Worked out here from the tables with nothing but sorting, as a check on all that stands."""
    tables = plan_site.root / "data/tables"
    with (tables / "recorded_crime_year.csv").open(encoding="utf-8") as stream:
        recorded = list(csv.DictReader(stream))
    boroughs = re.findall(
        r"name: ([^,}\n]+?),? part", (plan_site.root / "data/areas.yml").read_text("utf-8")
    )
    assert len(boroughs) == 32

    def counts(group: str, year: str) -> list[int]:
        return sorted(
            int(row["offences"])
            for row in recorded
            if (row["offence_group"], row["financial_year"]) == (group, year)
            and row["area"] in boroughs
        )

    assert counts("All recorded offences", "2006/07").index(13105) == 0
    for year, count in (("2004/05", 3520), ("2005/06", 3240), ("2006/07", 3003)):
        assert counts("Violence Against the Person", year).index(count) == 3


def test_every_figure_that_a_page_emitted_is_on_the_site_with_its_data(
    plan_site: Copy, book: Path
) -> None:
    total = 0
    for record in sorted(plan_site.pages(2008).glob("*.json")):
        emitted = [each["figure"] for each in json.loads(record.read_text("utf-8"))["figures"]]
        shown = article(book / f"evidence/{record.stem}.html").select("figure.kb-figure")
        assert [each["id"] for each in shown] == [f"{record.stem}-{each}" for each in emitted]
        csvs = (book / "figures" / record.stem).glob("*.csv")
        assert sorted(each.stem for each in csvs) == sorted(emitted)
        total += len(emitted)
    assert total > 20


def test_a_figure_is_a_heading_a_chart_with_its_alternative_its_data_and_its_evidence(
    book: Path,
) -> None:
    for page in sorted((book / "evidence").glob("*.html")):
        for figure in article(page).select("figure.kb-figure"):
            name = f"{page.stem}: {figure['id']}"
            assert figure.select_one(".kb-heading").get_text(strip=True), name
            charts = figure.select(".kb-chart[role=img]")
            assert len(charts) == 2, name
            for chart in charts:
                assert 40 <= len(chart["aria-label"]) <= 250, name
                assert len(chart.select("svg")) == 1, name
            assert figure.select("details table caption"), name
            assert figure.select("details table th[scope=col]"), name
            evidence = words(figure.select_one(".kb-evidence"))
            for part in ("Period", "Source", "Licence", "Extraction", "sha256:", "Code version"):
                assert part in evidence, f"{name} lacks {part}"


def test_the_csv_of_a_figure_holds_the_rows_of_its_table(book: Path) -> None:
    page = article(book / "evidence/overview.html")
    for figure in page.select("figure.kb-figure"):
        link = figure.select_one("a[href$='.csv']")["href"]
        text = (book / "evidence" / link).resolve().read_text("utf-8")
        header, *lines = csv.reader(io.StringIO(text))
        table = figure.select_one("table")
        assert [words(cell) for cell in table.select("thead th")] == header
        assert [row[0] for row in rows(table)] == [line[0] for line in lines]


def test_findings_are_published_as_a_list_of_objects_with_their_sources(
    plan_site: Copy, book: Path
) -> None:
    findings = json.loads((book / "findings.json").read_text("utf-8"))
    hashes = {
        file.stem: re.search(r"^hash: (\S+)$", file.read_text("utf-8"), re.M)[1]
        for file in (plan_site.root / "data/tables").glob("*.yml")
    }

    assert isinstance(findings, list)
    for finding in findings:
        assert finding.keys() >= FINDING_KEYS
        assert all(source["hash"] == hashes[source["table"]] for source in finding["sources"])
        assert finding["value"] is not None or finding["missing"], finding
    # Judgements come from no table. The other finding without one says that there is none.
    [none] = [each for each in findings if not each["sources"] and each["page"] != "matrix"]
    assert (none["page"], none["name"], none["value"]) == ("community", "survey", None)
    assert none["missing"] == "This edition has no survey of residents."
    names = [(each["page"], each["name"], each["period"]) for each in findings]
    assert len(set(names)) == len(names)
    pages = {record.stem for record in plan_site.pages(2008).glob("*.json")}
    # The others say what these found, and find nothing of their own.
    assert {each["page"] for each in findings} == pages - {"progress", "changed", "sources"}


def test_an_edition_with_a_plan_has_its_sections_in_the_order_of_the_printed_contents(
    book: Path,
) -> None:
    page = BeautifulSoup((book / "index.html").read_bytes(), "html.parser")
    links = [str(link["href"]) for link in page.select("nav.bd-links a, .bd-links a")]
    plan = [Path(link).stem for link in dict.fromkeys(links) if link.startswith("plans/")]

    assert [section for section in plan if not section.startswith("theme-")] == [
        "summary",
        "introduction",
        "partners",
        "legislation",
        "strategic-assessment",
        "priorities",
        "strategy",
        "objectives",
        "what-we-will-do",
        "community-engagement",
        "equalities",
        "risk-management",
        "glossary",
        # What this book adds to check the plan by.
        "golden-thread",
        "claims",
        "statutory-coverage",
    ]
    assert len([section for section in plan if section.startswith("theme-")]) == 6


def test_the_published_site_passes_its_own_check(plan_site: Copy) -> None:
    said = plan_site.kingston("check", "book")

    assert said.code == 0, said
    assert "Nothing is wrong" in said.text


def test_the_check_of_the_book_sees_what_is_broken(published: Copy) -> None:
    page = published.site / f"{BOOK}/about/editions.html"
    text = page.read_text("utf-8").replace(
        "</article>",
        '<p>nan offences</p><a href="nowhere.html">x</a>'
        '<img src="https://example.org/x.png" alt=""></article>',
    )
    page.write_text(text, encoding="utf-8")

    said = published.kingston("check", "book")

    assert said.code == 1, said
    assert said.text.count("_build/site/kingston-upon-thames/2016/about/editions.html") == 3
    for what in ("nowhere.html", "https://example.org/x.png", "'nan'"):
        assert what in said.text


def test_the_site_says_nothing_of_the_machine_it_was_built_on(plan_site: Copy) -> None:
    own = str(plan_site.root).encode()
    held = [f for f in plan_site.site.rglob("*") if f.is_file() and own in f.read_bytes()]

    assert held == []


# An edition without a plan


def test_an_edition_without_a_plan_has_no_plan_pages_and_no_link_to_one(
    small_site: Copy,
) -> None:
    book = small_site.site / BOOK

    assert not (book / "plans").exists()
    for page in book.rglob("*.html"):
        links = BeautifulSoup(page.read_bytes(), "html.parser").find_all("a", href=True)
        assert [link["href"] for link in links if "plans/" in link["href"]] == [], page.name
    contents = words(BeautifulSoup((book / "index.html").read_bytes(), "html.parser"))
    assert "The partnership plan" not in contents
    assert "The evidence" in contents


# What a build writes, and when it does nothing


def test_a_build_writes_nothing_but_its_own_folder(
    small_site: Copy, small_sources: dict[str, str]
) -> None:
    assert snapshot(small_site.root, without=["_build"]) == small_sources


def test_a_second_build_says_that_nothing_changed_and_touches_nothing(published: Copy) -> None:
    before = {file: file.stat().st_mtime_ns for file in published.build.rglob("*")}

    said = published.kingston("build")

    assert said.code == 0, said
    assert "Nothing changed" in said.text
    assert {file: file.stat().st_mtime_ns for file in published.build.rglob("*")} == before


def test_a_change_is_published_while_readers_see_a_whole_site_at_every_moment(
    published: Copy,
) -> None:
    published.append("book/about/editions.md", "\nOne more sentence.\n")
    page = published.site / f"{BOOK}/about/editions.html"
    assert "One more sentence." not in page.read_text("utf-8")
    process = published.start("build")

    missing = []
    while process.poll() is None:
        missing += [file for file in (published.site / "index.html", page) if not file.exists()]

    said = ended(process)
    assert said.code == 0, said
    assert missing == []
    assert "Published." in said.text
    assert "One more sentence." in page.read_text("utf-8")
    assert [p.name for p in published.build.iterdir() if p.name.startswith("site")] == ["site"]


def test_jupyter_book_by_hand_builds_the_assembled_folder_to_the_same_pages(
    published: Copy, folder: Path
) -> None:
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build"]
    command += [
        str(published.build / f"book/{BOOK}"),
        "--config",
        str(published.root / "_config.yml"),
    ]
    command += ["--path-output", str(folder / "by-hand")]

    done = subprocess.run(
        command,
        cwd=folder,
        env=published.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for page in (
        "index.html",
        "evidence/robbery.html",
        "evidence/matrix.html",
        "evidence/community.html",
        "evidence/methods.html",
        "about/editions.html",
    ):
        by_hand = folder / "by-hand/_build/html" / page
        assert by_hand.read_bytes() == (published.site / BOOK / page).read_bytes(), page


def test_another_boroughs_book_stands_beside_the_editions_own_and_no_build_drops_it(
    published: Copy,
) -> None:
    own = snapshot(published.site / BOOK)

    said = published.kingston("build", "--area", "Sutton")

    assert said.code == 0, said
    assert snapshot(published.site / BOOK) == own
    book = published.site / "sutton/2016"
    assert "were recorded in Sutton in" in words(article(book / "evidence/robbery.html"))
    findings = json.loads((book / "findings.json").read_text("utf-8"))
    assert {finding["area"] for finding in findings} == {"Sutton"}
    door = BeautifulSoup((published.site / "index.html").read_bytes(), "html.parser")
    assert [link["href"] for link in door.find_all("a")] == [
        f"{BOOK}/index.html",
        "sutton/2016/index.html",
    ]

    # Now the inputs change: with the edition's own book alone, Sutton's would be old.
    published.append("book/about/editions.md", "\nOne more sentence.\n")
    said = broken(published, "--edition", "2016")

    assert "would lose what it has of sutton/2016" in said.text
    assert "Run `kingston build`" in said.text

    said = published.kingston("build")

    assert said.code == 0, said
    for name in (BOOK, "sutton/2016"):
        page = published.site / name / "about/editions.html"
        assert "One more sentence." in page.read_text("utf-8")

    # What the project no longer has is left out, and told.
    gone = published.site / AREA / "2015"
    gone.mkdir()
    published.append("book/about/editions.md", "\nAnother.\n")
    said = published.kingston("build")

    assert said.code == 0, said
    assert f"Left out {AREA}/2015" in said.text
    assert not gone.exists()


def test_a_book_on_the_site_of_which_nothing_else_is_known_is_not_dropped_either(
    tmp_path: Path,
) -> None:
    project = sound_project(tmp_path)
    (project.site / "burnham/2007").mkdir(parents=True)
    book = Book(project, load_edition(project, 2007), "Ashby")

    with pytest.raises(KingstonError, match="would lose what it has of burnham/2007"):
        refuse_to_drop(project, [book], Now(project))


def test_building_with_one_page_run_never_passes_the_others_off_as_up_to_date(
    published: Copy,
) -> None:
    """After a change, `--only` runs one page: the rest is stale, and the book must not hide it."""
    title = "title: Recorded crime by borough and financial year"
    published.edit("data/tables/recorded_crime_year.yml", title, "title: Crime, titled anew")

    said = published.kingston("build", "--only", "robbery")

    if said.code == 0:
        overview = words(article(published.site / f"{BOOK}/evidence/overview.html"))
        assert "Crime, titled anew" in overview
    else:
        assert is_readable(said), said


# What stops a build, and how it says so


def broken(project: Copy, *arguments: str) -> Said:
    """Build what is broken: it must stop with words and leave the published site as it was."""
    before = snapshot(project.site)
    said = project.kingston("build", *arguments)
    assert said.code == 1, said
    assert is_readable(said), said
    assert snapshot(project.site) == before
    return said


def test_faults_in_the_narrative_stop_the_build_and_each_is_named_with_page_and_line(
    published: Copy,
) -> None:
    faults = {
        "index": "{number}`overview.no_such_finding`",
        "about/editions": "Read {doc}`the page <nowhere>`.",
        "about/how-to-read": "{share}`overview.headline`",
        "about/accessibility": "{edition}`no_such_fact`",
        "about/data-and-licence": ":::{if-known} robery.count\nText.\n:::",
    }
    lines = {}
    for page, text in faults.items():
        published.append(f"book/{page}.md", f"\n{text}\n")
        content = (published.root / f"book/{page}.md").read_text("utf-8")
        lines[page] = content.splitlines().index(text.split("\n")[0]) + 1

    said = broken(published)

    for page, line in lines.items():
        assert f"book/{page}.md:{line}:" in said.text, f"{page}.md:{line} is not in {said}"
    assert "There is no finding 'overview.no_such_finding'" in said.text
    assert "nowhere" in said.text
    assert "'overview.headline' cannot be written as share" in said.text
    assert "no 'no_such_fact'" in said.text
    assert "Did you mean 'robbery'?" in said.text


def test_a_fault_deep_in_a_page_is_named_with_the_line_of_its_paragraph_row_or_item(
    published: Copy,
) -> None:
    text = """
A paragraph of
several lines, of which the last holds
{number}`overview.first_fault`.

| Year | Offences |
|---|---|
| 2014/15 | one |
| 2013/14 | {number}`overview.second_fault` |

:::{if-known} overview.count
Text, and

- a list with {number}`overview.third_fault`
:::
"""
    published.append("book/about/editions.md", text)
    content = (published.root / "book/about/editions.md").read_text("utf-8").splitlines()

    said = broken(published)

    # Where its paragraph, row or item begins.
    begins = {
        "first_fault": "A paragraph of",
        "second_fault": "| 2013/14",
        "third_fault": "- a list",
    }
    for fault, beginning in begins.items():
        line = next(n for n, written in enumerate(content, 1) if written.startswith(beginning))
        named = rf"book/about/editions\.md:{line}:[^\n]*'overview\.{fault}'"
        assert re.search(named, said.raw), f"{fault}, line {line}: {said}"


def wrong_table(old: str, new: str) -> Callable[[Copy], None]:
    """Break a table by hand, and bring the hash in its metadata up to date."""

    def change(project: Copy) -> None:
        project.edit(CSV, old, new)
        project.vouch_for("recorded_crime_year")

    return change


ROW = "E09000029,Sutton,2014/15,Robbery,"
CSV = "data/tables/recorded_crime_year.csv"
# For each fault: how it is made, what is said of it, once, and what is said besides.
BAD_DATA = {
    "no metadata": (
        lambda project: (project.root / "data/tables/population.yml").unlink(),
        "data/tables/population.yml: There is no such file.",
        [],
    ),
    "a wrong key in metadata": (
        lambda project: project.edit("data/tables/population.yml", "licence:", "license:"),
        "The key 'license' is not known here.",
        ["data/tables/population.yml:", "The key 'licence' is missing."],
    ),
    "a duplicate row": (
        wrong_table(ROW, f"{ROW}1\n{ROW}"),
        "Rows with the same area, financial_year, offence_group.",
        [CSV, "Lines"],
    ),
    "a negative count": (
        wrong_table(ROW, ROW + "-"),
        "is below 0",
        [CSV, "'offences'"],
    ),
    "an unknown borough in a table": (
        wrong_table(ROW, ROW.replace("Sutton", "Suton")),
        "'Suton' is not a name in data/areas.yml",
        [CSV, "'area'"],
    ),
    "an edition of another year": (
        lambda project: project.edit("data/editions/2016.yml", "edition: 2016", "edition: 2015"),
        "data/editions/2016.yml",
        ["2015"],
    ),
    "an edition with an unknown topic": (
        lambda project: project.edit("data/editions/2016.yml", "- robbery", "- robery"),
        "There is no topic 'robery'.",
        ["Did you mean 'robbery'?"],
    ),
}


@pytest.mark.parametrize("fault", BAD_DATA)
def test_bad_data_stops_the_build_with_words_and_leaves_the_site(
    published: Copy, fault: str
) -> None:
    change, once, besides = BAD_DATA[fault]
    change(published)

    said = broken(published, "--only", "topic")

    assert said.text.count(once) == 1, f"{once!r} stands once in {said}"
    for part in besides:
        assert part in said.text, said


def test_a_fault_of_a_table_is_reported_once_however_many_pages_read_it(
    published: Copy,
) -> None:
    published.edit(CSV, ROW, ROW + "1")

    said = broken(published)

    assert f"{CSV}: The file is not the one its metadata describes" in said.text
    assert "git checkout" in said.text
    assert said.text.count("is not the one its metadata describes") == 1, said


def test_ctrl_c_while_jupyter_book_runs_leaves_the_site_and_no_process(published: Copy) -> None:
    before = snapshot(published.site)
    published.append("book/index.md", "\nOne more sentence.\n")

    said = interrupted(
        published,
        "build",
        when=lambda: any("jupyter-book build" in each for each in processes_of(published)),
    )

    assert said.code == 130, said
    assert snapshot(published.site) == before
    assert wait_until(lambda: not processes_of(published), 20), processes_of(published)
    assert "Stopped. The published site is as it was." in said.text
    assert is_readable(said), said
