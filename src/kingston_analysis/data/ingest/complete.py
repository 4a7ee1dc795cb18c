"""All files of one table together: what stands twice, what is missing, what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.ingest.faults import FileFault
from kingston_analysis.data.ingest.frames import FILE, LINE
from kingston_analysis.data.ingest.sources import Layout
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.metadata import Metadata, Span

_MONTH = r"(?:19|20)\d{2}-?(?:0[1-9]|1[0-2])"
_IN_NAME = re.compile(rf"(?<!\d)({_MONTH})(?:\s*(?:-|_|to)\s*({_MONTH}))?(?!\d)")
# So many names a sentence lists.
LISTED = 8


def repeated_rows(frame: pd.DataFrame, keys: list[str], value: str | None) -> Iterator[FileFault]:
    """Find rows with the same keys, in a file or in two: copies, and those that contradict."""
    known = frame[keys].notna().all(axis=1)
    again = frame[known & frame.duplicated(keys, keep=False)]
    if again.empty:
        return
    groups = again.groupby(keys, sort=False)
    same = groups[value].transform("nunique", dropna=False) == 1 if value else known[again.index]
    first = groups[LINE].transform("first")
    first_file = groups[FILE].transform("first")
    later = again.duplicated(keys)
    for is_copy, rule in ((True, "copy"), (False, "twice")):
        rows = again[later & (same == is_copy)].assign(_first=first, _in=first_file)
        yield from _repeated(rows, keys, rule)


def _repeated(rows: pd.DataFrame, keys: list[str], rule: str) -> Iterator[FileFault]:
    for (file, other), group in rows.groupby([FILE, "_in"], sort=False):
        lines = tuple(sorted({int(each) for each in group[LINE]}))
        row = group.iloc[0]
        named = ", ".join(str(row[key]) for key in keys)
        place = f"line {row['_first']}" + ("" if file == other else f" of {other}")
        what = f"The row {named} stands on {place} already"
        what += "." if rule == "copy" else ", with another figure."
        remedy = "Keep one of them; ask the publisher which, where they differ."
        yield FileFault(rule, what, remedy, str(file), lines, of_rows=True)


def ids_counted_twice(frame: pd.DataFrame, ids: Sequence[str]) -> Iterator[FileFault]:
    """Find what is counted twice by its ids; rows without any of them cannot be told apart."""
    with_id = frame[(frame[list(ids)] != "").all(axis=1)]
    again = with_id[with_id.duplicated(list(ids))]
    for file, group in again.groupby(FILE, sort=False):
        lines = tuple(sorted({int(each) for each in group[LINE]}))
        what = f"The id '{group.iloc[0][ids[0]]}' was counted already."
        remedy = "Leave the rows out, so that each is counted once."
        yield FileFault("id-twice", what, remedy, str(file), lines, ids[0], of_rows=True)


def counted_rows(frame: pd.DataFrame, meta: Metadata) -> pd.DataFrame:
    """Count the rows of each place, period and kind, as the table's value."""
    whole = frame.dropna(subset=[key for key in meta.keys if not _is_nullable(key, meta)])
    others = [c.name for c in meta.columns if c.name != meta.value_column]
    counts = whole.groupby(others, sort=True, dropna=False).size()
    return counts.rename(meta.value_column).reset_index()


def _is_nullable(name: str, meta: Metadata) -> bool:
    return any(column.nullable for column in meta.columns if column.name == name)


def denied_by_name(frame: pd.DataFrame, span: Span | None) -> Iterator[FileFault]:
    """Find files whose name speaks of other months than they hold."""
    if span is None or span.kind != "month":
        return
    for file, group in frame.groupby(FILE, sort=False):
        named = _IN_NAME.search(str(file).rsplit("/", 1)[-1])
        present = group[span.column].dropna()
        if not named or present.empty:
            continue
        first, last = (_dashed(each) for each in (named[1], named[2] or named[1]))
        found = (present.min(), present.max())
        if found != (first, last):
            what = f"The file's name says {_from_to(first, last)}; it holds {_from_to(*found)}."
            remedy = "Look whether it is the right file, and whole."
            yield FileFault("name-denies", what, remedy, str(file), can_be_accepted=True)


def _dashed(month: str) -> str:
    return month if "-" in month else f"{month[:4]}-{month[4:]}"


def _from_to(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def period_texts(column: pd.Series) -> pd.Series:
    """Return the known periods of a column as text; a year that is a number has no decimals."""
    known = column.dropna()
    numbers = pd.api.types.is_numeric_dtype(known)
    return (known.astype("int64") if numbers else known).astype("str")


def missing_periods(frame: pd.DataFrame, meta: Metadata) -> Iterator[FileFault]:
    """Find periods between the first and the last without a row that the metadata do not name."""
    span = meta.period
    present = set(period_texts(frame[span.column])) if span else set()
    if span is None or not present or span.kind == "year_ending":
        return
    at = sorted(periods.position(each, span.kind) for each in present)
    known = set(map(str, span.missing))
    every = [periods.at_position(number, span.kind) for number in range(at[0], at[-1] + 1)]
    absent = [each for each in every if each not in present and each not in known]
    if absent:
        what = f"There are no rows for {_listed(absent)}, between the first and the last."
        remedy = "Get the files; or name them under `period.missing` of the metadata."
        yield FileFault("period-missing", what, remedy, column=span.column)


def lost_periods(frame: pd.DataFrame, current: pd.DataFrame, meta: Metadata) -> Iterator[FileFault]:
    """Find periods that the table has and the new files have not, which would be lost."""
    if meta.period is None or frame.empty:
        return
    column = meta.period.column
    lost = sorted(set(period_texts(current[column])) - set(period_texts(frame[column])))
    if lost:
        what = f"The table held has {_listed(lost)}; the files have not, so they would be lost."
        remedy = "Give the files of those periods too."
        yield FileFault("period-lost", what, remedy, column=column, can_be_accepted=True)


def place_faults(
    frame: pd.DataFrame, current: pd.DataFrame | None, meta: Metadata, areas: Areas
) -> Iterator[FileFault]:
    """Find boroughs that are missing, and places that the table held has not."""
    for column in [each.name for each in meta.columns if each.areas]:
        found = set(frame[column].dropna())
        before = set(current[column].dropna()) if current is not None else set()
        boroughs = set(areas.borough_names)
        # A new table has all boroughs, unless its metadata say that it lies in one of them.
        wanted = before & boroughs if current is not None or meta.covers else boroughs
        if missing := sorted(wanted - found):
            what = f"There is no row of {_listed(missing)}."
            remedy = "Get the whole file from the publisher."
            yield FileFault("place-missing", what, remedy, column=column, can_be_accepted=True)
        if before and (extra := sorted(found - before)):
            what = f"{_listed(extra)} stands in the files and not in the table held."
            remedy = "Leave it out in the source, with the reason."
            yield FileFault("place-new", what, remedy, column=column, can_be_accepted=True)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def notes_on(frame: pd.DataFrame, layout: Layout, meta: Metadata, areas: Areas) -> Iterator[str]:
    """Say what is not wrong, but a person should know: rows without a place, years in part."""
    value = meta.value if meta.value in frame else None
    none = {each.name for each in areas.other_places if each.kind == "not a place"}
    for column in [
        each for each in meta.columns if each.areas or (each.nullable and layout.counted)
    ]:
        without = frame[column.name].isna() | frame[column.name].isin(none)
        amounts = frame[value] if value else pd.Series(1.0, index=frame.index)
        lost, total = amounts[without].sum(), amounts.sum()
        if lost:
            share = f"{lost / total:.2%}" if total else "all"
            yield f"Without a place ({column.name}): {lost:,.0f} of {total:,.0f} ({share})."
    if meta.period and meta.period.kind == "month":
        months = sorted(set(frame[meta.period.column].dropna()))
        years = pd.Series([periods.financial_year_of(each) for each in months]).value_counts()
        for year, count in years.sort_index().items():
            if count < 12:
                yield f"{year} has {count} of its 12 months: never take it for a year."
