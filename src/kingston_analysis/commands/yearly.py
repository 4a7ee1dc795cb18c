"""The yearly cycle on the command line: a new edition, and how two editions differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kingston_analysis.commands.showing import put_json, put_out, say
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.metadata import table_names
from kingston_analysis.data.tables.vintages import reextracted
from kingston_analysis.project import Project

if TYPE_CHECKING:
    from kingston_analysis.measures.differences import DifferenceKind, EditionDifference

TITLES: dict[DifferenceKind, str] = {
    "turned round": "Turned round",
    "judged otherwise": "Judged otherwise, since more is known of how far the counts vary",
    "came in": "What happened: new figures",
    "revised": "What was revised",
    "known no more": "Known no more",
    "defined otherwise": "What was done differently: definitions",
    "primary indicator": "What was done differently: the indicator that stands for an area of "
    "crime",
}


def make_edition(project: Project, year: int, source: int) -> None:
    """Make a new edition from an earlier one, and say what a person still has to do."""
    from kingston_analysis.book.to_do import to_do_of
    from kingston_analysis.commands.new_edition import write_new_edition

    for file in write_new_edition(project, year, source):
        say(f"Wrote {project.name_of(file)}")
    left = list(to_do_of(project, load_edition(project, year)))
    say(
        f"Still to do, {len(left)}; `kingston check data` lists it again, and `kingston build` "
        "waits for it:"
    )
    for each in left:
        say(f"  {each}")
    say(
        f"Queued for scoring on its page of progress: what edition {source} projected and aimed at."
    )


def print_differences(
    project: Project, before: int, now: int, area: str | None, as_json: bool
) -> None:
    """Print how the figures of two editions differ; raise KingstonError if one was not run."""
    from dataclasses import asdict

    from kingston_analysis.measures.differences import differences
    from kingston_analysis.records.upstream import upstream_findings
    from kingston_analysis.results import Findings

    found, editions = [], [load_edition(project, year) for year in (before, now)]
    for year, edition in zip((before, now), editions, strict=True):
        names = ["overview", *edition.topics]
        found.append(Findings(upstream_findings(project, names, year, area or edition.area)))
    differing = differences(*found)
    if as_json:
        put_json([asdict(each) for each in differing])
    else:
        days = [edition.extraction for edition in editions]
        copies = reextracted(project, table_names(project), *days)
        put_out(differences_report(differing, before, now, copies))


def differences_report(
    found: list[EditionDifference], before: int, now: int, copies: list[str]
) -> str:
    """Write all differences between two editions as text, those that turned round first.

    What several pages show is one line, which names them all. `copies` are the titles of the tables
    of which the earlier edition saw another extraction.
    """
    from kingston_analysis.measures.differences import of_kind
    from kingston_analysis.show.sentences import extractions

    lines = [f"From edition {before} to edition {now}."]
    for kind, title in TITLES.items():
        pages: dict[str, dict[str, None]] = {}
        for each in of_kind(found, kind):
            pages.setdefault(_difference_text(each), {})[each.page] = None
        of = [f"  {', '.join(on)}: {text}" for text, on in pages.items()]
        lines += ["", f"{title}: {len(of) or 'none'}", *of]
    return "\n".join([*lines, "", extractions(copies)])


def _difference_text(each: EditionDifference) -> str:
    """Write a difference as a line, with the tables that its figures are from."""
    from kingston_analysis.show.sentences import difference

    sources = [source for found in (each.before, each.now) if found for source in found.sources]
    tables = list(dict.fromkeys(source["table"] for source in sources))
    return f"{difference(each)} (tables: {', '.join(tables)})" if tables else difference(each)
