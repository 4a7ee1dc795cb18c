"""Pages of made-up series, opened in process, and answers to views of what a test gives them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tables_fixture import PROJECT

from kingston_analysis.data.areas import Areas, load_areas
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.periods import answered_year
from kingston_analysis.data.topics import Topic
from kingston_analysis.measures.series import Series
from kingston_analysis.notebook import NotebookPage
from kingston_analysis.show.answer import Answer
from kingston_analysis.views.scope import Scope
from kingston_analysis.views.topic import TopicView


def answer_of(
    analysis: Callable[..., Answer], options: dict[str, Any] | None = None, **seen: Any
) -> Answer:
    """Return the answer of an analysis to a view that has these attributes."""
    return analysis(SimpleNamespace(view=SimpleNamespace(**seen)), **(options or {}))


def made_page(*series: Series, assessed: str | None = None) -> NotebookPage[TopicView]:
    """Open a page of a topic whose indicators are these series, of one area, the first leading.

    The year assessed is by default the newest of which any has a figure.
    """
    area = series[0].area
    edition = load_edition(PROJECT, 2008)
    known = [answered_year(each.latest, each.kind) for each in series if each.known]
    if newest := assessed or max(known, default=None):
        edition = edition.model_copy(update={"assessed": newest})
    scope = Scope(PROJECT, edition, area)
    if area not in load_areas(PROJECT).borough_names:
        scope.areas = _made_areas(series)
    indicators = [each.indicator for each in series]
    topic = Topic(id="made-up", title="Made up", about="Made up.", indicators=indicators)
    view = TopicView(scope, topic)
    vars(view).update(primary=series[0], indicators=list(series))
    return NotebookPage("topic", {"edition": 2008, "area": area, "topic": topic.id}, view)


def _made_areas(series: tuple[Series, ...]) -> Areas:
    """Return the areas of some series as boroughs, in the one group that they make up."""
    names = dict.fromkeys(area for each in series for area in each.yearly["area"])
    boroughs = [{"code": name, "name": name, "part": "Made-up London"} for name in names]
    group = {"name": "Made-up London", "kind": "group", "parts": ["Made-up London"]}
    return Areas.model_validate({"boroughs": boroughs, "others": [group]})
