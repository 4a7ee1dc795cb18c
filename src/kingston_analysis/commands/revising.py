"""What the extractions of a table that came after each other revised."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from kingston_analysis.commands.showing import put_json, put_out, say
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.topics import load_topics
from kingston_analysis.measures.revisions import Revisions, revisions_of, turned_verdicts
from kingston_analysis.project import Project
from kingston_analysis.show.table import records
from kingston_analysis.show.wording import counted, number, signed

# Of the periods that were revised the newest are listed: they are still moving.
NEWEST = 12


def print_revisions(project: Project, name: str, area: str | None, as_json: bool) -> None:
    """Print how each extraction of a table revised the one before, and which verdicts turned.

    The verdicts are of a borough, by default that of the newest edition.
    """
    area = area or load_edition(project, edition_years(project)[-1]).area
    newest = load(project, name)
    vintages = newest.meta.vintages
    if not vintages:
        say(f"One extraction of {name} is held, so nothing is known of what was revised.")
    held = [load(project, name, each.replaced - timedelta(days=1)) for each in vintages]
    pairs = itertools.pairwise([*held, newest])
    reports = [
        {"replaced": vintage.replaced.isoformat(), **_report(project, pair, area)}
        for vintage, pair in zip(vintages, pairs, strict=True)
    ]
    if as_json:
        put_json(reports)
    for report in [] if as_json else reports:
        put_out("\n".join(_lines(report, newest, area)))


def _report(project: Project, pair: tuple[Table, Table], area: str) -> dict[str, Any]:
    before, now = pair
    found, span = revisions_of(before, now), now.meta.span
    indicators = [
        indicator
        for topic in load_topics(project).values()
        for indicator in topic.indicators
        if indicator.table == now.name
    ]
    boroughs, people = load_areas(project).borough_names, load(project, "population")
    turned = turned_verdicts(indicators, area, pair, people, boroughs)
    return {
        "cells": found.cells,
        "revised": len(found.frame),
        "net": found.net,
        "by": {key: _by(found, key) for key in now.meta.keys if key != span.column},
        "by_period": _by(found, span.column),
        "turned": [
            {
                "indicator": each.indicator.title,
                "year": each.year,
                "before": each.before,
                "now": each.now,
            }
            for each in turned
        ],
    }


def _by(found: Revisions, key: str) -> list[dict[str, Any]]:
    return records(found.by(key).rename(columns={key: "of"}))


def _lines(report: dict[str, Any], table: Table, area: str) -> list[str]:
    """Write what one extraction revised, as lines of text."""
    kind = table.meta.span.kind
    lines = [
        f"{table.meta.title}: the extraction that took the last one's place on "
        f"{report['replaced']}",
        f"  {number(report['revised'])} of {number(report['cells'])} cells that both carry differ, "
        f"{signed(report['net'])} in all.",
    ]
    newest = report["by_period"][-NEWEST:]
    lines += (
        [f"  The newest {counted(len(newest), 'periods')} that were revised:"] if newest else []
    )
    lines += [_line(periods.in_words(row["of"], kind), row) for row in newest]
    for key, rows in report["by"].items():
        largest = sorted(rows, key=lambda row: -row["gross"])[:NEWEST]
        lines += [f"  By {key.replace('_', ' ')}, those that moved most:"] if rows else []
        lines += [_line(row["of"], row) for row in largest]
    if not report["turned"]:
        return [*lines, f"  No verdict on {area} turned."]
    turned = (
        f"    {each['indicator']}, {each['year']}: {each['before']}, now {each['now']}"
        for each in report["turned"]
    )
    return [*lines, f"  Verdicts on {area} that turned:", *turned]


def _line(name: str, row: dict[str, Any]) -> str:
    return (
        f"    {name}: {counted(row['cells'], 'cells')}, {signed(row['net'])} in all, "
        f"{number(row['gross'])} up and down"
    )
