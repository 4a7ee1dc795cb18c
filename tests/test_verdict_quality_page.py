"""How often verdicts are wrong, as a reader meets it: sentences, three tables, and findings."""

from __future__ import annotations

import pandas as pd
import pytest
from pages_fixture import answer_of
from tables_fixture import PROJECT, real_table

from kingston_analysis.analyses.verdict_quality import INTERVALS, STATEMENTS, STUDY, verdict_quality
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.load import Table
from kingston_analysis.show.answer import Answer
from kingston_analysis.study import real_past, results, verdicts


def answer(year: int, frame: pd.DataFrame | None = None) -> Answer:
    """Return what an edition says of the results of a study, by default the stored ones."""
    table = real_table(STUDY)
    study = table if frame is None else Table(STUDY, frame, table.meta)
    return answer_of(verdict_quality, load={STUDY: study}.get, edition=load_edition(PROJECT, year))


def test_the_study_names_its_statements_as_the_page_looks_for_them():
    assert list(STATEMENTS) == [
        *(verdicts.ANOTHER, verdicts.UNUSUAL, verdicts.SLOPE, verdicts.RUNNING),
        verdicts.ONE_STEP,
    ]
    intervals = real_table(STUDY).frame.query("measure == @results.HELD")["method"]
    assert set(intervals.str.split(", ").str[0]) == set(INTERVALS)
    found = {results.WRONG, results.HELD, results.SEEN, results.PASSING, results.SAID}
    assert found < set(real_table(STUDY).frame["measure"])
    assert any(
        method.startswith(real_past.NO_CHANGE) for method in real_table(STUDY).frame["method"]
    )


@pytest.mark.parametrize("year", [2008, 2011, 2016])
def test_an_edition_shows_no_real_year_that_was_not_over(year):
    edition = load_edition(PROJECT, year)
    found = answer(year)
    shown = [row[0] for row in found.tables[2].rows]
    assert edition.assessed in shown
    assert all(edition.is_visible(period, "financial_year") for period in shown)
    assert edition.mentions_only_known_years(found.words)
    assert set(found.frame["period"].dropna()) == set(shown)


def test_what_is_said_wrongly_is_shown_by_what_counts_do():
    wrong, seen, past = answer(2016).tables
    assert len(wrong.headings) == 1 + len(STATEMENTS)
    assert wrong.rows[0][0] == "Nothing happens"
    # A trend is there where there is one.
    [trending] = [row for row in wrong.rows if row[0] == "Trend −10% a year"]
    assert trending[1] == trending[3] == "[z]"
    assert [each.title for each in seen.headings[2:]] == [
        f"{mean} a month" for mean in verdicts.MEANS
    ]
    assert {row[2] for row in past.rows} == {288, 352}


def row(measure: str, method: str, **other: object) -> dict[str, object]:
    return {
        "measure": measure,
        "method": method,
        "process": "nothing happens",
        "years": 5,
        "mean_a_month": 40,
        "dispersion": 2,
        "period": None,
        "nominal": 0.05,
        "series": 1000,
        **other,
    }


def rows(unusual: float) -> pd.DataFrame:
    """Make the results of a study: one of each measure, and two of a real year."""
    learned = "noise from months"
    share = {"result": unusual, "low": unusual - 0.01, "high": unusual + 0.01}
    half = {"result": 0.3, "low": 0.28, "high": 0.32}
    real = {"period": "2007/08", "mean_a_month": None, "dispersion": None, "process": "real"}
    return pd.DataFrame(
        [
            row(results.WRONG, f"unusual, {learned}", **share),
            row(results.PASSING, f"the level is another, {learned}", **half),
            row(results.SEEN, f"unusual, {learned}", **half),
            row(
                results.SAID,
                f"the level is another, {learned}",
                **{**real, **half, "nominal": 0.005},
            ),
            row(results.SAID, f"unusual, {learned}", **real, **share),
            row(
                results.SAID,
                f"{real_past.NO_CHANGE}, {learned}",
                **{**real, **half, "result": 0.24, "nominal": 0.5},
            ),
        ]
    )


def test_what_is_wrong_too_often_is_said_in_plain_words():
    beyond = answer(2010, rows(unusual=0.09)).words
    assert (
        "“An unusual change” is wrongly said too often for counts of this kind: “nothing happens” "
        "(varying 2 times as much as pure chance). There it is false in up to 9.0% of areas when "
        "how far counts vary by chance is learned from months alone." in beyond
    )
    within = answer(2010, rows(unusual=0.05)).words
    assert "No statement is wrong more often than is allowed" in within


def test_the_years_with_fewest_and_most_unusual_changes_are_told_and_of_one_year_its_share():
    one = rows(unusual=0.05)
    assert "5.0% of all figures were unusual in 2007/08." in answer(2010, one).words
    real = one[one["measure"] == results.SAID]
    earlier = real.assign(period="2006/07", result=0.01)
    # (0.01 * 1000 + 0.05 * 1000) / 2000
    assert (
        "Boroughs move together, so unusual changes cluster in certain years: from 1.0% of all "
        "figures in 2006/07 to 5.0% in 2007/08, and 3.0% over all years."
    ) in answer(2010, pd.concat([one, earlier])).words


def test_the_share_of_false_verdicts_is_that_of_the_unchanged_over_those_called():
    found = answer(2010, rows(unusual=0.05))
    # Of the unchanged, 24% / 50% of all, 0.5% are called: 0.24% of all, beside the 30% called.
    values = {each.name: each.value for each in found.findings}
    assert values["real-past.false"] == pytest.approx(0.48 * 0.005 / 0.30)
    assert "About 0.8% of those statements are false." in found.words


def test_where_no_figure_was_called_different_no_share_of_them_is_false():
    none = rows(unusual=0.05)
    called = none["measure"].eq(results.SAID) & none["method"].str.startswith("the level")
    none.loc[called, "result"] = 0.0
    found = answer(2010, none)
    assert "none of the boroughs' yearly figures would have been called" in found.words
    [false] = [each for each in found.findings if each.name == "real-past.false"]
    assert false.value is None


def test_a_year_that_is_judged_by_months_and_by_years_counts_once():
    by_months = rows(unusual=0.05)
    real = by_months[by_months["measure"] == results.SAID]
    by_years = real.assign(
        method=real["method"].str.replace("from months", "from years"), result=0.9
    )
    found = answer(2010, pd.concat([by_months, by_years]))
    assert "5.0% of all figures were unusual in 2007/08." in found.words
    assert [row[:2] for row in found.tables[2].rows] == [["2007/08", "from months"]]
