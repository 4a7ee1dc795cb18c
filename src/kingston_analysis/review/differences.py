"""What differs between an old and a new value, as data: where, from what, to what."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest
from typing import Any

from kingston_analysis.results import DIGITS

# Values are rounded to nine significant digits, so rounding alone moves one by 1 part in 10^8 at
# most. A hundred times that leaves room for models, whose last digits depend on the processor.
TOLERANCE = 10.0 ** (3 - DIGITS)
# A number that stands alone: not a part of a name, a hash or a version.
NUMBER = re.compile(
    r"(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w|\.\d)"
)


class Missing(Enum):
    """What stands on the side that has nothing to compare."""

    MISSING = "nothing"


MISSING = Missing.MISSING


@dataclass(frozen=True)
class OutputDifference:
    """One difference: its place in the outputs of a cell, the old and the new value."""

    path: str
    old: Any
    new: Any

    @property
    def within(self) -> bool:
        """Tell whether both are numbers within the tolerance; whole numbers are counts, exact."""
        numbers = [each for each in (self.old, self.new) if isinstance(each, int | float)]
        if len(numbers) < 2 or not any(isinstance(each, float) for each in numbers):
            return False
        return math.isclose(self.old, self.new, rel_tol=TOLERANCE)


def compare_values(path: str, old: object, new: object) -> Iterator[OutputDifference]:
    """Walk two values as data: mappings by key, lists by position."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            place = f"{path}.{key}"
            yield from compare_values(place, old.get(key, MISSING), new.get(key, MISSING))
    elif isinstance(old, list) and isinstance(new, list):
        for index, (left, right) in enumerate(zip_longest(old, new, fillvalue=MISSING)):
            yield from compare_values(f"{path}[{index}]", left, right)
    elif old != new:
        yield OutputDifference(path, old, new)


def compare_texts(path: str, old: str, new: str) -> Iterator[OutputDifference]:
    """Compare two texts line by line; where two lines differ in numbers only, the numbers."""
    before, after = old.split("\n"), new.split("\n")
    # Whole passages are matched first, so that one line more does not make all below it differ.
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for step, start, end, new_start, new_end in steps:
        if step != "equal":
            pairs = zip_longest(before[start:end], after[new_start:new_end], fillvalue=MISSING)
            for number, (left, right) in enumerate(pairs, start + 1):
                yield from _compare_lines(f"{path} line {number}", left, right)


def _compare_lines(path: str, old: str | Missing, new: str | Missing) -> Iterator[OutputDifference]:
    if (
        isinstance(old, Missing)
        or isinstance(new, Missing)
        or NUMBER.sub("#", old) != NUMBER.sub("#", new)
    ):
        yield OutputDifference(path, old, new)
        return
    for left, right in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True):
        if left != right:
            values = _number(left), _number(right)
            yield OutputDifference(path, *(values if values[0] != values[1] else (left, right)))


def _number(text: str) -> int | float:
    plain = text.replace(",", "").replace("−", "-")
    return int(plain) if plain.lstrip("+-").isdigit() else float(plain)
