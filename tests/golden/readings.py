"""What a page or file holds, at three levels: values, the text a reader sees, hashes of bytes."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

# Every change of code makes these anew, and no reader reads them. Hashes of data tables go too:
# where other data matter, values or texts say so.
MACHINE_MADE = ((r"sha256:[0-9a-f]{64}", "sha256:…"), (r"source tree [0-9a-f]+", "source tree …"))

CHART, FINDINGS = "application/vnd.vegalite.", "application/vnd.kingston.findings"
# Heading and note of a chart once more, for viewers that show charts alone.
CAPTION = "application/vnd.kingston.caption"
SILENT = {"script", "style", "template"}
INLINE = {"a", "abbr", "b", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "samp", "small"}
INLINE |= {"span", "strong", "sub", "sup", "time", "u", "var"}
# What screen readers, tooltips and narrow screens show.
SPOKEN = ("alt", "aria-label", "title", "placeholder", "data-label")


@dataclass
class Reading:
    """Values by name (level 1), lines of text by kind (level 2), hashes by name (level 3)."""

    values: dict[str, Any] = field(default_factory=dict)
    text: dict[str, list[str]] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    edition: int | None = None
    area: str | None = None


def read_page(notebook: Path) -> Reading:
    """Read an executed notebook and the record beside it."""
    reading = Reading(raw={"notebook": sha256(notebook.read_bytes())})
    findings: list[dict[str, Any]] = []
    if (file := notebook.with_suffix(".json")).exists():
        record = load(file)
        findings = record.get("findings", [])
        parameters = record.get("inputs", {}).get("parameters", {})
        reading.edition, reading.area = parameters.get("edition"), parameters.get("area")
        reading.raw["record"] = sha256(file.read_bytes())
    lines: list[str] = []
    figures: list[tuple[str, Any]] = []
    tables: list[tuple[str, Any]] = []
    for cell in load(notebook)["cells"]:
        if cell["cell_type"] != "code":
            lines += lines_of(cell["source"])
        for output in cell.get("outputs", []):
            data = output.get("data", {"text/plain": output.get("text", output.get("evalue"))})
            if any(mime.startswith(CAPTION) for mime in data):
                continue
            chart = next((data[mime] for mime in data if mime.startswith(CHART)), None)
            if chart is not None:
                figures.append((chart.get("usermeta", {}).get("figure", "chart"), chart))
                lines += _lines_about(chart)
            elif "text/html" in data:
                seen = Seen(_joined(data["text/html"]))
                lines += seen.lines
                tables += seen.tables
            elif not any(mime.startswith(FINDINGS) for mime in data):
                lines += lines_of(data.get("text/markdown", data.get("text/plain")))
    for name, chart in named(figures).items():
        about = chart.pop("usermeta", {})
        reading.values[f"figure {name}"] = {key: about.get(key) for key in ("table", "evidence")}
        reading.raw[f"chart {name}"] = sha256(json.dumps(chart, sort_keys=True).encode())
    reading.values |= {"findings": by_name(findings), "tables": named(tables)}
    reading.text["text"] = lines
    return reading


def read_file(file: Path) -> Reading:
    """Read a file of a site; of a kind that has no values and no text, only its hash."""
    content = file.read_bytes()
    reading = Reading(raw={"file": sha256(content)})
    if file.suffix == ".html":
        text = steady(content)
        drawings, rest = _without_drawings(text)
        seen = Seen(rest)
        reading.raw["markup"] = sha256(text.encode())
        reading.values = {"tables": named(seen.tables), "data": seen.data}
        reading.text = {"text": seen.lines, "texts of charts": drawings}
    elif file.suffix == ".svg":
        reading.text = {"texts of charts": _without_drawings(steady(content))[0]}
    elif file.suffix == ".csv":
        reading.values = {"rows": list(csv.reader(io.StringIO(steady(content))))}
    elif file.suffix == ".json":
        data = load(file)
        # A page's record: its findings are read with the page, the rest is the machine's.
        if not (isinstance(data, dict) and {"inputs", "notebook"} <= data.keys()):
            reading.values = {"data": by_name(data)}
    elif file.suffix == ".pdf":
        # Its words cannot be read here; equal bytes alone show that they are the same.
        reading.text = {"bytes (its words are not read)": [sha256(content)]}
    elif file.suffix == ".txt" and not file.name.startswith("manifest"):
        reading.text = {"text": lines_of(steady(content))}
    return reading


class Seen(HTMLParser):
    """What a reader sees of HTML: lines in order, tables (their rows only here), embedded data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tables: list[tuple[str, list[list[str]]]] = []
        self.data: list[Any] = []
        self._said: list[str] = []
        self._silent: list[dict[str, str | None]] = []
        self._caption = ""
        self._rows: list[list[str]] | None = None
        self._part = ""
        self.feed(text)
        self.close()
        self._break()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self._break()
        if tag in SILENT:
            self._silent.append(dict(attrs))
        if tag != "link":
            self.lines += lines_of(*(value for name, value in attrs if name in SPOKEN))
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "caption":
            self._part = "caption"
        elif self._rows is not None and tag == "tr":
            self._rows.append([])
        elif self._rows and tag in ("td", "th"):
            self._rows[-1].append("")
            self._part = "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._break()
        if tag in SILENT and self._silent:
            self._silent.pop()
        if tag in ("caption", "td", "th", "table"):
            self._part = ""
        if tag == "table" and self._rows is not None:
            title = self._caption or " | ".join(self._rows[0] if self._rows else [])
            self.tables.append((title, self._rows))
            self._rows = None

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._said.append(data)
        elif self._silent[-1].get("type") == "application/json":
            self.data.append(json.loads(data, parse_constant=str))

    def _break(self) -> None:
        text, self._said = " ".join("".join(self._said).split()), []
        if text and self._part == "cell" and self._rows:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {text}".strip()
        elif text:
            self.lines.append(text)
        if text and self._part == "caption":
            self._caption = text


def load(file: Path) -> Any:
    """Read a JSON file; not-a-numbers become words, since they equal nothing."""
    return json.loads(steady(file.read_bytes()), parse_constant=str)


def steady(content: bytes) -> str:
    """Return a text without what is machine-made."""
    text = content.decode("utf-8")
    for pattern, instead in MACHINE_MADE:
        text = re.sub(pattern, instead, text)
    return text


def sha256(content: bytes) -> str:
    """Return a hash as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def lines_of(*texts: str | list[str] | None) -> list[str]:
    """Return the lines of texts, whitespace folded, none empty."""
    lines = (" ".join(line.split()) for text in texts for line in _joined(text).splitlines())
    return [line for line in lines if line]


def named(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Make a mapping of pairs; a name that is taken gets a number."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        number = 1
        while (free := name if number == 1 else f"{name} ({number})") in found:
            number += 1
        found[free] = value
    return found


def by_name(data: Any) -> Any:
    """Map findings by page, name and period: their order does not matter. Leave other data."""
    if not isinstance(data, list) or not all(
        isinstance(each, dict) and "name" in each for each in data
    ):
        return data
    return named((f"{each.get('page')}.{each['name']}@{each.get('period')}", each) for each in data)


def _lines_about(chart: dict[str, Any]) -> list[str]:
    about = chart.get("usermeta", {})
    caption = (about.get("table") or {}).get("caption")
    return lines_of(about.get("heading"), about.get("alternative"), about.get("note"), caption)


def _without_drawings(text: str) -> tuple[list[str], str]:
    """Take drawings out of a text; return their words, and the rest."""
    words: list[str] = []
    for drawing in re.findall(r"<svg\b.*?</svg>", text, flags=re.DOTALL):
        for _, inner in re.findall(
            r"<(text|title|desc)\b[^>]*>(.*?)</\1>", drawing, flags=re.DOTALL
        ):
            words += lines_of(html.unescape(re.sub(r"<[^>]+>", " ", inner)))
    return words, re.sub(r"<svg\b.*?</svg>", "", text, flags=re.DOTALL)


def _joined(text: str | list[str] | None) -> str:
    return "".join(text or "")
