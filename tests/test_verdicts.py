"""A book whose files did not change is not read again, but for what leads out of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pretended_book import write_search_index

from kingston_analysis.book import check, verdicts
from kingston_analysis.book.check import book_problems
from kingston_analysis.book.manifest import write_manifest
from kingston_analysis.book.policy import POLICY
from kingston_analysis.book.verdicts import problems_of_site
from kingston_analysis.records.record import with_checksum

KEPT, BUILT = "ashby/2008", "ashby/2009"
HEAD = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
PAGE = f"<!DOCTYPE html><html>{HEAD}<body><article>{{}} Text.</article></body></html>"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PAGE.format(text), encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of two books, sound, with verdicts on both; the older leads to the newer."""
    site = tmp_path / "site"
    write(site / "index.html", f'<a href="{KEPT}/index.html">2008</a>')
    write(site / KEPT / "index.html", '<a href="own.html#part">own</a> <a href="#">top</a>')
    write(site / KEPT / "own.html", '<p id="part"></p><a href="../2009/index.html#new">next</a>')
    write(site / BUILT / "index.html", '<p id="new"></p>')
    for name in (KEPT, BUILT):
        write_search_index(site / name)
    write_manifest(site)
    assert problems_of_site(site, tmp_path / "verdicts", [], ()) == []
    return site


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the text of every page that is parsed."""
    texts: list[str] = []
    feed = check.ParsedPage.feed
    monkeypatch.setattr(
        check.ParsedPage, "feed", lambda self, text: (texts.append(text), feed(self, text))[1]
    )
    return texts


def problems(site: Path) -> list[str]:
    write_manifest(site)
    found = problems_of_site(site, site.parent / "verdicts", [KEPT], ())
    return [f"{p.file.relative_to(site)}: {p.what}" for p in found]


def test_of_a_book_that_is_kept_no_page_is_read(site, parsed):
    assert problems(site) == []
    assert [text for text in parsed if "own" in text or "part" in text] == []
    # The start page, and the page of the other book, once for itself and for the link to it.
    assert len(parsed) == 2


def test_a_link_out_of_a_kept_book_is_looked_at_again(site):
    write(site / BUILT / "index.html", "<p>without the place</p>")
    what = "The link to ../2009/index.html#new leads nowhere."
    assert problems(site) == [f"{KEPT}/own.html: {what}"]
    (site / BUILT / "index.html").unlink()
    assert problems(site) == [f"{KEPT}/own.html: {what}"]


def test_a_verdict_on_other_files_is_none(site):
    write(site / KEPT / "own.html", '<p id="part"></p> fell by nan%')
    assert problems(site) == [f"{KEPT}/own.html: The page shows 'nan' where a value belongs."]


SPOILT = {
    "damaged": lambda text: text[:-20],
    "empty": lambda _: "",
    "another form": lambda _: "[]",
    "links that are none": lambda text: text.replace('"links": [', '"links": [3, '),
    "no files": lambda text: text.replace('"files"', '"file"'),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_verdict_that_cannot_be_used_lets_the_book_be_read_and_is_made_again(site, parsed, spoil):
    file = site.parent / "verdicts" / f"{KEPT}.json"
    own = file.read_text("utf-8")
    file.write_text(spoil(own), encoding="utf-8")
    assert problems(site) == []
    assert len(parsed) == 4
    assert file.read_text("utf-8") == own


def test_a_kept_book_that_was_altered_with_its_manifest_is_told_of_by_its_records(site):
    """The verdict on it is of other files, so nothing vouches for it but what it holds."""
    write(site / KEPT / "records" / "robbery.json", "{")
    name = f"{KEPT}/records/robbery.json"
    assert f"{name}: The page's record cannot be read." in problems(site)


def test_nothing_is_kept_of_a_site_that_is_not_sound(site):
    before = (site.parent / "verdicts" / f"{BUILT}.json").read_text("utf-8")
    write(site / BUILT / "index.html", '<p id="new">fell by nan%</p>')
    assert problems(site) == [f"{BUILT}/index.html: The page shows 'nan' where a value belongs."]
    assert (site.parent / "verdicts" / f"{BUILT}.json").read_text("utf-8") == before


def test_a_look_at_the_published_site_heeds_no_verdict(site):
    """Should a verdict be wrong, whoever checks the site finds what it hides."""
    write(site / KEPT / "own.html", '<p id="part"></p> fell by nan%')
    write_manifest(site)
    file = site.parent / "verdicts" / f"{KEPT}.json"
    content = json.loads(file.read_text("utf-8")) | {"files": verdicts._hash(site, KEPT)}
    del content["record"]
    file.write_text(json.dumps(with_checksum(content)), encoding="utf-8")

    assert problems(site) == []
    assert [p.what for p in book_problems(site, ())] == [
        "The page shows 'nan' where a value belongs."
    ]
