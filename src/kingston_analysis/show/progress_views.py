"""Progress in words and tables: actions and outcomes, projections scored, own working."""

from __future__ import annotations

from dataclasses import dataclass

from kingston_analysis.measures.changes import Change
from kingston_analysis.measures.groups import Beside
from kingston_analysis.measures.progress import Evidence, Scored
from kingston_analysis.measures.series import Series
from kingston_analysis.plan.themes import Theme
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show import wording
from kingston_analysis.show.table import DisplayTable, Heading
from kingston_analysis.show.wording import number


@dataclass(frozen=True)
class Outcome:
    """What the figure of one theme or topic did in its latest year."""

    title: str
    series: Series | Gap
    change: Change | None = None
    beside: Beside | None = None
    placebo: float = 1.0
    evidence: Evidence | None = None


def objectives_sentence(themes: tuple[Theme, ...], edition: int) -> str:
    """Say of how many themes objectives, and of how many objectives actions, are known."""
    known = [each for each in themes if isinstance(each.objectives, tuple)]
    objectives = [objective for each in known for objective in each.objectives]
    actions = [each for each in objectives if isinstance(each.actions, tuple)]
    named = " and ".join(each.title.lower() for each in known) or "none of them"
    return (
        f"The plan as it stood in edition {edition} has {len(themes)} themes. Objectives are known "
        f"of {len(known)} ({named}): {len(objectives)} objectives, of which {len(actions)} have a "
        "known action. So it cannot be told how far most of it was carried out; what the figures "
        "did stands beside it."
    )


def implemented_table(themes: tuple[Theme, ...], outcomes: dict[str, Outcome]) -> DisplayTable:
    """Set action, output and outcome beside each objective, with the state of the evidence."""
    rows = [
        [theme.title, *row, _moved(outcomes[theme.topic]), _state(outcomes[theme.topic])]
        for theme in themes
        for row in _implemented(theme)
    ]
    names = ("Theme", "Objective", "Action", "Output", "Outcome: its figure", "Evidence")
    caption = "Last year's plan: action, output and outcome"
    return DisplayTable(caption, [Heading(name) for name in names], rows)


def _implemented(theme: Theme) -> list[list[str]]:
    if isinstance(theme.objectives, Gap):
        return [[wording.or_gap(theme.objectives), "[x]", "[x]"]]
    rows = []
    for objective in theme.objectives:
        if isinstance(objective.actions, Gap):
            rows.append([objective.text, wording.or_gap(objective.actions), "[x]"])
            continue
        for action in objective.actions:
            rows.append([objective.text, action.text, wording.or_gap(action.output)])
    return rows


def outcomes_table(outcomes: list[Outcome]) -> DisplayTable:
    """Set what each figure did beside the larger area and the other boroughs."""
    rows = [_outcome(each) for each in outcomes]
    headings = [
        *(Heading(name) for name in ("Area of crime", "Figure", "Years", "Change")),
        Heading("Own change ÷ that of the larger area"),
        Heading("Other boroughs that moved as far the better way", "percent"),
    ]
    return DisplayTable("What the figures did", headings, rows)


def _outcome(each: Outcome) -> list:
    series = each.series
    if isinstance(series, Gap):
        return [each.title, _no_figure(series), "[x]", "[x]", "[x]", "[x]"]
    years = f"{series.before} to {series.latest}"
    if isinstance(each.change.ratio, Gap):
        return [each.title, series.indicator.title, years, each.change.ratio.why, "[x]", "[x]"]
    rates = each.beside.changes if each.beside else None
    told = "[x]"
    if isinstance(rates, Estimate):
        name = each.beside.standing.group.name
        told = f"{rates.value:.2f} ({rates.low:.2f} to {rates.high:.2f}), {name}"
    return [each.title, series.indicator.title, years, _changed(each.change), told, each.placebo]


def _moved(each: Outcome) -> str:
    if isinstance(each.series, Gap):
        return _no_figure(each.series)
    change = each.change
    if isinstance(change.ratio, Gap):
        return f"{each.series.indicator.title}: cannot be compared"
    return f"{each.series.indicator.title}: {_changed(change)}"


def _no_figure(gap: Gap) -> str:
    return f"Not available: {gap.why.rstrip('.')}"


def _changed(change: Change) -> str:
    words = wording.change_in_words(change.verdict, change.ratio)
    return f"{words} ({wording.interval_in_words(change.ratio)})"


def _state(each: Outcome) -> str:
    return f"{each.evidence.state}. {each.evidence.why}" if each.evidence else "none"


def scored_sentence(found: list[Scored], edition: int) -> str:
    """Say how often what came lay inside what the edition before had projected."""
    held = [each for each in found if each.came is not None]
    if not held:
        return f"Edition {edition} projected nothing whose end is known now."
    inside = {level: sum(each.inside(level) for each in held) for level in (80, 95)}
    usual = {level: number(round(len(held) * level / 100)) for level in (80, 95)}
    return (
        f"Edition {edition} projected the end of the year in progress for {len(held)} areas of "
        f"crime whose end is known now. It came inside the 80% interval {inside[80]} times "
        f"({usual[80]} would be usual), and inside the 95% interval {inside[95]} times "
        f"({usual[95]} would be usual). Areas of crime overlap, so these are not so many separate "
        "tests."
    )


def scored_table(found: list[Scored], titles: dict[str, str]) -> DisplayTable:
    """Set each projection of the edition before beside what came."""
    rows = [
        [
            titles[each.page],
            each.said.year,
            round(each.said.expected),
            " to ".join(map(number, each.said.within_80.ends)),
            "[x]" if each.came is None else each.came,
            _where(each),
        ]
        for each in found
    ]
    headings = [
        *(Heading(name) for name in ("Area of crime", "Year")),
        Heading("Projected", "count"),
        Heading("80% interval"),
        Heading("Came", "count"),
        Heading("Where it came"),
    ]
    return DisplayTable("Last edition's projections and what came", headings, rows)


def _where(each: Scored) -> str:
    if each.came is None:
        return "not known yet"
    if each.inside(80):
        return "inside the 80% interval"
    return "inside the 95% interval" if each.inside(95) else "outside both"
