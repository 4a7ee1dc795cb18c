"""The code behind a page: what its template imports, found without running it."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kingston_analysis
from kingston_analysis.records.code import Package, imported_names

HOUSE = Path(kingston_analysis.__file__).parent


@pytest.fixture
def package(tmp_path):
    """Make a package: a leads to b and, inside a function, to d; c stands alone."""
    texts = {
        "__init__.py": "",
        "a.py": "from small.rooms import b\n\ndef late():\n    import small.rooms.d as deep\n",
        "c.py": "import json\n",
        "rooms/__init__.py": "",
        "rooms/b.py": "VALUE = 1\n",
        "rooms/d.py": "from small.rooms.b import (\n    VALUE,  # a comment, with words\n)\n",
        "rooms/html/page.j2": "<p></p>\n",
    }
    for name, text in texts.items():
        file = tmp_path / "small" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Package(tmp_path / "small")


def test_a_module_brings_what_it_imports_and_what_stands_above_and_beside_it(package):
    of_b = ["__init__.py", "rooms/__init__.py", "rooms/b.py", "rooms/html/page.j2"]
    assert list(package.closure(["from small.rooms.b import VALUE"])) == of_b


def test_imports_inside_functions_count(package):
    assert "rooms/d.py" in package.closure(["import small.a"])


def test_what_nothing_imports_is_no_part_of_it(package):
    assert "c.py" not in package.closure(["import small.a", "import pandas as pd"])


def test_what_is_no_part_of_the_package_is_left_out(package):
    assert package.closure(["import pandas as pd", "from os import path"]) == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import one.two, three as four", {"one.two", "three"}),
        (
            "from one import two as three, four",
            {"one", "one.two", "one.as", "one.three", "one.four"},
        ),
        ("from one import (\n    two,\n    three,\n)", {"one", "one.two", "one.three"}),
        ("x = 1  # import nothing", set()),
        ("important = 1", set()),
    ],
)
def test_every_form_of_import_is_read(code, expected):
    assert set(imported_names(code)) == expected


def test_it_misses_nothing_that_a_parser_finds_in_the_house():
    graph = grimp.build_graph("kingston_analysis", cache_dir=None)
    package = Package(HOUSE)
    for module in sorted(graph.modules):
        found = {
            f"kingston_analysis.{file.removesuffix('.py').replace('/', '.')}"
            for file in package.closure([f"import {module}"])
        }
        found |= {name.removesuffix(".__init__") for name in found}
        missed = (graph.find_upstream_modules(module) | {module}) - found
        assert not missed, f"{module} imports {sorted(missed)}"


@given(st.text())
def test_no_text_is_too_odd_to_be_read(text):
    assert all(isinstance(name, str) for name in imported_names(text))
