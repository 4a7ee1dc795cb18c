"""Names of places, kinds and periods in a publisher's words, put into ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.ingest.headers import folded
from kingston_analysis.data.ingest.sources import Layout, SourceColumn
from kingston_analysis.data.ingest.values import period_of
from kingston_analysis.data.tables.metadata import ColumnMetadata, Metadata


@dataclass(frozen=True)
class Labels:
    """What a column may hold, and what each of a publisher's words for it is in ours."""

    known: tuple[str, ...]
    by_word: dict[str, str]

    def ours(self, word: str) -> str | None:
        """Return our word for a publisher's, case, blanks and marks apart; None for none."""
        word = word.strip()
        return word if word in self.known else self.by_word.get(folded(word))


def labels_of(column: ColumnMetadata, layout: Layout, areas: Areas) -> Labels | None:
    """Return the labels of a column; None where it may hold any text."""
    allowed = sorted(areas.all_names) if column.areas else column.values
    if allowed is None:
        return None
    known = tuple(str(each) for each in allowed)
    own = layout.columns.get(column.name, SourceColumn(headers=[])).labels
    by_word: dict[str, str] = {}
    for name in known:
        # Two of our names that differ only in marks are each taken as they stand.
        key = folded(name)
        by_word[key] = "" if key in by_word else name
    by_word = {key: name for key, name in by_word.items() if name}
    return Labels(known, by_word | {folded(word): name for word, name in own.items()})


def in_our_words(
    texts: pd.Series, column: ColumnMetadata, layout: Layout, meta: Metadata, areas: Areas
) -> pd.Series:
    """Put a column's texts into our words, each once; what is in none of them is missing."""
    labels = labels_of(column, layout, areas)
    is_period = meta.period is not None and meta.period.column == column.name

    def ours(text: str) -> str | None:
        if is_period and meta.period is not None:
            return period_of(text, meta.period.kind)
        return labels.ours(text) if labels else text.strip() or None

    return mapped(texts, {each: ours(each) for each in texts.unique()})


def mapped(texts: pd.Series, values: dict[str, str | None]) -> pd.Series:
    """Replace each text by its value, as text that may be missing."""
    return texts.map(values).astype("str")


def share_known(texts: Iterable[str], labels: Labels) -> float:
    """Return which share of different texts has a word of ours."""
    different = {each.strip() for each in texts} - {""}
    return sum(labels.ours(each) is not None for each in different) / max(1, len(different))
