"""What `docs/ingest.md` says of sources, rules, metadata and commands is so."""

from __future__ import annotations

import re

import pytest
import yaml
from guard_fixture import let_pass
from ingest_fixture import INGEST, examined
from tables_fixture import PROJECT, sound_project

from kingston_analysis.commands.checks import data_problems
from kingston_analysis.commands.ingesting import ingest_files
from kingston_analysis.data.ingest.found import Choices
from kingston_analysis.data.ingest.sources import TIDY, load_layouts, source_names
from kingston_analysis.data.tables.metadata import Metadata

DOCUMENT = (PROJECT.root / "docs" / "ingest.md").read_text(encoding="utf-8")
RULE = re.compile(r"\[([a-z-]+)\]")


def test_every_rule_that_is_told_is_listed():
    expected = (each.read_text(encoding="utf-8") for each in INGEST.rglob("expected.txt"))
    told = {rule for text in expected for rule in RULE.findall(text)}
    assert len(told) > 25
    assert [rule for rule in sorted(told) if f"`{rule}`" not in DOCUMENT] == []


def test_every_source_has_its_command():
    assert len(source_names(PROJECT)) > 5
    for source in source_names(PROJECT):
        assert f"kingston ingest {source} " in DOCUMENT


@pytest.mark.parametrize("source", [each for each in source_names(PROJECT) if each != TIDY])
def test_a_source_fills_what_its_table_requires(source):
    for layout in load_layouts(PROJECT, source):
        assert f"`{layout.table}`" in DOCUMENT
        file = PROJECT.tables / f"{layout.table}.yml"
        if not file.exists():
            continue
        meta = Metadata.model_validate(yaml.load(file.read_text("utf-8"), yaml.BaseLoader))
        made = {meta.span.column, meta.value} if layout.across else set()
        wanted = {each.name for each in meta.columns if not each.nullable}
        assert wanted - made <= layout.columns.keys()


def test_the_metadata_that_it_prints_are_read_and_take_an_archive(tmp_path):
    [block] = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    project = sound_project(tmp_path / "project")
    (project.data / "ingest").mkdir()
    for name in ("police-uk.yml",):
        text = (PROJECT.data / "ingest" / name).read_text(encoding="utf-8")
        (project.data / "ingest" / name).write_text(text, encoding="utf-8")
    (project.tables / "police_uk_street_month.yml").write_text(block, encoding="utf-8")
    rules = "none: Made up for the tests.\n"
    (project.data / "rules" / "police_uk_street_month.yml").write_text(rules, encoding="utf-8")

    street = "Crime ID,Month,LSOA code,Crime type\na,2016-04,E01,Burglary\nb,2016-04,E01,Burglary\n"
    found = examined(project, tmp_path / "in", {"2016-04-force-street.csv": street})
    assert [fault.text() for fault in found.faults] == []
    assert found.tables[0].frame["incidents"].tolist() == [2]


def test_a_table_that_was_taken_in_is_one_that_every_build_takes(tmp_path):
    project = sound_project(tmp_path / "project")
    let_pass(project)
    assert data_problems(project) == []
    table = (project.tables / "offences.csv").read_text(encoding="utf-8")
    (tmp_path / "offences.csv").write_text(table.replace(",120", ",121"), encoding="utf-8")

    ingest_files(project, [TIDY, str(tmp_path / "offences.csv")], Choices(), dry_run=False)

    assert (project.tables / "offences.csv").read_text(encoding="utf-8").count(",121\n") == 1
    assert data_problems(project) == []
