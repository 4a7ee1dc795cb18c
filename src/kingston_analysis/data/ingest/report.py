"""What a person is told of an ingest: a screen of it, a report of all, and the wrong rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from kingston_analysis.data.ingest.faults import FileFault, wrong_lines
from kingston_analysis.data.ingest.texts import Sheet

# Lines of a screen that is not large, less what is said before and after.
MOST_TOLD = 16


def first_screen(faults: list[FileFault], report: str) -> str:
    """Write the first faults, one of each rule before a second of any, and where the rest is."""
    shown = first_of_each(faults)[:MOST_TOLD]
    count = "1 thing is" if len(faults) == 1 else f"{len(faults):,} things are"
    lines = [f"{count} wrong; nothing was taken, and the tables are as they were:"]
    lines += [fault.text() for fault in shown]
    if any(fault.of_rows for fault in faults):
        lines.append("`--without-wrong-rows` takes the sound rows and leaves the wrong ones out.")
    left = len(faults) - len(shown)
    more = f"{left:,} more, and " if left else ""
    return "\n".join([*lines, f"{more}all lines of each: {report}"])


def first_of_each(faults: list[FileFault]) -> list[FileFault]:
    """Order faults so that each rule is met once before any is met twice."""
    seen: dict[str, int] = {}
    ranked = []
    for fault in faults:
        seen[fault.rule] = seen.get(fault.rule, 0) + 1
        ranked.append((seen[fault.rule], fault))
    return [fault for _, fault in sorted(ranked, key=lambda each: each[0])]


def taken_for_text(taken_for: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    """Say what files were taken for, those of one table together."""
    for (source, table), files in taken_for.items():
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        yield f"{files[0]}{more}: taken for {source}, table {table}."


def report_text(
    taken_for: dict[tuple[str, str], list[str]], notes: Iterable[str], faults: list[FileFault]
) -> str:
    """Write everything that was found, with all lines of each fault."""
    files = [f"{table}: {name}" for (_, table), names in taken_for.items() for name in names]
    parts = ["Taken for", *files, "", "Wrong", *[each.text(1_000_000) for each in faults]]
    return "\n".join([*parts, "", "To know", *notes, ""])


def quarantine_csv(faults: list[FileFault], sheets: Iterable[Sheet]) -> str:
    """Write the wrong rows as they stood, each with its file, line and the rules that it breaks."""
    fields = {(sheet.name, row.line): row.fields for sheet in sheets for row in sheet.rows}
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(["file", "line", "rules", "fields"])
    for (file, line), rules in sorted(wrong_lines(faults).items()):
        writer.writerow([file, line, " ".join(rules), *fields.get((file, line), [])])
    return held.getvalue()
