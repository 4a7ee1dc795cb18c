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
from small_project import as_run, pages_as_run, small_project
from system_project import BOOK, Copy, is_readable, snapshot

from kingston_analysis.book.assemble import assemble
from kingston_analysis.book.books import Book, book_key
from kingston_analysis.book.manifest import altered_books, site_problems, write_manifest
from kingston_analysis.data.editions import load_edition
from kingston_analysis.records.key import Now

MANIFEST = "manifest-sha256.txt"
REMEDIES = {
    "altered.": "Put it back from the published site.",
    "lost.": "Put it back from the published site.",
    "added.": "Remove it.",
}
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


def record(site: Path, page: str = "robbery") -> dict:
    """Read the published record of a page."""
    return json.loads((site / f"{BOOK}/records/{page}.json").read_text("utf-8"))


@pytest.fixture
def site(small_site: Copy, folder: Path) -> Path:
    """Copy the site of the small project, to be altered."""
    return Path(shutil.copytree(small_site.site, folder / "site"))


def told_of(site: Path) -> list[str]:
    """Return all that is wrong with a site, each in a sentence that names a file in it."""
    told = [str(each).removeprefix(f"{site.as_posix()}/") for each in site_problems(site)]
    assert not any("Traceback" in each for each in told)
    return told


def assert_found(site: Path, *sentences: str) -> None:
    """Hold that exactly these things are wrong with a site."""
    expected = [f"{each} {REMEDIES[each.split()[-1]]}" for each in sentences]
    assert sorted(told_of(site)) == sorted(expected)


# The command


def test_a_site_passes_as_it_was_published(small_site: Copy) -> None:
    said = small_site.kingston_here("verify")

    assert said.code == 0, said
    assert "Agrees with its manifest" in said.text
    assert is_readable(said), said


def test_a_site_is_verified_wherever_it_was_copied_with_nothing_of_the_project_but_its_code(
    small_site: Copy, folder: Path
) -> None:
    """There are no data, no notebooks and no pages to run; it writes nothing."""
    bare = Copy(folder / "bare")
    shutil.copytree(small_site.root / "src", bare.root / "src")
    elsewhere = folder / "a web server/the site of 2016"
    shutil.copytree(small_site.site, elsewhere)
    before = snapshot(folder)

    said = bare.kingston("verify", str(elsewhere))

    assert said.code == 0, said
    assert snapshot(folder) == before
    assert not bare.build.exists()


def test_all_that_is_wrong_is_told_at_once_and_the_exit_code_is_1(
    small_site: Copy, site: Path
) -> None:
    altered = ["index.html", f"{BOOK}/findings.json", f"{BOOK}/_static/minus.png"]
    for name in altered:
        flip_a_byte(site / name)
    (site / f"{BOOK}/edition.json").unlink()
    (site / "extra.txt").write_text("More.\n", encoding="utf-8")

    said = small_site.kingston_here("verify", str(site))

    assert said.code == 1, said
    assert is_readable(said), said
    assert "5 things are wrong" in said.text
    for name in altered:
        assert f"{name}: The file was altered." in said.text
    assert f"{BOOK}/edition.json: The file was lost." in said.text
    assert "extra.txt: The file was added." in said.text


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("nowhere", "There is no site yet."),
        ("index.html", "Nobody has signed it, and it is no site"),
    ],
)
def test_a_place_that_is_no_site_is_refused(small_site: Copy, what: str, answer: str) -> None:
    said = small_site.kingston_here("verify", str(small_site.site / what))

    assert said.code == 1, said
    assert f"{what}: {answer}" in said.text
    assert is_readable(said), said


def test_the_manifest_lists_every_file_in_the_form_of_sha256sum(small_site: Copy) -> None:
    lines = (small_site.site / MANIFEST).read_text("utf-8").splitlines()
    files = snapshot(small_site.site, without=[MANIFEST])

    assert lines == [f"{value}  {name}" for name, value in sorted(files.items())]


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum (coreutils)")
def test_sha256sum_can_do_without_this_project(site: Path) -> None:
    command = ["sha256sum", "--check", "--quiet", "--strict", MANIFEST]
    whole = subprocess.run(command, cwd=site, capture_output=True, text=True)
    flip_a_byte(site / f"{BOOK}/findings.json")
    altered = subprocess.run(command, cwd=site, capture_output=True, text=True)

    assert (whole.returncode, whole.stdout + whole.stderr) == (0, "")
    assert altered.returncode == 1
    assert altered.stdout.split() == [f"{BOOK}/findings.json:", "FAILED"]


# Files that are not as they were


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
def test_one_altered_byte_is_found_and_the_file_named(site: Path, file: str) -> None:
    flip_a_byte(site / file)

    told = told_of(site)

    assert told[0] == f"{file}: The file was altered. Put it back from the published site."
    # Records and notebooks vouch for themselves too.
    assert len(told) == 1 or file.split("/")[-2] in ("records", "notebooks")


def test_one_altered_byte_of_a_drawn_chart_is_found(site: Path) -> None:
    page = site / f"{BOOK}/evidence/robbery.html"
    flip_a_byte(page, at=page.read_bytes().index(b"<path") + 2)

    assert_found(site, f"{BOOK}/evidence/robbery.html: The file was altered.")


def test_an_emptied_file_is_found(site: Path) -> None:
    (site / f"{BOOK}/findings.json").write_bytes(b"")

    assert_found(site, f"{BOOK}/findings.json: The file was altered.")


@pytest.mark.parametrize(
    "name", ["added.html", "ein Übermaß.txt", "../2016.txt", "../../.hidden", "../../new/x"]
)
def test_an_added_file_is_found(site: Path, name: str) -> None:
    file = (site / BOOK / name).resolve()
    file.parent.mkdir(exist_ok=True)
    file.write_text("More.\n", encoding="utf-8")

    assert_found(site, f"{file.relative_to(site).as_posix()}: The file was added.")


def test_an_added_link_to_another_folder_is_found(site: Path, folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other/page.html").write_text("Not of the site.\n", encoding="utf-8")
    (site / "other").symlink_to(folder / "other")

    assert_found(site, "other: The file was added.")


def test_a_lost_file_is_found(site: Path) -> None:
    (site / f"{BOOK}/evidence/robbery.html").unlink()

    assert_found(site, f"{BOOK}/evidence/robbery.html: The file was lost.")


def test_a_lost_folder_is_found_file_by_file(site: Path) -> None:
    figures = snapshot(site / f"{BOOK}/figures")
    shutil.rmtree(site / f"{BOOK}/figures")

    assert len(figures) > 5
    assert_found(site, *(f"{BOOK}/figures/{name}: The file was lost." for name in figures))


def test_a_lost_notebook_is_told_once_and_not_as_a_fault_of_its_record(site: Path) -> None:
    (site / f"{BOOK}/notebooks/robbery.ipynb").unlink()

    assert_found(site, f"{BOOK}/notebooks/robbery.ipynb: The file was lost.")


def test_a_renamed_file_is_lost_and_added(site: Path) -> None:
    evidence = site / f"{BOOK}/evidence"
    (evidence / "robbery.html").rename(evidence / "Robbery.html")

    assert_found(
        site,
        f"{BOOK}/evidence/robbery.html: The file was lost.",
        f"{BOOK}/evidence/Robbery.html: The file was added.",
    )


# The manifest itself


def test_a_site_without_a_manifest_is_refused(site: Path) -> None:
    (site / MANIFEST).unlink()

    [told] = told_of(site)
    assert told.startswith(f"{MANIFEST}: The site has no manifest")


@pytest.mark.parametrize(
    "line", ["nonsense", f"{'0' * 63}  index.html", f"{'g' * 64}  index.html", "0" * 64]
)
def test_a_bad_line_of_the_manifest_is_named_by_its_number(site: Path, line: str) -> None:
    file = site / MANIFEST
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], line, *lines[2:]]) + "\n", encoding="utf-8")

    assert told_of(site) == [f"{MANIFEST}:3: Not a line of a manifest. Copy the file again."]


def test_a_line_twice_with_two_hashes_does_not_pass(site: Path) -> None:
    """The right line after a false one must not hide it: `sha256sum --check` refuses this too."""
    file = site / MANIFEST
    text = file.read_text("utf-8")
    file.write_text(f"{'0' * 64}  index.html\n{text}", encoding="utf-8")

    told = told_of(site)

    assert told[0].endswith(": Not a line of a manifest. Copy the file again.")
    assert told[1].startswith("index.html: The file was altered.")


def test_a_manifest_that_is_no_text_is_refused_in_words(site: Path) -> None:
    (site / MANIFEST).write_bytes(b"\xff\x00\xfe" * 100)

    assert told_of(site)[0].startswith(f"{MANIFEST}:1: Not a line of a manifest.")


def test_a_manifest_that_names_a_file_outside_the_site_is_refused(site: Path) -> None:
    outside = site.parent / "outside.txt"
    outside.write_text("Not of the site.\n", encoding="utf-8")
    with (site / MANIFEST).open("a", encoding="utf-8") as stream:
        stream.write(f"{digest(outside)}  ../outside.txt\n")

    assert_found(site, "../outside.txt: The file was lost.")


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
    site: Path, alter: Callable[[Path], None]
) -> None:
    alter(site)
    write_manifest(site)

    [told] = told_of(site)

    assert told.startswith(f"{BOOK}/") and "robbery" in told
    assert "altered" not in told


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


def test_a_site_without_its_manifest_vouches_for_no_book(site: Path) -> None:
    assert altered_books(site) == set()
    (site / MANIFEST).unlink()

    assert altered_books(site) == {"", BOOK}


def test_an_altered_book_and_files_beside_the_books_are_told_apart(site: Path) -> None:
    flip_a_byte(site / f"{BOOK}/findings.json")
    assert altered_books(site) == {BOOK}

    flip_a_byte(site / "index.html")
    assert altered_books(site) == {"", BOOK}


def test_a_record_is_published_anew_though_the_page_came_out_the_same(tmp_path: Path) -> None:
    """A comment in a YAML file changes what a page was made from, and nothing that it shows."""
    project = small_project(tmp_path / "project")
    pages = {page.name: page for page in pages_as_run(project)}
    book, robbery = Book(project, load_edition(project, 2008), "Ashby"), pages["robbery"]
    assemble(book)
    key, notebook = book_key(book, Now(project)), robbery.executed.read_bytes()
    (project.data / "areas.yml").open("a").write("# Changed.\n")

    as_run(robbery, ["data/topics.yml", "data/areas.yml"])
    assemble(book)

    assert robbery.executed.read_bytes() == notebook
    assert book_key(book, Now(project)) != key
    published = book.folder / "_extra/records/robbery.json"
    assert published.read_bytes() == robbery.record.read_bytes()


@pytest.mark.parametrize("name", ["records/robbery.json", "notebooks/robbery.ipynb"])
def test_lists_without_end_in_a_published_file_are_told_in_words(site: Path, name: str) -> None:
    (site / BOOK / name).write_text("[" * 200_000, encoding="utf-8")
    write_manifest(site)

    assert [each.file for each in site_problems(site)] == [site / BOOK / name]
