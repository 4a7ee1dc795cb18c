"""What Sphinx refuses in an assembled book, whoever put it there: none of it is published."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tables_fixture import PROJECT

from kingston_analysis.book.context import BuildContext, write_context
from kingston_analysis.book.jupyter_books import PROGRAM
from kingston_analysis.book.settings import settings_of_book

FOREIGN = {
    "raw": "{raw-html}`x` {raw}`<script>alert(1)</script>`",
    "raw-directive": "```{raw} html\n<script>alert(1)</script>\n```",
    "include": "```{include} _toc.yml\n```",
    "literalinclude": "```{literalinclude} _toc.yml\n```",
    "rst": "```{eval-rst}\n.. raw:: html\n\n   <script>alert(1)</script>\n```",
    "download-role": "{download}`_toc.yml`",
    "download-link": "[x](_toc.yml)",
    "picture": "![x](picture.png)",
    "formula": "```{math}\nx\n```",
    "settings": "{{ 7*7 }} [x](javascript:alert(1))",
}
OUTPUTS = {
    "html": {"text/html": '<div class="kb-scroll"><script>alert(1)</script></div>'},
    "script": {"application/javascript": "alert(1)", "text/markdown": "x"},
    "latex": {"text/latex": "$x$", "text/markdown": "x"},
    "svg": {"image/svg+xml": "<svg onload='alert(1)'/>", "text/markdown": "x"},
}
HARMLESS = "*It* <b>{raw}`x`</b> {{ 7*7 }}\n\n```{raw} html\n<i>\n```\n\n<script>alert(1)</script>"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Build a small book with all of these; return what was said, and the folder of its pages."""
    place = tmp_path_factory.mktemp("borders")
    book, out = place / "book", place / "out"
    (book / "_extra").mkdir(parents=True)
    (book / "_config.yml").write_text(settings_of_book(PROJECT), encoding="utf-8")
    (book / "_extra/findings.json").write_text("[]", encoding="utf-8")
    (book / "picture.png").write_bytes(b"")
    texts = {
        "year": 2008,
        "draft": False,
        "plan": None,
        "cards": [],
        "matrix": None,
        "content": None,
        "charts": {},
    }
    named = ("title", "area", "assessed", "extraction", "about", "code")
    write_context(BuildContext(**texts, **{name: f"<b>{name}</b>" for name in named}), book)
    for name, text in FOREIGN.items():
        (book / f"{name}.md").write_text(f"# It\n\n{text}\n", encoding="utf-8")
    for name, data in OUTPUTS.items():
        write_notebook(book / f"{name}-output.ipynb", data)
    write_notebook(book / "harmless.ipynb", {"text/markdown": HARMLESS})
    (book / "index.md").write_text("# It\n\n<script>alert(1)</script>\n", encoding="utf-8")
    pages = [*FOREIGN, *(f"{name}-output" for name in OUTPUTS), "harmless"]
    contents = {"format": "jb-book", "root": "index", "chapters": [{"file": p} for p in pages]}
    (book / "_toc.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")
    done = subprocess.run(
        [
            PROGRAM,
            "build",
            str(book),
            "--config",
            str(book / "_config.yml"),
            "--path-output",
            str(out),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr, out / "_build" / "html"


def write_notebook(file: Path, data: dict[str, str]) -> None:
    output = new_output("display_data", data)
    cells = [new_markdown_cell("# It"), new_code_cell("1", outputs=[output])]
    metadata = {
        "myst": {"disable_syntax": []},
        "kernelspec": {"name": "python3", "display_name": "x"},
    }
    file.write_text(nbformat.writes(new_notebook(cells=cells, metadata=metadata)), encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("raw", 'Unknown interpreted text role "raw"'),
        ("raw-directive", "Unknown directive type: 'raw'"),
        ("include", "Unknown directive type: 'include'"),
        ("literalinclude", "Unknown directive type: 'literalinclude'"),
        ("rst", 'Unknown directive type "raw"'),
        ("download-role", 'Unknown interpreted text role "download"'),
        ("download-link", "The page holds a download_reference that is not made by this book"),
        ("picture", "The page holds a image that is not made by this book"),
        ("formula", "Unknown directive type: 'math'"),
        ("html-output", "HTML that is no table of ours: <script>alert(1)</script></div>"),
        ("script-output", "skipping unknown output mime type: application/javascript"),
        ("latex-output", "skipping unknown output mime type: text/latex"),
        ("svg-output", "skipping unknown output mime type: image/svg+xml"),
    ],
)
def test_it_is_warned_of_which_ends_a_build(built, page, what):
    said, _ = built

    assert what in said
    assert re.search(rf"\b{page}\.(?:md|ipynb|rst)\b.*{re.escape(what)}", said), said


def test_no_page_has_any_of_it_as_an_element(built):
    _, pages = built
    found = sorted(pages.glob("*.html"))
    assert len(found) > 15
    for file in found:
        soup = BeautifulSoup(file.read_bytes(), "html.parser")
        assert all(each.get("src") for each in soup.find_all("script")), file
        assert soup.select("article img, [onload], a[href^=javascript]") == [], file


@pytest.mark.parametrize("page", ["index", "harmless", "settings"])
def test_html_and_jinja_in_words_are_shown_as_they_are_written(built, page):
    _, pages = built
    article = BeautifulSoup((pages / f"{page}.html").read_bytes(), "html.parser").article
    text = " ".join(article.get_text().split())

    shown = {
        "index": ["<script>alert(1)</script>"],
        "harmless": ["It <b>{raw}x</b> {{ 7*7 }}", "<i>", "<script>alert(1)</script>"],
        "settings": ["{{ 7*7 }} [x](javascript:alert(1))"],
    }[page]
    assert [each for each in shown if each not in text] == []


def test_the_title_of_an_edition_is_text_in_the_theme_too(built):
    _, pages = built
    soup = BeautifulSoup((pages / "index.html").read_bytes(), "html.parser")

    assert soup.select_one(".logo__title").get_text() == "<b>title</b>: <b>area</b>"
    assert "<b>title</b>: <b>area</b>" in soup.title.get_text()
    assert json.loads((pages / "findings.json").read_text("utf-8")) == []
