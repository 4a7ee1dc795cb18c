"""A small project of made-up figures, written in a moment, in which joins are tested in process.

Four boroughs, two topics and all crime, two editions without a plan, and the real templates. Every
number follows from `COUNTS`: a year's offences of a borough, and a twelfth of them in each month.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from guard_fixture import let_pass
from nbformat.v4 import new_code_cell, new_notebook, new_output
from tables_fixture import PROJECT, as_yaml, copy_what_is_of_no_project

from kingston_analysis.data.editions import load_edition
from kingston_analysis.pages.outputs import findings_in
from kingston_analysis.project import Project, sha256
from kingston_analysis.records.code import hash_of_code
from kingston_analysis.records.key import Now
from kingston_analysis.records.pages import TEMPLATES_USED_ONCE, Page, pages_of
from kingston_analysis.records.record import Inputs, Record, write_page
from kingston_analysis.results import MIME, Finding, as_objects

EDITIONS = (2007, 2008)
# The counts of a borough's first year, by offence; each year after it has 12 more burglaries.
COUNTS = {"Burglary": 120, "Robbery": 48}
YEARS = ("2002/03", "2003/04", "2004/05", "2005/06", "2006/07")
# How many times the counts a borough has, and its residents.
BOROUGHS = {"Ashby": (1, 40_000), "Burnham": (2, 80_000), "Colne": (3, 90_000), "Dale": (4, 80_000)}
OF_A_TABLE = {
    "description": "Made up for the tests.",
    "publisher": "The Office of Examples",
    "source": "Examples",
    "licence": "OGL-UK-3.0",
    "attribution": "Contains made-up information.",
    "role": "observation",
    "extraction": "1 May 2007",
    "changes": ["Made up for the tests."],
}


def small_project(folder: Path) -> Project:
    """Write the small project into a folder."""
    project = Project(folder)
    shutil.copytree(PROJECT.notebooks, project.notebooks, ignore=shutil.ignore_patterns(".*"))
    project.tables.mkdir(parents=True)
    groups = [{"name": "North", "kind": "group", "parts": ["North"], "told": "the north"}]
    boroughs = [
        {"code": f"A{n}", "name": name, "part": "North" if n < 3 else "South"}
        for n, name in enumerate(BOROUGHS, start=1)
    ]
    _write(project.data / "areas.yml", {"boroughs": boroughs, "others": groups})
    _write(project.data / "topics.yml", _topics())
    for year in EDITIONS:
        _write(project.data / f"editions/{year}.yml", _edition(year))
    _tables(project)
    _narrative(project)
    let_pass(project)
    return project


def pages_as_run(project: Project, edition: int = 2008, area: str = "Ashby") -> list[Page]:
    """Keep every page of a book as if it had run: it read the topics and found one number."""
    pages, now = pages_of(project, load_edition(project, edition), area), Now(project)
    for page in pages:
        write_page(page, *as_executed(page, now, ["data/topics.yml"]))
    return pages


def as_run(page: Page, files: Iterable[str], value: float = 7.0, reads: Iterable[str] = ()) -> None:
    """Keep a page as if it had run now, on some files and findings, and found one number."""
    now = Now(page.project)
    pages = {name: now.findings_of(name, page) for name in reads}
    write_page(page, *as_executed(page, now, files, value, pages))


def as_executed(
    page: Page,
    now: Now,
    files: Iterable[str],
    value: float = 7.0,
    pages: Mapping[str, str] | None = None,
) -> tuple[str, Record]:
    """Return notebook and record of a page as if it had run; `pages` are hashes of findings."""
    title, *_ = nbformat.read(page.source, 4).cells
    about = {"page": page.name, "template": page.template, "area": page.area, "topic": page.topic}
    # The matrix of an edition that names no scheme finds nothing.
    found = [] if page.template == "matrix" else [Finding("count", None, value, "things", **about)]
    output = new_output("display_data", {MIME: as_objects(found)})
    notebook = new_notebook(cells=[title, new_code_cell("1", outputs=[output], id="found")])
    text = nbformat.writes(notebook) + "\n"
    inputs = Inputs(
        template=now.template(page.source),
        parameters=page.parameters,
        files={name: now.hash_of(name) for name in files},
        pages=dict(pages or {}),
        code=hash_of_code(now.code(page.source)),
        lock=now.environment[1],
        python=platform.python_version(),
    )
    findings = as_objects(findings_in(notebook))
    return text, Record(page.name, page.template, inputs, sha256(text.encode()), [], findings)


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(as_yaml(content), encoding="utf-8")


def _topics() -> list[dict[str, Any]]:
    def topic(name: str, title: str, select: dict[str, list[str]]) -> dict[str, Any]:
        of_years = {
            "id": "offences",
            "title": title,
            "counted": "offences",
            "table": "offences_year",
            "select": select,
            "unit": "offences",
            "polarity": "lower is better",
            "from": YEARS[0],
            "rate": True,
        }
        months = {
            "id": "by-month",
            "table": "offences_month",
            "from": "2002-04",
            "months_of": "offences",
        }
        about = {"id": name, "title": title, "about": "Made up."}
        return {**about, "indicators": [of_years, {**of_years, **months}]}

    named = [topic(each.lower(), each, {"offence": [each]}) for each in COUNTS]
    return [topic("all-recorded-crime", "All recorded crime", {"offence": [*COUNTS]}), *named]


def _edition(year: int) -> dict[str, Any]:
    return {
        "edition": year,
        "title": f"Strategic assessment {year}",
        "area": "Ashby",
        "assessed": f"{year - 2}/{year - 2000 - 1:02}",
        "extraction": f"{year}-01-15",
        "about": "Made up.",
        "topics": ["burglary", "robbery"],
        "without": ["plan", "matrix"],
    }


def _tables(project: Project) -> None:
    years = [
        (area, year, offence, _count(offence, n) * times)
        for area, (times, _) in BOROUGHS.items()
        for n, year in enumerate(YEARS)
        for offence in COUNTS
    ]
    months = [
        (area, month, offence, count // 12)
        for area, year, offence, count in years
        for month in _months(year)
    ]
    offence = {"name": "offence", "type": "string", "description": "Kind", "values": [*COUNTS]}
    columns = ["area", "financial_year", "offence", "count"]
    _table(project, "offences_year", columns, years, "financial_year", [offence])
    columns = ["area", "month", "offence", "count"]
    _table(project, "offences_month", columns, months, "month", [offence])
    people = [(area, y, n) for area, (_, n) in BOROUGHS.items() for y in range(2002, 2007)]
    _table(project, "population", ["area", "mid_year", "population"], people, "mid_year", [])


def _count(offence: str, years: int) -> int:
    return COUNTS[offence] + 12 * years * (offence == "Burglary")


def _months(year: str) -> list[str]:
    first = int(year[:4])
    return [f"{first + (m > 12)}-{(m - 1) % 12 + 1:02}" for m in range(4, 16)]


def _table(
    project: Project,
    name: str,
    columns: list[str],
    rows: list[tuple],
    kind: str,
    more: list[dict[str, Any]],
) -> None:
    file = project.tables / f"{name}.csv"
    lines = [",".join(map(str, row)) for row in (columns, *rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    period, value = columns[1], columns[-1]
    is_number = {period: isinstance(rows[0][1], int), value: True}
    described = {each["name"]: each for each in more}
    held = [row[1] for row in rows]
    meta = {
        **OF_A_TABLE,
        "title": name,
        "period": {"column": period, "kind": kind, "first": min(held), "last": max(held)},
        "grain": "one row each",
        "keys": columns[:-1],
        "value": value,
        "unit": "offences",
        "columns": [
            described.get(each)
            or {
                "name": each,
                "type": "integer" if is_number.get(each) else "string",
                "description": each,
                "areas": each == "area",
            }
            for each in columns
        ],
        "rows": len(rows),
        "hash": sha256(file.read_bytes()),
    }
    _write(file.with_suffix(".yml"), meta)
    _write(project.data / f"rules/{name}.yml", {"none": "Made up for the tests."})


def _narrative(project: Project) -> None:
    for name in ("law.yml", "withdrawn.yml"):
        shutil.copyfile(PROJECT.data / name, project.data / name)
    copy_what_is_of_no_project(project)
    _write(project.data / "surveys.yml", [])
    about = {"hypothesis": "It fell here.", "expect": "It falls by more here.", "data": "Counts."}
    fell_here = {**about, "test": {"kind": "local", "expect": "fall"}}
    _write(project.data / "hypotheses.yml", {"fell-here": fell_here})
    for year in EDITIONS:
        _write(project.data / f"hypotheses/{year}.yml", {"burglary": ["fell-here"]})
    once = [f"evidence/{each}" for each in TEMPLATES_USED_ONCE]
    chapters = ["evidence/overview", "evidence/topics-of-the-edition", *once]
    evidence = {"caption": "Evidence", "chapters": [{"file": each} for each in chapters]}
    contents = {"format": "jb-book", "root": "index", "parts": [evidence]}
    _write(project.narrative / "_toc.yml", contents)
    (project.narrative / "index.md").write_text("# A small book\n", encoding="utf-8")
