"""The matrix: scores, how sure the ranking is, what was decided, and what changed."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.matrix import turns
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.driven import driven
from kingston_analysis.matrix.moved import moves
from kingston_analysis.results import Gap
from kingston_analysis.scored import Scored
from kingston_analysis.show import cell_views as cells
from kingston_analysis.show import decision_views as decided
from kingston_analysis.show import matrix_views as views
from kingston_analysis.show import sensitivity_views as sure
from kingston_analysis.show import turn_views as turned
from kingston_analysis.show.answers import Answer, unanswered


def matrix(page: Scored) -> Iterator[Answer]:
    """Show the matrix, what it puts first, and what stands behind each cell."""
    found, titles = page.matrix, page.topic_titles
    if isinstance(found, Gap):
        yield unanswered("Matrix", found)
        return
    ranks = page.ranks
    yield Answer(views.demonstration_note(found))
    table = views.matrix_table(found, ranks, titles)
    yield Answer(views.matrix_sentence(found, ranks, titles), (table,))
    register = page.decisions
    of_now = isinstance(register, Decisions) and register.edition == page.edition.edition
    emerged = register.emerged if of_now else ()
    alone = turns.by_figures_alone(found)
    yield Answer(views.compared_sentence(found, ranks, alone, emerged, titles))
    behind = (cells.computed_table, cells.judged_table, cells.unscored_table)
    tables = [table for each in behind if (table := each(found, titles)).rows]
    yield Answer(found.scheme.about, on_request=(cells.bands_table(found), *tables))
    period = page.edition.assessed
    for topic in found.cells:
        values = cells.cell_values(found, topic, ranks, period)
        yield Answer(values=tuple(values), tables=page.tables_behind(topic))


def how_sure(page: Scored) -> Iterator[Answer]:
    """Show how often each topic is among the first when scores and weights move."""
    found, titles, ranks = page.matrix, page.topic_titles, page.ranks
    if isinstance(found, Gap):
        yield unanswered("How sure", found)
        return
    result, period = page.sensitivity, page.edition.assessed
    tables = tuple(dict.fromkeys(t for topic in found.cells for t in page.tables_behind(topic)))
    figure = sure.sensitivity_figure(result, ranks, titles, tables, period)
    values = [v for topic in found.cells for v in sure.sensitivity_values(result, topic, period)]
    words = sure.sensitivity_sentence(result, found, titles)
    yield Answer(words, (figure,), tuple(values), tables)
    if not found.ranked:
        return
    yield Answer(sure.weighting_sentence(result, found, titles))
    now = turns.first_of(found, found.scores)
    moved_by = turned.turns_table(turns.smallest_turns(found), found, now, titles)
    without, other = turns.without_each(found), turns.with_other_measures(found)
    swapped = turned.swaps_table(without, other, titles)
    yield Answer(turned.swaps_sentence(without, other), on_request=(swapped, moved_by))
    pairs = turns.agreement(found)
    told = (turned.agreement_table(pairs, found),) if len(pairs) else ()
    yield Answer(turned.agreement_sentence(pairs, found), on_request=told)


def decisions(page: Scored) -> Iterator[Answer]:
    """Set the decisions beside the ranks, and show what became of what was not adopted."""
    found, register, titles = page.matrix, page.decisions, page.topic_titles
    if isinstance(register, Gap) or isinstance(found, Gap):
        yield unanswered("Decisions", register if isinstance(register, Gap) else found)
        return
    standing = register.standing(page.edition.edition)
    settled = {topic: driven(found, each) for topic, each in standing.items()}
    table = decided.decisions_table(standing, page.ranks, settled, titles)
    words = decided.decisions_sentence(standing, register.equal_priority, titles)
    yield Answer(words, (table,), on_request=(decided.register_table(standing, titles),))
    first = views.first_words(found)
    for topic, each in standing.items():
        if each.decision != "not adopted":
            continue
        yield Answer(decided.settled_sentence(each, settled[topic], titles, first))
        yield Answer(decided.double_use_sentence(each, found, titles))
        yield Answer(decided.since_sentence(page.scored_series(topic), titles[topic]))


def moved(page: Scored) -> Iterator[Answer]:
    """List every score that changed since the edition before, and why."""
    before = page.matrix_before
    if isinstance(before, Gap):
        yield unanswered("What changed", before)
        return
    listed = moves(before, page.matrix)
    table = (decided.moves_table(listed, before, page.topic_titles),) if listed else ()
    yield Answer(decided.moves_sentence(listed, before), on_request=table)
