"""`kingston run`: pages are executed, kept while nothing changes, and fail one by one."""

from __future__ import annotations

import hashlib
import json
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from system_project import (
    Copy,
    ended,
    interrupted,
    is_readable,
    processes_of,
    snapshot,
    wait_until,
)

from kingston_analysis.book.books import Book
from kingston_analysis.book.build import build_site
from kingston_analysis.book.drawers import Drawers, charts_of
from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError

PAGES = ["overview", "robbery", "matrix", "progress", "changed", "community", "methods", "sources"]


def written(project: Copy) -> dict[str, int]:
    """Return when each executed notebook and record was written."""
    files = (project.build / "pages").rglob("*")
    return {file.name: file.stat().st_mtime_ns for file in files if file.is_file()}


def cell_with(cells: list[dict], text: str) -> int:
    """Return the index of the first cell that holds a text."""
    return next(i for i, cell in enumerate(cells) if text in "".join(cell["source"]))


# What a run leaves behind


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_its_template_executed_whole_with_the_parameters_of_the_page(
    small_site: Copy, page: str
) -> None:
    notebook = json.loads((small_site.pages() / f"{page}.ipynb").read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]

    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert any(cell["outputs"] for cell in code)
    injected = [c for c in code if "injected-parameters" in c["metadata"].get("tags", [])]
    assert "edition = 2016" in "".join(injected[0]["source"])


def test_the_record_of_a_page_holds_its_parameters_and_its_findings(small_site: Copy) -> None:
    record = small_site.record("robbery")

    assert record["template"] == "topic"
    assert record["inputs"]["parameters"] == {
        "edition": 2016,
        "area": "Kingston upon Thames",
        "topic": "robbery",
    }
    names = {finding["name"] for finding in record["findings"]}
    assert {"count", "rate", "rank_count", "rank_rate", "change"} <= names


def test_a_finding_names_the_bytes_of_the_tables_it_came_from(small_site: Copy) -> None:
    for finding in small_site.record("robbery")["findings"]:
        assert finding["sources"], finding
        for source in finding["sources"]:
            tables = small_site.root / "data/tables"
            files = [f for f in tables.glob(f"{source['table']}.*") if f.suffix != ".yml"]
            held = [f"sha256:{hashlib.sha256(f.read_bytes()).hexdigest()}" for f in files]
            assert [source["hash"]] == held


# What is run again, and what is not


def test_a_second_run_runs_nothing(published: Copy) -> None:
    before = written(published)

    said = published.kingston_here("run")

    assert said.code == 0, said
    assert "Nothing to run: 8 pages are up to date." in said.text
    assert written(published) == before


def test_force_runs_again_what_is_up_to_date_and_gives_the_same_bytes(published: Copy) -> None:
    before, pages = written(published), snapshot(published.build / "pages")

    said = published.kingston("run", "--force", "--only", "robbery")

    assert said.code == 0, said
    after = written(published)
    assert {name for name in before if after[name] != before[name]} == {
        "robbery.ipynb",
        "robbery.json",
    }
    assert snapshot(published.build / "pages") == pages


def test_a_change_to_a_tables_metadata_runs_pages_again(published: Copy) -> None:
    title = "title: Recorded crime by borough and financial year"
    published.edit("data/tables/recorded_crime_year.yml", title, "title: Crime, titled anew")

    said = published.kingston("run", "--only", "robbery")

    assert said.code == 0, said
    assert "Crime, titled anew" in (published.pages() / "robbery.ipynb").read_text("utf-8")


def test_a_page_is_not_called_fresh_when_code_it_may_run_was_changed_while_it_ran(
    published: Copy, tmp_path: Path
) -> None:
    """A module gets another line while the page waits; it runs with what was imported before."""
    wait = "import os, tempfile, time\n"
    wait += "place = tempfile.gettempdir()\n"
    wait += "_ = open(place + '/begun', 'w')\n"
    wait += "while not os.path.exists(place + '/go'):\n    time.sleep(0.01)\n"
    published.edit_notebook("community", lambda cells: cells[-1].update(source=wait))
    module = published.root / "src/kingston_analysis/notebook.py"
    as_it_was, before = module.read_text("utf-8"), written(published)

    environment = {"TMPDIR": str(tmp_path)}
    process = published.start("run", "--only", "community", environment=environment)
    assert wait_until(lambda: list(tmp_path.glob("*/begun")))
    with module.open("a", encoding="utf-8") as file:
        file.write("\n")
    next(tmp_path.glob("*/begun")).with_name("go").touch()
    said = ended(process)

    assert said.code == 0, said
    assert written(published)["community.json"] > before["community.json"]
    assert module.read_text("utf-8") == as_it_was + "\n"
    assert published.changed()["community"] == ["module notebook.py"]


def test_a_page_that_opens_a_file_of_the_project_itself_is_refused_by_name(
    published: Copy,
) -> None:
    before = written(published)
    opening = "text = open('topic.ipynb').read()\n"
    published.edit_notebook("community", lambda cells: cells[-1].update(source=opening))

    said = published.kingston("run", "--only", "community")

    assert said.code == 1, said
    assert "2016 Kingston upon Thames: community: notebooks/community.ipynb" in said.text
    assert "line 1: The page opened notebooks/topic.ipynb itself" in said.text
    assert "`page.view.load`" in said.text
    assert is_readable(said), said
    assert written(published) == before


# What goes wrong around it


def test_ctrl_c_in_the_middle_of_a_run_leaves_no_half_page_and_no_process(
    published: Copy,
) -> None:
    site, before = snapshot(published.site), written(published)
    published.append("src/kingston_analysis/notebook.py", "\n# Changed.\n")

    def first_page_is_done() -> bool:
        return sum(written(published).get(f"{p}.json", 0) > before[f"{p}.json"] for p in PAGES) == 1

    said = interrupted(published, "build", "--jobs", "1", when=first_page_is_done)

    assert said.code == 130, said
    assert "Stopped. The published site is as it was." in said.text
    assert is_readable(said), said
    files = [file for file in (published.build / "pages").rglob("*") if file.is_file()]
    assert {file.name for file in files} == set(before)
    for file in files:
        json.loads(file.read_text("utf-8"))
    assert snapshot(published.site) == site
    assert wait_until(lambda: not processes_of(published)), processes_of(published)


def test_a_page_that_cannot_be_written_whole_is_not_written_at_all(published: Copy) -> None:
    """Files may be no larger than 20 kB here, as on a disk that is almost full."""
    site, pages = snapshot(published.site), snapshot(published.build / "pages")
    published.append("src/kingston_analysis/notebook.py", "\n# Changed.\n")

    said = published.kingston(
        "run",
        "--only",
        "robbery",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )

    assert said.code == 1, said
    assert "2016 Kingston upon Thames: robbery" in said.text
    assert "File too large" in said.text
    assert is_readable(said), said
    assert snapshot(published.build / "pages") == pages
    assert snapshot(published.site) == site


@pytest.fixture
def full_disk(published: Copy) -> Iterator[Copy]:
    """Put the published small project's _build on a file system of its own, and fill that up."""
    kept = published.root / "kept"
    published.build.rename(kept)
    published.build.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128m", "kingston-test", str(published.build)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system is not permitted here")
    try:
        subprocess.run(["cp", "-a", f"{kept}/.", str(published.build)], check=True)
        yield published
    finally:
        subprocess.run(["umount", "-l", str(published.build)], check=True)


def fill(folder: Path, room: int = 0) -> None:
    """Fill the disk of a folder up to some room."""
    free = shutil.disk_usage(folder).free
    (folder / "ballast").write_bytes(bytes(max(free - room, 0)))


@pytest.mark.parametrize(
    "runs_out_while", ["the book is assembled", "the first page is read", "pages are written"]
)
def test_a_disk_that_fills_up_stops_the_build_with_a_sentence_and_leaves_the_site(
    full_disk: Copy, runs_out_while: str
) -> None:
    full_disk.append("book/index.md", "\nAnother sentence.\n")
    if runs_out_while == "the book is assembled":
        shutil.rmtree(full_disk.build / "book")
    elif runs_out_while == "the first page is read":
        shutil.rmtree(full_disk.build / "html")
    site = snapshot(full_disk.site)
    fill(full_disk.build)

    said = full_disk.kingston("build")

    assert said.code == 1, said
    assert snapshot(full_disk.site) == site
    assert re.search("No space left on device|disk (is|may be) full", said.text), said
    assert is_readable(said), said


def test_a_disk_that_fills_up_while_the_site_is_published_leaves_the_site(full_disk: Copy) -> None:
    """A book that stays is linked, which takes little room; here there is not even that."""
    site = snapshot(full_disk.site)
    fill(full_disk.build, room=20_000)
    edition = load_edition(full_disk, 2016)

    with pytest.raises(KingstonError, match=r"The site could not be written: .*(space|full)"):
        book, drawers = Book(full_disk, edition, edition.area), Drawers(charts_of(full_disk), 1)
        build_site(full_disk, [book], drawers, 1, print, force=False)

    assert snapshot(full_disk.site) == site


def test_pages_run_on_any_executor(project: Copy) -> None:
    """Each process of a pool forks its pages from a warm process of its own."""
    code = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from kingston_analysis.data.editions import load_edition
from kingston_analysis.project import Project
from kingston_analysis.records.key import Now
from kingston_analysis.records.pages import pages_of
from kingston_analysis.pages.run import Run

if __name__ == "__main__":
    project = Project.find()
    pages = pages_of(project, load_edition(project, 2016), "Kingston upon Thames")
    pages = [page for page in pages if page.name in ("community", "methods")]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        run = Run(pool, "warm", Now(project), frozenset(), 2, lambda run: None)
        run.run(pages)
    print(*sorted(page.name for page in run.executed))
"""
    script = project.root / "on_a_pool.py"
    script.write_text(code, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=project.root,
        env=project.environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["community", "methods"]
    assert [page for page in PAGES if page not in project.stale_pages()] == ["community", "methods"]
    assert wait_until(lambda: not processes_of(project)), processes_of(project)
