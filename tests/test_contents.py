"""Every page stands in the contents, and the contents name pages that there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tables_fixture import sound_project

from kingston_analysis.commands.checks import data_problems
from kingston_analysis.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sound_project(tmp_path)


def told_of(project: Project) -> list[str]:
    return [str(each) for each in data_problems(project)]


def test_a_page_that_the_contents_do_not_name_is_told(project: Project) -> None:
    (project.narrative / "more.md").write_text("# More\n", encoding="utf-8")

    assert (
        "book/more.md: The contents do not name this page, so no reader would find it. "
        "Add it to book/_toc.yml, or remove it." in told_of(project)
    )


@pytest.mark.parametrize("page", ["about/us", "evidence/matrx", "plans/2007-10/x"])
def test_a_page_that_nobody_wrote_is_told_with_its_line(project: Project, page: str) -> None:
    contents = project.narrative / "_toc.yml"
    text = contents.read_text("utf-8") + f"      - file: {page}\n"
    contents.write_text(text, encoding="utf-8")

    line = len(text.splitlines())
    what = f"There is no page {page}."
    remedy = f"Write book/{page}.md, or take the page out of the contents."
    assert f"book/_toc.yml:{line}:9: {what} {remedy}" in told_of(project)


@pytest.mark.parametrize(
    "page", ["evidence/overview", "evidence/matrix", "evidence/topics-of-the-edition"]
)
def test_a_page_of_every_edition_that_is_left_out_is_told(project: Project, page: str) -> None:
    contents = project.narrative / "_toc.yml"
    line = f"      - file: {page}\n"
    contents.write_text(contents.read_text("utf-8").replace(line, ""), encoding="utf-8")

    assert (
        f"book/_toc.yml: The contents do not name {page}, which every edition has. "
        f"Add it: `- file: {page}`." in told_of(project)
    )


@pytest.mark.parametrize("folder", ["book/plans", "data/editions", "data/tables", "data/plans"])
def test_a_file_where_a_folder_is_expected_is_told(project: Project, folder: str) -> None:
    place = project.root / folder
    place.rename(project.root / "elsewhere")
    place.write_text("", encoding="utf-8")

    what = "A folder is expected here, and this is a file."
    remedy = "Put the folder back, or remove the file."
    assert f"{folder}: {what} {remedy}" in told_of(project)
