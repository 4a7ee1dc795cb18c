"""Taking a book off the site: by a command of its own, with a reason, and never by the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from guard_fixture import let_pass
from pretended_book import JupyterBook
from small_project import as_run, small_project
from system_project import Copy, Said, snapshot

from kingston_analysis.book import build, publish
from kingston_analysis.book.check import book_problems
from kingston_analysis.book.withdrawals import Withdrawal, load_withdrawals, withdrawal_of
from kingston_analysis.commands import running
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page

OLDER, OWN, OTHER = "ashby/2007", "ashby/2008", "burnham/2008"
WHY = ("--because", "It named a victim.", "--by", "A. Person")


@pytest.fixture(autouse=True)
def jupyter_book(monkeypatch: pytest.MonkeyPatch) -> JupyterBook:
    """Put another in the place of Jupyter Book, and of the pages' runs."""
    monkeypatch.setattr(running, "_run_stale", run_stale)
    other = JupyterBook()
    monkeypatch.setattr(build, "build_each", other.build_each)
    return other


def run_stale(project: Copy, pages: list[Page], *_: object) -> None:
    """Keep the stale among the pages as if they had run."""
    now = Now(project)
    for page in [each for each in pages if changes(each, now)]:
        as_run(page, ["data/topics.yml"])


@pytest.fixture(scope="module")
def as_published(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Publish two editions, and one of them for another borough too, once."""
    made = Copy(small_project(tmp_path_factory.mktemp("published") / "project").root)
    made.lock.write_text("pandas==3\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "_run_stale", run_stale)
        patch.setattr(build, "build_each", JupyterBook().build_each)
        built(made)
        built(made, "--edition", "2008", "--area", "Burnham")
    return made


@pytest.fixture
def project(as_published: Copy, tmp_path: Path) -> Copy:
    """Copy the project with its site."""
    return as_published.copy_to(tmp_path / "project")


def built(project: Copy, *arguments: str) -> Said:
    said = project.kingston_here("build", *arguments)
    assert said.code == 0, said
    return said


def withdrawn(project: Copy, *arguments: str) -> Said:
    said = project.kingston_here("withdraw", *arguments, *WHY)
    assert said.code == 0, said
    return said


def refused(project: Copy, *arguments: str) -> str:
    """Ask for what is not done: site and log stay as they were."""
    log = project.data / "withdrawn.yml"
    before = snapshot(project.site), log.read_bytes() if log.exists() else None
    said = project.kingston_here(*arguments)
    assert said.code == 1, said
    assert (snapshot(project.site), log.read_bytes() if log.exists() else None) == before
    return said.text


def books(project: Copy) -> list[str]:
    folders = project.site.glob("*/[0-9]*")
    return sorted(folder.relative_to(project.site).as_posix() for folder in folders)


# What the command does


def test_a_book_is_taken_off_the_site_and_every_list_of_it(project: Copy) -> None:
    kept = snapshot(project.site / OWN), snapshot(project.site / OTHER)

    said = withdrawn(project, "2007")

    assert f"Took {OLDER} off the site." in said.text
    assert books(project) == [OWN, OTHER]
    assert (snapshot(project.site / OWN), snapshot(project.site / OTHER)) == kept
    start = (project.site / "index.html").read_text("utf-8")
    assert OLDER not in start
    assert OWN in start
    assert sorted(json.loads((project.site / "inputs.json").read_text("utf-8"))) == [OWN, OTHER]
    assert OLDER not in (project.site / "manifest-sha256.txt").read_text("utf-8")
    assert project.kingston_here("verify").code == 0
    assert book_problems(project.site, ()) == []


def test_who_took_it_off_when_and_why_is_kept_after_what_was_kept_before(project: Copy) -> None:
    withdrawn(project, "2007")
    withdrawn(project, "2008", "--area", "Burnham")

    first, second = load_withdrawals(project)
    assert (first.edition, first.area, first.by) == (2007, None, "A. Person")
    assert (first.because, first.restored) == ("It named a victim.", None)
    assert (second.edition, second.area) == (2008, "Burnham")
    assert second.date >= first.date
    text = (project.data / "withdrawn.yml").read_text("utf-8")
    assert text.startswith("# What was taken off the site")
    assert data_problems(project) == []


def test_who_is_not_named_is_whose_name_git_has(
    project: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("COUNT", "1"), ("KEY_0", "user.name"), ("VALUE_0", "C. Person")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)

    said = project.kingston_here("withdraw", "2007", "--because", "It was wrong.")

    assert said.code == 0, said
    assert [each.by for each in load_withdrawals(project)] == ["C. Person"]


def test_of_an_edition_the_book_of_one_borough_can_go_alone_or_all_of_them(project: Copy) -> None:
    withdrawn(project, "2008", "--area", "Burnham")
    assert books(project) == [OLDER, OWN]

    said = withdrawn(project, "2008")
    assert f"Took {OWN} off the site." in said.text
    assert books(project) == [OLDER]


def test_the_last_book_can_go_too(project: Copy) -> None:
    withdrawn(project, "2008")
    withdrawn(project, "2007")

    assert books(project) == []
    assert book_problems(project.site, ()) == []
    assert "Nothing changed" in built(project).text


def test_a_book_can_go_before_any_site_is_built_here(project: Copy) -> None:
    shutil.rmtree(project.site)

    assert f"Keeps {OLDER} off the site." in withdrawn(project, "2007").text

    built(project)
    assert books(project) == [OWN]


def test_pages_that_speak_of_the_edition_are_named(project: Copy) -> None:
    about = project.narrative / "about.md"
    about.write_text("# About\n\nThe editions of 2006\nand 2007 hold it. So in 2008.\n", "utf-8")

    assert "book/about.md names the edition" in withdrawn(project, "2007").text
    assert "names the edition" not in withdrawn(project, "2008").text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2007"], "A withdrawal needs its reason."),
        (["2007", "--because", " "], "A withdrawal needs its reason."),
        (["2006", *WHY], "There is no edition 2006, nor a book of it. Did you mean '2008' or"),
        (["2008", "--area", "Burnam", *WHY], "Did you mean 'Burnham'"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused(
    project: Copy, arguments: list[str], message: str
) -> None:
    assert message in refused(project, "withdraw", *arguments)


def test_what_is_off_the_site_already_is_refused_with_who_took_it_off(project: Copy) -> None:
    withdrawn(project, "2007")

    said = refused(project, "withdraw", "2007", "--because", "Again.")

    assert "Edition 2007 is off the site already: withdrawn on 20" in said
    assert "by A. Person: It named a victim." in said


def test_another_book_that_was_altered_is_not_vouched_for_by_the_way(project: Copy) -> None:
    (project.site / OWN / "index.html").write_text("Altered.", encoding="utf-8")

    said = refused(project, "withdraw", "2007", *WHY)

    assert f"On the site {OWN} is not as it was published." in said
    assert "Run `kingston build`" in said


def test_the_book_that_goes_may_be_altered(project: Copy) -> None:
    (project.site / OLDER / "index.html").write_text("Altered.", encoding="utf-8")
    withdrawn(project, "2007")
    assert books(project) == [OWN, OTHER]


def test_where_the_site_cannot_be_published_without_it_nothing_is_logged(
    project: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Problem("The link to ../2007/index.html leads nowhere.")
    monkeypatch.setattr(publish, "problems_of_site", lambda *_: [fault])

    assert "leads nowhere" in refused(project, "withdraw", "2007", *WHY)


# What a build makes of it


def test_a_withdrawn_book_is_not_built_again_until_it_is_restored(
    project: Copy, jupyter_book: JupyterBook
) -> None:
    withdrawn(project, "2007")
    assert "Nothing changed" in built(project).text
    assert jupyter_book.built == []

    said = refused(project, "build", "--edition", "2007")
    assert f"data/withdrawn.yml: {OLDER} was withdrawn on" in said
    assert "give its entry the day under `restored`" in said

    with (project.data / "withdrawn.yml").open("a", encoding="utf-8") as stream:
        stream.write("  restored: 2999-01-01\n")
    built(project)
    assert jupyter_book.built == [OLDER]
    assert books(project) == [OLDER, OWN, OTHER]


def test_a_withdrawal_that_came_with_the_data_takes_the_book_off_and_says_so(project: Copy) -> None:
    """As where somebody else withdrew it, or a withdrawal was killed before it published."""
    entry = "- {edition: 2007, by: B. Person, date: 2026-01-01, because: It was wrong.}\n"
    (project.data / "withdrawn.yml").write_text(entry, encoding="utf-8")

    said = built(project)

    assert f"Left out {OLDER}, which was withdrawn" in said.text
    assert books(project) == [OWN, OTHER]


def test_a_withdrawal_that_was_killed_can_be_done_again(project: Copy) -> None:
    entry = "- {edition: 2007, by: B. Person, date: 2026-01-01, because: It was wrong.}\n"
    (project.data / "withdrawn.yml").write_text(entry, encoding="utf-8")

    withdrawn(project, "2007")

    assert books(project) == [OWN, OTHER]
    assert [each.by for each in load_withdrawals(project)] == ["B. Person"]


def test_a_book_whose_edition_was_deleted_stays_until_it_is_withdrawn(project: Copy) -> None:
    for folder in ("editions", "hypotheses"):
        (project.data / folder / "2007.yml").unlink()
    let_pass(project)

    for arguments in ([], ["--edition", "2008"], ["--force"]):
        said = refused(project, "build", *arguments)
        assert f"The site holds {OLDER}, of which the project has no edition" in said
        assert "`kingston withdraw 2007 --because" in said

    withdrawn(project, "2007")
    assert books(project) == [OWN, OTHER]
    built(project)
    assert books(project) == [OWN, OTHER]


def test_a_book_whose_borough_is_gone_stays_until_it_is_withdrawn(project: Copy) -> None:
    project.edit("data/areas.yml", "name: Burnham", "name: Burnham-on-Sea")

    said = refused(project, "build")
    assert f"The site holds {OTHER}, of which the project has no borough any more." in said
    assert "Restore it in data/areas.yml" in said

    withdrawn(project, "2008", "--area", "Burnham")
    assert books(project) == [OLDER, OWN]


def test_without_its_log_nothing_is_built(project: Copy) -> None:
    withdrawn(project, "2007")
    (project.data / "withdrawn.yml").unlink()

    assert "withdrawn.yml: There is no such file." in refused(project, "build")
    assert "withdrawn.yml: There is no such file." in refused(project, "build", "--force")
    assert [each.what for each in data_problems(project)] == ["There is no such file."]


# The log


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{edition: 2007, by: A, date: 2026-01-01}", "because' is missing."),
        ("{edition: 2007, by: A, date: 2026-01-01, because: ' '}", ".because:"),
        ("{edition: x, by: A, date: 2026-01-01, because: B}", ".edition:"),
        (
            "{edition: 2007, by: A, date: 2026-01-02, because: B, restored: 2026-01-01}",
            "it was restored on 2026-01-01, before it was withdrawn",
        ),
    ],
)
def test_a_faulty_entry_is_named(project: Copy, entry: str, message: str) -> None:
    (project.data / "withdrawn.yml").write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(KingstonError) as caught:
        load_withdrawals(project)
    assert message in str(caught.value)
    assert message in "\n".join(map(str, data_problems(project)))


@pytest.mark.parametrize(
    ("area", "book", "off"),
    [
        (None, OWN, True),
        (None, OTHER, True),
        (None, OLDER, False),
        ("Burnham", OTHER, True),
        ("Burnham", OWN, False),
    ],
)
def test_a_withdrawal_is_of_all_books_of_its_edition_or_of_one_boroughs(
    project: Copy, area: str | None, book: str, off: bool
) -> None:
    made = Withdrawal(edition=2008, area=area, by="A", date="2026-01-01", because="B")
    assert made.concerns(book) == off
    assert withdrawal_of(project, book) is None
