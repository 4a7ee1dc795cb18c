"""What the extractions of a table that came after each other revised."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from kingston_analysis.commands.showing import put_json, put_out, say
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.topics import load_topics
from kingston_analysis.measures.revisions import (
    Revisions,
    TurnedVerdict,
    revisions_of,
    turned_verdicts,
)
from kingston_analysis.project import Project
from kingston_analysis.show.table import records
from kingston_analysis.show.wording import counted, number, signed

# Of the periods that were revised the newest are listed: they are still moving.
NEWEST = 12


@dataclass(frozen=True)
class _Replacement:
    """What the extraction revised that took the last one's place on a day."""

    on: date
    table: Table
    found: Revisions
    turned: list[TurnedVerdict]


def print_revisions(project: Project, name: str, area: str | None, as_json: bool) -> None:
    """Print how each extraction of a table revised the one before, and which verdicts turned.

    The verdicts are of a borough, by default that of the newest edition.
    """
    area = area or load_edition(project, edition_years(project)[-1]).area
    made = list(_replacements(project, name, area))
    if not made:
        say(f"One extraction of {name} is held, so nothing is known of what was revised.")
    if as_json:
        put_json([_object(each) for each in made])
    for each in [] if as_json else made:
        put_out("\n".join(_lines(each, area)))


def _replacements(project: Project, name: str, area: str) -> Iterator[_Replacement]:
    newest = load(project, name)
    indicators = [
        indicator
        for topic in load_topics(project).values()
        for indicator in topic.indicators
        if indicator.table == name
    ]
    boroughs, people = load_areas(project).borough_names, load(project, "population")
    days = [vintage.replaced for vintage in newest.meta.vintages]
    held = [load(project, name, day - timedelta(days=1)) for day in days]
    for day, pair in zip(days, itertools.pairwise([*held, newest]), strict=True):
        turned = turned_verdicts(indicators, area, pair, people, boroughs)
        yield _Replacement(day, newest, revisions_of(*pair), list(turned))


def _object(made: _Replacement) -> dict[str, object]:
    """Return what was revised as JSON has it."""
    found, meta = made.found, made.table.meta
    column = meta.span.column
    return {
        "replaced": made.on.isoformat(),
        "cells": found.cells,
        "revised": len(found.frame),
        "net": found.net,
        "by": {key: _by(found, key) for key in meta.keys if key != column},
        "by_period": _by(found, column),
        "turned": [
            {
                "indicator": each.indicator.title,
                "year": each.year,
                "before": each.before,
                "now": each.now,
            }
            for each in made.turned
        ],
    }


def _by(found: Revisions, key: str) -> list[object]:
    return list(records(found.by(key).rename(columns={key: "of"})))


def _lines(made: _Replacement, area: str) -> Iterator[str]:
    """Write what one extraction revised, as lines of text."""
    found, meta = made.found, made.table.meta
    span = meta.span
    yield f"{meta.title}: the extraction that took the last one's place on {made.on.isoformat()}"
    yield (
        f"  {number(len(found.frame))} of {number(found.cells)} cells that both carry differ, "
        f"{signed(found.net)} in all."
    )
    if found.frame.empty:
        return
    newest = found.by(span.column).tail(NEWEST)
    yield f"  The newest {counted(len(newest), 'periods')} that were revised:"
    yield from _rows(newest.assign(of=[periods.in_words(e, span.kind) for e in newest.iloc[:, 0]]))
    for key in [key for key in meta.keys if key != span.column]:
        yield f"  By {key.replace('_', ' ')}, those that moved most:"
        moved = found.by(key).sort_values("gross", ascending=False, kind="stable")
        yield from _rows(moved.rename(columns={key: "of"}).head(NEWEST))
    if not made.turned:
        yield f"  No verdict on {area} turned."
        return
    yield f"  Verdicts on {area} that turned:"
    for each in made.turned:
        yield f"    {each.indicator.title}, {each.year}: {each.before}, now {each.now}"


def _rows(frame: pd.DataFrame) -> Iterator[str]:
    """Write a line for each row of name (`of`), cells, net and gross change."""
    for of, cells, net, gross in frame[["of", "cells", "net", "gross"]].itertuples(index=False):
        yield (
            f"    {of}: {counted(cells, 'cells')}, {signed(net)} in all, {number(gross)} up and "
            "down"
        )
