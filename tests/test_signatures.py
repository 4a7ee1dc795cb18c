"""Signatures of sites and files: made and checked with real keys by the system's ssh-keygen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pretended_book import HEAD, write_search_index
from small_project import small_project
from system_project import Copy, Said, is_readable

from kingston_analysis.book.manifest import MANIFEST, manifest_hash, site_problems, write_manifest
from kingston_analysis.book.publications import publications
from kingston_analysis.project import Project

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a key pair for each of two people, and a file of signers that knows Ann alone."""
    folder = tmp_path_factory.mktemp("keys")
    for name in (ANN, BOB):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    public = (folder / f"{ANN}.pub").read_text("utf-8")
    (folder / "signers").write_text(f"{ANN} {public}", encoding="utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Copy:
    """Write a small project with a site of two pages, as it was published."""
    made = small_project(tmp_path / "project")
    page = made.site / "ashby/2008/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!DOCTYPE html><article>A page.</article>", encoding="utf-8")
    write_search_index(page.parent)
    (made.site / "index.html").write_text(
        "<!DOCTYPE html><article>The start.</article>", encoding="utf-8"
    )
    write_manifest(made.site)
    return Copy(made.root)


@pytest.fixture
def kingston(project: Copy, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run the command line in this process on that project."""
    monkeypatch.setenv("COLUMNS", "400")
    return project.kingston_here


@pytest.fixture
def sign(kingston: Callable[..., Said], keys: Path) -> Callable[..., Said]:
    """Sign the site, or another path, with somebody's key."""

    def run(*path: str, signer: str = ANN, key: str | None = None) -> Said:
        return kingston("sign", *path, "--key", str(keys / (key or signer)), "--signer", signer)

    return run


def signed_folder(project: Project) -> Path:
    return project.site / f"{MANIFEST}.signatures"


def test_a_site_that_nobody_signed_is_said_to_agree_and_no_more(
    kingston: Callable[..., Said], project: Copy
) -> None:
    said = kingston("verify")

    assert said.code == 0, said
    assert f"Agrees with its manifest: every file of {project.site}." in said.text
    assert manifest_hash(project.site) in said.text
    assert "Who made it is not known: it is not signed." in said.text
    assert "igned by" not in said.text


def test_a_signed_site_is_said_to_be_signed_by_whom_and_that_the_date_is_their_word(
    kingston: Callable[..., Said], sign: Callable[..., Said], keys: Path
) -> None:
    assert sign().code == 0

    said = kingston("verify", "--signers", str(keys / "signers"))

    assert said.code == 0, said
    assert f"Signed by {ANN} (key SHA256:" in said.text
    assert "who gives the date 2" in said.text
    assert "No time stamp proves that date." in said.text


def test_a_signature_that_was_not_checked_is_not_called_one(
    kingston: Callable[..., Said], sign: Callable[..., Said]
) -> None:
    sign()

    said = kingston("verify")

    assert said.code == 0, said
    expected = "Who made it is not known: a signature stands beside it; give --signers FILE"
    assert expected in said.text


def test_the_statement_is_an_in_toto_statement_of_the_manifests_hash(
    sign: Callable[..., Said], project: Copy
) -> None:
    sign()

    statement = json.loads((signed_folder(project) / f"{ANN}.json").read_text("utf-8"))

    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    [subject] = statement["subject"]
    assert subject["name"] == MANIFEST
    assert f"sha256:{subject['digest']['sha256']}" == manifest_hash(project.site)
    assert statement["predicate"]["signer"] == ANN


def test_a_signature_is_one_that_ssh_keygen_alone_checks_too(
    sign: Callable[..., Said], project: Copy, keys: Path
) -> None:
    sign()
    statement = signed_folder(project) / f"{ANN}.json"
    command = ["ssh-keygen", "-Y", "verify", "-f", keys / "signers", "-I", ANN]
    command += ["-n", "kingston-analysis", "-s", f"{statement}.sig"]

    done = subprocess.run(command, input=statement.read_bytes(), capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def test_signatures_do_not_make_a_site_unlike_its_manifest_and_other_files_there_do(
    sign: Callable[..., Said], project: Copy
) -> None:
    sign()
    assert list(site_problems(project.site)) == []

    (signed_folder(project) / "page.html").write_text("<p>Hidden.</p>", encoding="utf-8")

    [problem] = site_problems(project.site)
    assert problem.what == "The file was added."


def test_what_is_no_signature_is_not_counted_as_one(
    kingston: Callable[..., Said], project: Copy
) -> None:
    signed_folder(project).mkdir()
    (signed_folder(project) / "evil.json").write_text("<script>", encoding="utf-8")
    (signed_folder(project) / "evil.json.sig").write_text("x", encoding="utf-8")

    said = kingston("verify")

    assert said.code == 1, said
    assert "a signature stands beside it" not in said.text


def test_what_was_signed_and_published_is_noted_in_the_log_once(
    kingston: Callable[..., Said], sign: Callable[..., Said], project: Copy
) -> None:
    sign()
    sign()

    [noted] = publications(project)
    assert (noted.manifest, noted.signer) == (manifest_hash(project.site), ANN)
    said = kingston("verify")
    assert f"Stands in data/published.yml, for {noted.date}." in said.text
    assert kingston("check", "data").code == 0


def test_a_log_that_was_altered_is_a_fault_of_the_data(
    kingston: Callable[..., Said], sign: Callable[..., Said], project: Copy
) -> None:
    sign()
    log = project.data / "published.yml"
    log.write_text(log.read_text("utf-8").replace("sha256:", "sha1:"), encoding="utf-8")

    said = kingston("check", "data")

    assert said.code == 1, said
    assert "data/published.yml:2" in said.text
    assert is_readable(said), said


def alter(project: Copy, how: str) -> None:
    """Do to a signed site what an attacker might."""
    folder, site = signed_folder(project), project.site
    statement, signature = folder / f"{ANN}.json", folder / f"{ANN}.json.sig"
    if how == "a page is altered, and the manifest made anew":
        (site / "index.html").write_text("<!DOCTYPE html><p>A lie.</p>", encoding="utf-8")
        write_manifest(site)
    elif how == "the statement is altered":
        altered = statement.read_text("utf-8").replace('"date": "2', '"date": "1')
        statement.write_text(altered, encoding="utf-8")
    elif how == "the signature is gone":
        signature.unlink()
    elif how == "the signature is another's":
        armour = "-----{} SSH SIGNATURE-----\n"
        text = f"{armour.format('BEGIN')}AAAA\n{armour.format('END')}"
        signature.write_text(text, encoding="utf-8")
    elif how == "the statement is none":
        statement.write_text("[]", encoding="utf-8")
    elif how == "the statement is of another name":
        statement.rename(folder / f"{BOB}.json")
        signature.rename(folder / f"{BOB}.json.sig")


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("a page is altered, and the manifest made anew", "is another manifest-sha256.txt than"),
        ("the statement is altered", f"{ANN} is not shown to have signed it"),
        ("the signature is gone", "The file was added."),
        ("the signature is another's", f"{ANN} is not shown to have signed it"),
        ("the statement is none", "The file was added."),
        ("the statement is of another name", "The file was added."),
    ],
)
def test_what_no_longer_fits_its_signature_is_refused(
    kingston: Callable[..., Said],
    sign: Callable[..., Said],
    project: Copy,
    keys: Path,
    how: str,
    answer: str,
) -> None:
    sign()
    alter(project, how)

    said = kingston("verify", "--signers", str(keys / "signers"))

    assert said.code == 1, said
    assert answer in said.text
    assert "Signed by" not in said.text
    assert is_readable(said), said


@pytest.mark.parametrize(
    ("signer", "key"), [(BOB, BOB), (ANN, BOB)], ids=["an unknown signer", "another's key"]
)
def test_a_signature_of_nobody_among_the_signers_counts_for_nothing(
    kingston: Callable[..., Said], sign: Callable[..., Said], keys: Path, signer: str, key: str
) -> None:
    assert sign(signer=signer, key=key).code == 0

    said = kingston("verify", "--signers", str(keys / "signers"))

    assert said.code == 1, said
    assert f"{signer} is not shown to have signed it" in said.text


def test_asked_for_signers_a_site_without_a_signature_is_not_verified(
    kingston: Callable[..., Said], keys: Path
) -> None:
    said = kingston("verify", "--signers", str(keys / "signers"))

    assert said.code == 1, said
    assert "Nobody has signed it." in said.text


def test_a_site_that_does_not_agree_with_its_manifest_is_not_signed(
    sign: Callable[..., Said], project: Copy
) -> None:
    (project.site / "index.html").write_text("<p>Altered.</p>", encoding="utf-8")

    said = sign()

    assert said.code == 1, said
    assert "The file was altered." in said.text
    assert not signed_folder(project).exists()


def test_an_empty_folder_and_an_empty_manifest_are_no_verified_sites(
    kingston: Callable[..., Said], tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "has no manifest" in kingston("verify", str(empty)).text

    (empty / MANIFEST).touch()
    said = kingston("verify", str(empty))

    assert said.code == 1, said
    assert "names no start page" in said.text


def test_any_file_is_signed_and_verified_by_the_same_commands(
    kingston: Callable[..., Said], sign: Callable[..., Said], tmp_path: Path, keys: Path
) -> None:
    sheet = tmp_path / "release.csv"
    sheet.write_text("when,what\n2026-11-26,all\n", encoding="utf-8")
    assert sign(str(sheet)).code == 0

    assert kingston("verify", str(sheet), "--signers", str(keys / "signers")).code == 0
    sheet.write_text("when,what\n2026-11-27,all\n", encoding="utf-8")
    said = kingston("verify", str(sheet), "--signers", str(keys / "signers"))

    assert said.code == 1, said
    assert "is another release.csv than this one" in said.text


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ("sign --key nowhere --signer ann", "There is no such file."),
        ("sign --key {keys}/signers --signer ann", "The file was not signed"),
        ("sign --key {key} --signer ../ann", "'../ann' cannot stand for a signer."),
        ("verify --signers nowhere", "There is no such file of signers."),
        ("verify nowhere", "There is no site yet."),
    ],
)
def test_what_is_not_there_is_named(
    kingston: Callable[..., Said], keys: Path, arguments: str, answer: str
) -> None:
    said = kingston(*arguments.format(key=keys / ANN, keys=keys).split())

    assert said.code == 1, said
    assert answer in said.text
    assert is_readable(said), said


def test_json_tells_a_program_the_same(
    kingston: Callable[..., Said], sign: Callable[..., Said], project: Copy, keys: Path
) -> None:
    sign()

    told = json.loads(kingston("verify", "--signers", str(keys / "signers"), "--json").raw)

    assert [each["signer"] for each in told["signed"]] == [ANN]
    assert told["manifest"] == manifest_hash(project.site)
    assert told["in_log"]
    (project.site / "index.html").unlink()
    said = kingston("verify", "--json")
    assert said.code == 1
    [problem] = json.loads(said.raw)["problems"]
    assert problem["what"] == "The file was lost."


def test_a_site_that_is_edited_with_its_manifest_is_told_to_be_none_of_those_in_the_log(
    kingston: Callable[..., Said], sign: Callable[..., Said], project: Copy
) -> None:
    sign()
    assert "Stands in data/published.yml" in kingston("verify").text
    page = project.site / "ashby/2008/index.html"
    page.write_text("<!DOCTYPE html><article>A lie.</article>", encoding="utf-8")
    for file in signed_folder(project).iterdir():
        file.unlink()
    write_manifest(project.site)

    said = kingston("verify")

    assert said.code == 0, said
    assert "Agrees with its manifest" in said.text
    assert "Does not stand in data/published.yml" in said.text
    assert "Who made it is not known: it is not signed." in said.text


def test_check_book_says_what_vouches_for_the_site_and_what_is_unlike_its_manifest(
    kingston: Callable[..., Said], project: Copy
) -> None:
    for page in project.site.rglob("*.html"):
        page.write_text(f"{HEAD}<article>A page.</article>", encoding="utf-8")
    write_manifest(project.site)

    said = kingston("check", "book")

    assert said.code == 0, said
    assert manifest_hash(project.site) in said.text
    assert "Who made it is not known: it is not signed." in said.text
    (project.site / "ashby/2008/edition.json").write_text("{}", encoding="utf-8")
    assert "edition.json: The file was added." in kingston("check", "book").text
