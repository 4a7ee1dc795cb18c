"""A survey of respondents: weighted shares of yes, and who answered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kingston_analysis.data.surveys import CATEGORY, MARGIN, Respondents
from kingston_analysis.data.tables.load import Table
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.community import Views, by_question
from kingston_analysis.measures.raking import kish_design_effect, profile, rake
from kingston_analysis.measures.shares import (
    of_logits,
    too_small,
    weighted_shares,
    with_intervals,
    without,
)


def of_respondents(
    survey: Respondents, area: str, period: str, table: Table, margins: Table | None
) -> Views:
    """Estimate what the respondents of one period say, raked to the margins that are held.

    Raises KingstonError, naming table, area and period, where weights or margins do not fit.
    """
    people = _as_text(table.frame[table.frame[table.meta.period.column] == period], survey)
    try:
        residents = _margins_of(survey, margins)
        weights = rake(people, residents, people[survey.weight] if survey.weight else None)
    except KingstonError as error:
        where, problem = f"Table '{table.name}', {area}, {period}", error.problems[0]
        raise KingstonError(f"{where}: {problem.what}", problem.remedy) from None
    shares, covariance = weighted_shares(_answers(people, survey), weights)
    shares = with_intervals(shares, pd.Series(np.diag(covariance), shares.index))
    columns = pd.Series({each.id: each.column for each in survey.questions})
    shares = without(shares, too_small(shares["yes"], shares["base"], columns))
    return Views(
        survey,
        area,
        period,
        table.meta.period.kind,
        by_question(survey, shares),
        of_logits(covariance, shares["share"]),
        standing=pd.DataFrame(),
        profile=_profile(people[list(survey.profile)], residents),
        replies=len(people),
        design_effect=kish_design_effect(weights.to_numpy()),
        raked=tuple(residents),
    )


def _as_text(people: pd.DataFrame, survey: Respondents) -> pd.DataFrame:
    """Write answers and profile as text, as the survey and its margins name them."""
    columns = [*{each.column for each in survey.questions}, *survey.profile]
    text = {name: people[name].astype("str").where(people[name].notna()) for name in columns}
    return people.assign(**text)


def _answers(people: pd.DataFrame, survey: Respondents) -> pd.DataFrame:
    said = {q.id: people[q.column].isin(q.answers) for q in survey.questions}
    given = {q.id: people[q.column].notna() for q in survey.questions}
    return pd.DataFrame(said).astype("float").where(pd.DataFrame(given))


def _margins_of(survey: Respondents, margins: Table | None) -> dict[str, pd.Series]:
    """Return the margins, by the columns of the profile that have one."""
    if margins is None:
        return {}
    values = margins.frame.set_index(CATEGORY).groupby(MARGIN)[margins.meta.value]
    found = {name: group for name, group in values if name in survey.profile}
    if not found:
        what = f"No margin in the table '{margins.name}' is a column of the survey's profile."
        raise KingstonError(what, "Its margins are: " + ", ".join(values.groups) + ".")
    return found


def _profile(people: pd.DataFrame, residents: dict[str, pd.Series]) -> pd.DataFrame:
    if people.columns.empty:
        return pd.DataFrame()
    found = profile(people, residents)
    # Of respondents there is one side only: how few, of however many.
    of_many = pd.Series(np.inf, found.index)
    withheld = too_small(found["respondents"], of_many, found["margin"])
    numbers = ["respondents", "share", "difference"]
    found[numbers] = found[numbers].mask(withheld)
    return found.assign(withheld=withheld)
