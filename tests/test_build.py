"""`kingston build`: from executed pages to a published site, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from bs4 import BeautifulSoup, Tag
from guard_fixture import let_pass
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

from kingston_analysis.book.check import book_problems

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

    assert (
        "Grove ward had 4,079 of the borough’s 13,105: 31.1% of the borough’s own count"
        in words(page)
    )
    assert "31.6% of the sum of its wards" in words(page)
    grove = [row for row in rows(page.select("#overview-wards table")[0]) if row[0] == "Grove"]
    # The change is that from 4,602 in 2005/06, as noisy as the borough's own count.
    change = ["−11.4%", "−18.4% to −3.7%", "fell"]
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
        file.stem: re.findall(r"sha256:[0-9a-f]{64}", file.read_text("utf-8"))
        for file in (plan_site.root / "data/tables").glob("*.yml")
    }

    assert isinstance(findings, list)
    for finding in findings:
        assert finding.keys() >= FINDING_KEYS
        # Of a table with earlier extractions it is the hash of the one that the edition sees.
        assert all(source["hash"] in hashes[source["table"]] for source in finding["sources"])
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
    assert book_problems(plan_site.site, ()) == []


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
    assert said.text.count("_build/site/kingston-upon-thames/2016/about/editions.html") == 4
    for what in ("nowhere.html", "https://example.org/x.png", "'nan'", "The file was altered"):
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


def test_a_change_is_published_while_readers_see_a_whole_site_at_every_moment(
    published: Copy,
) -> None:
    published.append("book/about/editions.md", "\nAnother sentence.\n")
    page = published.site / f"{BOOK}/about/editions.html"
    assert "Another sentence." not in page.read_text("utf-8")
    process = published.start("build")

    missing = []
    while process.poll() is None:
        missing += [file for file in (published.site / "index.html", page) if not file.exists()]

    said = ended(process)
    assert said.code == 0, said
    assert missing == []
    assert "Published." in said.text
    assert "Another sentence." in page.read_text("utf-8")
    assert [p.name for p in published.build.iterdir() if p.name.startswith("site")] == ["site"]


def test_nobody_is_left_behind_who_writes_when_a_build_is_killed(published: Copy) -> None:
    published.append("book/about/editions.md", "\nAnother sentence.\n")
    process = published.start("build")
    assert wait_until(lambda: "jupyter_books" in str(commands_below(process.pid)))

    left = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()

    _, alive = psutil.wait_procs(left, timeout=20)
    assert left
    assert alive == []


def commands_below(pid: int) -> list[list[str]]:
    """Return the commands of the processes that a process started."""
    found = []
    for each in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.Error):
            found.append(each.cmdline())
    return found


def test_jupyter_book_by_hand_builds_the_assembled_folder_to_the_same_pages(
    published: Copy, folder: Path
) -> None:
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build"]
    command += [
        str(published.build / f"book/{BOOK}"),
        "--config",
        str(published.build / f"book/{BOOK}/_config.yml"),
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
    deep = """
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
    published.append("book/about/editions.md", deep)
    let_pass(published)
    content = (published.root / "book/about/editions.md").read_text("utf-8").splitlines()

    said = broken(published)

    for page, line in lines.items():
        assert f"book/{page}.md:{line}:" in said.text, f"{page}.md:{line} is not in {said}"
    assert "There is no finding 'overview.first_fault'" in said.text
    assert "nowhere" in said.text
    assert "'overview.headline' cannot be written as share" in said.text
    assert "no 'no_such_fact'" in said.text
    assert "Did you mean 'robbery'?" in said.text
    # Deep in a page it is named with the line at which its paragraph, row or item begins.
    begins = {
        "first_fault": "A paragraph of",
        "second_fault": "| 2013/14",
        "third_fault": "- a list",
    }
    for fault, beginning in begins.items():
        line = next(n for n, written in enumerate(content, 1) if written.startswith(beginning))
        named = rf"book/about/editions\.md:{line}:[^\n]*'overview\.{fault}'"
        assert re.search(named, said.raw), f"{fault}, line {line}: {said}"


ROW = "E09000029,Sutton,2014/15,Robbery,"
CSV = "data/tables/recorded_crime_year.csv"


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
    published.append("book/index.md", "\nAnother sentence.\n")

    said = interrupted(
        published,
        "build",
        when=lambda: any("jupyter_books" in each for each in processes_of(published)),
    )

    assert said.code == 130, said
    assert snapshot(published.site) == before
    assert wait_until(lambda: not processes_of(published), 20), processes_of(published)
    assert "Stopped. The published site is as it was." in said.text
    assert is_readable(said), said
