"""A made survey of one borough's residents, whose every rule is in sight, and its margins."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pydantic import TypeAdapter
from tables_fixture import KINGSTON, PROJECT, made_table, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import Edition, load_edition, visible_to
from kingston_analysis.data.surveys import Survey, load_surveys
from kingston_analysis.data.tables.load import Table
from kingston_analysis.measures.survey.results import SurveyResults, measure_survey
from kingston_analysis.results import Finding, Findings

SEED = 20_120_301
# Who lives there, and how likely each was to answer: the young and men answered less often.
RESIDENTS = {
    "age_band": {"16 to 34": 40_000, "35 to 64": 50_000, "65 and over": 30_000},
    "sex": {"Female": 62_000, "Male": 58_000},
    "ward": {"Grove End": 30_000, "Millside": 50_000, "Norbrook": 40_000},
}
ANSWERED = {
    "age_band": [0.18, 0.42, 0.40],
    "sex": [0.60, 0.40],
    "ward": [0.30, 0.45, 0.25],
}
# Share of each age band that is concerned: only pedal cycle theft worries the young more.
CONCERNED = {
    "burglary": [0.35, 0.45, 0.60],
    "robbery": [0.25, 0.25, 0.25],
    "cycles": [0.40, 0.25, 0.05],
    "arson": [0.02, 0.001, 0.001],
}
SURVEY = {
    "id": "residents",
    "title": "Residents' survey",
    "about": "People were asked which crimes concern them.",
    "table": "residents_survey",
    "shape": "respondents",
    "profile": {"age_band": "Age", "sex": "Sex", "ward": "Ward"},
    "margins": "residents_margins",
    "questions": [
        {"id": "burglary", "title": "Burglary", "topic": "burglary"},
        {"id": "robbery", "title": "Robbery", "topic": "robbery"},
        {"id": "cycles", "title": "Pedal cycle theft", "topic": "pedal-cycle-theft"},
        {"id": "arson", "title": "Deliberate fires", "topic": "deliberate-fires"},
        {"id": "safe", "title": "Feels safe after dark"},
    ],
}

# Recorded harm by topic, in no unit: only the order counts.
HARM = {"burglary": 300.0, "robbery": 900.0, "pedal-cycle-theft": 20.0, "fraud": 1_000.0}
# Area, year, measure, base, the larger area's share, the share.
ROWS = [
    ("Ashby", "2011", "Safe", 400.0, 0.60, 0.66),
    ("Ashby", "2012", "Safe", 400.0, 0.61, 0.70),
    ("Burnham", "2012", "Safe", 400.0, 0.61, 0.50),
    ("Colne", "2012", "Safe", 400.0, 0.61, 0.80),
]


@dataclass
class SurveyPage:
    """A page that sees surveys, and what other pages found on harm; it shows nothing."""

    surveys: list[SurveyResults]
    harm: dict[str, float]
    partly: tuple[str, ...] = ()

    @property
    def view(self) -> SurveyPage:
        """Return itself: it is what it sees."""
        return self

    @property
    def known_views(self) -> tuple[str, ...]:
        """Return nothing: all that is known is in the surveys."""
        return ()

    @property
    def edition(self) -> Edition:
        """Return an edition that has the topics of which harm is known."""
        known = load_edition(PROJECT, 2008)
        return known.model_copy(update={"topics": tuple(self.harm)})

    def findings(self, *pages: str) -> Findings:
        """Return the severity that the topics' pages found, and of what share of the offences."""
        found = {"severity": self.harm, "harm_covered": self.covered}
        return Findings(
            Finding(name, "2008/09", values[page], "per 1,000", page=page)
            for page in pages
            for name, values in found.items()
        )

    @property
    def covered(self) -> dict[str, float]:
        """Return the share of each topic's offences that can be weighed: all, or most."""
        return {page: 0.9 if page in self.partly else 1 for page in self.harm}

    def show(self, answer: Any) -> None:
        """Show nothing."""


def page_of(
    *surveys: SurveyResults, harm: dict[str, float] | None = None, partly: tuple[str, ...] = ()
) -> SurveyPage:
    """Open a page that sees some surveys and the harm of each topic, of some only partly known."""
    return SurveyPage(list(surveys), harm or {}, partly)


def survey(**changes) -> Survey:
    """Make the survey's description; its columns are called as its questions."""
    asked = [{**q, "column": q["id"], "answers": ["yes"]} for q in SURVEY["questions"]]
    return TypeAdapter(Survey).validate_python({**SURVEY, "questions": asked, **changes})


def respondents(number: int = 900, year: str = "2012") -> Table:
    """Draw respondents, the same ones for the same number."""
    chance = np.random.default_rng(SEED)
    who = {
        name: chance.choice(list(RESIDENTS[name]), number, p=ANSWERED[name]) for name in RESIDENTS
    }
    age = pd.Categorical(who["age_band"], categories=list(RESIDENTS["age_band"])).codes
    said = {name: chance.random(number) < np.array(p)[age] for name, p in CONCERNED.items()}
    said["safe"] = chance.random(number) < 0.7
    answers = {name: np.where(yes, "yes", "no") for name, yes in said.items()}
    frame = pd.DataFrame({"respondent": range(number), "year": year, **who, **answers})
    return table_of(frame.assign(weight=1.0))


def table_of(frame: pd.DataFrame, covers: str | None = "Ashby") -> Table:
    """Make a table of respondents, the year in its second column, the weight in its last."""
    rows = [tuple(row) for row in frame.itertuples(index=False)]
    made = made_table(list(frame.columns), rows, kind="calendar_year", covers=covers)
    return dataclasses.replace(made, name="residents_survey")


def margins(**changes) -> Table:
    """Make the table of the residents by age, sex and ward."""
    people = {**RESIDENTS, **changes}
    rows = [(name, each, n) for name, groups in people.items() for each, n in groups.items()]
    frame = pd.DataFrame(rows, columns=["margin", "category", "people"])
    meta = table_of(pd.DataFrame({"a": ["x"], "year": ["2011"], "people": [1.0]})).meta
    return Table("residents_margins", frame, meta.model_copy(update={"period": None}))


@cache
def residents() -> SurveyResults:
    """Return the results of the made survey, raked; tests must not change them."""
    return measure_survey(survey(), "Ashby", respondents(), margins(), ["Ashby"])


def published(rows: list[tuple], **changes) -> SurveyResults:
    """Make the results of published rows: see `ROWS`."""
    columns = ["area", "year", "measure", "base", "beside", "proportion"]
    table = made_table(columns, rows, kind="calendar_year")
    about = {
        **{name: SURVEY[name] for name in ("id", "title", "about", "table")},
        "shape": "proportions",
        "column": "measure",
        "base": "base",
        "beside": {"column": "beside", "called": "London"},
        "questions": [
            {"id": "safe", "title": "Feels safe", "measure": "Safe"},
            {"id": "heard", "title": "Feels heard", "measure": "Heard"},
        ],
    }
    described = TypeAdapter(Survey).validate_python({**about, **changes})
    return measure_survey(described, "Ashby", table, None, ["Ashby", "Burnham", "Colne"])


@cache
def attitudes(area: str = KINGSTON) -> SurveyResults:
    """Return the real survey as the edition of 2016 sees it; tests must not change it."""
    table = visible_to(real_table("public_attitude_survey"), load_edition(PROJECT, 2016))
    known = load_surveys(PROJECT)["public-attitude-survey"]
    return measure_survey(known, area, table, None, load_areas(PROJECT).borough_names)
