"""Tables in our own columns, taken in again: what they hold comes out as it was."""

from __future__ import annotations

import pytest
from ingest_fixture import ingest_project
from tables_fixture import PROJECT
from typer.testing import CliRunner

from kingston_analysis.cli import app
from kingston_analysis.data.tables.load import data_file, load
from kingston_analysis.data.tables.metadata import load_metadata, table_names
from kingston_analysis.project import Project

OBSERVED = [
    name for name in table_names(PROJECT) if load_metadata(PROJECT, name).role == "observation"
]


def taken(project: Project, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["--project", str(project.root), "ingest", "tidy", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("name", OBSERVED)
def test_every_table_of_the_project_is_what_it_comes_to(name):
    said = taken(PROJECT, str(data_file(PROJECT, name)), "--table", name, "--dry-run")
    assert f"{name}: the files hold what the table holds; nothing is to be written." in said


def test_a_year_that_is_a_number_is_a_period_like_others(tmp_path):
    project = ingest_project(tmp_path / "project")
    held = load(project, "population").frame
    file = tmp_path / "population.csv"
    held.assign(population=held["population"] + 10).to_csv(file, index=False)
    said = taken(project, str(file), "--table", "population")
    assert f"of {len(held)} figures in the periods that both have, {len(held)} differ" in said
    assert load(Project(project.root), "population").frame["population"].sum() == (
        held["population"].sum() + 10 * len(held)
    )


def test_what_it_revised_is_told_by_years_that_are_numbers(tmp_path):
    project = ingest_project(tmp_path / "project")
    held = load(project, "population").frame
    file = tmp_path / "population.csv"
    held.assign(population=held["population"] + 10).to_csv(file, index=False)
    taken(project, str(file), "--table", "population")
    command = ["--project", str(project.root), "revisions", "population"]
    done = CliRunner().invoke(app, command)
    # Three boroughs in each of two years, each with ten residents more.
    assert "+60 in all." in done.stdout
    assert "    2006: 3 cells, +30 in all, 30 up and down" in done.stdout
