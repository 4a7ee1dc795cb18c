"""A seasonal profile in words, as a figure, and as findings: what each month of the year brings."""

from __future__ import annotations

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.seasons import Profile, Seasons
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, finding
from kingston_analysis.show import month_charts, wording
from kingston_analysis.show.display import DisplayTable, Heading
from kingston_analysis.show.figures import Figure

# The order of a financial year.
YEAR = [*range(4, 13), 1, 2, 3]
EVERYONE = "All boroughs together"
AVERAGE = "Against an average month"
NOTE = (
    "An average month is a twelfth of the year's level; slow changes from year to year are left "
    "out. Months are not adjusted for their length: February is about 7% below by that alone."
)


def season_sentence(series: Series, profile: Profile) -> str:
    """Say in which months of the year most and fewest were recorded, and if that can be chance."""
    subject = f"{series.indicator.counted} in {series.area}"
    if profile.own.low is None:
        return _without_interval(profile, subject)
    return " ".join(filter(None, [_own(profile, subject), _everyone(profile.everyone)]))


def _without_interval(profile: Profile, subject: str) -> str:
    high, low = (_name(profile.counts.agg(end)) for end in ("idxmax", "idxmin"))
    most, fewest = (wording.number(profile.counts.agg(end)) for end in ("max", "min"))
    one = len(profile.years) == 1
    within, alone = ("In", "One year alone") if one else ("Over", "These years")
    return (
        f"{within} {_years(profile)}, {subject} were highest in {high} ({most}) and lowest in "
        f"{low} ({fewest}). {alone} cannot tell a season from chance."
    )


def _own(profile: Profile, subject: str) -> str:
    ends = _ends(profile.own)
    told = [
        f"{end} in {_name(month)} ({wording.number(profile.counts[month])} in all, "
        f"{_against(profile.own, month)})"
        for end, month in ends.items()
    ]
    clear = [
        words
        for words, month in zip(told, ends.values(), strict=True)
        if month in profile.own.clear
    ]
    if clear:
        found = " and ".join(clear)
        return f"Over {_years(profile)}, {subject} were {found}: more than chance explains."
    return (
        f"Over {_years(profile)}, no month of the year stood out for {subject}. They were "
        f"{told[0]}, which can be chance."
    )


def _everyone(seasons: Seasons | None) -> str:
    if seasons is None or seasons.low is None:
        return ""
    told = [
        f"{end} in {_name(month)} ({_against(seasons, month)})"
        for end, month in _ends(seasons).items()
    ]
    return f"{EVERYONE} were {' and '.join(told)}."


def _ends(seasons: Seasons) -> dict[str, int]:
    return {"highest": seasons.index.idxmax(), "lowest": seasons.index.idxmin()}


def _against(seasons: Seasons, month: int) -> str:
    found = seasons.of(month)
    interval = wording.interval_in_words(found)
    return f"{wording.percent(found.value)} against an average month, {interval}"


def _years(profile: Profile) -> str:
    first, last = profile.years[0], profile.years[-1]
    return first if first == last else f"the {len(profile.years)} years {first} to {last}"


def _name(month: int) -> str:
    return periods.MONTHS[month - 1]


def season_figure(series: Series, profile: Profile) -> Figure:
    """Show how far each month of the year is from an average one, beside all boroughs."""
    own, ends = profile.own, _ends(profile.own)
    told = [
        f"{end} {_name(month)}, {wording.percent(own.index[month])}" for end, month in ends.items()
    ]
    named = {series.area: own, EVERYONE: profile.everyone}
    shown = {who: seasons for who, seasons in named.items() if seasons is not None}
    return Figure(
        id=f"{series.indicator.id}-seasons",
        heading=f"{series.indicator.title}: {_found(profile)}",
        chart=month_charts.season_chart(_frame(shown), list(shown), AVERAGE),
        alternative=f"Chart of {series.indicator.counted} by month of the year against an average "
        f"month, {_years(profile)}: {'; '.join(told)}.",
        table=_table(series, profile),
        tables=(series.months_table.name,),
        period=f"{profile.years[0]} to {profile.years[-1]}",
        note=NOTE,
    )


def _found(profile: Profile) -> str:
    ends = _ends(profile.own)
    if profile.own.low is None:
        return f"highest in {_name(ends['highest'])} in {_years(profile)}, one year only"
    clear = [f"{end} in {_name(each)}" for end, each in ends.items() if each in profile.own.clear]
    return " and ".join(clear) or "no month of the year stands out from chance"


def _frame(shown: dict[str, Seasons]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "month": _name(month)[:3],
                "who": who,
                "difference": seasons.index[month] - 1,
                "low": None if seasons.low is None else seasons.low[month] - 1,
                "high": None if seasons.high is None else seasons.high[month] - 1,
            }
            for who, seasons in shown.items()
            for month in YEAR
        ]
    )


def _table(series: Series, profile: Profile) -> DisplayTable:
    headings = [
        Heading("Month of the year"),
        Heading(f"{wording.sentence_start(series.indicator.unit)}, all years", "count"),
        Heading(AVERAGE, "signed percent"),
        Heading("95% interval"),
        Heading(f"{EVERYONE}, against their average month", "signed percent"),
    ]
    rows = [
        [
            _name(month),
            profile.counts[month],
            profile.own.index[month] - 1,
            _interval(profile.own, month),
            "[x]" if profile.everyone is None else profile.everyone.index[month] - 1,
        ]
        for month in YEAR
    ]
    title = f"{series.indicator.title}, {series.area}, by month of the year, {_years(profile)}"
    return DisplayTable(title, headings, rows)


def _interval(seasons: Seasons, month: int) -> str:
    found = seasons.of(month)
    return wording.percent_ends(found) if found.ends else "[x]"


def season_values(series: Series, profile: Profile) -> list[Finding]:
    """Give the findings: the highest and the lowest month of the year, and the sentence."""
    period = f"{profile.years[0]} to {profile.years[-1]}"
    months = zip(("season_high", "season_low"), _ends(profile.own).values(), strict=True)
    values = [
        finding(
            name,
            period,
            profile.own.of(month).map(lambda index: (index - 1) * 100),
            f"% against an average month, {_name(month)}",
        )
        for name, month in months
    ]
    return [*values, finding("season", period, season_sentence(series, profile), "text")]
