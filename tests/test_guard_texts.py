"""Every text that people write for readers is found, in whatever file and field it stands."""

from __future__ import annotations

import json
from typing import Annotated, Literal, get_args

import pytest
from tables_fixture import PROJECT, sound_project

from kingston_analysis.book.guard.check import guard_problems
from kingston_analysis.book.guard.printed_texts import Passage, printed_texts, texts_in
from kingston_analysis.data.names import NOT_PROSE, TESTED, Key
from kingston_analysis.data.topics import load_topics
from kingston_analysis.data.yaml_models import Known, Strict
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project
from kingston_analysis.results import Gap


class Inner(Strict):
    about: str
    id: Key


class Outer(Strict):
    title: str
    table: Annotated[str, NOT_PROSE]
    kind: Literal["one kind"]
    by_key: dict[Key, str | int]
    by_text: dict[str, Key]
    claim: Annotated[str, TESTED] = "tested"
    inner: tuple[Inner, ...] = ()
    columns: Key | list[Key] | None = None
    known: Known[tuple[str, ...]] = ()
    owner: Known[Key] = "an id"


OUTER = Outer(
    title="a title",
    table="a table",
    kind="one kind",
    inner=(Inner(about="about it", id="an id"),),
    by_key={"a key": "a value", "another": 3},
    by_text={"a label": "a column"},
    columns=["x", "y"],
    known=Gap("It is not known."),
    owner=Gap("There is none."),
)


def test_every_text_of_a_model_is_prose_unless_its_type_says_otherwise():
    assert list(texts_in(OUTER, Outer)) == [
        ("a title", ("title",), False),
        ("a value", ("by_key", "a key"), False),
        ("a label", ("by_text", "a label"), False),
        ("tested", ("claim",), True),
        ("about it", ("inner", 0, "about"), False),
        ("It is not known.", ("known", "not_available"), False),
        ("There is none.", ("owner", "not_available"), False),
    ]


def of(project: Project, *parts: str) -> list[Passage]:
    file = project.root.joinpath(*parts)
    return [each for each in printed_texts(project) if each.file == file]


@pytest.mark.parametrize(
    ("file", "keys"),
    [
        ("data/topics.yml", (0, "about")),
        ("data/topics.yml", (0, "not_held", 0)),
        ("data/hypotheses.yml", ("violence-local-work", "expect")),
        ("data/judgements/2011.yml", ("topics", "violence-against-the-person", "generator", "why")),
        ("data/editions/2008.yml", ("community", "known", 0)),
        ("data/surveys.yml", (0, "about")),
        ("data/law.yml", (0, "asks")),
        ("data/tables/recorded_crime_year.yml", ("caveats", 0)),
        ("data/tables/recorded_crime_year.yml", ("breaks", 0, "what")),
        ("data/plans/2008-11/themes.yml", (0, "narrative", 0)),
        ("data/plans/2008-11/themes.yml", (0, "objectives", 0, "owner", "not_available")),
        ("data/plans/2008-11/strategy.yml", ("measures", 0, "text")),
        ("data/plans/2008-11/glossary.yml", (0, "text")),
        ("data/plans/2008-11/decisions.yml", ("decisions", 0, "reason")),
        ("data/plans/2008-11/matrix.yml", ("headings", 0, "asks")),
        ("data/plans/2008-11/coverage.yml", ("last-years-plan", 0, "says")),
        ("book/_toc.yml", ("parts", 0, "caption")),
    ],
)
def test_the_texts_of_ours_are_found(file, keys):
    assert keys in {each.keys for each in of(PROJECT, *file.split("/"))}


def test_the_sentence_of_a_claim_is_found_as_tested_and_why_there_is_no_test_as_prose():
    found = {each.keys: each.tested for each in of(PROJECT, "data/plans/2008-11/claims.yml")}
    assert found[0, "text"]
    assert not found[5, "test", "reason"]


def test_ids_paths_periods_and_values_of_tables_are_no_prose():
    keys = [each.keys for each in printed_texts(PROJECT)]
    names = {next((k for k in reversed(each) if isinstance(k, str)), "") for each in keys}
    assert not names & {"table", "select", "from", "hash", "code", "topic", "column"}


def test_cells_of_named_notebooks_are_found_and_what_is_written_in_their_code(tmp_path):
    project = sound_project(tmp_path)
    cells = [
        {"cell_type": "markdown", "source": ["# Theft\n", "It rose."]},
        {"cell_type": "code", "source": "page.figure(chart, heading='Theft rose by half', id='x')"},
        {"cell_type": "code", "source": "%magic"},
    ]
    for name in ("own", "draft"):
        file = project.notebooks / f"{name}.ipynb"
        file.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert of(project, "notebooks", "own.ipynb") == []
    with (project.data / "editions/2007.yml").open("a", encoding="utf-8") as edition:
        edition.write("pages: [own]\n")
    found = of(project, "notebooks", "own.ipynb")
    assert [(each.text, each.cell) for each in found] == [
        ("# Theft\nIt rose.", 1),
        ("Theft rose by half", 2),
    ]
    assert of(project, "notebooks", "draft.ipynb") == []
    [title, _] = [str(each) for each in guard_problems(project, {}) if "Cell 1" in each.what]
    assert title.startswith("notebooks/own.ipynb: Cell 1, line 1: 'Theft': not in the vocabulary.")


def test_nothing_in_ours_is_held_up():
    assert [str(each) for each in guard_problems(PROJECT, load_topics(PROJECT))] == []


@pytest.mark.parametrize("name", ["vocabulary.yml", "exceptions.yml"])
def test_without_its_files_nothing_is_let_pass(name, tmp_path):
    project = sound_project(tmp_path)
    (project.data / name).unlink()
    with pytest.raises(KingstonError, match=rf"{name}: There is no such file"):
        list(guard_problems(project, {}))


def test_every_mark_says_why():
    assert all(each.why for each in (*get_args(Key)[1:], TESTED) if each is NOT_PROSE)
