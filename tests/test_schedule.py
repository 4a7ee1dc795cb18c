"""In which order pages run: after what they need, each once; no circle; nothing after a failure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.schedule import Schedule

Needs = dict[str, set[str]]
PAGES = "abcdefgh"


@st.composite
def graphs(draw: st.DrawFn) -> Needs:
    """Draw which page needs which, itself and circles not excluded, in any order of pages."""
    pages = draw(st.permutations(PAGES[: draw(st.integers(1, len(PAGES)))]))
    return {page: draw(st.sets(st.sampled_from(sorted(pages)), max_size=3)) for page in pages}


@st.composite
def acyclic_graphs(draw: st.DrawFn) -> Needs:
    """Draw which page needs which, so that there is an order in which all can run."""
    order = draw(st.permutations(PAGES[: draw(st.integers(1, len(PAGES)))]))
    needs = {
        page: draw(st.sets(st.sampled_from(order[:place]))) if place else set()
        for place, page in enumerate(order)
    }
    return {page: needs[page] for page in draw(st.permutations(order))}


def behind(page: str, needs: Needs) -> set[str]:
    """Return all that a page needs, and what that needs, and so on."""
    found: set[str] = set()
    ahead = set(needs[page])
    while ahead:
        found |= ahead
        ahead = {other for each in ahead for other in needs[each]} - found
    return found


def driven(needs: Needs, chance: Random, failing: Iterable[str] = ()) -> dict[str, list[str]]:
    """Run a schedule to its end, pages at once that may be; return what became of which page.

    The lists are in the order of the events: `started`, `settled`, `failed`, `vain`, `refused`.
    """
    schedule: Schedule[str] = Schedule()
    told: dict[str, list[str]] = {
        kind: [] for kind in ("started", "settled", "failed", "vain", "refused")
    }
    for page in needs:
        try:
            schedule.add(page, needs[page])
        except KingstonError:
            schedule.fail(page)
            told["refused"].append(page)
    while schedule.left or schedule.running:
        for page in schedule.ready():
            if schedule.upstream_failed(page):
                schedule.fail(page)
                told["vain"].append(page)
            else:
                assert needs[page] <= set(told["settled"])
                schedule.start(page)
                told["started"].append(page)
        if schedule.running:
            page = chance.choice(sorted(schedule.running))
            ended = "failed" if page in failing else "settled"
            (schedule.fail if page in failing else schedule.settle)(page)
            told[ended].append(page)
        else:
            assert not schedule.left or schedule.ready(), "It stands still."
    return told


@given(acyclic_graphs(), st.randoms(use_true_random=False))
def test_every_page_starts_once_and_after_all_that_it_needs(needs: Needs, chance: Random) -> None:
    told = driven(needs, chance)

    assert sorted(told["started"]) == sorted(needs)
    assert told["refused"] == told["vain"] == []


@given(
    acyclic_graphs(), st.sets(st.sampled_from(PAGES), min_size=1), st.randoms(use_true_random=False)
)
def test_a_page_runs_unless_one_behind_it_failed(
    needs: Needs, failing: set[str], chance: Random
) -> None:
    told = driven(needs, chance, failing)

    for page in needs:
        upstream_failed = bool(behind(page, needs) & failing)
        assert (page in told["vain"]) == upstream_failed
        assert (page in told["started"]) == (not upstream_failed)


@given(graphs(), st.randoms(use_true_random=False))
@example({"a": {"a"}}, Random(0))
@example({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}, Random(0))
def test_a_schedule_ends_whatever_needs_whatever_and_refuses_only_who_needs_itself(
    needs: Needs, chance: Random
) -> None:
    told = driven(needs, chance)

    circular = {page for page in needs if page in behind(page, needs)}
    assert set(told["refused"]) <= circular
    assert bool(told["refused"]) == bool(circular)
    lost = {page for page in needs if page in circular or behind(page, needs) & circular}
    assert set(told["started"]) == needs.keys() - lost
    assert {*told["refused"], *told["vain"]} == lost


@given(graphs())
def test_a_circle_is_named_from_its_beginning_back_to_it(needs: Needs) -> None:
    schedule: Schedule[str] = Schedule()
    refusals = []
    for page in needs:
        try:
            schedule.add(page, needs[page])
        except KingstonError as error:
            schedule.fail(page)
            refusals.append((page, str(error)))
    assume(refusals)
    for page, said in refusals:
        assert said.startswith("These pages read each other's findings: ")
        circle = said.partition(": ")[2].partition(".")[0].split(" → ")
        assert circle[0] == circle[-1] == page
        assert len(set(circle)) == len(circle) - 1
        assert all(after in needs[before] for before, after in pairwise(circle))


def test_a_circle_of_two_is_refused_where_it_closes() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.add("overview", ["sources"])

    with pytest.raises(KingstonError, match=r": sources → overview → sources\. Take one"):
        schedule.add("sources", ["overview"])

    assert schedule.pages == {"overview"}
    schedule.fail("sources")
    assert schedule.ready() == ["overview"]
    assert schedule.upstream_failed("overview") == {"sources"}


def test_a_page_that_asks_while_it_runs_waits_for_what_it_asked_and_starts_again() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.add("sources", [])
    schedule.add("robbery", [])
    for page in schedule.ready():
        schedule.start(page)
    assert schedule.ready() == []

    schedule.add("sources", ["robbery"])

    assert schedule.running == {"robbery"}
    assert schedule.ready() == []
    schedule.settle("robbery")
    assert schedule.ready() == ["sources"]


def test_a_page_that_asks_while_it_runs_for_one_that_waits_for_it_closes_a_circle() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.add("overview", [])
    schedule.add("sources", ["overview"])
    schedule.start("overview")

    with pytest.raises(KingstonError, match="overview → sources → overview"):
        schedule.add("overview", ["sources"])

    assert schedule.running == set()
    assert schedule.left == {"sources": {"overview"}}


def test_a_page_that_is_to_wait_only_for_some_waits_for_no_other() -> None:
    schedule: Schedule[str] = Schedule()
    for page, needs in (("a", "bc"), ("b", "c"), ("c", "")):
        schedule.add(page, needs)
    assert schedule.ready() == ["c"]

    schedule.wait_only_for("a", ["c"])
    schedule.wait_only_for("b", [])

    assert schedule.left == {"a": {"c"}, "b": set(), "c": set()}
    assert schedule.ready() == ["b", "c"]
    schedule.add("c", ["b"])


def test_pages_that_may_start_are_told_in_the_order_in_which_they_were_added() -> None:
    schedule: Schedule[str] = Schedule()
    for page, needs in (("d", ()), ("b", ("a",)), ("c", ()), ("a", ())):
        schedule.add(page, needs)

    assert schedule.ready() == ["d", "c", "a"]


def test_a_schedule_knows_each_page_wherever_it_stands() -> None:
    schedule: Schedule[str] = Schedule()
    for page in PAGES[:4]:
        schedule.add(page, [])
    schedule.start("b")
    schedule.settle("c")
    schedule.fail("d")

    assert (set(schedule.left), schedule.running) == ({"a"}, {"b"})
    assert (schedule.settled, schedule.failed) == ({"c"}, {"d"})
    assert schedule.pages == {"a", "b", "c", "d"}
