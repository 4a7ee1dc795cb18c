"""The matrix: scores, how sure the ranking is, what was decided, and what changed."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.matrix import turns
from kingston_analysis.matrix.cells import Matrix, Reading
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.driven import driven
from kingston_analysis.matrix.moved import moves
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap
from kingston_analysis.show import cell_views as cells
from kingston_analysis.show import decision_views as decided
from kingston_analysis.show import matrix_views as shown
from kingston_analysis.show import sensitivity_views as sure
from kingston_analysis.show import turn_views as turned
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.views.edition import EditionView


@analysis("Matrix")
def matrix(view: EditionView) -> Iterator[Part]:
    """Show the matrix, what it puts first, and what stands behind each cell."""
    found, titles, ranks = view.matrix, view.topic_titles, view.ranks
    if isinstance(found, Gap):
        yield found
        return
    yield found.scores
    yield shown.demonstration_note(found)
    yield shown.matrix_sentence(found, ranks, titles)
    yield shown.matrix_table(found, ranks, titles)
    register = view.decisions
    of_now = isinstance(register, Decisions) and register.edition == view.edition.edition
    emerged = register.emerged if of_now else ()
    yield shown.compared_sentence(found, ranks, turns.by_figures_alone(found), emerged, titles)
    yield found.scheme.about
    yield OnRequest(cells.bands_table(found))
    for table in (cells.computed_table, cells.judged_table, cells.unscored_table):
        if (behind := table(found, titles)).rows:
            yield OnRequest(behind)
    for topic in found.cells:
        values = cells.cell_values(found, topic, ranks, view.edition.assessed)
        yield Publication(tuple(values), _tables_behind(found, topic))


@analysis("How sure")
def how_sure(view: EditionView) -> Iterator[Part]:
    """Show how often each topic is among the first when scores and weights move."""
    found, titles, ranks = view.matrix, view.topic_titles, view.ranks
    if isinstance(found, Gap):
        yield found
        return
    result, period = view.sensitivity, view.edition.assessed
    tables = tuple(dict.fromkeys(t for topic in found.cells for t in _tables_behind(found, topic)))
    yield result.topics
    yield sure.sensitivity_sentence(result, found, titles)
    yield sure.sensitivity_figure(result, ranks, titles, tables, period)
    values = [v for topic in found.cells for v in sure.sensitivity_values(result, topic, period)]
    yield Publication(tuple(values), tables)
    if not found.ranked:
        return
    yield sure.weighting_sentence(result, found, titles)
    now = turns.first_of(found, found.scores)
    without, other = turns.without_each(found), turns.with_other_measures(found)
    yield turned.swaps_sentence(without, other)
    yield OnRequest(turned.swaps_table(without, other, titles))
    yield OnRequest(turned.turns_table(turns.smallest_turns(found), found, now, titles))
    pairs = turns.agreement(found)
    yield turned.agreement_sentence(pairs, found)
    if len(pairs):
        yield OnRequest(turned.agreement_table(pairs, found))


@analysis("Decisions")
def decisions(view: EditionView) -> Iterator[Part]:
    """Set the decisions beside the ranks, and show what became of what was not adopted."""
    found, register, titles = view.matrix, view.decisions, view.topic_titles
    if isinstance(register, Gap) or isinstance(found, Gap):
        yield register if isinstance(register, Gap) else found
        return
    standing = register.standing(view.edition.edition)
    settled = {topic: driven(found, each) for topic, each in standing.items()}
    yield decided.decisions_sentence(standing, register.equal_priority, titles)
    yield decided.decisions_table(standing, view.ranks, settled, titles)
    yield OnRequest(decided.register_table(standing, titles))
    first = shown.first_words(found)
    for topic, each in standing.items():
        if each.decision == "not adopted":
            yield decided.settled_sentence(each, settled[topic], titles, first)
            yield decided.double_use_sentence(each, found, titles)
            yield decided.since_sentence(_scored_series(view, topic), titles[topic])


@analysis("What changed")
def score_changes(view: EditionView) -> Iterator[Part]:
    """List every score that changed since the edition before, and why."""
    found, before = view.matrix, _matrix_before(view)
    if isinstance(found, Gap) or isinstance(before, Gap):
        yield found if isinstance(found, Gap) else before
        return
    listed = moves(before, found)
    yield decided.moves_sentence(listed, before)
    if listed:
        yield OnRequest(decided.moves_table(listed, before, view.topic_titles))


def _matrix_before(view: EditionView) -> Matrix | Gap:
    """Return the matrix of the edition before, made as it was made then."""
    if view.before is None:
        return Gap("This is the first edition: none stands before it.")
    none = Gap("The edition before names no scheme by which areas are scored.")
    return none if isinstance(view.before.matrix, Gap) else view.before.matrix


def _tables_behind(found: Matrix, topic: str) -> tuple[str, ...]:
    """Return the tables behind a topic's computed scores, by name."""
    readings = (cell.reading for cell in found.cells[topic].values())
    tables = (each.tables for each in readings if isinstance(each, Reading))
    return tuple(dict.fromkeys(name for each in tables for name in each))


def _scored_series(view: EditionView, topic: str) -> Series | Gap:
    """Return the series by which a topic is scored."""
    found, gap = view.newest(topic)
    return gap or found.lead
