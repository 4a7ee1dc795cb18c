"""What changed since the edition before, as a reader meets it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kingston_analysis.analyses.differences import (
    done_otherwise,
    happened,
    judged_otherwise,
    revised,
    turned_round,
)
from kingston_analysis.measures.differences import differences
from kingston_analysis.results import Finding, Findings

TITLES = {"robbery": "Robbery", "burglary": "Burglary"}


def page(before: list[Finding], now: list[Finding]) -> SimpleNamespace:
    """Open a page of an edition that found something, as the one before had found something."""
    found = Findings(before), Findings(now)
    view = SimpleNamespace(
        before=SimpleNamespace(edition=SimpleNamespace(edition=2007)),
        differences=differences(*found),
        found=found[1],
        topic_titles=TITLES,
        reextracted=[],
        page_titles={},
    )
    return SimpleNamespace(view=view)


def count(period: str, value: float, **more: object) -> Finding:
    about = {"measure": "count", "unit": "offences", "page": "robbery", "indicator": "offences"}
    return Finding(**{**about, "what": "robberies", **more}, period=period, value=value)


def change(period: str, value: float, verdict: str, **more: object) -> Finding:
    of = {"measure": "change", "verdict": verdict, "interval": (value - 5, value + 5)}
    return count(period, value, **of, **more)


def test_what_turned_round_is_said_with_both_changes():
    before, now = change("2005/06", -20, "fell"), change("2006/07", 30, "rose")
    text = turned_round(page([before], [before, now])).words
    assert "The edition before is that of 2007." in text
    assert "One direction reversed." in text
    assert "- **Robbery**: robberies fell by 20.0% (95% interval −25.0% to −15.0%) in 2005" in text
    assert "and rose by 30.0% (95% interval +25.0% to +35.0%) in 2006/07." in text
    told = turned_round(page([before], [before])).words
    assert "No direction reversed: of what is compared" in told


def test_only_what_a_headline_said_is_withdrawn():
    """Edition 2007 spoke of 2005/06, and had a change of 2004/05 among its findings alone."""
    headline = count("2005/06", 0, measure="headline", unit="text")
    then = [change(year, 30, "rose") for year in ("2004/05", "2005/06")]
    now = [change(year, 30, "no clear change") for year in ("2004/05", "2005/06")]
    first, second = judged_otherwise(page([*then, headline], now)).words.split("\n\nOne change")
    assert first.startswith("One verdict of the edition before is withdrawn: the figures are")
    assert "in 2005/06: now showed no clear change" in first
    assert "2004/05" not in first
    assert second.startswith(" of earlier years has another verdict among the findings, since")
    assert "No headline of the edition before spoke of it." in second
    assert "in 2004/05: now showed no clear change" in second
    none = judged_otherwise(page([*then, headline], then)).words
    assert none == "Where a figure is the same as before, so is the verdict."


def test_a_verdict_that_is_withdrawn_is_said_with_both_changes_and_counted():
    now = [change(year, -8, "fell") for year in ("2005/06", "2006/07")]
    then = [replace(each, verdict="no clear change", interval=(-17, 1)) for each in now]
    headlines = [count(each.period, 0, measure="headline", unit="text") for each in now]
    answer = judged_otherwise(page([*then, *headlines], [now[0], then[1]]))
    heading, line = answer.words.split("\n\n")
    assert heading.startswith("One verdict of the edition before is withdrawn: the figures are")
    assert line == (
        "- **Robbery**: robberies in 2005/06: now fell by 8.0% (95% interval −13.0% to −3.0%); "
        "before, showed no clear change (95% interval −17.0% to +1.0%)."
    )
    two = judged_otherwise(page([*then, *headlines], now))
    assert two.words.startswith("2 verdicts of the edition before are withdrawn: ")
    assert [each.value for each in (*answer.findings, *two.findings)] == [1, 2]


def test_where_no_verdict_is_withdrawn_it_is_said_and_counted_as_none():
    same = [change("2005/06", -8, "fell")]
    answer = judged_otherwise(page(same, same))
    assert answer.words == "Where a figure is the same as before, so is the verdict."
    assert [each.value for each in answer.findings] == [0]


def test_of_what_came_in_the_newest_count_is_shown_with_its_change():
    then = [count("2005/06", 100)]
    new = [count("2006/07", 90), count("2007/08", 70), change("2007/08", -22, "fell")]
    answer = happened(page(then, [*then, *new, count("2007/08", 5, page="burglary")]))
    assert answer.words.startswith("3 yearly counts came in, for 2 areas of crime. The table has")
    [table] = answer.tables
    robbery, burglary = table.rows
    assert robbery[:4] == ["Robbery", "robberies", "2007/08", 70]
    assert robbery[4].startswith("fell by 22.0%")
    assert burglary == ["Burglary", "robberies", "2007/08", 5, "cannot be compared"]


def test_where_nothing_came_in_there_is_no_table():
    answer = happened(page([count("2005/06", 100)], [count("2005/06", 100)]))
    assert answer.words == "No new figure came in."
    assert answer.tables == []


def test_a_revised_figure_is_shown_before_and_now():
    then, now = ([count("2004/05", 7), count("2005/06", n)] for n in (1_000, 1_004))
    now[0] = count("2004/05", 8)
    answer = revised(page(then, now))
    assert answer.words.startswith("2 figures were revised. Only one copy of each table is held")
    assert answer.tables[0].rows[1] == ["Robbery", "robberies", "2005/06", "1,000", "1,004"]
    none = revised(page([], []))
    assert none.words.startswith("No figure was revised.")
    assert none.tables == []


def test_what_is_defined_otherwise_is_said_with_both_definitions():
    now = count("2005/06", 100, what="robberies of people")
    text = done_otherwise(page([count("2005/06", 100)], [now])).words
    assert text.endswith(
        "- **Robbery**: counts robberies of people (offences); before, robberies (offences)."
    )


def test_a_topic_that_is_assessed_no_more_stands_in_one_line():
    before = [count("2004/05", 80), count("2005/06", 100)]
    text = done_otherwise(page(before, [])).words
    assert text.endswith("- **Robbery**: robberies, 2 years known no more.")
    assert text.count("**Robbery**") == 1


def test_where_nothing_was_done_otherwise_the_method_alone_is_said():
    found = [count("2005/06", 100)]
    assert done_otherwise(page(found, found)).words.startswith("Every edition is computed by")


@pytest.mark.parametrize(
    "question", [turned_round, judged_otherwise, happened, revised, done_otherwise]
)
def test_the_first_edition_has_none_before_it(question):
    first = SimpleNamespace(view=SimpleNamespace(before=None))
    [gap] = question(first).gaps
    assert "first edition" in gap.gap.why
