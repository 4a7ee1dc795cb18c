"""The yearly cycle on the command line: a new edition, and how two editions differ."""

from __future__ import annotations

from kingston_analysis.commands.showing import put_out, say
from kingston_analysis.data.editions import load_edition
from kingston_analysis.project import Project


def make_edition(project: Project, year: int, source: int) -> None:
    """Make a new edition from an earlier one, and say what a person still has to do."""
    from kingston_analysis.commands.new_edition import new_edition
    from kingston_analysis.commands.to_do import to_do

    for file in new_edition(project, year, source):
        say(f"Wrote {project.name_of(file)}")
    left = [each for each in to_do(project) if f"Edition {year}" in each.what]
    say(f"Still to do, {len(left)}; `kingston check data` lists it again:")
    for each in left:
        say(f"  {each}")
    say(
        f"Queued for scoring on its page of progress: what edition {source} projected and aimed at."
    )


def print_differences(project: Project, before: int, now: int, area: str | None) -> None:
    """Print how the figures of two editions differ; raise KingstonError if one was not run."""
    from kingston_analysis.measures.differences import differences
    from kingston_analysis.records.upstream import findings_of
    from kingston_analysis.results import Findings
    from kingston_analysis.show.difference_views import report

    found = []
    for year in (before, now):
        edition = load_edition(project, year)
        names = ["overview", *edition.topics]
        found.append(Findings(findings_of(project, names, year, area or edition.area)))
    put_out(report(differences(*found), before, now))
