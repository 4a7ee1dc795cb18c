"""`kingston verify`: whether a published site is what was published, told by the site alone."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from system_project import BOOK, Copy, Said, is_readable, snapshot

MANIFEST = "manifest-sha256.txt"
PAGES = ["overview", "robbery", "matrix", "progress", "changed", "community", "methods", "sources"]


def flip_a_byte(file: Path, at: int = -10) -> None:
    """Alter one byte of a file, and nothing of its length."""
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


def digest(file: Path) -> str:
    """Hash a file as the manifest does."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def digest_without_drawings(file: Path) -> str:
    """Hash a published notebook as it was before its charts were drawn into it."""
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/svg+xml", None)
    return hashlib.sha256((nbformat.writes(notebook) + "\n").encode()).hexdigest()


def make_manifest_anew(site: Path) -> None:
    """Vouch for a site's files as they are now, as someone who altered them might."""
    files = sorted(snapshot(site, without=[MANIFEST]).items())
    text = "".join(f"{value}  {name}\n" for name, value in files)
    (site / MANIFEST).write_text(text, encoding="utf-8")


def record(site: Path, page: str = "robbery") -> dict:
    """Read the published record of a page."""
    return json.loads((site / f"{BOOK}/records/{page}.json").read_text("utf-8"))


def assert_refused(said: Said, *names: str) -> None:
    """Hold that each file is named in a message for a person, and that the exit code is 1."""
    assert said.code == 1, said
    assert is_readable(said), said
    for name in names:
        assert name in said.text, said


# What is whole


def test_a_site_passes_as_it_was_published(small_site: Copy) -> None:
    said = small_site.kingston("verify")

    assert said.code == 0, said
    assert "Verified" in said.text
    assert is_readable(said), said


def test_a_site_passes_wherever_it_was_copied(small_site: Copy, folder: Path) -> None:
    elsewhere = folder / "a web server/the site of 2016"
    shutil.copytree(small_site.site, elsewhere)

    said = small_site.kingston("verify", str(elsewhere))

    assert said.code == 0, said


def test_a_site_is_verified_with_nothing_of_the_project_but_its_code(
    small_site: Copy, folder: Path
) -> None:
    """There are no data, no notebooks and no pages to run; it writes nothing."""
    bare = Copy(folder / "bare")
    shutil.copytree(small_site.root / "src", bare.root / "src")
    elsewhere = folder / "site"
    shutil.copytree(small_site.site, elsewhere)
    before = snapshot(folder)

    said = bare.kingston("verify", str(elsewhere))

    assert said.code == 0, said
    assert snapshot(folder) == before
    assert not bare.build.exists()


def test_the_manifest_lists_every_file_in_the_form_of_sha256sum(small_site: Copy) -> None:
    lines = (small_site.site / MANIFEST).read_text("utf-8").splitlines()
    files = snapshot(small_site.site, without=[MANIFEST])

    assert lines == [f"{value}  {name}" for name, value in sorted(files.items())]


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum (coreutils)")
def test_sha256sum_can_do_without_this_project(published: Copy) -> None:
    command = ["sha256sum", "--check", "--quiet", "--strict", MANIFEST]
    whole = subprocess.run(command, cwd=published.site, capture_output=True, text=True)
    flip_a_byte(published.site / f"{BOOK}/findings.json")
    altered = subprocess.run(command, cwd=published.site, capture_output=True, text=True)

    assert (whole.returncode, whole.stdout + whole.stderr) == (0, "")
    assert altered.returncode == 1
    assert altered.stdout.split() == [f"{BOOK}/findings.json:", "FAILED"]


# What is not


@pytest.mark.parametrize(
    "file",
    [
        "index.html",
        "inputs.json",
        f"{BOOK}/evidence/robbery.html",
        f"{BOOK}/_static/minus.png",
        f"{BOOK}/_static/kingston.css",
        f"{BOOK}/figures/robbery/offences-years.csv",
        f"{BOOK}/findings.json",
        f"{BOOK}/edition.json",
        f"{BOOK}/records/robbery.json",
        f"{BOOK}/notebooks/robbery.ipynb",
    ],
)
def test_one_altered_byte_is_found_and_the_file_named(published: Copy, file: str) -> None:
    flip_a_byte(published.site / file)

    said = published.kingston("verify")

    assert_refused(said, f"{file}: The file was altered.")
    assert "things are wrong" not in said.text or "records/" in file or "notebooks/" in file


def test_one_altered_byte_of_a_drawn_chart_is_found(published: Copy) -> None:
    page = published.site / f"{BOOK}/evidence/robbery.html"
    flip_a_byte(page, at=page.read_bytes().index(b"<path") + 2)

    assert_refused(published.kingston("verify"), "evidence/robbery.html: The file was altered.")


def test_an_emptied_file_is_found(published: Copy) -> None:
    (published.site / f"{BOOK}/findings.json").write_bytes(b"")

    assert_refused(published.kingston("verify"), f"{BOOK}/findings.json: The file was altered.")


@pytest.mark.parametrize(
    "name", ["added.html", "ein Übermaß.txt", "../2016.txt", "../../.hidden", "../../new/x"]
)
def test_an_added_file_is_found(published: Copy, name: str) -> None:
    file = (published.site / BOOK / name).resolve()
    file.parent.mkdir(exist_ok=True)
    file.write_text("More.\n", encoding="utf-8")

    added = file.relative_to(published.site).as_posix()
    assert_refused(published.kingston("verify"), f"{added}: The file was added.")


def test_an_added_link_to_another_folder_is_found(published: Copy, folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other/page.html").write_text("Not of the site.\n", encoding="utf-8")
    (published.site / "other").symlink_to(folder / "other")

    assert_refused(published.kingston("verify"), "other")


def test_a_lost_file_is_found(published: Copy) -> None:
    (published.site / f"{BOOK}/evidence/robbery.html").unlink()

    said = published.kingston("verify")

    assert_refused(said, f"{BOOK}/evidence/robbery.html: The file was lost.")


def test_a_lost_folder_is_found_file_by_file(published: Copy) -> None:
    figures = snapshot(published.site / f"{BOOK}/figures")
    shutil.rmtree(published.site / f"{BOOK}/figures")

    said = published.kingston("verify")

    assert len(figures) > 5
    assert_refused(said, *(f"{BOOK}/figures/{name}: The file was lost." for name in figures))


def test_a_lost_notebook_is_told_once_and_not_as_a_fault_of_its_record(published: Copy) -> None:
    (published.site / f"{BOOK}/notebooks/robbery.ipynb").unlink()

    said = published.kingston("verify")

    assert_refused(said, f"{BOOK}/notebooks/robbery.ipynb: The file was lost.")
    assert "records/robbery.json" not in said.text


def test_a_renamed_file_is_lost_and_added(published: Copy) -> None:
    evidence = published.site / f"{BOOK}/evidence"
    (evidence / "robbery.html").rename(evidence / "Robbery.html")

    said = published.kingston("verify")

    assert_refused(said, "evidence/robbery.html: The file was lost.")
    assert_refused(said, "evidence/Robbery.html: The file was added.")


def test_all_that_is_wrong_is_told_at_once(published: Copy) -> None:
    altered = ["index.html", f"{BOOK}/findings.json", f"{BOOK}/_static/minus.png"]
    for name in altered:
        flip_a_byte(published.site / name)
    (published.site / f"{BOOK}/edition.json").unlink()
    (published.site / "extra.txt").write_text("More.\n", encoding="utf-8")

    said = published.kingston("verify")

    assert_refused(said, *(f"{name}: The file was altered." for name in altered))
    assert_refused(said, "edition.json: The file was lost.", "extra.txt: The file was added.")
    assert "5 things are wrong" in said.text


# The manifest itself


def test_a_site_without_a_manifest_is_refused(published: Copy) -> None:
    (published.site / MANIFEST).unlink()

    assert_refused(published.kingston("verify"), MANIFEST, "no manifest")


@pytest.mark.parametrize(
    "line", ["nonsense", f"{'0' * 63}  index.html", f"{'g' * 64}  index.html", "0" * 64]
)
def test_a_bad_line_of_the_manifest_is_named_by_its_number(published: Copy, line: str) -> None:
    file = published.site / MANIFEST
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], line, *lines[2:]]) + "\n", encoding="utf-8")

    assert_refused(published.kingston("verify"), f"{MANIFEST}:3: Not a line of a manifest.")


def test_a_line_twice_with_two_hashes_does_not_pass(published: Copy) -> None:
    """The right line after a false one must not hide it: `sha256sum --check` refuses this too."""
    file = published.site / MANIFEST
    text = file.read_text("utf-8")
    file.write_text(f"{'0' * 64}  index.html\n{text}", encoding="utf-8")

    assert_refused(published.kingston("verify"), MANIFEST)


def test_a_manifest_that_is_no_text_is_refused_in_words(published: Copy) -> None:
    (published.site / MANIFEST).write_bytes(b"\xff\x00\xfe" * 100)

    said = published.kingston("verify")

    assert said.code == 1, said
    assert "Not a line of a manifest." in said.text
    assert "Traceback" not in said.raw


def test_a_manifest_that_names_a_file_outside_the_site_is_refused(published: Copy) -> None:
    outside = published.site.parent / "outside.txt"
    outside.write_text("Not of the site.\n", encoding="utf-8")
    with (published.site / MANIFEST).open("a", encoding="utf-8") as stream:
        stream.write(f"{digest(outside)}  ../outside.txt\n")

    assert_refused(published.kingston("verify"), "../outside.txt")


@pytest.mark.parametrize("what", ["nowhere", "index.html"])
def test_a_place_that_is_no_site_is_refused(small_site: Copy, what: str) -> None:
    assert_refused(small_site.kingston("verify", str(small_site.site / what)), what)


# Records, which tell also where the manifest was made anew


def alter_a_finding(site: Path) -> None:
    file = site / f"{BOOK}/records/robbery.json"
    content = json.loads(file.read_text("utf-8"))
    number = next(f for f in content["findings"] if isinstance(f["value"], float | int))
    number["value"] += 1
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def alter_a_notebook(site: Path) -> None:
    flip_a_byte(site / f"{BOOK}/notebooks/robbery.ipynb")


def break_a_record(site: Path) -> None:
    (site / f"{BOOK}/records/robbery.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize("alter", [alter_a_finding, alter_a_notebook, break_a_record])
def test_records_tell_what_was_altered_when_the_manifest_was_made_anew(
    published: Copy, alter: Callable[[Path], None]
) -> None:
    alter(published.site)
    make_manifest_anew(published.site)

    said = published.kingston("verify")

    assert_refused(said, BOOK, "robbery")
    assert "altered" not in said.text


@pytest.mark.parametrize("page", PAGES)
def test_the_record_of_a_page_is_published_with_all_that_the_page_was_made_from(
    small_site: Copy, page: str
) -> None:
    found, root = record(small_site.site, page), small_site.root
    inputs = found["inputs"]

    assert found == small_site.record(page)
    assert found["page"] == page
    assert (
        inputs["parameters"] | {"edition": 2016, "area": "Kingston upon Thames"}
        == (inputs["parameters"])
    )
    read = {name: value for name, value in inputs["files"].items() if "*" not in name}
    assert "data/editions/2016.yml" in read
    # The first edition of a project has none before it, so nothing that changed since.
    assert any(name.startswith("data/tables/") for name in read) == (page != "changed")
    assert read == {name: f"sha256:{digest(root / name)}" for name in read}
    assert inputs["lock"] == f"sha256:{digest(root / 'requirements.lock')}"
    for value in (inputs["template"], inputs["code"], found["notebook"]):
        assert value.startswith("sha256:")
        assert len(value) == len("sha256:") + 64


def test_the_record_of_a_page_that_reads_others_names_their_findings_by_hash(
    small_site: Copy,
) -> None:
    read = {page: set(record(small_site.site, page)["inputs"]["pages"]) for page in PAGES}

    assert read.pop("sources") == {
        "overview",
        "robbery",
        "matrix",
        "progress",
        "changed",
        "community",
        "methods",
    }
    assert not any(read.values())


@pytest.mark.parametrize("page", PAGES)
def test_a_published_record_describes_the_notebook_that_is_published(
    small_site: Copy, page: str
) -> None:
    found, notebook = (
        record(small_site.site, page),
        small_site.site / f"{BOOK}/notebooks/{page}.ipynb",
    )

    assert found["notebook"] == f"sha256:{digest_without_drawings(notebook)}"
    figures = small_site.site / f"{BOOK}/figures" / page
    assert {f"{each['figure']}.csv" for each in found["figures"]} == (
        {file.name for file in figures.glob("*")}
    )


def test_the_published_findings_are_those_of_the_records(small_site: Copy) -> None:
    findings = json.loads((small_site.site / f"{BOOK}/findings.json").read_text("utf-8"))

    assert findings == [
        each for page in PAGES for each in record(small_site.site, page)["findings"]
    ]
    assert findings


def test_no_record_holds_how_long_the_page_took(small_site: Copy) -> None:
    """No output depends on durations: they are kept apart, and not published."""
    kept = small_site.build / f"durations/{BOOK}"

    assert sorted(file.name for file in kept.iterdir()) == sorted(PAGES)
    assert all(float(file.read_text("utf-8")) > 0 for file in kept.iterdir())
    assert not list(small_site.site.rglob("*duration*"))
    for page in PAGES:
        text = json.dumps({**record(small_site.site, page), "findings": []}).lower()
        assert not any(word in text for word in ("seconds", "duration", "started", "elapsed"))


def test_a_book_that_was_altered_on_the_site_is_built_again_and_never_vouched_for(
    published: Copy,
) -> None:
    before = snapshot(published.site)
    page = published.site / f"{BOOK}/evidence/robbery.html"
    page.write_text(page.read_text("utf-8").replace("obbery", "abbery", 1), encoding="utf-8")

    said = published.kingston("build")

    assert said.code == 0, said
    assert f"{BOOK} on the site is not as it was published, and is built again" in said.text
    assert snapshot(published.site) == before


def test_a_site_without_its_manifest_vouches_for_no_book(published: Copy) -> None:
    before = snapshot(published.site)
    (published.site / MANIFEST).unlink()
    page = published.site / f"{BOOK}/evidence/robbery.html"
    page.write_text(page.read_text("utf-8").replace("obbery", "abbery", 1), encoding="utf-8")

    said = published.kingston("build")

    assert said.code == 0, said
    assert f"{BOOK} on the site is not as it was published, and is built again" in said.text
    assert snapshot(published.site) == before


def test_a_published_record_names_the_inputs_of_now_though_the_page_came_out_the_same(
    published: Copy,
) -> None:
    """A comment in a YAML file changes what a page was made from, and nothing that it shows."""
    notebook = (published.pages() / "robbery.ipynb").read_bytes()
    published.append("data/topics.yml", "# Changed.\n")

    said = published.kingston("build")

    assert said.code == 0, said
    assert (published.pages() / "robbery.ipynb").read_bytes() == notebook
    record = (published.site / f"{BOOK}/records/robbery.json").read_bytes()
    assert record == (published.pages() / "robbery.json").read_bytes()
