"""Sentences about a series, written from its figures."""

from __future__ import annotations

import math

from kingston_analysis.measures.change import JUDGED_AT, NOT_A_YEAR, TOO_FEW, Change
from kingston_analysis.measures.differences import EditionDifference
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Finding, Gap, number_of
from kingston_analysis.show import wording

# Where a larger share of the boroughs moved unusually in a year, the change is London's.
LONDONS = 0.2
# What usually moves by more times than this has no range that tells a reader anything.
WILD = 3.0
WENT = {"rose": "rise", "fell": "fall"}


def level(series: Series) -> str:
    """Say how many there were in the latest year, as a count, a rate and a rank by each."""
    rate = _latest(series, "rate")
    value = _latest(series, "value")
    count = wording.counted(value, series.indicator.counted)
    were = wording.agreeing(value, "was", "were")
    text = f"{count} {were} recorded in {series.area} in {series.latest}"
    if not math.isnan(rate):
        text += f", {rate:.1f} for every 1,000 residents"
    return text + "." + _standing(series)


def standing(series: Series, by: str) -> str:
    """Write the area's rank by `rank_count` or `rank_rate` in the latest year."""
    rank = wording.rank(_latest(series, by), _latest(series, f"{by}_top"))
    shared = (series.comparable[by] == _latest(series, by)).sum() > 1
    return wording.joint(rank) if shared else rank


def _latest(series: Series, column: str) -> float:
    return series.own[column][series.latest]


def _standing(series: Series) -> str:
    if len(series.comparable) < 2 or math.isnan(_latest(series, "rank_count")):
        return ""
    count = f"the {standing(series, 'rank_count')} count"
    boroughs = f" among {int(_latest(series, 'areas'))} London boroughs"
    if math.isnan(_latest(series, "rank_rate")):
        return f" That is {count}{boroughs}."
    rate, rated = standing(series, "rank_rate"), series.comparable["rate"].count()
    if rated < len(series.comparable):
        return f" That is {count}{boroughs}, and the {rate} rate among the {rated} with a rate."
    return f" That is {count} and the {rate} rate{boroughs}."


def changed(series: Series, change: Change, base: str | None = None) -> str:
    """Say how the latest year compares with the one before, or `base`, with its verdict."""
    before = base or series.before
    subject = wording.sentence_start(series.indicator.counted)
    if before not in series.own.index:
        return f"{subject}: there is no figure for {before}, so no change can be given."
    counts = (series.own["value"][before], series.own["value"][series.latest])
    text = comparison_in_words(change, subject, counts, f" in {before}", f" in {series.latest}")
    note = wording.on_polarity(series.indicator.polarity, change.verdict)
    return " ".join(filter(None, [text, note, _together(series, before)]))


def _count(value: float) -> str:
    if math.isnan(value):
        return "a number that was withheld [c]"
    return wording.number(value) if value else "none"


def _together(series: Series, before: str) -> str:
    totals = series.together(before, series.latest)
    if totals is None or not totals[0]:
        return ""
    first, second = (wording.number(total) for total in totals)
    return (
        f"In the {len(series.comparable)} London boroughs together the total went from {first} "
        f"to {second} ({wording.percent(totals[1] / totals[0])})."
    )


def comparison_in_words(
    change: Change, subject: str, counts: tuple[float, float], before: str, after: str
) -> str:
    """Write a comparison of two counts; `before` and `after` say, after each, what it is of."""
    first, second = map(_count, counts)
    if change.verdict == "cannot be compared":
        why = change.ratio.why if isinstance(change.ratio, Gap) else ""
        if min(counts) == 0:
            return f"{subject} went from {first}{before} to {second}{after}. {why}"
        return f"{subject}: {first}{before} and {second}{after} cannot be compared. {why}"
    ratio, span = change.printed, f"from {first}{before} to {second}{after}"
    interval = "too few for a percentage"
    if isinstance(ratio, Estimate):
        interval = wording.interval_in_words(ratio)
    if change.verdict != "no clear change":
        verb, why = wording.change_in_words(change.verdict, ratio), "more than chance explains"
        text = f"{subject} {verb}, {span} ({interval}): {why}.{_usual(change)}"
    elif counts[0] == counts[1]:
        text = f"{subject} stayed at {second}{after}, as many as{before} ({interval}). "
        text += _noticeable(change)
    else:
        size = "" if isinstance(ratio, Gap) else f"{wording.percent(ratio.value)}, "
        text = f"{subject} showed no clear change, {span} ({size}{interval}): a difference of "
        text += f"this size can be chance. {_noticeable(change)}"
    return f"{text} Note a break in the series: {change.caution}" if change.caution else text


def _usual(change: Change) -> str:
    """Say whether a rise or fall is more than the series usually moves in a year."""
    usual = change.usual
    if usual is NOT_A_YEAR:
        return ""
    if isinstance(usual, Gap):
        return f" Whether it is more than this usually moves in a year is not known. {usual.why}"
    ends = wording.percent_ends(Estimate(1.0, usual.low, usual.high))
    text = f" It is no more than this usually moves in a year ({ends} in about 95 of 100 years)."
    if usual.unusual:
        text = f" It is unusual, too: in about 95 of 100 years this moves by {ends}."
    if usual.high > WILD:
        text = (
            " It is unusual, too, for all that this moves a great deal from year to year."
            if usual.unusual
            else " It is not unusual: this moves so much that three times as many would not be."
        )
    if usual.unusual and usual.unusual_areas > LONDONS * usual.areas:
        text += (
            f" It moved unusually in {usual.unusual_areas} of {usual.areas} boroughs that year, so "
            "the change is London's as well as this borough's."
        )
    return text


def _noticeable(change: Change) -> str:
    """Say how large a change the way it went would have had to be."""
    fall, rise, ratio = change.noticeable_fall, change.noticeable_rise, change.ratio
    if fall is None or rise is None or fall > TOO_FEW or isinstance(ratio, Gap):
        return "The counts are too small for any but a very large change to stand out."
    if ratio.value == 1:
        return (
            f"A true fall of about {fall:.0%}, or a true rise of about {rise:.0%}, would stand out "
            "in 80 of 100 cases."
        )
    went, least = ("rise", rise) if ratio.value > 1 else ("fall", fall)
    return f"A true {went} of about {least:.0%} would have stood out in 80 of 100 cases."


def over_years(series: Series) -> str:
    """Say how many years running the count rose or fell, and what its trend is, if it has one."""
    counted = wording.sentence_start(series.indicator.counted)
    said, found, trend = [], series.running, series.trend
    if found:
        before, after = wording.number(found.before), wording.number(found.after)
        alone = f", though the last {WENT[found.direction]} alone can be chance"
        if series.change().verdict == found.direction:
            alone = ""
        said.append(
            f"{counted} {found.direction} {wording.number_in_words(found.years)} years running, "
            f"from {before} in {found.first} to {after} in {found.last}{alone}."
        )
    if isinstance(trend, Gap):
        return " ".join(said)
    slope = wording.change_in_words(trend.verdict, trend.slope)
    interval = wording.interval_in_words(trend.slope)
    if trend.verdict != "no clear trend":
        said.append(
            f"From {trend.first} to {trend.last} they {slope} a year on average ({interval})."
        )
    elif found:
        said.append(
            f"From {trend.first} to {trend.last} they moved by "
            f"{wording.percent(trend.slope.value)} a year on average ({interval}): no more than "
            "this usually moves in a year."
        )
    if step := trend.step:
        before, after = wording.number(step.before), wording.number(step.after)
        since = f"Since {trend.first} one step stands out"
        said.append(f"{since}: from {before} to {after} in {step.year}.")
    if found or trend.verdict != "no clear trend":
        of_trend, of_change = (wording.interval_name(e) for e in (trend.slope.level, JUDGED_AT))
        said.append(
            f"A trend has a {of_trend} where a change has a {of_change}: it already allows for how "
            "far the count usually moves in a year, so that it is seldom called by mistake."
        )
    return " ".join(said)


def change_heading(series: Series, change: Change) -> str:
    """Write a figure's heading: what happened in the latest year."""
    title = series.indicator.title
    if series.before not in series.own.index:
        count = wording.number(series.own["value"][series.latest])
        return f"{title}: {count} in {series.latest}, with no figure for the year before"
    if change.verdict == "cannot be compared":
        count = wording.number(series.own["value"][series.latest])
        return f"{title}: {count} in {series.latest}, not comparable with the year before"
    if change.verdict == "no clear change":
        return f"{title} showed no clear change in {series.latest}"
    verb = wording.change_in_words(change.verdict, change.printed)
    unusually = "an unusual change" if change.unusual else "more than chance explains"
    return f"{title} {verb} in {series.latest}, {unusually}"


ONE_EXTRACTION = (
    "Only one copy of each table is held, so figures that the publishers have since revised cannot "
    "be told from new ones."
)


def extractions(reextracted: list[str]) -> str:
    """Say of which tables, by title, the edition before saw an earlier extraction."""
    if not reextracted:
        return ONE_EXTRACTION
    titles = wording.listed(f"“{title}”" for title in reextracted)
    return (
        f"The edition before saw an earlier copy of {titles}. Of each other table only one copy is "
        "held, so figures there that the publishers have since revised cannot be told from new "
        "ones."
    )


def difference(each: EditionDifference) -> str:
    """Write one difference between two editions as a line."""
    before, now = each.before, each.now
    newest = next(found for found in (now, before) if found)
    of = f"{newest.what}, {newest.measure} of {newest.period}: "
    if now is None:
        return f"{of}known no more."
    if before is None:
        return f"{of}{_figure(now)} came in."
    if each.kind == "revised":
        return f"{of}{_figure(before)} is now {_figure(now)}."
    if each.kind == "primary indicator":
        return f"the main figure is now {now.what}; before, it was {before.what}."
    if each.kind == "defined otherwise":
        return f"counts {now.what} ({now.unit}); before, {before.what} ({before.unit})."
    if each.kind == "judged otherwise":
        words = [wording.change_words(found) for found in (before, now)]
        return f"{now.what} in {now.period}: now {words[1]}; before, {words[0]}."
    then, latest = (f"{wording.change_words(e)} in {e.period}" for e in (before, now))
    return f"{now.what} {then}, and {latest}."


def _figure(finding: Finding) -> str:
    return wording.number(number_of(finding), finding.unit)
