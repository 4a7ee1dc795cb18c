"""The metadata of a new extraction: rows, hash, period and log anew, the rest as it was written."""

from __future__ import annotations

import json

import pandas as pd
import yaml

from kingston_analysis.data.tables.metadata import Ingestion, Metadata, Vintage

KeyPath = tuple[str, ...]


def edited(text: str, frame: pd.DataFrame, meta: Metadata, taken: Ingestion) -> str:
    """Return the metadata's text with what a new extraction changes; comments and order stay."""
    values: dict[KeyPath, str] = {("rows",): str(len(frame)), ("hash",): taken.hash}
    if meta.period:
        present = sorted(set(frame[meta.period.column].dropna().astype("str")))
        values["period", "first"], values["period", "last"] = present[0], present[-1]
    root = yaml.compose(text, yaml.SafeLoader)
    places = {place: _at(root, place) for place in values}
    slices = [
        (node.start_mark.index, node.end_mark.index, _quoted(values[place], node))
        for place, node in places.items()
    ]
    changes = _at(root, ("changes",))
    slices.append(_with_one_more(text, changes, taken))
    for start, end, new in sorted(slices, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def with_vintage(text: str, vintage: Vintage) -> str:
    """Return the metadata's text with an earlier extraction in its place in time."""
    root = yaml.compose(text, yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    entry = _one_line(vintage)
    nodes = {name.value: (name, value) for name, value in root.value}
    if "vintages" not in nodes:
        start = nodes["changes"][0].start_mark.index
        return f"{text[:start]}vintages:\n  - {entry}\n{text[start:]}"
    vintages = nodes["vintages"][1]
    days = [_at(each, ("replaced",)).value for each in vintages.value]
    later = [n for n, day in enumerate(days) if day > vintage.replaced.isoformat()]
    if later:
        mark = vintages.value[later[0]].start_mark
        return f"{text[: mark.index]}{entry}\n{' ' * (mark.column - 2)}- {text[mark.index :]}"
    last = vintages.value[-1]
    indent = " " * (last.start_mark.column - 2)
    return f"{text[: last.end_mark.index]}\n{indent}- {entry}{text[last.end_mark.index :]}"


def _one_line(model: Ingestion | Vintage) -> str:
    """Write an entry on one line: JSON is YAML."""
    return json.dumps(model.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)


def _quoted(value: str, node: yaml.Node) -> str:
    """Write a value in the quotation marks that the old one had."""
    mark = getattr(node, "style", None)
    return f"{mark}{value}{mark}" if mark in ("'", '"') else value


def _with_one_more(text: str, changes: yaml.Node, taken: Ingestion) -> tuple[int, int, str]:
    """Return where the log's next entry goes."""
    entry = _one_line(taken)
    start, end = changes.start_mark, changes.end_mark
    if text[start.index] == "[":
        return end.index - 1, end.index - 1, f", {entry}"
    last = changes.value[-1].end_mark.index
    return last, last, f"\n{' ' * start.column}- {entry}"


def _at(root: yaml.Node | None, place: KeyPath) -> yaml.Node:
    node = root
    for key in place:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        node = next(value for name, value in pairs if name.value == key)
    if node is None:
        raise ValueError("the metadata are empty")
    return node
