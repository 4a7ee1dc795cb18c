"""Words for numbers: how counts, rates, ranks and changes read in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kingston_analysis.results import Estimate, Finding, Gap, ends_of, number_of
from kingston_analysis.show.table import format_cell

ORDINALS = (
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
)

# More are counted, so that a sentence stays short.
MOST_NAMED = 3
NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(value: float, unit: str = "") -> str:
    """Write a number as text: whole with thousands separators, or to one decimal place."""
    if float(value).is_integer() and "per 1,000" not in unit:
        return f"{value:,.0f}"
    return f"{value:,.1f}"


def agreeing(count: float, one: str, many: str) -> str:
    """Choose the word that agrees with a count: one figure *was*, two figures *were*."""
    return one if count == 1 else many


# In `counted`, the first word of many: *thefts* from vehicles, racist hate *crimes*.
OF_MANY = re.compile(r"\b[\w-]*[^\W\dus]s\b")


def counted(count: float, many: str, unit: str = "") -> str:
    """Write a count with what is counted, of which `many` is the plural: 12 thefts, 1 theft."""
    return f"{number(count, unit)} {agreeing(count, OF_MANY.sub(_one, many, count=1), many)}"


def _one(many: re.Match[str]) -> str:
    word = many[0]
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def number_in_words(number: int) -> str:
    """Write a whole number up to ten as a word, and a larger one in digits."""
    return NUMBERS[number] if 0 < number < len(NUMBERS) else str(number)


def first_places(number: int) -> str:
    """Name the first places: first seven, first 12, and of one, first place."""
    return "first place" if number == 1 else f"first {number_in_words(number)}"


def share(value: float) -> str:
    """Write a share of one as a percentage to one decimal place."""
    return f"{value:.1%}"


def rank(lowest: float, highest: float) -> str:
    """Write a rank from the nearer end: lowest, fourth lowest, 13th lowest, second highest.

    `lowest` counts from the lowest value, `highest` from the highest.
    """
    whole, end = (int(lowest), "lowest") if lowest <= highest else (int(highest), "highest")
    if whole == 1:
        return end
    return f"{ORDINALS[whole] if whole < len(ORDINALS) else ordinal(whole)} {end}"


def like(names: list[str], many: str) -> str:
    """Name what cannot be told from the first: May; May and June; May and four months like it."""
    if len(names) <= MOST_NAMED:
        return listed(names)
    return f"{names[0]} and {number_in_words(len(names) - 1)} {many} like it"


def joint(rank: str) -> str:
    """Write that a rank is shared with another area: joint lowest, joint fourth highest."""
    return f"joint {rank}"


def ordinal(value: int) -> str:
    """Write a whole number as 1st, 2nd, 13th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{'th' if value % 100 in (11, 12, 13) else ending}"


def varying(dispersion: float) -> str:
    """Write how far counts vary, as a variance over that of pure chance."""
    if dispersion == 1:
        return "varying as pure chance does"
    return f"varying {dispersion:g} times as much as pure chance"


def percent(ratio: float) -> str:
    """Write a ratio of two counts as a signed percentage change; nothing has no sign."""
    text = f"{(ratio - 1) * 100:+,.1f}%".replace("-", "−")
    return "0.0%" if text[1:] == "0.0%" else text


def change_in_words(verdict: str | None, ratio: Estimate | Gap) -> str:
    """Write a change as a verb phrase: fell by 7.3%; showed no clear change.

    Of a ratio that is a gap the verdict alone is written.
    """
    if verdict in ("rose", "fell"):
        return verdict if isinstance(ratio, Gap) else f"{verdict} by {abs(ratio.value - 1):,.1%}"
    if verdict == "cannot be compared" or (verdict is None and isinstance(ratio, Gap)):
        return "cannot be compared"
    return "showed no clear change"


def change_with_interval(verdict: str | None, ratio: Estimate | Gap) -> str:
    """Write a change as a verb phrase with its interval, where it has one."""
    words = change_in_words(verdict, ratio)
    return words if isinstance(ratio, Gap) else f"{words} ({interval_in_words(ratio)})"


def interval_name(level: float) -> str:
    """Name an interval by its level: 95% interval."""
    return f"{level * 100:g}% interval"


def interval_in_words(ratio: Estimate) -> str:
    """Write the interval of a ratio of two counts: 95% interval −12.1% to −2.2%."""
    return f"{interval_name(ratio.level)} {percent_ends(ratio)}"


def percent_ends(ratio: Estimate) -> str:
    """Write the ends of the interval of a ratio of two counts: −12.1% to −2.2%."""
    low, high = ends_of(ratio)
    return f"{percent(low)} to {percent(high)}"


POLARITY = {
    "more reporting is better": "Reporting may have changed, not only how much happens.",
    "neither": "This count follows what is reported and looked for, not only how much happens.",
}


def or_gap(value: str | Gap) -> str:
    """Return a text as it is; of what is not available, say so and why."""
    return f"Not available. {value.why}" if isinstance(value, Gap) else value


def without_figure(finding: Finding) -> tuple[str, str]:
    """Return how a value that is missing is announced, in one year or altogether, and why."""
    return "Not available" if finding.period else "No figures yet", finding.missing or ""


def on_polarity(polarity: str, verdict: str | None) -> str:
    """Say, of a rise or fall that is neither good nor bad in itself, what else it may mean."""
    return POLARITY.get(polarity, "") if verdict in ("rose", "fell") else ""


def sentence_start(text: str) -> str:
    """Write the first letter large and leave the rest, so that MPS stays MPS."""
    return text[:1].upper() + text[1:]


def listed(words: Iterable[str]) -> str:
    """Write words as a list in a sentence: age, sex and ward.

    Semicolons part items of which one holds a comma or an *and* of its own.
    """
    *most, last = words
    if not most:
        return last
    holds_one = any(part in each for each in (*most, last) for part in (", ", " and "))
    return f"{'; '.join(most)}; and {last}" if holds_one else f"{', '.join(most)} and {last}"


def change_words(finding: Finding) -> str:
    """Write a change as a verb phrase with its interval; one that cannot be compared says so."""
    if finding.value is None:
        return change_in_words(finding.verdict, Gap(finding.missing or ""))
    low, high = finding.interval or (None, None)
    percent = Estimate(number_of(finding), low, high, level=finding.level or 0.95)
    ratio = percent.map(lambda each: 1 + each / 100)
    return change_with_interval(finding.verdict, ratio)


def signed(value: float) -> str:
    """Write a number of offences, whole and with its sign; nothing has no sign."""
    return format_cell(float(value), "signed count")


def signed_ends(estimate: Estimate) -> str:
    """Write the ends of the interval of a number of offences: −213 to +245."""
    low, high = ends_of(estimate)
    return f"{signed(low)} to {signed(high)}"


def signed_with_interval(estimate: Estimate) -> str:
    """Write a number of offences with its interval: +16 (95% interval −213 to +245)."""
    return f"{signed(estimate.value)} ({interval_name(estimate.level)} {signed_ends(estimate)})"
