"""A book whose every text holds a payload: nothing of it runs, and readers see it as it is written.

What the data's own check says of such texts is no matter here: one that it lets pass must do no
harm either.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from payload_project import HEADING, REFUSED, SHOWN, SOUGHT, WARD, Payloads, payload_project
from playwright.sync_api import Browser, sync_playwright
from system_project import AREA, Copy

from kingston_analysis.book.books import Book
from kingston_analysis.book.build import build_site
from kingston_analysis.book.drawers import Drawers, charts_of
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.markup import field_faults, page_faults
from kingston_analysis.project import Project

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.slow
IN_CELLS = f"{WARD}<img src=x onerror=alert(1)>"
# What a payload would be as an element, or leave on one.
ELEMENTS = """() => [...document.querySelectorAll("*")].filter((each) => each.matches(
        "script:not([src]):not([type='application/json']), style, iframe, object, article img, "
        + "[href^='javascript:' i], [src='x']")
    || each.getAttributeNames().some((name) => name.startsWith("on")))
    .map((each) => each.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, Payloads]:
    """Build the book of 2008 with its plan, and payloads in all that people and tables say."""
    project, payloads = payload_project(tmp_path_factory.mktemp("payloads") / "project")
    said = project.kingston("run", "--edition", "2008", "--jobs", "2")
    assert said.code == 0, said
    here = Project(project.root)
    edition = load_edition(here, 2008)
    drawers = Drawers(charts_of(here), 2)
    try:
        build_site(here, [Book(here, edition, edition.area)], drawers, 2, lambda _: None, True)
    finally:
        drawers.stop()
    return project, payloads


@pytest.fixture(scope="module")
def book(made: tuple[Copy, Payloads]) -> Path:
    return made[0].site / AREA / "2008"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium was found on the path")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def seen(browser: Browser, made: tuple[Copy, Payloads]) -> SimpleNamespace:
    """Open every page of the site from its file, and keep what was shown and what went wrong."""
    page = browser.new_page()
    found = SimpleNamespace(texts={}, faults=[], elements=[])
    page.on("dialog", lambda it: (found.faults.append(f"ran: {it.message}"), it.dismiss()))
    page.on("console", lambda it: it.type == "error" and found.faults.append(it.text))
    page.on("pageerror", lambda error: found.faults.append(f"script: {error}"))
    page.on("requestfailed", lambda it: found.faults.append(f"asked for {it.url}"))
    for file in sorted(made[0].site.rglob("*.html")):
        page.goto(file.as_uri(), wait_until="load")
        found.elements += page.evaluate(ELEMENTS)
        found.texts[file.name] = page.evaluate("document.documentElement.textContent") + " ".join(
            page.evaluate("[...document.querySelectorAll('[aria-label]')].map((e) => e.ariaLabel)")
        )
    page.close()
    return found


def test_every_field_refuses_roles_and_directives_and_most_take_any_other_text(made):
    """That each refuses is seen where the payloads are put in; few fields ask for a form."""
    _, payloads = made

    assert len(payloads.fields) > 300
    assert sum(payloads.fields.values()) > 0.95 * len(payloads.fields)
    assert len(payloads.written) > 1000


@pytest.mark.parametrize("payload", REFUSED)
def test_pages_refuse_the_same(payload):
    assert list(page_faults(payload))
    assert list(field_faults(payload))


def test_nothing_of_a_payload_runs_on_any_page_and_the_policy_has_nothing_to_refuse(seen):
    assert len(seen.texts) > 40
    assert seen.faults == []


def test_no_payload_is_an_element_of_a_page(seen):
    assert seen.elements == []


def test_what_is_shown_of_a_payload_is_shown_as_it_is_written(seen, made):
    """Of markup inside Markdown, emphasis and quotation marks are set as anywhere else."""
    _, payloads = made
    text = straight(" ".join(seen.texts.values()))
    numbers = {int(each) for each in re.findall(r"(?<![\w.])\d{5}(?![\w.])", text)}
    found = payloads.written.keys() & numbers
    shown = {number: straight(payloads.written[number]) in text for number in found}

    assert len(shown) > 600
    assert [payloads.written[number] for number, whole in shown.items() if not whole] == []
    assert {number % len(SHOWN) for number in shown} == set(range(len(SHOWN)))


def straight(text: str) -> str:
    """Undo what makes quotation marks curly, and join lines."""
    return " ".join(re.sub("[“”]", '"', re.sub("[‘’]", "'", text)).split())


def test_jinja_is_not_worked_out_anywhere(seen, made):
    _, payloads = made
    products = {str(7 * number) for number in payloads.written}

    assert not products & set(re.findall(r"\b\d{6}\b", " ".join(seen.texts.values())))


def test_cells_of_tables_are_shown_as_they_are(seen, book):
    assert sum(IN_CELLS in text for text in seen.texts.values()) >= 3
    tables = [file.read_text(encoding="utf-8") for file in book.rglob("figures/*/wards.csv")]
    assert tables
    assert all(IN_CELLS in text for text in tables)


def test_the_files_beside_the_pages_hold_text_and_no_formula(book):
    cells = [
        cell
        for file in book.rglob("*.csv")
        for row in csv.reader(file.open(encoding="utf-8", newline=""))
        for cell in row
    ]
    assert len(cells) > 1000
    assert [each for each in cells if re.match(r"[=@\t\r]|[+-](?![\d.])", each)] == []
    for file in book.rglob("*.json"):
        json.loads(file.read_text(encoding="utf-8"))


def test_the_summary_is_typeset_with_payloads_as_text(book):
    """Typst ends with an error where `#panic` is code."""
    summary = (book / "summary.pdf").read_bytes()

    assert summary.startswith(b"%PDF")


def test_a_heading_is_text_among_what_the_search_finds(browser, book):
    """Sphinx's script takes headings out of its index for HTML, so that they are escaped there."""
    page, ran = browser.new_page(), []
    page.on("dialog", lambda it: (ran.append(it.message), it.dismiss()))
    page.goto(f"{(book / 'search.html').as_uri()}?q={quote(SOUGHT)}")
    found = page.locator("#search-results li a", has_text=HEADING)
    found.first.wait_for(timeout=10_000)
    elements = page.evaluate(ELEMENTS)
    page.close()

    assert ran == []
    assert elements == []
