"""Drafts: what is still to be done for an edition holds its book, or marks it on every page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from guard_fixture import let_pass
from pretended_book import JupyterBook
from small_project import as_run, small_project
from system_project import Copy, Said, snapshot

from kingston_analysis.book import build
from kingston_analysis.book.assemble import assemble
from kingston_analysis.book.books import Book
from kingston_analysis.book.context import DRAFT, build_context
from kingston_analysis.book.extension import setup
from kingston_analysis.commands import running
from kingston_analysis.data.editions import load_edition
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page

OLD, NEW = "ashby/2008", "ashby/2009"


@pytest.fixture(autouse=True)
def jupyter_book(monkeypatch: pytest.MonkeyPatch) -> JupyterBook:
    """Put another in the place of Jupyter Book, which marks its pages, and of the pages' runs."""
    monkeypatch.setattr(running, "_run_stale", run_stale)
    other = JupyterBook()
    other.more = DRAFT
    monkeypatch.setattr(build, "build_each", other.build_each)
    return other


def run_stale(project: Copy, pages: list[Page], *_: object) -> None:
    """Keep the stale among the pages as if they had run."""
    now = Now(project)
    for page in [each for each in pages if changes(each, now)]:
        as_run(page, ["data/topics.yml", f"data/editions/{page.edition}.yml"])


@pytest.fixture(scope="module")
def as_published(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Publish one edition, and make the next of it, once."""
    made = Copy(small_project(tmp_path_factory.mktemp("published") / "project").root)
    for folder in ("editions", "hypotheses"):
        (made.data / folder / "2007.yml").unlink()
    let_pass(made)
    made.lock.write_text("pandas==3\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "_run_stale", run_stale)
        patch.setattr(build, "build_each", JupyterBook().build_each)
        built(made)
    assert made.kingston_here("new-edition", "2009", "--from", "2008").code == 0
    return made


@pytest.fixture
def project(as_published: Copy, tmp_path: Path) -> Copy:
    """Copy the project with its site."""
    return as_published.copy_to(tmp_path / "project")


def built(project: Copy, *arguments: str) -> Said:
    said = project.kingston_here("build", *arguments)
    assert said.code == 0, said
    return said


def refused(project: Copy, *arguments: str) -> str:
    """Build what is not built: the site stays as it was."""
    before = snapshot(project.site)
    said = project.kingston_here("build", *arguments)
    assert said.code == 1, said
    assert snapshot(project.site) == before
    return said.raw


def confirm(project: Copy) -> None:
    project.edit("data/editions/2009.yml", "carried: 2008\n", "")


def entry(project: Copy, book: str) -> dict[str, object]:
    return json.loads((project.site / "inputs.json").read_text("utf-8"))[book]


# What holds a book


@pytest.mark.parametrize("arguments", [[], ["--edition", "2009"], ["--force"]])
def test_an_edition_of_which_something_is_to_do_is_not_published_and_all_of_it_is_listed(
    project: Copy, arguments: list[str]
) -> None:
    said = refused(project, *arguments)

    assert "data/editions/2009.yml: Edition 2009 is not finished; still to do: 3." in said
    assert "publish it as a draft with `--draft`" in said
    assert "data/editions/2009.yml:2:1: Edition 2009 was carried from 2008." in said
    assert "Edition 2009: as in 2008, the hypotheses on burglary." in said
    # The tables of the small project end with 2006/07.
    areas = "All recorded crime, Burglary, Robbery"
    assert f"Edition 2009: the figures of {areas} end before the year assessed, 2007/08." in said


def test_no_page_runs_for_a_book_that_is_held(
    project: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_run_stale", lambda *_: pytest.fail("A page ran."))
    refused(project)


def test_the_other_editions_are_built_without_it(project: Copy) -> None:
    assert "Nothing changed" in built(project, "--edition", "2008").text
    assert not (project.site / NEW).exists()


def test_judgements_hold_an_edition_that_was_not_carried_where_they_were(project: Copy) -> None:
    confirm(project)
    (project.data / "judgements").mkdir()
    cell = "{carried: 2008, score: 3, confidence: low, why: So it was.}"
    (project.data / "judgements/2009.yml").write_text(
        "kind: demonstration\nby: A\ndate: 2009-01-15\n"
        f"topics: {{robbery: {{generator: {cell}}}}}\n",
        encoding="utf-8",
    )
    said = refused(project)
    assert "Edition 2009, robbery: carried judgements under generator." in said
    assert "still to do: 1." in said


# What a draft is


def test_a_draft_is_published_and_says_so_in_every_list(
    project: Copy, jupyter_book: JupyterBook
) -> None:
    before = snapshot(project.site / OLD)

    built(project, "--draft")

    assert jupyter_book.built == [NEW]
    assert snapshot(project.site / OLD) == before
    assert (entry(project, OLD)["draft"], entry(project, NEW)["draft"]) == (False, True)
    start = (project.site / "index.html").read_text("utf-8")
    assert "Draft: Strategic assessment 2009: Ashby" in start
    assert "Draft: Strategic assessment 2008" not in start
    about = [
        json.loads((project.site / book / "edition.json").read_text("utf-8")) for book in (OLD, NEW)
    ]
    assert [each["draft"] for each in about] == [False, True]
    assert [each["title"] for each in about] == [
        "Strategic assessment 2008",
        "Draft: Strategic assessment 2009",
    ]


def test_a_draft_of_which_a_page_does_not_say_so_is_not_published(
    project: Copy, jupyter_book: JupyterBook
) -> None:
    jupyter_book.more = ""
    said = refused(project, "--draft")
    for page in ("index", "evidence/overview", "evidence/sources"):
        assert f"html/{page}.html: {NEW}: the page does not say that it is of a draft." in said


@pytest.mark.parametrize("draft", [True, False])
def test_a_book_is_named_a_draft_by_its_title_and_a_banner_if_it_is_one(
    project: Copy, draft: bool
) -> None:
    if not draft:
        confirm(project)
    book = Book(project, load_edition(project, 2009), "Ashby")
    run_stale(project, book.pages)
    assemble(book)
    assert build_context(book.folder).draft == draft

    config = SimpleNamespace(
        templates_path=[], html_static_path=[], html_theme_options={}, html_title=""
    )
    names_the_book, *_ = listeners("config-inited")
    names_the_book(SimpleNamespace(srcdir=book.folder), config)

    marked = "Draft: " if draft else ""
    assert config.html_title == f"{marked}Strategic assessment 2009: Ashby"
    assert config.html_theme_options == ({"announcement": DRAFT} if draft else {})


def listeners(event: str) -> list[Callable[..., None]]:
    """Return what the extension does at an event of Sphinx, in its order."""
    found: list[Callable[..., None]] = []

    def connect(of: str, listener: Callable[..., None], **_: object) -> None:
        if of == event:
            found.append(listener)

    ignored = {
        name: lambda *_, **__: None
        for name in ("add_role", "add_directive", "add_node", "add_css_file", "add_js_file")
    }
    setup(SimpleNamespace(connect=connect, **ignored))
    return found


# From the draft to the book


def test_a_draft_on_the_site_holds_every_build_that_does_not_ask_for_it(project: Copy) -> None:
    built(project, "--draft")

    for arguments in ([], ["--edition", "2009"], ["--edition", "2008"]):
        assert "Edition 2009 is not finished" in refused(project, *arguments)
    assert "Nothing changed" in built(project, "--draft").text
    assert "Nothing changed" in built(project, "--draft", "--edition", "2008").text


def test_what_is_done_is_published_as_a_book_like_any_other(
    project: Copy, jupyter_book: JupyterBook
) -> None:
    built(project, "--draft")
    confirm(project)
    jupyter_book.more = ""

    built(project)

    assert jupyter_book.built == [NEW, NEW]
    assert entry(project, NEW)["draft"] is False
    assert "Draft" not in (project.site / "index.html").read_text("utf-8")
    assert "Draft" not in (project.site / NEW / "index.html").read_text("utf-8")


def test_to_ask_for_drafts_marks_no_book_that_is_finished(project: Copy) -> None:
    confirm(project)
    built(project, "--draft")
    assert entry(project, NEW)["draft"] is False


def test_a_draft_can_be_withdrawn(project: Copy) -> None:
    built(project, "--draft")

    said = project.kingston_here("withdraw", "2009", "--because", "Too early.", "--by", "A")

    assert said.code == 0, said
    assert not (project.site / NEW).exists()
    assert "Nothing changed" in built(project).text
