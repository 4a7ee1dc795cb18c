"""Measure what decision 30 rests on: φ by indicator, and how real changes are called."""

import math
import sys

import pandas as pd

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import edition_years
from kingston_analysis.data.topics import load_topics
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.variation import counting_noise, noise_squares
from kingston_analysis.notebook import open_topic
from kingston_analysis.project import Project
from kingston_analysis.results import Estimate

PROJECT = Project.find()
OWN = "Kingston upon Thames"
TOPICS = [*load_topics(PROJECT)]


def opened(edition: int, topic: str, area: str = OWN):
    """Open a topic's view, or None where the edition has none."""
    try:
        return open_topic(edition=edition, area=area, topic=topic).view
    except KingstonError:
        return None


def noise() -> pd.Series:
    """Return φ of each indicator with months: the middle of its boroughs."""
    found = {}
    for topic in TOPICS:
        view = opened(edition_years(PROJECT)[-1], topic)
        for series in view.series if view else []:
            learned = counting_noise(noise_squares(series.all_months))
            if learned:
                found[series.indicator.id] = pd.Series([e.phi for e in learned.values()]).median()
    return pd.Series(found)


def shared() -> pd.DataFrame:
    """Return the changes of one figure that two editions in a row tell, with both verdicts."""
    rows, before = [], {}
    for edition in edition_years(PROJECT):
        now = {}
        for topic in TOPICS:
            view = opened(edition, topic)
            for series in view.series if view else []:
                for year in series.own.index:
                    found = series.change(year)
                    if isinstance(found.ratio, Estimate):
                        now[topic, series.indicator.id, year] = found
        for key in now.keys() & before.keys():
            then, found = before[key], now[key]
            if math.isclose(then.ratio.value, found.ratio.value):
                same = (then.verdict == found.verdict, then.unusual == found.unusual)
                rows.append((edition, *key, *same, then.ratio.ends == found.ratio.ends))
        before |= now
    return pd.DataFrame(
        rows, columns=["edition", "topic", "indicator", "year", "verdict", "unusual", "interval"]
    )


def called() -> pd.DataFrame:
    """Return what the newest edition calls the changes of all boroughs in all years."""
    rows = []
    for area in load_areas(PROJECT).borough_names:
        for topic in TOPICS:
            view = opened(edition_years(PROJECT)[-1], topic, area)
            for series in view.series[:1] if view else []:
                for year in series.own.index:
                    found = series.change(year)
                    if isinstance(found.ratio, Estimate):
                        another = found.verdict in ("rose", "fell")
                        rows.append((area, topic, year, another, found.unusual))
    return pd.DataFrame(rows, columns=["area", "topic", "year", "another", "unusual"])


phi, same = noise(), shared()
told = [f"φ of {len(phi)} indicators: middle {phi.median():.2f}, spread {phi.std():.2f}"]
kept = same[["verdict", "unusual", "interval"]].sum().to_dict()
told.append(f"{len(same)} changes told again by the next edition, of which the same: {kept}")
every = called()
share = every[["another", "unusual"]].mean().round(3).to_dict()
told += [
    f"{len(every)} changes: {share}",
    str(every.groupby("year")[["another", "unusual"]].mean()),
]
sys.stdout.write("\n".join(told) + "\n")
