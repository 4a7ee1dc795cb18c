"""Links lead out of the site to listed hosts alone, from whatever text they come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tables_fixture import sound_project

from kingston_analysis.book.check import ParsedPages, problems_of_files
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.data.addresses import address_fault, address_problems, load_hosts
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project

HOSTS = frozenset({"www.example.org"})
LISTED = "- {host: www.example.org, who: The Office of Examples, why: Its tables.}\n"
UNLISTED = "leads to 'evil.example.com', which is not listed"
MISREAD = "has a character that browsers read as another, or not at all"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = sound_project(tmp_path)
    (made.data / "addresses.yml").write_text(LISTED, encoding="utf-8")
    return made


@pytest.mark.parametrize(
    "link",
    [
        "https://www.example.org/tables?year=2008#a",
        "HTTPS://WWW.EXAMPLE.ORG/",
        "mailto:ann@www.example.org",
        "../2009/index.html#new",
        "#",
        "",
    ],
)
def test_within_the_site_and_to_a_listed_host_links_may_lead(link: str) -> None:
    assert address_fault(link, HOSTS) is None


REFUSED = {
    "https://evil.example.com/": UNLISTED,
    "//evil.example.com/": "leads out by ':'",
    "http://www.example.org/": "leads out by 'http:'",
    "https://www.example.org@evil.example.com/": "which is not listed",
    "https://www.example.org:444/": "which is not listed",
    "https://www.example.org.evil.example.com/": "which is not listed",
    "mailto:ann@evil.example.com": UNLISTED,
    "javascript:alert(1)": "leads out by 'javascript:'",
    "data:text/html,x": "leads out by 'data:'",
    "file:///etc/passwd": "leads out by 'file:'",
    "vbscript:x": "leads out by 'vbscript:'",
    "/\\evil.example.com": MISREAD,
    "java\nscript:alert(1)": MISREAD,
    " https://evil.example.com": MISREAD,
    "https://[": "is no address",
}


@pytest.mark.parametrize(("link", "why"), REFUSED.items())
def test_no_other_link_leads_out(link: str, why: str) -> None:
    assert why in str(address_fault(link, HOSTS))


@pytest.mark.parametrize("element", ['<a href="{}">', '<area href="{}">', '<a xlink:href="{}">'])
def test_the_gate_looks_at_every_link_of_a_page(tmp_path: Path, element: str) -> None:
    page = tmp_path / "x.html"
    page.write_text(element.format("https://evil.example.com/"), encoding="utf-8")

    told = [str(each) for each in problems_of_files([page], ParsedPages(HOSTS))]

    remedy = "List its host in data/addresses.yml with who it is and why, or remove the link."
    assert any(f"{UNLISTED}. {remedy}" in each for each in told)


IN_FILES = {
    "a page": ("book/index.md", "# It\n\n[x](https://evil.example.com/)\n", 3),
    "a bare address": ("book/index.md", "# It\n\nSee https://evil.example.com/x.\n", 3),
    "a reference": ("book/index.md", "# It\n\n[x]: https://evil.example.com/\n", 3),
    "a field": ("data/law.yml", "# https://evil.example.com/\n[]\n", 1),
}


@pytest.mark.parametrize("kind", IN_FILES)
def test_a_text_that_leads_elsewhere_is_told_with_its_line(project: Project, kind: str) -> None:
    name, text, line = IN_FILES[kind]
    assert list(address_problems(project)) == []
    (project.root / name).write_text(text, encoding="utf-8")

    [problem] = address_problems(project)

    assert (project.name_of(problem.file or project.root), problem.line) == (name, line)
    assert UNLISTED in problem.what


def test_the_prose_of_a_notebook_is_a_text_too(project: Project) -> None:
    cells = [{"cell_type": "markdown", "source": ["# It\n", "[x](javascript:alert(1))"]}]
    notebook = project.notebooks / "topic.ipynb"
    notebook.write_text(json.dumps({"cells": cells}), encoding="utf-8")

    [problem] = address_problems(project)

    assert problem.what.startswith("Cell 1, line 2: The link javascript:alert(1")


@pytest.mark.parametrize("text", [None, "", "- {host: www.example.org}\n", "- {host: '*'}\n"])
def test_a_list_that_is_missing_or_none_is_a_fault(project: Project, text: str | None) -> None:
    file = project.data / "addresses.yml"
    file.unlink() if text is None else file.write_text(text, encoding="utf-8")

    assert any(each.file == file for each in data_problems(project))
    with pytest.raises(KingstonError):
        load_hosts(project)
