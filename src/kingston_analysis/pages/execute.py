"""Execute one page, anywhere: its parameters and other pages' findings in, its outcome out."""

from __future__ import annotations

import platform
import tempfile
import time
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.pages.abandoned import temporary_folder
from kingston_analysis.pages.execution import PageError, execute_notebook
from kingston_analysis.pages.hook import REFUSED
from kingston_analysis.pages.output_problems import HEEDED, output_problems
from kingston_analysis.pages.outputs import cleaned, described_figures, figures_in, findings_in
from kingston_analysis.pages.reading import Note, reads_for
from kingston_analysis.pages.sandbox import NATIVE_OUTPUT, SANDBOXED
from kingston_analysis.project import FindingsByPage, Project, sha256
from kingston_analysis.records.code import Package, hash_of_code
from kingston_analysis.records.key import Now, hash_of_template
from kingston_analysis.records.pages import Page
from kingston_analysis.records.record import Inputs, Record
from kingston_analysis.results import Finding, as_objects, hash_of_findings


@dataclass(frozen=True)
class PageExecution:
    """What came of executing a page: notebook and record, or its dependencies, or problems."""

    page: Page
    notebook: str = ""
    record: Record | None = None
    dependencies: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    log: str = ""
    seconds: float = 0.0
    confined_by: str = ""


def execute_page(
    page: Page, upstream: FindingsByPage, engine: str, cell_seconds: int
) -> PageExecution:
    """Execute a page with upstream findings; touch nothing but a temp folder.

    Where it asks for findings that it was not given, the outcome names the pages. It never raises
    for what is wrong with the page: the outcome tells.
    """
    started = time.monotonic()
    try:
        with temporary_folder() as folder:
            outcome = _executed(page, upstream, engine, cell_seconds, folder)
    except KingstonError as error:
        return PageExecution(page, problems=[_of_page(page, each) for each in error.problems])
    except OSError as error:
        what = f"{page}: {error.strerror or error}."
        remedy = f"Make room in {tempfile.gettempdir()}, where pages run."
        return PageExecution(page, problems=[Problem(what, remedy=remedy)])
    return replace(outcome, seconds=time.monotonic() - started)


def _executed(
    page: Page, upstream: FindingsByPage, engine: str, cell_seconds: int, folder: Path
) -> PageExecution:
    # Hashed before it runs: what is edited meanwhile makes the page stale, never wrongly fresh.
    package, _, lock = code_here(page.project)
    template = hash_of_template(page.source)
    code = hash_of_code(package.of_template(page.source))
    before = {"template": template, "code": code, "lock": lock}
    failure: PageError | KingstonError | None = None
    with reads_for(page.project, folder, upstream) as reads:
        try:
            done = execute_notebook(page, folder, reads.address, engine, cell_seconds)
            notebook = cleaned(done)
        except (PageError, KingstonError) as error:
            failure = error
    entries = list(reads.entries)
    dependencies = _names(entries, "dependency")
    if absent := tuple(name for name in dependencies if name not in upstream):
        return PageExecution(page, dependencies=absent)
    try:
        if failure:
            raise failure
        _check_notes(page, entries)
        _check_native_output(page, folder / NATIVE_OUTPUT)
        raise_any(output_problems(notebook, page))
        figures, findings = described_figures(notebook), findings_in(notebook)
        _check_opened(page, findings, figures_in(notebook))
        text = nbformat.writes(notebook) + "\n"
        record = Record(
            page=page.name,
            template=page.template,
            inputs=_inputs(page, before, entries, upstream),
            notebook=sha256(text.encode()),
            figures=figures,
            findings=as_objects(findings),
        )
    except PageError as error:
        return PageExecution(page, problems=[_of_page(page, error.problem)], log=error.log)
    except KingstonError as error:
        return PageExecution(page, problems=[_of_page(page, each) for each in error.problems])
    [confined_by, *_] = _names(entries, SANDBOXED)
    return PageExecution(page, text, record, dependencies, confined_by=confined_by)


def _check_notes(page: Page, entries: list[Note]) -> None:
    if not any(kind == SANDBOXED for kind, _, _ in entries):
        raise PageError(Problem("The page ran outside the sandbox, so what it read is not known."))
    if refused := _names(entries, REFUSED):
        what = f"The page went past its tables and hid the error: {', '.join(refused)}."
        raise PageError(Problem(what, page.source, remedy="Remove that from the template."))


def _check_native_output(page: Page, file: Path) -> None:
    said = " ".join(file.read_text("utf-8", errors="replace").split()) if file.exists() else ""
    if said:
        what = f"The page wrote past Python to the output of its process: `{said[:200]}`."
        raise PageError(Problem(what, page.source, remedy=HEEDED))


def _check_opened(page: Page, findings: list[Finding], figures: list[dict[str, Any]]) -> None:
    """Refuse what a notebook puts out as another page: it would pass for the other's."""
    own = {"template": page.template, "topic": None, **page.parameters}
    made = [{"template": e.template, "area": e.area, "topic": e.topic} for e in findings]
    for each in figures:
        evidence = each["usermeta"]["evidence"]
        made.append({"template": evidence["template"], "topic": None, **evidence["parameters"]})
    for each in made:
        if others := [f"{name} {value!r}" for name, value in each.items() if value != own[name]]:
            what = f"The notebook opened another page, with {', '.join(others)}."
            remedy = f"Open it as '{page.template}', with the parameters that the notebook gets."
            raise PageError(Problem(what, page.source, remedy=remedy))


@cache
def code_here(project: Project) -> tuple[Package, str, str]:
    """Read package and environment, once, before any page runs: what a process imported, it keeps.

    Returns the package, and name and hash of what fixes the environment.
    """
    now = Now(project)
    return (now.package, *now.environment)


def _of_page(page: Page, problem: Problem) -> Problem:
    return Problem(f"{page}: {problem}")


def _names(entries: list[Note], wanted: str) -> tuple[str, ...]:
    """Return each name that was noted as a kind, once."""
    return tuple(dict.fromkeys(name for kind, name, _ in entries if kind == wanted))


def _inputs(
    page: Page, before: dict[str, str], entries: list[Note], upstream: FindingsByPage
) -> Inputs:
    return Inputs(
        parameters=page.parameters,
        files=_hashes(entries),
        pages={
            name: hash_of_findings(upstream[name]) for name in sorted(_names(entries, "dependency"))
        },
        **before,
        python=platform.python_version(),
    )


def _hashes(entries: list[Note]) -> dict[str, str]:
    read = sorted({(name, value) for kind, name, value in entries if kind == "read"})
    files = dict(read)
    if len(files) < len(read):
        twice = [name for name, value in read if files[name] != value]
        what = f"{twice[0]} changed while the page ran."
        raise PageError(Problem(what, remedy="Run again when nothing changes any more."))
    return files
