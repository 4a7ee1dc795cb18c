"""Whether pages were confined by the system as far as this one can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kingston_analysis.errors import Problem
from kingston_analysis.pages.sandbox import confining
from kingston_analysis.records.confinement import confinement_of
from kingston_analysis.records.pages import Page


def confinement_problems(pages: Iterable[Page]) -> Iterator[Problem]:
    """Find each executed page that was confined by less than this system has."""
    here = confining()
    kinds = [each.split()[0] for each in here]
    for page in pages:
        said = confinement_of(page)
        if page.record.exists() and any(kind not in said for kind in kinds):
            what = f"{page}: {said}, and this system has {' and '.join(here)}."
            command = f"kingston run --edition {page.edition} --area '{page.area}'"
            remedy = f"Run `{command} --only {page.name} --force`."
            yield Problem(what, page.record, remedy=remedy)
