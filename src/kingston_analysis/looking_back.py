"""A page beside the edition before its own: what was known, foretold and planned then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import pandas as pd

from kingston_analysis.cycle.differences import Difference, differences
from kingston_analysis.cycle.progress import BETTER, evidence, placebo_share
from kingston_analysis.cycle.progress import Scored as Held
from kingston_analysis.data.areas import load_areas, slug
from kingston_analysis.data.editions import Edition, narrow
from kingston_analysis.data.topics import OVERVIEW, load_topic, load_topics
from kingston_analysis.measured import Measured
from kingston_analysis.measures.groups import group_of
from kingston_analysis.measures.indicators import no_full_year
from kingston_analysis.measures.projection import Projection
from kingston_analysis.measures.series import Series
from kingston_analysis.plan.chances import Chance, chance
from kingston_analysis.plan.plans import Plan, load_plan
from kingston_analysis.plan.targets import Relative, Target
from kingston_analysis.plan.themes import Theme
from kingston_analysis.results import Findings, Gap
from kingston_analysis.scored import Scored
from kingston_analysis.show.progress_views import Outcome
from kingston_analysis.show.target_views import Progress


class LookingBack(Scored):
    """The measures of a page, with those of the edition before, made as they were made then."""

    def topic_pages(self, edition: Edition) -> dict[str, Measured]:
        """Return what an edition measures of each topic and of all crime, by page.

        It sees no more than this edition does, of the same tables.
        """
        topics, tables = load_topics(self.project), self._tables
        if edition is not self.edition:
            tables = {name: narrow(table, edition) for name, table in tables.items()}
        named = {"overview": OVERVIEW} | {topic: topic for topic in edition.topics}
        return {name: self._page(edition, topics[topic], tables) for name, topic in named.items()}

    @cached_property
    def pages_now(self) -> dict[str, Measured]:
        """Return what this edition measures, by page."""
        return self.topic_pages(self.edition)

    @cached_property
    def pages_before(self) -> dict[str, Measured]:
        """Return what the edition before measured, by page; nothing where there is none."""
        # Tables are loaded by the pages of now, so that each is read once and noted.
        found_now = self.found_now
        return self.topic_pages(self.edition_before) if self.edition_before and found_now else {}

    @cached_property
    def found_now(self) -> Findings:
        """Return the findings of this edition's indicators."""
        return _found(self.pages_now)

    @property
    def titles_of_both(self) -> dict[str, str]:
        """Return the titles of the pages of this edition and of the one before."""
        return {**self.topic_titles, **self.titles}

    @cached_property
    def differences(self) -> list[Difference]:
        """Return how the findings differ from those of the edition before."""
        return differences(_found(self.pages_before), self.found_now)

    @cached_property
    def plan_before(self) -> Plan | Gap:
        """Return the plan of the edition before, against which the year is held."""
        before = self.edition_before
        if before is None:
            what = "This is the first edition: there is no earlier plan to hold the year against."
            return Gap(what)
        return self._plan_of(before, "The edition before has no plan.")

    @cached_property
    def plan(self) -> Plan | Gap:
        """Return the edition's plan."""
        return self._plan_of(self.edition, "This edition has no plan.")

    def _plan_of(self, edition: Edition, none: str) -> Plan | Gap:
        if self.area != self.edition.area:
            return Gap(f"Plans are held for {self.edition.area} alone.")
        return load_plan(self.project, edition.plan) if edition.plan else Gap(none)

    @property
    def themes_or_topics(self) -> list[str]:
        """Return the topics of the plan's themes; without a plan, those of the edition."""
        if isinstance(self.plan, Gap):
            return list(self.edition.topics)
        return [each.topic for each in self.plan.themes]

    def outcome(self, topic: str, theme: Theme | None = None) -> Outcome:
        """Return what a topic's figure did, and how far that speaks for its theme's actions."""
        page, gap = self._newest(self.edition, load_topic(self.project, topic), self._tables)
        title, lead = self.topic_titles[topic], page.lead
        if gap and not lead.known:
            return Outcome(title, gap)
        change, beside = lead.change(), page.beside.groups[0]
        wanted = BETTER.get(lead.indicator.polarity, "fell")
        years = [lead.before, lead.latest]
        counts = lead.yearly.pivot(index="area", columns="period", values="value")
        placebo = placebo_share(counts.reindex(columns=years), self.area, wanted)
        told = beside.standing.group.told
        polarity = lead.indicator.polarity
        found = evidence(_acted(theme), polarity, change, beside.changes, told, placebo)
        return Outcome(title, lead, change, beside, placebo, found)

    def targets(self, themes: Iterable[Theme]) -> list[Progress | Gap]:
        """Return where each target of some themes stands; why there is none, once a reason."""
        found: list[Progress | Gap] = []
        for theme in themes:
            if isinstance(theme.targets, Gap):
                found += [] if theme.targets in found else [theme.targets]
            else:
                found += [self._progress(each) for each in theme.targets]
        return found

    def _progress(self, target: Target) -> Progress:
        page = self._page(self.edition, load_topic(self.project, target.topic), self._tables)
        series = next(each for each in page.indicators if each.indicator.id == target.indicator)
        if not series.known:
            return Progress(target, Chance(no_full_year(series, self.edition)))
        own, phi = series.own, series.variation(series.before, series.latest).phi
        group = self._rates_of(target.group, series) if isinstance(target, Relative) else None
        people = own["population"] if own["population"].notna().any() else None
        found = chance(target, own["value"], phi, people, group)
        return Progress(target, found, series.change())

    def _rates_of(self, name: str, series: Series) -> pd.Series | None:
        areas = load_areas(self.project)
        groups = {each.name: each for each in areas.others if each.kind == "group"}
        if name not in groups:
            return None
        members = areas.members(groups[name])
        group = group_of(slug(name), name, series.everywhere, series.yearly, members)
        return None if group.population is None else group.counts / group.population * 1000

    @cached_property
    def projections_scored(self) -> list[Held]:
        """Return the projections of the edition before beside the year-ends that came."""
        found = []
        for name, page in self.pages_before.items():
            said = page.year_end
            if isinstance(said, Projection) and name in self.pages_now:
                counts = self.pages_now[name].lead.own["value"]
                came = counts.get(said.year)
                found.append(Held(name, said, None if pd.isna(came) else float(came)))
        return found


def _acted(theme: Theme | None) -> bool:
    objectives = theme.objectives if theme else ()
    known = objectives if isinstance(objectives, tuple) else ()
    return any(isinstance(each.actions, tuple) for each in known)


def _found(pages: dict[str, Measured]) -> Findings:
    """Return what the indicators find, less those that only repeat another by month."""
    return Findings(
        replace(value, page=name, template=page.template, area=page.area, topic=page.topic.id)
        for name, page in pages.items()
        for series, values in page.indicator_values()
        if not series.indicator.months_of
        for value in values
    )
