"""The view of a whole edition: its topics, matrix, plan and surveys, and the edition before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from kingston_analysis.data.editions import Edition, load_edition, years_before
from kingston_analysis.data.surveys import load_surveys
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.tables.vintages import reextracted
from kingston_analysis.data.topics import OVERVIEW
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.decisions import Decisions, register_of
from kingston_analysis.matrix.scoring import ranking
from kingston_analysis.matrix.sensitivity import Sensitivity, sensitivity
from kingston_analysis.measures.differences import EditionDifference, differences
from kingston_analysis.measures.survey.results import SurveyResults, measure_survey
from kingston_analysis.plan.plans import Plan, load_plan
from kingston_analysis.records.pages import TOPIC, page_name, title_of
from kingston_analysis.results import Findings, Gap
from kingston_analysis.views.scope import Scope
from kingston_analysis.views.scoring import matrix_of
from kingston_analysis.views.topic import TopicView

ONCE = {
    "matrix": "The scoring matrix",
    "progress": "Progress",
    "changed": "What changed",
    "community": "Community views",
    "methods": "How the figures were made",
}


@dataclass(frozen=True, eq=False, repr=False)
class EditionView:
    """An edition for an area: all its topics together; whatever is measured is measured once.

    Where: `area`, `edition`, `scope`, `load`, `findings` (of other pages).
    Topics: `topic` (by id), `all_crime`, `pages` (by page name), `topic_titles`, `page_titles`.
    Matrix: `matrix`, `ranks`, `sensitivity`, `decisions`.
    Plan: `plan`. Surveys: `surveys`, `no_survey`, `known_views`.
    Findings of all indicators: `found`. The edition before, as it was then: `before`,
    `differences`, `reextracted` (tables of which it saw an earlier extraction).
    What cannot be known is a `Gap` that says why.
    """

    scope: Scope
    _topics: dict[str, TopicView] = field(default_factory=dict)

    @property
    def area(self) -> str:
        """Return the area that the view is of."""
        return self.scope.area

    @property
    def edition(self) -> Edition:
        """Return the edition whose view it is."""
        return self.scope.edition

    def load(self, name: str) -> Table:
        """Load a table, verified, as far as the edition may see it."""
        return self.scope.load(name)

    def findings(self, *pages: str) -> Findings:
        """Return what other pages of the same book found; they run before this one.

        Raises KingstonError where one was not run, or something changed since.
        """
        return self.scope.findings(*pages)

    @cached_property
    def before(self) -> EditionView | None:
        """Return the edition before this one, which sees no more of the same tables than then."""
        project = self.scope.project
        year = next(years_before(project, self.edition.edition), None)
        if year is None:
            return None
        return EditionView(self.scope.as_of(load_edition(project, year)))

    @cached_property
    def reextracted(self) -> list[str]:
        """Return the titles of the tables of which the edition before saw an earlier extraction."""
        if self.before is None:
            return []
        days = (self.before.edition.extraction, self.edition.extraction)
        indicators = [each for view in self.pages.values() for each in view.topic.indicators]
        names = dict.fromkeys(each.table for each in indicators)
        return reextracted(self.scope.project, names, *days)

    # Topics

    def topic(self, name: str) -> TopicView:
        """Return the view of a topic by its id; raise KingstonError with the nearest ids."""
        if name not in self._topics:
            if name not in self.scope.topics:
                raise KingstonError(
                    f"There is no topic '{name}'.", nearest(name, self.scope.topics)
                )
            self._topics[name] = TopicView(self.scope, self.scope.topics[name])
        return self._topics[name]

    @property
    def all_crime(self) -> TopicView:
        """Return the view of all recorded crime."""
        return self.topic(OVERVIEW)

    @property
    def pages(self) -> dict[str, TopicView]:
        """Return the views of all crime and of the topics, by the names of their pages."""
        topics = (OVERVIEW, *self.edition.topics)
        return {page_name(TOPIC, each): self.topic(each) for each in topics}

    @property
    def topic_titles(self) -> dict[str, str]:
        """Return the titles of all topics, by id."""
        return {name: topic.title for name, topic in self.scope.topics.items()}

    @property
    def page_titles(self) -> dict[str, str]:
        """Return, by name, the titles of the pages of the book that publish findings."""
        topics = {name: view.topic.title for name, view in self.pages.items()}
        own = {name: title_of(self.scope.project, name) for name in self.edition.pages}
        return {**topics, **ONCE, **own}

    @cached_property
    def found(self) -> Findings:
        """Return the findings of all indicators, less those that only repeat another by month.

        Those of this edition are what its pages published; those of the edition before are measured
        from the tables of today, as far as it saw them.
        """
        return self._measured if self.scope.is_past else self._published

    @property
    def _published(self) -> Findings:
        repeating = {
            (name, each.id)
            for name, view in self.pages.items()
            for each in view.topic.indicators
            if each.months_of
        }
        return Findings(
            each
            for each in self.findings(*self.pages)
            if each.indicator and (each.page, each.indicator) not in repeating
        )

    @property
    def _measured(self) -> Findings:
        return Findings(
            replace(value, page=name, area=self.area, topic=view.topic.id)
            for name, view in self.pages.items()
            for series, values in view.found
            if not series.indicator.months_of
            for value in values
        )

    @cached_property
    def differences(self) -> list[EditionDifference]:
        """Return how the findings differ from those of the edition before."""
        return differences(self.before.found, self.found) if self.before else []

    # Matrix

    @cached_property
    def matrix(self) -> Matrix | Gap:
        """Return the edition's matrix, from measures and judgements."""
        return matrix_of(self)

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Return lowest and highest total, scored and rank of each topic, in the order of rank."""
        found = self.matrix
        if isinstance(found, Gap):
            return pd.DataFrame(columns=["lowest", "highest", "scored", "rank"])
        return ranking(found.scores, found.weights, found.scheme.tie_breaks, found.ranked)

    @cached_property
    def sensitivity(self) -> Sensitivity | Gap:
        """Return how sure the ranking is."""
        return self.matrix if isinstance(self.matrix, Gap) else sensitivity(self.matrix)

    @property
    def decisions(self) -> Decisions | Gap:
        """Return the register of the plan's decisions."""
        if self.area != self.edition.area:
            return Gap(f"Decisions are held for {self.edition.area} alone.")
        plan = self.edition.plan
        if plan is None:
            return Gap("This edition has no plan, so nothing was decided in it.")
        found = register_of(self.scope.project, plan)
        return found or Gap("No register of decisions is held for this edition.")

    # Plan and surveys

    @cached_property
    def plan(self) -> Plan | Gap:
        """Return the edition's plan."""
        if self.area != self.edition.area:
            return Gap(f"Plans are held for {self.edition.area} alone.")
        if not self.edition.plan:
            return Gap("This edition has no plan.")
        return load_plan(self.scope.project, self.edition.plan)

    @cached_property
    def surveys(self) -> list[SurveyResults]:
        """Return what the edition's surveys say of the area, those that hold visible answers."""
        if not self.edition.community.surveys:
            return []
        known, boroughs = load_surveys(self.scope.project), self.scope.areas.borough_names
        found = []
        for name in self.edition.community.surveys:
            margins = getattr(known[name], "margins", None)
            tables = (self.load(known[name].table), self.load(margins) if margins else None)
            found.append(measure_survey(known[name], self.area, *tables, boroughs))
        return [results for results in found if results]

    @property
    def no_survey(self) -> Gap:
        """Return why there are no answers of the area's people, where there are none."""
        if not self.edition.community.surveys:
            return Gap("This edition has no survey of residents.")
        ends = periods.day_in_words(self.edition.extraction)
        return Gap(
            f"The surveys of this edition hold no answers from {self.area} for a period up to "
            f"{ends}."
        )

    @property
    def known_views(self) -> tuple[str, ...]:
        """Return what the edition knows of its own area's views without holding answers."""
        return self.edition.community.known if self.area == self.edition.area else ()

    def __repr__(self) -> str:
        topics = ", ".join(view.topic.title for view in self.pages.values())
        return f"{self.scope!r}, assessing {self.edition.assessed}\n  {topics}"
