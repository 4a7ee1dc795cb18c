"""How nbval tells of this project's notebooks: a plugin of every pytest that runs from its root.

nbval counts cells of code from 0, prints outputs that differ as raw data, and lets xdist tear a
notebook's cells apart.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from kingston_analysis.errors import KingstonError, project_root
from kingston_analysis.review.plugin import use_sockets_in

if TYPE_CHECKING:
    from kingston_analysis.project import Project

# How xdist may deal out cells so that those of one notebook meet one kernel.
UNDIVIDED = ("no", "loadscope", "loadfile")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to deal the cells of one notebook to several workers; keep kernels apart."""
    if not config.option.nbval:
        return
    if getattr(config.option, "dist", "no") not in UNDIVIDED:
        raise pytest.UsageError("The cells of a notebook share a kernel: add --dist loadscope.")
    folder = tempfile.mkdtemp(prefix="kingston-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    use_sockets_in(Path(folder))


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say before any cell runs how they are held, and which pages are stale that some may read."""
    from kingston_analysis.results import DIGITS
    from kingston_analysis.review.differences import TOLERANCE

    if not config.option.nbval:
        return []
    tolerance = (
        "notebooks: cells are numbered as in JupyterLab; outputs must be equal, numbers in all "
        f"{DIGITS} digits that are kept; less than 1 part in {1 / TOLERANCE:,.0f} is told apart"
    )
    return [tolerance, *_stale(config)]


def _stale(config: pytest.Config) -> Iterator[str]:
    """Name editions that templates open by default and that were not run as they are now."""
    from kingston_analysis.data.editions import load_edition
    from kingston_analysis.project import Project
    from kingston_analysis.records.key import Now, changes
    from kingston_analysis.records.pages import pages_of

    project = Project.find(config.rootpath)
    asked = [config.invocation_params.dir / each.partition("::")[0] for each in config.args]
    templates = [
        file
        for file in project.notebooks.glob("*.ipynb")
        if any(file.is_relative_to(each) for each in asked)
    ]
    now = Now(project)
    for year in sorted({year for file in templates for year in _edition_of(project, file)}):
        edition = load_edition(project, year)
        stale = sum(bool(changes(page, now)) for page in pages_of(project, edition, edition.area))
        if stale:
            yield (
                f"notebooks: {stale} pages of {year} were not run, or something changed since, so "
                "a notebook that reads other pages' findings fails; "
                f"run `kingston run --edition {year}` first"
            )


def _edition_of(project: Project, template: Path) -> Iterator[int]:
    """Return the edition that a template opens by default, if it is one that exists."""
    from kingston_analysis.data.editions import edition_years
    from kingston_analysis.pages.parameters import parameters_of

    with suppress(KingstonError):
        default = parameters_of(template).get("edition", {}).get("default")
        yield from (year for year in edition_years(project) if str(year) == default)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    parent: pytest.Collector,
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Take notebooks from nbval, to number and report their cells."""
    found = yield
    return [
        NumberedNotebook.from_parent(parent, path=each.path)
        if isinstance(each, IPyNbFile)
        else each
        for each in found
    ]


def _remedy(notebook: Path) -> str:
    """Say how outputs come to be stored; those of an edition's own page are stored by its run."""
    from kingston_analysis.data.editions import edition_years, load_edition
    from kingston_analysis.project import Project
    from kingston_analysis.records.pages import Page

    root = project_root(notebook.parent)
    project = Project(root or notebook.parent)
    for year in edition_years(project):
        with suppress(KingstonError):
            edition, name = load_edition(project, year), notebook.stem
            if name in edition.pages:
                executed = Page(project, name, name, year, edition.area).executed
                return (
                    f"`kingston run --edition {year} --only {name}` runs it and stores them: give "
                    f"nbval {project.name_of(executed)}."
                )
    return "Run `make notebooks` first, or save it executed."


class NumberedNotebook(IPyNbFile):
    """A notebook whose cells bear the numbers that JupyterLab gives them when it runs all."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the cells of code that say something, counted from 1.

        Raises CollectError where no outputs are stored: whatever came out would agree with none.
        """
        code = [each for each in super().collect() if each.cell.source.strip()]
        if code and not any(each.cell.outputs for each in code):
            what = f"{self.path.name}: no outputs are stored, so nothing can be held against them."
            raise self.CollectError(f"{what} {_remedy(self.path)}")
        for number, each in enumerate(code, 1):
            yield NumberedCell.from_parent(
                self, name=f"Cell {number}", cell_num=number, cell=each.cell, options=each.options
            )


class NumberedCell(IPyNbCell):
    """A cell whose differences are told as data, as `kingston review` tells them."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        """Say what differs; of anything else, what nbval says."""
        from kingston_analysis.review.judge import DIFFERS, JudgedCell
        from kingston_analysis.review.page_report import page_report

        if str(excinfo.value) != DIFFERS:
            return super().repr_failure(excinfo)
        source, stored, got = self.cell.source, self.cell.outputs, self.test_outputs or []
        judged = JudgedCell(self.cell_num, source, "failed", stored, got)
        root = project_root(self.path.parent)
        return page_report(str(self.path.relative_to(root) if root else self.path), [judged])
