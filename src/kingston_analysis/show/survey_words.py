"""Sentences about surveys: whose answers they are, what they say and how sure that is."""

from __future__ import annotations

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.community import Views
from kingston_analysis.measures.shares import MINIMUM_BASE, MINIMUM_SIDE
from kingston_analysis.show import wording

WITHHELD = (
    f"[c] stands where fewer than {MINIMUM_BASE} people answered, where fewer than {MINIMUM_SIDE} "
    "people are on one side of a share, or where another share would give one of these away."
)
CHANCE = (
    "How many people were asked is not published, so no share has an interval: any difference may "
    "be chance."
)


def percent_of(share: float, among: pd.Series) -> str:
    """Write a share as a percentage, with a decimal only where some of the shares have one."""
    return f"{share:.0%}" if whole(among) else wording.share(share)


def whole(shares: pd.Series) -> bool:
    """Tell whether shares are published as whole percentages."""
    hundred = shares.dropna() * 100
    return bool(((hundred - hundred.round()).abs() < 1e-6).all())


def interval_of(low: float, high: float) -> str:
    """Write the ends of a share's interval: 37.1% to 45.4%."""
    return f"{wording.share(low)} to {wording.share(high)}"


def people(views: Views) -> str:
    """Name the people of whom the shares speak."""
    if views.survey.self_selected:
        return "those who replied"
    if views.replies is None:
        return "people asked"
    return "residents" if views.raked or views.survey.weight else "people who answered"


def survey_sentence(views: Views) -> str:
    """Say what a survey is, how many people answered, and for whom it can speak."""
    survey = views.survey
    when = wording.sentence_start(periods.in_words(views.period, views.kind))
    lines = [f"**{survey.title}.** {when}. {survey.about}"]
    if views.replies is not None:
        lines.append(_replies(views))
    elif views.shares["base"].isna().all():
        lines.append(CHANCE)
    if survey.self_selected:
        lines.append(
            "People chose whether to reply. The shares are **of those who replied**, not of all "
            "residents, and no interval can allow for who chose to."
        )
    if views.shares["withheld"].any():
        lines.append(WITHHELD)
    return " ".join(lines)


def _replies(views: Views) -> str:
    count, survey = wording.number(views.replies), views.survey
    if not views.raked and not survey.weight:
        return f"{count} people answered, and their answers are not weighted."
    how = f" to the residents' {wording.listed([survey.profile[c].lower() for c in views.raked])}"
    equal = wording.number(round(views.replies / views.design_effect))
    return (
        f"{count} people answered, and their answers are weighted{how if views.raked else ''}. "
        f"Unequal weights cost precision: they tell as much as {equal} answers with equal weights "
        f"(design effect {views.design_effect:.2f})."
    )


def standing_sentence(views: Views) -> str:
    """Say on how many questions an area is above a larger one, and above a year before."""
    found = views.standing.join(views.shares["share"])
    lines = []
    if views.beside:
        told = _counted(found, "beside", f"in the {views.beside}")
        lines.append(f"The share in {views.area} was {told}.")
    if found["before"].notna().any():
        before = periods.in_words(views.before, views.kind)
        lines.append(f"It was {_counted(found, 'before', f'in {before}')}.")
    else:
        lines.append("No figures for a year before are held.")
    if whole(found["share"]):
        lines.append("Shares are published as whole percentages, so boroughs often tie.")
    if views.shares["base"].isna().all():
        lines.append(
            "No difference has an interval and no rank a probability, so nothing here is called a "
            "rise or a fall."
        )
    return " ".join(lines)


def _counted(found: pd.DataFrame, other: str, than: str) -> str:
    known = found.dropna(subset=["share", other])
    gap = (known["share"] - known[other]).round(6)
    more, less, many = (gap > 0).sum(), (gap < 0).sum(), len(known)
    return f"higher than {than} on {more} of {many} questions and lower on {less}"


def concerns_sentence(views: Views) -> str:
    """Say which concern was named most, by how many, and between which ranks it lies."""
    top, many = views.concerns.iloc[0], len(views.concerns)
    share = f"{percent_of(top['share'], views.shares['share'])} of {people(views)}"
    if pd.isna(top["low"]):
        return f"{top['title']} was the most common of {many} concerns: {share}. {CHANCE}"
    return (
        f"{top['title']} was the most common of {many} concerns: {share} (95% interval "
        f"{interval_of(top['low'], top['high'])}; {wording.number(top['base'])} answered). "
        f"{rank_interval(top['rank_low'], top['rank_high'])}."
    )


def rank_interval(low: float, high: float) -> str:
    """Say between which ranks a concern lies."""
    ends = [wording.ordinal(int(each)) for each in (low, high)]
    if low == high:
        return f"Its rank, {ends[0]}, is the same throughout the 95% interval"
    return f"The 95% interval of its rank goes from {ends[0]} to {ends[1]}"


def gap_sentence(views: Views, harm: dict[str, float]) -> str:
    """Say for which concerns the rank differs from that of recorded harm, more than by chance."""
    gaps = views.gaps(harm)
    if gaps["rank_low"].isna().all():
        return CHANCE
    clear = gaps[gaps["clear"]]
    told = [
        f"{row['title']} ({wording.ordinal(int(row['rank']))} of {len(gaps)} as a concern, "
        f"{wording.ordinal(int(row['harm_rank']))} by recorded harm)"
        for _, row in clear.iterrows()
    ]
    if not told:
        return "Every concern's rank by recorded harm lies inside the 95% interval of its own rank."
    return (
        f"The rank by recorded harm lies outside the 95% interval of the concern's rank for "
        f"{wording.listed(told)}. Each interval stands for itself, and recorded harm is taken as "
        "known."
    )


def profile_sentence(views: Views) -> str:
    """Say who is furthest below their share of the residents among those who answered."""
    known = views.profile.dropna(subset=["difference"])
    if known.empty:
        return "No figures on all residents are held beside them, so who is missing is not known."
    low = known.loc[known["difference"].idxmin()]
    return (
        f"Furthest from their share of the residents: {_group(views, low)}, with "
        f"{wording.number(low['respondents'])} of those who answered, "
        f"{wording.share(low['share'])}, against {wording.share(low['target'])} of residents."
    )


def _group(views: Views, row: pd.Series) -> str:
    return f"{views.survey.profile[row['margin']].lower()} {row['category']}"
