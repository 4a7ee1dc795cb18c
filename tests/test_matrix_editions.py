"""The matrix of each edition: what is scored by figures, what by people, and what not at all."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pytest
from tables_fixture import KINGSTON, PROJECT, real_table

from kingston_analysis.analyses.matrix.score_changes import score_changes
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.matrix.decision_basis import decision_basis
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.judgements import load_judgements
from kingston_analysis.matrix.scheme import load_scheme
from kingston_analysis.matrix.score_changes import find_score_changes
from kingston_analysis.matrix.scoring import ranking
from kingston_analysis.notebook import NotebookPage
from kingston_analysis.results import Gap
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.scope import Scope

EDITIONS = [2008, 2009, 2010, 2011, 2016]
HEADINGS = [
    "volume",
    "performance",
    "trends",
    "seriousness",
    "community-priority",
    "police-control-strategy",
    "generator",
    "pestelo",
]
# What no figure can tell.
VIEWS = HEADINGS[5:]
THEFT, VIOLENCE = "theft-from-the-person", "violence-against-the-person"


@cache
def view(year: int, area: str = KINGSTON) -> EditionView:
    """Return the view of an edition, once: a matrix takes a second."""
    return EditionView(Scope(PROJECT, load_edition(PROJECT, year), area))


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request) -> EditionView:
    return view(request.param)


@pytest.fixture(scope="module", params=[2008, 2010, 2016])
def sutton(request) -> EditionView:
    return view(request.param, "Sutton")


def test_every_edition_has_a_matrix():
    assert edition_years(PROJECT) == EDITIONS
    assert all(load_edition(PROJECT, year).scheme for year in EDITIONS)


def test_every_topic_of_the_edition_stands_under_all_eight_headings(edition):
    matrix = edition.matrix
    assert list(matrix.cells) == list(edition.edition.topics)
    assert all(list(row) == HEADINGS for row in matrix.cells.values())
    assert (matrix.area, matrix.edition) == (KINGSTON, edition.edition.edition)


def test_every_score_lies_on_the_scale_and_what_is_not_scored_says_why(edition):
    for row in edition.matrix.cells.values():
        for heading, cell in row.items():
            if cell.basis == "not scored":
                assert math.isnan(cell.score)
                assert isinstance(cell.value, Gap) or heading in VIEWS
            else:
                assert 1 <= cell.score <= 5
            if cell.basis == "computed":
                assert cell.score == int(cell.score)
                assert cell.value.estimate.allows(cell.value.estimate.value)
                assert cell.value.tables


def test_no_figure_is_of_a_year_that_the_edition_could_not_know(edition):
    for row in edition.matrix.cells.values():
        for heading, cell in row.items():
            if heading in HEADINGS[:4] and cell.basis == "computed":
                kind = real_table(cell.value.tables[0]).meta.period.kind
                kind = "financial_year" if kind == "month" else kind
                assert edition.edition.is_visible(cell.value.period, kind)


def test_headings_of_people_are_never_computed(edition):
    bases = {row[name].basis for row in edition.matrix.cells.values() for name in VIEWS}
    assert bases <= {"judged", "not scored"}


def test_every_judgement_of_every_edition_is_marked_as_a_demonstration_and_says_who_and_why(
    edition,
):
    given = [c.judged for row in edition.matrix.cells.values() for c in row.values() if c.judged]
    assert len(given) > 50
    assert {each.kind for each in given} == {"demonstration"}
    assert all(each.by and each.why for each in given)


def test_every_judgement_in_the_file_reaches_the_matrix(edition):
    cells = edition.matrix.cells
    for topic, row in load_judgements(PROJECT, edition.edition.edition).items():
        for heading, each in row.items():
            assert cells[topic][heading].judged == each


def test_no_judgement_is_dated_after_the_extraction(edition):
    given = [c.judged for row in edition.matrix.cells.values() for c in row.values() if c.judged]
    assert max(each.date for each in given) <= edition.edition.extraction


RANKED = {
    2008: {"violence-against-the-person", "robbery", "burglary", "criminal-damage", "fraud"},
    2009: {"violence-against-the-person", "robbery", "burglary", "criminal-damage", "fraud"},
}
TEN = RANKED[2008] | {
    *("theft-from-the-person", "vehicle-crime", "pedal-cycle-theft", "shop-theft", "other-theft")
}


def test_ranked_are_the_areas_with_figures_under_three_of_the_four_computed_headings(edition):
    matrix = edition.matrix
    assert [each.id for each in matrix.scheme.computed] == HEADINGS[:4]
    assert matrix.scheme.fewest_computed == 3
    counted = {
        topic: sum(row[name].basis == "computed" for name in HEADINGS[:4])
        for topic, row in matrix.cells.items()
    }
    assert set(matrix.ranked) == {topic for topic, count in counted.items() if count >= 3}
    assert set(matrix.ranked) == RANKED.get(matrix.edition, TEN)


def test_the_ranks_are_those_of_the_ranked_topics_and_no_more_than_seven_are_first(edition):
    ranks = edition.ranks["rank"]
    assert set(ranks.dropna().index) == set(edition.matrix.ranked)
    assert (ranks <= edition.matrix.scheme.first).sum() == min(7, len(edition.matrix.ranked))
    assert ranks.dropna().is_monotonic_increasing


def test_no_figure_of_an_edition_could_be_taken_away_to_raise_the_rank_of_its_area(edition):
    matrix, ranks = edition.matrix, edition.ranks["rank"]
    for topic in matrix.ranked:
        for name, cell in matrix.cells[topic].items():
            if cell.basis != "computed":
                continue
            row = {
                **matrix.cells[topic],
                name: replace(cell, value=Gap("Taken away."), judged=None),
            }
            without = replace(matrix, cells={**matrix.cells, topic: row})
            scores, ties = without.scores, matrix.scheme.tie_breaks
            after = ranking(scores, matrix.weights, ties, without.ranked)["rank"][topic]
            assert math.isnan(after) or after >= ranks[topic], (topic, name)


def test_the_chances_add_up_to_the_places(edition):
    topics = edition.sensitivity.topics
    assert list(topics.index) == edition.matrix.ranked
    assert topics["chance"].sum() == pytest.approx(min(7, len(topics)))


def computed_of(year: int, topic: str) -> list[str]:
    return [n for n, cell in view(year).matrix.cells[topic].items() if cell.basis == "computed"]


@pytest.mark.parametrize("year", [2008, 2009])
def test_at_first_theft_from_the_person_has_no_figure_so_what_drove_it_cannot_be_computed(year):
    assert computed_of(year, THEFT) == []
    decided = view(year).decisions.standing(year)[THEFT]
    assert decision_basis(view(year).matrix, decided) == "cannot be computed"


@pytest.mark.parametrize("year", [2010, 2011])
def test_from_2010_on_theft_from_the_person_has_figures_but_they_alone_do_not_settle_it(year):
    assert {"volume", "performance", "seriousness"} <= set(computed_of(year, THEFT))
    decided = view(year).decisions.standing(year)[THEFT]
    # Areas that cannot be ranked could come before any other, and fewer than seven surely do.
    assert decision_basis(view(year).matrix, decided) == "open"
    assert view(year).matrix.tables_behind(THEFT)


def test_the_volume_of_violence_in_2010_is_its_share_of_all_recorded_crime():
    frame = real_table("recorded_crime_year").frame
    year = frame[(frame["area"] == KINGSTON) & (frame["financial_year"] == "2008/09")]
    cell = view(2010).matrix.cells[VIOLENCE]["volume"]
    counts = year.set_index("offence_group")["offences"]
    all_of_them = counts["All recorded offences"]
    assert counts["Violence Against the Person"] == 2191
    # Between the cuts at 10% and 20%: band 4 of 5.
    assert 0.10 * all_of_them <= 2191 < 0.20 * all_of_them
    assert cell.value.estimate.value == pytest.approx(2191 / all_of_them)
    assert cell.value.period == "2008/09"
    assert cell.score == 4


def test_the_edition_before_is_the_one_made_before_and_the_first_has_none():
    [gap] = score_changes(NotebookPage("matrix", {}, view(2008))).gaps
    assert gap.gap == Gap("This is the first edition: none stands before it.")
    assert view(2010).before.matrix.edition == 2009
    assert view(2010).before.matrix.scores.equals(view(2009).matrix.scores)
    assert view(2016).before.matrix.edition == 2011
    found = score_changes(NotebookPage("matrix", {}, view(2016)))
    assert " scores have changed since the 2011 edition: " in found.words
    assert list(found.frame.columns) == ["topic", "heading", "before", "after", "why"]


def test_the_first_figures_of_theft_from_the_person_are_new_evidence_in_2010():
    found = find_score_changes(view(2010).before.matrix, view(2010).matrix)
    mine = {each.after.heading.id: each for each in found if each.topic == THEFT}
    assert {"volume", "performance", "seriousness"} <= set(mine)
    for name in ("volume", "performance", "seriousness"):
        assert math.isnan(mine[name].before.score)
        assert mine[name].why == "the evidence moved"


def test_another_borough_is_scored_by_figures_and_never_by_the_judgements_of_kingston(sutton):
    cells = [cell for row in sutton.matrix.cells.values() for cell in row.values()]
    assert sutton.matrix.area == "Sutton"
    assert {cell.basis for cell in cells} == {"computed", "not scored"}
    assert all(cell.judged is None for cell in cells)
    assert sutton.matrix.share_judged() == 0
    assert sutton.matrix.cells[VIOLENCE]["volume"].basis == "computed"


def test_another_borough_has_other_figures_than_kingston():
    own, other = (
        view(2010, area).matrix.cells[VIOLENCE]["volume"] for area in (KINGSTON, "Sutton")
    )
    assert own.value.estimate != other.value.estimate


def test_decisions_are_held_for_the_borough_of_the_edition_alone(sutton):
    assert sutton.decisions == Gap("Decisions are held for Kingston upon Thames alone.")
    assert isinstance(view(2010).decisions, Decisions)


def test_an_edition_without_a_plan_has_its_matrix_and_no_decisions():
    assert view(2016).edition.scheme == "2008-11"
    assert view(2016).decisions == Gap("This edition has no plan, so nothing was decided in it.")


@pytest.mark.parametrize(
    "year",
    [
        2008,
        2010,
        2016,
    ],
)
def test_how_sure_the_ranking_of_another_borough_is_can_always_be_told(year):
    topics = view(year, "Sutton").sensitivity.topics
    assert topics["chance"].sum() == pytest.approx(min(7, len(topics)))


def test_weights_are_equal_and_published_with_bands_before_the_scores():
    scheme = load_scheme(PROJECT, "2008-11")
    assert set(scheme.weights.values()) == {1}
    assert list(scheme.weights) == HEADINGS
