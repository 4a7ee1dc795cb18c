"""What is wrong with claims: series that are not there, and claims that no page makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kingston_analysis.data.topics import OVERVIEW, Topic
from kingston_analysis.data.yaml_models import problem_in, repeated_ids
from kingston_analysis.errors import Problem, nearest
from kingston_analysis.plan.claims import (
    Claim,
    ComparisonTest,
    DirectionTest,
    ExtremeTest,
    SeriesRef,
    claims_file,
    load_claims,
    named_in,
)
from kingston_analysis.project import Project, content_of

# The page of all crime has the name of its template.
PAGE_OF_ALL = "overview"
_ROLE = re.compile(r"\{claim\}`([^`]+)`")
# Words that mean nothing definite until a test says from where on.
_VAGUE = re.compile(
    r"\b(?:most|mostly|many|few|rare|rarely|hardly|among the|one of the)\b", re.IGNORECASE
)


def claim_problems(project: Project, plan: str, topics: Mapping[str, Topic]) -> Iterator[Problem]:
    """Find claims that stand twice, on series that are not there, or that no page makes.

    Also finds claims that a page makes and no file has, and vague words without a threshold.
    """
    claims, file = load_claims(project, plan), claims_file(project, plan)
    made = dict(_made(project, plan))
    ids = [each.id for each in claims]
    yield from repeated_ids(ids, file)
    for number, claim in enumerate(claims):
        for at, of in named_in(claim.test).items():
            for key, what, remedy in _unknown(of, topics):
                place = (number, "test", *at, key)
                yield problem_in(f"The claim '{claim.id}': {what}", file, place, remedy)
        if vague := _vague(claim):
            what = f"The claim '{claim.id}' says '{vague}', and its test has no threshold."
            remedy = "Give it a test by value, rank, share or factor."
            yield problem_in(what, file, (number, "test"), remedy)
        if claim.id not in made:
            what = f"No page makes the claim '{claim.id}'."
            remedy = "Put its role on a page, or remove it."
            yield problem_in(what, file, (number, "id"), remedy)
    for name, (page, line) in made.items():
        if name not in ids:
            yield Problem(f"There is no claim '{name}'.", page, line, remedy=nearest(name, ids))


def _vague(claim: Claim) -> str | None:
    """Return a word that only a threshold makes definite, where the test has none."""
    test, found = claim.test, _VAGUE.search(claim.text)
    without = isinstance(test, DirectionTest | ExtremeTest) or (
        isinstance(test, ComparisonTest) and test.times == 1
    )
    return found[0] if found and without else None


def _unknown(of: SeriesRef, topics: Mapping[str, Topic]) -> Iterator[tuple[str, str, str]]:
    known = {PAGE_OF_ALL if name == OVERVIEW else name: topic for name, topic in topics.items()}
    if not known:
        return
    if of.page not in known:
        yield "page", f"there is no page '{of.page}'.", nearest(of.page, known)
        return
    indicators = [each.id for each in known[of.page].indicators]
    if of.indicator not in indicators:
        what = f"'{of.page}' has no indicator '{of.indicator}'."
        yield "indicator", what, nearest(of.indicator, indicators) if indicators else "Remove it."


def _made(project: Project, plan: str) -> Iterator[tuple[str, tuple[Path, int]]]:
    """Give the claims that the plan's pages and its content make, each with file and line."""
    pages = (project.narrative / "plans" / plan).glob("*.md")
    for page in [*sorted(pages), *sorted((project.data / "plans" / plan).glob("*.yml"))]:
        # What is not UTF-8, or cannot be read at all, is told where it is checked.
        try:
            text = content_of(page).decode(errors="replace")
        except OSError:
            continue
        for match in _ROLE.finditer(text):
            yield match[1], (page, text.count("\n", 0, match.start()) + 1)
