"""Whether pages were confined by the system as far as this one can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kingston_analysis.errors import Problem
from kingston_analysis.pages.landlock import landlock_abi
from kingston_analysis.records.confinement import NOT_CONFINED, confinement_of
from kingston_analysis.records.pages import Page


def confinement_problems(pages: Iterable[Page]) -> Iterator[Problem]:
    """Find each executed page that was not confined, though this system has Landlock."""
    if not landlock_abi():
        return
    for page in pages:
        if page.record.exists() and confinement_of(page) == NOT_CONFINED:
            what = f"{page}: not confined, and this system has Landlock ABI {landlock_abi()}."
            command = f"kingston run --edition {page.edition} --area '{page.area}'"
            remedy = f"Run `{command} --only {page.name} --force`."
            yield Problem(what, page.record, remedy=remedy)
