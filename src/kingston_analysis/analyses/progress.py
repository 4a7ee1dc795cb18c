"""Progress: how far last year's plan was carried out, and what came of last year's forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from kingston_analysis.data.areas import slug
from kingston_analysis.measures.groups import group_of
from kingston_analysis.measures.indicators import no_full_year
from kingston_analysis.measures.progress import BETTER, Scored, evidence, placebo_share
from kingston_analysis.measures.series import Series
from kingston_analysis.plan.chances import Chance, chance
from kingston_analysis.plan.plans import Plan
from kingston_analysis.plan.targets import Relative, Target
from kingston_analysis.plan.themes import Theme
from kingston_analysis.results import Gap
from kingston_analysis.show import progress_views as shown
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.progress_views import Outcome
from kingston_analysis.show.target_views import Progress, target_sentence, targets_table
from kingston_analysis.views.edition import EditionView


@analysis("How far last year's plan was carried out")
def implemented(view: EditionView) -> Iterator[Part]:
    """Set action, output and outcome beside each objective of the last edition's plan."""
    plan = _plan_before(view)
    if view.before is None or isinstance(plan, Gap):
        yield plan
        return
    yield shown.objectives_sentence(plan.themes, view.before.edition.edition)
    outcomes = {each.topic: _outcome(view, each.topic, each) for each in plan.themes}
    yield shown.implemented_table(plan.themes, outcomes)


@analysis("What the figures did")
def what_figures_did(view: EditionView) -> Iterator[Part]:
    """Show what the figure of each theme, or topic, did in its latest year."""
    plan = view.plan
    topics = view.edition.topics if isinstance(plan, Gap) else [e.topic for e in plan.themes]
    yield shown.outcomes_table([_outcome(view, topic) for topic in topics])


@analysis("Targets")
def targets(view: EditionView) -> Iterator[Part]:
    """Show where each target of the plan stands, and how likely it is to be met."""
    if isinstance(view.plan, Gap):
        yield view.plan
        return
    found = list(dict.fromkeys(_targets(view, view.plan.themes)))
    known = [each for each in found if isinstance(each, Progress)]
    if known:
        yield "\n\n".join(target_sentence(each) for each in known)
    for each in found:
        if isinstance(each, Gap):
            yield each
    if known:
        yield targets_table(found)


@analysis("Projections scored")
def forecasts_scored(view: EditionView) -> Iterator[Part]:
    """Hold the last edition's forecasts against what came."""
    if view.before is None:
        yield _plan_before(view)
        return
    found = list(_forecasts(view, view.before))
    yield shown.scored_sentence(found, view.before.edition.edition)
    if found:
        yield shown.scored_table(found, view.page_titles)


@analysis("The partnership's own working")
def own_working(view: EditionView) -> Iterator[Part]:
    """Give the review of the partnership's own working."""
    working = view.edition.working
    yield working if isinstance(working, Gap) else "\n".join(f"- {each}" for each in working)


def _plan_before(view: EditionView) -> Plan | Gap:
    """Return the plan of the edition before, against which the year is held."""
    if view.before is None:
        why = "This is the first edition: there is no earlier plan to hold the year against."
        return Gap(why)
    if view.area == view.edition.area and not view.before.edition.plan:
        return Gap("The edition before has no plan.")
    return view.before.plan


def _outcome(view: EditionView, topic: str, theme: Theme | None = None) -> Outcome:
    """Return what a topic's figure did, and how far that speaks for its theme's actions."""
    found, gap = view.newest(topic)
    title, lead = view.topic_titles[topic], found.lead
    if gap and not lead.known:
        return Outcome(title, gap)
    change, beside = lead.change(), found.beside.groups[0]
    polarity = lead.indicator.polarity
    counts = lead.yearly.pivot(index="area", columns="period", values="value")
    years = counts.reindex(columns=[lead.before, lead.latest])
    placebo = placebo_share(years, view.area, BETTER.get(polarity, "fell"))
    group = beside.standing.group.told
    speaks = evidence(_acted(theme), polarity, change, beside.changes, group, placebo)
    return Outcome(title, lead, change, beside, placebo, speaks)


def _acted(theme: Theme | None) -> bool:
    objectives = theme.objectives if theme else ()
    known = objectives if isinstance(objectives, tuple) else ()
    return any(isinstance(each.actions, tuple) for each in known)


def _targets(view: EditionView, themes: Iterable[Theme]) -> Iterator[Progress | Gap]:
    """Give where each target of some themes stands, or why a theme has none."""
    for theme in themes:
        if isinstance(theme.targets, Gap):
            yield theme.targets
        else:
            yield from (_progress(view, each) for each in theme.targets)


def _progress(view: EditionView, target: Target) -> Progress:
    indicators = view.topic(target.topic).indicators
    series = next(each for each in indicators if each.indicator.id == target.indicator)
    if not series.known:
        return Progress(target, Chance(no_full_year(series, view.edition)))
    own, phi = series.own, series.variation(series.before, series.latest).phi
    group = _rates_of(view, target.group, series) if isinstance(target, Relative) else None
    people = own["population"] if own["population"].notna().any() else None
    return Progress(target, chance(target, own["value"], phi, people, group), series.change())


def _rates_of(view: EditionView, name: str, series: Series) -> pd.Series | None:
    areas = view.scope.areas
    groups = {each.name: each for each in areas.others if each.kind == "group"}
    if name not in groups:
        return None
    members = areas.members(groups[name])
    group = group_of(slug(name), name, series.everywhere, series.yearly, members)
    return None if group.population is None else group.counts / group.population * 1000


def _forecasts(view: EditionView, before: EditionView) -> Iterator[Scored]:
    """Give the forecasts of the edition before beside the year-ends that came."""
    for name, page in before.pages.items():
        forecast = page.year_end
        if not isinstance(forecast, Gap) and name in view.pages:
            came = view.pages[name].lead.own["value"].get(forecast.year)
            yield Scored(name, forecast, None if pd.isna(came) else float(came))
