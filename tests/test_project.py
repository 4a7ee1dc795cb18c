"""A project: found from where one stands, sent by its root, with what this process knows of it."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

import pytest
import yaml
from small_project import BOROUGHS, as_run, pages_as_run, small_project
from tables_fixture import PROJECT

from kingston_analysis import cli
from kingston_analysis.book.assemble import assemble
from kingston_analysis.book.books import Book, book_key
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.topics import load_topics
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.notebook import open_topic
from kingston_analysis.project import VARIABLE, Project, names_in
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import pages_named
from kingston_analysis.records.upstream import upstream_findings


class Noted:
    """Reads a project for others, and keeps the names of what was read."""

    def __init__(self, project: Project) -> None:
        self.root, self.read_names = project.root, set()

    def read(self, name: str) -> bytes:
        self.read_names.add(name)
        return (self.root / name).read_bytes()

    def names(self, folder: str, pattern: str) -> list[str]:
        self.read_names.add(f"{folder}/{pattern}")
        return names_in(self.root / folder, pattern)

    def note(self, kind: str, name: str, value: str) -> None:
        pass


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


# Where it is


def test_a_project_is_found_from_itself_and_from_every_folder_in_it(project):
    for place in (project.root, project.notebooks, project.tables):
        assert Project.find(place) == project


def test_the_project_is_the_one_in_which_one_stands(project, monkeypatch):
    monkeypatch.chdir(project.notebooks)
    assert Project.find() == project


def test_the_environment_names_the_project_to_who_stands_elsewhere(project, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, str(project.root))
    assert Project.find() == project
    with pytest.raises(KingstonError, match="is in no project"):
        Project.find(tmp_path)
    monkeypatch.chdir(PROJECT.data)
    assert Project.find() == PROJECT


@pytest.mark.parametrize("part", ["data", "notebooks", "book"])
def test_a_folder_without_one_of_the_three_is_no_project(project, part):
    (project.root / part).rename(project.root / "elsewhere")
    with pytest.raises(KingstonError, match=f"is in no project.*{part}/.*--project DIR"):
        Project.find(project.root)
    with pytest.raises(KingstonError, match=f"no project at {project.root}.*{part}/"):
        Project.at(project.root)


def test_a_folder_inside_a_project_is_none_itself(project):
    with pytest.raises(KingstonError, match="There is no project at"):
        Project.at(project.data)


def test_a_problem_names_its_file_from_the_root_of_its_own_project(project, tmp_path):
    assert str(Problem("Wrong.", project.tables / "x.csv", 3)) == "data/tables/x.csv:3: Wrong."
    assert str(Problem("Wrong.", tmp_path / "x.csv")) == f"{tmp_path.as_posix()}/x.csv: Wrong."


# What it is to others


def test_projects_of_one_root_are_equal_and_go_elsewhere_as_their_root(project):
    project.upstream_findings = {"overview": []}
    project.read_through(Noted(project))

    arrived = pickle.loads(pickle.dumps(project))

    assert arrived == project
    assert hash(arrived) == hash(project)
    assert (arrived.upstream_findings, arrived.is_of_a_page) == ({}, False)
    assert arrived != PROJECT


# What this process knows of it


def test_all_that_a_view_reads_is_noted_by_its_project_alone(project):
    noted = Noted(project)
    project.read_through(noted)
    other = Project(project.root)

    def newest(project: Project) -> str:
        view = open_topic(edition=2008, area="Ashby", topic="robbery", project=project).view
        return view.primary.latest

    assert newest(other) == "2006/07"
    assert noted.read_names == set()
    assert newest(project) == "2006/07"

    assert {"data/editions/2008.yml", "data/topics.yml", "data/areas.yml"} < noted.read_names
    assert {"data/tables/offences_year.csv", "data/tables/offences_year.*"} < noted.read_names


def test_what_is_read_twice_is_parsed_once_until_its_bytes_are_others(project):
    table, topics = load(project, "population"), load_topics(project)
    assert load(project, "population").meta is table.meta
    assert load_topics(project)["robbery"] is topics["robbery"]
    assert load_topics(Project(project.root))["robbery"] is not topics["robbery"]

    file = project.data / "topics.yml"
    file.write_text(file.read_text("utf-8").replace("Made up.", "Invented."), encoding="utf-8")
    assert load_topics(project)["robbery"].about == "Invented."


def test_a_table_is_checked_anew_when_a_place_is_no_more(project):
    load(project, "population")
    file = project.data / "areas.yml"
    content = yaml.safe_load(file.read_text("utf-8"))
    content["boroughs"] = [each for each in content["boroughs"] if each["name"] != "Dale"]
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(KingstonError, match=r"'Dale' is not a name in data/areas\.yml"):
        load(project, "population")


def test_a_held_list_is_nobodys_to_change(project):
    load_areas(project).borough_names.clear()
    load_topics(project).clear()
    assert load_areas(project).borough_names == list(BOROUGHS)
    assert len(load_topics(project)) == 3


# Joins, on a project whose every number is in sight


def test_nothing_is_wrong_with_the_small_project(project):
    assert data_problems(project) == []


def test_a_view_sees_the_figures_of_its_edition_area_and_topic(project):
    view = open_topic(edition=2008, area="Burnham", topic="burglary", project=project).view
    # Twice 120 in 2002/03, and 24 more a year; 2006/07 is the last that had ended.
    assert view.primary.own["value"].to_dict() == {
        "2002/03": 240,
        "2003/04": 264,
        "2004/05": 288,
        "2005/06": 312,
        "2006/07": 336,
    }
    assert view.primary.latest == "2006/07"
    earlier = open_topic(edition=2007, area="Burnham", topic="burglary", project=project).view
    assert earlier.primary.latest == "2005/06"


def test_a_page_is_stale_when_what_it_read_or_another_found_is_another(project):
    pages_as_run(project)
    [overview, robbery] = pages_named(project, ["overview", "robbery"], 2008, "Ashby")
    as_run(robbery, ["data/topics.yml"], reads=["overview"])
    assert changes(robbery, Now(project)) == []

    as_run(overview, ["data/topics.yml"], value=8.0)
    assert [each.what for each in changes(robbery, Now(project))] == ["findings of overview"]
    (project.data / "topics.yml").open("a").write("# More.\n")
    changed = [each.what for each in changes(robbery, Now(project))]
    assert changed == ["data/topics.yml", "findings of overview"]


def test_pages_of_two_areas_of_one_edition_stand_beside_each_other(project):
    own, other = (pages_as_run(project, area=area) for area in ("Ashby", "Burnham"))
    now = Now(project)
    assert [changes(page, now) for page in (*own, *other)] == [[]] * len(own + other)
    folders = {page.executed.parent.relative_to(project.build).as_posix() for page in own + other}
    assert folders == {"pages/ashby/2008", "pages/burnham/2008"}


def test_findings_of_the_last_run_are_given_until_something_changed(project):
    pages_as_run(project)
    [found] = upstream_findings(project, ["robbery"], 2008, "Ashby")
    assert (found.page, found.value) == ("robbery", 7.0)

    (project.data / "topics.yml").open("a").write("# More.\n")
    with pytest.raises(KingstonError, match=r"changed since: robbery\. Run .*--area 'Ashby'"):
        upstream_findings(project, ["robbery"], 2008, "Ashby")


def test_a_page_that_runs_gets_the_findings_that_its_project_was_given(project):
    pages_as_run(project)
    project.read_through(Noted(project))
    with pytest.raises(KingstonError, match=r"Not run yet: robbery\."):
        upstream_findings(project, ["robbery"], 2008, "Ashby")
    project.upstream_findings = {"robbery": []}
    assert upstream_findings(project, ["robbery"], 2008, "Ashby") == []


@pytest.mark.parametrize("area", ["Ashby", "Burnham"])
def test_a_book_is_assembled_from_its_pages_at_its_own_address(project, area):
    pages = pages_as_run(project, area=area)
    book = Book(project, load_edition(project, 2008), area)

    assert assemble(book) == 0

    assert book.folder == project.build / "book" / area.lower() / "2008"
    found = json.loads((book.folder / "_extra/findings.json").read_text("utf-8"))
    assert [each["page"] for each in found] == [
        page.name for page in pages if page.name != "matrix"
    ]
    about = json.loads((book.folder / "_extra/edition.json").read_text("utf-8"))
    assert (about["year"], about["area"], about["plan"]) == (2008, area, None)
    contents = yaml.safe_load((book.folder / "_toc.yml").read_text("utf-8"))
    listed = [each["file"] for each in contents["parts"][0]["chapters"]]
    once = ["matrix", "progress", "changed", "community", "methods", "sources"]
    names = ["overview", "burglary", "robbery", *once]
    assert listed == [f"evidence/{each}" for each in names]


def test_the_key_of_a_book_is_that_of_its_edition_and_area(project):
    edition = load_edition(project, 2008)
    books = [Book(project, edition, area) for area in ("Ashby", "Burnham")]
    for book in books:
        pages_as_run(project, area=book.area)
    first, second = (book_key(book, Now(project)) for book in books)
    assert first != second

    (project.narrative / "index.md").write_text("# Another\n", encoding="utf-8")
    assert book_key(books[0], Now(project)) != first


# On the command line


def said_by(capsys, monkeypatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["kingston", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr()
    return end.value.code or 0, " ".join((said.out + said.err).split())


@pytest.mark.parametrize(
    "arguments",
    ["--project {} check data", "check --project {} data", "check data --project={}"],
)
def test_the_project_may_be_named_anywhere_and_from_anywhere(
    arguments, project, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    upstream_findings = [each.format(project.root) for each in arguments.split()]
    code, said = said_by(capsys, monkeypatch, *upstream_findings)
    assert (code, said) == (0, "Checked: data. Nothing is wrong.")


def test_outside_a_project_every_command_says_so(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for command in ("run", "explain", "build", "review", "serve", "tables", "check", "verify"):
        code, said = said_by(capsys, monkeypatch, command)
        assert code == 1
        assert said.startswith(f"kingston: {tmp_path} is in no project.")
        assert "--project DIR" in said


def test_a_named_folder_that_is_no_project_is_refused(capsys, monkeypatch, project):
    monkeypatch.chdir(project.root)
    code, said = said_by(capsys, monkeypatch, "tables", "--project", "data")
    assert (code, said.split(".")[0]) == (1, f"kingston: There is no project at {project.data}")


def test_a_project_without_a_name_is_asked_for(capsys, monkeypatch, project):
    monkeypatch.chdir(project.root)
    code, said = said_by(capsys, monkeypatch, "tables", "--project")
    assert code == 2
    assert "--project" in said


def test_help_needs_no_project(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, said = said_by(capsys, monkeypatch, "run", "--help")
    assert code == 0
    assert "Run the evidence pages" in said
