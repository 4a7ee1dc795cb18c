"""What written texts may ask of the book: roles and directives by a list, with their line."""

from __future__ import annotations

import json

import pytest
import yaml
from docutils.parsers.rst import directives
from small_project import small_project

from kingston_analysis.book.page_markup import markup_problems
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.markup import DIRECTIVES, ROLES, field_faults, page_faults
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path / "project")


def told(faults):
    return [(each.line, each.what, each.remedy) for each in faults]


def test_a_page_may_use_what_is_on_the_list():
    text = "# It\n\n{number}`overview.count` and {term}`x`\n\n:::{with-plan}\nx\n:::\n"

    assert told(page_faults(text)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("```{raw} html\n<b>\n```", "The directive 'raw' may not be used here."),
        ("~~~ {include} x\n~~~", "The directive 'include' may not be used here."),
        (":::::{eval-rst}\n:::::", "The directive 'eval-rst' may not be used here."),
        ("- ```\u00a0{code-cell}\n  ```", "The directive 'code-cell' may not be used here."),
        ("> > :::{math}\n", "The directive 'math' may not be used here."),
        ("so {download}`x`", "The role 'download' may not be used here."),
        ("so {std:doc}`x`", "The role 'std:doc' may not be used here."),
        ("so {eval}``x``", "The role 'eval' may not be used here."),
    ],
)
def test_anything_else_is_refused_wherever_it_stands(text, what):
    assert [(each.line, each.what) for each in page_faults(f"# It\n\n{text}")] == [(3, what)]


def test_the_nearest_that_is_allowed_is_named():
    assert told(page_faults("{numbr}`x`")) == [
        (1, "The role 'numbr' may not be used here.", "Did you mean 'number'?")
    ]


def test_a_page_may_not_begin_with_settings_of_the_parser():
    [(line, what, remedy)] = told(page_faults("---\nmyst:\n  disable_syntax: []\n---\n# It\n"))

    assert (line, remedy) == (1, "Remove all from `---` to `---`.")
    assert "block of settings" in what


def test_a_text_of_the_data_may_name_a_term_or_a_claim_alone():
    assert told(field_faults("{term}`x <y>` and {claim}`z`, {a}, 1 < 2, <b>")) == []
    assert told(field_faults("\n{number}`x`"))[0][:2] == (
        2,
        "The role 'number' may not be used here.",
    )
    assert told(field_faults(":::{with-plan}\n:::")) == [
        (1, "The directive 'with-plan' may not be used here.", "Write it as plain text.")
    ]


def test_a_yaml_file_is_refused_with_line_and_column_of_the_text(project):
    file = project.data / "areas.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["boroughs"][1]["name"] = "{raw}`<script>`"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    with pytest.raises(KingstonError, match=r"data/areas.yml:6:9: The role 'raw' may not be used"):
        load_areas(project)


def test_pages_and_notebooks_of_a_project_are_looked_at(project: Project):
    assert list(markup_problems(project)) == []
    (project.narrative / "index.md").write_text("# It\n\n{raw}`x`\n", encoding="utf-8")
    (project.narrative / "more.rst").write_text(".. raw:: html\n", encoding="utf-8")
    notebook = project.notebooks / "topic.ipynb"
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"][0]["source"] = ["# It\n", "\n", ":::{raw} html\n", ":::"]
    content["cells"].append({"cell_type": "raw", "metadata": {}, "source": "<b>"})
    content["cells"][0]["attachments"] = {"x.svg": {"image/svg+xml": "<svg/>"}}
    notebook.write_text(json.dumps(content), encoding="utf-8")

    last = len(content["cells"])
    assert [
        str(each).partition(" Did")[0].partition(" Known")[0] for each in markup_problems(project)
    ] == [
        "book/index.md:3: The role 'raw' may not be used here.",
        "book/more.rst: A page of the book is written in Markdown, and more.rst is not. "
        "Write it as .md, or keep it in book/_static.",
        "notebooks/topic.ipynb: Cell 1 has a file attached. Show a chart by `page.figure`.",
        "notebooks/topic.ipynb: Cell 1, line 3: The directive 'raw' may not be used here.",
        f"notebooks/topic.ipynb: Cell {last} is raw, which no page shows. "
        "Make it a cell of Markdown or of code.",
    ]


def test_every_name_on_the_list_is_one_that_the_book_knows():
    """Ours are registered by the extension; `doc`, `term` and `glossary` are Sphinx's own."""
    registered: dict[str, set[str]] = {"role": set(), "directive": set()}

    class Noting:
        def add_role(self, name, *_, **__):
            registered["role"].add(name)

        def add_directive(self, name, *_, **__):
            registered["directive"].add(name)

        def add_node(self, *_, **__): ...

        def connect(self, *_, **__): ...

        def add_css_file(self, *_, **__): ...

        def add_js_file(self, *_, **__): ...

    from kingston_analysis.book.extension import setup

    setup(Noting())
    assert registered["role"] | {"doc", "term"} == ROLES
    assert registered["directive"] | {"glossary", "table"} == DIRECTIVES
    assert "table" in directives._directive_registry
