"""Progress: how far last year's plan was carried out, and what came of last year's forecasts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from kingston_analysis.measures.change import Change
from kingston_analysis.measures.comparison.groups import Comparator
from kingston_analysis.measures.progress import (
    BETTER,
    Evidence,
    evidence,
    placebo_share,
)
from kingston_analysis.measures.series import Series
from kingston_analysis.plan.plans import Plan, first_year
from kingston_analysis.plan.themes import Theme
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.table import Column, DisplayTable, Row, table
from kingston_analysis.show.wording import (
    agreeing,
    change_with_interval,
    counted,
    listed,
    number_in_words,
    or_gap,
)
from kingston_analysis.views.edition import EditionView

FIRST = Gap("This is the first edition: there is no earlier plan to compare the year with.")


@dataclass(frozen=True)
class _Outcome:
    """What the figure of one topic did in the year assessed, beside a larger area and boroughs.

    `placebo` is None where neither way is better; `evidence` is how far the change speaks for the
    actions of the topic's theme.
    """

    series: Series
    change: Change
    comparator: Comparator
    placebo: float | None
    evidence: Evidence


@analysis("How far last year's plan was carried out")
def implemented(view: EditionView) -> Iterator[Part]:
    """Set action, output and outcome beside each objective of the last edition's plan."""
    if view.before is None:
        yield FIRST
        return
    plan = _plan_before(view, view.before)
    if isinstance(plan, Gap):
        yield plan
        return
    yield _objectives_sentence(plan.themes, view.before.edition.edition)
    outcomes = {each.topic: _outcome_of_plan(view, view.before, each) for each in plan.themes}
    yield table(
        "Last year's plan: action, output and outcome",
        [(theme, *cells) for theme in plan.themes for cells in _carried_out(theme)],
        Column("Theme", lambda row: row[0].title),
        Column("Objective", lambda row: row[1]),
        Column("Action", lambda row: row[2]),
        Column("Output", lambda row: row[3]),
        Column("Outcome: its figure", lambda row: _in_short(outcomes[row[0].topic])),
        Column("Evidence", lambda row: _evidence(outcomes[row[0].topic])),
    )


@analysis("What the figures did")
def what_figures_did(view: EditionView, *, group: str | None = None) -> Iterator[Part]:
    """Show what the figure of each theme, or topic, did in the year assessed.

    `group` names the larger area that stands beside the borough, the smallest where none is named.
    The intervals are those of 99.5%, which go with the verdicts that the topics' pages give. Raises
    KingstonError where the borough lies in no such area.
    """
    plan = view.plan
    topics = view.edition.topics if isinstance(plan, Gap) else [e.topic for e in plan.themes]
    outcomes = [(view.topic_titles[topic], _outcome(view, topic, group=group)) for topic in topics]
    yield _frame(outcomes)
    yield _outcomes_table(outcomes)


@analysis("The partnership's own working")
def own_working(view: EditionView) -> Iterator[Part]:
    """Give the review of the partnership's own working."""
    working = view.edition.working
    yield working if isinstance(working, Gap) else "\n".join(f"- {each}" for each in working)


# The plan and its figures


def _plan_before(view: EditionView, before: EditionView) -> Plan | Gap:
    """Return the plan of last year's edition, against which the year is held."""
    year = view.edition.edition - 1
    if before.edition.edition != year:
        return Gap(
            f"There is no {year} edition, so no plan of last year is known. The edition before is "
            f"that of {before.edition.edition}."
        )
    if view.area == view.edition.area and not before.edition.plan:
        return Gap("The edition before has no plan.")
    return before.plan


def _objectives_sentence(themes: tuple[Theme, ...], edition: int) -> str:
    """Say for how many themes objectives, and for how many objectives actions, are known."""
    known = [each for each in themes if isinstance(each.objectives, tuple)]
    objectives = [e for t in themes if isinstance(t.objectives, tuple) for e in t.objectives]
    actions = [each for each in objectives if isinstance(each.actions, tuple)]
    held = "for none of them"
    if known:
        named = listed(each.title.lower() for each in known)
        many = f"{number_in_words(len(known))} {agreeing(len(known), 'theme', 'themes')}"
        acted = number_in_words(len(actions)) if actions else "none"
        held = f"for {many} ({named}): {len(objectives)}, {acted} with a known action"
    return (
        f"The plan as it stood in the {edition} edition has {counted(len(themes), 'themes')}. "
        f"Objectives are known {held}. So how far most of it was carried out is not known; what "
        "the figures did is shown beside it."
    )


def _carried_out(theme: Theme) -> Iterator[tuple[str, str | None, str | None]]:
    """Give objective, action and output of a theme, as far as they are known."""
    if isinstance(theme.objectives, Gap):
        yield or_gap(theme.objectives), None, None
        return
    for objective in theme.objectives:
        if isinstance(objective.actions, Gap):
            yield objective.text, or_gap(objective.actions), None
            continue
        for action in objective.actions:
            yield objective.text, action.text, or_gap(action.output)


def _outcome_of_plan(view: EditionView, before: EditionView, theme: Theme) -> _Outcome | Gap:
    """Return what a theme's figure did while the plan ran; from before it, nothing is its outcome.

    The edition before has a plan.
    """
    assessed, began = (
        view.edition.assessed,
        first_year(view.scope.project, before.edition),
    )
    if assessed < began:
        return Gap(f"the plan began in {began}, and {assessed} was over before that.")
    return _outcome(view, theme.topic, theme)


def _outcome(
    view: EditionView, topic: str, theme: Theme | None = None, group: str | None = None
) -> _Outcome | Gap:
    """Return what a topic's figure did, and how far that speaks for its theme's actions."""
    found = view.topic(topic)
    if found.year_gap:
        return found.year_gap
    primary, comparison = (
        found.primary,
        found.comparators([group]) if group else found.group_comparison,
    )
    if isinstance(comparison, Gap):
        return comparison
    change, comparator = primary.change(), comparison.groups[0]
    polarity = primary.indicator.polarity
    counts = primary.yearly.pivot(index="area", columns="period", values="value")
    years = counts.reindex(columns=[primary.before, primary.latest])
    wanted = BETTER.get(polarity)
    placebo = placebo_share(years, view.area, wanted) if wanted else None
    label = comparator.standing.group.label
    supports = evidence(_acted(theme), polarity, change, comparator.changes, label, placebo)
    return _Outcome(primary, change, comparator, placebo, supports)


def _acted(theme: Theme | None) -> bool:
    objectives = theme.objectives if theme else ()
    known = objectives if isinstance(objectives, tuple) else ()
    return any(isinstance(each.actions, tuple) for each in known)


def _in_short(outcome: _Outcome | Gap) -> str:
    if isinstance(outcome, Gap):
        return _no_figure(outcome)
    changed = change_with_interval(outcome.change.verdict, outcome.change.printed)
    return f"{outcome.series.indicator.title}: {changed}"


def _no_figure(gap: Gap) -> str:
    return f"Not available: {gap.why.rstrip('.')}"


def _evidence(outcome: _Outcome | Gap) -> str:
    if isinstance(outcome, Gap):
        return "none"
    return f"{outcome.evidence.state}. {outcome.evidence.why}"


def _outcomes_table(outcomes: list[tuple[str, _Outcome | Gap]]) -> DisplayTable:
    """Set what each figure did beside the larger area and the other boroughs."""
    rows = [{"title": title, **_cells(outcome)} for title, outcome in outcomes]
    return table(
        "What the figures did",
        pd.DataFrame(rows, columns=["title", "figure", "years", "change", "against", "placebo"]),
        Column("Area of crime", "title"),
        Column("Figure", "figure"),
        Column("Years", "years"),
        Column("Change", "change"),
        Column("Own ratio, after to before, ÷ that of the larger area", "against"),
        Column("Other boroughs that moved as far the better way", _placebo, "percent"),
    )


def _placebo(row: Row) -> object:
    """Write [z] for a figure of which neither more nor less is better."""
    known = isinstance(row["change"], str)
    return "[z]" if known and pd.isna(row["placebo"]) else row["placebo"]


def _cells(outcome: _Outcome | Gap) -> dict[str, str | float | None]:
    if isinstance(outcome, Gap):
        return {"figure": _no_figure(outcome)}
    series, ratio, against = outcome.series, outcome.change.ratio, outcome.comparator.changes
    years = f"{series.before} to {series.latest}"
    cells: dict[str, str | float | None] = {"figure": series.indicator.title, "years": years}
    if isinstance(ratio, Gap):
        return {**cells, "change": ratio.why}
    changed = change_with_interval(outcome.change.verdict, outcome.change.printed)
    cells |= {"change": changed, "placebo": outcome.placebo}
    if isinstance(against, Estimate):
        name = outcome.comparator.standing.group.name
        interval = f"{against.low:.2f} to {against.high:.2f}"
        cells["against"] = f"{against.value:.2f} ({interval}), {name}"
    return cells


def _frame(outcomes: list[tuple[str, _Outcome | Gap]]) -> pd.DataFrame:
    """Return a row for each figure that is known, its changes as ratios."""
    rows = []
    for title, each in outcomes:
        if isinstance(each, Gap):
            continue
        own, against = each.change.ratio, each.comparator.changes
        row: dict[str, str | float | None] = {
            "topic": title,
            "indicator": each.series.indicator.id,
            "year": each.series.latest,
            "verdict": each.change.verdict,
            "group": each.comparator.standing.group.name,
            "placebo_share": each.placebo,
        }
        for name, ratio in (("change", own), ("against_group", against)):
            if isinstance(ratio, Estimate):
                row |= {name: ratio.value, f"{name}_low": ratio.low, f"{name}_high": ratio.high}
        rows.append(row)
    return pd.DataFrame(rows)
