"""Every sentence that the code writes has a shape that was read aloud and kept."""

from __future__ import annotations

import re
import shutil

import pytest
from sentence_shapes import LISTED, shapes
from system_project import GUARD, Copy, copy_project
from tables_fixture import PROJECT

from kingston_analysis.data.editions import edition_years


def listed() -> set[str]:
    return set(re.findall(r"^- (.+)$", LISTED.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Publish all editions; what is built already is fresh there, too."""
    made = copy_project(tmp_path_factory.mktemp("whole") / "project", all_editions())
    if PROJECT.build.is_dir():
        shutil.copytree(PROJECT.build, made.build)
    said = made.kingston("build", "--jobs", "2", seconds=GUARD)
    assert said.code == 0, said
    return made


def all_editions() -> dict[int, None]:
    return dict.fromkeys(edition_years(PROJECT))


@pytest.mark.slow
def test_every_generated_sentence_has_a_shape_that_was_read(whole):
    found = shapes(sorted(whole.site.rglob("*.html")), whole.root)
    assert len(found) > 300
    new = [f"{shape}\n  {example}" for shape, example in found.items() if shape not in listed()]
    assert not new, "\n".join(new)
    assert not listed() - found.keys()


@pytest.mark.parametrize(
    ("html", "shape"),
    [
        (
            "<p>Robberies fell by 3.5%, from 1,503 in 1999/00 to 939 in 2003/04.</p>",
            "{name} {way} by {n}, from {n} in {year} to {n} in {year}.",
        ),
        ("<p>It is the second lowest rate of 32.</p>", "It is the {rank} rate of {n}."),
        ("<td>Three of them, in May 2010, stand out.</td>", "{n} of them, in {month}, stand out."),
    ],
)
def test_names_numbers_and_periods_are_taken_out_of_a_sentence(html, shape, tmp_path):
    page = tmp_path / "page.html"
    body = f"<table><tr>{html}</tr></table>" if html.startswith("<td") else html
    page.write_text(f"<nav><p>Home is here.</p></nav><article>{body}</article>", encoding="utf-8")
    assert list(shapes([page], PROJECT.root)) == [shape]


def test_what_a_person_wrote_is_no_generated_sentence(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "<article><p>Breaking into a home or another building, usually to steal.</p></article>",
        encoding="utf-8",
    )
    assert shapes([page], PROJECT.root) == {}
