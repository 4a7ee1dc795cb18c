"""Targets: where each stands, how likely it is to be met, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from kingston_analysis.data.names import slug
from kingston_analysis.measures.change import Change
from kingston_analysis.measures.comparison.groups import group_of
from kingston_analysis.measures.indicators import no_figure
from kingston_analysis.measures.series import Series
from kingston_analysis.plan.baselines import Baseline
from kingston_analysis.plan.chances import Chance, chance, goal, leads, likelihood
from kingston_analysis.plan.targets import (
    Bound,
    Monitor,
    Percent,
    Relative,
    Reporting,
    Target,
    Trend,
)
from kingston_analysis.plan.themes import Theme
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.table import Column, table
from kingston_analysis.show.wording import or_gap, sentence_start
from kingston_analysis.views.edition import EditionView


@dataclass(frozen=True)
class _Standing:
    """A target, how likely it is to be met, and its latest change, if there is one."""

    target: Target
    chance: Chance
    change: Change | None = None


@analysis("Targets")
def targets(view: EditionView) -> Iterator[Part]:
    """Show where each target of the plan stands, and how likely it is to be met.

    The intervals are those of 95%, by which the page judges.
    """
    if isinstance(view.plan, Gap):
        yield view.plan
        return
    found = list(dict.fromkeys(_standings(view, view.plan.themes)))
    known = [each for each in found if isinstance(each, _Standing)]
    yield _frame(known)
    if known:
        yield "\n\n".join(map(_sentence, known))
    yield from (each for each in found if isinstance(each, Gap))
    if known:
        yield table(
            "Targets and how likely they are",
            found,
            Column("Target", lambda row: "Targets" if isinstance(row, Gap) else row.target.title),
            Column("Baseline", _of(lambda row: _baseline(row.target))),
            Column("Goal", _of(lambda row: sentence_start(_goal(row.target, row.chance)))),
            Column("Latest value", _of(_latest)),
            Column(
                "How likely",
                lambda row: or_gap(row) if isinstance(row, Gap) else likelihood(row.chance),
            ),
            Column("Direction", _of(_direction)),
        )


def _standings(view: EditionView, themes: tuple[Theme, ...]) -> Iterator[_Standing | Gap]:
    """Give where each target of some themes stands, or why a theme has none."""
    for theme in themes:
        if isinstance(theme.targets, Gap):
            yield theme.targets
        else:
            yield from (_standing(view, each) for each in theme.targets)


def _standing(view: EditionView, target: Target) -> _Standing:
    indicators = view.topic(target.topic).indicators
    series = next(each for each in indicators if each.indicator.id == target.indicator)
    if gap := no_figure(series, view.edition):
        return _Standing(target, Chance(gap, goal=goal(target)))
    own, phi = series.own, series.variation(series.latest).phi
    group = _rates_of(view, target.group, series) if isinstance(target, Relative) else None
    people = own["population"] if own["population"].notna().any() else None
    since = series.unbroken.columns[0]
    found = chance(target, own["value"], phi, people, group, since=since)
    return _Standing(target, found, series.change())


def _rates_of(view: EditionView, name: str, series: Series) -> pd.Series | None:
    areas = view.scope.areas
    groups = {each.name: each for each in areas.other_places if each.kind == "group"}
    if name not in groups:
        return None
    members = areas.members(groups[name])
    group = group_of(slug(name), name, series.everywhere, series.yearly, members)
    return None if group.population is None else group.counts / group.population * 1000


def _frame(known: list[_Standing]) -> pd.DataFrame:
    """Return a row for each target, in its own unit; what is not known is missing."""
    rows = [
        {
            "target": each.target.id,
            "indicator": each.target.indicator,
            "period": each.target.period,
            "goal": each.chance.goal,
            "latest": each.chance.latest,
            "latest_period": each.chance.latest_period,
            "met": each.chance.met,
            "probability": None if isinstance(p := each.chance.probability, Gap) else p,
            "low": each.chance.expected and each.chance.expected.low,
            "high": each.chance.expected and each.chance.expected.high,
        }
        for each in known
    ]
    return pd.DataFrame(rows)


# Words


def _sentence(standing: _Standing) -> str:
    """Say what is aimed at, where it stands, how likely it is to be met and where it leads."""
    target, found = standing.target, standing.chance
    text = f"**{target.title}.** {sentence_start(_goal(target, found))}. "
    if found.latest is not None:
        text += f"The newest figure is {_latest(standing)}. "
    if not isinstance(target, Monitor):
        text += f"{likelihood(found)}. "
    if found.expected and (ends := found.expected.ends):
        low, high = _number(target, ends[0]), _amount(target, ends[1])
        text += f"Expected in {target.period}: {low} to {high} (95% interval). "
    if where := leads(target, standing.change):
        text += f"The latest change leads {where}."
    return text.replace("..", ".").strip()


def _goal(target: Target, found: Chance) -> str:
    if isinstance(target, Monitor) or found.goal is None:
        return "watched, no goal set"
    amount = f"{target.side} {_amount(target, found.goal)}"
    if isinstance(target, Bound):
        return f"{amount} in every year from {target.since} to {target.period}"
    if isinstance(target, Trend):
        below = f"more than {target.margin:g}% below" if target.margin else "below"
        amount = f"below {_amount(target, found.goal)}, {below} the projected trend,"
    return f"{amount} in {target.period}{_from_baseline(target)}"


def _from_baseline(target: Target) -> str:
    if not isinstance(target, Percent | Reporting):
        return ""
    more = "above" if target.change > 0 else "below"
    return f", {abs(target.change):g}% {more} the baseline"


def _baseline(target: Target) -> str:
    base = getattr(target, "baseline", None)
    if base is None:
        return "[z]"
    if isinstance(base, Baseline):
        return f"{_amount(target, base.value)} in {base.period}"
    return f"trend of {base.period}"


def _latest(standing: _Standing) -> str | None:
    found = standing.chance
    if found.latest is None:
        return None
    return f"{_amount(standing.target, found.latest)} in {found.latest_period}"


def _direction(standing: _Standing) -> str:
    return sentence_start(leads(standing.target, standing.change)) or "No clear direction"


def _amount(target: Target, value: float) -> str:
    if isinstance(target, Relative):
        return f"{_number(target, value)} times the rate of {target.group}"
    return _number(target, value) + (" per 1,000 residents" if target.measure == "rate" else "")


def _number(target: Target, value: float) -> str:
    if isinstance(target, Relative):
        return f"{value:,.2f}"
    return f"{value:,.1f}" if target.measure == "rate" else f"{value:,.0f}"


def _of(cell: Callable[[_Standing], str | None]) -> Callable[[_Standing | Gap], str | Gap | None]:
    """Make a column's cells of a function; a theme without targets has none."""
    return lambda row: row if isinstance(row, Gap) else cell(row)
