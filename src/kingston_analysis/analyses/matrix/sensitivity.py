"""How sure the ranking is: what moves when scores, weights, headings and measures do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.analyses.matrix.labels import (
    listed_topics,
    mark,
    rank_label,
    rests,
    rests_on,
    why_not_ranked,
)
from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.critical_weights import CriticalWeight, critical_weights
from kingston_analysis.matrix.scenarios import (
    Scenario,
    first_of,
    scenarios_by_other_measures,
    scenarios_without_headings,
)
from kingston_analysis.matrix.sensitivity import Sensitivity, agreement
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, records, table
from kingston_analysis.show.theme import BLUE, GREY, ORANGE, PURPLE, themed
from kingston_analysis.views.edition import EditionView

ROW_STEP = 44
# Words above the middle of a row, dots below it.
WORDS_UP, DOTS_DOWN = -4, 9


@analysis("How sure")
def how_sure(view: EditionView) -> Iterator[Part]:
    """Show how often each ranked topic is among the first when scores and weights move.

    Ranks are given for 95 of 100 trials, and computed scores move within their 95% intervals.
    """
    found, result, titles = view.matrix, view.sensitivity, view.topic_titles
    if isinstance(found, Gap):
        yield found
        return
    if isinstance(result, Gap):
        yield result
        return
    topics = result.topics.join(view.ranks["rank"])
    tables = tuple(dict.fromkeys(t for topic in found.cells for t in found.tables_behind(topic)))
    yield topics.rename_axis("topic").reset_index()
    yield _sensitivity_sentence(result, found, titles)
    topics = topics.sort_values("chance", ascending=False, kind="stable")
    yield _figure(result, topics, found, titles, tables, view.edition.assessed)
    yield Publication(tuple(_findings(result, found, view.edition.assessed)), tables)
    if len(found.ranked) > found.scheme.first:
        yield _weightings(result, found, titles)
        without, other = scenarios_without_headings(found), scenarios_by_other_measures(found)
        yield _scenarios_sentence(without, other, found)
        yield OnRequest(_scenarios_table(without, other, found, titles))
        yield OnRequest(_critical_weights_table(found, titles))
    pairs = agreement(found)
    yield _agreement_sentence(pairs, found)
    if len(pairs):
        yield OnRequest(_agreement_table(pairs, found))


# Drawn scores and weights


def _sensitivity_sentence(result: Sensitivity, found: Matrix, titles: dict[str, str]) -> str:
    """Say what was drawn, which topics are surely among the first, and which are too close."""
    topics, places = result.topics, wording.first_places(result.first)
    low, high = found.scheme.sensitivity.too_close
    sure = listed_topics(topics.index[topics["chance"] >= high], titles)
    close = listed_topics(topics.index[topics["close"]], titles)
    lines = [
        f"Scores and weights were moved {result.draws:,} times, and the ranked areas were ranked "
        "anew each time; each time is a trial. Weights moved round the agreed ones, computed "
        "scores within the interval of their figure, judged scores by their confidence. As in the "
        "ranking itself, an empty cell counts as 1, and ties are settled by the same headings.",
    ]
    if len(topics) <= result.first:
        lines.append(f"Every ranked area is in the {places}, so only their order moves.")
    elif sure:
        lines.append(f"In the {places} in at least {round(high * 100)} of 100 trials: {sure}.")
    else:
        often = round(high * 100)
        lines.append(f"No area is in the {places} in at least {often} of 100 trials.")
    if close:
        ends = f"in {_of_hundred(low)} to {_of_hundred(high)} of 100 trials"
        lines.append(f"**Too close to call** ({ends}): {close}.")
    lines.append(
        "This is a sensitivity range, not a confidence interval. It shows how much hangs on the "
        "scores and weights, not where a true rank lies."
    )
    return " ".join([*lines, *rests(found)])


def _figure(
    result: Sensitivity,
    topics: pd.DataFrame,
    found: Matrix,
    titles: dict[str, str],
    tables: tuple[str, ...],
    period: str,
) -> Figure:
    """Show each topic's rank and the range in which it lies, with the chance in words."""
    surest, most = titles[topics.index[0]], _chance(topics["chance"].iloc[0])
    chances = zip(topics.index, topics["chance"], strict=True)
    labels = [f"{titles[topic]}: {_chance(chance)}" for topic, chance in chances]
    places, rest = wording.first_places(result.first), " ".join(["", *rests(found)])
    end = f" Upright stroke: the end of the {places}." if result.first < len(topics) else ""
    shown = table(
        "How sure each rank is",
        topics.rename_axis("topic").reset_index(),
        Column("Area of crime", lambda row: titles[row["topic"]]),
        Column("Rank", lambda row: rank_label(row["rank"], found)),
        Column(f"In the {places}", lambda row: _chance(row["chance"])),
        Column("Rank in 95 of 100 trials", lambda row: f"{row['low']} to {row['high']}"),
        Column("So", _call),
        Column(
            "Under every weighting",
            lambda row: "in" if row["always"] else "out" if row["never"] else "depends",
        ),
    )
    return Figure(
        id="sensitivity",
        heading=_how_many_close(topics),
        chart=_chart(
            topics[["rank", "low", "high"]].assign(label=labels),
            result.first,
            f"Rank, 1 for the highest total{mark(found)}",
        ),
        alternative=f"Dot chart of ranks with the range of 95 of 100 trials. Most often in the "
        f"{places}: {surest}, in {most} trials.{rest}",
        table=shown,
        tables=tables,
        period=period,
        note=f"In words, in how many of 100 trials the area is in the {places}. Dot: the rank by "
        f"the agreed weights. Line: the ranks in 95 of 100 trials.{end}{rest}",
    )


def _how_many_close(topics: pd.DataFrame) -> str:
    close = int(topics["close"].sum())
    are = wording.agreeing(close or 1, "is", "are")
    return f"{close or 'None'} of {wording.counted(len(topics), 'areas')} {are} too close to call"


def _chance(chance: float) -> str:
    """Write a chance as so many of 100; what is neither none nor all never reads as such."""
    if 0 < chance < 0.01:
        return "fewer than 1 of 100"
    if 0.99 < chance < 1:
        return "more than 99 of 100"
    return f"{_of_hundred(chance)} of 100"


def _of_hundred(share: float) -> str:
    return f"{share * 100:.0f}"


def _call(row: dict[str, float]) -> str:
    if row["close"]:
        return "too close to call"
    return "in" if row["chance"] > 0.5 else "out"


def _chart(frame: pd.DataFrame, first: int, title: str) -> alt.LayerChart:
    """Draw each rank as a dot in its range, under its words, and a stroke after the first so many.

    `frame` has label, rank, low and high.
    """
    row = alt.Y("label:N", title=None, sort=None, axis=None)
    last = len(frame)
    across: dict[str, Any] = {
        "title": None,
        "scale": alt.Scale(domain=[0.5, last + 0.5], nice=False, zero=False),
    }
    ticks = alt.Axis(values=sorted({1, min(first, last), last}), format="d", grid=False)
    words = alt.Chart(frame[["label"]]).mark_text(
        align="left", baseline="bottom", dy=WORDS_UP, color=GREY
    )
    ranges = alt.Chart(frame[["label", "low", "high"]]).mark_rule(
        color=ORANGE, strokeWidth=4, strokeCap="round", yOffset=DOTS_DOWN
    )
    dots = alt.Chart(frame[["label", "rank"]]).mark_point(
        filled=True, size=90, opacity=1, color=BLUE, yOffset=DOTS_DOWN
    )
    cut = alt.Chart(frame[["label"]].assign(cut=first + 0.5)).mark_tick(
        color=PURPLE, thickness=2, size=20, orient="vertical", yOffset=DOTS_DOWN
    )
    layers = [
        words.encode(row, x=alt.value(0), text=alt.Text("label:N")),
        ranges.encode(row, alt.X("low:Q", **across, axis=ticks), alt.X2("high:Q")),
        dots.encode(row, alt.X("rank:Q", **across, axis=ticks)),
    ]
    if first < last:
        layers.insert(1, cut.encode(row, alt.X("cut:Q", **across, axis=ticks)))
    heading = alt.Title(title, anchor="start", frame="bounds", fontWeight="normal")
    return themed(alt.LayerChart(layer=layers).properties(height=alt.Step(ROW_STEP), title=heading))


def _findings(result: Sensitivity, found: Matrix, period: str) -> Iterator[Finding]:
    """Give the findings on how sure each topic's rank is, or why it has none."""
    units = {
        "chance": f"share of trials in the {wording.first_places(result.first)}",
        "rank_low": "rank, lower end of 95 of 100 trials",
        "rank_high": "rank, upper end of 95 of 100 trials",
    }
    drawn = result.topics.rename(columns={"low": "rank_low", "high": "rank_high"})
    known = dict(zip(drawn.index, records(drawn), strict=True))
    for topic in found.cells:
        for name, unit in units.items():
            value = known[topic][name] if topic in known else why_not_ranked(found, topic)
            yield finding(name, period, value, unit, subject=topic, what=rests_on(found))


# Other weights, headings and measures


def _weightings(result: Sensitivity, found: Matrix, titles: dict[str, str]) -> str:
    """Say which topics are in or out whatever the weights, with the scores as they are."""
    topics, places = result.topics, wording.first_places(found.scheme.first)
    always, never = (
        listed_topics(topics.index[topics[name]], titles) or "none" for name in ("always", "never")
    )
    lines = [
        f"With the scores as they are, {result.draws:,} weightings drawn evenly from all that are "
        f"possible were tried, and each heading alone. Always in the {places}: {always}. Never "
        f"there: {never}."
    ]
    if not (topics["always"] | topics["never"]).all():
        lines.append("For all others it depends on the weights.")
    return " ".join([*lines, *rests(found)])


def _scenarios_sentence(without: list[Scenario], other: list[Scenario], found: Matrix) -> str:
    """Say how often leaving a heading out, or another measure, changes who is among the first."""
    changed = [each.heading for each in without if each.comes or each.goes]
    named = f" ({wording.listed(changed)})" if changed else ""
    which = f"which areas are in the {wording.first_places(found.scheme.first)}"
    lines = [
        f"Leaving out one heading changes {which} in {len(changed) or 'none'} of "
        f"{wording.counted(len(without), 'cases')}{named}."
    ]
    for each in other:
        does = "changes" if each.comes or each.goes else "does not change"
        lines.append(f"Using the other measure of {each.heading} {does} {which}.")
    return " ".join([*lines, *rests(found)])


def _scenarios_table(
    without: list[Scenario], other: list[Scenario], found: Matrix, titles: dict[str, str]
) -> DisplayTable:
    """Set down who comes in and goes out without each heading, or with another measure."""

    def listed(topics: tuple[str, ...]) -> str:
        return f"{listed_topics(topics, titles)}{mark(found)}" if topics else "none"

    rows = [(f"Without {each.heading}", each) for each in without]
    rows += [(f"{each.heading} by its other measure", each) for each in other]
    return table(
        "The first by other headings and measures",
        rows,
        Column("If it were done", lambda row: row[0]),
        Column("Comes in", lambda row: listed(row[1].comes)),
        Column("Goes out", lambda row: listed(row[1].goes)),
    )


def _critical_weights_table(found: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down the smallest change of one weight that takes each ranked topic in or out."""
    now = first_of(found, found.scores)

    def heading(row: tuple[str, CriticalWeight | None]) -> str:
        return found.scheme.heading(row[1].heading).title if row[1] else "no single weight can"

    return table(
        "The smallest change of one weight that moves an area in or out",
        critical_weights(found).items(),
        Column("Area of crime", lambda row: titles[row[0]]),
        Column("Now", lambda row: ("in" if row[0] in now else "out") + mark(found)),
        Column("Weight that must change", heading),
        Column("From", lambda row: wording.share(row[1].now) if row[1] else "[z]"),
        Column("To", lambda row: wording.share(row[1].then) if row[1] else "[z]"),
    )


# Whether headings count the same thing twice


def _agreement_sentence(pairs: pd.DataFrame, found: Matrix) -> str:
    """Say which headings go together so closely that one thing may be counted twice."""
    limit, title = found.scheme.sensitivity.double_counting, _heading_titles(found)
    strong = pairs[pairs["rho"] >= limit]
    if pairs.empty:
        return "Too few areas are scored to tell whether headings count the same thing twice."
    if strong.empty:
        return f"No two headings give areas much the same scores (correlation {limit:g} or more)."
    listed = wording.listed(
        f"{title[row['first']]} and {title[row['second']]} "
        f"(correlation {row['rho']:.2f}, over {row['topics']} areas)"
        for row in records(strong)
    )
    return (
        "These headings give areas much the same scores, so one thing may be counted twice: "
        f"{listed}."
    )


def _agreement_table(pairs: pd.DataFrame, found: Matrix) -> DisplayTable:
    """Set down the correlation of every two headings."""
    title = _heading_titles(found)
    return table(
        "Do the headings count the same thing twice?",
        pairs,
        Column("Heading", lambda row: title[row["first"]]),
        Column("And", lambda row: title[row["second"]]),
        Column("Correlation (Spearman's ρ)", lambda row: f"{row['rho']:+.2f}".replace("-", "−")),
        Column("Areas scored under both", "topics", "count"),
    )


def _heading_titles(found: Matrix) -> dict[str, str]:
    return {each.id: each.title for each in found.scheme.headings}
