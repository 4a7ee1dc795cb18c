"""What a build keeps is checked before it is used: spoilt, it is made again, and that is said.

Jupyter Book is stood for by a function that shows each figure and each text of a notebook, so that
the last check has pictures and words to count.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_output
from pretended_book import HEAD, write_search_index
from small_project import as_executed, pages_as_run, small_project
from system_project import snapshot

from kingston_analysis.book import build
from kingston_analysis.book.context import DRAWINGS
from kingston_analysis.book.draw import WIDTHS, read_drawing, specification_hash
from kingston_analysis.book.jupyter_books import News
from kingston_analysis.book.manifest import site_problems, write_manifest
from kingston_analysis.book.shown import marks_in, shown_problems
from kingston_analysis.commands.choosing import Choice
from kingston_analysis.commands.running import RunOptions, build_books
from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.outputs import described_figures
from kingston_analysis.project import Project, sha256
from kingston_analysis.records.key import Now
from kingston_analysis.records.pages import Page
from kingston_analysis.records.record import write_page
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.figure_html import Drawing, figure_html
from kingston_analysis.show.mimes import FIGURE
from kingston_analysis.show.table import DisplayTable, Heading

BOOK = "ashby/2008"
OPTIONS = RunOptions(jobs=1)
SENTENCE = "Robbery is shown by year, from the first to the last that is known."


def bundle(name: str, heights: list[int]) -> dict:
    rows = pd.DataFrame({"year": ["2005/06", "2006/07"], "offences": heights})
    figure = Figure(
        name,
        "Robberies by year",
        alt.Chart(rows).mark_bar().encode(x="year:N", y="offences:Q"),
        f"Bar chart of robberies by year, from {heights[0]} in 2005/06 to {heights[1]} in 2006/07.",
        DisplayTable("Robberies by year", [Heading("Year")], [["2005/06"], ["2006/07"]]),
        (),
        "2005/06 to 2006/07",
    )
    evidence = {"sources": [], "template": "topic", "parameters": {}, "topic": None}
    return figure.as_bundle(evidence)


def with_figures(page: Page) -> None:
    """Keep a page as if it had run and emitted two figures and a sentence."""
    text, record = as_executed(page, Now(page.project), ["data/topics.yml"])
    notebook = nbformat.reads(text, as_version=4)
    data = [bundle("years", [40, 48]), bundle("more", [30, 12]), {"text/markdown": SENTENCE}]
    outputs = [new_output("display_data", each) for each in data]
    notebook.cells.append(new_code_cell("2", outputs=outputs, id="shown"))
    text = nbformat.writes(notebook) + "\n"
    figures = described_figures(notebook)
    write_page(page, text, replace(record, notebook=sha256(text.encode()), figures=figures))


class JupyterBook:
    """Stands for Jupyter Book; `lost` is what it leaves out of each page."""

    def __init__(self) -> None:
        self.lost: tuple[str, str] = ("", "")

    def build_each(self, commands: list[list[str]], *_: object) -> Iterator[News]:
        for number, command in enumerate(commands):
            yield number, None
            book = Path(command[command.index("build") + 1])
            html = Path(command[command.index("--path-output") + 1]) / "_build" / "html"
            for file in (f for f in book.rglob("*") if f.suffix in (".md", ".ipynb")):
                if "_extra" not in file.parts:
                    page = html / file.relative_to(book).with_suffix(".html")
                    page.parent.mkdir(parents=True, exist_ok=True)
                    text = f"{HEAD}<article>{self._shown(book, file)}</article>"
                    page.write_text(text.replace(*self.lost), encoding="utf-8")
            shutil.copytree(book / "_extra", html, dirs_exist_ok=True)
            write_search_index(html)
            yield number, (0, "")

    def _shown(self, book: Path, file: Path) -> str:
        if file.suffix == ".md":
            return file.read_text("utf-8")
        shown = [file.stem]
        for cell in nbformat.read(file, as_version=4).cells:
            for data in (each.data for each in cell.get("outputs", [])):
                shown.append(data.get("text/markdown", ""))
                if FIGURE in data:
                    name = specification_hash(data[FIGURE])
                    drawn = (read_drawing(book / DRAWINGS, name, width) for width in WIDTHS)
                    about = data[FIGURE]["usermeta"]
                    shown.append(figure_html(about, file.stem, Drawing(*drawn), "../", "code"))
        return "\n".join(shown)


@pytest.fixture(autouse=True)
def jupyter_book(monkeypatch: pytest.MonkeyPatch) -> JupyterBook:
    other = JupyterBook()
    monkeypatch.setattr(build, "build_each", other.build_each)
    return other


@pytest.fixture(scope="module")
def as_published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = small_project(tmp_path_factory.mktemp("published") / "project")
    (project.root / "requirements.lock").write_text("pandas==3\n", encoding="utf-8")
    for year in (2007, 2008):
        for page in pages_as_run(project, year):
            if page.name == "robbery":
                with_figures(page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "build_each", JupyterBook().build_each)
        build_books(Choice(project), OPTIONS)
    return project


@pytest.fixture
def project(as_published: Project, tmp_path: Path) -> Project:
    shutil.copytree(as_published.root, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


def drawings(project: Project) -> list[Path]:
    return sorted((project.build / "charts").glob("*.svg"))


# Each kind of what is kept, how it may be spoilt, and what is said of it.

KEPT = {
    "a drawing": ("charts/*-wide.svg", "was not as it was drawn, and is drawn again"),
    "the narrow drawing": ("charts/*-narrow.svg", "was not as it was drawn, and is drawn again"),
    "a page of the site": (f"site/{BOOK}/evidence/robbery.html", "is built again"),
    "a picture's data": (f"site/{BOOK}/figures/robbery/years.csv", "is built again"),
    "a record on the site": (f"site/{BOOK}/records/robbery.json", "is built again"),
    "a notebook on the site": (f"site/{BOOK}/notebooks/robbery.ipynb", "is built again"),
    "the list of editions": ("site/index.html", "beside the books on the site is not as"),
    "the keys of the books": ("site/inputs.json", "beside the books on the site is not as"),
    "the manifest": ("site/manifest-sha256.txt", "on the site is not as"),
    "what was found of the data": ("verdicts/data.json", "What was found of the data is not as"),
    "what was found of a book": (
        "verdicts/ashby/2007.json",
        "What was found of ashby/2007 is not as it was kept, and the book is read again",
    ),
}


def _truncated(file: Path, _: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def _emptied(file: Path, _: Path) -> None:
    file.write_bytes(b"")


def _altered(file: Path, _: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _another(file: Path, other: Path) -> None:
    file.write_bytes(other.read_bytes())


def _a_folder(file: Path, _: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "foreign.txt").write_text("foreign")


SPOILT = (_truncated, _emptied, _altered, _another, _a_folder)


def change(project: Project) -> None:
    """Change the book of 2008, and none of its pages."""
    edition = project.data / "editions/2008.yml"
    edition.write_text(edition.read_text("utf-8") + "# Changed.\n", encoding="utf-8")


def _build_anew(project: Project, capsys: pytest.CaptureFixture[str]) -> str:
    """Build the one book of 2008 again, the other being kept, and return what is said."""
    change(project)
    capsys.readouterr()
    build_books(Choice(project), OPTIONS)
    return capsys.readouterr().err


@pytest.fixture(scope="module")
def clean(as_published: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the site as it is after the same change where nothing was spoilt."""
    made = Project(tmp_path_factory.mktemp("clean") / "project")
    shutil.copytree(as_published.root, made.root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "build_each", JupyterBook().build_each)
        change(made)
        build_books(Choice(made), OPTIONS)
    return snapshot(made.site)


@pytest.mark.parametrize("spoil", SPOILT)
@pytest.mark.parametrize("kind", KEPT)
def test_what_is_spoilt_is_made_again_and_said(project, clean, capsys, kind, spoil) -> None:
    pattern, said = KEPT[kind]
    file, *more = sorted(project.build.glob(pattern))
    other = more[0] if more else next(f for f in drawings(project) if f != file)
    spoil(file, other)

    text = _build_anew(project, capsys)

    assert snapshot(project.site) == clean
    assert said in " ".join(text.split()), text


@pytest.mark.parametrize("place", ["book", "html"])
def test_foreign_files_in_what_is_made_anew_are_not_published(project, clean, capsys, place):
    for folder in (project.build / place / BOOK, project.build / place / BOOK / "_extra"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "foreign.md").write_text("# Foreign\n")
        (folder / "foreign.html").write_text("<article>foreign</article>")

    _build_anew(project, capsys)

    assert snapshot(project.site) == clean


def test_a_link_in_the_place_of_what_is_made_anew_is_not_followed(project, clean, capsys, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for place in ("book", "html"):
        shutil.rmtree(project.build / place / BOOK)
        (project.build / place / BOOK).symlink_to(elsewhere)

    _build_anew(project, capsys)

    assert snapshot(project.site) == clean
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("kind", ["executed notebook", "record"])
@pytest.mark.parametrize("spoil", SPOILT)
def test_a_page_that_is_not_as_it_was_run_is_stale(project, kind, spoil) -> None:
    from kingston_analysis.data.editions import load_edition
    from kingston_analysis.records.key import changes
    from kingston_analysis.records.pages import pages_of

    pages = pages_of(project, load_edition(project, 2008), "Ashby")
    page, other = (next(p for p in pages if p.name == name) for name in ("robbery", "burglary"))
    places = {"record": (page.record, other.record)}
    file, another = places.get(kind, (page.executed, other.executed))
    spoil(file, another)

    [found] = changes(page, Now(project))

    assert found.kind == "a record that cannot be used"
    assert found.what.startswith(("damaged: ", "unreadable: "))


def test_an_assembled_book_that_is_changed_while_it_is_built_is_refused(
    project, monkeypatch
) -> None:
    def with_a_change(commands: list[list[str]], *_: object) -> Iterator[News]:
        book = Path(commands[0][commands[0].index("build") + 1])
        (book / "_extra/findings.json").write_text("[]\n")
        yield from JupyterBook().build_each(commands)

    monkeypatch.setattr(build, "build_each", with_a_change)
    before = snapshot(project.site)

    change(project)
    with pytest.raises(KingstonError, match=r"was changed while it was built\. Build again"):
        build_books(Choice(project), OPTIONS)
    assert snapshot(project.site) == before


# The last check counts pictures and words.

LOST = {
    "no marks": ('class="mark-rect role-mark marks"', 'class="gone"', "picture has no marks"),
    "no text in a picture": ("<text", "<title", "picture has no words"),
    "no picture": ("<svg", "<i", "there is no wide picture"),
    "no narrow picture": ('class="kb-chart kb-narrow"', 'class="kb-none"', "no narrow picture"),
    "no sentence": (SENTENCE, "", "words of its notebook"),
    "a frame less": ('id="robbery-more"', 'id="robbery-less"', "figures, not the 2"),
}


@pytest.mark.parametrize("kind", LOST)
def test_a_page_that_shows_less_than_was_drawn_is_not_published(project, jupyter_book, kind):
    old, new, said = LOST[kind]
    jupyter_book.lost = (old, new)
    before = snapshot(project.site)

    change(project)
    with pytest.raises(KingstonError, match=said):
        build_books(Choice(project), OPTIONS)
    assert snapshot(project.site) == before


@pytest.mark.parametrize("kind", LOST)
def test_verify_says_that_a_page_shows_less_though_its_manifest_was_made_anew(project, kind):
    old, new, said = LOST[kind]
    page = project.site / BOOK / "evidence/robbery.html"
    text = page.read_text("utf-8")
    assert old in text
    page.write_text(text.replace(old, new), encoding="utf-8")
    write_manifest(project.site)

    told = [str(each) for each in site_problems(project.site)]

    assert any(said in each and "evidence/robbery.html" in each for each in told), told


@pytest.mark.parametrize("name", ["index.html", "evidence/robbery.html"])
@pytest.mark.parametrize("text", ["", "<html></html>", "<article> <p></p></article>"])
def test_verify_says_that_a_page_has_no_text(project, name, text) -> None:
    (project.site / BOOK / name).write_text(text, encoding="utf-8")
    write_manifest(project.site)

    told = [str(each) for each in site_problems(project.site)]

    assert any("The page has no text." in each and name in each for each in told), told


def test_a_site_as_it_was_published_shows_all(project) -> None:
    assert list(site_problems(project.site)) == []
    assert list(shown_problems(project.site / BOOK)) == []


def test_marks_are_those_that_stand_for_data() -> None:
    axis = '<g class="mark-rule role-axis-grid"><line x2="1"/><line x2="2"/></g>'
    bars = '<g class="mark-rect role-mark marks"><path d="M0,0h1"/><path d=""/><g></g></g>'
    legend = '<g class="mark-symbol role-legend-symbol"><path d="M0,0"/></g>'

    assert marks_in(f"<svg><g>{axis}</g></svg>") == 0
    assert marks_in(f"<svg><g>{axis}{bars}{legend}</g></svg>") == 1
    assert marks_in("") == 0


def test_a_list_of_code_that_was_not_kept_explains_nothing(project) -> None:
    from kingston_analysis.data.editions import load_edition
    from kingston_analysis.records.key import _changed_code
    from kingston_analysis.records.pages import pages_of

    now = Now(project)
    page = pages_of(project, load_edition(project, 2008), "Ashby")[0]
    now.keep_code(page.source)
    old = "sha256:" + next((project.build / "code").glob("*.json")).stem
    now.kept(old).write_text(json.dumps({"foreign.py": "sha256:0"}), encoding="utf-8")

    [change] = _changed_code(old, now.code(page.source), now)

    assert change.what == "code"
