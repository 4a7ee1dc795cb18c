"""Suggestions for a mistyped name."""

from __future__ import annotations

import pytest

from kingston_analysis.errors import LISTED, nearest


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("topc", ["top", "topic", "stop"], "Did you mean 'topic' or 'top' or 'stop'?"),
        # 'epic' has more letters in common with 'topic'; 'topics of 2008' begins alike.
        ("topic", ["epic", "topics of 2008"], "Did you mean 'topics of 2008' or 'epic'?"),
        ("ROBERY", ["burglary", "Robbery"], "Did you mean 'Robbery'?"),
        ("aera", ["area", "edition"], "Did you mean 'area'?"),
        ("zzz", ["Violence", "burglary", "Arson"], "Known: Arson, burglary, Violence."),
        ("zzz", [], "Known: ."),
    ],
)
def test_the_closest_names_are_told_those_that_begin_alike_first(
    name: str, known: list[str], said: str
) -> None:
    assert nearest(name, known) == said


def test_of_many_names_the_first_are_told_and_the_rest_counted() -> None:
    known = [f"{number:03}" for number in range(LISTED + 2)]
    assert nearest("zzz", reversed(known)) == f"Known: {', '.join(known[:LISTED])} and 2 more."
