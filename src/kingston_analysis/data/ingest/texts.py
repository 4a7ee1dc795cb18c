"""A file's bytes as rows of text: its encoding, its delimiter, and how many fields each row has."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kingston_analysis.data.ingest.faults import FileFault, shortened
from kingston_analysis.data.ingest.inputs import Input

# A title, a name or a note is shorter; a quotation mark that nobody closed makes it longer.
LONGEST_FIELD = 20_000
MOST_COLUMNS = 5_000
DELIMITERS = (",", ";", "\t", "|")
_SAVE = "Save it as “CSV UTF-8 (comma delimited)” and take that file."
# What a file is that is no text, by its first bytes, and what to do with it.
_KINDS = {
    b"PK\x03\x04": ("an .xlsx workbook", f"Open it in a spreadsheet, choose the sheet. {_SAVE}"),
    b"\xd0\xcf\x11\xe0": ("an old .xls workbook", f"Open it in a spreadsheet. {_SAVE}"),
    b"%PDF": ("a PDF", "Ask the publisher for the figures as CSV."),
    b"\x1f\x8b": ("packed by gzip", "Unpack it, and take the file that is in it."),
    b"<!DO": ("a web page", "Download the file itself, not the page that offers it."),
    b"<htm": ("a web page", "Download the file itself, not the page that offers it."),
}


@dataclass(frozen=True)
class TextRow:
    """The fields of a row with the line on which it stands."""

    line: int
    fields: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file as rows of text, without the blank ones."""

    name: str
    delimiter: str
    rows: list[TextRow]


def sheet_of(source_file: Input) -> tuple[Sheet | None, list[FileFault]]:
    """Read a file as rows of text; None with the reason where it is none."""
    text, fault = _text_of(source_file)
    if text is None:
        return None, [fault] if fault else []
    delimiter = _delimiter(text)
    rows: list[TextRow] = []
    faults = list(_read(source_file.name, text, delimiter, rows))
    if not rows and not faults:
        faults = [FileFault("empty", "The file is empty.", "Download it again.", source_file.name)]
    return (None if not rows else Sheet(source_file.name, delimiter, rows)), faults


def _text_of(source_file: Input) -> tuple[str | None, FileFault | None]:
    content = source_file.content
    for start, (kind, remedy) in _KINDS.items():
        if content.lstrip()[:4].lower() == start.lower():
            return None, FileFault("not-text", f"This is {kind}.", remedy, source_file.name)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        what = "This is text in UTF-16, as “Unicode Text” of a spreadsheet is."
        return None, FileFault("encoding", what, _SAVE, source_file.name)
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        what = "A zero byte stands here, so this is no text."
        return None, FileFault("not-text", what, "Download it again.", source_file.name, (line,))
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        before = content.rfind(b"\n", 0, error.start) + 1
        near = content[before : error.end + 20].decode("cp1252", "replace").strip()
        what = f"The file is not in UTF-8: this line has '{shortened(near[-40:])}'."
        return None, FileFault("encoding", what, _SAVE, source_file.name, (line,))


def _delimiter(text: str) -> str:
    """Return the delimiter of which the first lines have most, those in quotation marks apart."""
    head = re.sub(r'"[^"\n]*"', "", "\n".join(text[:100_000].splitlines()[:30]))
    counts = {each: head.count(each) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: counts[each])


def _read(name: str, text: str, delimiter: str, rows: list[TextRow]) -> Iterator[FileFault]:
    """Add the rows of a text to others; give what is wrong with its quotation marks and lengths."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(LONGEST_FIELD)
    line = 1
    try:
        for fields in reader:
            if reader.line_num > line:
                what = "A line break stands within a field."
                remedy = "Close the quotation mark, or take the break out."
                lines = (line,)
                yield FileFault("line-break", what, remedy, name, lines, of_rows=True)
            elif len(fields) > MOST_COLUMNS:
                what = (
                    f"The line has {len(fields):,} fields; more than {MOST_COLUMNS:,} are no table."
                )
                yield FileFault("too-wide", what, "Take the publisher's file.", name, (line,))
                return
            elif any(each.strip() for each in fields):
                rows.append(TextRow(line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        yield _csv_fault(name, line, str(error))
    finally:
        csv.field_size_limit(before)


def _csv_fault(name: str, line: int, reason: str) -> FileFault:
    if "field limit" in reason:
        what = f"A field has more than {LONGEST_FIELD:,} characters. A quotation mark may be open."
        return FileFault("field-too-long", what, "Close it, or shorten the field.", name, (line,))
    what = "A quotation mark stands where none can, or is never closed; nothing below was read."
    return FileFault("quotation", what, "Correct this line.", name, (line,))


def ragged_rows(name: str, width: int, header_line: int, rows: list[TextRow]) -> list[FileFault]:
    """Find the rows that have more or fewer fields than the header; all alike in one fault."""
    lines: dict[int, list[int]] = {}
    for row in rows:
        if len(row.fields) != width:
            lines.setdefault(len(row.fields), []).append(row.line)
    faults = []
    for count in Counter(lines):
        what = f"The line has {_fields(count)}, the header (line {header_line}) {width:,}."
        ends = "a comma too many or too few, often at the end or in front"
        remedy = f"Look for {ends}, and correct the line."
        faults.append(FileFault("fields", what, remedy, name, tuple(lines[count]), of_rows=True))
    return faults


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count:,} fields"
