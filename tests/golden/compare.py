"""What differs between two states, as data, at three levels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from states import NoStateError, State

LEVELS = {1: "findings and tables as values", 2: "text a reader sees", 3: "raw bytes"}
KEYS = {1: "values", 2: "text", 3: "raw"}
ABSENT = object()
Change = tuple[tuple[str, ...], Any, Any]
Maps = list[tuple[re.Pattern[str], str]]


@dataclass(frozen=True)
class Difference:
    """One difference: where, what, and how it was and is; ABSENT where there is nothing."""

    level: int
    edition: int | None
    area: str | None
    address: str
    what: str
    old: Any
    new: Any

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, without the side that is absent."""
        return {key: value for key, value in vars(self).items() if value is not ABSENT}


def moved(state: State, maps: Maps) -> State:
    """Give the entries of a state new addresses, by regular expressions."""
    found: State = {}
    for address, entry in state.items():
        new = _replaced(address, maps)
        if new in found:
            raise NoStateError(f"--moved brings two entries to {new}; {address} is the second.")
        found[new] = entry
    return found


def renamed(node: Any, maps: Maps, without: Iterable[str]) -> Any:
    """Replace words in all texts and names of a node, and leave fields out."""
    if isinstance(node, dict):
        return {
            _replaced(key, maps): renamed(value, maps, without)
            for key, value in node.items()
            if key not in without
        }
    if isinstance(node, list):
        return [renamed(each, maps, without) for each in node]
    return _replaced(node, maps) if isinstance(node, str) else node


def compare(old: State, new: State) -> Iterator[Difference]:
    """Tell what differs, address by address and level by level."""
    for address in sorted({**old, **new}):
        before, now = old.get(address), new.get(address)
        entry = now or before
        about = (entry["edition"], entry["area"], address)
        if before is None or now is None:
            sides = (ABSENT, "present") if before is None else ("present", ABSENT)
            yield Difference(1 if any(entry["values"].values()) else 2, *about, "all of it", *sides)
            continue
        for level, key in KEYS.items():
            for place, was, is_now in changes(before[key], now[key], ()):
                yield Difference(level, *about, " / ".join(place), was, is_now)


def changes(old: Any, new: Any, place: tuple[str, ...]) -> Iterator[Change]:
    """Find what differs between two pieces of plain data, each time as low down as can be."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from changes(old.get(key, ABSENT), new.get(key, ABSENT), (*place, key))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _changes_of_lists(old, new, place)
    else:
        yield place, old, new


def _changes_of_lists(old: list[Any], new: list[Any], place: tuple[str, ...]) -> Iterator[Change]:
    """Pair what stands in both; give lines and rows whole."""
    before, now = ([json.dumps(each, sort_keys=True) for each in side] for side in (old, new))
    for kind, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for index in range(max(b - a, d - c)):
            was = old[a + index] if a + index < b else ABSENT
            is_now = new[c + index] if c + index < d else ABSENT
            here = (*place, f"{(a if was is not ABSENT else c) + index + 1}")
            if isinstance(was, dict) and isinstance(is_now, dict):
                yield from changes(was, is_now, here)
            else:
                yield here, was, is_now


def _replaced(text: str, maps: Maps) -> str:
    for pattern, instead in maps:
        text = pattern.sub(instead, text)
    return text
