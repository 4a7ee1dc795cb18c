"""The yearly cycle as people go through it: a fifth edition is made, run, built and compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import small_project
from system_project import Copy, copy_project, snapshot
from tables_fixture import PROJECT

from kingston_analysis.book.context import DRAFT
from kingston_analysis.commands.yearly import print_differences
from kingston_analysis.errors import KingstonError
from kingston_analysis.plan.themes import load_themes


@pytest.mark.slow
def test_a_fifth_edition_made_by_new_edition_builds_and_differs(folder: Path) -> None:
    # The register decides on all topics of 2008; of 2011 those that the plan names are enough.
    named = [*(theme.topic for theme in load_themes(PROJECT, "2008-11")), "theft-from-the-person"]
    project = copy_project(folder / "project", {2008: None, 2011: named})

    made = project.kingston("new-edition", "2012", "--from", "2011")
    checked = project.kingston("check", "data")
    held = project.kingston("build", "--edition", "2012")
    built = project.kingston("build", "--edition", "2012", "--draft", seconds=3600)
    ran = project.kingston("run", "--edition", "2011")
    differ = project.kingston("diff", "2011", "2012")

    assert made.code == 0, made
    assert "Wrote data/editions/2012.yml" in made.text
    assert checked.code == 0, checked
    assert "Edition 2012 was carried from 2011." in checked.text
    assert held.code == 1, held
    assert "Edition 2012 is not finished" in held.text
    assert "the claims fourth-lowest, year-on-year" in held.text
    assert "goes with the plan 2008-11, which ended with 2010/11" in held.text
    assert built.code == 0, built
    site = project.site / "kingston-upon-thames/2012"
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    assert [page.name for page in pages if DRAFT not in page.read_text(encoding="utf-8")] == []
    printed = (project.build / "book/kingston-upon-thames/2012/_summary.typ").read_text("utf-8")
    assert 'header: text(size: 9pt, "Draft: Strategic assessment 2012' in printed
    for page in ("plans/2008-11/claims", "plans/2008-11/golden-thread", "evidence/progress"):
        assert (site / f"{page}.html").exists()
    assert (site / "summary.pdf").exists()
    progress = (site / "evidence/progress.html").read_text(encoding="utf-8")
    assert "the 2011 edition projected a year-end that is now known" in progress
    matrix = (site / "evidence/matrix.html").read_text(encoding="utf-8")
    assert "Carried over from the 2011 edition and not confirmed yet." in matrix
    assert ran.code == 0, ran
    assert differ.code == 0, differ
    assert "From edition 2011 to edition 2012." in differ.text
    assert "count of 2010/11" in differ.text


def test_editions_that_were_not_run_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(KingstonError, match=r"Run `kingston run --edition 2008"):
        print_differences(small_project(tmp_path / "project"), 2008, 2008, None, as_json=False)


@pytest.mark.slow
def test_a_claim_of_ours_that_does_not_hold_stops_the_build_and_shows_the_figures(
    plan_site: Copy, folder: Path
) -> None:
    project = plan_site.copy_to(folder / "project", "html", "book")
    claims = "data/plans/2008-11/claims.yml"
    project.edit(claims, "From 2003/04 to 2004/05 the number", "From 2005/06 to 2006/07 the number")
    project.edit(claims, "offences showed no clear change.", "offences rose.")
    project.edit(
        claims, "[2003/04, 2004/05], went: showed no", "[2005/06, 2006/07], went: showed no"
    )
    project.edit(claims, "went: showed no clear change", "went: rose")
    kept = snapshot(project.site)

    said = project.kingston("build", "--edition", "2008")

    assert said.code == 1, said
    assert "Our claim 'rise-before': does not hold." in said.text
    assert "the count went from 3,240 to 3,003" in said.text
    assert "theme-violence.md" in said.text
    assert snapshot(project.site) == kept
