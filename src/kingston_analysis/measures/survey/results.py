"""What a survey says of an area in one period: from a table's rows to shares and their standing."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from kingston_analysis.data.surveys import CATEGORY, MARGIN, Proportions, Respondents, Survey
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.comparison.ranks import enough_to_rank
from kingston_analysis.measures.raking import kish_design_effect, profile, rake
from kingston_analysis.measures.survey.shares import (
    concern_ranks,
    harm_gaps,
    of_logits,
    published_shares,
    too_small,
    weighted_shares,
    with_intervals,
    without,
)


@dataclass(frozen=True)
class SurveyResults:
    """What one survey says of an area in one period.

    `shares` has a row a question, by its id: title, topic, share, low and high (95% interval), base
    (people who answered it), effective_base, and withheld, in which case only the base stands. A
    base of NaN is not known. `covariance` is that of the shares' logits. `standing`, of published
    proportions, has comparator, before, change, rank, rank_top, ties and areas. `profile`, of
    respondents, has margin, category, respondents, share, target, difference and withheld.
    """

    survey: Survey
    area: str
    period: str
    kind: periods.Kind
    shares: pd.DataFrame
    covariance: pd.DataFrame
    standing: pd.DataFrame
    profile: pd.DataFrame
    replies: int | None = None
    design_effect: float = 1.0
    raked: tuple[str, ...] = ()
    weighted: bool = False

    @property
    def before(self) -> str:
        """Return the period that ended a year earlier."""
        return year_earlier(self.period, self.kind)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the tables behind the shares, by name."""
        survey = self.survey
        margins = survey.margins if self.raked and isinstance(survey, Respondents) else None
        return tuple(filter(None, [survey.table, margins]))

    @property
    def comparator(self) -> str | None:
        """Return what the larger area is called whose shares stand beside, if any do."""
        larger = self.survey.comparator if isinstance(self.survey, Proportions) else None
        known = len(self.standing) and self.standing["comparator"].notna().any()
        return larger.called if larger and known else None

    @property
    def profile_titles(self) -> dict[str, str]:
        """Return the titles of the margins of `profile`, by name; none of published proportions."""
        return self.survey.profile if isinstance(self.survey, Respondents) else {}

    @cached_property
    def concerns(self) -> pd.DataFrame:
        """Return the concerns that have a share, with their ranks, the most common first."""
        known = self.shares[self.shares["topic"].notna() & self.shares["share"].notna()]
        ranks = concern_ranks(known["share"], self.covariance)
        return known.join(ranks).sort_values("rank", kind="stable")

    def beside_harm(self, harm: dict[str, float]) -> pd.DataFrame:
        """Set concerns beside recorded harm, given by topic; see `harm_gaps`."""
        known = self.concerns
        topics = dict(zip(known.index, known["topic"], strict=True))
        covariance = self.covariance.rename(index=topics, columns=topics)
        titles = known.set_index("topic")["title"]
        shares = known.set_index("topic")["share"]
        return harm_gaps(shares, covariance, harm).join(titles)


def measure_survey(
    survey: Survey, area: str, table: Table, margins: Table | None, boroughs: list[str]
) -> SurveyResults | None:
    """Turn a survey's visible rows into what they say of an area in the newest period.

    None where no rows are held for the area. Raises KingstonError, naming the table, for weights
    that are not above zero and for margins that do not fit the respondents.
    """
    own = table.frame if table.meta.covers else table.frame[table.frame["area"] == area]
    if table.meta.covers not in (None, area) or own.empty:
        return None
    period = own[table.meta.span.column].max()
    if isinstance(survey, Respondents):
        return _of_respondents(survey, area, period, table, margins)
    return _of_proportions(survey, area, period, table, boroughs)


def _of_respondents(
    survey: Respondents, area: str, period: str, table: Table, margins: Table | None
) -> SurveyResults:
    """Estimate what the respondents of one period say, raked to the margins that are held.

    Raises KingstonError, naming table, area and period, where weights or margins do not fit.
    """
    people = _as_text(table.frame[table.frame[table.meta.span.column] == period], survey)
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
    return SurveyResults(
        survey,
        area,
        period,
        table.meta.span.kind,
        _by_question(survey, shares),
        of_logits(covariance, shares["share"]),
        standing=pd.DataFrame(),
        profile=_profile(people[list(survey.profile)], residents),
        replies=len(people),
        design_effect=kish_design_effect(weights.to_numpy()),
        raked=tuple(residents),
        weighted=bool(residents or survey.weight),
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
    values = margins.frame.set_index(CATEGORY).groupby(MARGIN)[margins.meta.value_column]
    found = {str(name): group for name, group in values if name in survey.profile}
    if not found:
        what = f"No margin in the table '{margins.name}' is a column of the survey's profile."
        raise KingstonError(what, "Its margins are: " + ", ".join(map(str, values.groups)) + ".")
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


def _of_proportions(
    survey: Proportions, area: str, period: str, table: Table, boroughs: list[str]
) -> SurveyResults:
    """Describe what the published proportions of one period say of an area.

    Shares whose base is not published have no interval. A question that no visible row holds was
    not asked by then, and is left out.
    """
    meta = table.meta
    frame = table.frame if meta.covers is None else table.frame.assign(area=meta.covers)
    span, value = meta.span, meta.value_column
    earlier = year_earlier(period, span.kind)
    now = _by_area(frame, survey, span.column, period, value)
    before = _by_area(frame, survey, span.column, earlier, value)
    own = now.T[area]
    unknown = pd.Series(np.nan, own.index)
    base, comparator = (
        _by_area(frame, survey, span.column, period, column).T[area] if column else unknown
        for column in (survey.base, survey.comparator and survey.comparator.column)
    )
    shares = published_shares(own, base, survey.design_effect)
    variance = own * (1 - own) / shares["effective_base"]
    alone = pd.Series(own.index, own.index)
    shares = with_intervals(shares, variance)
    shares = without(shares, too_small(shares["yes"], shares["base"], alone))
    covariance = pd.DataFrame(np.diag(variance), own.index, own.index)
    earlier_own = before.T[area] if area in before.index else unknown
    return SurveyResults(
        survey,
        area,
        period,
        span.kind,
        _by_question(survey, shares),
        of_logits(covariance, shares["share"]),
        _standing(now.reindex(boroughs), own, earlier_own, comparator)[~shares["withheld"]],
        profile=pd.DataFrame(),
        design_effect=survey.design_effect,
    )


def _by_area(
    frame: pd.DataFrame, survey: Proportions, column: str, period: str, value: str
) -> pd.DataFrame:
    """Return the values of one period, a row an area and a column a question ever asked."""
    ever = set(frame[survey.column])
    asked = {each.measure: each.id for each in survey.questions if each.measure in ever}
    wide = frame[frame[column] == period].pivot(index="area", columns=survey.column, values=value)
    return wide.reindex(columns=list(asked)).rename(columns=asked).astype("float")


def _standing(
    boroughs: pd.DataFrame, own: pd.Series, before: pd.Series, comparator: pd.Series
) -> pd.DataFrame:
    """Set an area's shares beside a larger area's, its own of a year before, and the boroughs'.

    `boroughs` has a row a borough and a column a question, the others are by question. Returns
    comparator, before, change (from before), rank (1 for the lowest), rank_top (1 for the highest),
    ties (how many boroughs have the same share, itself included) and areas (how many have one). No
    rank where fewer than half of them have one; a borough without any has an empty row.
    """
    found = pd.DataFrame({"comparator": comparator, "before": before, "change": own - before})
    known = own.notna() & boroughs.count().map(enough_to_rank, areas=len(boroughs))
    found["rank"] = (boroughs < own).sum().add(1).where(known)
    found["rank_top"] = (boroughs > own).sum().add(1).where(known)
    found["ties"] = (boroughs == own).sum().where(known)
    found["areas"] = boroughs.count()
    return found


def _by_question(survey: Survey, shares: pd.DataFrame) -> pd.DataFrame:
    """Add each question's title and topic, in the order of the survey."""
    asked = {q.id: (q.title, q.topic) for q in survey.questions}
    about = pd.DataFrame.from_dict(
        asked, orient="index", columns=["title", "topic"], dtype="object"
    )
    return about.join(shares, how="inner")


def year_earlier(period: str, kind: periods.Kind) -> str:
    """Return the period a year earlier; of a year ending, the one that ended on the same day.

    The last day of a month answers to the last day of that month, in leap years too.
    """
    if kind != "year_ending":
        return periods.shifted(period, kind, -12 if kind == "month" else -1)
    year, month, day = periods.parts(period, kind)
    last = [calendar.monthrange(each, month)[1] for each in (year, year - 1)]
    return date(year - 1, month, last[1] if day == last[0] else min(day, last[1])).isoformat()
