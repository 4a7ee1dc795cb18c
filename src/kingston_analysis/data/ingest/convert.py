"""A frame of a publisher's texts as rows of ours: words, periods and numbers, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.ingest.faults import FileFault, shortened
from kingston_analysis.data.ingest.frames import FILE, LINE, FileFrame
from kingston_analysis.data.ingest.headers import folded
from kingston_analysis.data.ingest.labels import Labels, in_our_words, labels_of
from kingston_analysis.data.ingest.sources import Layout
from kingston_analysis.data.ingest.values import KINDS, is_span, read_number
from kingston_analysis.data.tables.metadata import ColumnMetadata, Metadata
from kingston_analysis.errors import nearest

# So many different wrong values of a column are told one by one.
TOLD = 25
NUMBERS = ("integer", "number")


def converted(reading: FileFrame, layout: Layout, meta: Metadata, areas: Areas) -> FileFrame:
    """Put a frame's texts into the words, periods and numbers of the table.

    Rows that the source leaves out are gone, with a note; every value that cannot be taken is a
    fault with its lines, and missing in the frame.
    """
    if reading.frame.empty:
        return reading
    raw, faults, notes = reading.frame, list(reading.faults), list(reading.notes)
    columns = [each for each in meta.columns if each.name in raw]
    words = [each for each in columns if each.type == "string"]
    made = raw[[FILE, LINE]].copy()
    for column in words:
        made[column.name] = in_our_words(raw[column.name], column, layout, meta, areas)
    kept = ~_left_out(raw, made, layout, notes)
    raw, made = raw[kept], made[kept].copy()
    for column in words:
        labels = labels_of(column, layout, areas)
        faults += _word_faults(raw, made[column.name].isna(), column, meta, labels)
        _note_other_spellings(raw[column.name], made[column.name], column, notes)
    for column in columns:
        if column.type in NUMBERS:
            numbers, wrong = _numbers(raw, column, layout, notes)
            made[column.name] = numbers
            faults += wrong
    for name in layout.ids if layout.counted else []:
        if name not in made:
            made[name] = raw[name]
    return FileFrame(made, faults, notes)


def _left_out(raw: pd.DataFrame, made: pd.DataFrame, layout: Layout, notes: list[str]) -> pd.Series:
    """Mark the rows that the source leaves out, and note how many and why."""
    out = pd.Series(False, index=raw.index)
    for each in layout.left_out:
        hit = pd.Series(True, index=raw.index)
        for name, values in each.where.items():
            theirs = raw[name].map({v: folded(v) for v in raw[name].unique()})
            hit &= made[name].isin(values) | theirs.isin([folded(value) for value in values])
        if hit.any():
            what = "; ".join(f"{name} {', '.join(v)}" for name, v in each.where.items())
            notes.append(f"{int(hit.sum()):,} figures left out ({what}): {each.because}")
        out |= hit
    return out


def _word_faults(
    raw: pd.DataFrame,
    missing: pd.Series,
    column: ColumnMetadata,
    meta: Metadata,
    labels: Labels | None,
) -> Iterator[FileFault]:
    texts = raw[column.name]
    blank = texts.str.strip() == ""
    wrong = missing & ~blank
    if not column.nullable:
        what = "Nothing stands where a value is required."
        remedy = "Get it from the publisher, or leave the rows out."
        yield from _by_file(raw[missing & blank], "blank", what, remedy, column)
    for number, (text, group) in enumerate(raw[wrong].groupby(column.name, sort=False)):
        if number == TOLD:
            what = "Further values are of the same kind; the report of wrong rows has them all."
            rest = raw[wrong & ~texts.isin(list(texts[wrong].unique()[:TOLD]))]
            yield from _by_file(rest, "unknown", what, "Look at the first ones.", column)
            return
        rule, what, remedy = _unknown(str(text), column, meta, labels)
        yield from _by_file(group, rule, what, remedy, column, str(text))


def _unknown(
    text: str, column: ColumnMetadata, meta: Metadata, labels: Labels | None
) -> tuple[str, str, str]:
    shown = shortened(text.strip())
    if meta.period and meta.period.column == column.name:
        kind = KINDS[meta.period.kind]
        if is_span(text, meta.period.kind):
            return "span", f"'{shown}' is more than one {kind}.", f"Take the file by {kind}."
        return "period", f"'{shown}' is no {kind}.", "Correct it, or get the file again."
    hint = nearest(text.strip(), labels.known) if labels else ""
    if column.areas:
        remedy = (
            f"{hint} Add a new spelling to `labels` of the source, a new place to data/areas.yml."
        )
        return "place-unknown", f"'{shown}' is no place that we know.", remedy
    remedy = f"{hint} Add a new name of an old one to `labels` of the source; "
    remedy += "a new, merged or divided one to `values` of the table, with its break."
    return "label-unknown", f"'{shown}' is none of the known values.", remedy


def _by_file(
    rows: pd.DataFrame, rule: str, what: str, remedy: str, column: ColumnMetadata, value: str = ""
) -> Iterator[FileFault]:
    """Give one fault a file, with all its lines."""
    for file, group in rows.groupby(FILE, sort=False):
        lines = tuple(sorted({int(line) for line in group[LINE]}))
        place = (str(file), lines, column.name, value)
        yield FileFault(rule, what, remedy, *place, of_rows=True)


def _note_other_spellings(
    texts: pd.Series, made: pd.Series, column: ColumnMetadata, notes: list[str]
) -> None:
    """Note each word of a publisher that was taken for another one of ours."""
    if column.values is None and not column.areas:
        return
    plain = texts.str.strip()
    pairs = pd.DataFrame({"theirs": plain, "ours": made})[made.notna() & (plain != made)]
    for theirs, group in pairs.groupby("theirs"):
        ours, count = group["ours"].iloc[0], len(group)
        notes.append(f"'{shortened(str(theirs))}' taken for '{ours}' ({count:,} figures).")


def _numbers(
    raw: pd.DataFrame, column: ColumnMetadata, layout: Layout, notes: list[str]
) -> tuple[pd.Series, list[FileFault]]:
    texts = raw[column.name]
    if pd.api.types.is_numeric_dtype(texts):
        numbers, texts = texts.astype("float64"), texts.map("{:g}".format)
        absent = numbers.isna()
    else:
        absent = texts.str.strip().isin(["", *layout.no_figure])
        decimal = layout.decimal or _decimal(texts[~absent], column, notes)
        values = {each: read_number(each, decimal) for each in texts.unique()}
        numbers = pd.to_numeric(texts.map(values), errors="coerce").astype("float64")
    faults = list(_number_faults(raw, texts, numbers, absent, column))
    return numbers, faults


def _decimal(texts: pd.Series, column: ColumnMetadata, notes: list[str]) -> str:
    """Tell by all numbers of a column whether its decimals stand after a point or a comma."""
    whole = column.type == "integer"

    def wrong(decimal: str) -> int:
        numbers = [read_number(each, decimal) for each in texts.unique()]
        return sum(each is None or (whole and each % 1 != 0) for each in numbers)

    if wrong(",") < wrong("."):
        notes.append(f"Column '{column.name}': decimals stand after a comma.")
        return ","
    return "."


def _number_faults(
    raw: pd.DataFrame,
    texts: pd.Series,
    numbers: pd.Series,
    absent: pd.Series,
    column: ColumnMetadata,
) -> Iterator[FileFault]:
    if not column.nullable:
        what = "There is no figure where one is required; nothing is never taken for nought."
        remedy = "Get it from the publisher, or leave the rows out."
        yield from _by_file(raw[absent], "no-figure", what, remedy, column)
    kind = "whole number" if column.type == "integer" else "number"
    fraction = numbers.notna() & (numbers % 1 != 0) & (column.type == "integer")
    wrong = {
        "number": ((numbers.isna() & ~absent) | fraction, f"is no {kind}"),
        "too-low": (numbers < (column.minimum or 0), f"is below {column.minimum or 0:g}"),
        "too-high": (numbers > (column.maximum or 0), f"is above {column.maximum or 0:g}"),
    }
    limits = {"too-low": column.minimum, "too-high": column.maximum}
    for rule, (mask, why) in wrong.items():
        if rule in limits and limits[rule] is None:
            continue
        shown = ", ".join(f"'{shortened(t)}'" for t in texts[mask].unique()[:5])
        what = f"{shown} {why}." if mask.any() else ""
        remedy = "Correct it, or get the file again."
        value = str(texts[mask].iloc[0]) if mask.any() else ""
        yield from _by_file(raw[mask], rule, what, remedy, column, value)
