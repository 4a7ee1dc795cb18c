"""What a run executes again and what it leaves, by what pages read, find and fail at.

No page's code runs here: what each reads and finds is made up. The keys that tell what is stale are
those of real pages in `test_stale.py`, and real runs are in `test_run.py`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from guard_fixture import let_pass
from pretended_run import Pretended
from small_project import small_project
from system_project import Copy, Said, is_readable, snapshot

from kingston_analysis.commands import running
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import open_edition

WHERE = "2008 Ashby: "
OF_CRIME = ["overview", "burglary", "robbery"]
PAGES = [*OF_CRIME, "matrix", "progress", "changed", "community", "methods", "sources"]
YEARS = "data/tables/offences_year.csv"

Run = Callable[..., Said]


@pytest.fixture
def project(tmp_path: Path) -> Copy:
    """Write the small project; of its templates title and parameters alone, which import little."""
    made = Copy(small_project(tmp_path / "project").root)
    made.lock.write_text("", encoding="utf-8")
    for file in made.notebooks.glob("*.ipynb"):
        made.edit_notebook(file.stem, lambda cells: cells.__delitem__(slice(2, None)))
    let_pass(made)
    return made


@pytest.fixture
def run(project: Copy, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs the edition of 2008 on pretended pages, by the command line."""

    def run_on(pages: Pretended, *arguments: str) -> Said:
        monkeypatch.setattr(running, "_executor", pages.lent)
        return project.kingston_here("run", "--edition", "2008", *arguments)

    return run_on


def ran(pages: Pretended) -> list[str]:
    """Return the pages that ran, each once, in reading order."""
    assert len(set(pages.executed)) == len(pages.executed)
    return sorted(pages.executed, key=PAGES.index)


def planned(project: Copy, *arguments: str) -> list[str]:
    """Return the lines of what a run would do."""
    said = project.kingston_here("run", "--edition", "2008", "--dry-run", *arguments)
    assert said.code == 0, said
    return said.raw.splitlines()


def change_template(project: Copy, template: str) -> None:
    def change(cells: list[dict]) -> None:
        cells[-1]["source"] = "".join(cells[-1]["source"]) + "\n# Changed."

    project.edit_notebook(template, change)


def read_by(project: Copy, page: str) -> list[str]:
    """Return the pages whose findings a page read, by its record."""
    return list(project.record(page, 2008, "ashby")["inputs"]["pages"])


# What changed, what reads it, and nothing else


def test_a_run_from_nothing_runs_each_page_once_and_the_next_none(run):
    pages = Pretended()

    first = run(pages)
    again = run(pages)

    assert first.code == again.code == 0
    assert ran(pages) == PAGES
    assert pages.executed[-1] == "sources"
    assert "Nothing to run: 9 pages are up to date." in again.text


def test_a_change_to_a_table_runs_its_pages_and_those_whose_findings_changed_by_it(project, run):
    files = {"robbery": [YEARS], "matrix": [YEARS]}
    run(Pretended(files=files))
    project.append(YEARS, "\n")
    pages = Pretended(files=files, values={"robbery": 8.0})

    said = run(pages)

    assert said.code == 0, said
    assert ran(pages) == ["robbery", "matrix", "sources"]
    assert planned(project) == ["0 of 9 pages would run."]


def test_pages_that_find_the_same_as_before_do_not_run_those_who_read_their_findings(project, run):
    run(Pretended())
    change_template(project, "topic")
    pages = Pretended()

    plan, said = planned(project), run(pages)

    assert plan[0] == "3 of 9 pages would run."
    behind = ", ".join(OF_CRIME)
    assert plan[-1] == f"{WHERE}sources: runs too if the findings of {behind} change"
    assert said.code == 0, said
    assert ran(pages) == OF_CRIME
    assert planned(project) == ["0 of 9 pages would run."]


def test_the_plan_of_a_run_is_what_the_run_then_does(project, run):
    files = {name: [YEARS] for name in ("overview", "matrix")}
    run(Pretended(files=files))
    before = snapshot(project.build)
    project.append(YEARS, "\n")
    pages = Pretended(files=files)

    first, *lines = planned(project)

    assert first == "2 of 9 pages would run."
    assert snapshot(project.build) == before
    assert run(pages).code == 0
    would = [line.removeprefix(WHERE).partition(":")[0] for line in lines if " → " in line]
    assert ran(pages) == would == ["overview", "matrix"]


def test_a_forced_run_runs_what_was_asked_for_and_nothing_else(project, run):
    run(Pretended())
    before, pages = snapshot(project.build / "pages"), Pretended()

    assert run(pages, "--force", "--only", "robbery").code == 0

    assert ran(pages) == ["robbery"]
    assert snapshot(project.build / "pages") == before


def test_damaged_pages_are_run_again_which_is_said_and_no_other_page_is(project, run):
    run(Pretended())
    whole = snapshot(project.build / "pages")
    kept = project.pages(2008, "ashby")
    (kept / "overview.json").write_text("{", encoding="utf-8")
    (kept / "robbery.ipynb").write_text("{", encoding="utf-8")
    (kept / "burglary.json").write_bytes(b"\xff")
    (kept / "sources.ipynb").unlink()
    record = json.loads((kept / "methods.json").read_text("utf-8"))
    (kept / "methods.json").write_text(json.dumps({**record, "format": 0}), encoding="utf-8")
    for file in (project.build / "code").iterdir():
        file.write_text("[]", encoding="utf-8")
    for file in (project.build / "durations").rglob("*.*"):
        file.write_text("nan", encoding="utf-8")
    (project.build / ".holder.json").write_text("[", encoding="utf-8")
    damages = {
        "overview": "damaged: the record is not whole",
        "burglary": "damaged: the record is not whole",
        "robbery": "damaged: the executed notebook is not the one that was recorded",
        "methods": "run by another version of the runner (format 0)",
        "sources": "lost: the executed notebook is not there",
    }
    pages = Pretended()

    said = run(pages)

    assert said.code == 0, said
    for page, words in damages.items():
        assert f"{WHERE}{page}: {words}; it is run again." in said.text
    assert ran(pages) == list(damages)
    assert snapshot(project.build / "pages") == whole


def test_a_page_that_fails_keeps_what_it_left_before_and_stops_who_reads_it_alone(project, run):
    run(Pretended())
    before = snapshot(project.build / "pages")
    project.append("data/topics.yml", "# Changed.\n")
    pages = Pretended(fails={"community", "robbery"})

    said = run(pages)

    assert said.code == 1
    assert is_readable(said), said
    assert "3 things are wrong" in said.text
    assert f"{WHERE}community: It fails." in said.text
    assert f"{WHERE}sources: not run, since community, robbery failed." in said.text
    changed = {name for name, _ in snapshot(project.build / "pages").items() - before.items()}
    as_before = [name for name in PAGES if f"ashby/2008/{name}.json" not in changed]
    assert as_before == ["robbery", "community", "sources"]


def test_a_failure_is_reported_even_where_its_log_cannot_be_written(project, run):
    run(Pretended(fails={"methods"}))
    log = project.build / "logs/ashby/2008/methods.log"
    assert log.read_text("utf-8") == "Why.\n"
    shutil.rmtree(project.build / "logs")
    (project.build / "logs").write_text("no folder", encoding="utf-8")

    said = run(Pretended(fails={"methods"}))

    assert said.code == 1
    assert is_readable(said), said
    assert f"{WHERE}methods: It fails." in said.text
    assert f"{WHERE}methods: its log could not be kept: " in said.text
    assert f"{WHERE}sources: not run, since methods failed." in said.text


def test_pages_run_for_another_borough_beside_those_of_the_editions_own(project, run):
    run(Pretended())
    own, pages = snapshot(project.pages(2008, "ashby")), Pretended()

    assert run(pages, "--area", "Burnham", "--only", "robbery").code == 0

    assert pages.executed == ["robbery"]
    record = project.record("robbery", 2008, "burnham")
    assert record["inputs"]["parameters"]["area"] == "Burnham"
    assert {finding["area"] for finding in record["findings"]} == {"Burnham"}
    assert snapshot(project.pages(2008, "ashby")) == own


# Templates that cannot be run


def parameters(template: str, old: str, new: str) -> Callable[[Copy], object]:
    return lambda project: project.edit(f"notebooks/{template}.ipynb", old, new)


def untagged(project: Copy) -> None:
    project.edit_notebook("topic", lambda cells: cells[1].update(metadata={}))


BAD_TEMPLATES: dict[str, tuple[Callable[[Copy], object], str]] = {
    # With a template's own defaults, every topic would be the same one.
    "no cell of parameters": (
        untagged,
        "notebooks/topic.ipynb: The template has no cell tagged 'parameters'",
    ),
    "two cells of parameters": (
        lambda project: project.edit_notebook(
            "community", lambda cells: cells.append({**cells[1], "id": "again"})
        ),
        "notebooks/community.ipynb: Cells 1 and 2 are both tagged 'parameters'.",
    ),
    "a parameter that it does not take": (
        parameters("topic", "area: str", "aera: str"),
        "notebooks/topic.ipynb: The template takes no parameter 'area'. Did you mean 'aera'?",
    ),
    "a parameter of another type": (
        parameters("community", "edition: int = 2008", "edition: str = '2008'"),
        "notebooks/community.ipynb: The parameter 'edition' is 2008, which is no str.",
    ),
    "no notebook": (
        lambda project: (project.notebooks / "community.ipynb").write_text("no JSON"),
        "notebooks/community.ipynb: Not a notebook",
    ),
    "no such template": (
        lambda project: (project.notebooks / "community.ipynb").unlink(),
        "notebooks/community.ipynb: There is no such template.",
    ),
}


@pytest.mark.parametrize("only", [(), ("--only", "sources")], ids=["all", "who reads it"])
@pytest.mark.parametrize("fault", BAD_TEMPLATES)
def test_a_template_that_cannot_be_run_stops_all_before_any_page_runs(project, run, fault, only):
    change, words = BAD_TEMPLATES[fault]
    change(project)
    pages = Pretended()

    said = run(pages, *only)

    assert said.code == 1
    assert is_readable(said), said
    assert words in said.text
    assert pages.executed == []


# One page alone


def test_a_page_alone_is_run_with_the_pages_that_it_reads(project, run):
    files = {"robbery": [YEARS]}
    run(Pretended(files=files))
    project.append(YEARS, "\n")
    change_template(project, "community")
    pages = Pretended(files=files, values={"robbery": 8.0})

    assert run(pages, "--only", "sources").code == 0

    assert ran(pages) == ["robbery", "community", "sources"]


def test_a_page_alone_is_not_called_up_to_date_while_a_page_that_it_reads_is_stale(project, run):
    run(Pretended())
    change_template(project, "topic")
    pages = Pretended()

    assert planned(project, "--only", "sources")[0] == "3 of 9 pages would run."
    assert run(pages, "--only", "sources").code == 0

    assert ran(pages) == OF_CRIME


def test_a_page_alone_that_was_never_run_runs_the_pages_whose_findings_it_asks_for(project, run):
    pages = Pretended(reads={"sources": ["robbery", "community"]})

    assert run(pages, "--only", "sources").code == 0

    assert ran(pages) == ["robbery", "community", "sources"]
    assert read_by(project, "sources") == ["community", "robbery"]


def test_a_chain_of_readings_is_planned_and_run_whole_when_its_end_alone_is_asked_for(project, run):
    """`sources` reads `community`, which reads what robbery finds."""
    reads = {"community": ["robbery"]}
    run(Pretended(reads=reads))
    change_template(project, "topic")

    plan = planned(project, "--only", "community")
    pages = Pretended(reads=reads)
    said = run(pages, "--only", "community", "--force")

    assert plan[0] == "1 of 2 pages would run."
    assert plan[-1] == f"{WHERE}community: runs too if the findings of robbery change"
    assert said.code == 0, said
    assert ran(pages) == ["robbery", "community"]


def test_a_topic_that_leaves_the_edition_leaves_its_readers_stale_and_the_run_goes_on(project, run):
    run(Pretended())
    project.edit("data/editions/2008.yml", "- robbery\n", "")
    pages = Pretended()

    assert re.findall(r"(\w+): findings of (\w+)", "\n".join(planned(project))) == [
        ("sources", "robbery")
    ]
    assert run(pages).code == 0

    assert ran(pages) == ["sources"]
    assert "robbery" not in read_by(project, "sources")


# Pages that read each other


@pytest.mark.parametrize("before", ["it was run before", "nothing was run before"])
def test_pages_that_read_each_other_are_refused_by_name_and_the_others_run(project, run, before):
    run(Pretended())
    change_template(project, "community")
    change_template(project, "topic")
    if before == "nothing was run before":
        shutil.rmtree(project.build)
    pages = Pretended(reads={"community": ["sources"]})

    said = run(pages)

    assert said.code == 1, said
    assert is_readable(said), said
    circle = re.search(r"read each other's findings: ([^.]+)\.", said.text)[1]
    assert {each.removeprefix(WHERE) for each in circle.split(" → ")} == {"community", "sources"}
    others = [page for page in PAGES if page not in ("community", "sources")]
    assert ran(pages) == (OF_CRIME if before == "it was run before" else others)


def test_a_reading_that_is_turned_round_is_no_circle(project, run):
    """`sources` read `community` when it was last run; now that reads `sources`."""
    run(Pretended())
    change_template(project, "sources")
    change_template(project, "community")

    said = run(Pretended(reads={"sources": [], "community": ["sources"]}))

    assert said.code == 0, said
    assert read_by(project, "sources") == []
    assert read_by(project, "community") == ["sources"]
    assert planned(project) == ["0 of 9 pages would run."]


def test_findings_of_a_page_that_does_not_exist_are_answered_with_the_nearest(project):
    view = open_edition("community", edition=2008, area="Ashby", project=project).view

    with pytest.raises(KingstonError, match=r"no page 'robery'\. Did you mean 'robbery'\?"):
        view.findings("robery")
