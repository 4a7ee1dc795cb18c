"""The community's views: what one survey says of an area in one period."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from kingston_analysis.data.surveys import Survey
from kingston_analysis.data.tables import periods
from kingston_analysis.measures.concerns import concern_ranks, harm_gaps


@dataclass(frozen=True)
class Views:
    """What one survey says of an area in one period.

    `shares` has a row a question, by its id: title, topic, share, low and high (95% interval), base
    (people who answered it), effective_base, and withheld, in which case only the base stands. A
    base of NaN is not known. `covariance` is that of the shares' logits. `standing`, of published
    proportions, has beside, before, change, rank, rank_top, ties and areas. `profile`, of
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
    design_effect: float | None = None
    raked: tuple[str, ...] = ()

    @property
    def before(self) -> str:
        """Return the period that ended a year earlier."""
        return year_earlier(self.period, self.kind)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the tables behind the shares, by name."""
        margins = self.survey.margins if self.raked else None
        return tuple(filter(None, [self.survey.table, margins]))

    @property
    def beside(self) -> str | None:
        """Return what the larger area is called whose shares stand beside, if any do."""
        known = len(self.standing) and self.standing["beside"].notna().any()
        return self.survey.beside.called if known else None

    @cached_property
    def concerns(self) -> pd.DataFrame:
        """Return the concerns that have a share, with their ranks, the most common first."""
        known = self.shares[self.shares["topic"].notna() & self.shares["share"].notna()]
        ranks = concern_ranks(known["share"], self.covariance)
        return known.join(ranks).sort_values("rank", kind="stable")

    def gaps(self, harm: dict[str, float]) -> pd.DataFrame:
        """Set concerns beside recorded harm, given by topic; see `harm_gaps`."""
        known = self.concerns
        topics = dict(zip(known.index, known["topic"], strict=True))
        covariance = self.covariance.rename(index=topics, columns=topics)
        titles = known.set_index("topic")["title"]
        shares = known.set_index("topic")["share"]
        return harm_gaps(shares, covariance, harm).join(titles)


def by_question(survey: Survey, shares: pd.DataFrame) -> pd.DataFrame:
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
