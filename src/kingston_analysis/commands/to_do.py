"""What a person still has to do for the editions: confirm what was carried over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.tables.metadata import DATA
from kingston_analysis.data.yaml_models import place_in
from kingston_analysis.errors import Problem
from kingston_analysis.matrix.judgements import carried_judgements


def to_do(data: Path = DATA) -> Iterator[Problem]:
    """List what was carried into an edition and is not confirmed yet, with its place."""
    for year in edition_years(data):
        edition = load_edition(year, data)
        if edition.carried:
            file = data / "editions" / f"{year}.yml"
            what = f"Edition {year} was carried from {edition.carried}."
            remedy = (
                "Read its title, about, community and topics, and the hypotheses it tests; then "
                "remove `carried`."
            )
            yield Problem(what, file, *place_in(file, ("carried",)), remedy=remedy)
        yield from _judgements(year, data)


def _judgements(year: int, data: Path) -> Iterator[Problem]:
    file = data / "judgements" / f"{year}.yml"
    for topic, headings in carried_judgements(year, data).items():
        what = f"Edition {year}, {topic}: carried judgements under {', '.join(headings)}."
        remedy = "Confirm each, or judge anew, and remove its `carried`."
        yield Problem(what, file, *place_in(file, ("topics", topic)), remedy=remedy)
