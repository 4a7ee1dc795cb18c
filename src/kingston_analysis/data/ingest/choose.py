"""Which source and layout a file is of: the one whose columns and labels it has most of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.ingest.faults import FileFault
from kingston_analysis.data.ingest.headers import Header, find_header
from kingston_analysis.data.ingest.labels import labels_of, share_known
from kingston_analysis.data.ingest.sources import TIDY, Layout
from kingston_analysis.data.ingest.texts import Sheet
from kingston_analysis.data.tables.metadata import Metadata
from kingston_analysis.data.tables.periods import Kind

# So many rows tell what a file is.
LOOKED_AT = 2_000
# With fewer of a layout's columns than this a file is not taken for one of it.
FEWEST_COLUMNS = 0.5


@dataclass(frozen=True)
class Candidate:
    """A layout that a file may have, with the metadata of its table, if somebody wrote them."""

    source: str
    layout: Layout
    meta: Metadata | None

    @property
    def kind(self) -> Kind | None:
        """Return the kind of period that the table has, if it is known."""
        return self.meta.period.kind if self.meta and self.meta.period else None


@dataclass(frozen=True)
class LayoutMatch:
    """What a file was taken for, and where its header is."""

    candidate: Candidate
    header: Header
    columns: float
    labels: float

    @property
    def rank(self) -> tuple[float, ...]:
        """Return how well it fits: columns and labels first, a publisher's layout before ours."""
        return (round(self.columns, 6), round(self.labels, 6), self.candidate.source != TIDY)


def choose(
    sheet: Sheet, candidates: list[Candidate], areas: Areas, table: str | None
) -> LayoutMatch | FileFault:
    """Return what a file is best taken for, or a fault where that is nothing or several things.

    Of those that fit as well, a table that is asked for, or that the file is named after, is taken.
    """
    found = [each for c in candidates if (each := _match(sheet, c, areas))]
    asked = table or PurePosixPath(sheet.name).stem
    found.sort(key=lambda each: (*each.rank, each.candidate.layout.table == asked), reverse=True)
    if not found or found[0].columns < FEWEST_COLUMNS:
        sources = ", ".join(sorted({each.source for each in candidates}))
        what = "No row of it has the columns of a source that we know."
        remedy = f"Known: {sources}. docs/ingest.md shows how to add one."
        return FileFault("source-unknown", what, remedy, sheet.name)
    best = found[0]
    equal = sorted({each.candidate.layout.table for each in found if each.rank == best.rank})
    if len(equal) > 1 and best.candidate.layout.table != asked:
        what = f"It fits several tables: {', '.join(equal)}."
        return FileFault("source-unclear", what, "Name the right one with `--table`.", sheet.name)
    return best


def _match(sheet: Sheet, candidate: Candidate, areas: Areas) -> LayoutMatch | None:
    layout = candidate.layout
    header = find_header(sheet, layout, candidate.kind)
    if header is None:
        return None
    columns = len(header.columns) + (layout.across and bool(header.periods))
    wanted = len(layout.columns) + layout.across
    return LayoutMatch(
        candidate, header, columns / wanted, _labels(sheet, header, candidate, areas)
    )


def _labels(sheet: Sheet, header: Header, candidate: Candidate, areas: Areas) -> float:
    """Return which share of the labels is known, in the middle over the columns with labels."""
    rows = sheet.rows[header.row + 1 : header.row + 1 + LOOKED_AT]
    shares = []
    for column in candidate.meta.columns if candidate.meta else []:
        at = header.columns.get(column.name)
        labels = labels_of(column, candidate.layout, areas)
        if at is not None and labels:
            shares.append(share_known((r.fields[at] for r in rows if at < len(r.fields)), labels))
    return sum(shares) / len(shares) if shares else 0.0
