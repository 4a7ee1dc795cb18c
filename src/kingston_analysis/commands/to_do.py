"""What a person still has to do for the editions: confirm what was carried over."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import Problem
from kingston_analysis.matrix.judgements import carried_judgements
from kingston_analysis.project import Project


def to_do(project: Project) -> Iterator[Problem]:
    """List what was carried into an edition and is not confirmed yet, with its place."""
    for year in edition_years(project):
        edition = load_edition(project, year)
        if edition.carried:
            file = project.data / "editions" / f"{year}.yml"
            what = f"Edition {year} was carried from {edition.carried}."
            remedy = (
                "Read its title, about, community and topics, and the hypotheses it tests; then "
                "remove `carried`."
            )
            yield problem_in(what, file, ("carried",), remedy)
        yield from _judgements(project, year)


def _judgements(project: Project, year: int) -> Iterator[Problem]:
    file = project.data / "judgements" / f"{year}.yml"
    for topic, headings in carried_judgements(project, year).items():
        what = f"Edition {year}, {topic}: carried judgements under {', '.join(headings)}."
        remedy = "Confirm each, or judge anew, and remove its `carried`."
        yield problem_in(what, file, ("topics", topic), remedy)
