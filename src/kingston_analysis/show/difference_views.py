"""What changed between two editions, in words and tables."""

from __future__ import annotations

from collections import Counter

from kingston_analysis.measures.differences import Difference, Kind
from kingston_analysis.results import Finding
from kingston_analysis.show import wording
from kingston_analysis.show.table import DisplayTable, Heading
from kingston_analysis.show.wording import change_words

ONE_EXTRACTION = (
    "One extraction of each table is held today. A figure that a publisher revised since the "
    "earlier edition cannot show itself here until a second extraction is held."
)
METHOD = (
    "Every edition is computed by the same code, so no method differs between them: each is what "
    "today's method says of the figures known at its time."
)


def turned_sentence(found: list[Difference], titles: dict[str, str]) -> str:
    """Say which directions turned round."""
    turned = of_kind(found, "turned round")
    if not turned:
        return "No direction turned round: nothing that clearly fell then clearly rises now."
    told = [f"- **{titles[each.page]}**: {_turned(each)}" for each in turned]
    return "\n".join([f"{_directions(len(turned))} turned round.", "", *told])


def new_sentence(found: list[Difference]) -> str:
    """Say how many figures came in, and for how many topics."""
    new = [each for each in of_kind(found, "came in") if each.now.measure == "count"]
    if not new:
        return "No new figure came in."
    topics = len({each.page for each in new})
    return f"{len(new)} yearly counts came in, in {topics} areas of crime."


def new_table(
    found: list[Difference], changes: dict[tuple[str, str], Finding], titles: dict[str, str]
) -> DisplayTable:
    """List the newest count that came in for each indicator, and its change on the year before."""
    newest = {}
    for each in of_kind(found, "came in"):
        if each.now.measure == "count":
            newest[each.page, each.indicator] = each
    rows = [
        [titles[page], each.now.what, each.now.period, each.now.value, _change(changes.get(key))]
        for key, each in newest.items()
        for page in [key[0]]
    ]
    headings = [
        *(Heading(name) for name in ("Area of crime", "Counted", "Year")),
        Heading("New count", "count"),
        Heading("Change on the year before"),
    ]
    return DisplayTable("New figures", headings, rows)


def revised_sentence(found: list[Difference]) -> str:
    """Say how many figures of the same period were revised, and what cannot be seen."""
    count = len(of_kind(found, "revised"))
    told = f"{count} figures were revised." if count else "No figure was revised."
    return f"{told} {ONE_EXTRACTION}"


def revised_table(found: list[Difference], titles: dict[str, str]) -> DisplayTable:
    """List the figures that were revised, before and now."""
    rows = [
        [titles[each.page], each.now.what, each.now.period, *map(_figure, (each.before, each.now))]
        for each in of_kind(found, "revised")
    ]
    names = ("Area of crime", "Counted", "Year", "Before", "Now")
    return DisplayTable("Revised figures", [Heading(name) for name in names], rows)


def otherwise_sentence(found: list[Difference], titles: dict[str, str]) -> str:
    """Say what is defined otherwise, told by another indicator, or known no more."""
    told = [
        f"- **{titles[each.page]}**: {words(each)}"
        for kind in ("defined otherwise", "told first")
        for each in of_kind(found, kind)
    ]
    gone = Counter(
        (each.page, each.before.what)
        for each in of_kind(found, "known no more")
        if each.before.measure == "count"
    )
    told += [
        f"- **{titles[page]}**: {what}, {years} {'year' if years == 1 else 'years'} known no more."
        for (page, what), years in gone.items()
    ]
    return "\n".join([METHOD, *([""] if told else []), *told])


def of_kind(found: list[Difference], kind: Kind) -> list[Difference]:
    """Return the differences of one kind."""
    return [each for each in found if each.kind == kind]


def words(each: Difference) -> str:
    """Write one difference as a line."""
    before, now = each.before, each.now
    if each.kind == "turned round":
        return _turned(each)
    if each.kind == "came in":
        return f"{now.what}, {now.measure} of {now.period}: {_figure(now)} came in."
    if each.kind == "revised":
        return (
            f"{now.what}, {now.measure} of {now.period}: {_figure(before)} is now {_figure(now)}."
        )
    if each.kind == "known no more":
        return f"{before.what}, {before.measure} of {before.period}: known no more."
    if each.kind == "told first":
        return f"told first by {now.what}; before, by {before.what}."
    return f"counts {now.what} ({now.unit}); before, {before.what} ({before.unit})."


def _turned(each: Difference) -> str:
    return (
        f"{each.now.what} {_change(each.before)} in {each.before.period}, and "
        f"{_change(each.now)} in {each.now.period}."
    )


def _directions(count: int) -> str:
    return "One direction" if count == 1 else f"{count} directions"


def _change(finding: Finding | None) -> str:
    return change_words(finding) if finding else "cannot be compared"


def _figure(finding: Finding) -> str:
    return wording.number(finding.value, finding.unit)


TITLES: dict[Kind, str] = {
    "turned round": "Turned round",
    "came in": "What happened: new figures",
    "revised": "What was revised",
    "known no more": "Known no more",
    "defined otherwise": "What was done differently: definitions",
    "told first": "What was done differently: the indicator that stands for an area of crime",
}


def report(found: list[Difference], before: int, now: int) -> str:
    """Write all differences between two editions as text, those that turned round first."""
    lines = [f"From edition {before} to edition {now}."]
    for kind, title in TITLES.items():
        told = [f"  {each.page}: {words(each)}" for each in of_kind(found, kind)]
        lines += ["", f"{title}: {len(told) or 'none'}", *told]
    return "\n".join([*lines, "", ONE_EXTRACTION])
