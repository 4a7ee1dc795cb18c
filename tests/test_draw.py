"""Drawings are kept, and used only where they are as they were drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from kingston_analysis.book.draw import (
    WIDTHS,
    draw_all,
    drawing_file,
    read_drawing,
    specification_hash,
)
from kingston_analysis.errors import KingstonError


def bars(value: int) -> dict:
    return {
        "data": {"values": [{"year": "2006/07", "offences": value}]},
        "mark": "bar",
        "encoding": {"x": {"field": "offences", "type": "quantitative"}},
    }


OWN, OTHER = bars(3), bars(4)
NAME = specification_hash(OWN)


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    assert draw_all([OWN, OTHER], tmp_path) == []
    return tmp_path


SPOILT = {
    "changed": lambda own: own.replace(b"<svg ", b"<svg onload='x()' ", 1),
    "empty": lambda own: own[:0],
    "cut off": lambda own: own[:-20],
    "without its hash": lambda own: own.split(b"\n", 1)[1],
    "no text": lambda own: b"\xff" + own,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_drawing_that_is_not_as_it_was_drawn_is_refused_and_drawn_again(drawn, spoil):
    file = drawing_file(drawn, NAME, "wide")
    own = file.read_bytes()
    file.write_bytes(spoil(own))

    with pytest.raises(KingstonError, match=r"not as it was drawn.*Run `kingston build`"):
        read_drawing(drawn, NAME, "wide")
    assert draw_all([OWN, OTHER], drawn) == [file]
    assert file.read_bytes() == own


@pytest.mark.parametrize(("name", "width"), [(specification_hash(OTHER), "wide"), (NAME, "narrow")])
def test_one_drawing_does_not_pass_for_another(drawn, name, width):
    file = drawing_file(drawn, NAME, "wide")
    own = file.read_bytes()
    file.write_bytes(drawing_file(drawn, name, width).read_bytes())

    with pytest.raises(KingstonError):
        read_drawing(drawn, NAME, "wide")
    assert draw_all([OWN, OTHER], drawn) == [file]
    assert file.read_bytes() == own


def test_a_drawing_that_is_gone_is_drawn_without_a_word_and_refused_until_then(drawn):
    file = drawing_file(drawn, NAME, "wide")
    file.unlink()

    with pytest.raises(KingstonError, match="missing"):
        read_drawing(drawn, NAME, "wide")
    assert draw_all([OWN], drawn) == []
    assert read_drawing(drawn, NAME, "wide")


def test_what_is_kept_is_not_drawn_again_and_is_read_without_its_hash(drawn):
    before = {file: file.stat().st_mtime_ns for file in drawn.iterdir()}
    assert draw_all([OWN, OTHER], drawn) == []
    assert {file: file.stat().st_mtime_ns for file in drawn.iterdir()} == before
    assert all(read_drawing(drawn, NAME, width).startswith("<svg ") for width in WIDTHS)
