"""The golden master: two states of a build are told apart at three levels, and by place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).with_name("golden")
PAGE, SITE_PAGE = "pages/2010/ashby/robbery", "site/2010/robbery.html"
CHART = "application/vnd.vegalite.v5+json"
WORDS = "120 robberies were recorded."
TABLE = "<table><caption>By year</caption><tr><th>2008/09<td>{count}</table>"
HTML = (
    """<title>Robbery</title><style>p {{color: red}}</style>
<p>{words} <b>More</b>   follows.</p>"""
    + TABLE
    + """
<svg class="marks"><g><text x="1">{label}</text></g></svg>
<dl><dt>Code version</dt><dd>source tree {code}</dd></dl>"""
)


def build(root: Path, **changed: Any) -> Path:
    """Write a small build folder: one page of one topic, and its site; of which some is changed."""
    of: dict[str, Any] = {"value": 120, "words": WORDS, "mark": "bar", "label": "2008/09"}
    of |= {"count": 120, "heading": "Robbery fell", "code": "abc123", "csv": 120, "pdf": "%PDF 1"}
    of |= {"names": ("count", "rate")}
    of |= changed
    folder = root / "_build"
    page, site = folder / PAGE, folder / "site" / "2010"
    page.parent.mkdir(parents=True)
    site.mkdir(parents=True)
    table = {
        "caption": "By year",
        "headings": [{"title": "Year"}],
        "rows": [["2008/09", of["count"]]],
    }
    about = {"figure": "years", "heading": of["heading"], "alternative": "Bars.", "table": table}
    outputs = [
        {"data": {"text/markdown": of["words"]}},
        {"data": {CHART: {"mark": of["mark"], "usermeta": about}, "text/plain": "a chart"}},
    ]
    cells = [{"cell_type": "code", "source": "", "outputs": outputs}]
    found = {"page": "robbery", "period": "2008/09", "template": "topic", "value": of["value"]}
    record = {
        "inputs": {"parameters": {"edition": 2010, "area": "Ashby"}, "code": of["code"]},
        "notebook": "sha256:" + "0" * 64,
        "findings": [{**found, "name": name} for name in of["names"]],
    }
    page.with_suffix(".ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    page.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    (site / "robbery.html").write_text(HTML.format(**of), encoding="utf-8")
    (site / "years.csv").write_text(f"Year,Count\n2008/09,{of['csv']}\n", encoding="utf-8")
    (site / "summary.pdf").write_text(of["pdf"], encoding="utf-8")
    (site / "robbery.json").write_text(json.dumps(record), encoding="utf-8")
    books = {"2010": {"edition": 2010, "area": "Ashby", "key": "sha256:" + of["code"][0] * 64}}
    (folder / "site" / "inputs.json").write_text(json.dumps(books), encoding="utf-8")
    return folder


def golden(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the tool as people do."""
    command = [sys.executable, str(GOLDEN), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def take(folder: Path) -> Path:
    """Take the state of a build folder."""
    state = folder.parent / "state.json"
    said = golden("take", state, "--build", folder)
    assert said.returncode == 0, said.stderr
    return state


def compared(old: Path, new: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Compare two states; return the exit code and the differences."""
    said = golden("compare", old, new, "--json", *options)
    assert not said.stderr
    data = json.loads(said.stdout)
    of_levels = [each["level"] for each in data["differences"]]
    assert data["counts"] == {level: of_levels.count(int(level)) for level in data["counts"]}
    return said.returncode, data["differences"]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Take the state of the small build, unchanged."""
    return take(build(tmp_path / "base"))


def places(differences: list[dict[str, Any]], level: int) -> list[tuple[str, str]]:
    return [(each["address"], each["what"]) for each in differences if each["level"] == level]


def test_equal_builds_are_equal_at_all_levels(base: Path, tmp_path: Path) -> None:
    assert compared(base, take(build(tmp_path / "again"))) == (0, [])


def test_a_finding_of_another_value_is_a_difference_of_values(tmp_path: Path) -> None:
    old = take(build(tmp_path / "old", names=["count"]))
    code, found = compared(old, take(build(tmp_path / "new", names=["count"], value=121)))
    assert code == 1
    assert found[0] == {
        "level": 1,
        "edition": 2010,
        "area": "Ashby",
        "address": PAGE,
        "what": "findings / robbery.count@2008/09 / value",
        "old": 120,
        "new": 121,
    }
    # The record holds the finding, and the site holds the record.
    raw = [(PAGE, "record"), ("site/2010/robbery.json", "file")]
    assert (places(found, 1)[1:], places(found, 2), places(found, 3)) == ([], [], raw)


def test_a_lost_finding_is_a_difference_and_another_order_is_none(
    base: Path, tmp_path: Path
) -> None:
    turned = take(build(tmp_path / "turned", names=["rate", "count"]))
    assert compared(base, turned)[0] == 0
    code, found = compared(base, take(build(tmp_path / "lost", names=["count"])))
    assert (code, places(found, 1)) == (1, [(PAGE, "findings / robbery.rate@2008/09")])
    assert "new" not in found[0]


def test_a_table_of_other_rows_is_told_by_caption_and_row(base: Path, tmp_path: Path) -> None:
    code, found = compared(base, take(build(tmp_path / "new", count=121)))
    expected = [(PAGE, "figure years / table / rows / 1"), (SITE_PAGE, "tables / By year / 1")]
    assert (code, places(found, 1), places(found, 2)) == (1, expected, [])
    assert [(each["old"], each["new"]) for each in found[:2]] == [
        (["2008/09", 120], ["2008/09", 121]),
        (["2008/09", "120"], ["2008/09", "121"]),
    ]


def test_a_csv_of_other_values_is_a_difference_of_values(base: Path, tmp_path: Path) -> None:
    code, found = compared(base, take(build(tmp_path / "new", csv=121)))
    assert (code, places(found, 1)) == (1, [("site/2010/years.csv", "rows / 2")])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"words": "Some robberies."}, [(PAGE, "text / 1"), (SITE_PAGE, "text / 2")]),
        ({"heading": "Robbery rose"}, [(PAGE, "text / 2")]),
        ({"label": "2009"}, [(SITE_PAGE, "texts of charts / 1")]),
        ({"pdf": "%PDF 2"}, [("site/2010/summary.pdf", "bytes (its words are not read) / 1")]),
    ],
)
def test_other_words_are_a_difference_of_text(
    base: Path, tmp_path: Path, changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    code, found = compared(base, take(build(tmp_path / "new", **changed)))
    assert (code, places(found, 1), places(found, 2)) == (1, [], expected)


def test_a_redrawn_chart_and_other_code_differ_in_bytes_alone(base: Path, tmp_path: Path) -> None:
    code, found = compared(base, take(build(tmp_path / "new", mark="line", code="def456")))
    assert (code, places(found, 1), places(found, 2)) == (0, [], [])
    assert set(places(found, 3)) == {
        (PAGE, "notebook"),
        (PAGE, "record"),
        (PAGE, "chart years"),
        (SITE_PAGE, "file"),
        ("site/2010/robbery.json", "file"),
        ("site/inputs.json", "file"),
    }


def test_what_was_added_or_lost_is_told_whole(base: Path, tmp_path: Path) -> None:
    folder = build(tmp_path / "new")
    (folder / SITE_PAGE).unlink()
    (folder / "site" / "2010" / "new.png").write_bytes(b"drawn")
    shutil.copy(folder / f"{PAGE}.ipynb", folder / "pages/2010/ashby/fraud.ipynb")
    code, found = compared(base, take(folder))
    sides = [(each["level"], each["address"], each.get("old"), each.get("new")) for each in found]
    assert code == 1
    assert sides == [
        (1, "pages/2010/ashby/fraud", None, "present"),
        (1, SITE_PAGE, "present", None),
        (2, "site/2010/new.png", None, "present"),
    ]


def test_moved_addresses_and_renamed_words_compare_equal_by_their_maps(
    base: Path, tmp_path: Path
) -> None:
    folder = build(tmp_path / "new", words="120 thefts were recorded.")
    (folder / "pages" / "ashby").mkdir()
    (folder / "pages/2010/ashby").rename(folder / "pages/ashby/2010")
    (folder / "site" / "ashby").mkdir()
    (folder / "site/2010").rename(folder / "site/ashby/2010")
    new = take(folder)
    assert compared(base, new)[0] == 1
    maps = (
        "--moved",
        r"pages/2010/ashby=pages/ashby/2010",
        "--moved",
        r"site/(\d+)/=site/ashby/\1/",
    )
    code, found = compared(base, new, *maps)
    assert (code, places(found, 1)) == (1, [])
    assert compared(base, new, *maps, "--renamed", r"robberies (were)=thefts \1")[0] == 0


def test_fields_and_places_that_are_not_asked_for_are_left_out(base: Path, tmp_path: Path) -> None:
    new = take(build(tmp_path / "new", value=121))
    assert compared(base, new, "--without", "value")[0] == 0
    assert compared(base, new, "--only", "site/")[0] == 0


def test_people_are_told_counts_kinds_and_the_first_differences(base: Path, tmp_path: Path) -> None:
    said = golden("compare", base, take(build(tmp_path / "new", value=121)))
    assert f"{PAGE}: findings / robbery.count@2008/09 / value: 120 → 121" in said.stdout
    assert said.returncode == 1


@pytest.mark.parametrize("content", [None, "no JSON", "[]", '{"format": "another"}'])
def test_what_is_no_state_is_refused(base: Path, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "none.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    said = golden("compare", base, file)
    assert said.returncode == 2
    assert str(file) in said.stderr
    assert "Traceback" not in said.stderr


def test_what_is_no_build_or_holds_a_broken_file_is_refused(tmp_path: Path) -> None:
    folder = build(tmp_path / "new")
    (folder / f"{PAGE}.json").write_text("{", encoding="utf-8")
    for place, named in ((tmp_path, tmp_path), (folder, folder / f"{PAGE}.ipynb")):
        said = golden("take", tmp_path / "state.json", "--build", place)
        assert said.returncode == 2
        assert str(named) in said.stderr
        assert not (tmp_path / "state.json").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    said = golden("take", tmp_path, "--build", build(tmp_path / "new"))
    assert said.returncode == 2
    assert str(tmp_path) in said.stderr


def test_a_choice_of_nothing_is_refused(base: Path) -> None:
    assert golden("compare", base, base, "--only", "pages/2011/").returncode == 2


def test_a_map_that_brings_two_entries_to_one_address_is_refused(base: Path) -> None:
    said = golden("compare", base, base, "--moved", "site/2010/.*=site/one")
    assert said.returncode == 2
    assert "site/one" in said.stderr
