"""Beside what the area's people said: a year before, other areas, and recorded harm."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

import pandas as pd

from kingston_analysis.analyses.community.shares import (
    CHANCE,
    are_whole_percent,
    by_survey,
    confidential,
    first_place,
    interval,
    people,
    percent_column,
    rank_interval,
    share_percent,
)
from kingston_analysis.data.tables import periods
from kingston_analysis.measures.survey.results import SurveyResults
from kingston_analysis.results import Gap
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, Unanswered, analysis
from kingston_analysis.show.table import Column, DisplayTable, Row, table
from kingston_analysis.views.edition import EditionView


@analysis("Comparison")
def survey_standing(view: EditionView) -> Iterator[Part]:
    """Set published shares beside a year before, a larger area and the other boroughs."""
    found = [results for results in view.surveys if len(results.standing)]
    if not found:
        yield Gap("No survey that was asked in other boroughs too is held.")
        return
    frames = {each.survey.id: each.shares[["title", "share"]].join(each.standing) for each in found}
    yield by_survey(frames)
    for results in found:
        yield _standing_sentence(results)
        yield _standing_table(results)


@analysis("Concerns")
def concerns(view: EditionView) -> Iterator[Part]:
    """Rank concerns, and set their ranks beside those of recorded harm.

    The intervals are those of 95%, outside of which a rank of harm is called different.
    """
    found = [results for results in view.surveys if len(results.concerns)]
    if not found:
        yield Gap("No survey that asked which crimes concern people is held.")
        return
    yield by_survey({results.survey.id: results.concerns for results in found})
    harm = _recorded_harm(view)
    for results in found:
        yield _most_common(results)
        gaps = results.beside_harm(harm)
        if gaps.empty:
            why = "No concern has a topic with recorded harm."
            yield Unanswered("Concern beside harm", Gap(why))
        else:
            yield _harm_sentence(gaps)
            yield _harm_table(gaps)


# A year before, and other areas


def _standing_sentence(results: SurveyResults) -> str:
    """Say on how many questions an area is above a larger one, and above a year before."""
    found = results.standing.join(results.shares["share"])
    lines = []
    if results.comparator:
        higher = _counted(found, "comparator", f"in the {results.comparator}")
        lines.append(f"The share in {results.area} was {higher}.")
    if found["before"].notna().any():
        before = periods.in_words(results.before, results.kind)
        lines.append(f"It was {_counted(found, 'before', f'in {before}')}.")
    else:
        lines.append("No figures for a year before are held.")
    if are_whole_percent(results):
        lines.append("Shares are published as whole percentages, so boroughs often tie.")
    if results.shares["base"].isna().all():
        lines.append(
            "No difference has an interval and no rank a probability, so nothing here is called a "
            "rise or a fall."
        )
    return " ".join(lines)


def _counted(found: pd.DataFrame, other: str, than: str) -> str:
    known = found.dropna(subset=["share", other])
    gap = (known["share"] - known[other]).round(6)
    more, less, many = (gap > 0).sum(), (gap < 0).sum(), len(known)
    questions = wording.counted(many, "questions")
    return f"higher than {than} on {more or 'none'} of {questions} and lower on {less or 'none'}"


def _standing_table(results: SurveyResults) -> DisplayTable:
    """Set shares beside a year before, the larger area and the other boroughs."""
    found = results.shares.join(results.standing)
    areas = found["areas"].max()

    def share(name: str, period: str) -> Column:
        title = wording.sentence_start(periods.in_words(period, results.kind))
        return percent_column(results, title, confidential(itemgetter(name)))

    def less(title: str, name: str) -> Column:
        points = confidential(lambda row: (row["share"] - row[name]) * 100)
        return Column(f"{title}, percentage points", points, "signed count")

    columns = [
        Column("Question", "title"),
        share("before", results.before),
        share("share", results.period),
        less("Change", "before"),
    ]
    if results.comparator:
        columns.append(less(f"Less the {results.comparator}", "comparator"))
    rank = f"Rank from the highest of {areas:.0f}" if areas > 1 else "Rank from the highest"
    return table(
        f"{results.survey.title}, {results.area}: a year before, and among the boroughs",
        found.sort_values("share", ascending=False, kind="stable"),
        *columns,
        Column(rank, confidential(_rank)),
    )


def _rank(row: Row) -> str:
    if pd.isna(row["rank_top"]) or row["areas"] < 2:
        return "[x]"
    rank = wording.ordinal(int(row["rank_top"]))
    return f"joint {rank}" if row["ties"] > 1 else rank


# Concerns, and recorded harm


def _recorded_harm(view: EditionView) -> dict[str, float]:
    """Return the severity per head of each topic that a concern names, where it is known of all.

    What leaves out offences that cannot be weighed has no rank.
    """
    asked = {question.topic for results in view.surveys for question in results.survey.questions}
    topics = [topic for topic in view.edition.topics if topic in asked]
    found = list(view.findings(*topics)) if topics else []
    whole = {f.page for f in found if f.name == "harm_covered" and f.value == 1}
    return {
        f.page: f.value
        for f in found
        if f.name == "severity" and f.page in whole and isinstance(f.value, int | float)
    }


def _most_common(results: SurveyResults) -> str:
    """Say which concern was named most, by how many, and between which ranks it lies."""
    top, many = results.concerns.iloc[0], len(results.concerns)
    share = f"{share_percent(results, top['share'])} of {people(results)}"
    if pd.isna(top["low"]):
        return f"{first_place(results)} the most common of {many} concerns: {share}. {CHANCE}"
    low, high = (wording.ordinal(int(top[end])) for end in ("rank_low", "rank_high"))
    ranks = (
        f"Its rank, {low}, is the same throughout the 95% interval"
        if low == high
        else f"The 95% interval of its rank goes from {low} to {high}"
    )
    return (
        f"{first_place(results)} the most common of {many} concerns: {share} (95% interval "
        f"{interval(top['low'], top['high'])}; {wording.number(top['base'])} answered). {ranks}."
    )


def _harm_sentence(gaps: pd.DataFrame) -> str:
    """Say for which concerns the rank differs from that of recorded harm, more than by chance."""
    if gaps["rank_low"].isna().all():
        return CHANCE
    clear = [
        f"{row['title']} ({wording.ordinal(int(row['rank']))} of {len(gaps)} as a concern, "
        f"{wording.ordinal(int(row['harm_rank']))} by recorded harm)"
        for _, row in gaps[gaps["clear"]].iterrows()
    ]
    if not clear:
        return "Every concern's rank by recorded harm lies inside the 95% interval of its own rank."
    return (
        f"The rank by recorded harm lies outside the 95% interval of the concern's rank for "
        f"{wording.listed(clear)}. Each interval stands for itself, and recorded harm is taken as "
        "known."
    )


def _harm_table(gaps: pd.DataFrame) -> DisplayTable:
    """Set each concern's rank, with its interval, beside its rank by recorded harm."""
    return table(
        "Concerns beside recorded harm, 1 is most",
        gaps,
        Column("Concern", "title"),
        Column("Rank as a concern", "rank", "count"),
        Column("95% interval", rank_interval),
        Column("Rank by recorded harm", "harm_rank", "count"),
        Column("Places that concern ranks higher", "gap", "signed count"),
        Column("Gap", _verdict),
    )


def _verdict(row: Row) -> str:
    if pd.isna(row["rank_low"]):
        return "[x]"
    if not row["clear"]:
        return "no clear gap"
    return "concern ranks higher" if row["gap"] > 0 else "concern ranks lower"
