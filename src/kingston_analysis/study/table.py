"""The study's table at rest: a CSV and its metadata, as `data/tables/` has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.project import sha256
from kingston_analysis.study.results import SAID
from kingston_analysis.study.simulated import SEED, SWING

NAME = "alarm_study"
METADATA = """\
title: How often the verdicts and intervals are right, on made-up series
description: 'A simulation study of our own methods: how often an interval holds the truth, how
  often a change that should be noticed is noticed, and how often an alarm is false. The series of
  all but one measure are made up, so that the truth is known. The measure `{said}` counts
  what our methods say of recorded crime in the 32 boroughs, of which nobody knows the truth.'
publisher: This project
source: Simulation study of the methods of this book
licence: MIT
attribution: Simulated by this project's own code.
role: instrument
edition: seed {seed}, simulated on {day}
extraction: simulated on {day}
grain: one row for each measure, method, history, nominal level, kind of series and real year
keys:
  - measure
  - method
  - process
  - mean_a_month
  - dispersion
  - years
  - period
  - nominal
value: result
unit: share of series
columns:
  - name: measure
    type: string
    description: What was counted
  - name: method
    type: string
    description: Method or rule of this book that was tried
  - name: process
    type: string
    description: What the level of the series does over the years
  - name: mean_a_month
    type: integer
    nullable: true
    minimum: 1
    description: True mean count a month; empty for real years
  - name: dispersion
    type: integer
    nullable: true
    minimum: 1
    description: True variance of a monthly count over its mean; empty for real years
  - name: years
    type: integer
    minimum: 0
    description: Years of history that the method had
  - name: period
    type: string
    nullable: true
    description: Real year that is judged; empty for made-up series
  - name: nominal
    type: number
    nullable: true
    minimum: 0
    maximum: 1
    description: Share that the method claims, or at most allows; empty where it claims none
  - name: series
    type: integer
    minimum: 1
    description: Series on which it was tried
  - name: result
    type: number
    minimum: 0
    maximum: 1
    description: Share of the series
  - name: low
    type: number
    minimum: 0
    maximum: 1
    description: Lower end of the 95% interval of the share
  - name: high
    type: number
    minimum: 0
    maximum: 1
    description: Upper end of the 95% interval of the share
rows: {rows}
hash: {hash}
caveats:
  - Made-up series show how the methods behave, not what happened anywhere.
  - Made-up series swing by {swing:.0%} with the seasons and vary up to four times more than Poisson
    counts. Their levels move as `process` says. Real counts also move in ways that no simulation
    has.
  - Areas of one simulated panel are judged together, and boroughs move together. So the intervals
    of the shares are a little too narrow.
changes:
  - Written by `make study`, with the seed {seed}.
"""


def write(frame: pd.DataFrame, day: date, folder: Path) -> None:
    """Write the results and their metadata, which names the seed and the day."""
    content = frame.to_csv(index=False, lineterminator="\n").encode()
    metadata = METADATA.format(
        seed=SEED,
        day=day_in_words(day),
        rows=len(frame),
        hash=sha256(content),
        said=SAID,
        swing=SWING,
    )
    (folder / f"{NAME}.csv").write_bytes(content)
    (folder / f"{NAME}.yml").write_text(metadata, encoding="utf-8", newline="\n")
