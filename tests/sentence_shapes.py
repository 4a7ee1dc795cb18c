"""Shapes of sentences: what the code writes, with names, periods and numbers taken out.

`python tests/sentence_shapes.py` lists those of the site in `_build`, for a person to read aloud.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from golden.readings import Seen

from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.metadata import table_names
from kingston_analysis.project import Project

MONTHS = "January February March April May June July August September October November December"
MONTH = "|".join(MONTHS.split())
ORDINAL = "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
ORDINAL += " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
CARDINAL = "two three four five six seven eight nine ten eleven twelve"
# In this order: what stands first takes what a later pattern would take in parts.
PATTERNS = (
    (rf"\b(\d{{1,2}} )?({MONTH})( \d{{4}})?\b", "{month}"),
    (r"\b\d{4}/\d{2}\b|\b(19|20)\d{2}\b", "{year}"),
    (r"[+−-]?\d[\d,]*(\.\d+)?(%|st\b|nd\b|rd\b|th\b)?", "{n}"),
    (rf"\b({'|'.join(ORDINAL.split())}|(twenty|thirty)(-\w+|ieth))\b", "{nth}"),
    (r"\b(rose|fell|rise|fall)\b", "{way}"),
    (rf"\b(?i:{'|'.join(CARDINAL.split())})\b", "{n}"),
    (r"(?:\{nth\} |\{n\} )?(?:lowest|highest)(?: or (?:lower|higher))?\b", "{rank}"),
    (r"(\{\w+\})(( to |, | and |, and |: )\1)+", r"\1 …"),
)
# Headings and single words are no sentences.
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“0-9])")
LONGEST_NAME, MOST_VALUES = 80, 400
COUNTED = frozenset({"counted", "unit"})
NAMING = frozenset({"name", "title", "publisher", "short", "label", "place"})


def shapes(pages: Iterable[Path], project: Path) -> dict[str, str]:
    """Return each shape of a sentence that no file of the project holds, with its first example."""
    written, names = _written(project), _names(project)
    found: dict[str, str] = {}
    for page in pages:
        for sentence in _sentences(page):
            before, colon, after = sentence.partition(": ")
            if _folded(sentence) in written:
                continue
            if colon and _folded(after) in written:
                sentence = f"{before}: {{text}}"
            found.setdefault(_shape(sentence, names), sentence)
    return found


def _sentences(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    article = text.partition("<article")[2].partition("</article>")[0]
    seen = Seen(f"<article{article}")
    cells = [cell for _, rows in seen.tables for row in rows for cell in row]
    for line in [*seen.lines, *cells]:
        yield from (each for each in SENTENCE.split(line) if each.endswith((".", "?", "!")))


def _shape(sentence: str, names: re.Pattern[str]) -> str:
    shape = names.sub("{name}", sentence)
    for pattern, instead in PATTERNS:
        shape = re.sub(pattern, instead, shape)
    return shape


def _folded(text: str) -> str:
    # Targets of links and names of roles are no words that a reader sees.
    text = re.sub(r"\]\([^)]*\)|\{[\w-]+\}(?=`)|<[^<>]*>", " ", text)
    return " ".join(re.sub(r"[^\w\s]", " ", text).lower().split())


def _written(project: Path) -> str:
    """Return the words of all that people wrote: data, prose of notebooks, pages of the book."""
    texts = [_words(yaml.safe_load(f.read_text("utf-8"))) for f in project.glob("data/**/*.yml")]
    texts += [f.read_text("utf-8") for f in project.glob("book/**/*.md")]
    for notebook in project.glob("notebooks/*.ipynb"):
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        texts += ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    return _folded("\n".join(texts))


def _names(project: Path) -> re.Pattern[str]:
    """Match what data call things: places, what is counted, offences, tables, publishers."""
    found: set[str] = set()
    counted: set[str] = set()
    for file in project.glob("data/**/*.yml"):
        data = yaml.safe_load(file.read_text("utf-8"))
        found |= set(_strings(data, NAMING))
        counted |= set(_strings(data, COUNTED))
    held = Project(project)
    for table in (load(held, name) for name in table_names(held)):
        periods = {table.meta.period.column} if table.meta.period else set()
        for column in table.meta.columns:
            if column.type == "string" and column.name not in periods:
                values = table.frame[column.name].dropna().unique()
                found |= {str(each) for each in values} if len(values) <= MOST_VALUES else set()
    # A word in small letters is a word, not a name: rate, year, above.
    named = {each for each in found if " " in each or not each.islower()} | counted
    named = {each for each in named if 3 < len(each) <= LONGEST_NAME and each[0].isalpha()}
    longest = sorted(named, key=lambda each: (-len(each), each))
    return re.compile(rf"\b({'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)


def _strings(data: Any, keys: frozenset[str] | None = None) -> Iterator[str]:
    """Give the texts of data; with keys, those that stand under one."""
    if isinstance(data, dict):
        for key, each in data.items():
            if keys and key == "columns":
                continue
            if isinstance(each, str):
                yield from [each] if keys is None or key in keys else []
            else:
                yield from _strings(each, keys)
    elif isinstance(data, list):
        for each in data:
            if isinstance(each, str):
                yield from [each] if keys is None else []
            else:
                yield from _strings(each, keys)


def _words(data: Any) -> str:
    return "\n".join(_strings(data))


LISTED = Path(__file__).with_suffix(".md")
HEADING = """# Sentences that the code writes

Each shape once, with the first example of it: `{name}` is a place, an offence, a table or the like,
`{n}` a number, `{rank}` a rank, `{way}` a rise or fall, `{text}` what a person wrote elsewhere.
All were read aloud. `python tests/sentence_shapes.py` lists those of the site in `_build` anew.
"""


def listing(found: dict[str, str]) -> str:
    """Write shapes and their examples in the order of the alphabet."""
    lines = [f"- {shape}\n  > {example}\n" for shape, example in sorted(found.items())]
    return f"{HEADING}\n{''.join(lines)}"


if __name__ == "__main__":
    root = Path(__file__).parent.parent
    site = sorted((root / "_build/site").rglob("*.html"))
    LISTED.write_text(listing(shapes(site, root)), encoding="utf-8", newline="\n")
