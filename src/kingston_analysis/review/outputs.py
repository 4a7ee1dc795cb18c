"""Compare the outputs of a cell: findings by name, charts as data, the rest as text or values."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import count
from typing import Any

from kingston_analysis.results import MIME as FINDINGS
from kingston_analysis.review.differences import (
    MISSING,
    OutputDifference,
    compare_texts,
    compare_values,
)
from kingston_analysis.show.mimes import CAPTION, FIGURE

TEXTS = {"text/plain": "text", "text/markdown": "text", "text/html": "HTML"}
PLACES = {FINDINGS: "{output}[{key}]", FIGURE: "{output} {key}"}
# What a cell may emit in several pieces is compared as one; what stands between two of them.
PIECES = {"findings": "\n", "stdout": "", "stderr": ""}


def compare_outputs(
    old: Iterable[dict[str, Any]], new: Iterable[dict[str, Any]]
) -> list[OutputDifference]:
    """Return what differs between the stored outputs of a cell and those that it has now."""
    before, after = _named(old), _named(new)
    found = []
    for name in {**before, **after}:
        if name in before and name in after:
            found += _compare_output(name, before[name], after[name])
        else:
            found.append(
                OutputDifference(name, _plain_text(before.get(name)), _plain_text(after.get(name)))
            )
    return found


def _compare_output(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[OutputDifference]:
    found: list[OutputDifference] = []
    for mime in sorted({**old, **new}, key=lambda mime: mime in TEXTS):
        # Text says again what data said, and Markdown what text said: that is told once.
        known = [(each.old, each.new) for each in found]
        if found and FINDINGS in old:
            # Their table says nothing else, and one longer number moves all of its lines.
            continue
        differences = _compare_type(name, mime, old.get(mime, MISSING), new.get(mime, MISSING))
        found += [each for each in differences if (each.old, each.new) not in known]
    return found


def _compare_type(name: str, mime: str, old: Any, new: Any) -> Iterator[OutputDifference]:
    if mime in PLACES and MISSING not in (old, new):
        for key in {**old, **new}:
            place = PLACES[mime].format(output=name, key=key)
            yield from compare_values(place, old.get(key, MISSING), new.get(key, MISSING))
    elif mime in TEXTS and MISSING not in (old, new):
        yield from compare_texts(f"{name} {TEXTS[mime]}", old, new)
    else:
        yield from compare_values(f"{name} {mime}", old, new)


def _plain_text(data: dict[str, Any] | None) -> Any:
    return MISSING if data is None else data.get("text/plain", data)


def _named(outputs: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give each output a name that stays the same where another kind comes before it."""
    named: dict[str, dict[str, Any]] = {}
    for output in outputs:
        name, data = _name(output), _data(output)
        if name in PIECES and name in named:
            for mime, more in data.items():
                named[name][mime] = _joined(named[name].get(mime), more, PIECES[name])
        else:
            named[_free(name, named)] = data
    return named


def _name(output: dict[str, Any]) -> str:
    data = output.get("data", {})
    if FIGURE in data:
        return f"figure {data[FIGURE].get('usermeta', {}).get('figure', '')}".strip()
    if CAPTION in data:
        return f"{data[CAPTION].get('part')} of figure {data[CAPTION].get('figure')}"
    if FINDINGS in data:
        return "findings"
    return "output" if data else output.get("name", output["output_type"])


def _free(name: str, taken: Container[str]) -> str:
    names = (f"{name} {number}" if number > 1 else name for number in count(1))
    return next(each for each in names if each not in taken)


def _joined(one: Any, more: Any, between: str) -> Any:
    if one is None:
        return more
    return f"{one}{between}{more}" if isinstance(one, str) else {**one, **more}


def _data(output: dict[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "error":
        return {"text/plain": f"{output['ename']}: {output['evalue']}"}
    data = dict(output.get("data") or {"text/plain": output.get("text", "")})
    if FINDINGS in data:
        data[FINDINGS] = {_reference(each): each for each in data[FINDINGS]}
    if FIGURE in data:
        data[FIGURE] = _with_numbered_data(data[FIGURE])
    return data


def _reference(finding: dict[str, Any]) -> str:
    """Write a finding's name as the narrative does."""
    period = finding.get("period")
    return f"{finding.get('page')}.{finding.get('name')}" + (f"@{period}" if period else "")


def _with_numbered_data(chart: dict[str, Any]) -> dict[str, Any]:
    """Call a chart's data by number: their names are hashes, so other rows are other names."""
    rows = dict(chart.get("datasets", {}))
    called: dict[str, str] = {}

    def renamed(node: Any) -> Any:
        if isinstance(node, list):
            return [renamed(each) for each in node]
        if not isinstance(node, dict):
            return node
        if set(node) == {"values"}:
            return node["values"]
        if set(node) == {"name"} and node["name"] in rows:
            return called.setdefault(node["name"], f"data {len(called) + 1}")
        return {key: renamed(node[key]) for key in sorted(node)}

    rest = renamed({key: value for key, value in chart.items() if key != "datasets"})
    return {**rest, **{called.get(name, name): rows[name] for name in rows}}
