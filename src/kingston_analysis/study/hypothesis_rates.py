"""How often the tests of hypotheses are met, over all boroughs and the years that can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pandas as pd

from kingston_analysis.analyses.hypotheses import RATES, measurements
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import Edition, edition_years, load_edition
from kingston_analysis.data.hypotheses import Hypothesis, expected_of, load_hypotheses
from kingston_analysis.data.tables import periods
from kingston_analysis.data.topics import load_topic
from kingston_analysis.measures.expected import Outcome
from kingston_analysis.measures.hypotheses import evaluate
from kingston_analysis.project import Project, sha256
from kingston_analysis.views.scope import Scope
from kingston_analysis.views.topic import TopicView

# The first year with one before it that was counted in the same way, since April 2002.
FIRST = "2003/04"
KEYS = ["kind", "expected", "financial_year"]
TOLD: tuple[Outcome, ...] = ("supported", "not supported", "no clear answer")
# A test that is met in more than that share of areas and years tells nothing.
NO_TEST = 0.9
# One outcome: kind of test, what it expects, year assessed, area, what came of it.
TestOutcome = tuple[str, str, str, str, Outcome]


def hypothesis_rates(project: Project) -> pd.DataFrame:
    """Test the hypotheses of all editions on every borough and year, and count what came of it.

    Each year is seen as by an edition that assesses it. Returns kind, expected, financial_year,
    areas and tests (of which there are figures), supported, not_supported, no_clear_answer.
    """
    with ProcessPoolExecutor() as processes:
        jobs = [
            processes.submit(_rows, project.root, topic, year)
            for topic in tested(project)
            for year in years_assessed(project)
        ]
        return counted_by_kind(row for job in jobs for row in job.result())


def tested(project: Project) -> dict[str, list[Hypothesis]]:
    """Return, by topic, the hypotheses with a test that some edition lists."""
    found: dict[str, list[Hypothesis]] = {}
    for year in edition_years(project):
        for topic, listed in load_hypotheses(project, year).items():
            known = found.setdefault(topic, [])
            known += [each for each in listed if each.test and each not in known]
    return {topic: listed for topic, listed in found.items() if listed}


def years_assessed(project: Project) -> list[str]:
    """List the years from `FIRST` to the one that the newest edition assesses."""
    last = load_edition(project, edition_years(project)[-1]).assessed
    years = [FIRST]
    while years[-1] < last:
        years.append(periods.shifted(years[-1], "financial_year", 1))
    return years


def outcomes(project: Project, topic: str, year: str) -> Iterator[TestOutcome]:
    """Give the outcome of each of a topic's tests in every borough, as of the year assessed."""
    edition = _edition(project, topic, year)
    areas, listed = load_areas(project).borough_names, tested(project)[topic]
    first = TopicView(Scope(project, edition, areas[0]), load_topic(project, topic))
    for area in areas:
        measured = measurements(first.of(area), listed)
        for each in listed:
            if each.test:
                outcome = evaluate(each, measured).outcome
                yield each.test.kind, expected_of(each.test), year, area, outcome


def counted_by_kind(rows: Iterator[TestOutcome] | list[TestOutcome]) -> pd.DataFrame:
    """Count outcomes by kind of test, what it expects, and year; what has no data is no test."""
    frame = pd.DataFrame(rows, columns=[*KEYS, "area", "outcome"])
    frame = frame[frame["outcome"].isin(TOLD)]
    areas = frame.groupby(KEYS)["area"].nunique().rename("areas")
    found = pd.crosstab([frame[key] for key in KEYS], frame["outcome"]).reindex(
        columns=list(TOLD), fill_value=0
    )
    found.columns = [each.replace(" ", "_") for each in TOLD]
    found.insert(0, "tests", found.sum(axis=1))
    return found.join(areas).reset_index()[[*KEYS, "areas", "tests", *found.columns[1:]]]


def _rows(root: Path, topic: str, year: str) -> list[TestOutcome]:
    return list(outcomes(Project(root), topic, year))


def _edition(project: Project, topic: str, assessed: str) -> Edition:
    """Make an edition that assesses a year; its evidence ends where that of the real ones does."""
    newest = load_edition(project, edition_years(project)[-1])
    after = int(assessed[:4]) + 2
    return Edition(
        edition=after,
        title=newest.title,
        area=newest.area,
        assessed=assessed,
        extraction=date(after, 1, 15),
        about=newest.about,
        topics=(topic,),
    )


METADATA = """\
title: How often the tests of hypotheses are met
description: 'Every test of a hypothesis that an edition lists, made on all boroughs and years, and
  how often it was supported. It shows which kinds of test are hard to meet.'
publisher: This project
source: Tests of this book, on the published tables that it holds
licence: MIT
attribution: Computed by this project's own code.
role: observation
extraction: computed from the tables held
period:
  column: financial_year
  kind: financial_year
  first: {first}
  last: {last}
  missing: []
grain: one row for each kind of test, what it expects, and financial year
keys:
  - kind
  - expected
  - financial_year
value: supported
unit: tests
columns:
  - name: kind
    type: string
    description: Kind of test
  - name: expected
    type: string
    description: Which way the figures are expected to lie, if the kind does not say it all
  - name: financial_year
    type: string
    description: Year that is assessed, from April to March
  - name: areas
    type: integer
    minimum: 1
    description: Boroughs with figures for such a test
  - name: tests
    type: integer
    minimum: 1
    description: Tests for which there are figures, one for each hypothesis and borough
  - name: supported
    type: integer
    minimum: 0
    description: Tests that the figures support
  - name: not_supported
    type: integer
    minimum: 0
    description: Tests that the figures do not support
  - name: no_clear_answer
    type: integer
    minimum: 0
    description: Tests on which the figures give no clear answer
rows: {rows}
hash: {hash}
caveats:
  - Boroughs of one city and years in a row move together, so these are not so many separate tests.
  - Wards are held for one borough alone.
changes:
  - Written by `make study`.
"""


def write_rates(frame: pd.DataFrame, folder: Path) -> None:
    """Write the counts and their metadata."""
    content = frame.to_csv(index=False, lineterminator="\n").encode()
    metadata = METADATA.format(
        first=frame["financial_year"].min(),
        last=frame["financial_year"].max(),
        rows=len(frame),
        hash=sha256(content),
    )
    (folder / f"{RATES}.csv").write_bytes(content)
    (folder / f"{RATES}.yml").write_text(metadata, encoding="utf-8", newline="\n")
