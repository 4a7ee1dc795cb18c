"""`docs/analysis.md`: what it tells newcomers to write is what works, word for word."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
import yaml
from guard_fixture import let_pass
from mypy import api as mypy
from small_project import small_project
from tables_fixture import PROJECT

from kingston_analysis.commands.checks import data_problems
from kingston_analysis.notebook import NotebookPage, open_topic
from kingston_analysis.project import Project

GUIDE = (PROJECT.root / "docs" / "analysis.md").read_text("utf-8")
EXAMPLE = Path(__file__).parent / "notebooks" / "robbery-share.ipynb"
EXTREMES = "kingston_analysis.analyses.extremes"
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(part: str, *languages: str) -> list[str]:
    """Return the blocks of code under a heading of the guide, in some languages, in order."""
    text = GUIDE.split(f"\n## {part}\n")[1].split("\n## ")[0]
    found = BLOCK.findall(text)
    return [textwrap.dedent(code).rstrip() for kind, code in found if kind in languages]


def test_the_notebook_that_it_shows_is_the_one_that_a_test_publishes():
    cells = nbformat.read(EXAMPLE, 4).cells

    assert blocks("Add a notebook", "python", "markdown") == [cell.source for cell in cells]
    assert yaml.safe_load(blocks("Add a notebook", "yaml")[0]) == {"pages": [EXAMPLE.stem]}


@pytest.fixture
def extremes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the analysis that the guide shows, as the module that it would be."""
    module = ModuleType(EXTREMES)
    monkeypatch.setitem(sys.modules, EXTREMES, module)
    exec(blocks("Add an analysis", "python")[0], vars(module))
    return module


def test_its_analysis_has_sound_types(tmp_path):
    """They are held to what ours are, so that what mypy keeps of the rest serves here too."""
    config, module = tmp_path / "pyproject.toml", tmp_path / "extremes.py"
    ours = '"kingston_analysis.analyses.*"'
    kept = (PROJECT.root / "pyproject.toml").read_text("utf-8")
    assert kept.count(ours) == 1
    config.write_text(kept.replace(ours, f'{ours}, "extremes"'), encoding="utf-8")
    module.write_text(blocks("Add an analysis", "python")[0], encoding="utf-8")
    cache = str(PROJECT.root / ".mypy_cache")
    said, _, code = mypy.run(["--config-file", str(config), "--cache-dir", cache, str(module)])
    assert code == 0, said


@pytest.fixture
def page(tmp_path: Path) -> NotebookPage:
    project = small_project(tmp_path / "own")
    return open_topic(edition=2008, area="Ashby", topic="burglary", project=project)


@pytest.mark.usefixtures("extremes")
def test_its_analysis_passes_the_test_that_it_shows(tmp_path):
    test: dict = {}
    exec(blocks("Add an analysis", "python")[1], test)

    test["test_the_years_with_most_and_fewest_are_named"](tmp_path / "with")
    exec(blocks("Add an analysis", "python")[2], test)
    test["test_without_figures_it_says_why"](tmp_path / "without")


def test_its_cell_of_a_template_ends_in_the_answer(extremes, page):
    *lines, last = blocks("Add an analysis", "python")[3].splitlines()
    names = {"page": page}
    exec("\n".join(lines), names)

    assert eval(last, names).words == extremes.extremes(page).words


def test_its_chart_is_a_figure_of_the_analysis(extremes, page):
    exec(blocks("Add a chart", "python")[0], vars(extremes))

    figure = extremes.dots_by_year(page.view.primary)

    assert figure.heading == "Burglary: at most 168 a year"
    assert figure.table.rows[-1] == ["2006/07", 168]


@pytest.fixture
def with_topic(tmp_path: Path) -> Iterator[Project]:
    """Copy the project and add the topic that the guide shows, as it says."""
    project = Project(tmp_path / "project")
    for folder in (PROJECT.data, PROJECT.narrative, PROJECT.notebooks):
        shutil.copytree(folder, project.root / folder.name)
    shutil.copyfile(PROJECT.config, project.config)
    topic, hypothesis = blocks("Add a topic", "yaml")
    for name, text in (("topics.yml", topic), ("hypotheses.yml", hypothesis)):
        with (project.data / name).open("a", encoding="utf-8") as stream:
            stream.write(f"\n{text}\n")
    edition = project.data / "editions" / "2010.yml"
    text = edition.read_text("utf-8")
    edition.write_text(text.replace("topics:\n", "topics:\n  - drug-trafficking\n", 1), "utf-8")
    with (project.data / "hypotheses" / "2010.yml").open("a", encoding="utf-8") as stream:
        stream.write("drug-trafficking:\n  - drug-trafficking-with-london\n")
    yield project
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_its_topic_is_sound_and_has_a_page(with_topic):
    page = open_topic(
        edition=2010, area="Kingston upon Thames", topic="drug-trafficking", project=with_topic
    )

    let_pass(with_topic)
    assert [str(each) for each in data_problems(with_topic)] == []
    assert page.view.primary.latest == "2008/09"
