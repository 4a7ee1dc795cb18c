"""Run the study and write its table: `python -m kingston_analysis.study`."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from kingston_analysis.analyses.hypotheses import RATES
from kingston_analysis.project import Project
from kingston_analysis.study.hypothesis_rates import hypothesis_rates, write_rates
from kingston_analysis.study.run import study
from kingston_analysis.study.table import NAME, write


def run_study() -> None:
    """Simulate, count how often hypotheses are met, and put both tables into `data/tables/`."""
    parser = argparse.ArgumentParser(prog="python -m kingston_analysis.study", description=__doc__)
    parser.add_argument(
        "--day",
        type=date.fromisoformat,
        default=date.today(),
        metavar="2026-12-31",
        help="the day to write into the metadata; by default today",
    )
    day = parser.parse_args().day
    project = Project.find()
    frame = study(project)
    write(frame, day, project.tables)
    rates = hypothesis_rates(project)
    write_rates(rates, project.tables)
    for name, rows in ((NAME, frame), (RATES, rates)):
        sys.stdout.write(f"{len(rows)} rows in {project.name_of(project.tables / name)}.csv\n")


if __name__ == "__main__":
    run_study()
