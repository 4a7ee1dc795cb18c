"""Seasons: in which months of the year there is more, and in which less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.change import JUDGED_AT, check_level
from kingston_analysis.measures.seasons import Profile, Seasons, own_profile
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, Publication, Unanswered, analysis
from kingston_analysis.show.charts import title_above
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, table
from kingston_analysis.show.theme import BLUE, FONT_SIZE, GREY, TEAL, themed
from kingston_analysis.views.topic import TopicView

Alike = dict[str, tuple[int, ...]]
NO_MONTH = "no month of the year stands out from chance"
# The order of a financial year.
YEAR = [*range(4, 13), 1, 2, 3]
EVERYONE = "All boroughs together"
AVERAGE = "Against an average month"
NOTE = (
    "An average month is a twelfth of the year's level; slow changes from year to year are left "
    "out. Months are not adjusted for their length: February is about 7% below by that alone."
)
TOGETHER = "Months are named together where chance can explain the difference between them."
ROW_STEP = 21


@analysis("Seasons")
def seasons(view: TopicView, *, level: float = JUDGED_AT) -> Iterator[Part]:
    """Set the area's months of the year beside those of all boroughs, with intervals at a level.

    Findings have 99.5% intervals: at another level there are none. Raises KingstonError for a level
    that is none.
    """
    check_level(level)
    primary, profile = view.primary, view.profile
    if primary not in view.monthly:
        # The months above have said why.
        yield Unanswered("Seasons", view.no_months, "See the months above.")
        return
    if level != JUDGED_AT:
        profile = own_profile(primary.months, primary.all_months, view.month_breaks, level)
    if isinstance(profile, Gap):
        yield profile
        return
    months = _months(profile, primary.area)
    alike = _alike(profile)
    words = _sentence(profile, alike, primary.indicator.counted, primary.area)
    yield months
    yield words
    yield _figure(primary, profile, alike, months)
    if level == JUDGED_AT:
        found = (*_ends_found(profile), _found(profile, "season", words, "text"))
        yield Publication(found, primary.months_sources)


def _months(profile: Profile, area: str) -> pd.DataFrame:
    """Return who, month, and its difference from an average month as a share, with interval."""
    named = {area: profile.own, EVERYONE: profile.everyone}
    return pd.DataFrame(
        [
            {
                "month": _name(month),
                "who": who,
                "difference": each.index[month] - 1,
                "low": None if each.low is None else each.low[month] - 1,
                "high": None if each.high is None else each.high[month] - 1,
            }
            for who, each in named.items()
            if each is not None
            for month in YEAR
        ]
    )


# Words


def _sentence(profile: Profile, alike: Alike, counted: str, area: str) -> str:
    """Say in which months of the year most and fewest were recorded, and if that can be chance."""
    if profile.own.low is None:
        return _without_interval(profile, alike, f"{counted} in {area}")
    own = _own(profile, alike, f"{counted} in {area}")
    return " ".join(filter(None, [own, _everyone(profile, counted)]))


def _without_interval(profile: Profile, alike: Alike, subject: str) -> str:
    one = len(profile.years) == 1
    within, alone = ("In", "One year alone") if one else ("Over", "These years")
    ends = [
        f"{end} in {_like(months)} ({wording.number(profile.counts[months[0]])}"
        f"{'' if len(months) == 1 else ' each'})"
        for end, months in alike.items()
    ]
    return (
        f"{within} {_years(profile)}, {subject} were {_joined(ends)}. {alone} cannot tell a "
        "season from chance."
    )


def _not_told_apart(alike: tuple[int, ...], counts: pd.Series | None = None) -> str:
    """Say which months noise cannot tell from the first one, with their counts where given."""
    first, *others = alike
    if not others:
        return ""
    them = f"{wording.number_in_words(len(others))} other months"
    if len(others) < wording.MOST_NAMED:
        known = {} if counts is None else {n: f" ({wording.number(counts[n])})" for n in others}
        them = wording.listed(f"{_name(n)}{known.get(n, '')}" for n in others)
    return f"The counts vary too much by chance to tell {_name(first)} from {them}."


def _own(profile: Profile, alike: Alike, subject: str) -> str:
    ends = {
        month: f"{end} in {_name(month)} ({wording.number(profile.counts[month])} in all, "
        f"{_against(profile.own, month)})"
        for end, month in _ends(profile.own).items()
    }
    clear = {month: text for month, text in ends.items() if month in profile.own.clear}
    if clear:
        said = (
            f"Over {_years(profile)}, {subject} were {' and '.join(clear.values())}: more than "
            "chance explains."
        )
        told = [_not_told_apart(e, profile.counts) for e in alike.values() if e[0] in clear]
        return " ".join([said, *filter(None, told)])
    return (
        f"Over {_years(profile)}, no month of the year stood out for {subject}. They were "
        f"{next(iter(ends.values()))}, which can be chance."
    )


def _everyone(profile: Profile, counted: str) -> str:
    found = profile.everyone
    if found is None or found.low is None:
        return ""
    ends = _ends(found)
    said = [f"{end} in {_name(n)} ({_against(found, n)})" for end, n in ends.items()]
    unclear = [end for end, month in ends.items() if month not in found.clear]
    chance = f"; the {unclear[0]} can be chance" if len(unclear) == 1 else ""
    if unclear == [*ends]:
        chance = ", which can be chance"
    text = f"In all boroughs together, {counted} were {' and '.join(said)}{chance}."
    clear = [each for each in (found.highest, found.lowest) if each[0] in found.clear]
    return " ".join([text, *filter(None, map(_not_told_apart, clear))])


def _heading(profile: Profile, alike: Alike) -> str:
    if profile.own.low is None:
        return f"{_years(profile)} alone cannot tell a season from chance"
    clear = [
        f"{end} in {_like(months)}"
        for end, months in alike.items()
        if months[0] in profile.own.clear
    ]
    return _joined(clear) if clear else NO_MONTH


def _joined(ends: list[str]) -> str:
    """Join what is said of two ends, of which one may name several months."""
    return (", and " if any(" and " in end for end in ends) else " and ").join(ends)


def _like(months: tuple[int, ...]) -> str:
    return wording.like([*map(_name, months)], "months")


def _alike(profile: Profile) -> Alike:
    """Return, by end, its month and after it those that noise cannot tell from it.

    Where nothing is known of noise, they are those with the same count.
    """
    own, counts = profile.own, profile.counts
    if own.low is not None:
        return {"highest": own.highest, "lowest": own.lowest}
    ends = {"highest": counts.max(), "lowest": counts.min()}
    return {end: tuple(counts.index[counts == count]) for end, count in ends.items()}


def _ends(found: Seasons) -> dict[str, int]:
    months = found.index.index
    return {
        "highest": months[int(found.index.argmax())],
        "lowest": months[int(found.index.argmin())],
    }


def _against(found: Seasons, month: int) -> str:
    index = found.of(month)
    percent = wording.percent(index.value)
    return f"{percent} against an average month, {wording.interval_in_words(index)}"


def _years(profile: Profile) -> str:
    first, last = profile.years[0], profile.years[-1]
    many = wording.number_in_words(len(profile.years))
    return first if first == last else f"the {many} years {first} to {last}"


def _name(month: int) -> str:
    return periods.MONTHS[month - 1]


# Figure


def _figure(series: Series, profile: Profile, alike: Alike, months: pd.DataFrame) -> Figure:
    own = profile.own
    ends = [
        f"{end} {_like(each)}, {wording.percent(own.index[each[0]])}"
        for end, each in alike.items()
        if own.low is None or each[0] in own.clear
    ]
    lowest, highest = map(wording.percent, (own.index.min(), own.index.max()))
    course = "; ".join(ends) or f"{lowest} to {highest}; {NO_MONTH}"
    everyone, indicator = profile.everyone, series.indicator
    shown = table(
        f"{indicator.title}, {series.area}, by month of the year, {_years(profile)}",
        YEAR,
        Column("Month of the year", _name),
        Column(f"{wording.sentence_start(indicator.unit)}, all years", profile.counts.get, "count"),
        Column(AVERAGE, lambda month: profile.own.index[month] - 1, "signed percent"),
        Column(
            wording.interval_name(profile.own.level), lambda month: _interval(profile.own, month)
        ),
        Column(
            f"{EVERYONE}, against their average month",
            lambda month: None if everyone is None else everyone.index[month] - 1,
            "signed percent",
        ),
    )
    return Figure(
        id=f"{indicator.id}-seasons",
        heading=f"{indicator.title}: {_heading(profile, alike)}",
        chart=_chart(months.assign(month=months["month"].str[:3])),
        alternative=f"Chart of {indicator.counted} by month of the year against an average "
        f"month, {_years(profile)}: {course}.",
        table=shown,
        tables=series.months_sources,
        period=_period(profile),
        note=f"{NOTE} {TOGETHER}" if max(map(len, alike.values())) > 1 else NOTE,
    )


def _interval(found: Seasons, month: int) -> str:
    index = found.of(month)
    return wording.percent_ends(index) if index.ends else "[x]"


def _chart(months: pd.DataFrame) -> alt.LayerChart:
    """Draw how far each month is from an average one, the area's with their intervals."""
    names = list(months["who"].unique())
    rows = alt.Y(
        "month:N",
        title=None,
        sort=None,
        axis=alt.Axis(ticks=False, domain=False, grid=True, labelPadding=6),
    )
    length = _difference("difference")
    average = alt.Chart(pd.DataFrame({"difference": [0.0]})).mark_rule(color=GREY).encode(length)
    spans = months.loc[months["who"] == names[0], ["month", "low", "high"]].dropna()
    whiskers = alt.Chart(spans).mark_rule(color=BLUE, strokeWidth=1.5)
    ends = [whiskers.encode(rows, _difference("low"), alt.X2("high:Q"))] if len(spans) else []
    key = alt.Legend(orient="top", direction="vertical", labelLimit=260, labelFontSize=FONT_SIZE)

    def by_name(looks: list[Any]) -> dict[str, Any]:
        scale = alt.Scale(domain=names, range=looks[: len(names)])
        return {"title": None, "scale": scale, "legend": key}

    marks = alt.Chart(months[["month", "who", "difference"]]).mark_point(filled=True)
    marks = marks.encode(
        rows,
        length,
        alt.Color("who:N", **by_name([BLUE, TEAL])),
        alt.Shape("who:N", **by_name(["circle", "diamond"])),
        alt.Size("who:N", **by_name([90, 60])),
        opacity=alt.value(1),
    )
    layers = alt.LayerChart(layer=[average, *ends, marks])
    return themed(layers.properties(height=alt.Step(ROW_STEP), title=title_above(AVERAGE)))


def _difference(column: str) -> alt.X:
    scale = alt.Scale(zero=True, nice=False, padding=8)
    # The average itself has no sign.
    signed = "format(datum.value, abs(datum.value) < 1e-9 ? '.0%' : '+.0%')"
    percent = alt.Axis(tickCount=4, labelExpr=signed)
    return alt.X(f"{column}:Q", title=None, scale=scale, axis=percent)


# Findings


def _ends_found(profile: Profile) -> Iterator[Finding]:
    for end, month in _ends(profile.own).items():
        percent = profile.own.of(month).map(lambda index: (index - 1) * 100)
        name = {"highest": "season_high", "lowest": "season_low"}[end]
        yield _found(profile, name, percent, f"% against an average month, {_name(month)}")


def _found(profile: Profile, measure: str, result: Any, unit: str) -> Finding:
    return finding(measure, _period(profile), result, unit)


def _period(profile: Profile) -> str:
    return f"{profile.years[0]} to {profile.years[-1]}"
