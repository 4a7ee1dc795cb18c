"""Surveys: from a table's rows to the community's views."""

from __future__ import annotations

from kingston_analysis.data.surveys import Survey
from kingston_analysis.data.tables.load import Table
from kingston_analysis.measures.community import Views
from kingston_analysis.measures.proportions import of_proportions
from kingston_analysis.measures.respondents import of_respondents


def make_views(
    survey: Survey, area: str, table: Table, margins: Table | None, boroughs: list[str]
) -> Views | None:
    """Turn a survey's visible rows into what they say of an area in the newest period.

    None where no rows are held for the area. Raises KingstonError, naming the table, for weights
    that are not above zero and for margins that do not fit the respondents.
    """
    own = table.frame if table.meta.covers else table.frame[table.frame["area"] == area]
    if table.meta.covers not in (None, area) or own.empty:
        return None
    period = own[table.meta.period.column].max()
    if survey.shape == "respondents":
        return of_respondents(survey, area, period, table, margins)
    return of_proportions(survey, area, period, table, boroughs)
