"""Differences: how this edition differs from the one before, and for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kingston_analysis.measures.differences import EditionDifference, of_kind
from kingston_analysis.results import Gap, finding
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.sentences import difference, extractions
from kingston_analysis.show.table import Column, table
from kingston_analysis.show.wording import agreeing, change_words, counted, number
from kingston_analysis.views.edition import EditionView

FIRST = Gap("This is the first edition: none stands before it.")
METHOD = (
    "Every edition is computed by the same code, so no method differs between them: each is what "
    "today's method says of the figures known at its time."
)


@analysis("What turned round")
def turned_round(view: EditionView) -> Iterator[Part]:
    """Say which changes went the other way in the edition before."""
    if view.before is None:
        yield FIRST
        return
    yield f"The edition before is that of {view.before.edition.edition}."
    turned = of_kind(view.differences, "turned round")
    if not turned:
        yield (
            "No direction reversed: of what is compared with the year before, nothing clearly fell "
            "in the last edition and clearly rises now, or the reverse."
        )
        return
    many = "One direction" if len(turned) == 1 else f"{len(turned)} directions"
    lines = [_line(view, each.page, difference(each)) for each in turned]
    yield "\n".join([f"{many} reversed.", "", *lines])


@analysis("What is judged otherwise")
def judged_otherwise(view: EditionView) -> Iterator[Part]:
    """Say which changes of the same size have another verdict than in the edition before."""
    if view.before is None:
        yield FIRST
        return
    found = of_kind(view.differences, "judged otherwise")
    yield Publication((finding("judged_otherwise", None, len(found), "changes"),), ())
    if not found:
        yield "Where a figure is the same as before, so is the verdict."
        return
    said, unsaid = ([each for each in found if each.in_headline == of] for of in (True, False))
    one = len(said) == 1
    verdicts = "One verdict" if one else f"{len(said)} verdicts"
    if said:
        yield _lines(
            view,
            said,
            f"{verdicts} of the edition before {'is' if one else 'are'} withdrawn: the figures are "
            "the same, but more is known of how far they vary by chance.",
        )
    one = len(unsaid) == 1
    changes = "One change" if one else f"{len(unsaid)} changes"
    if unsaid:
        yield _lines(
            view,
            unsaid,
            f"{changes} of earlier years {'has' if one else 'have'} another verdict among the "
            "findings, since more is known of how far the counts vary by chance. No headline of "
            "the edition before spoke of "
            f"{'it' if one else 'them'}.",
        )


@analysis("What happened")
def happened(view: EditionView) -> Iterator[Part]:
    """Show the figures that came in since the edition before: the newest of each indicator."""
    if view.before is None:
        yield FIRST
        return
    came = of_kind(view.differences, "came in")
    counts = [each for each in came if each.now and each.now.measure == "count"]
    if not counts:
        yield "No new figure came in."
        return
    topics = len({each.page for each in counts})
    many = counted(len(counts), "yearly counts")
    areas = counted(topics, "areas of crime")
    yield f"{many} came in, for {areas}. The table has the newest of each."
    changes = {(f.page, f.indicator): f for f in view.found if f.measure == "change"}

    def changed(row: EditionDifference) -> str:
        change = changes.get((row.page, row.indicator))
        return change_words(change) if change else "cannot be compared"

    titles = _titles(view)
    newest = {(each.page, each.indicator): each for each in counts}
    yield table(
        "New figures",
        newest.values(),
        Column("Area of crime", lambda row: titles[row.page]),
        Column("Counted", lambda row: row.now.what),
        Column("Year", lambda row: row.now.period),
        Column("New count", lambda row: row.now.value, "count"),
        Column("Change on the year before", changed),
    )


@analysis("What was revised")
def revised(view: EditionView) -> Iterator[Part]:
    """Show the figures of the same period that are others now."""
    if view.before is None:
        yield FIRST
        return
    found = of_kind(view.differences, "revised")
    many = f"{counted(len(found), 'figures')} {agreeing(len(found), 'was', 'were')} revised."
    yield f"{many if found else 'No figure was revised.'} {extractions(view.reextracted)}"
    titles = _titles(view)
    if found:
        yield table(
            "Revised figures",
            found,
            Column("Area of crime", lambda row: titles[row.page]),
            Column("Counted", lambda row: row.now.what),
            Column("Year", lambda row: row.now.period),
            Column("Before", lambda row: number(row.before.value, row.before.unit)),
            Column("Now", lambda row: number(row.now.value, row.now.unit)),
        )


@analysis("What was done differently")
def done_otherwise(view: EditionView) -> Iterator[Part]:
    """Say what is defined otherwise, given by another indicator, or known no more."""
    if view.before is None:
        yield FIRST
        return
    found = view.differences
    kinds = (*of_kind(found, "defined otherwise"), *of_kind(found, "primary indicator"))
    lines = [_line(view, each.page, difference(each)) for each in kinds]
    gone = Counter(
        (each.page, each.before.what)
        for each in of_kind(found, "known no more")
        if each.before and each.before.measure == "count"
    )
    for (page, what), years in gone.items():
        lines.append(_line(view, page, f"{what}, {counted(years, 'years')} known no more."))
    yield "\n".join([METHOD, "", *lines]) if lines else METHOD


def _lines(view: EditionView, found: list[EditionDifference], first: str) -> str:
    """List differences, as Markdown, after a sentence on them."""
    return "\n".join([first, "", *(_line(view, each.page, difference(each)) for each in found)])


def _line(view: EditionView, page: str, text: str) -> str:
    return f"- **{_titles(view)[page]}**: {text}"


def _titles(view: EditionView) -> dict[str, str]:
    """Return the titles of the pages of this edition and of the one before."""
    return {**view.topic_titles, **view.page_titles}
