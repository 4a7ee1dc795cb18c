"""Equal inputs give equal bytes: elsewhere, at another clock's offset, in another locale."""

from __future__ import annotations

from pathlib import Path

from system_project import Project, difference, snapshot

# The small site was built with TZ=UTC, PYTHONHASHSEED=0, two jobs, and the locale of the machine.
# Here the locale is one in which Python does not take text for UTF-8 by itself.
OTHERWISE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONHASHSEED": "4711",
}


def test_pages_and_site_are_equal_when_all_is_run_and_built_again_elsewhere(
    small_site: Project, folder: Path
) -> None:
    other = small_site.copy_to(folder / "quite/another place", ".")

    said = other.kingston("build", "--jobs", "1", environment=OTHERWISE)

    assert said.code == 0, said
    assert len(snapshot(small_site.build / "pages")) == 6
    assert difference(small_site.build / "pages", other.build / "pages") == ""
    assert difference(small_site.site, other.site) == ""


def test_a_book_with_its_plan_is_equal_when_it_is_built_again_elsewhere(
    plan_site: Project, folder: Path
) -> None:
    other = plan_site.copy_to(folder / "elsewhere", "site", "html", "book", "charts")

    said = other.kingston("build", "--edition", "2008", "--jobs", "1", environment=OTHERWISE)

    assert said.code == 0, said
    assert "Nothing to run" in said.text
    assert difference(plan_site.site, other.site) == ""
